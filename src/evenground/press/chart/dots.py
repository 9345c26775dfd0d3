"""Dot plot: a row a group, the interval as a thin bar, the reference as a labelled line."""

from __future__ import annotations

from dataclasses import dataclass

from evenground.press.canvas import Axis, Canvas
from evenground.press.chart.rows import Plot, laid, plot_of
from evenground.press.lettering import SMALL, widest
from evenground.press.picture import Picture
from evenground.press.words import Words

_NAMES = 350  # room for the names of groups, with their n
_ENDS = 50  # room for the values at the rows' ends, at least


@dataclass(frozen=True)
class DotRow:
    """One group of a dot plot. `value` None: the row stays and says `note`; `low` and `high` are then all
    that is told of it.
    """

    label: Words
    n: Words  # "n = 1,234", or nothing
    value: float | None
    low: float | None = None
    high: float | None = None
    reference: float | None = None
    told: str = ""  # the value as it is written at the row's end
    note: Words | None = None
    accent: bool = False
    heading: Words | None = None  # starts a panel with this name
    wider: float | None = None  # the same group's value in a wider place: its district, its state
    hollow: bool = False  # a small group's value that leans on others


@dataclass(frozen=True)
class Dots:
    """`start` and `end` bound the axis, in units of the values; `scale` turns a value into what the axis says
    (100 for rates).

    `reference` names the line that the rows' references make; `wider` the small marks of a wider place.
    `joined`: a thin line leads from each reference, a hollow dot, to the value (for money).
    """

    rows: tuple[DotRow, ...]
    start: float
    end: float
    scale: float
    axis: Words
    reference: Words | None = None
    wider: Words | None = None
    joined: bool = False

    def picture(self, width: int) -> Picture:
        canvas = Canvas(width)
        ends = max(_ENDS, 20 + widest(*(Words.same(row.told) for row in self.rows), bold=True))
        plot = plot_of(width, _NAMES, ends)
        axis = Axis(self.start, self.end, plot.left, plot.right, self.scale)
        named = self.reference is not None and any(row.reference is not None for row in self.rows)
        top = 44 + 24 * named + 16 * (self.wider is not None)
        middles, bottom = laid(canvas, plot, self.rows, top + 4, [row.n for row in self.rows])
        spots = list(zip(self.rows, middles, strict=True))
        for row, middle in spots:
            mark_row(canvas, axis, row, middle, plot.right + 12)
        canvas.top_axis(axis, 5, top, bottom)
        canvas.words(self.axis, 0 if not plot.wide else plot.left, 8, "soft", small=True, room=width)
        if self.joined:
            self._join(canvas, axis, spots, top)
        elif named:
            self._line(canvas, axis, spots, plot, top, bottom)
        if self.wider:
            self._wider(canvas, axis, spots, top)
        return canvas.picture(bottom + 6)

    def _line(
        self,
        canvas: Canvas,
        axis: Axis,
        spots: list[tuple[DotRow, float]],
        plot: Plot,
        top: float,
        bottom: float,
    ) -> None:
        """One line through all rows where they share a reference (and no words stand in its way), else a
        short mark in each row."""
        found = [
            (row.reference, y) for row, y in spots if row.reference is not None and row.value is not None
        ]
        if not found or self.reference is None:
            return
        values = [value for value, _ in found]
        shared = max(values) - min(values) < 1e-6 * max(1.0, abs(max(values)))
        if shared and plot.wide:
            canvas.line(axis.at(values[0]), top - 4, axis.at(values[0]), bottom, "ink", dash=True)
        else:
            for value, y in found:
                canvas.line(axis.at(value), y - 9, axis.at(value), y + 9, "ink", 1.5)
        name = self.reference if shared else Words.each("| {}".format, self.reference)
        canvas.named(name, axis.at(values[0]), top - 34)

    def _join(self, canvas: Canvas, axis: Axis, spots: list[tuple[DotRow, float]], top: float) -> None:
        for row, y in spots:
            if row.value is not None and row.reference is not None:
                canvas.line(axis.at(row.reference), y, axis.at(row.value), y, "rule", 1.5)
                canvas.dot(axis.at(row.reference), y, "ink", 10, hollow=True)
        first = next((row.reference for row, _ in spots if row.reference is not None), None)
        if first is not None and self.reference is not None:
            canvas.ringed(self.reference, axis.at(first), top - 34, "ink", 10)

    def _wider(self, canvas: Canvas, axis: Axis, spots: list[tuple[DotRow, float]], top: float) -> None:
        """A small hollow mark below the row's line, named at the first."""
        found = [(row.wider, y) for row, y in spots if row.wider is not None]
        for value, y in found:
            canvas.dot(axis.at(value), y + 8, "rule", 6, hollow=True)
        if found and self.wider is not None:
            canvas.ringed(self.wider, axis.at(found[0][0]), top - 50, "rule", 6)


def mark_row(canvas: Canvas, axis: Axis, row: DotRow, y: float, end: float, room: float = 9999) -> None:
    """Interval, dot and, at the point `end`, the value; or, in lines of `room`, the words in their place."""
    if row.value is None:
        _untold(canvas, axis, row, y, end, room)
        return
    colour = "accent" if row.accent else "ink"
    if row.low is not None and row.high is not None:
        low, high = (axis.at(min(max(bound, axis.start), axis.end)) for bound in (row.low, row.high))
        canvas.line(low, y, high, y, "accent" if row.accent else "rule", 3)
    canvas.dot(axis.at(row.value), y, colour, hollow=row.hollow)
    canvas.words(Words.same(row.told), end, y, colour, bold=row.accent)


def _untold(canvas: Canvas, axis: Axis, row: DotRow, y: float, end: float, room: float) -> None:
    """The reason, and beside it the range in which the value lies, where that is told."""
    note, x, align = row.note or Words.same(""), axis.near + 4, "start"
    if row.low is not None and row.high is not None:
        low, high = axis.at(max(row.low, axis.start)), axis.at(min(row.high, axis.end))
        before, after = low - axis.near - 12, axis.far - high - 12
        if widest(note, size=SMALL) <= max(before, after):
            x, align = (high + 8, "start") if after >= before else (low - 8, "end")
            canvas.line(low, y, high, y, "rule")
            for edge in (low, high):
                canvas.line(edge, y - 5, edge, y + 5, "rule")
        canvas.words(Words.same(row.told), end, y, "soft", small=True)
    canvas.words(note, x, y, "soft", small=True, room=room, align=align, clear=True)
