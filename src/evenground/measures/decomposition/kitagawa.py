"""Kitagawa: is a gap one of where students are, or of how they fare there?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.columns import equal_length, not_larger, not_negative
from evenground.measures.estimate import (
    Estimate,
    Floats,
    floats,
    normal_quantile,
    quiet,
    quotient,
    seen_error,
)
from evenground.measures.within import decompose


@dataclass(frozen=True)
class Kitagawa:
    """A gap (a minus b) = `composition` + `rate`, one value each, and by row what adds to them.

    composition   the groups are spread over the places (or kinds, or courses) differently
    rate          in the same places their rates differ
    """

    gap: Estimate
    composition: Estimate
    rate: Estimate
    composition_by_row: Floats
    rate_by_row: Floats


@quiet
def kitagawa(
    n_a: npt.ArrayLike,
    total_a: npt.ArrayLike,
    n_b: npt.ArrayLike,
    total_b: npt.ArrayLike,
    *,
    confidence: float = 0.95,
) -> Kitagawa:
    """gap = sum (w_a - w_b) rbar + sum wbar (r_a - r_b) of shares with intervals; one row a place or kind.

    `total` of `n` students reached the outcome. As `measures.decompose`, which splits many gaps at once (and
    means too) without intervals; these are by the delta method: students are independent, and both where a
    student is and how it goes there are as if drawn. A place with one group only has no rate part. Raises
    ValueError for counts that cannot be. Source: Kitagawa (1955), JASA 50:1168-1194.
    """
    equal_length(n_a=n_a, total_a=total_a, n_b=n_b, total_b=total_b)
    a, a_total, b, b_total = not_negative(n_a=n_a, total_a=total_a, n_b=n_b, total_b=total_b)
    for total, size in ((a_total, a), (b_total, b)):
        not_larger(total, size)
    found = decompose(np.zeros(a.size, dtype=np.int64), a, a_total, b, b_total)
    if not found.gap.size:
        nothing = Estimate.exactly(np.nan)
        return Kitagawa(nothing, nothing, nothing, floats([]), floats([]))
    z = normal_quantile(confidence)
    errors = _errors(a, a_total, b, b_total)
    assumed = ("students are independent of each other", "delta method")

    def around(value: Floats, error: float) -> Estimate:
        middle = floats(value[0])
        half = z * seen_error(error)
        return Estimate(floats(middle - half), floats(middle + half), middle, assumed=assumed)

    return Kitagawa(
        gap=around(found.gap, errors[0]),
        composition=around(found.between, errors[1]),
        rate=around(found.within, errors[2]),
        composition_by_row=found.between_by_row,
        rate_by_row=found.within_by_row,
    )


def _errors(a: Floats, a_total: Floats, b: Floats, b_total: Floats) -> tuple[float, float, float]:
    """Standard errors of the gap and its two parts, from what each student of a and of b adds to them."""
    sides = []
    share = [quotient(n, n.sum()) for n in (a, b)]
    rate = [quotient(total, n) for total, n in ((a_total, a), (b_total, b))]
    alone = [n == 0 for n in (a, b)]
    filled = [np.where(alone[0], rate[1], rate[0]), np.where(alone[1], rate[0], rate[1])]
    either = alone[0] & alone[1]
    for which, n in enumerate((a, b)):
        sign = 1.0 if which == 0 else -1.0
        other = 1 - which
        only = alone[other]  # with one group there, the gap's part there is composition alone
        middle = np.where(either, 0.0, (filled[0] + filled[1]) / 2)
        # of a student being in the place, and of the student's outcome beyond the place's rate
        moved = np.where(n > 0, sign * middle, 0.0)
        outcome = np.where(only, sign * share[which], (share[0] - share[1]) / 2)
        outcome = quotient(outcome, share[which])
        composition = _variance(moved, outcome, share[which], rate[which], n.sum())
        stays = np.where(only, 0.0, (filled[0] - filled[1]) / 2)
        fares = np.where(only, 0.0, sign * (share[0] + share[1]) / 2)
        fares = quotient(fares, share[which])
        within = _variance(stays, fares, share[which], rate[which], n.sum())
        whole = float(quotient((a_total, b_total)[which].sum(), n.sum()))
        sides.append((whole * (1 - whole) / n.sum(), composition, within))
    summed = [float(np.sqrt(first + second)) for first, second in zip(*sides, strict=True)]
    return summed[0], summed[1], summed[2]


def _variance(moved: Floats, outcome: Floats, share: Floats, rate: Floats, n: float) -> float:
    """Variance of a mean over n students of moved(place) + outcome(place)(y - rate of the place)."""
    here = share > 0
    centre = float(share[here] @ moved[here])
    spread = (moved[here] - centre) ** 2 + outcome[here] ** 2 * rate[here] * (1 - rate[here])
    return float(share[here] @ spread) / n
