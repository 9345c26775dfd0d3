"""Our charts as the presentation program's own: bars for groups, stacked bars for levels, lines for years.

What a slide cannot draw (a strip of all schools) stays on the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from evenground.press.chart import Chart
from evenground.press.chart.dots import DotRow, Dots
from evenground.press.chart.hundred import Hundred
from evenground.press.chart.levels import Levels
from evenground.press.chart.lines import Lines
from evenground.press.chart.matrix import Matrix
from evenground.press.chart.rows import Row

_Row = TypeVar("_Row", bound=Row)

MOST_BARS = 12
"""Bars that can be read from the back of a room."""


@dataclass(frozen=True)
class Series:
    """One series: a number a category, None where there is none. `accents` are the places of the bars that
    the sentence is about, `reference` the place of the bar that others are compared with; `margins` how far
    below and above each value chance could move it, `written` each value as the review writes it."""

    name: str
    values: tuple[float | None, ...]
    tone: str = "rule"
    accents: tuple[int, ...] = ()
    margins: tuple[tuple[float, float], ...] = ()
    reference: int | None = None
    written: tuple[str, ...] = ()

    @property
    def last(self) -> int | None:
        """The place of the last number."""
        return max((at for at, value in enumerate(self.values) if value is not None), default=None)


@dataclass(frozen=True)
class Native:
    """`form` is `bars`, `stacked` or `lines`; the numbers are in units of the axis (of every 100)."""

    form: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    axis: str
    start: float | None
    end: float | None
    number_format: str
    told: tuple[str, ...] = ()  # each number as a line of text


def native(chart: Chart, lang: str) -> Native | None:
    """The chart in one language, or None where slides have no form for it."""
    if isinstance(chart, Dots):
        return _bars(chart, lang)
    if isinstance(chart, Levels):
        return _stacked(chart, lang)
    if isinstance(chart, Lines):
        return _lines(chart, lang)
    if isinstance(chart, Matrix):
        return _tallied(chart, lang)
    return _hundred(chart, lang) if isinstance(chart, Hundred) else None


def _bars(chart: Dots, lang: str) -> Native:
    rows = _most(_panel(chart.rows))
    values = [_scaled(row.value, chart.scale) for row in rows]
    names = [_named(row, lang) for row in rows]
    margins = [_margin(row, chart.scale) for row in rows]
    references = {round(row.reference, 9) for row in rows if row.reference is not None}
    series, compared = [], None
    if len(references) == 1 and chart.reference:
        names.append(chart.reference.of(lang).rpartition(":")[0] or chart.reference.of(lang))
        values.append(_scaled(references.pop(), chart.scale))
        margins.append((0.0, 0.0))
        compared = len(rows)
    elif references and chart.reference:
        beside = tuple(_scaled(row.reference, chart.scale) for row in rows)
        series.append(Series(chart.reference.of(lang), beside, "grid"))
    accents = tuple(at for at, row in enumerate(rows) if row.accent)
    own = Series(chart.axis.of(lang), tuple(values), "rule", accents, tuple(margins), compared)
    told = tuple(_told(row, lang) for row in rows)
    bounds = chart.start * chart.scale, chart.end * chart.scale
    form = _number_format([row.told for row in rows])
    return Native("bars", tuple(names), (own, *series), chart.axis.of(lang), *bounds, form, told)


def _panel(rows: Sequence[_Row]) -> list[_Row]:
    """The rows that stand above every heading, and those under the heading that the sentence is about; or
    those under the first one."""
    panels: list[list[_Row]] = [[]]
    for row in rows:
        if row.heading:
            panels.append([])
        panels[-1].append(row)
    first, others = panels[0], panels[1:]
    about = next((panel for panel in others if any(row.accent for row in panel)), others[0] if others else [])
    return [*first, *about]


def _most(rows: Sequence[_Row]) -> list[_Row]:
    """As many as can be read, the first ones and those that the sentence is about."""
    about = [row for row in rows[MOST_BARS:] if row.accent]
    return [*rows[: MOST_BARS - len(about)], *about]


def _named(row: DotRow, lang: str) -> str:
    """The name of a bar: with its number of students, or with the reason why there is no bar."""
    more = row.note if row.value is None else row.n
    return f"{row.label.of(lang)} ({more.of(lang)})" if more else row.label.of(lang)


def _told(row: DotRow, lang: str) -> str:
    note = row.note.of(lang) if row.note else ""
    n = f" ({row.n.of(lang)})" if row.n else ""
    return f"{row.label.of(lang)}: {row.told if row.value is not None else note}{n}"


def _margin(row: DotRow, scale: float) -> tuple[float, float]:
    if row.value is None or row.low is None or row.high is None:
        return 0.0, 0.0
    return round((row.value - row.low) * scale, 4), round((row.high - row.value) * scale, 4)


def _scaled(value: float | None, scale: float) -> float | None:
    return None if value is None else round(value * scale, 4)


def _number_format(told: Sequence[str]) -> str:
    """As many places as the chart itself writes."""
    some = [text for text in told if text]
    places = max((len(text.partition(".")[2].rstrip("%")) for text in some), default=0)
    digits = "#,##0" + ("." + "0" * places if places else "")
    return f'"$"{digits}' if any(text.startswith("$") for text in some) else digits


def _stacked(chart: Levels, lang: str) -> Native:
    rows = _most(_panel(chart.rows))
    names = [
        f"{row.label.of(lang)} ({row.note.of(lang)})"
        if row.shares is None and row.note
        else row.label.of(lang)
        for row in rows
    ]
    series = [
        Series(
            name.of(lang),
            tuple(None if row.shares is None else round(row.shares[at] * 100, 4) for row in rows),
            f"deep{at + 1}",
        )
        for at, name in enumerate(chart.names)
    ]
    told = tuple(
        f"{label}: " + ", ".join(f"{one.name} {one.values[at]:.0f}" for one in series)
        for at, (label, row) in enumerate(zip(names, rows, strict=True))
        if row.shares is not None
    )
    return Native("stacked", tuple(names), tuple(series), chart.axis.of(lang), 0.0, 100.0, "0", told)


def _tallied(chart: Matrix, lang: str) -> Native:
    """A bar for each column, of all its rows; every field is told."""
    columns = list(zip(*(row.cells for row in chart.rows), strict=True))
    series = tuple(
        Series(
            name.of(lang),
            tuple(sum(getattr(cell, kind) for cell in cells) or None for cells in columns),
            tone,
        )
        for name, kind, tone in ((chart.full, "full", "deep4"), (chart.hollow, "hollow", "deep2"))
    )
    names = tuple(name.of(lang) for name in chart.columns)
    told = tuple(
        f"{row.label.of(lang)} "
        + "; ".join(f"{name}: {cell.told.of(lang)}" for name, cell in zip(names, row.cells, strict=True))
        for row in chart.rows
    )
    return Native("stacked", names, series, "", 0.0, None, "0", told)


def _lines(chart: Lines, lang: str) -> Native:
    series = tuple(
        Series(
            line.label.of(lang),
            tuple(_scaled(value, chart.scale) for value in line.values),
            "accent" if line.accent else "ink" if line.reference else "rule",
            written=line.written,
        )
        for line in chart.series
    )
    told = tuple(f"{one.name}: " + ", ".join(_years(chart, one)) for one in series)
    bounds = chart.start * chart.scale, chart.end * chart.scale
    most = max((value for one in series for value in one.values if value is not None), default=0.0)
    form = "0" if most >= 10 else "0.0" if most >= 1 else "0.00"
    return Native("lines", chart.periods, series, chart.axis.of(lang), *bounds, form, told)


def _years(chart: Lines, one: Series) -> list[str]:
    return [f"{period} {text or '–'}" for period, text in zip(chart.periods, one.written, strict=True)]


def _hundred(chart: Hundred, lang: str) -> Native:
    names = tuple(share.label.of(lang) for share in chart.shares)
    values = tuple(round(share.value * 100, 4) for share in chart.shares)
    accents = tuple(at for at, share in enumerate(chart.shares) if share.accent)
    told = tuple(f"{share.label.of(lang)}: {share.told.of(lang)}" for share in chart.shares)
    return Native("bars", names, (Series("", values, "rule", accents),), "", 0.0, 100.0, "0", told)
