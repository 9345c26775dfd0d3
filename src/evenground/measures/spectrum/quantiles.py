"""Quantile gaps: how far apart the groups' lower, middle and upper students are, in points of the score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.difference import combined
from evenground.measures.estimate import Estimate, Floats, floats, middle, normal_quantile
from evenground.measures.spectrum.students import Pair, pair

# A cumulative share that equals p but for rounding counts as equal.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class QuantileGap(Estimate):
    """Gaps at the quantiles `p`, `group` minus `reference`, which hold the quantiles. Arrays like `p`."""

    p: Floats
    group: Floats
    reference: Floats


def quantile_gap(
    score: npt.ArrayLike,
    group: npt.ArrayLike,
    *,
    focal: object,
    reference: object,
    p: Sequence[float] = (0.1, 0.25, 0.5, 0.75, 0.9),
    weights: npt.ArrayLike | None = None,
    clusters: npt.ArrayLike | None = None,
    draws: int = 1000,
    seed: int = 1,
    confidence: float = 0.95,
) -> QuantileGap:
    """Quantile of the group minus that of the reference, Q_a(p) - Q_b(p), one row a student.

    A quantile is the score at which the cumulative share of (weighted) students reaches p, the middle of
    two scores where it is reached exactly. Without clusters the interval of each quantile is the scores at
    the bounds of p itself (Woodruff's, order statistics), and those of the two are combined; with clusters,
    whole clusters are drawn `draws` times with replacement, and the interval holds the middle `confidence`
    of the gaps drawn. NaN where a group is empty; no interval for a single student or cluster. Students
    without a score are left out.
    Source: Woodruff (1952), JASA 47:635-646; Zou and Donner (2008), Statistics in Medicine 27:1693-1702.
    """
    students = pair(score, group, focal, reference, weights, clusters)
    levels = floats(p)
    if np.any((levels <= 0) | (levels >= 1)):
        raise ValueError(f"p is {list(p)}; give shares between 0 and 1, such as 0.5")
    sides = [_Sorted.of(students, side) for side in (students.focal, ~students.focal)]
    found = [side.quantile(levels) for side in sides]
    value = found[0] - found[1]
    if students.cluster is None:
        bounds = combined(*(side.woodruff(levels, confidence) for side in sides))
        low, high, drawn = bounds.low, bounds.high, "the interval is of order statistics"
    else:
        low, high = _drawn(students, sides, levels, draws, seed, confidence)
        drawn = f"{draws} draws of whole clusters, seed {seed}"
    return QuantileGap(low, high, value, levels, found[0], found[1], assumed=(students.independence, drawn))


@dataclass(frozen=True)
class _Sorted:
    """One group's scores in order, with weights, and where each came from."""

    score: Floats
    weight: Floats
    cluster: npt.NDArray[np.int64] | None

    @classmethod
    def of(cls, students: Pair, side: npt.NDArray[np.bool_]) -> _Sorted:
        order = np.flatnonzero(side)[np.argsort(students.score[side], kind="stable")]
        cluster = None if students.cluster is None else students.cluster[order]
        return cls(students.score[order], students.weight[order], cluster)

    def quantile(self, p: Floats, weight: Floats | None = None) -> Floats:
        """The scores at which the cumulative share reaches p; NaN where nobody is or p is NaN."""
        part = np.cumsum(self.weight if weight is None else weight)
        if len(part) == 0 or part[-1] <= 0:
            return np.full(p.shape, np.nan)
        goal = p * part[-1]
        last = len(part) - 1
        first = np.searchsorted(part, goal * (1 - _ROUNDING), "left")
        # Students whom a draw left out have no weight and stand for nothing: search passes over them.
        second = np.searchsorted(part, goal * (1 + _ROUNDING), "right")
        return np.asarray(
            np.where(
                np.isnan(p),
                np.nan,
                (self.score[np.minimum(first, last)] + self.score[np.minimum(second, last)]) / 2,
            )
        )

    def woodruff(self, p: Floats, confidence: float) -> Estimate:
        """Quantiles with the scores at the bounds of p as an interval; unbounded sides are the ends."""
        value = self.quantile(p)
        n = len(self.score)
        if n < 2:
            return Estimate(np.full(p.shape, np.nan), np.full(p.shape, np.nan), value)
        size = float(self.weight.sum() ** 2 / np.sum(self.weight**2))
        half = normal_quantile(confidence) * np.sqrt(p * (1 - p) / size)
        ends = np.clip([p - half, p + half], 0.0, 1.0)
        return Estimate(self.quantile(ends[0]), self.quantile(ends[1]), value)


def _drawn(
    students: Pair, sides: list[_Sorted], p: Floats, draws: int, seed: int, confidence: float
) -> tuple[Floats, Floats]:
    assert students.cluster is not None
    clusters = int(students.cluster.max(initial=-1)) + 1
    if clusters < 2:
        return np.full(p.shape, np.nan), np.full(p.shape, np.nan)
    rng = np.random.default_rng(seed)
    gaps = np.empty((draws, len(p)))
    for draw in range(draws):
        times = rng.multinomial(clusters, np.full(clusters, 1 / clusters)).astype(np.float64)
        first, second = (side.quantile(p, side.weight * times[side.cluster]) for side in sides)
        gaps[draw] = first - second
    return middle(gaps, confidence, point=True)
