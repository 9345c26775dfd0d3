"""An opportunity that all children should have: how many have it, and how unevenly it is spread."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.estimate import (
    Estimate,
    Floats,
    floats,
    normal_quantile,
    quiet,
    quotient,
    seen_error,
)

_ASSUMED = ("students are independent", "the size of each group is known")


@dataclass(frozen=True)
class Opportunity(Estimate):
    """The index, and what makes it: `coverage`, the share who have it, and `dissimilarity`, the share that
    would have to go to other groups for all groups to have it alike. index = coverage (1 - dissimilarity)."""

    coverage: Floats
    dissimilarity: Floats


@quiet
def dissimilarity(n: npt.ArrayLike, successes: npt.ArrayLike, confidence: float = 0.95) -> Estimate:
    """D = sum w_k |p_k - p| / (2 p): the share of the opportunities that are unequally spread.

    One row a group of students with the same background (types): students, and those who have it. w_k is the
    group's share of the students, p_k its rate, p the rate of all. Rows of nobody do not count; NaN where
    nobody has it. Chance alone makes D larger than 0, the more the smaller the groups are. The interval is
    by the delta method; none where in every group all have it or nobody. Raises ValueError where more
    have it than there are.
    Source: Paes de Barros, Ferreira, Molinas Vega and Saavedra Chanduvi (2009), Measuring Inequality of
    Opportunities in Latin America and the Caribbean, World Bank, chapter 2.
    """
    w, p, mean, variance = _types(n, successes)
    side = np.sign(p - mean)
    middle = float(w @ side)
    penalty = float(w @ np.abs(p - mean)) / 2
    # By p_k: the penalty moves by w_k (side_k - middle)/2 and the mean by w_k.
    slope = w * ((side - middle) / 2 - quotient(penalty, mean)) * quotient(1.0, mean)
    return _estimate(float(quotient(penalty, mean)), np.sqrt(float(slope**2 @ variance)), confidence)


@quiet
def opportunity_index(n: npt.ArrayLike, successes: npt.ArrayLike, confidence: float = 0.95) -> Opportunity:
    """The human opportunity index: coverage less what is unevenly spread, p (1 - D).

    Rows as in `dissimilarity`. It rises when anybody gains, and more when a group below the average does.
    Source: as `dissimilarity`.
    """
    w, p, mean, variance = _types(n, successes)
    side = np.sign(p - mean)
    slope = w * (1 - (side - float(w @ side)) / 2)
    penalty = float(w @ np.abs(p - mean)) / 2
    found = _estimate(float(mean) - penalty, np.sqrt(float(slope**2 @ variance)), confidence)
    return Opportunity(
        low=found.low,
        high=found.high,
        value=found.value,
        coverage=floats(mean),
        dissimilarity=quotient(penalty, mean),
        assumed=_ASSUMED,
    )


def _types(n: npt.ArrayLike, successes: npt.ArrayLike) -> tuple[Floats, Floats, Floats, Floats]:
    """Share, rate and variance of the rate of each group, and the rate of all."""
    size, reached = floats(n), floats(successes)
    if size.shape != reached.shape:
        raise ValueError(f"there are {size.size} groups and {reached.size} counts; give as many of each")
    if np.any((reached < 0) | (reached > size)):
        raise ValueError("in a group more students have the opportunity than there are")
    if np.isnan(size + reached).any():
        nothing = np.full(1, np.nan)
        return nothing, nothing, floats(np.nan), nothing
    size, reached = size[size > 0], reached[size > 0]
    p = quotient(reached, size)
    mean = quotient(reached.sum(), size.sum())
    return floats(size / size.sum()), p, mean, floats(p * (1 - p) / size)


def _estimate(value: float, error: float, confidence: float) -> Estimate:
    half = float(normal_quantile(confidence) * seen_error(error))
    low, high = max(value - half, 0.0), min(value + half, 1.0)
    if np.isnan(half):
        low = high = float("nan")
    return Estimate(low=floats(low), high=floats(high), value=floats(value), assumed=_ASSUMED)
