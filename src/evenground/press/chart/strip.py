"""Every place as a mark on one line; filled where its difference is certain; a few are named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from evenground.press.canvas import Axis, Canvas
from evenground.press.lettering import SMALL, width_of
from evenground.press.picture import Picture
from evenground.press.words import Words

_PITCHES = (9.0, 7.0, 5.0, 4.0, 3.0, 2.0, 1.5, 1.0)  # from one mark to the next
_TALLEST = 180.0  # of a heap of marks; where many would be taller, marks are smaller
_SQUEEZED = 2  # heaps at most are too tall for that and have their marks closer (most often at no difference)
_LEAST = 0.2  # of the axis lies on either side of its zero, at least
_SIDE = 20  # left and right of the plot, for half a label of the axis
_LANE = 18  # a line of names below the marks


@dataclass(frozen=True)
class Mark:
    """One place on a strip. `clear`: its difference is certain. `label` names the few that are named."""

    value: float
    clear: bool
    label: Words | None = None


@dataclass(frozen=True)
class Strip:
    """`scale` turns a value into what the axis says; `reference` is the name of its zero. Where a mark has a
    name, the accent is its alone.
    """

    marks: tuple[Mark, ...]
    scale: float
    axis: Words
    reference: Words

    def picture(self, width: int) -> Picture:
        canvas, top = Canvas(width), 70.0
        axis = Axis(*_reach(self.marks), _SIDE, width - _SIDE, self.scale, signed=True)
        middle = round(axis.at(0))
        heaps, pitch = _heaped(self.marks, axis)
        tallest = max((len(heap) for heap in heaps.values()), default=0)
        base = top + 12 + min(max(tallest - 1, 2) * pitch, _TALLEST)
        for place, heap in heaps.items():
            self._heap(canvas, middle + place * pitch, base, pitch, heap)
        lanes = _names(canvas, middle, heaps, pitch, base + 14)
        canvas.words(self.axis, 0, 8, "soft", small=True)
        canvas.top_axis(axis, 6 if width > 500 else 4, top, base + 10)
        canvas.line(middle, top - 6, middle, base + 10, "ink", dash=True)
        canvas.named(self.reference, middle, top - 34)
        return canvas.picture(base + 16 + _LANE * lanes)

    def _heap(self, canvas: Canvas, x: float, base: float, pitch: float, heap: Sequence[Mark]) -> None:
        """The marks of one place on the axis, from the bottom up; alike neighbours as one row of dots."""
        named, at = any(mark.label for mark in self.marks), 0
        step = min(pitch, _TALLEST / len(heap))
        for (name, clear), alike in groupby(heap, key=lambda mark: (mark.label is not None, mark.clear)):
            until = at + len(list(alike)) - 1
            first, last = (x, base - at * step), (x, base - until * step)
            if name:
                canvas.dots(first, last, step, "accent", max(8.0, pitch))
            elif clear:
                canvas.dots(first, last, step, "soft" if named else "accent", 0.74 * pitch)
            else:
                canvas.dots(first, last, step, "rule", 0.74 * pitch, hollow=True)
            at = until + 1


def _names(canvas: Canvas, middle: float, heaps: dict[int, list[Mark]], pitch: float, below: float) -> int:
    """The names under the marks, each in the first line where it fits; gives how many lines."""
    lanes: list[list[tuple[float, float]]] = []
    for place, heap in sorted(heaps.items()):
        for mark in heap:
            if mark.label:
                _name(canvas, middle + place * pitch, below, mark.label, lanes)
    return len(lanes)


def _reach(marks: Sequence[Mark]) -> tuple[float, float]:
    """Where the axis starts and ends: its zero is always on it."""
    values = [0.0, *(mark.value for mark in marks)]
    low, high = min(values), max(values)
    side = max(high, -low) or 1.0
    return min(low, -_LEAST * side) * 1.04, max(high, _LEAST * side) * 1.04


def _heaped(marks: Sequence[Mark], axis: Axis) -> tuple[dict[int, list[Mark]], float]:
    """The marks by their place on the axis, counted in pitches from its zero, and the pitch: as wide as lets
    nearly all heaps stand. Named ones first, then certain ones.
    """
    ordered = sorted(marks, key=lambda mark: (mark.label is None, not mark.clear, mark.value))
    for pitch in _PITCHES:
        heaps: dict[int, list[Mark]] = {}
        for mark in ordered:
            heaps.setdefault(round((axis.at(mark.value) - axis.at(0)) / pitch), []).append(mark)
        if sum(len(heap) * pitch > _TALLEST for heap in heaps.values()) <= _SQUEEZED:
            break
    return dict(sorted(heaps.items())), pitch


def _name(
    canvas: Canvas, x: float, below: float, label: Words, lanes: list[list[tuple[float, float]]]
) -> None:
    half = max(width_of(text, SMALL, bold=True) for text in label.values()) / 2 + 4
    middle = min(max(x, half), canvas.width - half)
    span = (middle - half, middle + half)
    free = [
        at
        for at, lane in enumerate(lanes)
        if all(span[0] >= right or span[1] <= left for left, right in lane)
    ]
    at = free[0] if free else len(lanes)
    if at == len(lanes):
        lanes.append([])
    lanes[at].append(span)
    canvas.line(x, below - 14, x, below + _LANE * at + 2, "accent")
    canvas.named(label, x, below + _LANE * at + 9, "accent", bold=True)
