"""Whole-number arithmetic for counts of students, so that no threshold is missed by a float's last digit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from evenground.measures.estimate import Bools, Floats, floats, quiet
from evenground.measures.reference import Reference
from evenground.measures.sums import Sums

# Numbers of one table: 64-bit integers, Python integers where products would overflow, floats when weighted.
Numbers = npt.NDArray[Any]

_LARGEST = 2**62
_TOLERANCE = 1e-9
# Floats decide a count except this close to a whole number, where whole-number arithmetic decides.
_CLOSE = 1e-6


@dataclass(frozen=True)
class Terms:
    """n and total of the groups and of their references as numbers that can be multiplied without loss.

    A target enters as the fraction that people wrote: .8 is a total of 4 among 5. Rows that are not `valid`
    (missing, or nobody there) hold harmless numbers, and their answers are NaN.
    """

    total: Numbers
    n: Numbers
    reference_total: Numbers
    reference_n: Numbers
    valid: Bools
    whole: bool

    @classmethod
    def of(cls, groups: Sums, reference: Reference, scale: int = 1) -> Terms:
        """Terms of groups and their references; `scale` is the largest factor they will be multiplied by."""
        total, n = reference.total, reference.n
        if reference.is_target.any():
            total, n = _targets_as_fractions(reference)
        return cls.of_counts(groups.total, groups.n, total, n, scale)

    @classmethod
    def of_counts(
        cls, total: Numbers, n: Numbers, reference_total: Numbers, reference_n: Numbers, scale: int = 1
    ) -> Terms:
        """Terms of four arrays of one shape."""
        columns = [floats(column) for column in (total, n, reference_total, reference_n)]
        valid = np.isfinite(columns).all(axis=0) & (columns[1] > 0) & (columns[3] > 0)
        harmless = (0.0, 1.0, 0.0, 1.0)
        kept = [np.where(valid, column, safe) for column, safe in zip(columns, harmless, strict=True)]
        whole = all(bool(np.all(column == np.rint(column))) for column in kept)
        numbers = [_whole(column, kept, scale) for column in kept] if whole else kept
        return cls(numbers[0], numbers[1], numbers[2], numbers[3], valid, whole)

    @quiet
    def fewest(self, short: Numbers, each: Numbers) -> Floats:
        """Fewest students, each worth `each`, who make up for `short`; 0 where nothing is short.

        NaN where a student is worth nothing: only counts that contradict each other (a group larger than
        the whole that holds it) ask for that.
        """
        worth = np.where(each > 0, each, 1)
        students = -(-short // worth) if self.whole else np.ceil(short / worth - _TOLERANCE)
        return self._answer(np.where((short > 0) & (each <= 0), np.nan, students))

    @quiet
    def fewest_leaving(self, minimum: float, z: float, people: Floats, sign: int, moves: Bools) -> Floats:
        """Fewest students after whom the group is nearer to its reference than its margin of error.

        The margin rests on `people`, the effective n. sign = +1 adds outcomes, -1 takes away; where `moves`,
        the reference's total changes along.
        """
        total, n, aim, whole_n = (
            floats(column) for column in (self.total, self.n, self.reference_total, self.reference_n)
        )
        moe = np.maximum(minimum, z / 2 / np.sqrt(people))
        distance = (sign * (aim / whole_n - total / n) - moe) * n / np.where(moves, 1 - n / whole_n, 1.0)
        students = np.where(distance >= -_TOLERANCE, np.floor(distance + _TOLERANCE) + 1, 0.0)
        close = (
            self.valid & (people == n) & (np.abs(distance - np.rint(distance)) < _CLOSE) & (distance > -0.5)
        )
        if self.whole and close.any():
            leaves = self._leaves(minimum, z, sign, moves, close)
            nearest = np.rint(distance[close]).astype(np.int64).astype(object)
            students[close] = np.where(leaves(nearest), nearest, nearest + 1).astype(np.float64)
        return self._answer(np.where(moves & (n > whole_n), np.nan, students))

    def _leaves(
        self, minimum: float, z: float, sign: int, moves: Bools, rows: Bools
    ) -> Callable[[npt.NDArray[np.object_]], Bools]:
        """Whether k students are enough, in Python integers: margin^2 > distance^2."""
        total, n, aim, whole_n = (
            column[rows].astype(object)
            for column in (self.total, self.n, self.reference_total, self.reference_n)
        )
        least, widest = written(minimum) ** 2, (written(z) / 2) ** 2
        floor_rules = n * least.numerator * widest.denominator >= least.denominator * widest.numerator
        part = np.where(floor_rules, least.numerator, widest.numerator)
        of = np.where(floor_rules, least.denominator, widest.denominator * n)
        along = moves[rows].astype(object)

        def leaves(students: npt.NDArray[np.object_]) -> Bools:
            distance = sign * ((aim + sign * students * along) * n - (total + sign * students) * whole_n)
            return np.asarray((distance < 0) | (part * (whole_n * n) ** 2 > of * distance**2), dtype=bool)

        return leaves

    def _answer(self, students: Numbers) -> Floats:
        return np.where(self.valid, np.maximum(np.asarray(students, dtype=np.float64), 0.0), np.nan)


def written(number: float) -> Fraction:
    """The number as people wrote it: .8 is 4/5, not the float beside it."""
    return Fraction(repr(float(number)))


def _targets_as_fractions(reference: Reference) -> tuple[Floats, Floats]:
    values, place = np.unique(reference.rate, return_inverse=True)
    fractions = [written(value) if np.isfinite(value) else None for value in values]
    top = np.array([np.nan if f is None else f.numerator for f in fractions], dtype=np.float64)[place]
    bottom = np.array([np.nan if f is None else f.denominator for f in fractions], dtype=np.float64)[place]
    fixed = reference.is_target
    return np.where(fixed, top, reference.total), np.where(fixed, bottom, reference.n)


def _whole(column: Floats, together: list[Floats], scale: int) -> Numbers:
    largest = max((float(np.abs(other).max(initial=1)) for other in together), default=1.0)
    if largest * largest * scale * 4 < _LARGEST:
        return column.astype(np.int64)
    return np.array([int(number) for number in column.ravel()], dtype=object).reshape(column.shape)
