"""Level, learning rate and trend: what the means of grades and years say together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.columns import equal_length
from evenground.measures.estimate import (
    Estimate,
    Floats,
    Ints,
    Texts,
    floats,
    normal_quantile,
    quiet,
    quotient,
    student_quantile,
)

LINE = "every grade adds as much, every cohort differs as much from the one before"
SAMPLED = "errors of the means are known and independent"
ALIKE = "means scatter equally and independently around the line"
MOVES = "a cohort is the same students in each grade: who moved in or out counts as learning"


@dataclass(frozen=True)
class Pattern:
    """A row a unit, in the order of `units`, each number with its interval: the `level` in the middle of the
    cohorts, grades and subjects; the `learning` of a cohort from one grade to the next; the `trend` from one
    cohort to the next in the same grade; the `subject` difference (NaN where there is one subject).
    """

    units: Texts
    cells: Ints
    level: Estimate
    learning: Estimate
    trend: Estimate
    subject: Estimate
    assumed: tuple[str, ...]


@quiet
def pattern(
    mean: npt.ArrayLike,
    year: npt.ArrayLike,
    grade: npt.ArrayLike,
    unit: npt.ArrayLike,
    *,
    error: npt.ArrayLike | None = None,
    subject: npt.ArrayLike | None = None,
    confidence: float = 0.95,
) -> Pattern:
    """mean = level + trend (cohort - c) + learning (grade - g) + subject (s - 1/2), for each unit by itself.

    One row a mean: of a unit, subject, grade and year (`year` the one in which the school year ends); cohort
    = year - grade. c and g are the middles of all rows, so levels of units can be compared; `subject` is 0
    or 1. Means may be of scores, of a standardised scale or gaps of two groups: gaps give the level and
    trends of a gap. With the standard `error` of each mean: weighted least squares, errors widened where the
    means scatter more than they allow, sqrt(max(1, Q/df)); without: least squares and Student's t. NaN where
    a unit has too few grades or cohorts to tell. Rows without a mean count nowhere.
    Source: Fahle et al. (2021), Stanford Education Data Archive: Technical Documentation 4.1;
    Reardon (2019), RSF 5(2):40-68.
    """
    values, years, grades = floats(mean), floats(year), floats(grade)
    equal_length(mean=values, year=years, grade=grades, unit=unit)
    topic = np.full(values.shape, 0.5) if subject is None else floats(subject)
    if not np.isin(topic[np.isfinite(topic)], [0.0, 1.0]).all() and subject is not None:
        raise ValueError("subject is 0 or 1 in every row")
    errors = np.ones(values.shape) if error is None else floats(error)
    equal_length(mean=values, subject=topic, error=errors)
    if (errors <= 0).any():
        raise ValueError("standard errors are above 0, NaN where not known")
    numbers = np.column_stack([values, years, grades, topic, errors])
    known = np.isfinite(numbers).all(axis=1)
    units, place = np.unique(np.asarray(unit).astype(str), return_inverse=True)
    place = place[known]
    values, years, grades, topic, errors = numbers[known].T
    cohort = years - grades
    columns = [np.ones(values.size), _middled(cohort), _middled(grades)]
    if subject is not None:
        columns.append(topic - 0.5)
    X = np.column_stack(columns)
    b, spread, cells, df = _fits(X, values, 1 / errors**2, place, units.size)
    errors_b = spread[0] if error is None else spread[1]
    quantile = student_quantile(df, confidence) if error is None else normal_quantile(confidence)
    assumed = (LINE, MOVES, ALIKE if error is None else SAMPLED)
    half = np.asarray(quantile)[..., None] * errors_b
    parts = [
        Estimate(
            value=b[:, part], low=b[:, part] - half[:, part], high=b[:, part] + half[:, part], assumed=assumed
        )
        for part in range(X.shape[1])
    ]
    nothing = np.full(units.size, np.nan)
    if subject is None:
        parts.append(Estimate(value=nothing, low=nothing, high=nothing, assumed=assumed))
    level, trend, learning, between = parts
    return Pattern(units, cells, level, learning, trend, between, assumed)


def _middled(numbers: Floats) -> Floats:
    middle = (numbers.min(initial=np.inf) + numbers.max(initial=-np.inf)) / 2
    return np.asarray(numbers - middle)


def _fits(
    X: Floats, y: Floats, weight: Floats, place: Ints, units: int
) -> tuple[Floats, tuple[Floats, Floats], Ints, Floats]:
    """Weighted least squares of every unit at once: coefficients (U, p), their standard errors by the scatter
    and by the given errors, rows, degrees of freedom. NaN where a unit cannot tell.
    """
    p = X.shape[1]

    def summed(numbers: Floats) -> Floats:
        return floats(np.bincount(place, numbers, minlength=units))

    products = np.empty((units, p, p))
    right = np.empty((units, p))
    for i in range(p):
        right[:, i] = summed(weight * X[:, i] * y)
        for j in range(p):
            products[:, i, j] = summed(weight * X[:, i] * X[:, j])
    size = np.sqrt(np.einsum("uii->ui", products))
    scaled = quotient(products, size[:, :, None] * size[:, None, :])
    able = np.nan_to_num(np.linalg.eigvalsh(np.nan_to_num(scaled)))[:, 0] > 1e-10
    products[~able] = np.eye(p)
    inverse = np.linalg.inv(products)
    b = np.einsum("uij,uj->ui", inverse, right)
    scatter = summed(weight * (y - (X * b[place]).sum(axis=1)) ** 2)
    cells = np.bincount(place, minlength=units)
    df = floats(cells - p)
    rest = np.where(df > 0, quotient(scatter, df), np.nan)
    plain = np.sqrt(np.einsum("uii->ui", inverse))
    by_scatter = plain * np.sqrt(rest)[:, None]
    by_errors = plain * np.sqrt(np.fmax(rest, 1.0))[:, None]
    b[~able] = by_scatter[~able] = by_errors[~able] = np.nan
    return b, (by_scatter, by_errors), cells, df
