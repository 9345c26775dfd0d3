"""Extracts: a school system's own files of students, made a roster by a mapping that is data."""

from evenground.sources.extract.mapping import Extract, extracts_from, is_of_extracts
from evenground.sources.extract.read import read_extract

__all__ = ["Extract", "extracts_from", "is_of_extracts", "read_extract"]
