"""Every place as a mark on one line; filled where its difference is certain; a few are named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evenground.press.canvas import Axis, Canvas
from evenground.press.lettering import SMALL, width_of
from evenground.press.picture import Picture
from evenground.press.words import Words

_PITCH = 9.0  # from one mark to the next
_TALLEST = 190.0  # of a heap of marks; more of them stand closer
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
        reach = max((abs(mark.value) for mark in self.marks), default=1.0) * 1.04 or 1.0
        axis = Axis(-reach, reach, 12, width - 12, self.scale, signed=True)
        heaped = _heaped(self.marks, axis)
        tallest = max((level for _, level in heaped), default=0) + 1
        step = min(_PITCH, _TALLEST / tallest)
        half = tallest * step / 2 + 10
        named = any(mark.label for mark in self.marks)
        lanes: list[list[tuple[float, float]]] = []
        for mark, level in heaped:
            y = top + half + (level + 1) // 2 * step * (1 if level % 2 else -1)
            self._mark(canvas, axis.at(mark.value), y, mark, named)
            if mark.label:
                _name(canvas, axis.at(mark.value), y, top + 2 * half, mark.label, lanes)
        bottom = top + 2 * half + _LANE * len(lanes)
        canvas.words(self.axis, 0, 8, "soft", small=True)
        canvas.top_axis(axis, 6 if width > 500 else 4, top, top + 2 * half)
        canvas.line(axis.at(0), top - 6, axis.at(0), top + 2 * half, "ink", dash=True)
        canvas.named(self.reference, axis.at(0), top - 34)
        return canvas.picture(bottom + 4)

    def _mark(self, canvas: Canvas, x: float, y: float, mark: Mark, named: bool) -> None:
        if mark.label:
            canvas.dot(x, y, "accent", 11)
        elif mark.clear:
            canvas.dot(x, y, "soft" if named else "accent", 6.6)
        else:
            canvas.dot(x, y, "rule", 6.6, hollow=True)


def _heaped(marks: Sequence[Mark], axis: Axis) -> list[tuple[Mark, int]]:
    """Each mark with its level in the heap at its value: named ones in the middle, then certain ones."""
    heaps: dict[int, int] = {}
    found = []
    for mark in sorted(marks, key=lambda mark: (mark.label is None, -mark.clear, mark.value)):
        place = round(axis.at(mark.value) / _PITCH)
        found.append((mark, heaps.get(place, 0)))
        heaps[place] = heaps.get(place, 0) + 1
    return found


def _name(
    canvas: Canvas, x: float, y: float, below: float, label: Words, lanes: list[list[tuple[float, float]]]
) -> None:
    """The name under the marks, in the first line of names where it touches no other."""
    half = max(width_of(text, SMALL, bold=True) for text in label.values()) / 2 + 4
    middle = min(max(x, half), canvas.width - half)
    for at, lane in enumerate([*lanes, []]):
        if all(middle + half <= left or middle - half >= right for left, right in lane):
            if at == len(lanes):
                lanes.append([])
            lanes[at].append((middle - half, middle + half))
            canvas.line(x, y, x, below + _LANE * at + 2, "accent")
            canvas.named(label, x, below + _LANE * at + 10, "accent", bold=True)
            return
