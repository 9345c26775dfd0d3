"""What things are: unit, period, group, cell, problem, finding, released. Imports nothing of ours."""

from evenground.model.cell import (
    CELLS,
    HIDDEN,
    KEYS,
    NOT_APPLICABLE,
    NOT_REPORTED,
    PROTECTED,
    STATES,
    VALUE,
    leaf_schema,
)
from evenground.model.finding import FINDINGS, OF_GROUPS
from evenground.model.group import ALL, NOT_SHOWN, group_dimensions, group_key, parse_group
from evenground.model.period import (
    is_several,
    parse_period,
    period_end,
    period_ending,
    period_over,
    years_of,
)
from evenground.model.problem import ERROR, NOTE, WARNING, InputProblems, Problem
from evenground.model.released import About, NotMeasured, Released
from evenground.model.together import is_rest_group, is_rest_place, split_together
from evenground.model.unit import LEVELS, UNITS, Unit, parse_unit

__all__ = [
    "ALL",
    "CELLS",
    "ERROR",
    "FINDINGS",
    "HIDDEN",
    "KEYS",
    "LEVELS",
    "NOTE",
    "NOT_APPLICABLE",
    "NOT_REPORTED",
    "NOT_SHOWN",
    "OF_GROUPS",
    "PROTECTED",
    "STATES",
    "UNITS",
    "VALUE",
    "WARNING",
    "About",
    "InputProblems",
    "NotMeasured",
    "Problem",
    "Released",
    "Unit",
    "group_dimensions",
    "group_key",
    "is_rest_group",
    "is_rest_place",
    "leaf_schema",
    "parse_group",
    "is_several",
    "parse_period",
    "parse_unit",
    "period_end",
    "period_ending",
    "split_together",
    "period_over",
    "years_of",
]
