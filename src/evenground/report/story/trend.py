"""Charts over time."""

from __future__ import annotations

from collections.abc import Sequence

from evenground.model import ALL, period_end
from evenground.press import Line, Lines, Words, bases, whole
from evenground.report.story.axis import axis_title, bounds, scale_of
from evenground.report.story.axis import told as told_at
from evenground.report.story.figures import Figure, stop
from evenground.report.story.panel import Place, known_groups, panels
from evenground.report.story.rows import Ledger, Row
from evenground.report.story.speech import Speech


def time_figure(
    speech: Speech, ledger: Ledger, place: Place, indicator: str, accent: Row | None, alone: bool = False
) -> Figure | None:
    """Lines over all years that the data hold, of the dimension that the finding is about; `alone`:
    that group beside everybody."""
    periods = ledger.periods.get(indicator, ())
    dimension = time_dimension(ledger, indicator, place, accent)
    if accent and alone:
        groups = [accent.group]
    elif dimension is not None:
        groups = known_groups(panels(ledger, indicator, place)[dimension])
        groups += [accent.group] if accent else []  # the title speaks of it, be it of one dimension or of two
    else:
        return None
    series = [
        line
        for group in dict.fromkeys([*groups, ALL])
        if (line := _line(speech, ledger, indicator, group, periods, accent))
    ]
    if not series or len(periods) < 2:
        return None
    drawn = [edges for line in series for edges in (line.values, line.high if line.accent else ())]
    edges = [edge for each in drawn for edge in each if edge is not None]
    start, end = bounds(speech, indicator, edges)
    chart = Lines(
        tuple(series), periods, start, end, scale_of(speech, indicator), axis_title(speech, indicator, end)
    )
    moved = ledger.get(indicator, accent.group if accent else ALL, "change")
    title = _time_title(speech, indicator, moved, _spanned(periods))
    words = {"from": periods[0], "period": periods[-1]}
    alt = speech.wording.set("chart.time.alt", count=len(series), finding=stop(title), **words)
    subtitle = speech.wording.set(
        "chart.time.subtitle", indicator=speech.title(indicator), place=place.title, **words
    )
    return Figure(chart, title, subtitle, alt)


def time_dimension(ledger: Ledger, indicator: str, place: Place, accent: Row | None) -> str | None:
    """The dimension whose groups the lines show: the finding's own, else the first."""
    plain = [dimension for dimension in panels(ledger, indicator, place) if "+" not in dimension]
    return accent.dimension if accent and accent.dimension in plain else next(iter(plain), None)


def _line(
    speech: Speech, ledger: Ledger, indicator: str, group: str, periods: Sequence[str], accent: Row | None
) -> Line | None:
    rows = [ledger.level(indicator, group, period) for period in periods]
    told = [row if row is not None and row.told else None for row in rows]
    values, low, high = (
        tuple(getattr(row, name) if row else None for row in told) for name in ("value", "low", "high")
    )
    if sum(value is not None for value in values) < 2:
        return None
    written = tuple(told_at(speech, indicator, value) for value in values)
    return Line(
        speech.row_label(indicator, group),
        values,
        low,
        high,
        accent=bool(accent and accent.group == group),
        reference=group == ALL,
        told=[text for text in written if text][-1],
        written=written,
    )


def _spanned(periods: Sequence[str]) -> int:
    """How many school years there are from the first to the last; the data may not hold each of them."""
    return period_end(periods[-1]) - period_end(periods[0]) + 1


_MOVED = ("rose", "fell", "no_clear_change")


def _time_title(speech: Speech, indicator: str, moved: Row | None, years: int) -> Words:
    known = moved is not None and moved.told and moved.level is not None and moved.level_from is not None
    if not known or moved is None or moved.verdict not in _MOVED or not speech.counts_people(indicator):
        return speech.wording.set("chart.time.plain", indicator=speech.title(indicator), count=years)
    before, now = moved.level_from or 0.0, moved.level or 0.0
    base = bases(now, before, apart=moved.verdict != "no_clear_change")
    words = {"a": f"{whole(now * base):,}", "b": f"{whole(before * base):,}"}
    return speech.wording.set(
        f"chart.time.{moved.verdict}", group=speech.name(moved.group), base=f"{base:,}", **words
    )
