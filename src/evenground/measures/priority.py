"""Priority: which gaps to look at first, said openly: how sure, for how many, how far.

An order of gaps, never a score of a school.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from evenground.measures.estimate import (
    Bools,
    Estimate,
    Floats,
    Ints,
    floats,
    normal_quantile,
    quiet,
    quotient,
)

# i q / m and p are both rounded; a p that equals its threshold on paper must still count (<=, not <).
_ROUNDING = 1e-12


@dataclass(frozen=True)
class Discovery:
    """Adjusted p-values, and which gaps are `certain` at the false discovery rate that was asked for."""

    adjusted: Floats
    certain: Bools


@quiet
def p_of_estimate(estimate: Estimate, confidence: float = 0.95) -> Floats:
    """Two-sided p-value of "no difference" from a difference and its interval of that `confidence`.

    The standard error is the distance from the value to the bound on the side of 0, over the normal quantile,
    so that p <= 1 - confidence exactly where the interval leaves 0 out, for intervals that are not symmetric
    as well. A difference of 0 has p = 1. NaN without an interval.
    """
    value = estimate.value
    toward = np.where(value > 0, value - estimate.low, estimate.high - value)
    z = np.abs(value) / toward * normal_quantile(confidence)
    z = np.where((value == 0) & ~np.isnan(toward), 0.0, z)
    return np.asarray(2 * special.ndtr(-z))


@quiet
def p_of_counts(
    successes: npt.ArrayLike, n: npt.ArrayLike, other_successes: npt.ArrayLike, other_n: npt.ArrayLike
) -> Floats:
    """Two-sided p-value of "equal rates" of two independent groups: the pooled z test (chi-square, 1 df).

    Against a whole that contains the group give the others. p = 1 where nobody, or everybody, succeeded in
    both. NaN where a group is empty.
    """
    s, size, t, other = floats(successes), floats(n), floats(other_successes), floats(other_n)
    pooled = quotient(s + t, size + other)
    distance = np.abs(quotient(s, size) - quotient(t, other))
    error = np.sqrt(pooled * (1 - pooled) * (1 / size + 1 / other))
    z = np.where(distance == 0, 0.0, distance / error)
    return np.asarray(2 * special.ndtr(-z))


def benjamini_hochberg(p: npt.ArrayLike, rate: float) -> Discovery:
    """Control the false discovery rate: certain are the gaps up to the largest i with p_(i) <= i rate/m.

    `p` is one family of m p-values; NaN is no test and does not count towards m. The adjusted p is
    min over j >= i of m p_(j)/j, at most 1.
    Source: Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57:289-300.
    """
    values = floats(p)
    flat = values.ravel()
    order = np.argsort(flat, kind="stable")
    tested = int(np.count_nonzero(~np.isnan(flat)))
    first = order[:tested]
    scaled = flat[first] * tested / np.arange(1, tested + 1)
    adjusted = np.full(flat.shape, np.nan)
    adjusted[first] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    certain = adjusted <= rate * (1 + _ROUNDING)
    return Discovery(adjusted=adjusted.reshape(values.shape), certain=certain.reshape(values.shape))


@quiet
def importance(
    level: npt.ArrayLike, reference: npt.ArrayLike, part: npt.ArrayLike, share: npt.ArrayLike
) -> Floats:
    """How much of what happens to everybody a gap is: part x size^2, 0 where something is missing.

    One row a gap. `part` is the group's part of everybody (0 to 1). The size of a gap between two shares
    (`share` is true) is Cohen's h = |2 asin sqrt(p) - 2 asin sqrt(q)|, so that 1 against 3 in 100 weighs more
    than 51 against 53; between two averages it is their distance as a part of the reference. With everybody's
    number of students n, n x part x h^2 is what a chi-square test of the gap grows with: a gap of twice the
    size weighs as much as the same gap of four times as many students.
    Source: Cohen (1988), Statistical Power Analysis for the Behavioral Sciences, chapter 6.
    """
    first, second = floats(level), floats(reference)
    angles = np.abs(np.arcsin(np.sqrt(np.clip(first, 0, 1))) - np.arcsin(np.sqrt(np.clip(second, 0, 1))))
    size = np.where(np.asarray(share, dtype=bool), 2 * angles, np.abs(quotient(first - second, second)))
    return np.asarray(np.nan_to_num(floats(part) * size**2))


def order(weights: npt.ArrayLike, certain: npt.ArrayLike) -> Ints:
    """The place of each gap, 1 first: certain ones before the others, the more important first.

    One row a gap: `weights` of `importance`, `certain` after control of false discoveries. Rows that tie keep
    the order in which they came.
    """
    heavy, sure = np.nan_to_num(floats(weights)), np.asarray(certain, dtype=bool)
    sequence = np.lexsort((-heavy, ~sure))
    rank = np.empty(heavy.shape, dtype=np.int64)
    rank[sequence] = np.arange(1, heavy.size + 1)
    return rank
