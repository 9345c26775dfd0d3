"""Tables and bar charts of what is shown and what is hidden."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evenground.disclosure.account import FIRST, OTHERS, Line
from evenground.press import (
    NARROW,
    WIDE,
    Html,
    LevelRow,
    Levels,
    Words,
    count,
    element,
    framed,
    join,
    pictured,
)
from evenground.workspace.protection.rule import say

Cell = Html | str | Words

_MOST_ROWS = 20  # of a chart; the table has all


@dataclass(frozen=True)
class Part:
    """One way to cut the numbers: `key` of its words, `head` of its first column, a line each."""

    key: str
    head: str
    lines: Sequence[Line]
    name: Callable[[Line], Words]


def of_100(part: int, whole: int) -> str:
    return count(100 * part / whole) if whole else ""


def parts(tables: Sequence[Part], source: bool) -> list[Html]:
    """A chart for each table of more than one line, and the table. `source`: a publisher hid some."""
    charts = [_chart(part) if len(part.lines) > 1 else None for part in tables]
    found = []
    for part, chart in zip(tables, charts, strict=True):
        figure = join()
        if chart:
            shown = sorted(part.lines, key=_share)[:_MOST_ROWS]
            some = len(part.lines) > len(shown)
            subtitle = say("chart_some", count=len(shown)) if some else say("chart_subtitle")
            title = _finding(part, shown[0], max(part.lines, key=_share))
            alt = say("chart_alt", count=len(shown), finding=title)
            figure = pictured(
                f"f-{part.key}", chart.picture(WIDE), chart.picture(NARROW), title, subtitle, alt
            )
        found.append(join(element("h3", say(part.key)), figure, _table(part, source)))
    return found


def _share(line: Line) -> float:
    return line.shown / line.cells if line.cells else 1.0


def _finding(part: Part, least: Line, most: Line) -> Words:
    x, y = of_100(least.shown, least.cells), of_100(most.shown, most.cells)
    if x == y:
        return say("chart_one", least=part.name(least), x=x)
    return say("chart", least=part.name(least), x=x, most=part.name(most), y=y)


def _chart(part: Part) -> Levels:
    rows = tuple(
        LevelRow(
            part.name(line),
            tuple(number / line.cells for number in (line.others, line.first + line.source, line.shown)),
        )
        for line in sorted(part.lines, key=_share)[:_MOST_ROWS]
    )
    return Levels(rows, (say("others"), say("first_or_source"), say("shown")), 2, say("axis"))


def _table(part: Part, source: bool) -> Html:
    heads = [say(part.head), say("numbers"), say("shown"), say("share_shown"), say("first")]
    heads += [say("source")] if source else []
    heads.append(say("others"))
    rows: list[list[Cell]] = [
        [
            part.name(line),
            count(line.cells),
            count(line.shown),
            of_100(line.shown, line.cells),
            count(line.first),
            *([count(line.source)] if source else []),
            count(line.others),
        ]
        for line in part.lines
    ]
    return numbers_table(part.key, say(part.key), heads, rows)


def reasons_table(whole: Line) -> Html:
    """Every cell by what happened to it."""
    heads = [say("reason"), say("numbers"), say("share")]
    found = [("shown", whole.shown), *((reason, whole.hidden.get(reason, 0)) for reason in FIRST)]
    found += [("source", whole.source), *((reason, whole.hidden.get(reason, 0)) for reason in OTHERS)]
    rows: list[list[Cell]] = [
        [say(key), count(number), of_100(number, whole.cells)] for key, number in found if number
    ]
    return numbers_table("by_reason", say("by_reason"), heads, rows)


def numbers_table(
    key: str,
    caption: Words,
    heads: Sequence[Words],
    rows: Sequence[Sequence[Cell]],
    words: Sequence[int] = (),
) -> Html:
    """A table of numbers; the columns `words` hold words."""
    named = dict.fromkeys(words, "w")
    head = element(
        "thead",
        element(
            "tr", [element("th", text, scope="col", class_=named.get(at)) for at, text in enumerate(heads)]
        ),
    )
    body = [
        element(
            "tr",
            element("th", row[0], scope="row"),
            [element("td", cell, class_=named.get(at)) for at, cell in enumerate(row[1:], start=1)],
        )
        for row in rows
    ]
    return framed(key, caption, head, element("tbody", body))
