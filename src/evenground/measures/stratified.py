"""Differences inside the same units: two groups compared where both of them are, and only there."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from evenground.measures import rate
from evenground.measures.columns import equal_length, not_negative
from evenground.measures.difference import combined
from evenground.measures.estimate import Estimate, floats, quiet, quotient
from evenground.measures.within import decompose


@quiet
def inside(
    gap: npt.ArrayLike,
    n_a: npt.ArrayLike,
    total_a: npt.ArrayLike,
    n_b: npt.ArrayLike,
    total_b: npt.ArrayLike,
    confidence: float = 0.95,
) -> Estimate:
    """The part of each gap of rates (a minus b) that lies within the units, with an interval.

    One row for each gap and unit, as `decompose` takes them; one value a gap. The value is `decompose`'s
    within part, sum wbar_u (r_au - r_bu), of which a unit with one of the groups only holds nothing. With d_u
    the unit's difference and l_u, h_u its Newcombe interval,

        low = value - sqrt(sum wbar_u^2 (d_u - l_u)^2),  high = value + sqrt(sum wbar_u^2 (h_u - d_u)^2).

    The weights are taken as known. NaN where a group has nobody, and where no unit holds both groups.
    Raises ValueError for negative counts and columns of different lengths. Source: Yan and Su (2010),
    Statistics in Biopharmaceutical Research 2:329-335; Newcombe (1998), Statistics in Medicine 17:873-890.
    """
    equal_length(gap=gap, n_a=n_a, total_a=total_a, n_b=n_b, total_b=total_b)
    not_negative(n_a=n_a, total_a=total_a, n_b=n_b, total_b=total_b)
    which = np.asarray(gap, dtype=np.int64)
    a_n, a_total, b_n, b_total = (floats(column) for column in (n_a, total_a, n_b, total_b))
    count = int(which.max()) + 1 if which.size else 0

    def summed(column: npt.ArrayLike) -> npt.NDArray[np.float64]:
        return floats(np.bincount(which, weights=floats(column), minlength=count))

    value = decompose(which, a_n, a_total, b_n, b_total).within
    both = (a_n > 0) & (b_n > 0)
    share_a, share_b = quotient(a_n, summed(a_n)[which]), quotient(b_n, summed(b_n)[which])
    weight = np.where(both, (share_a + share_b) / 2, 0.0)
    first, second = (
        Estimate(*_ends(total, n, confidence), value=quotient(total, n))
        for total, n in ((a_total, a_n), (b_total, b_n))
    )
    apart = combined(first, second)
    below, above = (
        np.sqrt(summed(np.where(both, (weight * (apart.value - end)) ** 2, 0.0)))
        for end in (apart.low, apart.high)
    )
    known = summed(both) > 0
    value = np.where(known, value, np.nan)
    return Estimate(
        low=np.where(known, value - below, np.nan),
        high=np.where(known, value + above, np.nan),
        value=value,
        assumed=("students are independent within their units", "who attends which unit is taken as given"),
    )


def _ends(
    total: npt.NDArray[np.float64], n: npt.NDArray[np.float64], confidence: float
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    bounds = rate.wilson(total, n, confidence)
    return bounds.low, bounds.high
