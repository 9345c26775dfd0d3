"""Progressivity: does more money go where students need more?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.clustered import Clustered, means
from evenground.measures.columns import equal_length, not_larger, not_negative
from evenground.measures.estimate import Estimate, floats, quiet, student_quantile
from evenground.measures.lines import fit
from evenground.measures.spread.neutrality import ROBUST


@dataclass(frozen=True)
class Progressivity:
    """Money a student as students with low family income meet it, and all others.

    poor, others   their mean money; ratio: poor over others, above 1 is progressive; difference in money
    covered        the share of students in districts with all numbers
    """

    ratio: Clustered
    difference: Clustered
    poor: Clustered
    others: Clustered
    covered: float


def progressivity(
    amount: npt.ArrayLike, poor: npt.ArrayLike, students: npt.ArrayLike, *, confidence: float = 0.95
) -> Progressivity:
    """(sum x poor/sum poor)/(sum x others/sum others): money a student as each of the two meets it.

    One row a district (or school): money a student, students with low family income, all students. It sees
    differences between the rows only. Intervals by linearisation over the rows. Source: Urban Institute,
    School Funding: Do Poor Kids Get Their Fair Share? (2017).
    """
    equal_length(amount=amount, poor=poor, students=students)
    money, few, people = not_negative(amount=amount, poor=poor, students=students)
    not_larger(few, people)
    known = np.isfinite(money) & np.isfinite(few) & np.isfinite(people)
    weights = np.where(known[:, None], np.column_stack([few, people - few]), 0.0)
    found = means(weights, np.where(known, money, np.nan), np.arange(money.size))
    own, others = found.take(0), found.take(1)
    return Progressivity(
        ratio=own.over(others, confidence),
        difference=own.minus(others).estimate(confidence),
        poor=own.estimate(confidence),
        others=others.estimate(confidence),
        covered=float(np.sum(people[known]) / np.nansum(people)) if np.nansum(people) > 0 else np.nan,
    )


@dataclass(frozen=True)
class Slope:
    """How money a student rises with the share of students in need, on the log scale.

    slope      of ln(money) for a share going from 0 to 1
    predicted  money where the share is `at`, over money where it is 0: exp(slope at); above 1 is progressive
    """

    slope: Estimate
    predicted: Estimate
    at: float
    districts: int


@quiet
def slope(
    amount: npt.ArrayLike,
    share: npt.ArrayLike,
    students: npt.ArrayLike | None = None,
    controls: npt.ArrayLike | None = None,
    *,
    at: float = 0.3,
    confidence: float = 0.95,
) -> Slope:
    """Regression of ln(money a student) on the share of students in need (0 to 1), and on `controls`.

    One row a district; `students` weigh; `controls` (districts, k) are numbers such as a wage index or the
    log of size. Rows without a number, or without money, are left out. Sandwich variance, t with n - 2 - k.
    Source: Baker, Farrie, Sciarra, Is School Funding Fair? (predicted at 30 % poverty over at 0 %); to be
    called progressive or regressive by bands that are conventions.
    """
    need = floats(share)
    if (need < 0).any() or (need > 1).any():
        raise ValueError("share goes beyond 0 to 1; give shares, such as .35 for 35 %")
    equal_length(amount=amount, share=need, students=need if students is None else students)
    money, weight = not_negative(amount=amount, students=np.ones(need.size) if students is None else students)
    rest = np.empty((need.size, 0)) if controls is None else floats(controls).reshape(need.size, -1)
    used = np.isfinite(np.column_stack([money, need, weight, rest])).all(axis=1) & (money > 0) & (weight > 0)
    design = np.column_stack([np.ones(int(used.sum())), need[used], rest[used]])
    n, columns = design.shape
    if n <= columns:
        nothing = Estimate(*(floats(np.nan),) * 3, assumed=("more districts than columns are needed",))
        return Slope(nothing, nothing, at, n)
    line = fit(design, np.log(money[used]), weight[used] / weight[used].sum())
    value = float(line.coefficients[1])
    half = float(student_quantile(n - columns, confidence)) * float(np.sqrt(line.covariance()[1, 1]))
    found = Estimate(floats(value - half), floats(value + half), floats(value), assumed=(ROBUST,))
    low, high, middle = (floats(np.exp(at * bound)) for bound in (found.low, found.high, found.value))
    return Slope(found, Estimate(low, high, middle, assumed=(ROBUST,)), at, n)
