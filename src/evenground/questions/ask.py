"""The questions of the review, asked of protected cells: every finding is a function of what is published."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from evenground.definitions import Definitions
from evenground.model import LEVELS, split_together
from evenground.questions.asked import Asked
from evenground.questions.block import block_of
from evenground.questions.comparison import compare
from evenground.questions.first import cells_of, latest_periods, ranked
from evenground.questions.perspectives import by_perspective, counted
from evenground.questions.places import between_and_within
from evenground.questions.rows import Findings
from evenground.questions.scope import Scope
from evenground.questions.steadied import steadied_places
from evenground.questions.systems import SYSTEMS
from evenground.questions.trend import over_time

_OF_A_PLACE = ("difference", "needed_fixed", "needed_moving")


def ask(cells: pa.Table, units: pa.Table, asked: Asked, definitions: Definitions) -> pa.Table:
    """model.FINDINGS of the unit in focus (every period, every measure) and of what is below it (differences
    in the latest period). Rows that are told together are left out: they are for tables."""
    cells, _ = split_together(cells)
    domains = {key: question.domain for key, question in definitions.questions.items()}
    findings = Findings(_names(units), domains)
    parents = _parents(units)
    latest = latest_periods(cells, asked.unit, asked.period)
    scope = Scope(cells, asked, definitions, latest, findings.names, parents)
    present = set(cells["indicator"].unique().to_pylist())
    for key in (key for key in definitions.indicators if key in present):
        block, children = scope.block(key), scope.children(scope.block(key))
        focus = (block.level == asked.unit.level) & (block.unit == asked.unit.id)
        if asked.period is not None:
            focus &= block.period <= asked.period
        below = np.isin(block.level, LEVELS[LEVELS.index(asked.unit.level) + 1 :])
        compare(findings, block, np.flatnonzero(focus), asked.reference, definitions, places=children)
        when = latest.get(key) or _last(block.period[focus | below], asked.period)
        if when is None:
            continue
        latest[key] = when
        now = block.period == when
        compare(
            findings, block, np.flatnonzero(below & now), asked.reference, definitions, wanted=("difference",)
        )
        over_time(
            findings, block, np.flatnonzero(focus & (block.period <= when)), asked.reference, definitions
        )
        between_and_within(
            findings,
            block,
            np.flatnonzero(focus & now),
            children[now[children]],
            asked.reference,
            definitions,
        )
    for system in SYSTEMS:
        system(findings, scope)
    read = by_perspective(scope)
    here, among = cells_of(cells, asked.unit.level), counted(read, asked.perspective)
    table = ranked(findings.table(), here, asked.unit.level, latest, definitions, among)
    return pa.concat_tables([table, read]).combine_chunks()


def ask_places(
    cells: pa.Table, units: pa.Table, asked: Asked, level: str, definitions: Definitions
) -> pa.Table:
    """model.FINDINGS of every unit of `level`, for a page of its own: differences and students to parity in
    the latest period, changes up to it. Its levels stand in its cells."""
    cells, _ = split_together(cells)
    findings = Findings(_names(units))
    latest = latest_periods(cells, asked.unit, asked.period)
    present = set(cells["indicator"].unique().to_pylist())
    for key in (key for key in definitions.indicators if key in present):
        block = block_of(cells, key, definitions)
        here = block.level == level
        when = latest.get(key) or _last(block.period[here], asked.period)
        if when is None:
            continue
        latest[key] = when
        now = np.flatnonzero(here & (block.period == when))
        compare(findings, block, now, asked.reference, definitions, wanted=_OF_A_PLACE)
        steadied_places(findings, block, now, definitions)
        until = np.flatnonzero(here & (block.period <= when))
        over_time(findings, block, until, asked.reference, definitions)
    return ranked(findings.table(), cells_of(cells, level), level, latest, definitions)


def _names(units: pa.Table) -> dict[tuple[str, str], str]:
    columns = (units[name].to_pylist() for name in ("unit_level", "unit_id", "unit_name"))
    return {(level, identity): name for level, identity, name in zip(*columns, strict=True)}


def _parents(units: pa.Table) -> dict[tuple[str, str], str]:
    columns = (units[name].to_pylist() for name in ("unit_level", "unit_id", "parent_id"))
    return {(level, identity): parent for level, identity, parent in zip(*columns, strict=True)}


def _last(periods: np.ndarray, until: str | None) -> str | None:
    held = [period for period in set(periods.tolist()) if until is None or period <= until]
    return max(held, default=None)
