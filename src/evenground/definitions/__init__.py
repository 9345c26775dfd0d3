"""Definitions are data: dimensions, indicators, policies and parameters in YAML, and the loader that checks them."""

from evenground.definitions.loader import Definitions, load, load_from, read_entries
from evenground.definitions.schema import (
    Column,
    Dimension,
    Indicator,
    Parameter,
    Policy,
    Population,
    Question,
    Text,
)

__all__ = [
    "Column",
    "Definitions",
    "Dimension",
    "Indicator",
    "Parameter",
    "Policy",
    "Population",
    "Question",
    "Text",
    "load",
    "load_from",
    "read_entries",
]
