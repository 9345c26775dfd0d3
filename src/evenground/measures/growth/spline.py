"""Cubic B-splines: a curve of a prior score, bent at a few knots."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.estimate import Floats, floats

_DEGREE = 3


@dataclass(frozen=True)
class Knots:
    """Where a curve may bend (`interior`) and where it ends (`low`, `high`), in points of the score."""

    interior: tuple[float, ...]
    low: float
    high: float


def knots(
    scores: npt.ArrayLike,
    at: tuple[float, ...] = (0.2, 0.4, 0.6, 0.8),
    beyond: float = 0.1,
    digits: int = 3,
) -> Knots:
    """Knots at quantiles of the scores (linear between order statistics, R's type 7), the ends `beyond`
    their range by that part of its width on either side; all rounded to `digits`. Missing scores are left
    out. ValueError where no score is there.
    Source: Betebenner (2011), the SGP package's defaults.
    """
    known = floats(scores)
    known = known[np.isfinite(known)]
    if known.size == 0:
        raise ValueError("there is no score to place knots by")
    low, high = float(known.min()), float(known.max())
    width = beyond * (high - low)
    inner = np.round(np.quantile(known, at), digits)
    return Knots(tuple(inner.tolist()), round(low - width, digits), round(high + width, digits))


def basis(scores: npt.ArrayLike, placed: Knots) -> Floats:
    """Cubic B-splines of the scores (n) at these knots, without the first, for a design that has its own
    column of ones: (n, interior knots + 3), values from 0 to 1. NaN where a score is missing.

    ValueError where a score lies outside the ends: the curve says nothing there.
    Source: de Boor (1978), A Practical Guide to Splines; R's splines::bs.
    """
    from scipy.interpolate import BSpline

    values = floats(scores)
    distinct, place = np.unique(values, return_inverse=True)
    known = distinct[np.isfinite(distinct)]
    if known.size and (known[0] < placed.low or known[-1] > placed.high):
        raise ValueError(
            f"scores run from {known[0]} to {known[-1]}, the curve only from {placed.low} to {placed.high}"
        )
    ends = [placed.low] * (_DEGREE + 1), [placed.high] * (_DEGREE + 1)
    sequence = np.array([*ends[0], *placed.interior, *ends[1]])
    table = np.full((distinct.size, sequence.size - _DEGREE - 2), np.nan)
    if placed.low == placed.high:  # all scores are one: a curve of it is a constant
        table[: known.size] = 0.0
    elif known.size:
        table[: known.size] = BSpline.design_matrix(known, sequence, _DEGREE).toarray()[:, 1:]
    return np.asarray(table[place.ravel()])
