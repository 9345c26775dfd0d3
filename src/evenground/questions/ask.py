"""The questions of the review, asked of protected cells: every finding is a function of what is published."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from evenground.definitions import Definitions
from evenground.model import split_together
from evenground.questions.asked import Asked
from evenground.questions.block import block_of
from evenground.questions.comparison import compare
from evenground.questions.first import latest_periods, ranked
from evenground.questions.places import between_and_within
from evenground.questions.rows import Findings
from evenground.questions.trend import over_time


def ask(cells: pa.Table, units: pa.Table, asked: Asked, definitions: Definitions) -> pa.Table:
    """model.FINDINGS of the unit in focus (every period, every measure) and of its parts (differences in
    the latest period). Rows that are told together are left out: they are for tables."""
    cells, _ = split_together(cells)
    names = {
        (level, identity): name
        for level, identity, name in zip(
            *(units[column].to_pylist() for column in ("unit_level", "unit_id", "unit_name")), strict=True
        )
    }
    findings = Findings(names)
    parents = dict(
        zip(
            zip(units["unit_level"].to_pylist(), units["unit_id"].to_pylist(), strict=True),
            units["parent_id"].to_pylist(),
            strict=True,
        )
    )
    latest = latest_periods(cells, asked.unit, asked.period)
    present = set(cells["indicator"].unique().to_pylist())
    for key in (key for key in definitions.indicators if key in present):
        block = block_of(cells, key, definitions)
        focus = (block.level == asked.unit.level) & (block.unit == asked.unit.id)
        if asked.period is not None:
            focus &= block.period <= asked.period
        children = (block.level == asked.child_level) & np.array(
            [parents.get(place) == asked.unit.id for place in zip(block.level, block.unit, strict=True)],
            dtype=bool,
        )
        compare(findings, block, np.flatnonzero(focus), asked.reference, definitions, all_measures=True)
        when = latest.get(key) or _last(block.period[children], asked.period)
        if when is None:
            continue
        now = block.period == when
        compare(
            findings, block, np.flatnonzero(children & now), asked.reference, definitions, all_measures=False
        )
        over_time(
            findings, block, np.flatnonzero(focus & (block.period <= when)), asked.reference, definitions
        )
        between_and_within(
            findings,
            block,
            np.flatnonzero(focus & now),
            np.flatnonzero(children & now),
            asked.reference,
            definitions,
        )
    return ranked(findings.table(), asked.unit, latest, definitions)


def _last(periods: np.ndarray, until: str | None) -> str | None:
    held = [period for period in set(periods.tolist()) if until is None or period <= until]
    return max(held, default=None)
