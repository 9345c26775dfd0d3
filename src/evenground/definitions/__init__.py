"""Definitions are data: dimensions, indicators, policies in YAML, and the loader that checks them."""

from evenground.definitions.known import Definitions
from evenground.definitions.languages import load_wording, said
from evenground.definitions.loader import load, load_from, read_entries
from evenground.definitions.naming import label, other_people, people
from evenground.definitions.perspective import Look, Perspective
from evenground.definitions.phrases import phrases
from evenground.definitions.remarks import Check, checks, remarked
from evenground.definitions.schema import (
    Band,
    Chapter,
    Column,
    CommonGroup,
    Dimension,
    Framework,
    FrameworkEntry,
    FromRecords,
    GroupValue,
    Indicator,
    Parameter,
    Part,
    Policy,
    Population,
    Question,
    Refusal,
    Statistic,
    Term,
    Text,
    Weights,
)

__all__ = [
    "Definitions", "load", "load_from", "read_entries",
    "checks", "label", "load_wording", "other_people", "people", "phrases", "remarked", "said",
    "Band", "Chapter", "Check", "Column", "CommonGroup", "Dimension", "Framework", "FrameworkEntry",
    "FromRecords", "GroupValue", "Indicator", "Look", "Parameter", "Part", "Perspective", "Policy",
    "Population", "Question", "Refusal", "Statistic", "Term", "Text", "Weights",
]  # fmt: skip
