"""Charts of one year: rows of the ledger become a chart with a title that says the finding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from evenground.model import ALL, HIDDEN, VALUE
from evenground.press import Chart, DotRow, Dots, LevelRow, Levels, Words, count
from evenground.report.story.axis import axis_title, bounds, scale_of, told
from evenground.report.story.panel import Place, drawn, headed, panels
from evenground.report.story.rows import Ledger, Row
from evenground.report.story.speech import Speech
from evenground.report.story.steadied import steadied, with_note


@dataclass(frozen=True)
class Figure:
    """A chart with its words: the title says the finding, the subtitle measure, place and year."""

    chart: Chart
    title: Words
    subtitle: Words
    alt: Words


def groups_figure(
    speech: Speech, ledger: Ledger, place: Place, indicator: str, accent: Row | None, most: int
) -> Figure | None:
    """Dot plot of the latest year."""
    shown = drawn(panels(ledger, indicator, place), accent, most)
    if not any(shown.values()):
        return None
    made = [
        dot_row(speech, ledger, place, indicator, group, heading, accent)
        for group, heading in headed(speech, ledger, indicator, shown)
    ]
    named = zip(headed(speech, ledger, indicator, shown), made, strict=True)
    rows = tuple(steadied(speech, ledger, indicator, group, row) for (group, _), (row, _) in named)
    if all(row.value is None for row in rows):
        return None
    start, end = bounds(speech, indicator, edges(rows))
    wider = place.wider.name if place.wider and any(row.wider is not None for row in rows) else None
    chart = Dots(
        rows,
        start,
        end,
        scale_of(speech, indicator),
        axis_title(speech, indicator, end),
        reference_line(speech, indicator, rows, next((found for _, found in made if found), None)),
        speech.wording.label("axis.wider", place=wider) if wider else None,
        joined=speech.indicator(indicator).unit == "dollars",
    )
    title = finding_title(speech, indicator, accent, ledger.differences(indicator))
    alt = speech.wording.set("chart.alt", count=len(rows), finding=stop(title))
    line = with_note(speech, ledger, rows, subtitle(speech, ledger, place, indicator))
    return Figure(chart, title, line, alt)


def pair_figure(speech: Speech, ledger: Ledger, place: Place, row: Row) -> Figure:
    """A group and what it is compared with, for the findings in short."""
    own, _ = dot_row(speech, ledger, place, row.indicator, row.group, None, row)
    other = DotRow(
        speech.reference_label(row),
        Words.same(""),
        row.reference_level,
        told=told(speech, row.indicator, row.reference_level),
    )
    rows = [own, other] if row.reference_level is not None else [own]
    start, end = bounds(
        speech, row.indicator, [edge for each in rows for edge in (each.value, each.high) if edge is not None]
    )
    rows = [DotRow(r.label, r.n, r.value, r.low, r.high, None, r.told, r.note, r.accent) for r in rows]
    chart = Dots(
        tuple(rows), start, end, scale_of(speech, row.indicator), axis_title(speech, row.indicator, end)
    )
    title = finding_title(speech, row.indicator, row, [row])
    return Figure(chart, title, subtitle(speech, ledger, place, row.indicator), stop(title))


def levels_figure(
    speech: Speech, ledger: Ledger, place: Place, family: Sequence[str], accent: Row | None, most: int
) -> Figure | None:
    """Stacked bars of the levels of one assessment, around the standard (its second cut)."""
    if len(family) != 3:
        return None
    shown = drawn(panels(ledger, family[1], place), accent, most)
    rows = []
    for group, heading in [(ALL, None), *headed(speech, ledger, family[1], shown)]:
        note = note_of(speech, ledger.level(family[1], group))
        rows.append(
            LevelRow(
                speech.name(group),
                _shares(ledger, family, group),
                note,
                bool(accent and accent.group == group),
                heading,
            )
        )
    if not any(row.shares for row in rows):
        return None
    names = tuple(speech.wording.label(f"level{number}") for number in (1, 2, 3, 4))
    chart = Levels(tuple(rows), names, 2, speech.wording.label("axis.share"))
    title = finding_title(speech, family[1], accent, ledger.differences(family[1]))
    alt = speech.wording.set("chart.levels.alt", count=len(rows), finding=stop(title))
    return Figure(chart, title, subtitle(speech, ledger, place, family[1]), alt)


def finding_title(speech: Speech, indicator: str, accent: Row | None, differences: Sequence[Row]) -> Words:
    """What the chart shows, in one line."""
    if accent is not None and accent.level is not None and accent.reference_level is not None:
        base = speech.base(accent)
        words = {"group": speech.name(accent.group), "reference": speech.reference_label(accent)}
        told = {
            "a": speech.amount(indicator, accent.level, base),
            "b": speech.amount(indicator, accent.reference_level, base),
        }
        key = "chart.gap" if speech.counts_people(indicator) else "chart.gap.mean"
        return speech.wording.set(key, base=f"{base:,}", **words, **told)
    compared = [row for row in differences if row.verdict and row.verdict != "too_few"]
    even = (
        compared
        and not any(row.behind for row in compared)
        and speech.indicator(indicator).direction != "neutral"
    )
    return speech.wording.set("chart.even" if even else "chart.neutral")


def stop(text: Words) -> Words:
    """With a full stop."""
    return Words.each(lambda words: words if words.endswith((".", "!", "?")) else f"{words}.", text)


def lowered(text: Words) -> Words:
    """A label inside a line: "All students" -> "all students"; words with their own capitals stay."""
    return Words.each(
        lambda words: (
            words[:1].lower() + words[1:]
            if words[1:2].islower() and words[1:] == words[1:].lower()
            else words
        ),
        text,
    )


def dot_row(
    speech: Speech,
    ledger: Ledger,
    place: Place,
    indicator: str,
    group: str,
    heading: Words | None,
    accent: Row | None,
) -> tuple[DotRow, Row | None]:
    """The row of a group, and the difference that tells what it is compared with."""
    row, difference = ledger.level(indicator, group), ledger.get(indicator, group, "difference")
    if row is None or not row.told:
        return _untold(speech, indicator, group, row, heading), None
    reference = difference.reference_level if difference else None
    n = Words.same(f"n = {count(row.n)}") if row.n is not None else Words.same("")
    written, marked = told(speech, indicator, row.value), bool(accent and accent.group == group)
    wider = place.wider.values.get((indicator, row.period, group)) if place.wider else None
    return DotRow(
        speech.row_label(indicator, group),
        n,
        row.value,
        row.low,
        row.high,
        reference,
        written,
        None,
        marked,
        heading,
        wider,
    ), difference


def _untold(speech: Speech, indicator: str, group: str, row: Row | None, heading: Words | None) -> DotRow:
    """A row without a value; of some that are hidden it is told between what they lie."""
    low, high, written = None, None, ""
    if row is not None and row.state == HIDDEN and row.low is not None and row.high is not None:
        low, high = row.low, row.high
        written = f"{told(speech, indicator, low)}–{told(speech, indicator, high)}"
    note = note_of(speech, row)
    return DotRow(
        speech.row_label(indicator, group),
        Words.same(""),
        None,
        low,
        high,
        told=written,
        note=note,
        heading=heading,
    )


def edges(rows: Sequence[DotRow]) -> list[float]:
    """Every value that the axis has to hold."""
    found = [edge for row in rows for edge in (row.value, row.high, row.reference, row.wider)]
    return [edge for edge in found if edge is not None]


def note_of(speech: Speech, row: Row | None) -> Words:
    return speech.wording.label(row.state if row and row.state != VALUE else "not_reported")


def reference_line(speech: Speech, indicator: str, rows: Sequence[DotRow], row: Row | None) -> Words | None:
    """What the rows are compared with, with its value where they share one."""
    if row is None or row.reference_level is None:
        return None
    label, values = (
        speech.reference_label(row),
        {round(each.reference, 9) for each in rows if each.reference is not None},
    )
    if len(values) > 1:
        return label
    written = told(speech, indicator, row.reference_level)
    return Words.each(lambda name: f"{name}: {written}", label)


def subtitle(speech: Speech, ledger: Ledger, place: Place, indicator: str) -> Words:
    return speech.wording.set(
        "chart.subtitle",
        indicator=speech.title(indicator),
        place=place.title,
        period=ledger.latest[indicator],
    )


def _shares(ledger: Ledger, family: Sequence[str], group: str) -> tuple[float, ...] | None:
    """The share at each level, from the shares at or above each cut; None unless all are told and nested."""
    period = ledger.latest[family[1]]
    rows = [ledger.level(key, group, period) for key in family]
    above = [1.0, *(row.value for row in rows if row is not None and row.told and row.value is not None), 0.0]
    if len(above) != 5 or any(first < second - 1e-9 for first, second in pairwise(above)):
        return None
    return tuple(first - second for first, second in pairwise(above))
