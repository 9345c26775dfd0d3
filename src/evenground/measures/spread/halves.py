"""Halves: how the lower half of the students, and the upper half, fare beside the student in the middle."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from evenground.measures.estimate import Floats, quotient
from evenground.measures.spread.districts import Districts, Spread
from evenground.measures.spread.ranges import percentile

Middle = Literal["split", "whole"]


def mcloone(
    amount: npt.ArrayLike,
    students: npt.ArrayLike,
    *,
    middle: Middle = "split",
    draws: int = 500,
    seed: int = 1,
    confidence: float = 0.95,
) -> Spread:
    """Money of the lower half of the students over what it would be at the median; 1 is equal.

    The lower half is of students: the district of the median student is divided ("split"), or counted with
    all its students ("whole", as some states do, which comes out higher). Source: Berne and Stiefel (1984).
    """
    places = Districts.of(amount, students)

    def measure(weights: Floats) -> Floats:
        return _half(places.amount, weights, middle, upper=False)

    return places.measured(measure, draws=draws, seed=seed, confidence=confidence, most=1.0)


def verstegen(
    amount: npt.ArrayLike,
    students: npt.ArrayLike,
    *,
    middle: Middle = "split",
    draws: int = 500,
    seed: int = 1,
    confidence: float = 0.95,
) -> Spread:
    """Money of the upper half of the students over what it would be at the median; 1 is equal, above is more.

    As `mcloone`, with the other half. Source: Verstegen (1996), Journal of Education Finance.
    """
    places = Districts.of(amount, students)

    def measure(weights: Floats) -> Floats:
        return _half(places.amount, weights, middle, upper=True)

    return places.measured(measure, draws=draws, seed=seed, confidence=confidence, least=1.0)


def _half(amount: Floats, weights: Floats, middle: Middle, *, upper: bool) -> Floats:
    if middle not in ("split", "whole"):
        raise ValueError(f"middle is {middle!r}; write 'split' or 'whole'")
    held = np.cumsum(weights, axis=1)
    total = held[:, -1:]
    median = percentile(amount, weights, 0.5)
    if middle == "split":
        start = held - weights
        low, high = (total / 2, total) if upper else (np.zeros_like(total), total / 2)
        inside = np.maximum(np.minimum(held, high) - np.maximum(start, low), 0.0)
    else:
        on_side = amount >= median[:, None] if upper else amount <= median[:, None]
        inside = weights * on_side
    return quotient(inside @ amount, inside.sum(axis=1) * median)
