"""V: how far apart two groups are along the whole spectrum, whatever the scale of the test.

V = sqrt(2) * Phi^-1(P), P the probability that a student of the group is above one of the reference, ties
counted half. It equals the standardised difference where both are normal with one spread, and nothing that
stretches the scale of the scores changes it. Negative: the group is below.
Source: Ho and Reardon (2012), Journal of Educational and Behavioral Statistics 37:489-517.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from evenground.measures.estimate import Bools, Estimate, Floats, normal_quantile, quiet
from evenground.measures.spectrum.binormal import binormal
from evenground.measures.spectrum.cells import level_pair
from evenground.measures.spectrum.students import Pair, pair

_ROOT2 = float(np.sqrt(2))


@dataclass(frozen=True)
class V(Estimate):
    """V with its interval, value -/+ z se.

    se            its standard error
    probability   P, the chance that a student of the group is above one of the reference
    mean, spread  of the group where the reference's are 0 and 1; NaN from scores
    one_spread    True where too few levels held students to tell two spreads apart, so that one was assumed
    """

    se: Floats
    probability: Floats
    mean: Floats
    spread: Floats
    one_spread: Bools


@quiet
def v_of_counts(counts: npt.ArrayLike, reference: npt.ArrayLike, confidence: float = 0.95) -> V:
    """V from counts per level, (..., levels) each, lowest level first; one V a row.

    The reference is N(0, 1), the group N(mean, spread^2), cuts between the levels free, all by maximum
    likelihood: P = Phi(mean/sqrt(1 + spread^2)), the standard error by the delta method from the observed
    information. Levels where neither has a student are left out. Where one of the two has students in fewer
    than three levels, or two spreads have no best value, both are given one spread. NaN where a side is
    empty or all of its students are beyond the other's.
    Source: Reardon and Ho (2015), Journal of Educational and Behavioral Statistics 40:158-189.
    """
    first, second = level_pair(counts, reference)
    shape = first.shape[:-1]
    levels = first.shape[-1]
    both = np.stack([first.reshape(-1, levels), second.reshape(-1, levels)], axis=1).astype(np.float64)
    rows = len(both)
    mean, log_spread = np.full(rows, np.nan), np.full(rows, np.nan)
    variance, one = np.full(rows, np.nan), np.zeros(rows, bool)
    known = np.all(both.sum(axis=2) > 0, axis=1)
    used = np.any(both > 0, axis=1)
    one[known] = np.any((both[known] > 0).sum(axis=2) < 3, axis=1)
    # A pattern of used levels is solved at once: there are as many patterns as levels allow, not as rows.
    for single in (False, True):
        for pattern in np.unique(used[known], axis=0):
            place = np.flatnonzero(known & np.all(used == pattern, axis=1) & (one == single))
            if len(place) and pattern.sum() > 1:
                mean[place], log_spread[place], variance[place] = binormal(both[place][:, :, pattern], single)
        # A spread without a best value is one that the levels cannot tell: such rows are asked again.
        one |= known & np.isnan(variance)
    spread = np.exp(log_spread)
    se = np.sqrt(variance)
    value = np.where(np.isnan(se), np.nan, _ROOT2 * mean / np.sqrt(1 + spread**2))
    half = normal_quantile(confidence) * se
    parts = (value - half, value + half, value, se, special.ndtr(value / _ROOT2), mean, spread)
    low, high, v, error, p, middle, width = (np.asarray(part).reshape(shape) for part in parts)
    return V(
        low,
        high,
        v,
        error,
        p,
        middle,
        width,
        one.reshape(shape),
        assumed=(
            "scores are normal in both groups, after one stretching of the scale for both",
            "students are independent",
        ),
    )


def v_of_scores(
    score: npt.ArrayLike,
    group: npt.ArrayLike,
    *,
    focal: object,
    reference: object,
    weights: npt.ArrayLike | None = None,
    clusters: npt.ArrayLike | None = None,
    confidence: float = 0.95,
) -> V:
    """V from students' scores, one row a student: `score`, `group` and, where given, weight and cluster.

    P by counting (U/(n_a n_b), ties half); its variance from how each student moves it (DeLong), added up
    within clusters where students share schools. NaN interval where everybody of one group is above everybody
    of the other. Students without a score are left out.
    Source: DeLong, DeLong and Clarke-Pearson (1988), Biometrics 44:837-845; Obuchowski (1997), Biometrics
    53:567-578.
    """
    students = pair(score, group, focal, reference, weights, clusters)
    above, below = _placement(students)
    a = students.focal
    p = _mean(above[a], students.weight[a])
    moved = np.where(a, above - p, (1 - below) - p)
    variance = students.variance_of_difference(moved)
    return _of_probability(p, variance, confidence, students)


@quiet
def _of_probability(p: float, variance: float, confidence: float, students: Pair) -> V:
    score = special.ndtri(p)
    value = np.asarray(_ROOT2 * score if 0 < p < 1 else np.nan)
    se = np.asarray(_ROOT2 * np.sqrt(2 * np.pi) * np.exp(score**2 / 2) * np.sqrt(variance))
    se = np.where((se > 0) & np.isfinite(value), se, np.nan)
    half = normal_quantile(confidence) * se
    parts = (value - half, value + half, value, se, p, np.nan)
    low, high, value, se, chance, nothing = (np.asarray(part) for part in parts)
    return V(
        low,
        high,
        value,
        se,
        chance,
        nothing,
        nothing,
        np.asarray(False),
        assumed=("no shape of the scores is assumed", students.independence),
    )


def _placement(students: Pair) -> tuple[Floats, Floats]:
    """The part of the other group below each student (ties half): of focal, then of reference students."""
    found = np.zeros((2, len(students.score)))
    for place, (mine, other) in enumerate(
        ((students.focal, ~students.focal), (~students.focal, students.focal))
    ):
        order = np.argsort(students.score[other], kind="stable")
        values = students.score[other][order]
        part = np.concatenate([[0.0], np.cumsum(students.weight[other][order])])
        if len(values) == 0:
            found[place, mine] = np.nan
            continue
        low = part[np.searchsorted(values, students.score[mine], "left")]
        high = part[np.searchsorted(values, students.score[mine], "right")]
        found[place, mine] = (low + high) / (2 * part[-1])
    return found[0], found[1]


def _mean(values: Floats, weight: Floats) -> float:
    return float(values @ weight / weight.sum()) if weight.sum() > 0 else float("nan")
