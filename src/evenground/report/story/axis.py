"""Axes: where they start and end, what stands at them, how a value is told beside a mark."""

from __future__ import annotations

import math
from collections.abc import Sequence

from evenground.press import Words, decimal
from evenground.report.story.speech import Speech

_ZOOM_BELOW = 0.25  # rates are drawn on 0 to 100 unless all are below this; the axis then says where it ends


def bounds(speech: Speech, indicator: str, edges: Sequence[float]) -> tuple[float, float]:
    """Where the axis starts and ends: rates 0 to 100, or to a round number above small ones; averages
    from zero."""
    highest = max(edges, default=1.0)
    if speech.share(indicator) and highest >= _ZOOM_BELOW:
        return 0.0, 1.0
    return 0.0, _round_up(highest * 1.05)


def _round_up(value: float) -> float:
    """The next of 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10 times a power of ten."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if step * power >= value - 1e-12)


def scale_of(speech: Speech, indicator: str) -> float:
    return 100 if speech.share(indicator) else 1


def axis_title(speech: Speech, indicator: str, end: float) -> Words:
    known = speech.indicator(indicator)
    if known.unit != "share":
        return speech.wording.label(f"axis.{known.unit}")
    return (
        speech.wording.label("axis.share")
        if end == 1.0
        else speech.wording.label("axis.share.end", x=f"{end * 100:g}")
    )


def told(speech: Speech, indicator: str, value: float | None) -> str:
    if value is None:
        return ""
    if speech.share(indicator):
        return decimal(value * 100, 0 if value >= 0.0995 or value == 0 else 1 if value >= 0.00995 else 2)
    return speech.figure(indicator, value)
