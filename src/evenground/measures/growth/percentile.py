"""Student growth percentiles: how far a student has come beside those who started in the same place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.columns import equal_length, not_negative
from evenground.measures.estimate import Estimate, Floats, Ints, normal_quantile
from evenground.measures.growth.history import Cohort, Histories
from evenground.measures.growth.regression import QuantileFit, quantile_regression
from evenground.measures.growth.spline import Knots, basis, knots

TAUS: tuple[float, ...] = tuple(float(tau) for tau in (np.arange(100) + 0.5) / 100)
_LOWEST, _HIGHEST = 1, 99
_DIGITS = 5
_AT_ONCE = 20_000

ASSUMED = (
    "compared with the students of the same data, year and grade who had the same earlier scores",
    "earlier scores are taken as they are, their error of measurement included",
)
SEM = "the interval is that of the latest score alone, its error normal with the given standard error"


@dataclass(frozen=True)
class Percentiles(Estimate):
    """One entry a row: the percentile from 1 to 99, how many earlier scores it rests on (`priors`), and
    how many students drew the curves (`peers`). NaN and 0 where there is nothing to compare with.
    """

    priors: Ints
    peers: Ints


def percentiles(
    student: npt.ArrayLike,
    year: npt.ArrayLike,
    grade: npt.ArrayLike,
    score: npt.ArrayLike,
    *,
    subject: npt.ArrayLike | None = None,
    sem: npt.ArrayLike | None = None,
    most: int = 8,
    fewest: int = 25,
    confidence: float = 0.95,
) -> Percentiles:
    """The growth percentile of every row: columns of equal length, one row a student, subject and year.

    `year` and `grade` are whole numbers; a history counts while both go down by one together. Scores of each
    cohort (subject, year, grade) are regressed on cubic B-splines of the earlier scores (four interior knots
    at their quantiles .2, .4, .6, .8) at 100 quantiles .005, .015 ... .995; the predictions of a student are
    sorted and rounded to 5 decimals; the percentile is the number of them strictly below the score, 0 as 1
    and 100 as 99. A student has the percentile of the longest history that at least `fewest` students for
    each coefficient share (8 coefficients with one earlier score, 7 more with each further one), at most
    `most` earlier scores. Knots are those of all scores of that grade in the years that the cohort's longest
    history reaches back to.

    `sem`, the standard error of measurement of each score, gives an interval: the percentile at the score
    -/+ z sem; without it the bounds are NaN. A row without a score or history is NaN. ValueError where a
    student has two scores of one subject and year.
    Source: Betebenner (2009), Educational Measurement: Issues and Practice 28(4):42-51, and the defaults of
    the R package SGP.
    """
    histories = Histories.of(student, year, grade, score, subject)
    rows = histories.score.size
    found = {name: np.full(rows, np.nan) for name in ("value", "low", "high")}
    priors, peers = np.zeros(rows, dtype=np.int64), np.zeros(rows, dtype=np.int64)
    z, half = normal_quantile(confidence), None
    if sem is not None:
        equal_length(score=score, sem=sem)
        half = z * not_negative(sem=sem)[0]
    for cohort in histories.cohorts(most):
        curves = _Curves(histories, cohort, fewest)
        for order in range(1, curves.longest + 1):
            chosen, students, fit = curves.draw(order)
            at, design = cohort.rows[chosen], curves.design(order, chosen)
            scores = histories.score[at]
            found["value"][at] = _places(fit, design, scores)
            if half is not None:
                found["low"][at] = _places(fit, design, scores - half[at])
                found["high"][at] = _places(fit, design, scores + half[at])
            priors[at], peers[at] = order, students
    assumed = ASSUMED if sem is None else (*ASSUMED, SEM)
    return Percentiles(**found, priors=priors, peers=peers, assumed=assumed)


class _Curves:
    """The growth curves of one cohort, for each number of earlier scores that enough students have."""

    def __init__(self, histories: Histories, cohort: Cohort, fewest: int) -> None:
        self.histories, self.cohort = histories, cohort
        self.longest = 0
        for order in range(1, int(cohort.depth.max()) + 1):
            if (cohort.depth >= order).sum() >= fewest * (7 * order + 1):
                self.longest = order
        self.knots = [self._knots(lag) for lag in range(1, self.longest + 1)]

    def draw(self, order: int) -> tuple[Ints, int, QuantileFit]:
        """Whose percentile rests on this order, how many students drew the curves, and the curves."""
        depth = np.minimum(self.cohort.depth, self.longest)
        enough = np.flatnonzero(depth >= order)
        scores = self.histories.score[self.cohort.rows[enough]]
        fit = quantile_regression(self.design(order, enough), scores, TAUS)
        return np.flatnonzero(depth == order), enough.size, fit

    def design(self, order: int, chosen: Ints) -> Floats:
        """A column of ones and the curves of each earlier score."""
        earlier = self.histories.score[self.cohort.priors[:order, chosen]]
        bent = [basis(scores, placed) for scores, placed in zip(earlier, self.knots, strict=False)]
        return np.column_stack([np.ones(chosen.size), *bent])

    def _knots(self, lag: int) -> Knots:
        cohort = self.cohort
        first, last = cohort.year - self.longest, cohort.year - 1
        return knots(self.histories.scores_of(cohort.subject, cohort.grade - lag, first, last))


def _places(fit: QuantileFit, design: Floats, scores: Floats) -> Floats:
    """How many of the 100 predictions are strictly below each score, within 1 and 99."""
    below = np.empty(scores.size)
    for start in range(0, scores.size, _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        predicted = np.round(fit.curves(design[part]), _DIGITS)
        below[part] = (predicted < scores[part, None]).sum(axis=1)
    return np.clip(below, _LOWEST, _HIGHEST)
