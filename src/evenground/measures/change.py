"""Change over time: of a rate or mean, of a gap, and whose movement made the gap change.

Years are treated as independent samples. Students who are counted in both years make the true intervals of a
change narrower, so what is called clear here is clear. A reference that holds the group (overall) is not
independent of it: give the estimate of the others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.difference import combined, newcombe
from evenground.measures.estimate import Bools, Estimate, Texts
from evenground.measures.reference import Direction, direction_sign


@dataclass(frozen=True)
class Closing:
    """How a gap (group minus reference) moved between two times, and through whom.

    before, after    the gap at each time
    change           gap after minus gap before; its value is by_group.value + by_reference.value, to the bit
    by_group         part of the change that the group's own movement made
    by_reference     part that the reference's movement made (minus the reference's change)
    verdict, reason  codes, see `closing`
    """

    before: Estimate
    after: Estimate
    change: Estimate
    by_group: Estimate
    by_reference: Estimate
    verdict: Texts
    reason: Texts


def of_rate(
    successes_before: npt.ArrayLike,
    n_before: npt.ArrayLike,
    successes_after: npt.ArrayLike,
    n_after: npt.ArrayLike,
    confidence: float = 0.95,
) -> Estimate:
    """Rate after minus rate before, with Newcombe's interval; NaN where a year is empty."""
    return newcombe(successes_after, n_after, successes_before, n_before, confidence)


def of_estimate(before: Estimate, after: Estimate) -> Estimate:
    """After minus before for two independent estimates of one confidence (rates, means, gaps), by MOVER."""
    return combined(after, before)


def closing(
    group_before: Estimate,
    group_after: Estimate,
    reference_before: Estimate,
    reference_after: Estimate,
    *,
    direction: Direction,
) -> Closing:
    """Whether a gap narrowed or widened, and why; every verdict follows from intervals, never from a sign.

    The four estimates are independent and of one confidence; arrays of one shape. `verdict`:

    no_clear_change  the interval of the change holds 0
    narrowed         clearly smaller, and not clearly on the other side
    widened          clearly larger, on the side where it clearly was
    opened           clearly larger; it was not clear before
    reversed         clear before, clear after, on the other side
    no_clear_gap     changed, but clear at neither time
    unknown          something is missing

    `reason` names the side that was behind and the side that was ahead (before, or after where only then one
    was); rose and fell mean better and worse for students, in the direction of the indicator:

    behind_rose, ahead_fell, both                     of a gap that shrank
    behind_fell, ahead_rose, both                     of a gap that grew
    behind_rose_more, ahead_fell_more                 both clearly moved the same way; the gap shrank
    ahead_rose_more, behind_fell_more                 the same; the gap grew
    neither_clear                                     the gap clearly moved, neither side did by itself
    "" (empty)                                        for no_clear_change, no_clear_gap and unknown
    """
    sign = direction_sign(direction)
    before, after = combined(group_before, reference_before), combined(group_after, reference_after)
    by_group = of_estimate(group_before, group_after)
    by_reference = of_estimate(reference_after, reference_before)
    bounds = combined(after, before)
    value = np.asarray(by_group.value + by_reference.value)
    change = Estimate(low=bounds.low, high=bounds.high, value=value, assumed=bounds.assumed)

    was, now, moved = _side(before), _side(after), _side(change)
    verdict = np.where(_missing(change, before, after), "unknown", _verdict(was, now, moved))
    # The group is behind where its gap is unfavourable: below the reference if higher is better.
    side = sign * np.where(was != 0, was, now)
    group_moved, reference_moved = sign * _side(by_group), -sign * _side(by_reference)
    behind = np.where(side < 0, group_moved, reference_moved)
    ahead = np.where(side < 0, reference_moved, group_moved)
    grew = sign * moved == side
    explained = ~np.isin(verdict, ("unknown", "no_clear_change", "no_clear_gap"))
    reason = np.where(explained, _reason(behind, ahead, grew), "")
    return Closing(before, after, change, by_group, by_reference, verdict, reason)


def _side(estimate: Estimate) -> npt.NDArray[np.int64]:
    """+1 or -1 where the whole interval lies above or below 0, else 0."""
    return np.asarray((estimate.low > 0).astype(np.int64) - (estimate.high < 0).astype(np.int64))


def _missing(*estimates: Estimate) -> Bools:
    return np.asarray(np.any([np.isnan(e.low) | np.isnan(e.high) for e in estimates], axis=0))


def _verdict(was: npt.NDArray[np.int64], now: npt.NDArray[np.int64], moved: npt.NDArray[np.int64]) -> Texts:
    return np.select(
        [moved == 0, (was == 0) & (now == 0), was == 0, was == -now, was == moved],
        ["no_clear_change", "no_clear_gap", "opened", "reversed", "widened"],
        default="narrowed",
    )


def _reason(behind: npt.NDArray[np.int64], ahead: npt.NDArray[np.int64], grew: Bools) -> Texts:
    rose_both, fell_both = (behind > 0) & (ahead > 0), (behind < 0) & (ahead < 0)
    shrank_why = np.select(
        [rose_both, fell_both, (behind > 0) & (ahead < 0), behind > 0, ahead < 0],
        ["behind_rose_more", "ahead_fell_more", "both", "behind_rose", "ahead_fell"],
        default="neither_clear",
    )
    grew_why = np.select(
        [rose_both, fell_both, (behind < 0) & (ahead > 0), behind < 0, ahead > 0],
        ["ahead_rose_more", "behind_fell_more", "both", "behind_fell", "ahead_rose"],
        default="neither_clear",
    )
    return np.where(grew, grew_why, shrank_why)
