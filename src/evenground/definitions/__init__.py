"""Definitions are data: dimensions, indicators, policies in YAML, and the loader that checks them."""

from evenground.definitions.loader import Definitions, load, load_from, read_entries
from evenground.definitions.naming import label, people
from evenground.definitions.schema import (
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
    Text,
)

__all__ = [
    "Definitions", "load", "load_from", "read_entries",
    "label", "people",
    "Column", "CommonGroup", "Dimension", "Framework", "FrameworkEntry", "FromRecords", "GroupValue",
    "Indicator", "Parameter", "Part", "Policy", "Population", "Question", "Text",
]  # fmt: skip
