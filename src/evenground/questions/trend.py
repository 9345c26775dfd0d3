"""Over time: who rose and who fell, and whether a gap moved because those behind rose or those ahead fell."""

from __future__ import annotations

import numpy as np

from evenground.definitions import Definitions
from evenground.measures import Estimate, Sums, change, closing
from evenground.measures import reference as references
from evenground.model import ALL
from evenground.questions.block import Block
from evenground.questions.rows import Against, Findings
from evenground.questions.verdict import MOVED, verdicts


def over_time(
    findings: Findings, block: Block, rows: np.ndarray, reference: str, definitions: Definitions
) -> None:
    """Adds `change` and `gap_change` of each unit in `rows`, from the first to the last of its periods."""
    before, after = _pairs(block, rows)
    if not len(after):
        return
    confidence = definitions.parameter("confidence")
    level = block.estimate(block.sums, confidence)
    moved = change.of_estimate(level.take(before), level.take(after))
    fewest = definitions.parameter("minimum_verdict_n")
    few = np.fmin(block.sums.n[before], block.sums.n[after]) < fewest
    since = Against(since=block.period[before].tolist())
    findings.add(block, after, "change", moved, since, verdict=verdicts(moved, few, sides=MOVED))

    if block.indicator.direction == "neutral":  # a difference that is neither good nor bad does not close
        return
    groups = block.group[after] != ALL
    before, after, few = before[groups], after[groups], few[groups]
    against = "others" if reference == "overall" else reference
    if not block.can_meet(against):
        return
    there, partner = _reference_sums(block, before, after, against, definitions)
    estimates = [
        block.estimate(sums, confidence) for sums in (block.sums.take(before), block.sums.take(after), *there)
    ]
    if against.startswith("target:"):
        aim = Estimate.exactly(np.full(len(after), float(against.partition(":")[2])))
        estimates[2:] = [aim, aim]
    few |= np.fmin(there[0].n, there[1].n) < fewest  # a target has no students and is never too few
    gap = closing(*estimates, direction=block.direction)
    said = [
        "too_few" if small and verdict != "unknown" else _verdict(verdict, reason)
        for verdict, reason, small in zip(gap.verdict.tolist(), gap.reason.tolist(), few, strict=True)
    ]
    told = ~(block.alike(before) & block.alike(after) & np.isnan(gap.change.low))
    findings.add(
        block,
        after[told],
        "gap_change",
        gap.change.take(told),
        Against(
            against,
            [group for group, kept in zip(partner, told, strict=True) if kept],
            since=block.period[before[told]].tolist(),
        ),
        verdict=[verdict for verdict, kept in zip(said, told, strict=True) if kept],
    )


def _pairs(block: Block, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the same group in the first and in the last period of each unit."""
    ends: dict[tuple[str, str], tuple[str, str]] = {}
    for row in rows:
        place, period = (block.level[row], block.unit[row]), block.period[row]
        first, last = ends.get(place, (period, period))
        ends[place] = min(first, period), max(last, period)
    early, late = {}, []
    for row in rows:
        place = block.level[row], block.unit[row]
        first, last = ends[place]
        if first == last:
            continue
        if block.period[row] == first:
            early[place, block.group[row]] = row
        elif block.period[row] == last:
            late.append((place, row))
    pairs = [
        (early[place, block.group[row]], row) for place, row in late if (place, block.group[row]) in early
    ]
    before, after = zip(*pairs, strict=True) if pairs else ((), ())
    return np.array(before, dtype=int), np.array(after, dtype=int)


def _reference_sums(
    block: Block, before: np.ndarray, after: np.ndarray, against: str, definitions: Definitions
) -> tuple[tuple[Sums, Sums], list[str | None]]:
    """The reference's students at both times: the same group at both, the one that serves in the last
    period."""
    if against == "others":
        apart = references.others(block.sums, block.whole).apart
        return (apart.take(before), apart.take(after)), [None] * len(after)
    chosen = block.reference(against, definitions.parameter("minimum_reference_n")).index[after]
    key = {(block.place[row], block.group[row]): row for row in range(len(block.group))}
    earlier = [
        key.get((block.place[old], block.group[row]), -1) if row >= 0 else -1
        for old, row in zip(before, chosen, strict=True)
    ]
    own = chosen == after
    late = block.sums.take(np.where(own, -1, chosen))
    early = block.sums.take(np.where(own, -1, np.array(earlier, dtype=int)))
    return (early, late), [block.group[row] if row >= 0 else None for row in chosen]


def _verdict(verdict: str, reason: str) -> str | None:
    """closed_behind_rose, widened_ahead_rose, ...; `more` (both moved, one of them more) is told by the one
    that moved more."""
    if verdict == "unknown":
        return None
    kind = {"narrowed": "closed", "widened": "widened", "opened": "widened"}.get(verdict)
    if kind is None:
        return verdict
    why = "unclear" if reason == "neither_clear" else reason.removesuffix("_more")
    return f"{kind}_{why}"
