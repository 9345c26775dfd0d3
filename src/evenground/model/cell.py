"""Cells: the counts and sums that every number of evenground is a function of.

A cell is (indicator, unit, period, group) with its sufficient statistics and a state. Zero is a value;
hidden, not reported and not applicable are states without one.
"""

from __future__ import annotations

import pyarrow as pa

VALUE = "value"
HIDDEN = "hidden"
NOT_REPORTED = "not_reported"
NOT_APPLICABLE = "not_applicable"
STATES = (VALUE, HIDDEN, NOT_REPORTED, NOT_APPLICABLE)

PROTECTED = "protects_students"
"""The one public reason of everything that is hidden."""

_STATISTICS = [
    pa.field(
        "n", pa.float64()
    ),  # students (staff, dollars' students) counted: the denominator; null when it is not published
    pa.field("total", pa.float64()),  # sum of the outcome over them: the numerator of a rate
    pa.field(
        "total_sq", pa.float64()
    ),  # sum of squares, for means; null where not known; equals total for 0/1 outcomes
    pa.field(
        "weight_sq", pa.float64()
    ),  # sum of squared sizes of independent units (schools); null: students are independent
    pa.field("value", pa.float64()),  # total / n, or the published figure where n is not published
    pa.field("state", pa.string(), nullable=False),
]

KEYS = ("indicator", "unit_level", "unit_id", "period", "group")

CELLS = pa.schema([pa.field(key, pa.string(), nullable=False) for key in KEYS] + _STATISTICS)
"""Cells as every room after the cube sees them: one row a cell, keyed by KEYS."""


def leaf_schema(dimensions: tuple[str, ...]) -> pa.Schema:
    """Leaf cells: CELLS with one column a dimension in place of `group`; null in it means everybody."""
    keys = ["indicator", "unit_level", "unit_id", "period"]
    columns = [pa.field(key, pa.string(), nullable=False) for key in keys]
    return pa.schema(columns + [pa.field(dimension, pa.string()) for dimension in dimensions] + _STATISTICS)
