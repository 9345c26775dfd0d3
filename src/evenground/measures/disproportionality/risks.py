"""Risk: of the students of a group, how many meet an outcome; and how that compares with all others.

The law calls it risk; a page says "of every 100 students". One row a group and unit (a district, a school).
All other students of the unit are the comparison, not all students.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from evenground.measures import difference, rate, ratio
from evenground.measures.columns import equal_length, known_name, not_larger, not_negative
from evenground.measures.disproportionality.rows import Rows, read
from evenground.measures.estimate import (
    Estimate,
    Floats,
    floats,
    normal_quantile,
    quiet,
    quotient,
)

INDEPENDENT = "students meet the outcome independently of each other"
COUNT = "a full count is one play of the chances that made it"


def risk(count: npt.ArrayLike, enrolled: npt.ArrayLike, confidence: float = 0.95) -> Estimate:
    """count / enrolled of each row, with Wilson's interval; NaN where nobody is enrolled.

    Raises ValueError where more students have the outcome than there are. Source: 34 CFR 300.647(a)(5).
    """
    equal_length(count=count, enrolled=enrolled)
    had, people = not_negative(count=count, enrolled=enrolled)
    not_larger(had, people)
    bounds = rate.wilson(had, people, confidence)
    return Estimate(bounds.low, bounds.high, rate.rate(had, people), assumed=(INDEPENDENT, COUNT))


def risk_ratio(
    count: npt.ArrayLike,
    enrolled: npt.ArrayLike,
    group: npt.ArrayLike,
    unit: npt.ArrayLike | None = None,
    *,
    confidence: float = 0.95,
) -> Estimate:
    """Risk of each row's group over the risk of all others in its unit, with Katz's interval.

    (a/A)/(b/B), exp(ln RR -/+ z sqrt(1/a - 1/A + 1/b - 1/B)). 0 where the group's risk is 0; NaN where the
    others' risk is 0 or they are nobody: a ratio to nothing is not a very large number. One missing group
    leaves the ratios of its unit without an answer, since "all others" is then not known. Raises ValueError
    for a group in two rows of a unit. Source: 34 CFR 300.647(a)(6); Katz et al. (1978), Biometrics
    34:469-474.
    """
    rows = read(count, enrolled, group, unit)
    others, other_people = _others(rows)
    found = ratio.katz(rows.count, rows.enrolled, others, other_people, confidence)
    return Estimate(found.low, found.high, found.value, assumed=(INDEPENDENT, COUNT))


def alternate_risk_ratio(
    count: npt.ArrayLike,
    enrolled: npt.ArrayLike,
    state_count: npt.ArrayLike,
    state_enrolled: npt.ArrayLike,
    confidence: float = 0.95,
) -> Estimate:
    """Risk of each row's group in its district over the risk of all other groups in the state.

    `state_count` of `state_enrolled` are the state's students of all other groups, wherever they are. Katz's
    interval, in which the two are independent (the district's students of the group are not among the
    others). NaN where the state's risk is 0. Source: 34 CFR 300.647(a)(1).
    """
    equal_length(count=count, enrolled=enrolled)
    equal_length(state_count=state_count, state_enrolled=state_enrolled)
    if np.size(state_count) > 1:
        equal_length(count=count, state_count=state_count)
    had, people, other, others = not_negative(
        count=count, enrolled=enrolled, state_count=state_count, state_enrolled=state_enrolled
    )
    not_larger(had, people)
    not_larger(other, others)
    found = ratio.katz(had, people, other, others, confidence)
    return Estimate(found.low, found.high, found.value, assumed=(INDEPENDENT, COUNT))


def risk_difference(
    count: npt.ArrayLike,
    enrolled: npt.ArrayLike,
    group: npt.ArrayLike,
    unit: npt.ArrayLike | None = None,
    *,
    confidence: float = 0.95,
) -> Estimate:
    """Risk of each row's group minus the risk of all others in its unit, with Newcombe's interval.

    It is there where a ratio is not (nobody of the others has the outcome), and it says of how many students
    one speaks. Source: Newcombe (1998), Statistics in Medicine 17:873-890.
    """
    rows = read(count, enrolled, group, unit)
    others, other_people = _others(rows)
    found = difference.newcombe(rows.count, rows.enrolled, others, other_people, confidence)
    return Estimate(found.low, found.high, found.value, assumed=(INDEPENDENT, COUNT))


@quiet
def weighted_risk_ratio(
    count: npt.ArrayLike,
    enrolled: npt.ArrayLike,
    group: npt.ArrayLike,
    unit: npt.ArrayLike | None = None,
    *,
    weights: dict[str, float],
    confidence: float = 0.95,
) -> Estimate:
    """Risk ratio in which the other groups count as they do in the state: comparable between districts.

    `weights` are the groups' shares of the state's students, p. WRR = (1 - p_i) R_i / sum over j != i of
    p_j R_j, R the risks in the unit. NaN where a group that the state has is missing in the unit, or has
    nobody there: its risk is not known. Interval: delta method on the log scale,
    var = (1 - R_i)/(n_i R_i) + sum p_j^2 R_j (1 - R_j)/n_j / (sum p_j R_j)^2. Source: Bollmer, Bethel,
    Garrison-Mogren, Brauen (2007), Journal of Special Education 41:186-198.
    """
    rows = read(count, enrolled, group, unit)
    share = np.zeros(rows.groups.size)
    for name, part in weights.items():
        share[known_name(name, rows.groups, "group")] = part
    missing = sorted(set(rows.groups.tolist()) - set(weights))
    if missing or abs(share.sum() - 1) > 1e-6 or (share < 0).any():
        found = f"no weight for {', '.join(missing)}" if missing else f"weights that sum to {share.sum():g}"
        raise ValueError(f"{found}; give each group's share of the state's students, together 1")
    people = rows.dense(rows.enrolled)
    level = quotient(rows.dense(rows.count), people)
    error = quotient(level * (1 - level), people)
    counted = np.where(share > 0, share * level, 0.0)
    around = np.where(share > 0, share**2 * error, 0.0)
    others = counted.sum(axis=1, keepdims=True) - counted
    scatter = around.sum(axis=1, keepdims=True) - around
    # A difference of equal sums is rounding, not a risk.
    others = np.where(others <= 1e-12 * counted.sum(axis=1, keepdims=True), 0.0, others)
    value = quotient((1 - share) * level, others)
    spread = np.sqrt(quotient(1 - level, people * level) + quotient(np.maximum(scatter, 0), others**2))
    factor = np.exp(normal_quantile(confidence) * spread)
    factor = np.where((value > 0) & (spread > 0), factor, np.nan)
    low, high, middle = (table[rows.unit, rows.group] for table in (value / factor, value * factor, value))
    assumed = (INDEPENDENT, COUNT, "the state's shares of groups are known")
    return Estimate(low, high, middle, assumed=assumed)


def _others(rows: Rows) -> tuple[Floats, Floats]:
    """With the outcome, and enrolled, among all others in each row's unit; NaN where one is missing."""

    def of(column: Floats) -> Floats:
        total = floats(np.bincount(rows.unit, weights=column, minlength=rows.units.size))
        return np.asarray(total[rows.unit] - column)

    return of(rows.count), of(rows.enrolled)
