"""Groups against their reference: every first measure of one indicator."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import numpy as np

from evenground.definitions import Definitions
from evenground.measures import Estimate, Reference, index_80, needed, percentage_point_gap, proportionality
from evenground.measures import reference as references
from evenground.model import ALL, VALUE
from evenground.questions.block import Block
from evenground.questions.rows import Against, Findings
from evenground.questions.scatter import by_places
from evenground.questions.verdict import verdicts


def compare(
    findings: Findings,
    block: Block,
    rows: np.ndarray,
    reference: str,
    definitions: Definitions,
    *,
    places: np.ndarray | None = None,
    wanted: Collection[str] | None = None,
) -> None:
    """Adds the findings of `rows`: every measure, or those `wanted`. `places`: cells of the places in the
    unit of `rows`, which tell how sure numbers of events are."""
    confidence = definitions.parameter("confidence")
    chosen = block.reference(reference, definitions.parameter("minimum_reference_n"))
    gap = _difference(block, chosen, reference, confidence)
    if places is not None:
        gap = by_places(gap, block, chosen, rows, places, definitions)
    compared = rows[(block.group[rows] != ALL) & ~(block.alike(rows) & np.isnan(gap.low[rows]))]
    if not block.can_meet(reference):
        compared = compared[:0]
    against = Against(reference, _served(block, chosen, reference, compared))

    def add(measure: str, found: Estimate | np.ndarray, verdict: Sequence[str | None] | None = None) -> None:
        if wanted is None or measure in wanted:
            own = found.take(compared) if isinstance(found, Estimate) else found[compared]
            findings.add(block, compared, measure, own, against, verdict=verdict)

    if wanted is None:
        level = block.estimate(block.sums, confidence)
        value = np.where(np.isnan(level.value), block.value, level.value)
        told = Estimate(level.low, level.high, value).take(rows)
        findings.add(block, rows, "rate" if block.counts_people else "mean", told)
    few = block.sums.n < definitions.parameter("minimum_verdict_n")
    add("difference", gap, verdicts(gap.take(compared), few[compared]))
    add("ratio", block.ratio(chosen, confidence))
    if block.counts_people and block.indicator.direction != "neutral":
        _add_impact(add, block, chosen, definitions)


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


def _add_impact(
    add: Callable[[str, Estimate | np.ndarray], None],
    block: Block,
    chosen: Reference,
    definitions: Definitions,
) -> None:
    cutoff = definitions.parameter("index_cutoff")
    minimum = definitions.parameter("minimum_reference_n")
    gap = percentage_point_gap(
        block.sums, chosen, minimum=definitions.parameter("minimum_margin"), direction=block.direction
    )
    add("ppg", Estimate(gap.value - gap.margin, gap.value + gap.margin, gap.value))
    add(
        "proportionality_index",
        proportionality(block.sums, block.whole, cutoff=cutoff, direction=block.direction).value,
    )
    best = references.highest(block.sums, block.family, minimum=minimum, direction=block.direction)
    add("index_80", index_80(block.sums, best, cutoff=cutoff, direction=block.direction).value)
    students = needed(block.sums, chosen, direction=block.direction)
    add("needed_fixed", students.fixed)
    add("needed_moving", students.moving)
