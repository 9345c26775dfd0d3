"""Who has which scores behind them: the rows of each student's earlier years, one grade a year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.columns import equal_length
from evenground.measures.estimate import Bools, Floats, Ints, floats


@dataclass(frozen=True)
class Cohort:
    """Students of one subject, year and grade. `rows` are theirs, `priors[j]` the row of each j + 1 years
    before (-1 where there is none), `depth` how many years lie behind each without a gap.
    """

    subject: int
    year: int
    grade: int
    rows: Ints
    priors: Ints
    depth: Ints


@dataclass(frozen=True)
class Histories:
    """Columns of equal length, as whole numbers; `known` marks the rows that have a score, year and grade."""

    student: Ints
    subject: Ints
    year: Ints
    grade: Ints
    score: Floats
    known: Bools

    @classmethod
    def of(
        cls,
        student: npt.ArrayLike,
        year: npt.ArrayLike,
        grade: npt.ArrayLike,
        score: npt.ArrayLike,
        subject: npt.ArrayLike | None,
    ) -> Histories:
        """Raises ValueError where columns differ in length or a student has two scores of one subject and
        year.
        """
        topic = np.zeros(np.shape(score)) if subject is None else subject
        equal_length(student=student, year=year, grade=grade, score=score, subject=topic)
        when, stage, points = floats(year), floats(grade), floats(score)
        known = np.isfinite(when) & np.isfinite(stage) & np.isfinite(points)
        years, grades = (np.where(known, column, 0).astype(np.int64) for column in (when, stage))
        histories = cls(_codes(student), _codes(topic), years, grades, points, known)
        histories._refuse_twice()
        return histories

    def cohorts(self, most: int) -> Iterator[Cohort]:
        """Every cohort with somebody who was a grade lower a year before, at most `most` years back."""
        rows = np.flatnonzero(self.known)
        priors = self._priors(rows, most)
        depth = np.cumprod(priors >= 0, axis=0).sum(axis=0) if most else np.zeros(rows.size, dtype=np.int64)
        names = np.column_stack([self.subject[rows], self.year[rows], self.grade[rows]])
        order = np.lexsort(names.T[::-1])
        starts = np.flatnonzero(np.any(np.diff(names[order], axis=0, prepend=-1) != 0, axis=1))
        for part in np.split(order, starts[1:]) if rows.size else ():
            if depth[part].any():
                subject, year, grade = (int(name) for name in names[part[0]])
                yield Cohort(subject, year, grade, rows[part], priors[:, part], depth[part])

    def scores_of(self, subject: int, grade: int, first: int, last: int) -> Floats:
        """All scores of a grade in the years `first` to `last`, whatever became of the students."""
        chosen = self.known & (self.subject == subject) & (self.grade == grade)
        return np.asarray(self.score[chosen & (self.year >= first) & (self.year <= last)])

    def _keys(self, rows: Ints) -> Ints:
        """One number for each student, subject and year; consecutive years are consecutive numbers."""
        years = self.year[self.known]
        span = int(np.ptp(years)) * 2 + 2 if years.size else 2
        who = self.subject[rows] * (int(self.student.max(initial=0)) + 1) + self.student[rows]
        return np.asarray(who * span + self.year[rows] - years.min(initial=0) + span // 2)

    def _priors(self, rows: Ints, most: int) -> Ints:
        keys = self._keys(rows)
        order = np.argsort(keys, kind="stable")
        held = keys[order]
        found = np.full((most, rows.size), -1, dtype=np.int64)
        for lag in range(1, most + 1):
            place = np.minimum(np.searchsorted(held, keys - lag), max(held.size - 1, 0))
            there = rows[order[place]]
            fits = (held[place] == keys - lag) & (self.grade[there] == self.grade[rows] - lag)
            found[lag - 1] = np.where(fits, there, -1)
        return found

    def _refuse_twice(self) -> None:
        rows = np.flatnonzero(self.known)
        keys = self._keys(rows)
        order = np.argsort(keys, kind="stable")
        again = order[1:][np.diff(keys[order]) == 0]
        if again.size:
            raise ValueError(
                f"{again.size} rows repeat a student, subject and year, the first of them row "
                f"{int(rows[again].min())}; give one score for each"
            )


def _codes(values: npt.ArrayLike) -> Ints:
    """Whole numbers from 0 for the distinct values, as they come."""
    array = np.asarray(values)
    distinct = array.astype(str) if array.dtype.kind == "O" else array
    return np.asarray(np.unique(distinct, return_inverse=True)[1].ravel(), dtype=np.int64)
