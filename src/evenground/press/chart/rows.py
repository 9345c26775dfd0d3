"""Where the rows of a chart stand: names to the left of the plot where there is room, above it on a phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from evenground.press.canvas import Canvas
from evenground.press.lettering import LINE, SMALL, height_of, widest
from evenground.press.words import Words

WIDE, PRINT, NARROW = 720, 560, 300
"""Points across: a column of text on a screen, a part of one on paper, and the narrowest phone (320 less its
margins)."""

_HALF = 0.49  # of the width, at most, for names
_ROW = 26.0  # a row of one line
_TRACK = 17  # on a phone: from the last line of the name down to the marks
_BELOW = 17  # and from the marks to the next row
_HEADING = 26
_AIR = 10  # above a heading, and between a name and what stands beside it


class Row(Protocol):
    @property
    def label(self) -> Words: ...
    @property
    def accent(self) -> bool: ...
    @property
    def heading(self) -> Words | None: ...


@dataclass(frozen=True)
class Plot:
    """The part of the chart between the names and what is written at the rows' ends."""

    left: float
    right: float  # the point where it ends
    wide: bool


def plot_of(width: int, names: float, ends: float) -> Plot:
    """`names`: room at the left where the chart is wide; `ends`: room at the right for what stands there."""
    wide = is_wide(width)
    return Plot(min(names, width * _HALF) if wide else 6, width - ends, wide)


def is_wide(width: int) -> bool:
    """Whether there is room beside the plot."""
    return width >= (WIDE + NARROW) / 2


def laid(
    canvas: Canvas,
    plot: Plot,
    rows: Sequence[Row],
    top: float,
    beside: Sequence[Words] = (),
    least: float = _ROW,
) -> tuple[list[float], float]:
    """Writes headings and names; gives the middle of each row's marks, and where the last row ends. `beside`:
    a few words at the end of each row's name (its n). `least`: how high a row is at least, where it is wide.
    """
    middles, y = [], top
    for at, row in enumerate(rows):
        if row.heading:
            y += _AIR if at else 0
            canvas.words(row.heading, 0, y + 12, bold=True, room=canvas.width)
            y += _HEADING
        more = beside[at] if beside else Words.same("")
        taken = widest(more, size=SMALL) + _AIR if more else 0.0
        room = plot.left - _AIR - taken if plot.wide else canvas.width - taken
        named = height_of(row.label, room, bold=row.accent)
        height = max(least, named + 11) if plot.wide else named + _TRACK + _BELOW
        middle = y + height / 2 if plot.wide else y + named + _TRACK
        colour = "accent" if row.accent else "ink"
        label = middle if plot.wide else y + named / 2 + 2
        canvas.words(row.label, 0, label, colour, bold=row.accent, room=room, clear=not plot.wide)
        end, last = (plot.left - 14, label) if plot.wide else (canvas.width, y + named - LINE / 2 + 2)
        canvas.words(more, end, last, "soft", small=True, align="end", clear=not plot.wide)
        middles.append(middle)
        y += height
    return middles, y
