"""Writing findings: arrays of estimates become rows of model.FINDINGS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from evenground.model import FINDINGS, NOT_APPLICABLE, VALUE
from evenground.questions.block import Block


@dataclass
class Findings:
    """Collects findings in columns; `table()` hands them over."""

    names: dict[tuple[str, str], str]  # (level, id) -> name of the unit
    domains: Mapping[str, str] = field(default_factory=dict)  # of the questions
    parts: list[pa.Table] = field(default_factory=list)

    def add(
        self,
        block: Block,
        rows: np.ndarray,
        measure: str,
        value: np.ndarray,
        low: np.ndarray | None = None,
        high: np.ndarray | None = None,
        *,
        reference: str | Sequence[str] | None = None,
        reference_group: Sequence[str | None] | None = None,
        verdict: Sequence[str | None] | None = None,
        period_from: Sequence[str | None] | None = None,
        rank: Sequence[int | None] | None = None,
        question: str | None = None,
        n: np.ndarray | None = None,
        perspective: str | None = None,
    ) -> None:
        """One finding for each of `rows` (indices into the block); the other arrays have one entry a row.

        `reference`: one for all rows, or one a row; `question`: where it is told, if not with its indicator;
        `n`: how many it rests on, if not the cell's; `perspective`: the idea of fairness that it is read by,
        if by one.
        """
        size = len(rows)
        if not size:
            return
        nothing = [None] * size
        there = block.state[rows] == VALUE
        known = there & ~np.isnan(value)
        state = np.where(known, VALUE, np.where(there, NOT_APPLICABLE, block.state[rows]))
        unit = [
            f"{level}:{identity}" for level, identity in zip(block.level[rows], block.unit[rows], strict=True)
        ]
        references = (
            [reference] * size if reference is None or isinstance(reference, str) else list(reference)
        )
        ids = [
            "/".join(
                part for part in (block.key, place, period, group, measure, reference, perspective) if part
            )
            for place, period, group, reference in zip(
                unit, block.period[rows], block.group[rows], references, strict=True
            )
        ]
        columns = {
            "finding_id": ids,
            "question": [question or block.indicator.question] * size,
            "domain": [self.domains[question] if question else block.indicator.domain] * size,
            "indicator": [block.key] * size,
            "unit_level": block.level[rows],
            "unit_id": block.unit[rows],
            "unit_name": [
                self.names.get(place, place[1])
                for place in zip(block.level[rows], block.unit[rows], strict=True)
            ],
            "period": block.period[rows],
            "period_from": period_from or nothing,
            "dimension": block.dimension[rows],
            "group": block.group[rows],
            "reference": references,
            "reference_group": reference_group or nothing,
            "measure": [measure] * size,
            "value": _masked(value, known),
            "low": _masked(low, known),
            "high": _masked(high, known),
            "n": _masked(block.sums.n[rows] if n is None else n, known),
            "state": state,
            "direction": [block.indicator.direction] * size,
            "perspective": [perspective] * size,
            "verdict": verdict or nothing,
            "rank": rank or nothing,
        }
        self.parts.append(
            pa.table(
                [pa.array(columns[name], FINDINGS.field(name).type) for name in FINDINGS.names],
                schema=FINDINGS,
            )
        )

    def table(self) -> pa.Table:
        return pa.concat_tables(self.parts).combine_chunks() if self.parts else FINDINGS.empty_table()


def _masked(values: np.ndarray | None, known: np.ndarray) -> pa.Array:
    if values is None:
        return pa.nulls(len(known), pa.float64())
    return pa.array(values, pa.float64(), mask=~known | np.isnan(values))
