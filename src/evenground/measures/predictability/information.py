"""How many bits the group of a student tells about the outcome, whatever the shape of the relation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.estimate import (
    Estimate,
    Floats,
    floats,
    normal_quantile,
    quiet,
    quotient,
    seen_error,
)


@dataclass(frozen=True)
class Information(Estimate):
    """Bits, corrected for chance; `plain` without the correction, `normalised` as a part of the outcome's
    own entropy (0 nothing, 1 all is told)."""

    plain: Floats
    normalised: Floats
    entropy: Floats


@quiet
def mutual_information(
    group: npt.ArrayLike, outcome: npt.ArrayLike, count: npt.ArrayLike, confidence: float = 0.95
) -> Information:
    """Sum of p(g, y) log2 [p(g, y)/(p(g) p(y))], less (k - 1)(m - 1)/(2 N ln 2) by Miller and Madow.

    One row a cell: the group (or a cross of circumstances), the outcome's category, and the students counted;
    rows of one cell are added up. k groups and m categories that occur. The correction is 0 on average where
    nothing is told, so the value can lie below 0. Interval: the delta method, (sum p log2^2 - I^2)/N its
    variance; it is too short where hardly anything is told, which its lower bound then says. A missing
    count leaves no answer. Raises ValueError where lengths differ or a count is negative.
    Source: Miller (1955); Cover and Thomas (2006), Elements of Information Theory, chapter 2.
    """
    size = floats(count)
    first, second = np.asarray(group), np.asarray(outcome)
    if not first.size == second.size == size.size:
        raise ValueError(
            f"columns have {first.size}, {second.size} and {size.size} entries; give as many of each"
        )
    if np.any(size < 0):
        raise ValueError("a number of students is negative; counts are 0 or more")
    there = ~(size <= 0)
    rows, columns = (np.unique(codes[there], return_inverse=True) for codes in (first, second))
    k, m = rows[0].size, columns[0].size
    table = np.bincount(rows[1] * m + columns[1], weights=size[there], minlength=k * m).reshape(k, m)
    students = table.sum()
    p = quotient(table, students)
    by_group, by_outcome = p.sum(axis=1, keepdims=True), p.sum(axis=0, keepdims=True)
    log = np.where(p > 0, np.log2(np.where(p > 0, p / (by_group * by_outcome), 1.0)), 0.0)
    plain = float(np.sum(p * log)) if students > 0 else float("nan")
    value = plain - (k - 1) * (m - 1) / (2 * students * np.log(2))
    error = seen_error(np.sqrt(max(float(np.sum(p * log**2)) - plain**2, 0.0) / students))
    half = normal_quantile(confidence) * error
    entropy = -float(np.sum(np.where(by_outcome > 0, by_outcome * np.log2(by_outcome), 0.0)))
    return Information(
        low=floats(value - half),
        high=floats(value + half),
        value=floats(value),
        plain=floats(plain),
        normalised=quotient(value, entropy),
        entropy=floats(entropy),
        assumed=("students are independent", "many students in a cell (delta method)"),
    )
