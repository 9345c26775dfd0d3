"""Out of 100: ten by ten marks for a share that everybody can count; two side by side are compared."""

from __future__ import annotations

from dataclasses import dataclass

from evenground.press.canvas import Canvas
from evenground.press.chart.rows import NARROW
from evenground.press.lettering import LINE, height_of
from evenground.press.number import whole
from evenground.press.picture import Picture
from evenground.press.words import Words

_PITCH = 13
_GAP = 40  # between two arrays, at most


@dataclass(frozen=True)
class Share:
    """A share of a group; `told` is the sentence above its marks: "47 of every 100"."""

    label: Words
    value: float
    told: Words
    accent: bool = False


@dataclass(frozen=True)
class Hundred:
    """One share, or two beside each other."""

    shares: tuple[Share, ...]

    def picture(self, width: int) -> Picture:
        width = min(width, NARROW)
        canvas, size = Canvas(width), 9 * _PITCH + 10
        step = size + min(_GAP, width - 2 * size)
        labels = max(height_of(share.label, size + 10) for share in self.shares)
        top = labels + LINE + 12
        for column, share in enumerate(self.shares):
            left, colour = column * step, "accent" if share.accent else "ink"
            canvas.words(share.told, left, LINE / 2, colour, bold=True)
            canvas.words(share.label, left, LINE + labels / 2, colour, room=size + 10)
            for line in range(10):
                full = min(max(whole(share.value * 100) - 10 * line, 0), 10)
                y, x = top + line * _PITCH, [left + 5 + at * _PITCH for at in range(10)]
                if full:
                    canvas.dots((x[0], y), (x[full - 1], y), _PITCH, colour, 10)
                if full < 10:
                    canvas.dots((x[full], y), (x[9], y), _PITCH, "rule", 8, hollow=True)
        return canvas.picture(top + size)
