"""Stages: a line for each group, falling from stage to stage; below, what each step makes of the gap."""

from __future__ import annotations

from dataclasses import dataclass

from evenground.press.canvas import Axis, Canvas
from evenground.press.chart.lines import Line, spread
from evenground.press.chart.rows import is_wide
from evenground.press.lettering import SMALL, height_of, widest
from evenground.press.picture import Picture
from evenground.press.words import Words

_LEFT = 44  # room for the labels of the axis


@dataclass(frozen=True)
class Step:
    """What a step makes of the gap, as it is written; `accent`: the step that costs most."""

    told: str
    accent: bool = False


@dataclass(frozen=True)
class Stages:
    """`series` have a value at each of `stages`, the first being everybody; `steps` lie between them.

    `start`, `end`, `scale` and `axis` as those of Lines; `gap` names the row of the steps' parts.
    """

    series: tuple[Line, ...]
    stages: tuple[Words, ...]
    steps: tuple[Step, ...]
    start: float
    end: float
    scale: float
    axis: Words
    gap: Words

    def picture(self, width: int) -> Picture:
        canvas = Canvas(width)
        wide = is_wide(width)
        room = 180 if wide else 90
        longest = min(max(widest(line.name, size=SMALL, bold=line.accent) for line in self.series), room)
        right, top, tall = width - longest - 16, 30, 260 if wide else 200
        bottom = top + tall
        across = Axis(0, len(self.stages) - 1, _LEFT, right)
        up = Axis(self.start, self.end, bottom, top, self.scale)
        canvas.words(self.axis, 0, 8, "soft", small=True)
        canvas.side_axis(up, 5, _LEFT, right)
        for line in sorted(self.series, key=lambda line: line.accent):
            self._draw(canvas, across, up, line)
        self._names(canvas, up, right, longest, top, bottom)
        foot = self._stages(canvas, across, bottom + 10, right)
        return canvas.picture(self._parts(canvas, across, foot + 10))

    def _draw(self, canvas: Canvas, across: Axis, up: Axis, line: Line) -> None:
        colour = "accent" if line.accent else "ink"
        points = [(across.at(at), up.at(value)) for at, value in enumerate(line.values) if value is not None]
        canvas.curve(points, colour, 2.5 if line.accent else 1.5, dash=line.reference)
        for x, y in points:
            canvas.dot(x, y, colour, 7 if line.accent else 5)

    def _names(self, canvas: Canvas, up: Axis, right: float, room: float, top: float, bottom: float) -> None:
        """Names at the ends of the lines, pushed apart where they would touch."""
        ends = sorted(
            ((up.at(line.values[-1]), line) for line in self.series if line.values[-1] is not None),
            key=lambda entry: entry[0],
        )
        heights = [height_of(line.name, room, SMALL, line.accent) + 2 for _, line in ends]
        middles = spread([(y, height) for (y, _), height in zip(ends, heights, strict=True)], top, bottom)
        for y, (_, line) in zip(middles, ends, strict=True):
            colour = "accent" if line.accent else "ink"
            canvas.words(line.name, right + 10, y, colour, small=True, bold=line.accent, room=room)

    def _stages(self, canvas: Canvas, across: Axis, top: float, right: float) -> float:
        """The name of each stage under it, in lines as wide as a step; where they end."""
        step = (right - _LEFT) / max(len(self.stages) - 1, 1)
        last, feet = len(self.stages) - 1, []
        for at, name in enumerate(self.stages):
            room = step - 10 if 0 < at < last else step * 0.62
            tall = height_of(name, room, SMALL)
            align = "start" if at == 0 else "end" if at == last else "middle"
            x = 0.0 if at == 0 else across.at(at) + (16 if at == last else 0)
            canvas.words(name, x, top + tall / 2, "soft", small=True, align=align, room=room)
            feet.append(top + tall)
        return max(feet)

    def _parts(self, canvas: Canvas, across: Axis, top: float) -> float:
        """The gap, split: a bracket under each step with what it makes."""
        canvas.words(self.gap, 0, top + 8, "soft", small=True)
        y = top + 28
        for at, step in enumerate(self.steps):
            colour = "accent" if step.accent else "ink"
            left, right = across.at(at) + 4, across.at(at + 1) - 4
            canvas.line(left, y, right, y, colour, 3 if step.accent else 1)
            middle = (left + right) / 2
            canvas.words(
                Words.same(step.told), middle, y + 14, colour, small=True, bold=step.accent, align="middle"
            )
        return y + 28
