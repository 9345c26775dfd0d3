"""Means: the average of a number (a score, dollars, days) over a student group, from its sums."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.estimate import (
    STUDENTS_INDEPENDENT,
    Estimate,
    Floats,
    floats,
    quiet,
    quotient,
    student_quantile,
)
from evenground.measures.sums import Sums

_ASSUMED = (STUDENTS_INDEPENDENT, "the mean of so many students is nearly normal")


@dataclass(frozen=True)
class Mean(Estimate):
    """A mean with its standard deviation, the effective n behind it, and its interval."""

    sd: Floats
    n: Floats

    @property
    @quiet
    def variance(self) -> Floats:
        """Variance of the mean itself, sd^2 / n; 0 for an exactly known number."""
        return np.asarray(np.where(np.isinf(self.n), 0.0, self.sd**2 / self.n))

    @classmethod
    def known(cls, value: npt.ArrayLike) -> Mean:
        """A number without uncertainty (a target): sd 0, n infinite."""
        exact = floats(value)
        zero, many = np.zeros_like(exact), np.full_like(exact, np.inf)
        return cls(low=exact, high=exact, value=exact, sd=zero, n=many)


@quiet
def student(
    n: npt.ArrayLike,
    total: npt.ArrayLike,
    total_sq: npt.ArrayLike,
    n_effective: npt.ArrayLike | None = None,
    confidence: float = 0.95,
) -> Mean:
    """Mean, standard deviation and Student's interval from sums; arrays of one shape.

    `n`, `total`, `total_sq` are the sums of w, w x and w x^2; `n_effective` (Kish) replaces n wherever the
    number of independent students counts. sd^2 = (total_sq/n - mean^2) m/(m - 1) and the interval is
    mean -/+ t(m - 1) sd/sqrt(m), with m = n_effective or n. One student has a mean, but neither sd nor
    interval (NaN); values that are all equal have no interval either, since nothing tells how far chance
    might move them. Sums of squares of numbers that are large beside their spread lose digits: shift first.
    """
    size = floats(n)
    m = size if n_effective is None else floats(n_effective)
    value = quotient(total, size)
    mean_sq = quotient(total_sq, size)
    spread = mean_sq - value**2
    # Less than the rounding of the subtraction is no spread at all.
    spread = np.where(spread <= 4 * np.finfo(float).eps * mean_sq, 0.0, spread)
    spread = np.where(np.isnan(mean_sq) | np.isnan(value), np.nan, spread)
    sd = np.where(m > 1, np.sqrt(quotient(spread * m, m - 1)), np.nan)
    half = np.where(sd > 0, student_quantile(m - 1, confidence) * sd / np.sqrt(m), np.nan)
    return Mean(low=value - half, high=value + half, value=value, sd=sd, n=m, assumed=_ASSUMED)


def estimate(sums: Sums, confidence: float = 0.95) -> Mean:
    """The mean of each group with Student's interval; weights count through Kish's effective n."""
    return student(sums.n, sums.total, sums.total_sq, sums.n_effective, confidence)
