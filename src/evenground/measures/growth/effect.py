"""What schools may add: scores beside those that earlier scores lead to expect, errors of measurement said.

An earlier score that is measured with error explains too little. What is left then looks like the work of
schools whose students began ahead. Both functions take that out, with the reliability of the earlier scores.
"""

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
)
from evenground.measures.shrinkage import between, empirical_bayes

ERRORS = "errors of measurement are independent of everything else and as large for every student"
KNOWN = "reliabilities are known"
UNSORTED = "what is not measured about students does not differ between schools"
NORMAL = "school effects are spread like a normal distribution"


@dataclass(frozen=True)
class Slopes(Estimate):
    """A coefficient a column, with its standard `error`; `uncorrected`: as if there were no error in it."""

    error: Floats
    uncorrected: Floats


@dataclass(frozen=True)
class Effects(Estimate):
    """A row a school, in the order of `schools`: how many points its students are ahead of (behind) what
    their earlier scores lead to expect, beside the average school, drawn towards 0 by `reliability`.

    `raw` and `error`: before that, with its standard error. `spread`: the standard deviation of schools
    that is not chance. `slopes`: points for each point of the earlier scores and further columns.
    """

    schools: Texts
    n: Ints
    raw: Floats
    error: Floats
    reliability: Floats
    spread: float
    slopes: Slopes


def errors_in_variables(
    outcome: npt.ArrayLike,
    design: npt.ArrayLike,
    reliability: npt.ArrayLike,
    *,
    clusters: npt.ArrayLike | None = None,
    confidence: float = 0.95,
) -> Slopes:
    """Linear regression of `outcome` (n) on columns (n, p), some measured with error.

    b = (X'X - D)^-1 X'y with D = (1 - reliability) sum of (x - mean)^2 on the diagonal; a column of ones is
    part of the design, its reliability 1. Standard errors from what each student, or cluster of students,
    adds to both sides of that equation. ValueError where a reliability is not within 0 and 1 or so small
    that nothing is left of a column.
    Source: Fuller (1987), Measurement Error Models, 3.1; the coefficients are those of Stata's eivreg.
    """
    y, X = floats(outcome), floats(design)
    equal_length(outcome=y, design=X)
    unit = np.arange(y.size) if clusters is None else np.asarray(clusters)
    equal_length(outcome=y, clusters=unit)
    known = np.isfinite(y) & np.isfinite(X).all(axis=1)
    centred = X - X[known].mean(axis=0)
    return _slopes(
        y[known], X[known], centred[known], _reliabilities(reliability, X.shape[1]), unit[known], confidence
    )


def _reliabilities(given: npt.ArrayLike, columns: int) -> Floats:
    known = np.atleast_1d(floats(given))
    if known.shape != (columns,):
        raise ValueError(f"{known.size} reliabilities for {columns} columns; give one for each")
    if not ((known > 0) & (known <= 1)).all():
        raise ValueError(f"reliabilities are above 0 and at most 1; found {known.tolist()}")
    return known


def _slopes(
    y: Floats, X: Floats, noisy: Floats, reliability: Floats, unit: npt.ArrayLike, confidence: float
) -> Slopes:
    """`noisy` (n, p): what each student adds to the spread that errors are a part of."""
    wrong = 1 - reliability
    clean = X.T @ X - np.diag(wrong * (noisy**2).sum(axis=0))
    scale = np.sqrt(np.diag(X.T @ X))
    if (np.linalg.eigvalsh(clean / np.outer(scale, scale)) <= 1e-10).any():
        raise ValueError(
            "with reliabilities this low nothing is left of a column, or columns make each other up"
        )
    b = floats(np.linalg.solve(clean, X.T @ y))
    each = X * (y - X @ b)[:, None] + wrong * noisy**2 * b
    place = np.unique(np.asarray(unit), return_inverse=True)[1]
    units = int(place.max(initial=0)) + 1
    added = np.stack([np.bincount(place, column, minlength=units) for column in each.T])
    inverse = np.linalg.inv(clean)
    factor = units / (units - 1) if units > 1 else np.nan
    error = np.sqrt(np.diag(inverse @ (factor * added @ added.T) @ inverse))
    half = normal_quantile(confidence) * error
    plain = floats(np.linalg.solve(X.T @ X, X.T @ y))
    return Slopes(
        low=b - half, high=b + half, value=b, error=error, uncorrected=plain, assumed=(ERRORS, KNOWN)
    )


@quiet
def school_effects(
    outcome: npt.ArrayLike,
    earlier: npt.ArrayLike,
    school: npt.ArrayLike,
    *,
    reliability: npt.ArrayLike,
    further: npt.ArrayLike | None = None,
    confidence: float = 0.95,
) -> Effects:
    """What each school's students are ahead of others with the same earlier scores, one row a student.

    `earlier` (n) or (n, k) scores with their `reliability` (k); `further` (n, m) columns without error. The
    slopes are those within schools, b = (Z'Z - D)^-1 Z'y of deviations from school means, D the variance of
    the errors times (n - schools). raw = mean outcome - mean earlier * b, beside all schools; its error has
    what is left of students within schools over n, and that of the slopes. reliability = t^2/(t^2 + error^2)
    with t^2, the spread of schools, by DerSimonian and Laird; value = reliability * raw. The interval counts
    the chance in the school, in the mean of all and in t: value -/+ z times the root of the mean squared
    distance from it over every t, each by its restricted likelihood. Rows with a missing number are left out.
    ValueError with fewer than two schools.

    It cannot tell why a school is ahead. Students were not assigned by lot, what was not measured stays in
    the effect, and the same effect may come from the year, the neighbourhood or who was tested.
    Source: McCaffrey, Lockwood, Koretz, Hamilton (2003), Evaluating Value-Added Models for Teacher
    Accountability; Lockwood and McCaffrey (2014), J. Educ. Behav. Stat. 39:22-52; for the interval Gelman
    (2006), Bayesian Analysis 1:515-534 (flat prior of t).
    """
    y, earlier_scores = floats(outcome), _table(earlier)
    columns = earlier_scores if further is None else np.hstack([earlier_scores, _table(further)])
    equal_length(outcome=y, earlier=columns, school=school)
    trusted = np.ones(columns.shape[1])
    trusted[: earlier_scores.shape[1]] = _reliabilities(reliability, earlier_scores.shape[1])
    known = np.isfinite(y) & np.isfinite(columns).all(axis=1)
    y, columns = y[known], columns[known]
    schools, place = np.unique(np.asarray(school).astype(str)[known], return_inverse=True)
    n = np.bincount(place, minlength=schools.size)
    if schools.size < 2:
        raise ValueError(f"{schools.size} schools; an effect is beside other schools, so give two at least")

    def means(numbers: Floats) -> Floats:
        return np.stack([np.bincount(place, one, minlength=schools.size) / n for one in numbers.T], axis=1)

    of_outcome, of_columns = means(y[:, None])[:, 0], means(columns)
    left = columns - of_columns[place]
    total = (columns - columns.mean(axis=0)) * np.sqrt((y.size - schools.size) / (y.size - 1))
    slopes = _slopes(y - of_outcome[place], left, total, trusted, place, confidence)
    rest = y - of_outcome[place] - left @ slopes.value
    within = (rest**2).sum() / (y.size - schools.size - columns.shape[1])
    away = of_columns - columns.mean(axis=0)
    raw = of_outcome - y.mean() - away @ slopes.value
    error = np.sqrt(within / n + ((away * slopes.error) ** 2).sum(axis=1))
    schools_differ = between(raw, error, method="dl")
    steady = empirical_bayes(raw, error, method="dl", confidence=confidence)
    middle = steady.prior
    return Effects(
        low=steady.low - middle,
        high=steady.high - middle,
        value=steady.value - middle,
        schools=schools,
        n=n,
        raw=raw - middle,
        error=np.asarray(error),
        reliability=steady.reliability,
        spread=schools_differ.tau_sq**0.5,
        slopes=slopes,
        assumed=(ERRORS, KNOWN, UNSORTED, NORMAL),
    )


def _table(columns: npt.ArrayLike) -> Floats:
    numbers = floats(columns)
    return numbers[:, None] if numbers.ndim == 1 else numbers
