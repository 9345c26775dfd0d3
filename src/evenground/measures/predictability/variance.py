"""The share of the differences between students that lies between groups (or schools): eta squared."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from evenground.measures.columns import equal_length, not_negative
from evenground.measures.estimate import Estimate, Floats, floats, quiet, quotient, tails

# Halvings of the interval in which a noncentrality lies: 60 leave nothing of double precision.
_HALVINGS = 60


@dataclass(frozen=True)
class Eta(Estimate):
    """Eta squared, with omega squared (less what chance alone makes), and how many groups and students."""

    omega: Floats
    groups: Floats
    n: Floats


@quiet
def eta_squared(
    stratum: npt.ArrayLike,
    n: npt.ArrayLike,
    total: npt.ArrayLike,
    total_sq: npt.ArrayLike | None = None,
    confidence: float = 0.95,
) -> Eta:
    """Sum of squares between groups over the whole sum of squares, for many sets of groups at once.

    One row a group: `stratum` numbers the sets 0, 1, 2, ... (one dimension in one place and year); `n`
    students, `total` of the outcome, `total_sq` of its squares (without it, outcomes are 0 or 1). Arrays, one
    entry a set. omega = (SSB - (k - 1) MSW)/(SST + MSW), 0 on average where groups do not differ. The
    interval turns the noncentral F distribution around (Steiger): students are independent, and equally
    spread in all groups. A group with a missing count makes its set NaN, an empty one does not count; so does
    a set with fewer than two groups, or without any spread.
    Source: Fisher (1925); Hays (1963); Steiger (2004), Psychological Methods 9:164-182.
    """
    equal_length(stratum=stratum, n=n, total=total)
    which, sums = np.asarray(stratum, dtype=np.int64), floats(total)
    (size,) = not_negative(n=n)
    squares = sums if total_sq is None else floats(total_sq)
    count = int(which.max()) + 1 if which.size else 0

    def summed(column: npt.ArrayLike) -> Floats:
        return floats(np.bincount(which, weights=floats(column), minlength=count))

    students, everything = summed(size), summed(squares)
    middle = quotient(summed(sums), students)
    groups = summed(size > 0)
    between = summed(np.where(size == 0, 0.0, size * (quotient(sums, size) - middle[which]) ** 2))
    whole = everything - students * middle**2
    whole = np.where(whole <= 1e-12 * everything, np.nan, whole)
    df, rest = groups - 1, students - groups
    inside = whole - between
    # What is left where groups are all of one kind is rounding, and an F of a number without end.
    within = np.where(inside <= 1e-12 * whole, 0.0, inside) / rest
    known = (df > 0) & (rest > 0) & ~np.isnan(whole)
    value = np.where(known, np.minimum(between / whole, 1.0), np.nan)
    omega = np.where(known, (between - df * within) / (whole + within), np.nan)
    bounded = known & (within > 0)
    low, high = np.full(count, np.nan), np.full(count, np.nan)
    ends = tails(confidence)
    f, k, m, size = ((between / df / within)[bounded], df[bounded], rest[bounded], students[bounded])
    low[bounded], high[bounded] = (_bound(f, k, m, size, level) for level in ends[::-1])
    notes = ("students are independent", "groups have one spread")
    return Eta(low=low, high=high, value=value, omega=omega, groups=groups, n=students, assumed=notes)


def _bound(f: Floats, df: Floats, rest: Floats, n: Floats, level: float) -> Floats:
    """The share whose F distribution has the F that was found at its quantile `level`: L/(L + n).

    Where students are many, chi-square stands for F, whose denominator then hardly varies.
    """
    many = rest > 10_000
    low, high = np.zeros_like(f), 4 * (df * f + df + 100)

    def below(noncentrality: Floats) -> Floats:
        found = np.empty_like(f)
        found[many] = special.chndtr((df * f)[many], df[many], noncentrality[many])
        found[~many] = special.ncfdtr(df[~many], rest[~many], noncentrality[~many], f[~many])
        return found

    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        above = below(middle) > level
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return floats(low / (low + n))
