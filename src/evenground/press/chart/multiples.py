"""Small multiples of dot plots, side by side on one scale: the same rows under each heading."""

from __future__ import annotations

from dataclasses import dataclass, replace

from evenground.press.canvas import Axis, Canvas
from evenground.press.chart.dots import DotRow, Dots, mark_row
from evenground.press.chart.rows import laid, plot_of
from evenground.press.lettering import SIZE, SMALL, height_of
from evenground.press.picture import Picture
from evenground.press.words import Words

_NAMES = 210
_ENDS = 34  # room for the values at the rows' ends
_BETWEEN = 18


@dataclass(frozen=True)
class Panel:
    """One of the plots; each panel of a chart has the same rows in the same order."""

    title: Words
    rows: tuple[DotRow, ...]


@dataclass(frozen=True)
class Multiples:
    """Bounds and scale as those of Dots. On a phone the panels stand under each other."""

    panels: tuple[Panel, ...]
    start: float
    end: float
    scale: float
    axis: Words
    reference: Words | None = None

    def picture(self, width: int) -> Picture:
        plot = plot_of(width, _NAMES, 0)
        if not plot.wide:
            return self._stacked().picture(width)
        canvas = Canvas(width)
        step = (width - plot.left + _BETWEEN) / len(self.panels)
        titles = max(height_of(panel.title, step - _BETWEEN, SIZE, bold=True) for panel in self.panels)
        top = titles + 50 + 18 * (self.reference is not None)
        names = [replace(row, accent=any(p.rows[at].accent for p in self.panels), heading=None)
                 for at, row in enumerate(self.panels[0].rows)]  # fmt: skip
        room = step - _BETWEEN - 4
        notes = [row.note for panel in self.panels for row in panel.rows if row.note]
        least = max([26.0, *(height_of(note, room, SMALL) + 4 for note in notes)])
        middles, bottom = laid(canvas, plot, names, top + 4, least=least)
        for column, panel in enumerate(self.panels):
            near = plot.left + column * step
            axis = Axis(self.start, self.end, near, near + step - _BETWEEN - _ENDS, self.scale)
            canvas.words(panel.title, near, titles / 2, bold=True, room=step - _BETWEEN)
            canvas.top_axis(axis, 2, top, bottom)
            for row, y in zip(panel.rows, middles, strict=True):
                mark_row(canvas, axis, row, y, axis.far + 10, room)
                if row.reference is not None and row.value is not None:
                    canvas.line(axis.at(row.reference), y - 8, axis.at(row.reference), y + 8, "ink", 1.5)
        canvas.words(self.axis, plot.left, titles + 12, "soft", small=True)
        if self.reference:
            canvas.words(Words.each("| {}".format, self.reference), plot.left, titles + 29, small=True)
        return canvas.picture(bottom + 6)

    def _stacked(self) -> Dots:
        """The same rows in one dot plot, under a heading each."""
        rows = tuple(
            replace(row, heading=panel.title if at == 0 else None)
            for panel in self.panels
            for at, row in enumerate(panel.rows)
        )
        return Dots(rows, self.start, self.end, self.scale, self.axis, self.reference)
