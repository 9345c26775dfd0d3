"""Wealth neutrality: does a student's money follow from how much the place can tax?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.columns import equal_length, not_negative
from evenground.measures.estimate import Estimate, Floats, floats, normal_quantile, quiet, student_quantile
from evenground.measures.lines import fit

ROBUST = "errors of districts are independent and may differ in size (sandwich variance)"


@dataclass(frozen=True)
class Neutrality:
    """How money a student goes with wealth a student.

    slope        money a student for each unit of wealth a student
    elasticity   percent more money for one percent more wealth, at the means
    correlation  r; Fisher's interval with the number of districts
    districts    that had all numbers
    """

    slope: Estimate
    elasticity: Estimate
    correlation: Estimate
    districts: int


@quiet
def neutrality(
    amount: npt.ArrayLike,
    wealth: npt.ArrayLike,
    students: npt.ArrayLike | None = None,
    *,
    confidence: float = 0.95,
) -> Neutrality:
    """Slope b of money on wealth, elasticity b wbar/xbar, and r; one row a district.

    With `students` each district counts as its students do; without, once. Slope and elasticity have
    intervals from the sandwich variance (the elasticity's by the delta method, means included), Student's t
    with n - 2. A convention calls money neutral where r is below .5 or the elasticity below .1. Source: Odden
    and Picus, School Finance; Fisher (1921) for r.
    """
    people = np.ones(np.size(amount)) if students is None else students
    equal_length(amount=amount, wealth=wealth, students=people)
    money, count = not_negative(amount=amount, students=people)
    rich = floats(wealth)
    used = np.isfinite(money) & np.isfinite(rich) & (count > 0)
    x, w, weight = money[used], rich[used], count[used] / count[used].sum()
    n = int(x.size)
    if n < 3:
        nothing = Estimate(*(floats(np.nan),) * 3, assumed=("three districts or more are needed",))
        return Neutrality(nothing, nothing, nothing, n)
    line = fit(np.column_stack([np.ones(n), w]), x, weight)
    slope, own = float(line.coefficients[1]), line.influence[:, 1]
    mean_x, mean_w = float(weight @ x), float(weight @ w)
    if not mean_x > 0:
        mean_x = np.nan  # without money there is no per cent of it
    elasticity = slope * mean_w / mean_x
    moved = own * mean_w / mean_x + (weight * (w - mean_w)) * slope / mean_x
    moved = moved - (weight * (x - mean_x)) * elasticity / mean_x
    quantile = float(student_quantile(n - 2, confidence))
    around_x, around_w = weight @ (x - mean_x) ** 2, weight @ (w - mean_w) ** 2
    r = float((weight * (x - mean_x)) @ (w - mean_w) / np.sqrt(around_x * around_w))
    half = normal_quantile(confidence) / np.sqrt(n - 3) if n > 3 else np.nan
    if not abs(r) < 1 - 1e-12:
        half = np.nan  # points on one line: Fisher's z has no end
    low, high = np.tanh(np.arctanh(r) - half), np.tanh(np.arctanh(r) + half)
    fisher = ("both numbers are nearly normal over districts (Fisher's z)",)
    return Neutrality(
        slope=_around(slope, own, quantile),
        elasticity=_around(elasticity, moved, quantile),
        correlation=Estimate(floats(low), floats(high), floats(r), assumed=fisher),
        districts=n,
    )


def _around(value: float, influence: Floats, quantile: float) -> Estimate:
    count = influence.size
    half = quantile * np.sqrt(count / (count - 1) * float(influence @ influence))
    return Estimate(floats(value - half), floats(value + half), floats(value), assumed=(ROBUST,))
