"""A sheet to draw a chart on: rows are placed in points from the top, values go through the x axis.

The chart is described in Vega-Lite's own terms, as altair would; building altair's checked objects for
a review's charts
takes ten times as long as drawing them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from evenground.press.ink import SENTINELS
from evenground.press.picture import Drawing, wrapped
from evenground.press.vega import layer, mark_layer
from evenground.press.words import Words

if TYPE_CHECKING:
    from evenground.press.chart import Line


class Canvas:
    """Collects marks; `finish` turns them into a Drawing. x is a value (through the axis) or points, y
    is points."""

    def __init__(self, width: int, left: int, right: int, top: int):
        self.width, self.left, self.top = width, left, top
        self.plot = width - left - right
        self.right = right
        self._texts: list[tuple[Words, int]] = []
        self._marks: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
        self._layers: list[dict[str, Any]] = []
        self._domain: list[float] = [0.0, 1.0]
        self._axis: dict[str, Any] | None = None
        self._vertical: tuple[float, float] | None = None
        self._height = 0

    # --- scales ---

    def axis(
        self,
        start: float,
        end: float,
        scale: float,
        title: Words,
        ticks: int,
        sign: bool = True,
        signed: bool = False,
        drop: float = 0,
    ) -> None:
        """A value axis on top. Its labels are the value times `scale`, without a sign where `sign` is
        False; `drop` lowers its title."""
        self._domain = [start, end]
        number = f"datum.value * {scale}"
        if not sign:
            number = f"abs({number})"
        self._axis = self._describe(
            ticks, f"datum.value == 0 ? '0' : format({number}, '{'+' if signed else ''},.2~f')", "top"
        )
        self.text(title, 0, -self.top + 12 + drop, colour="soft", small=True)

    def frame(
        self,
        start: float,
        end: float,
        scale: float,
        title: Words,
        height: int,
        periods: list[str],
        every: bool,
    ) -> None:
        """Years along the bottom, values up the side."""
        self._vertical = (start, end)
        self._height = height
        self._axis = self._describe(5, f"format(datum.value * {scale}, ',.2~f')", "left")
        self._domain = [0, max(len(periods) - 1, 1)]
        self.text(title, -self.left + 4, -self.top + 14, colour="soft", small=True)
        for at, period in enumerate(periods):
            if (every and len(periods) <= 8) or at in (0, len(periods) - 1):
                align = (
                    "center" if 0 < at < len(periods) - 1 else "left" if at == 0 and not every else "center"
                )
                self._add(
                    ("text", "soft", True, False, align, False),
                    x=at,
                    y=height + 18,
                    t=self._token(Words.same(period), 99),
                )

    def _describe(self, ticks: int, label: str, side: str) -> dict[str, Any]:
        return {
            "orient": side,
            "tickCount": ticks,
            "labelExpr": label,
            "title": None,
            "grid": True,
            "domain": False,
            "ticks": False,
            "labelFontSize": 12,
            "labelColor": SENTINELS["soft"],
            "gridColor": SENTINELS["grid"],
            "labelPadding": 6,
            "labelFlush": False,
            "labelOverlap": True,
        }

    # --- marks ---

    def text(
        self,
        words: Words,
        x: float,
        y: float,
        colour: str = "ink",
        small: bool = False,
        bold: bool = False,
        align: str = "left",
        wrap: int = 99,
    ) -> None:
        """Words at points; those in the plot keep lines from running through them."""
        self._add(
            ("label", colour, small, bold, align, x >= 0 and y >= 0), x=x, y=y, t=self._token(words, wrap)
        )

    def text_at(self, words: Words, value: float, y: float, colour: str) -> None:
        """Words at a value."""
        self._add(("text", colour, True, False, "center", False), x=value, y=y, t=self._token(words, 99))

    def named(self, words: Words, value: float, y: float) -> None:
        """The name of a line at `value`, on the side where there is room."""
        start, end = self._domain
        share = (value - start) / (end - start)
        longest = max(map(len, words.values())) * 6.2
        x = min(max(share * self.plot - longest / 2, -self.left), self.plot + self.right - longest)
        self.text(words, x, y, colour="ink", small=True)

    def line(
        self,
        x: float,
        y: float,
        x2: float,
        y2: float,
        colour: str,
        thick: float = 1,
        dash: bool = False,
        behind: bool = False,
    ) -> None:
        self._add(("line", colour, thick, dash, behind), x=x, y=y, x2=x2, y2=y2)

    def dot(self, x: float, y: float, colour: str, filled: bool, size: float = 90) -> None:
        self._add(("dot", colour, filled, size), x=x, y=y)

    def bar(self, x: float, x2: float, y: float, colour: str) -> None:
        self._add(("bar", colour), x=x, x2=x2, y=y - 10, y2=y + 10)

    def block(self, x: float, y: float, size: float, colour: str) -> None:
        self._add(("block", colour, size), x=x, y=y)

    def curve(
        self, values: Sequence[float | None], colour: str, thick: float, dash: bool, dots: bool
    ) -> None:
        """A line, with a dot at every year where `dots`; a year without a value breaks it."""
        piece, points = 0, []
        for at, value in enumerate(values):
            if value is None:
                piece += 1
            else:
                points.append({"x": at, "y": value, "piece": piece})
        encoding = {"x": self._x("x"), "y": self._y("y")}
        line = {
            "type": "line",
            "color": SENTINELS[colour],
            "strokeWidth": thick,
            **({"strokeDash": [4, 3]} if dash else {}),
        }
        self._layers.append(
            layer(points, line, {**encoding, "detail": {"field": "piece", "type": "nominal"}})
        )
        if dots:
            self._layers.append(
                layer(
                    points, {"type": "circle", "color": SENTINELS[colour], "size": 28, "opacity": 1}, encoding
                )
            )

    def ribbon(self, low: Sequence[float | None], high: Sequence[float | None]) -> None:
        pairs = enumerate(zip(low, high, strict=True))
        piece, points = 0, []
        for at, (lo, hi) in pairs:
            if lo is None or hi is None:
                piece += 1
            else:
                points.append({"x": at, "y": lo, "y2": hi, "piece": piece})
        if len(points) > 1:
            encoding = {
                "x": self._x("x"),
                "y": self._y("y"),
                "y2": {"field": "y2"},
                "detail": {"field": "piece", "type": "nominal"},
            }
            self._layers.append(
                layer(points, {"type": "area", "color": SENTINELS["tint"], "opacity": 1}, encoding)
            )

    def ends(self, series: Sequence[Line], wrap: int) -> None:
        """Names at the ends of the lines, pushed apart where they would touch."""
        assert self._vertical is not None
        start, end = self._vertical
        last: list[tuple[float, Line]] = []
        for line in series:
            known = [value for value in line.values if value is not None]
            if known:
                last.append((self._height * (1 - (known[-1] - start) / (end - start)), line))
        last.sort(key=lambda entry: entry[0])
        middles = _spread([(y, label_height(line.label, wrap)) for y, line in last], self._height + 16)
        for y, (_, line) in zip(middles, last, strict=True):
            colour = "accent" if line.accent else "ink" if line.reference else "soft"
            self.text(line.label, self.plot + 10, y, colour=colour, small=True, bold=line.accent, wrap=wrap)

    # --- putting it together ---

    def _token(self, words: Words, wrap: int) -> str:
        self._texts.append((words, wrap))
        return f"⟦{len(self._texts) - 1}⟧"

    def _add(self, look: tuple[Any, ...], **at: float | str) -> None:
        self._marks.setdefault(look, []).append(at)

    def _x(self, field: str) -> dict[str, Any]:
        scale = {"domain": self._domain, "range": [0, self.plot], "nice": False, "zero": False}
        return {
            "field": field,
            "type": "quantitative",
            "scale": scale,
            "axis": None if self._vertical else self._axis,
        }

    def _y(self, field: str) -> dict[str, Any]:
        domain, reach = (
            (list(self._vertical), [self._height, 0]) if self._vertical else ([0, 1], [0, self._height])
        )
        scale = {"domain": domain, "range": reach, "nice": False, "zero": False}
        return {
            "field": field,
            "type": "quantitative",
            "scale": scale,
            "axis": self._axis if self._vertical else None,
        }

    def finish(self, height: float) -> Drawing:
        """The drawing, `height` points high without its margins."""
        self._height = round(height)
        order = {"bar": 0, "line": 1, "dot": 2}
        behind = sorted(
            self._marks, key=lambda look: (order.get(look[0], 3), not (look[0] == "line" and look[4]))
        )
        marks = [mark_layer(look, self._marks[look], self._x("x")) for look in behind]
        if not self._vertical:  # carries the axis even where no row has a value
            nothing = {"type": "point", "opacity": 0, "color": "none"}
            marks.insert(
                0, layer([{"x": self._domain[0], "y": 0}], nothing, {"x": self._x("x"), "y": self._y("y")})
            )
        padding = {
            "left": self.left,
            "right": self.right,
            "top": self.top,
            "bottom": 30 if self._vertical else 8,
        }
        spec = {
            "width": self.plot,
            "height": self._height,
            "padding": padding,
            "autosize": "none",
            "layer": [*self._layers, *marks],
            "config": {"font": "sans-serif", "view": {"stroke": None}, "aria": False},
        }
        return Drawing(spec, tuple(self._texts))


def label_height(label: Words, wrap: int) -> float:
    """Points that a wrapped label takes in the language that needs more."""
    return max(len(wrapped(text, wrap)) for text in label.values()) * 15.0


def _spread(entries: Sequence[tuple[float, float]], bottom: float) -> list[float]:
    """The middles of (middle, height) entries, sorted by middle, moved so that none overlap and the
    last ends by `bottom`."""
    middles = [middle for middle, _ in entries]
    for at in range(1, len(entries)):
        middles[at] = max(middles[at], middles[at - 1] + (entries[at - 1][1] + entries[at][1]) / 2)
    limit = bottom
    for at in reversed(range(len(entries))):
        middles[at] = min(middles[at], limit - entries[at][1] / 2)
        limit = middles[at] - entries[at][1] / 2
    return middles
