"""Verdicts: earned by the interval, never by the sign."""

from __future__ import annotations

import numpy as np

from evenground.measures import Interval

Sides = tuple[str, str, str]
APART: Sides = ("above", "below", "no_clear_difference")
MOVED: Sides = ("rose", "fell", "no_clear_change")


def verdicts(
    found: Interval, few: np.ndarray | bool = False, *, line: float = 0.0, sides: Sides = APART
) -> list[str | None]:
    """On which side of the line each whole interval lies; None where there is no interval, `too_few` where
    `few` says that it rests on too few students."""
    above, below, neither = sides
    low, high = np.atleast_1d(found.low), np.atleast_1d(found.high)
    said = np.select(
        [np.isnan(low) | np.isnan(high), np.broadcast_to(few, low.shape), low > line, high < line],
        ["", "too_few", above, below],
        neither,
    )
    return [text or None for text in said.tolist()]
