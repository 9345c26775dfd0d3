"""Findings: estimates that answer a question, before words and after them."""

from __future__ import annotations

import pyarrow as pa

FINDINGS = pa.schema(
    [
        pa.field("finding_id", pa.string(), nullable=False),
        pa.field("question", pa.string(), nullable=False),  # key of the question (a section of the page)
        pa.field("domain", pa.string(), nullable=False),
        pa.field("indicator", pa.string(), nullable=False),
        pa.field("unit_level", pa.string(), nullable=False),
        pa.field("unit_id", pa.string(), nullable=False),
        pa.field("unit_name", pa.string(), nullable=False),
        pa.field("period", pa.string(), nullable=False),
        pa.field("period_from", pa.string()),  # for changes: the earlier period
        pa.field("dimension", pa.string(), nullable=False),  # `race_ethnicity`, `race_ethnicity+sex`, `all`
        pa.field("group", pa.string(), nullable=False),
        pa.field("reference", pa.string()),  # overall, others, highest, group:NAME, target:X
        pa.field("reference_group", pa.string()),  # the group key that served, where there is one
        pa.field("measure", pa.string(), nullable=False),
        pa.field("value", pa.float64()),
        pa.field("low", pa.float64()),
        pa.field("high", pa.float64()),
        pa.field("n", pa.float64()),
        pa.field("state", pa.string(), nullable=False),
        pa.field("direction", pa.string()),  # of the indicator: higher, lower or neutral is better
        pa.field("perspective", pa.string()),
        pa.field(
            "verdict", pa.string()
        ),  # earned by the interval: above, below, no_clear_difference, rose, fell, no_clear_change ...
        pa.field("rank", pa.int32()),  # place among the gaps to look at first, 1 = first; null: not ranked
    ]
)
"""One row a published estimate, tidy. Rates and differences are fractions, needed_* are students."""

OF_GROUPS = frozenset(
    {
        "rate",
        "mean",
        "difference",
        "ratio",
        "ppg",
        "proportionality_index",
        "index_80",
        "needed_fixed",
        "needed_moving",
        "change",
        "gap_change",
        "gap_between",
        "gap_within",
        "reading",
    }
)
"""Measures of a student group at a place. Every other measure is one of definitions/statistics."""
