"""A sheet to draw a chart on: the plot has an axis of values across, and one up the side where asked for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from evenground.press.lettering import SMALL, width_of
from evenground.press.number import decimal
from evenground.press.picture import Lettering, Picture, Shape, short
from evenground.press.words import Words

_DASH = "4 3"
_LAYERS = ("grid", "area", "frame", "bar", "behind", "line", "curve", "dot")


@dataclass(frozen=True)
class Axis:
    """From the value `start` at the point `near` to the value `end` at the point `far`; its labels are the
    value times `scale`.
    """

    start: float
    end: float
    near: float
    far: float
    scale: float = 1
    signed: bool = False

    def at(self, value: float) -> float:
        """The point of a value."""
        return self.near + (value - self.start) / (self.end - self.start) * (self.far - self.near)

    def ticks(self, most: int) -> list[tuple[float, str]]:
        """At most `most` + 1 round values, 1, 2 or 5 times a power of ten apart, with their labels."""
        low, high = self.start * self.scale, self.end * self.scale
        step = _step((high - low) / most)
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        places = max(0, -math.floor(math.log10(step) + 1e-9))
        return [(n * step / self.scale, _told(n * step, places, self.signed)) for n in range(first, last + 1)]


def _step(least: float) -> float:
    power = 10.0 ** math.floor(math.log10(least))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= least * (1 - 1e-9))


def _told(value: float, places: int, signed: bool) -> str:
    if not round(value, 9):
        return "0"
    told = decimal(abs(value), places)
    return told if not signed else f"{'−' if value < 0 else '+'}{told}"


class Canvas:
    """Collects shapes and words, in points from the left and from the top; `picture` hands them out."""

    def __init__(self, width: int):
        self.width = width
        self._layers: dict[str, list[Shape]] = {layer: [] for layer in _LAYERS}
        self._words: list[Lettering] = []

    def words(
        self,
        words: Words,
        x: float,
        y: float,
        colour: str = "ink",
        *,
        small: bool = False,
        bold: bool = False,
        align: str = "start",
        room: float = 9999,
        clear: bool = False,
    ) -> None:
        """Words with their middle at y, in lines of at most `room`."""
        if words:
            self._words.append(Lettering(words, x, y, colour, small, bold, align, room, clear))

    def named(self, words: Words, x: float, y: float, colour: str = "ink", bold: bool = False) -> None:
        """The name of a thing at `x`, in the middle over it, or as far as the edge allows; each language by
        itself.
        """
        half = max(width_of(text, SMALL, bold) for text in words.values()) / 2
        middle = min(max(x, half), self.width - half)
        if half * 2 <= self.width:
            self.words(words, middle, y, colour, small=True, bold=bold, align="middle", clear=True)
        else:
            self.words(words, 0, y, colour, small=True, bold=bold, room=self.width, clear=True)

    def ringed(self, words: Words, x: float, y: float, colour: str, size: float) -> None:
        """The name of rings of this colour and size; it starts with one over `x`, or as near as it fits."""
        long = max(width_of(text, SMALL) for text in words.values()) + size
        start = max(min(x, self.width - long), size)
        self.dot(start, y, colour, size, hollow=True)
        self.words(words, start + size, y, colour if colour == "ink" else "soft", small=True, clear=True)

    def line(
        self, x: float, y: float, x2: float, y2: float, colour: str, thick: float = 1, dash: bool = False
    ) -> None:
        """A line; a dashed one lies behind everything that stands at it."""
        layer = "behind" if dash else "line"
        self._add(layer, Shape("line", ((x, y), (x2, y2)), colour, thick, _DASH if dash else ""))

    def frame(self, x: float, x2: float, y: float, y2: float) -> None:
        """The outline of a bar, for parts of it that are too light to be seen alone."""
        self._add("frame", Shape("frame", ((x, y), (x2, y2)), "rule"))

    def teeth(self, x: float, x2: float, y: float, tall: float, pitch: float) -> None:
        """Short upright strokes of the ground's colour, side by side: a pattern on a bar."""
        dash = f"1 {short(pitch - 1)}"
        self._add("line", Shape("line", ((x, y), (x2, y)), "ground", tall, dash))

    def grid(self, x: float, y: float, x2: float, y2: float) -> None:
        self._add("grid", Shape("line", ((x, y), (x2, y2)), "grid"))

    def dot(self, x: float, y: float, colour: str, size: float = 10, hollow: bool = False) -> None:
        self._add("dot", Shape("dot", ((x, y),), colour, size, hollow=hollow))

    def dots(
        self,
        first: tuple[float, float],
        last: tuple[float, float],
        pitch: float,
        colour: str,
        size: float,
        hollow: bool = False,
    ) -> None:
        """A row of dots, `pitch` apart, across or down."""
        if first == last:
            self.dot(*first, colour, size, hollow)
        else:
            shape = Shape("row", (first, last), colour, size, f".01 {pitch - 0.01:.4g}", hollow)
            self._add("dot", shape)

    def bar(self, x: float, x2: float, y: float, y2: float, colour: str) -> None:
        self._add("bar", Shape("bar", ((x, y), (x2, y2)), colour))

    def curve(
        self, points: Sequence[tuple[float, float]], colour: str, thick: float, dash: bool = False
    ) -> None:
        self._add("curve", Shape("curve", tuple(points), colour, thick, _DASH if dash else ""))

    def area(self, points: Sequence[tuple[float, float]], colour: str) -> None:
        self._add("area", Shape("area", tuple(points), colour))

    def top_axis(self, axis: Axis, most: int, top: float, bottom: float) -> None:
        """Labels above the plot and lines down through it."""
        for value, label in axis.ticks(most):
            x = axis.at(value)
            self.words(Words.same(label), x, top - 11, "soft", small=True, align="middle")
            self.grid(x, top, x, bottom)

    def side_axis(self, axis: Axis, most: int, left: float, right: float) -> None:
        """Labels at the left of the plot and lines across it."""
        for value, label in axis.ticks(most):
            y = axis.at(value)
            self.words(Words.same(label), left - 7, y, "soft", small=True, align="end")
            self.grid(left, y, right, y)

    def _add(self, layer: str, shape: Shape) -> None:
        self._layers[layer].append(shape)

    def picture(self, height: float) -> Picture:
        """What was drawn, back to front; of one layer, alike shapes together."""
        shapes = [shape for layer in _LAYERS for shape in sorted(self._layers[layer], key=_look)]
        return Picture(self.width, math.ceil(height), tuple(shapes), tuple(self._words))


def _look(shape: Shape) -> tuple[bool, bool, str, float, str, str]:
    """Alike shapes together, what is hollow behind, the accent in front."""
    return shape.colour == "accent", not shape.hollow, shape.colour, shape.size, shape.kind, shape.dash
