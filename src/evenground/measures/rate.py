"""Rates: the share of a student group that reached something, and how sure we are of it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from evenground.measures.estimate import (
    STUDENTS_INDEPENDENT,
    Estimate,
    Floats,
    Interval,
    floats,
    normal_quantile,
    quiet,
    quotient,
)
from evenground.measures.sums import Sums, kish


def rate(successes: npt.ArrayLike, n: npt.ArrayLike) -> Floats:
    """successes / n as a fraction; NaN where n is 0 or either is missing."""
    return quotient(successes, n)


@quiet
def wilson(successes: npt.ArrayLike, n: npt.ArrayLike, confidence: float = 0.95) -> Interval:
    """Wilson's score interval of a rate, without continuity correction.

    `successes` and `n` are arrays of one shape; both may be fractional, as an effective n is. With p = s/n:
    (2np + z^2 -/+ z sqrt(z^2 + 4np(1-p))) / (2(n + z^2)). NaN where n is 0 and where p is not within 0..1.
    Source: Newcombe (1998), Statistics in Medicine 17:857-872, method 3.
    """
    z = normal_quantile(confidence)
    s, size = floats(successes), floats(n)
    p = quotient(s, size)
    valid = (p >= 0) & (p <= 1) & (size > 0)
    middle = 2 * s + z * z
    half = z * np.sqrt(z * z + 4 * s * (1 - p))
    low = (middle - half) / (2 * (size + z * z))
    high = (middle + half) / (2 * (size + z * z))
    # At 0 and 1 the bound is the rate itself; rounding would leave it a hair beside it.
    low = np.where(p == 0, 0.0, np.clip(low, 0.0, 1.0))
    high = np.where(p == 1, 1.0, np.clip(high, 0.0, 1.0))
    return Interval(
        low=np.where(valid, low, np.nan), high=np.where(valid, high, np.nan), assumed=(STUDENTS_INDEPENDENT,)
    )


@quiet
def estimate(sums: Sums, confidence: float = 0.95) -> Estimate:
    """The rate of each group with its Wilson interval; weights count through Kish's effective n.

    Noise widens either side of it: the distances of two independent errors add as squares (MOVER; Zou and
    Donner 2008), of the normal error of the noise and of Wilson's.
    """
    value, effective = sums.rate, kish(sums.n, sums.weight_sq)
    bounds = wilson(value * effective, effective, confidence)
    if sums.noise is None:
        return Estimate(low=bounds.low, high=bounds.high, value=value, assumed=bounds.assumed)
    error = normal_quantile(confidence) * np.sqrt(sums.noise_of(value))
    low, high = value - np.hypot(value - bounds.low, error), value + np.hypot(bounds.high - value, error)
    assumed = (*bounds.assumed, "the noise is independent of the counts")
    return Estimate(low=np.clip(low, 0.0, 1.0), high=np.clip(high, 0.0, 1.0), value=value, assumed=assumed)
