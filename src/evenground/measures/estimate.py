"""A number with its interval, and the few pieces of arithmetic that every measure shares."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.str_]

STUDENTS_INDEPENDENT = "one student's outcome does not depend on another's"
# An error that is this small beside its value is the rounding of a sum of zeros.
_ROUNDING = 1e-12
APART = "the two that are compared are independent of each other"

# Measures answer NaN where a question has no answer (nobody in the group, a share of nothing); numpy would
# warn about each of these, and a warning that is expected teaches people to overlook warnings.
quiet = np.errstate(all="ignore")


@dataclass(frozen=True)
class Interval:
    """Lower and upper bound, arrays of one shape; NaN where no interval exists.

    `assumed` says in short phrases what the interval rests on, for a reader who would attack it.
    """

    low: Floats
    high: Floats
    assumed: tuple[str, ...] = field(default=(), kw_only=True)

    def excludes(self, value: float = 0.0) -> Bools:
        """True where the whole interval lies on one side of `value`; False where a bound is NaN."""
        return np.asarray((self.low > value) | (self.high < value))


@dataclass(frozen=True)
class Estimate(Interval):
    """A value with its interval. `value` may be known where the bounds are NaN, never the other way round."""

    value: Floats

    @classmethod
    def exactly(cls, value: npt.ArrayLike) -> Estimate:
        """A number without uncertainty, such as a target that people have set."""
        known = floats(value)
        return cls(low=known, high=known, value=known)

    def take(self, rows: Ints | Bools) -> Estimate:
        """The estimates at these rows."""
        return Estimate(self.low[rows], self.high[rows], self.value[rows], assumed=self.assumed)


def floats(values: npt.ArrayLike) -> Floats:
    """The values as an array of 64-bit floats; a masked or None entry is NaN."""
    if isinstance(values, np.ma.MaskedArray):
        return np.asarray(np.ma.filled(values.astype(np.float64), np.nan))
    return np.asarray(values, dtype=np.float64)


@quiet
def quotient(numerator: npt.ArrayLike, denominator: npt.ArrayLike) -> Floats:
    """numerator / denominator; NaN where the denominator is zero (a share of nothing is not a number)."""
    bottom = floats(denominator)
    return np.asarray(floats(numerator) / np.where(bottom == 0, np.nan, bottom))


def normal_quantile(confidence: float) -> float:
    """Two-sided quantile of the normal distribution: 1.959964 for a confidence of .95."""
    return float(special.ndtri(tails(confidence)[1]))


def tails(confidence: float) -> tuple[float, float]:
    """The shares below the two ends of the middle `confidence`: .025 and .975 for .95."""
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}; give a number between 0 and 1, such as 0.95")
    return 0.5 - confidence / 2, 0.5 + confidence / 2


def middle(draws: Floats, confidence: float, *, point: bool = False) -> tuple[Floats, Floats]:
    """The ends of the middle `confidence` of the draws, along the first axis.

    Draws without an answer (NaN) do not count. NaN where none has one, and, unless a single `point` may be
    meant (a number that takes few values), where all draws are alike: see `seen_error`.
    """
    ends = tails(confidence)
    there = np.any(~np.isnan(draws), axis=0)
    low, high = np.nanquantile(np.where(there, draws, 0.0), ends, axis=0)
    told = there if point else there & (high - low > _ROUNDING * np.abs(high))
    return np.where(told, low, np.nan), np.where(told, high, np.nan)


def seen_error(error: npt.ArrayLike, value: npt.ArrayLike = 1.0) -> Floats:
    """The standard error, NaN where it is 0 (or rounding beside `value`).

    5 of 5 students do not make a rate certain: numbers that are all alike tell nothing of how far chance
    might move them, and an interval of no width would say that they do.
    """
    found = floats(error)
    return np.asarray(np.where(found > _ROUNDING * np.maximum(np.abs(floats(value)), 1e-300), found, np.nan))


def student_quantile(df: npt.ArrayLike, confidence: float) -> Floats:
    """Two-sided quantile of Student's t; the normal quantile where df is infinite.

    NaN where df < 1, which is less than two independent numbers: the quantile grows without end there, and
    says nothing of the numbers.
    """
    normal = normal_quantile(confidence)
    degrees = floats(df)
    # Groups of equal size share a quantile, which is far dearer to compute than to look up.
    usable, place = np.unique(np.where(degrees >= 1, degrees, np.nan), return_inverse=True)
    found = special.stdtrit(np.where(np.isinf(usable), 1.0, usable), 0.5 + confidence / 2)
    return np.asarray(np.where(np.isinf(usable), normal, found)[place].reshape(degrees.shape))


@quiet
def satterthwaite(first: Floats, first_n: Floats, second: Floats, second_n: Floats) -> Floats:
    """Degrees of freedom of a sum of two variances, each estimated from n students; NaN where both are 0.

    (v1 + v2)^2 / (v1^2/(n1 - 1) + v2^2/(n2 - 1)). An infinite n (an exactly known number) adds nothing.
    Source: Satterthwaite (1946), Biometrics Bulletin 2:110-114.
    """
    parts = [np.where(np.isinf(n), 0.0, v**2 / (n - 1)) for v, n in ((first, first_n), (second, second_n))]
    return quotient((first + second) ** 2, parts[0] + parts[1])
