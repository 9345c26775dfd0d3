"""Charts of two dimensions at once: small multiples of dot plots, same rows and same scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from evenground.model import parse_group
from evenground.press import DotRow, Multiples, Panel, Words
from evenground.report.story.axis import axis_title, bounds, scale_of
from evenground.report.story.figures import (
    Figure,
    dot_row,
    edges,
    finding_title,
    reference_line,
    stop,
    subtitle,
)
from evenground.report.story.panel import MOST_ROWS, Place, known_groups, level_value, panels
from evenground.report.story.rows import Ledger, Row
from evenground.report.story.speech import Speech
from evenground.report.story.steadied import steadied, with_note

_MOST_PANELS = 3
_FEWEST = 2  # of panels, and of rows


def crosses_figure(
    speech: Speech, ledger: Ledger, place: Place, indicator: str, accent: Row | None
) -> Figure | None:
    """The cross of two dimensions that the finding is about, else the first; deeper ones are in tables."""
    found = {
        dimension: known_groups(groups)
        for dimension, groups in panels(ledger, indicator, place).items()
        if dimension.count("+") == 1
    }
    first = [accent.dimension] if accent and accent.dimension in found else []
    for dimension in dict.fromkeys([*first, *found]):
        table = _table(ledger, indicator, found[dimension])
        if table:
            own = accent if accent and accent.dimension == dimension else None
            return _drawn(speech, ledger, place, indicator, own, table)
    return None


def _table(ledger: Ledger, indicator: str, groups: Sequence[str]) -> dict[str, dict[str, str]]:
    """Panel -> row -> group: the dimension with fewer values makes the panels, those in which nothing is told
    left out, and the rows go by what all of them have. Empty where that makes no chart.
    """
    parts = {group: [f"{key}:{value}" for key, value in parse_group(group)] for group in groups}
    told = [group for group in groups if (row := ledger.level(indicator, group)) and row.told]
    sides = [list(dict.fromkeys(parts[group][side] for group in told)) for side in (0, 1)]
    across = 0 if len(sides[0]) < len(sides[1]) else 1
    columns, lines = sides[across], sides[1 - across]
    if not (_FEWEST <= len(columns) <= _MOST_PANELS and _FEWEST <= len(lines) <= MOST_ROWS):
        return {}
    by_both = {(parts[group][across], parts[group][1 - across]): group for group in groups}
    if len(told) < len(columns) * len(lines) / 2:
        return {}
    lines.sort(key=lambda line: -level_value(ledger, indicator, line))
    return {column: {line: by_both.get((column, line), "") for line in lines} for column in sorted(columns)}


def _drawn(
    speech: Speech,
    ledger: Ledger,
    place: Place,
    indicator: str,
    accent: Row | None,
    table: dict[str, dict[str, str]],
) -> Figure:
    compared, made = None, []
    for column, lines in table.items():
        rows: list[DotRow] = []
        for line, group in lines.items():
            if not group:  # in no data: it may be that nobody is there
                rows.append(DotRow(speech.name(line), Words.same(""), None))
                continue
            row, difference = dot_row(speech, ledger, place, indicator, group, None, accent)
            compared = compared or difference
            row = steadied(speech, ledger, indicator, group, row)
            rows.append(replace(row, label=speech.name(line), wider=None))
        made.append(Panel(speech.name(column), tuple(rows)))
    every = [row for panel in made for row in panel.rows]
    start, end = bounds(speech, indicator, edges(every))
    chart = Multiples(
        tuple(made),
        start,
        end,
        scale_of(speech, indicator),
        axis_title(speech, indicator, end),
        reference_line(speech, indicator, every, compared),
    )
    groups = [group for lines in table.values() for group in lines.values() if group]
    differences = [found for group in groups if (found := ledger.get(indicator, group, "difference"))]
    title = finding_title(speech, indicator, accent, differences)
    alt = speech.wording.set("chart.alt", count=len(every), finding=stop(title))
    under = with_note(speech, ledger, every, subtitle(speech, ledger, place, indicator))
    return Figure(chart, title, under, alt)
