"""Drawn charts: the SVG of the drawing program, flattened, with words in both languages and colours by
name."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Any

from evenground.press.html import Html
from evenground.press.ink import LIGHT, NAMES
from evenground.press.words import Words

_TOKEN = re.compile(r"⟦(\d+)⟧")
_SHIFT = re.compile(r"translate\(\s*([-\d.e]+)[ ,]+([-\d.e]+)\s*\)")
_NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
_SYMBOL = re.compile(r"^M([\d.]+),0A")
_LINE_HEIGHT = 15


@dataclass(frozen=True)
class Drawing:
    """A chart to be drawn: a Vega-Lite specification whose texts are tokens ⟦i⟧ that stand for
    `texts[i]`, wrapped into lines."""

    spec: dict[str, Any]
    texts: Sequence[tuple[Words, int]]  # words and the most signs a line may have


@dataclass(frozen=True)
class Shape:
    """One flat piece of a picture."""

    kind: str  # text, line, circle, path
    at: tuple[float, float]
    given: dict[str, str]  # geometry beyond `at`
    fill: str = "none"
    stroke: str = "none"
    width: float = 1
    dash: bool = False
    anchor: str = "start"
    bold: bool = False
    small: bool = False
    text: Words | None = None
    wrap: int = 99


@dataclass(frozen=True)
class Picture:
    """A drawn chart. `page` is for HTML (both languages, colours by class), `paper` for print (one
    language, colours set)."""

    width: int
    height: int
    shapes: tuple[Shape, ...]

    def page(self, **attributes: str) -> Html:
        written = "".join(
            f' {name.rstrip("_").replace("_", "-")}="{escape(value)}"' for name, value in attributes.items()
        )
        inside = "".join(_group(look, list(shapes)) for look, shapes in groupby(self.shapes, key=_look))
        return Html(
            f'<svg viewBox="0 0 {self.width} {self.height}" width="{self.width}" height="{self.height}"'
            f"{written}>{inside}</svg>"
        )

    def paper(self, lang: str, font: str) -> str:
        inside = "".join(_paper(shape, lang) for shape in self.shapes)
        return (
            '<svg xmlns="http://www.w3.org/2000/svg" '
            f'viewBox="0 0 {self.width} {self.height}" width="{self.width}" '
            f'height="{self.height}" font-family="{escape(font)}" font-size="14.5">{inside}</svg>'
        )


def draw_all(
    drawings: Sequence[Drawing], progress: Callable[[int, int], None] | None = None
) -> list[Picture]:
    """Draws in parallel; `progress` hears (done, all)."""
    pictures = []
    with ThreadPoolExecutor(max_workers=4) as pool:
        for done, picture in enumerate(pool.map(draw, drawings), start=1):
            pictures.append(picture)
            if progress:
                progress(done, len(drawings))
    return pictures


def draw(drawing: Drawing) -> Picture:
    """One chart, through Vega without a browser."""
    import vl_convert

    root = ET.fromstring(vl_convert.vegalite_to_svg(drawing.spec))
    shapes: list[Shape] = []
    _flatten(root, 0.0, 0.0, drawing.texts, shapes)
    return Picture(round(float(root.get("width", "0"))), round(float(root.get("height", "0"))), tuple(shapes))


def _flatten(
    node: ET.Element, x: float, y: float, texts: Sequence[tuple[Words, int]], into: list[Shape]
) -> None:
    """Walks the groups, adds up their shifts and keeps what is seen."""
    if shift := _SHIFT.match(node.get("transform", "")):
        x, y = x + float(shift[1]), y + float(shift[2])
    kind = node.tag.rpartition("}")[2]
    if kind in ("text", "line", "path") and node.get("class") not in ("background", "foreground"):
        shape = _shape(kind, node, x, y, texts)
        if shape is not None:
            into.append(shape)
    for child in node:
        _flatten(child, x, y, texts, into)


def _shape(
    kind: str, node: ET.Element, x: float, y: float, texts: Sequence[tuple[Words, int]]
) -> Shape | None:
    fill, stroke = (NAMES.get(node.get(name, "none").lower(), "none") for name in ("fill", "stroke"))
    width = float(node.get("stroke-width", "1"))
    dash = bool(node.get("stroke-dasharray"))
    if kind == "text":
        content = "".join(node.itertext())
        token = _TOKEN.fullmatch(content)
        words, wrap = texts[int(token[1])] if token else (Words.same(content), 99)
        small = float(node.get("font-size", "13px").removesuffix("px")) < 13
        bold = node.get("font-weight") in ("bold", "600", "700")
        anchor = node.get("text-anchor", "start")
        return Shape(
            kind,
            (x, y),
            {},
            fill,
            stroke,
            width,
            anchor=anchor,
            bold=bold,
            small=small,
            text=words,
            wrap=wrap,
        )
    if kind == "line":
        x2, y2 = float(node.get("x2", "0")), float(node.get("y2", "0"))
        return Shape(kind, (x, y), {"dx": str(x2), "dy": str(y2)}, "none", stroke, width, dash)
    path = node.get("d", "")
    if not path or fill == stroke == "none":
        return None
    if symbol := _SYMBOL.match(path):
        return Shape("circle", (x, y), {"r": _short(float(symbol[1]))}, fill, stroke, width)
    return Shape(
        kind,
        (x, y),
        {"d": _NUMBER.sub(lambda found: _short(float(found[0])), path)},
        fill,
        stroke,
        width,
        dash,
    )


def wrapped(text: str, most: int) -> list[str]:
    """Text in lines of at most `most` signs, broken between words."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= most:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines or [""]


def _short(value: float) -> str:
    return (
        f"{value:.1f}".removesuffix(".0").replace("-0", "0")
        if abs(value) < 0.05
        else f"{value:.1f}".removesuffix(".0")
    )


def _look(shape: Shape) -> str:
    """The classes, and the width of lines, that shapes of one kind share; said once for neighbours."""
    classes = " ".join(
        name
        for name, used in (
            (f"f-{shape.fill}", shape.fill != "none"),
            (f"s-{shape.stroke}", shape.stroke != "none"),
            ("d", shape.dash),
            (f"a-{shape.anchor}", shape.anchor != "start"),
            ("b", shape.bold),
            ("sm", shape.small),
        )
        if used
    )
    thick = f' stroke-width="{_short(shape.width)}"' if shape.stroke != "none" and shape.width != 1 else ""
    return f' class="{classes}"{thick}'


def _group(look: str, shapes: Sequence[Shape]) -> str:
    if len(shapes) == 1:
        return _page(shapes[0], look)
    return f"<g{look}>{''.join(_page(shape, '') for shape in shapes)}</g>"


def _page(shape: Shape, look: str) -> str:
    if shape.kind == "text" and shape.text is not None:
        if shape.text.alike:
            return _text(shape, look, shape.text.en, "")
        return "".join(_text(shape, look, said, f' lang="{lang}"') for lang, said in shape.text.items())
    return _geometry(shape, look)


def _paper(shape: Shape, lang: str) -> str:
    if shape.kind == "text" and shape.text is not None:
        look = f' fill="{LIGHT.get(shape.fill, "none")}"' + (
            f' text-anchor="{shape.anchor}"' if shape.anchor != "start" else ""
        )
        look += (' font-weight="bold"' if shape.bold else "") + (' font-size="13.5"' if shape.small else "")
        if shape.stroke != "none":
            look += (
                f' stroke="{LIGHT[shape.stroke]}" stroke-width="{_short(shape.width)}" paint-order="stroke"'
            )
        return _text(shape, look, shape.text.of(lang), "")
    look = f' fill="{LIGHT.get(shape.fill, "none")}" stroke="{LIGHT.get(shape.stroke, "none")}"'
    look += f' stroke-width="{_short(shape.width)}"'
    return _geometry(shape, look + (' stroke-dasharray="4 3"' if shape.dash else ""))


def _text(shape: Shape, look: str, words: str, lang: str) -> str:
    x, y = _short(shape.at[0]), shape.at[1]
    lines = wrapped(words, shape.wrap)
    if len(lines) == 1:
        return f'<text x="{x}" y="{_short(y)}"{look}{lang}>{escape(lines[0], quote=False)}</text>'
    top = y - _LINE_HEIGHT * (len(lines) - 1) / 2
    spans = "".join(
        f'<tspan x="{x}" y="{_short(top + _LINE_HEIGHT * i)}">{escape(line, quote=False)} </tspan>'
        for i, line in enumerate(lines)
    )
    return f"<text{look}{lang}>{spans}</text>"


def _geometry(shape: Shape, look: str) -> str:
    x, y = shape.at
    if shape.kind == "line":
        x2, y2 = x + float(shape.given["dx"]), y + float(shape.given["dy"])
        return f'<line x1="{_short(x)}" y1="{_short(y)}" x2="{_short(x2)}" y2="{_short(y2)}"{look}/>'
    if shape.kind == "circle":
        return f'<circle cx="{_short(x)}" cy="{_short(y)}" r="{shape.given["r"]}"{look}/>'
    return f'<path transform="translate({_short(x)} {_short(y)})" d="{shape.given["d"]}"{look}/>'
