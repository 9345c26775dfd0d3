"""Groups against their reference: every first measure of one indicator."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from evenground.definitions import Definitions
from evenground.measures import Estimate, Reference, index_80, needed, percentage_point_gap, proportionality
from evenground.measures import reference as references
from evenground.model import ALL, VALUE
from evenground.questions.block import Block
from evenground.questions.rows import Findings


def compare(
    findings: Findings,
    block: Block,
    rows: np.ndarray,
    reference: str,
    definitions: Definitions,
    *,
    wanted: Collection[str] | None = None,
) -> None:
    """Adds the findings of `rows`: every measure, or those `wanted`."""
    confidence = definitions.parameter("confidence")
    chosen = block.reference(reference, definitions.parameter("minimum_reference_n"))
    gap = _difference(block, chosen, reference, confidence)
    compared = rows[(block.group[rows] != ALL) & ~(block.alike(rows) & np.isnan(gap.low[rows]))]
    if not block.can_meet(reference):
        compared = compared[:0]
    served = _served(block, chosen, reference, compared)

    def add(
        measure: str,
        value: np.ndarray,
        low: np.ndarray | None = None,
        high: np.ndarray | None = None,
        verdict: list[str | None] | None = None,
    ) -> None:
        if wanted is not None and measure not in wanted:
            return
        findings.add(
            block,
            compared,
            measure,
            value[compared],
            None if low is None else low[compared],
            None if high is None else high[compared],
            reference=reference,
            reference_group=served,
            verdict=verdict,
        )

    if wanted is None:
        level = block.estimate(block.sums, confidence)
        findings.add(
            block,
            rows,
            "rate" if block.counts_people else "mean",
            np.where(np.isnan(level.value), block.value, level.value)[rows],
            level.low[rows],
            level.high[rows],
        )
    add(
        "difference",
        gap.value,
        gap.low,
        gap.high,
        verdicts(gap, block.sums.n < definitions.parameter("minimum_verdict_n"), compared),
    )
    times = block.ratio(chosen, confidence)
    add("ratio", times.value, times.low, times.high)
    if block.counts_people and block.indicator.direction != "neutral":
        _add_impact(add, block, chosen, definitions)


def verdicts(gap: Estimate, few: np.ndarray, rows: np.ndarray) -> list[str | None]:
    """Earned by the interval, never by the sign; none where there is no interval, `too_few` where the group
    has too few students for one."""
    low, high = gap.low[rows], gap.high[rows]
    said = np.select(
        [np.isnan(low) | np.isnan(high), few[rows], low > 0, high < 0],
        ["", "too_few", "above", "below"],
        "no_clear_difference",
    )
    return [text or None for text in said.tolist()]


def _difference(block: Block, chosen: Reference, reference: str, confidence: float) -> Estimate:
    """The difference; where a rate comes without n and everybody's rate is known, the bare difference to
    it."""
    gap = block.difference(chosen, confidence)
    if reference != "overall":
        return gap
    bare = np.isnan(block.sums.n) & (block.state == VALUE)
    return Estimate(
        low=gap.low, high=gap.high, value=np.where(bare, block.value - block.whole_value, gap.value)
    )


def _served(block: Block, chosen: Reference, reference: str, rows: np.ndarray) -> list[str | None]:
    """The key of the group that served as reference."""
    if reference == "overall":
        return [ALL] * len(rows)
    index = chosen.index[rows]
    return [block.group[place] if place >= 0 else None for place in index]


def _add_impact(add, block: Block, chosen: Reference, definitions: Definitions) -> None:  # type: ignore[no-untyped-def]
    cutoff = definitions.parameter("index_cutoff")
    minimum = definitions.parameter("minimum_reference_n")
    gap = percentage_point_gap(
        block.sums, chosen, minimum=definitions.parameter("minimum_margin"), direction=block.direction
    )
    add("ppg", gap.value, gap.value - gap.margin, gap.value + gap.margin)
    add(
        "proportionality_index",
        proportionality(block.sums, block.whole, cutoff=cutoff, direction=block.direction).value,
    )
    best = references.highest(block.sums, block.family, minimum=minimum, direction=block.direction)
    add("index_80", index_80(block.sums, best, cutoff=cutoff, direction=block.direction).value)
    students = needed(block.sums, chosen, direction=block.direction)
    add("needed_fixed", students.fixed)
    add("needed_moving", students.moving)
