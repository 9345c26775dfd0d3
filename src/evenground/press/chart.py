"""The grammar of our charts. Each function takes rows that already carry their words and returns a
Chart at two widths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evenground.press.canvas import Canvas, label_height
from evenground.press.number import decimal
from evenground.press.picture import Drawing, draw_all, wrapped
from evenground.press.words import Words

__all__ = ["Chart", "DotRow", "LevelRow", "Line", "Mark", "dots", "draw_all", "levels", "lines", "strip"]

WIDE, NARROW = 720, 340


@dataclass(frozen=True)
class Chart:
    """The same chart for a wide screen or paper and for a phone."""

    wide: Drawing
    narrow: Drawing


@dataclass(frozen=True)
class DotRow:
    """One group of a dot plot. `value` None: the row stays and says `note`."""

    label: Words
    n: Words  # "1,234" or the words for a number that is not published
    value: float | None
    low: float | None = None
    high: float | None = None
    reference: float | None = None
    told: str = ""  # the value as it is written at the row's end
    note: Words | None = None
    accent: bool = False
    heading: Words | None = None  # starts a panel with this name


@dataclass(frozen=True)
class LevelRow:
    """One group of a stacked bar: the shares of each level from lowest to highest, or None with a note."""

    label: Words
    shares: tuple[float, ...] | None
    note: Words | None = None
    accent: bool = False
    heading: Words | None = None


@dataclass(frozen=True)
class Line:
    """One group over time; None breaks the line."""

    label: Words
    values: tuple[float | None, ...]
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()
    accent: bool = False
    reference: bool = False


@dataclass(frozen=True)
class Mark:
    """One place on a strip. `clear`: its difference is certain. `label` names the few that are named."""

    value: float
    clear: bool
    label: Words | None = None


def dots(
    rows: Sequence[DotRow], end: float, start: float, scale: float, axis: Words, reference: Words | None
) -> Chart:
    """Dot plot: a row a group, the interval as a thin bar, the reference as a labelled line.

    `start` and `end` bound the axis, in units of the values; `scale` turns a value into what the axis
    says (100 for rates).
    """
    return Chart(*(_dots(rows, start, end, scale, axis, reference, width) for width in (WIDE, NARROW)))


def _dots(
    rows: Sequence[DotRow],
    start: float,
    end: float,
    scale: float,
    axis: Words,
    reference: Words | None,
    width: int,
) -> Drawing:
    wide = width == WIDE
    left, right, row_height = (350, 56, 26) if wide else (4, 52, 42)
    canvas = Canvas(width, left, right, top=70 if reference else 46)
    canvas.axis(start, end, scale, axis, ticks=5 if wide else 3)
    y, ticks = 0.0, []
    for row in rows:
        if row.heading:
            y += 12 if y else 0
            canvas.text(row.heading, -left, y + 12, bold=True)
            y += 24
        lines = max(len(wrapped(text, 42)) for text in row.label) if wide else 1
        height = row_height + (15 * (lines - 1))
        middle = y + height / 2 if wide else y + 29
        canvas.text(
            row.label,
            -left,
            middle if wide else y + 10,
            wrap=42 if wide else 99,
            colour="accent" if row.accent else "ink",
            bold=row.accent,
        )
        canvas.text(
            row.n,
            -14 if wide else width - left,
            middle if wide else y + 10,
            colour="soft",
            small=True,
            align="right",
        )
        _dot(canvas, row, middle, start, end)
        if row.reference is not None and row.value is not None:
            ticks.append((row.reference, middle))
        y += height
    _reference(canvas, ticks, reference, y, through=wide)
    return canvas.finish(y + 6)


def _dot(canvas: Canvas, row: DotRow, y: float, start: float, end: float) -> None:
    if row.value is None:
        canvas.text(row.note or Words.same(""), 4, y, colour="soft", small=True)
        return
    colour = "accent" if row.accent else "ink"
    if row.low is not None and row.high is not None:
        low, high = (min(max(bound, start), end) for bound in (row.low, row.high))
        canvas.line(low, y, high, y, colour="accent" if row.accent else "rule", thick=3)
    canvas.dot(row.value, y, colour, filled=True)
    canvas.text(Words.same(row.told), canvas.plot + 12, y, colour=colour, bold=row.accent)


def _reference(
    canvas: Canvas, ticks: list[tuple[float, float]], label: Words | None, bottom: float, through: bool
) -> None:
    """One line through all rows where they share a reference (and no words stand in its way), else a
    short mark in each row."""
    if not ticks or label is None:
        return
    values = [value for value, _ in ticks]
    shared = max(values) - min(values) < 1e-6 * max(1.0, abs(max(values)))
    if shared and through:
        canvas.line(values[0], -6, values[0], bottom, colour="ink", dash=True, behind=True)
        canvas.named(label, values[0], -34)
        return
    for value, y in ticks:
        canvas.line(value, y - 9, value, y + 9, colour="ink", thick=1.5, behind=True)
    canvas.named(label if shared else Words.each("| {}".format, label), values[0], -34)


def levels(rows: Sequence[LevelRow], names: Sequence[Words], standard: int, axis: Words) -> Chart:
    """Diverging stacked bars: the levels below the standard to the left of it, the others to the right.

    `standard` is how many of `names` lie below it.
    """
    return Chart(*(_levels(rows, names, standard, axis, width) for width in (WIDE, NARROW)))


def _levels(
    rows: Sequence[LevelRow], names: Sequence[Words], standard: int, axis: Words, width: int
) -> Drawing:
    wide = width == WIDE
    left, row_height = (290, 28) if wide else (4, 46)
    canvas = Canvas(width, left, 16, top=92 if wide else 112)
    told = [row.shares for row in rows if row.shares]
    below = max((sum(shares[:standard]) for shares in told), default=1.0)
    above = max((sum(shares[standard:]) for shares in told), default=1.0)
    canvas.axis(-below, above, 100, axis, ticks=5, sign=False, drop=32 if wide else 52)
    _key(canvas, names, wide)
    y = 0.0
    for row in rows:
        if row.heading:
            y += 12 if y else 0
            canvas.text(row.heading, -left, y + 12, bold=True)
            y += 24
        lines = max(len(wrapped(text, 42)) for text in row.label) if wide else 1
        height = row_height + 15 * (lines - 1)
        middle = y + height / 2 if wide else y + 31
        canvas.text(
            row.label,
            -left,
            middle if wide else y + 10,
            wrap=42 if wide else 99,
            colour="accent" if row.accent else "ink",
            bold=row.accent,
        )
        if row.shares is None:
            canvas.text(row.note or Words.same(""), 4, middle, colour="soft", small=True)
        else:
            _stack(canvas, row.shares, standard, middle, least=0.07 if wide else 0.1)
        y += height
    canvas.line(0, -4, 0, y, colour="ink", thick=1.5)
    return canvas.finish(y + 6)


def _stack(canvas: Canvas, shares: Sequence[float], standard: int, y: float, least: float) -> None:
    at = -sum(shares[:standard])
    for level, share in enumerate(shares, start=1):
        canvas.bar(at, at + share, y, f"deep{level}")
        if share >= least:
            canvas.text_at(Words.same(decimal(share * 100, 0)), at + share / 2, y, colour=f"on{level}")
        at += share


def _key(canvas: Canvas, names: Sequence[Words], wide: bool) -> None:
    """What the segments are, above the bars."""
    step = canvas.width / (len(names) if wide else 2)
    for level, name in enumerate(names, start=1):
        column, row = (level - 1, 0) if wide else ((level - 1) % 2, (level - 1) // 2)
        x, y = -canvas.left + column * step + 8, -canvas.top + 12 + 20 * row
        canvas.block(x, y, 14, f"deep{level}")
        canvas.text(name, x + 13, y, colour="ink", small=True)


def lines(
    series: Sequence[Line], periods: Sequence[str], end: float, start: float, scale: float, axis: Words
) -> Chart:
    """Lines over the years with their names at the ends; a ribbon shows the interval of the accented one."""
    return Chart(*(_lines(series, periods, start, end, scale, axis, width) for width in (WIDE, NARROW)))


def _lines(
    series: Sequence[Line],
    periods: Sequence[str],
    start: float,
    end: float,
    scale: float,
    axis: Words,
    width: int,
) -> Drawing:
    wide = width == WIDE
    wrap = 36 if wide else 16
    longest = max(
        (len(part) for line in series for text in line.label for part in wrapped(text, wrap)), default=0
    )
    labels = sum(label_height(line.label, wrap) for line in series)
    least = 320 if wide else 240 if len(series) > 2 else 150
    height, right = max(least, round(labels)), round(longest * 6.4) + 24
    canvas = Canvas(width, 44, right, top=40)
    canvas.frame(start, end, scale, axis, height, list(periods), every=wide or len(periods) < 3)
    few = len(periods) <= 8
    for line in series:
        if line.accent and line.low and line.high:
            canvas.ribbon(line.low, line.high)
    for line in sorted(series, key=lambda line: (line.accent, line.reference)):
        colour = "accent" if line.accent else "ink" if line.reference else "rule"
        canvas.curve(line.values, colour, 2.5 if line.accent else 1.5, dash=line.reference, dots=few)
    canvas.ends(series, wrap=wrap)
    return canvas.finish(height)


def strip(marks: Sequence[Mark], axis: Words, scale: float, reference: Words) -> Chart:
    """Every place as a mark on one line; filled where the difference is certain; a few are named."""
    return Chart(*(_strip(marks, axis, scale, reference, width) for width in (WIDE, NARROW)))


def _strip(marks: Sequence[Mark], axis: Words, scale: float, reference: Words, width: int) -> Drawing:
    wide = width == WIDE
    canvas = Canvas(width, 12, 12, top=70)
    reach = max((abs(mark.value) for mark in marks), default=1.0) * 1.04 or 1.0
    canvas.axis(-reach, reach, scale, axis, ticks=7 if wide else 3, signed=True)
    heaps: dict[int, int] = {}
    bins = canvas.plot // 9
    spots = []
    for mark in sorted(marks, key=lambda mark: (mark.label is None, -mark.clear)):
        place = int((mark.value + reach) / (2 * reach) * bins)
        heaps[place] = heaps.get(place, 0) + 1
        spots.append((mark, heaps[place]))
    tallest = max(heaps.values(), default=1)
    step = 9.0 if tallest <= 20 else 180 / tallest
    half = tallest * step / 2 + 14
    canvas.line(0, -6, 0, 2 * half, colour="ink", dash=True, behind=True)
    canvas.named(reference, 0, -34)
    for mark, level in spots:
        y = half + (level // 2) * step * (1 if level % 2 else -1)
        canvas.dot(mark.value, y, "accent" if mark.clear else "rule", filled=mark.clear, size=34)
    return canvas.finish(2 * half)
