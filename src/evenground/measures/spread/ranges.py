"""Ranges: how far the money of the best-funded students lies from that of the least-funded."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from evenground.measures.estimate import Floats, quiet, quotient
from evenground.measures.spread.districts import Districts, Spread


def full_range(amount: npt.ArrayLike, students: npt.ArrayLike) -> Spread:
    """Highest minus lowest money a student, of districts with students: moved by a single odd district.

    No interval: what lies beyond the highest and the lowest, those that are there do not tell.
    Source: Berne and Stiefel (1984), The Measurement of Equity in School Finance.
    """
    places = Districts.of(amount, students)

    @quiet
    def measure(weights: Floats) -> Floats:
        there = weights > 0
        return np.asarray(
            np.where(there, places.amount, -np.inf).max(axis=1)
            - np.where(there, places.amount, np.inf).min(axis=1)
        )

    return places.measured(measure, draws=0, seed=0, confidence=0.95)


def restricted_range(
    amount: npt.ArrayLike,
    students: npt.ArrayLike,
    *,
    low: float = 0.05,
    high: float = 0.95,
    draws: int = 500,
    seed: int = 1,
    confidence: float = 0.95,
) -> Spread:
    """Money a student at the 95th percentile of the students minus that at the 5th, in the amount's units.

    The percentile is the smallest amount with at least that share of the *students* at or below it. With
    fewer than 50 districts the ends are single districts, and the interval is rough and too short.
    Source: Berne and Stiefel (1984), The Measurement of Equity in School Finance.
    """
    places = Districts.of(amount, students)

    def measure(weights: Floats) -> Floats:
        return percentile(places.amount, weights, high) - percentile(places.amount, weights, low)

    return places.measured(measure, draws=draws, seed=seed, confidence=confidence)


def federal_range_ratio(
    amount: npt.ArrayLike,
    students: npt.ArrayLike,
    *,
    low: float = 0.05,
    high: float = 0.95,
    draws: int = 500,
    seed: int = 1,
    confidence: float = 0.95,
) -> Spread:
    """(P95 - P5)/P5 of the students' money: the disparity test of the federal rule asks for at most .25.

    As `restricted_range`.
    Source: 34 CFR 222.162 (P.L. 81-874).
    """
    places = Districts.of(amount, students)

    def measure(weights: Floats) -> Floats:
        bottom = percentile(places.amount, weights, low)
        return quotient(percentile(places.amount, weights, high) - bottom, bottom)

    return places.measured(measure, draws=draws, seed=seed, confidence=confidence)


def percentile(amount: Floats, weights: Floats, share: float) -> Floats:
    """The smallest of the rising amounts with at least `share` of each row of weights at or below it."""
    held = np.cumsum(weights, axis=1)
    # A sum that equals the share on paper may miss it by its rounding.
    reached = held >= share * held[:, -1:] * (1 - 1e-12)
    return np.asarray(np.where(held[:, -1] > 0, amount[np.argmax(reached, axis=1)], np.nan))
