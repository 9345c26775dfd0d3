"""Drawn charts: shapes and words with colours by name, written as SVG for a page or for paper."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from evenground.press.html import Html
from evenground.press.ink import LIGHT
from evenground.press.lettering import LINE, SIZE, SMALL, width_of, wrapped
from evenground.press.words import Words

Point = tuple[float, float]

_HALO = 4  # width of the ground around words that lines run behind
_OVER = 0.1  # a row of dots runs past its last one
_COLUMN = 3  # as many words at one x are moved there together
_BASELINE = 4.4  # from the middle of a line of words down to its feet
_PAPER = {SIZE: 14.5, SMALL: 13.5}  # the font of paper has smaller letters


@dataclass(frozen=True)
class Shape:
    """`kind` says what the points are: the middle of a `dot`, the middles of the first and last of a `row` of
    dots, the ends of a `line`, two corners of a `bar`, the points of a `curve`, the outline of an `area`.

    `size`: how thick a line is, how wide a dot. `dash`: the pattern of a line, as SVG has it; of a row, from
    one dot to the next. `hollow`: a dot is a ring.
    """

    kind: str
    points: tuple[Point, ...]
    colour: str
    size: float = 1
    dash: str = ""
    hollow: bool = False

    @property
    def box(self) -> tuple[float, float, float, float]:
        """left, top, right, bottom."""
        half = self.size / 2 if self.kind in ("dot", "row") else 0
        across, down = [x for x, _ in self.points], [y for _, y in self.points]
        return min(across) - half, min(down) - half, max(across) + half, max(down) + half


@dataclass(frozen=True)
class Lettering:
    """Words whose lines are at most `room` wide, with their middle at y; `align`: which end of them is at x.

    `clear`: they keep lines from running through them.
    """

    words: Words
    x: float
    y: float
    colour: str
    small: bool = False
    bold: bool = False
    align: str = "start"
    room: float = 9999
    clear: bool = False

    def lines(self, lang: str) -> list[tuple[float, str]]:
        """Each line and the height of its middle."""
        said = wrapped(self.words.of(lang), self.room, self.size, self.bold)
        top = self.y - LINE * (len(said) - 1) / 2
        return [(top + LINE * at, line) for at, line in enumerate(said)]

    @property
    def size(self) -> int:
        return SMALL if self.small else SIZE

    def box(self, lang: str) -> tuple[float, float, float, float]:
        """left, top, right, bottom."""
        lines = self.lines(lang)
        width = max(width_of(line, self.size, self.bold) for _, line in lines)
        left = self.x - width * {"start": 0.0, "middle": 0.5, "end": 1.0}[self.align]
        return left, lines[0][0] - self.size / 2, left + width, lines[-1][0] + self.size / 2


@dataclass(frozen=True)
class Picture:
    """A drawn chart, shapes from back to front. `page` is for HTML (every language, colours by class),
    `paper` for print (one language, colours set).
    """

    width: int
    height: int
    shapes: tuple[Shape, ...]
    words: tuple[Lettering, ...]

    def page(self, **attributes: str) -> Html:
        written = "".join(
            f' {name.rstrip("_").replace("_", "-")}="{escape(value)}"' for name, value in attributes.items()
        )
        inside = "".join(
            f'<path class="{side}-{colour}"{look}/>' for side, colour, look in _paths(self.shapes)
        )
        return Html(
            f'<svg viewBox="0 0 {self.width} {self.height}" width="{self.width}" height="{self.height}"'
            f"{written}>{inside}{_page_words(self.words)}</svg>"
        )

    def paper(self, lang: str, font: str) -> str:
        kinds = {"f": "fill", "s": 'fill="none" stroke'}
        inside = "".join(
            f'<path {kinds[side]}="{LIGHT[colour]}"{look}/>' for side, colour, look in _paths(self.shapes)
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" '
            f'width="{self.width}" height="{self.height}" font-family="{escape(font)}">{inside}'
            f"{''.join(_paper_words(each, lang) for each in self.words)}</svg>"
        )


# --- shapes: neighbours of one look become one path ---


def _paths(shapes: Iterable[Shape]) -> Iterable[tuple[str, str, str]]:
    """(f or s for fill or stroke, colour, attributes) of each path."""
    looks = groupby(shapes, key=lambda s: (s.kind, s.colour, s.size, s.dash, s.hollow))
    for (kind, colour, size, dash, hollow), alike in looks:
        d = f' d="{"".join(_TRACES[kind](shape.points) for shape in alike)}"'
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        if kind in ("dot", "row"):
            ends = f' stroke-linecap="round"{dashed}{d}'
            yield "s", colour, f' stroke-width="{short(size)}"{ends}'
            if hollow:
                yield "s", "ground", f' stroke-width="{short(size - min(3, size * 0.45))}"{ends}'
        elif kind in ("bar", "area"):
            yield "f", colour, d
        else:
            thick = f' stroke-width="{short(size)}"' if size != 1 else ""
            yield "s", colour, f"{thick}{dashed}{d}"


def _dot(points: Sequence[Point]) -> str:
    """A line of hardly any length, whose round ends make the dot."""
    return f"{_at(points[0])}h.01"


def _row(points: Sequence[Point]) -> str:
    """A line of which the dashes leave the dots; a little longer, as paper else loses the last one."""
    (x, y), (x2, y2) = points
    if x == x2:
        return f"{_at(points[0])}v{short(y2 - y + math.copysign(_OVER, y2 - y))}"
    return f"{_at(points[0])}h{short(x2 - x + math.copysign(_OVER, x2 - x))}"


def _line(points: Sequence[Point]) -> str:
    (x, y), (x2, y2) = points
    if x == x2:
        return f"{_at(points[0])}V{short(y2)}"
    return f"{_at(points[0])}H{short(x2)}" if y == y2 else _curve(points)


def _bar(points: Sequence[Point]) -> str:
    (x, y), (x2, y2) = points
    return f"{_at((x, y))}H{short(x2)}v{short(y2 - y)}H{short(x)}z"


def _curve(points: Sequence[Point]) -> str:
    return _at(points[0]) + "".join(f"L{short(x)} {short(y)}" for x, y in points[1:])


def _area(points: Sequence[Point]) -> str:
    return f"{_curve(points)}z"


_TRACES = {
    "dot": _dot,
    "row": _row,
    "line": _line,
    "bar": _bar,
    "frame": _bar,
    "curve": _curve,
    "area": _area,
}


def _at(point: Point) -> str:
    return f"M{short(point[0])} {short(point[1])}"


def short(value: float) -> str:
    """A place to a tenth of a point, in as few signs as it takes."""
    told = f"{round(value * 10) / 10:.1f}".removesuffix(".0")
    return "0" if told == "-0" else told


# --- words: those of one look and language stand together ---


def _page_words(words: Sequence[Lettering]) -> str:
    placed: dict[tuple[str, str], list[tuple[float, float, str]]] = {}
    for each in words:
        said = {"": each.words.en} if each.words.alike else each.words
        for lang in said:
            spoken = f' lang="{lang}"' if lang else ""
            lines = placed.setdefault((_classes(each), spoken), [])
            lines += [(each.x, y, line) for y, line in each.lines(lang or "en") if line]
    return "".join(_group(look + lang, lines) for (look, lang), lines in placed.items() if lines)


def _classes(each: Lettering) -> str:
    names = [f"f-{each.colour}"]
    names += [f"a-{each.align}"] * (each.align != "start") + ["b"] * each.bold + ["sm"] * each.small
    halo = f' stroke-width="{_HALO}"' if each.clear else ""
    return f' class="{" ".join(names + ["s-ground"] * each.clear)}"{halo}'


def _group(look: str, lines: Sequence[tuple[float, float, str]]) -> str:
    """The lines of one look; where many stand at one x, moved there together."""
    if len(lines) == 1:
        x, y, line = lines[0]
        return f"<text{look}{_x(x)}{_y(y)}>{_escaped(line)}</text>"
    often = {x for x, many in Counter(x for x, _, _ in lines).items() if many >= _COLUMN and x}
    loose = "".join(f"<text{_x(x)}{_y(y)}>{_escaped(line)}</text>" for x, y, line in lines if x not in often)
    columns = "".join(
        f'<g transform="translate({short(column)})">'
        + "".join(f"<text{_y(y)}>{_escaped(line)}</text>" for x, y, line in lines if x == column)
        + "</g>"
        for column in sorted(often)
    )
    return f"<g{look}>{loose}{columns}</g>"


def _x(x: float) -> str:
    return f' x="{short(x)}"' if round(x, 1) else ""


def _y(middle: float) -> str:
    return f' y="{round(middle + _BASELINE)}"'


def _paper_words(each: Lettering, lang: str) -> str:
    look = f' fill="{LIGHT[each.colour]}" font-size="{_PAPER[each.size]}"'
    look += (f' text-anchor="{each.align}"' if each.align != "start" else "") + (
        ' font-weight="bold"' if each.bold else ""
    )
    if each.clear:
        look += f' stroke="{LIGHT["ground"]}" stroke-width="{_HALO}" paint-order="stroke"'
    return "".join(
        f"<text{_x(each.x)}{_y(y)}{look}>{_escaped(line)}</text>" for y, line in each.lines(lang) if line
    )


def _escaped(line: str) -> str:
    return escape(line, quote=False)
