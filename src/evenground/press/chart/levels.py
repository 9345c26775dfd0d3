"""Diverging stacked bars: the levels below the standard to the left of it, the others to the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evenground.press.canvas import Axis, Canvas
from evenground.press.chart.rows import laid, plot_of
from evenground.press.lettering import SMALL, height_of
from evenground.press.number import decimal
from evenground.press.picture import Picture
from evenground.press.words import Words

_NAMES = 290
_HALF = 10  # half the height of a bar
_TEETH = 5  # from one line of the pattern to the next
_BESIDE = 20  # room outside the bars for the number of a segment that is too small for it


@dataclass(frozen=True)
class LevelRow:
    """One group of a stacked bar: the shares of each level from lowest to highest, or None with a note."""

    label: Words
    shares: tuple[float, ...] | None
    note: Words | None = None
    accent: bool = False
    heading: Words | None = None


@dataclass(frozen=True)
class Levels:
    """`names` are those of the levels, from lowest to highest; `standard` is how many lie below it."""

    rows: tuple[LevelRow, ...]
    names: tuple[Words, ...]
    standard: int
    axis: Words

    def picture(self, width: int) -> Picture:
        canvas = Canvas(width)
        plot = plot_of(width, _NAMES, 4)
        told = [row.shares for row in self.rows if row.shares]
        below = max((sum(shares[: self.standard]) for shares in told), default=1.0)
        above = max((sum(shares[self.standard :]) for shares in told), default=1.0)
        axis = Axis(-below, above, plot.left + _BESIDE, plot.right - _BESIDE, 100)
        key = self._key(canvas, plot.wide)
        top = key + 44
        canvas.words(self.axis, plot.left if plot.wide else 0, key + 10, "soft", small=True)
        middles, bottom = laid(canvas, plot, self.rows, top + 2)
        for row, middle in zip(self.rows, middles, strict=True):
            if row.shares is None:
                note = row.note or Words.same("")
                canvas.words(note, plot.left + 4, middle, "soft", small=True, clear=True)
            else:
                self._stack(canvas, axis, row.shares, middle)
        canvas.top_axis(axis, 5, top, bottom)
        canvas.line(axis.at(0), top - 4, axis.at(0), bottom, "ink", 1.5)
        return canvas.picture(bottom + 6)

    def _stack(self, canvas: Canvas, axis: Axis, shares: Sequence[float], y: float) -> None:
        """The number stands in its segment; where an outer one is too small, beside it."""
        left = -sum(shares[: self.standard])
        canvas.frame(axis.at(left), axis.at(sum(shares[self.standard :])) - 1, y - _HALF, y + _HALF)
        for at, share in enumerate(shares):
            start, end = axis.at(left), axis.at(left + share)
            left += share
            _segment(canvas, start, end, y, at)
            number = Words.same(decimal(share * 100, 0))
            if end - start >= 8.5 * len(number.en) + 4:
                canvas.words(number, (start + end) / 2, y, f"on{at + 1}", small=True, align="middle")
            elif at in (0, len(shares) - 1):
                x, align = (start - 4, "end") if at == 0 else (end + 4, "start")
                canvas.words(number, x, y, "soft", small=True, align=align, clear=True)

    def _key(self, canvas: Canvas, wide: bool) -> float:
        """What the segments are, above the bars; gives where it ends."""
        columns = len(self.names) if wide else 2
        step, y = canvas.width / columns, 4.0
        for first in range(0, len(self.names), columns):
            row = self.names[first : first + columns]
            height = max(height_of(name, step - 28, SMALL) for name in row)
            for column, name in enumerate(row):
                x, middle = column * step, y + height / 2
                _segment(canvas, x, x + 14, middle, first + column, half=7)
                canvas.words(name, x + 20, middle, small=True, room=step - 28)
            y += height + 6
        return y


def _segment(canvas: Canvas, start: float, end: float, y: float, level: int, half: float = _HALF) -> None:
    """The lowest level carries lines, so that it is told from the highest on a black and white print."""
    if end - start <= 1:
        return
    canvas.bar(start, end - 1, y - half, y + half, f"deep{level + 1}")
    if level == 0:
        for edge in (y - half + 1.5, y + half - 1.5):
            canvas.teeth(start + _TEETH - 1, end - 1, edge, 3, _TEETH)
