"""Lines over the years with their names at the ends; a ribbon shows the interval of the accented one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from evenground.model import period_end
from evenground.press.canvas import Axis, Canvas
from evenground.press.chart.rows import is_wide
from evenground.press.lettering import SMALL, height_of, widest, width_of, wrapped
from evenground.press.picture import Picture
from evenground.press.words import Words

_LEFT = 44  # room for the labels of the axis
_AIR = 2  # between two names


@dataclass(frozen=True)
class Line:
    """One group over time; None breaks the line. `told`: the last value, as it is written at its end;
    `written`: that of each period, empty where there is none."""

    label: Words
    values: tuple[float | None, ...]
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()
    accent: bool = False
    reference: bool = False
    told: str = ""
    written: tuple[str, ...] = ()

    @property
    def name(self) -> Words:
        return Words.each(lambda label: f"{label}\u00a0{self.told}" if self.told else label, self.label)


@dataclass(frozen=True)
class Lines:
    """`start`, `end` and `scale` as those of Dots, up the side; `periods` are the school years, which stand
    as far from each other as they are in time."""

    series: tuple[Line, ...]
    periods: tuple[str, ...]
    start: float
    end: float
    scale: float
    axis: Words

    def picture(self, width: int) -> Picture:
        canvas = Canvas(width)
        wide = is_wide(width)
        room = 210 if wide else 100
        longest = max((_width(line, room) for line in self.series), default=0.0)
        names = sum(_height(line, room) for line in self.series)
        least = 320 if wide else 240 if len(self.series) > 2 else 150
        right, top, height = width - longest - 16, 30, max(least, names)
        spots = self._spots(right)
        up = Axis(self.start, self.end, top + height, top, self.scale)
        canvas.words(self.axis, 0, 8, "soft", small=True)
        canvas.side_axis(up, 5, _LEFT, right)
        self._years(canvas, spots, top + height + 16)
        for line in self.series:
            if line.accent and line.low and line.high:
                _ribbon(canvas, spots, up, line)
        for line in sorted(self.series, key=lambda line: (line.accent, line.reference)):
            _draw(canvas, spots, up, line)
        self._names(canvas, up, right, room, top, top + height)
        return canvas.picture(top + height + 28)

    def _spots(self, right: float) -> list[float]:
        """Where each year stands: two years apart is twice as far as one."""
        years = [period_end(period) for period in self.periods]
        across = Axis(years[0], max(years[-1], years[0] + 1), _LEFT, right)
        return [across.at(year) for year in years]

    def _years(self, canvas: Canvas, spots: Sequence[float], y: float) -> None:
        """Each year where they fit, else the first and the last."""
        step = min((after - before for before, after in pairwise(spots)), default=0.0)
        fit = step >= widest(*map(Words.same, self.periods), size=SMALL) + 8
        for at, (period, x) in enumerate(zip(self.periods, spots, strict=True)):
            if fit or at in (0, len(spots) - 1):
                canvas.words(Words.same(period), x, y, "soft", small=True, align="middle")

    def _names(self, canvas: Canvas, up: Axis, right: float, room: float, top: float, bottom: float) -> None:
        """Names at the ends of the lines, pushed apart where they would touch."""
        ends = [
            (up.at(known[-1]), line)
            for line in self.series
            if (known := [value for value in line.values if value is not None])
        ]
        ends.sort(key=lambda entry: entry[0])
        heights = [_height(line, room) for _, line in ends]
        middles = spread([(y, height) for (y, _), height in zip(ends, heights, strict=True)], top, bottom)
        for y, (_, line) in zip(middles, ends, strict=True):
            colour = "accent" if line.accent else "ink" if line.reference else "soft"
            canvas.words(line.name, right + 10, y, colour, small=True, bold=line.accent, room=room)


def _width(line: Line, room: float) -> float:
    """What its name takes across."""
    bold = line.accent
    parts = [part for text in line.name.values() for part in wrapped(text, room, SMALL, bold)]
    return max(width_of(part, SMALL, bold) for part in parts)


def _height(line: Line, room: float) -> float:
    return height_of(line.name, room, SMALL, line.accent) + _AIR


def _draw(canvas: Canvas, spots: Sequence[float], up: Axis, line: Line) -> None:
    colour = "accent" if line.accent else "ink" if line.reference else "rule"
    for piece in _pieces(line.values):
        points = [(spots[at], up.at(value)) for at, (value,) in piece]
        if len(points) > 1:
            canvas.curve(points, colour, 2.5 if line.accent else 1.5, dash=line.reference)
        for x, y in points if line.accent or len(points) == 1 else (points[0], points[-1]):
            canvas.dot(x, y, colour, 7 if line.accent else 5)


def _ribbon(canvas: Canvas, spots: Sequence[float], up: Axis, line: Line) -> None:
    for piece in _pieces(line.low, line.high):
        if len(piece) > 1:
            low, high = ([(spots[at], up.at(pair[end])) for at, pair in piece] for end in (0, 1))
            canvas.area([*high, *reversed(low)], "tint")


def _pieces(*columns: Sequence[float | None]) -> Iterator[list[tuple[int, list[float]]]]:
    """The runs of years in which nothing is missing."""
    piece: list[tuple[int, list[float]]] = []
    for at, values in enumerate(zip(*columns, strict=True)):
        known = [value for value in values if value is not None]
        if len(known) == len(values):
            piece.append((at, known))
        elif piece:
            yield piece
            piece = []
    if piece:
        yield piece


def spread(entries: Sequence[tuple[float, float]], top: float, bottom: float) -> list[float]:
    """The middles of (middle, height) entries, sorted by middle, moved so that none overlap,
    between `top` and `bottom` as far as there is room.
    """
    middles, limit = [], top
    for middle, height in entries:
        middles.append(max(middle, limit + height / 2))
        limit = middles[-1] + height / 2
    limit = max(bottom, top + sum(height for _, height in entries))
    for at in reversed(range(len(entries))):
        middles[at] = min(middles[at], limit - entries[at][1] / 2)
        limit = middles[at] - entries[at][1] / 2
    return middles
