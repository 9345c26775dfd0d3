"""Writing findings: arrays of estimates become rows of model.FINDINGS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa

from evenground.measures import Estimate
from evenground.model import FINDINGS, NOT_APPLICABLE, VALUE
from evenground.questions.block import Block

Texts = str | Sequence[str | None] | None
"""One text for all rows, or one a row."""


@dataclass(frozen=True)
class Against:
    """What rows are compared with, each one for all rows or one a row: `reference`, as model.FINDINGS writes
    it; `group`, which group served; `since`, the school year that a change is counted from."""

    reference: Texts = None
    group: Texts = None
    since: Texts = None


NOTHING = Against()
OTHERS = Against("others")


@dataclass(frozen=True)
class Findings:
    """Collects findings in columns; `table()` hands them over."""

    names: Mapping[tuple[str, str], str]  # (level, id) -> name of the unit
    domains: Mapping[str, str] = field(default_factory=dict)  # of the questions
    parts: list[pa.Table] = field(default_factory=list)
    question: str | None = None  # where they are told, if not with their indicator
    perspective: str | None = None  # the idea of fairness that they are read by, if by one

    def under(self, question: str) -> Findings:
        """The same collection; what is added through it is told under this question."""
        return replace(self, question=question)

    def read_by(self, perspective: str) -> Findings:
        """The same collection; what is added through it is read by this idea of fairness."""
        return replace(self, perspective=perspective)

    def add(
        self,
        block: Block,
        rows: np.ndarray,
        measure: str,
        found: Estimate | np.ndarray | float,
        against: Against = NOTHING,
        *,
        verdict: Texts = None,
        n: np.ndarray | float | None = None,
    ) -> None:
        """One finding for each of `rows` (indices into the block): what was found there, as an estimate or
        as bare numbers, one for all rows or one a row. `n`: how many it rests on, if not the cell's."""
        if not len(rows):
            return
        there = block.state[rows] == VALUE
        value = _each(found.value if isinstance(found, Estimate) else found, len(rows))
        known = there & ~np.isnan(value)
        columns = {
            **self._place(block, rows),
            **self._kind(block, measure),
            "reference": against.reference,
            "reference_group": against.group,
            "period_from": against.since,
            "value": _masked(value, known),
            "low": _masked(found.low if isinstance(found, Estimate) else np.nan, known),
            "high": _masked(found.high if isinstance(found, Estimate) else np.nan, known),
            "n": _masked(block.sums.n[rows] if n is None else n, known),
            "state": np.where(known, VALUE, np.where(there, NOT_APPLICABLE, block.state[rows])),
            "verdict": verdict,
            "rank": None,
        }
        told = {name: _all(column, len(rows)) for name, column in columns.items()}
        told["finding_id"] = _identities(told)
        arrays = [pa.array(told[name], FINDINGS.field(name).type) for name in FINDINGS.names]
        self.parts.append(pa.table(arrays, schema=FINDINGS))

    def table(self) -> pa.Table:
        return pa.concat_tables(self.parts).combine_chunks() if self.parts else FINDINGS.empty_table()

    def _place(self, block: Block, rows: np.ndarray) -> dict[str, Any]:
        """Of which unit, school year and group."""
        level, unit = block.level[rows], block.unit[rows]
        return {
            "unit_level": level,
            "unit_id": unit,
            "unit_name": [self.names.get(place, place[1]) for place in zip(level, unit, strict=True)],
            "period": block.period[rows],
            "dimension": block.dimension[rows],
            "group": block.group[rows],
        }

    def _kind(self, block: Block, measure: str) -> dict[str, Any]:
        """What was asked."""
        known = block.indicator
        return {
            "question": self.question or known.question,
            "domain": self.domains[self.question] if self.question else known.domain,
            "indicator": block.key,
            "measure": measure,
            "direction": known.direction,
            "perspective": self.perspective,
        }


def _identities(told: Mapping[str, Sequence[str | None]]) -> list[str]:
    units = [f"{level}:{unit}" for level, unit in zip(told["unit_level"], told["unit_id"], strict=True)]
    names = ("period", "group", "measure", "reference", "perspective")
    parts = zip(told["indicator"], units, *(told[name] for name in names), strict=True)
    return ["/".join(part for part in one if part) for one in parts]


def _all(column: Any, size: int) -> Any:
    """A column with an entry a row."""
    return [column] * size if column is None or isinstance(column, str) else column


def _each(values: np.ndarray | float, size: int) -> np.ndarray:
    return np.broadcast_to(np.asarray(values, dtype=float), (size,))


def _masked(values: np.ndarray | float, known: np.ndarray) -> pa.Array:
    numbers = _each(values, len(known))
    return pa.array(numbers, pa.float64(), mask=~known | np.isnan(numbers))
