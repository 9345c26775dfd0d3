"""Between and within: is a gap one between the units that two groups attend, or one inside each of them?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.estimate import Floats, floats, quiet, quotient


@dataclass(frozen=True)
class Decomposition:
    """A gap (a minus b) and the two parts that sum to it (to rounding, about 1e-15).

    gap, between, within            one value a gap, indexed by the gap's number
    between_by_row, within_by_row   one value a row: what each unit contributes
    """

    gap: Floats
    between: Floats
    within: Floats
    between_by_row: Floats
    within_by_row: Floats


@quiet
def decompose(
    gap: npt.ArrayLike,
    n_a: npt.ArrayLike,
    total_a: npt.ArrayLike,
    n_b: npt.ArrayLike,
    total_b: npt.ArrayLike,
) -> Decomposition:
    """Split gaps between groups a and b into a part between units and a part within units.

    One row for each gap and unit; `gap` numbers the gaps 0, 1, 2, ... and the other arrays hold the students
    and the sum of the outcomes of a and of b in that unit. With w the share of a group's students that a
    unit holds and r a group's rate there:

        gap = sum (w_a - w_b) rbar + sum wbar (r_a - r_b),      bars: mean of the two groups.

    Where a unit has students of one group only, rbar is the rate of the group that is there and the unit's
    within part is 0. `between_by_row` measures rbar from the mean of the two groups' rates, which leaves the
    sum as it is (the weights w_a - w_b sum to 0): a unit counts for what it is above or below that. A gap in
    which a group has nobody, or a count is missing, is NaN, and so are its rows.
    Source: Kitagawa (1955), Journal of the American Statistical Association 50:1168-1194.
    """
    which = np.asarray(gap, dtype=np.int64)
    a_n, a_total, b_n, b_total = (floats(column) for column in (n_a, total_a, n_b, total_b))
    # Nobody has no outcomes, whatever the file says about them.
    a_total, b_total = np.where(a_n == 0, 0.0, a_total), np.where(b_n == 0, 0.0, b_total)
    count = int(which.max()) + 1 if which.size else 0

    def summed(column: Floats) -> Floats:
        return floats(np.bincount(which, weights=column, minlength=count))

    all_a, all_b = quotient(summed(a_total), summed(a_n)), quotient(summed(b_total), summed(b_n))
    share_a, share_b = quotient(a_n, summed(a_n)[which]), quotient(b_n, summed(b_n)[which])
    rate_a, rate_b = quotient(a_total, a_n), quotient(b_total, b_n)
    rate_a, rate_b = np.where(a_n == 0, rate_b, rate_a), np.where(b_n == 0, rate_a, rate_b)
    middle = ((all_a + all_b) / 2)[which]
    unattended = (a_n == 0) & (b_n == 0)
    between = (share_a - share_b) * ((rate_a + rate_b) / 2 - middle)
    within = (share_a + share_b) / 2 * (rate_a - rate_b)
    unknown = np.isnan(middle)
    between, within = (
        np.where(unknown, np.nan, np.where(unattended, 0.0, part)) for part in (between, within)
    )
    gaps = all_a - all_b
    return Decomposition(
        gap=gaps,
        between=np.where(np.isnan(gaps), np.nan, summed(between)),
        within=np.where(np.isnan(gaps), np.nan, summed(within)),
        between_by_row=between,
        within_by_row=within,
    )
