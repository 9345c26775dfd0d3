"""Where percent-proficient misleads: one cut says one thing about a gap, the whole spectrum another.

A share above one cut moves most where the most students stand near that cut, so gaps, their order and their
trends can depend on where the cut lies. Every disagreement that is named here follows from intervals on
both sides.
Source: Holland (2002), Journal of Educational and Behavioral Statistics 27:3-17; Ho (2008), Educational
Researcher 37:351-360.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.difference import combined
from evenground.measures.estimate import Bools, Estimate, Floats, Ints, Texts
from evenground.measures.spectrum.levels import AtLevels, gap_above
from evenground.measures.spectrum.v import V, v_of_counts


@dataclass(frozen=True)
class Reading:
    """A gap at one cut, read beside the whole spectrum.

    gap        the gap in shares at or above every level, (..., cuts)       v   the gap over all levels, (...)
    turns      (..., cuts) True where the gap at that cut clearly runs the other way than at the standard
    misleads   (...) True where `reason` is not empty
    reason     "", direction (some cut, or V, clearly runs the other way), unknown (a side is empty)
    """

    gap: AtLevels
    v: V
    turns: Bools
    misleads: Bools
    reason: Texts
    assumed: tuple[str, ...]


@dataclass(frozen=True)
class Trend:
    """A change (after minus before) of a gap at one cut, read beside the change over the whole spectrum.

    before, after  the gap then and now           gap, v    changes of the gap at every cut, and of V
    turns          (..., cuts) True where the gap at that cut clearly moved the other way than at the standard
    misleads       (...) True where `reason` names a disagreement
    reason         ""          the same story, or nothing clear
                   opposite    V clearly moved the other way than the gap at the standard
                   turns       a gap at another cut did, V did not
                   only_here   the gap at the standard clearly moved; V did not, and clearly moved less
                   not_here    V clearly moved; the gap at the standard did not, and clearly moved less than V
                   unknown     a side is empty
    """

    before: Reading
    after: Reading
    gap: Estimate
    v: Estimate
    turns: Bools
    misleads: Bools
    reason: Texts
    assumed: tuple[str, ...]


def reading(
    counts: npt.ArrayLike, reference: npt.ArrayLike, *, standard: int, confidence: float = 0.95
) -> Reading:
    """Whether the gap at the standard runs the way that it runs elsewhere.

    `counts` and `reference` (..., levels), lowest level first; `standard`, the first level that counts as
    met, counted from 0 (2 where levels are novice, apprentice, proficient, distinguished).
    """
    gap, v = gap_above(counts, reference, confidence), v_of_counts(counts, reference, confidence)
    cut = _cut(standard, gap.value.shape[-1])
    side = _side(gap)
    here = side[..., cut]
    turns = (side != 0) & (side == -here[..., None]) & (here != 0)[..., None]
    whole = (_side(v) != 0) & (_side(v) == -here)
    unknown = np.isnan(gap.value[..., cut])
    reason = np.select([unknown, turns.any(axis=-1) | whole], ["unknown", "direction"], default="")
    return Reading(gap, v, turns, np.asarray(reason == "direction"), np.asarray(reason), v.assumed)


def trend(
    before: npt.ArrayLike,
    reference_before: npt.ArrayLike,
    after: npt.ArrayLike,
    reference_after: npt.ArrayLike,
    *,
    standard: int,
    confidence: float = 0.95,
) -> Trend:
    """Whether the gap at the standard moved the way that the whole spectrum moved.

    Counts (..., levels) of the group and its reference at two times, taken as independent. To set V's change
    beside that of the gap at the standard, V's is turned into points there: times |gap|/|V|, the mean of the
    two times. The two come from the same students, so their difference is surer than it is taken to be.
    """
    then = reading(before, reference_before, standard=standard, confidence=confidence)
    now = reading(after, reference_after, standard=standard, confidence=confidence)
    gap, v = combined(now.gap, then.gap), combined(now.v, then.v)
    cut = _cut(standard, gap.value.shape[-1])
    side = _side(gap)
    here, whole = side[..., cut], _side(v)
    turns = (side != 0) & (side == -here[..., None]) & (here != 0)[..., None]
    # Points per standard deviation at the standard, so that the two changes have one unit.
    slope = _slope(now, then, cut)
    points = Estimate(*(part * slope for part in (v.low, v.high, v.value)))
    at = Estimate(gap.low[..., cut], gap.high[..., cut], gap.value[..., cut])
    apart = _side(combined(at, points))
    unknown = np.isnan(at.value) | np.isnan(v.low)
    reason = np.select(
        [
            unknown,
            (here != 0) & (whole == -here),
            turns.any(axis=-1),
            (here != 0) & (whole == 0) & (apart == here),
            (here == 0) & (whole != 0) & (apart == -whole),
        ],
        ["unknown", "opposite", "turns", "only_here", "not_here"],
        default="",
    )
    misleads = np.asarray(~np.isin(reason, ("", "unknown")))
    assumed = (*now.v.assumed, "the two times are independent")
    return Trend(then, now, gap, v, turns, misleads, np.asarray(reason), assumed)


@dataclass(frozen=True)
class Orders:
    """Pairs of groups whose order by the gap at the standard is clearly the reverse of that by V.

    first, second  (pairs,) rows: at the standard the gap of `first` is clearly more negative, by V that of
                   `second` is
    """

    first: Ints
    second: Ints


def orders(found: Reading, *, standard: int) -> Orders:
    """Which groups change places in the order of gaps when the whole spectrum is looked at.

    `found`: readings of several groups, one row a group, against one reference. The reference is shared, so
    the intervals are wider than they need be: what is named is clear.
    """
    cut = _cut(standard, found.gap.value.shape[-1])
    at = Estimate(*(part[..., cut] for part in (found.gap.low, found.gap.high, found.gap.value)))
    first, second = np.nonzero((_pairs(at) < 0) & (_pairs(found.v) > 0))
    return Orders(first.astype(np.int64), second.astype(np.int64))


def _pairs(estimate: Estimate) -> Ints:
    rows = Estimate(*(part[:, None] for part in (estimate.low, estimate.high, estimate.value)))
    columns = Estimate(*(part[None, :] for part in (estimate.low, estimate.high, estimate.value)))
    return _side(combined(rows, columns))


def _slope(now: Reading, then: Reading, cut: int) -> Floats:
    """Points of the gap per standard deviation where the standard lies, at the mean of the two times."""
    ratios = [
        np.abs(r.gap.value[..., cut]) / np.where(np.abs(r.v.value) > 0, np.abs(r.v.value), np.nan)
        for r in (now, then)
    ]
    return np.asarray((ratios[0] + ratios[1]) / 2)


def _cut(standard: int, cuts: int) -> int:
    if not 1 <= standard <= cuts:
        raise ValueError(f"standard is {standard}; with {cuts + 1} levels it is 1 to {cuts}, counted from 0")
    return standard - 1


def _side(estimate: Estimate) -> Ints:
    """+1 or -1 where the whole interval lies above or below 0, else 0."""
    return np.asarray((estimate.low > 0).astype(np.int64) - (estimate.high < 0).astype(np.int64))
