"""The charts of a review: rows of the ledger become charts with a title that says the finding."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from evenground.model import ALL, VALUE, parse_group
from evenground.press import (
    Both,
    Chart,
    DotRow,
    LevelRow,
    Line,
    Mark,
    bases,
    count,
    decimal,
    dots,
    levels,
    lines,
    strip,
    whole,
)
from evenground.report.rows import Ledger, Row
from evenground.report.speech import Speech

MOST_ROWS = 26  # more do not make a chart that a person reads; the table has them all
FEW_ROWS = 12  # of a chart that is only opened on demand
_FEWEST_PLACES = 4
_ZOOM_BELOW = 0.25  # rates are drawn on 0 to 100 unless all are below this; the axis then says where it ends


@dataclass(frozen=True)
class Figure:
    """A chart with its words: the title says the finding, the subtitle measure, place and year."""

    chart: Chart
    title: Both
    subtitle: Both
    alt: Both


@dataclass(frozen=True)
class Place:
    """Whose review it is and how its dimensions are ordered."""

    title: str
    level: str
    by: tuple[str, ...]


def panels(ledger: Ledger, indicator: str, place: Place) -> dict[str, list[str]]:
    """The groups to show of each dimension asked for (crosses last), largest level first, those without a number at the end."""
    found: dict[str, list[str]] = {}
    dimensions = [dimension for key, dimension in ledger.groups if key == indicator]
    order = {dimension: at for at, dimension in enumerate(place.by)}
    for dimension in sorted(
        dimensions, key=lambda name: (name.count("+"), order.get(name.split("+")[0], 99), name)
    ):
        groups = ledger.groups[indicator, dimension]
        known = [group for group in groups if ledger.level(indicator, group)]
        found[dimension] = sorted(known, key=lambda group: -_value(ledger, indicator, group))
    return found


def drawn(found: dict[str, list[str]], accent: Row | None, most: int = MOST_ROWS) -> dict[str, list[str]]:
    """The panels that fit into one chart, first the one that the finding is about, which always does. Students of whom the
    dimension is not known are in the table, not in the chart."""
    kept: dict[str, list[str]] = {}
    first = [accent.dimension] if accent and accent.dimension in found else []
    for dimension in dict.fromkeys([*first, *found]):
        groups = known_groups(found[dimension])
        if groups and (not kept or sum(map(len, kept.values())) + len(groups) <= most):
            kept[dimension] = groups
    return kept


def known_groups(groups: Sequence[str]) -> list[str]:
    """Without those whose value is not known."""
    return [group for group in groups if not is_unknown(group)]


def is_unknown(group: str) -> bool:
    return any(value == "unknown" for _, value in parse_group(group))


def headed(
    speech: Speech, ledger: Ledger, indicator: str, shown: dict[str, list[str]]
) -> list[tuple[str, Both | None]]:
    """The groups of the panels with the heading that starts each; dimensions with one group stand together."""
    single = [groups[0] for groups in shown.values() if len(groups) == 1]
    if len(shown) == 1:
        return [(group, None) for groups in shown.values() for group in groups]
    together = sorted(single, key=lambda group: -_value(ledger, indicator, group)) if len(single) > 1 else []
    rows: list[tuple[str, Both | None]] = []
    for dimension, groups in shown.items():
        if len(groups) == 1 and together:
            rows += [
                (group, speech.wording.label("other_groups") if group == together[0] else None)
                for group in together
                if groups[0] == single[0]
            ]
        else:
            rows += [
                (group, speech.dimension(dimension) if at == 0 else None) for at, group in enumerate(groups)
            ]
    return rows


def _value(ledger: Ledger, indicator: str, group: str) -> float:
    row = ledger.level(indicator, group)
    return row.value if row and row.told and row.value is not None else -math.inf


def groups_figure(
    speech: Speech, ledger: Ledger, place: Place, indicator: str, accent: Row | None, most: int
) -> Figure | None:
    """Dot plot of the latest year."""
    shown = drawn(panels(ledger, indicator, place), accent, most)
    if not any(shown.values()):
        return None
    rows, reference = [], None
    for group, heading in headed(speech, ledger, indicator, shown):
        row, difference = _dot_row(speech, ledger, indicator, group, heading, accent)
        rows.append(row)
        reference = reference or difference
    if all(row.value is None for row in rows):
        return None
    start, end = _bounds(
        speech,
        indicator,
        [edge for row in rows for edge in (row.value, row.high, row.reference) if edge is not None],
    )
    chart = dots(
        rows,
        end,
        start,
        _scale(speech, indicator),
        _axis(speech, indicator, end),
        _reference_line(speech, indicator, rows, reference),
    )
    title = finding_title(speech, indicator, accent, ledger.differences(indicator))
    alt = speech.wording.set("chart.alt", count=len(rows), finding=stop(title))
    return Figure(chart, title, _subtitle(speech, ledger, place, indicator), alt)


def pair_figure(speech: Speech, ledger: Ledger, place: Place, row: Row) -> Figure:
    """A group and what it is compared with, for the findings in short."""
    own, _ = _dot_row(speech, ledger, row.indicator, row.group, None, row)
    other = DotRow(
        speech.reference_label(row),
        Both.same(""),
        row.reference_level,
        told=_told(speech, row.indicator, row.reference_level),
    )
    rows = [own, other] if row.reference_level is not None else [own]
    start, end = _bounds(
        speech, row.indicator, [edge for each in rows for edge in (each.value, each.high) if edge is not None]
    )
    rows = [DotRow(r.label, r.n, r.value, r.low, r.high, None, r.told, r.note, r.accent) for r in rows]
    chart = dots(rows, end, start, _scale(speech, row.indicator), _axis(speech, row.indicator, end), None)
    title = finding_title(speech, row.indicator, row, [row])
    return Figure(chart, title, _subtitle(speech, ledger, place, row.indicator), stop(title))


def levels_figure(
    speech: Speech, ledger: Ledger, place: Place, family: Sequence[str], accent: Row | None, most: int
) -> Figure | None:
    """Stacked bars of the levels of one assessment, around the standard (its second cut)."""
    if len(family) != 3:
        return None
    shown = drawn(panels(ledger, family[1], place), accent, most)
    rows = []
    for group, heading in [(ALL, None), *headed(speech, ledger, family[1], shown)]:
        note = _note(speech, ledger.level(family[1], group))
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
    names = [speech.wording.label(f"level{number}") for number in (1, 2, 3, 4)]
    chart = levels(rows, names, 2, speech.wording.label("axis.share"))
    title = finding_title(speech, family[1], accent, ledger.differences(family[1]))
    alt = speech.wording.set("chart.levels.alt", count=len(rows), finding=stop(title))
    return Figure(chart, title, _subtitle(speech, ledger, place, family[1]), alt)


def time_figure(
    speech: Speech, ledger: Ledger, place: Place, indicator: str, accent: Row | None, alone: bool = False
) -> Figure | None:
    """Lines over all years that the data hold, of the dimension that the finding is about; `alone`: that group beside everybody."""
    periods = ledger.periods.get(indicator, ())
    dimension = time_dimension(ledger, indicator, place, accent)
    if len(periods) < 2 or dimension is None:
        return None
    groups = [accent.group] if accent and alone else known_groups(panels(ledger, indicator, place)[dimension])
    series = [
        line
        for group in dict.fromkeys([*groups, ALL])
        if (line := _line(speech, ledger, indicator, group, periods, accent))
    ]
    if not series:
        return None
    edges = [edge for line in series for edge in line.values if edge is not None]
    start, end = _bounds(speech, indicator, edges)
    chart = lines(series, periods, end, start, _scale(speech, indicator), _axis(speech, indicator, end))
    moved = ledger.get(indicator, accent.group if accent else ALL, "change")
    title = _time_title(speech, indicator, moved, len(periods))
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


def places_figure(speech: Speech, ledger: Ledger, place: Place, row: Row) -> Figure | None:
    """A strip of all schools or districts: each one's own difference for the group that the finding is about."""
    parts = [part for part in ledger.parts.get((row.indicator, row.group), []) if part.told]
    if len(parts) < _FEWEST_PLACES:
        return None
    marks = [Mark(part.value or 0.0, part.verdict in ("above", "below")) for part in parts]
    below, above = (sum(part.verdict == verdict for part in parts) for verdict in ("below", "above"))
    level = parts[0].unit_level
    numbers: dict[str, object] = {
        "level": speech.wording.label(f"levels.{level}"),
        "count": count(len(parts)),
        "below": count(below),
        "above": count(above),
    }
    share = speech.share(row.indicator)
    axis = speech.wording.label(
        "axis.difference" if share else f"axis.{speech.indicator(row.indicator).unit}"
    )
    chart = strip(
        marks,
        axis,
        100 if share else 1,
        speech.wording.label("axis.same", reference=lowered(speech.reference_label(row))),
    )
    words = {
        "group": speech.people(row.indicator, row.group),
        "indicator": speech.title(row.indicator),
        "period": row.period,
    }
    subtitle = speech.wording.set(
        "chart.where.subtitle",
        reference=speech.reference(row),
        level=speech.wording.label(f"level.{level}"),
        **words,
    )
    return Figure(
        chart,
        speech.wording.set("chart.where", **numbers),
        subtitle,
        speech.wording.set("chart.where.alt", group=words["group"], **numbers),
    )


def finding_title(speech: Speech, indicator: str, accent: Row | None, differences: Sequence[Row]) -> Both:
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
    certain = any(row.verdict for row in differences) and speech.indicator(indicator).direction != "neutral"
    return speech.wording.set("chart.even" if certain else "chart.neutral")


def stop(text: Both) -> Both:
    """With a full stop."""
    return Both(*(words if words.endswith((".", "!", "?")) else f"{words}." for words in text))


def lowered(text: Both) -> Both:
    """A label inside a line: "All students" -> "all students"; words with their own capitals stay."""
    return Both(
        *(
            words[:1].lower() + words[1:]
            if words[1:2].islower() and words[1:] == words[1:].lower()
            else words
            for words in text
        )
    )


# --- parts of charts ---


def _dot_row(
    speech: Speech, ledger: Ledger, indicator: str, group: str, heading: Both | None, accent: Row | None
) -> tuple[DotRow, Row | None]:
    row, difference = ledger.level(indicator, group), ledger.get(indicator, group, "difference")
    if row is None or not row.told:
        return DotRow(speech.name(group), Both.same(""), None, note=_note(speech, row), heading=heading), None
    reference = difference.reference_level if difference else None
    n = Both.same(f"n = {count(row.n)}") if row.n is not None else Both.same("")
    told, marked = _told(speech, indicator, row.value), bool(accent and accent.group == group)
    return DotRow(
        speech.name(group), n, row.value, row.low, row.high, reference, told, None, marked, heading
    ), difference


def _note(speech: Speech, row: Row | None) -> Both:
    return speech.wording.label(row.state if row and row.state != VALUE else "not_reported")


def _told(speech: Speech, indicator: str, value: float | None) -> str:
    if value is None:
        return ""
    if speech.share(indicator):
        return decimal(value * 100, 0 if value >= 0.0995 or value == 0 else 1 if value >= 0.00995 else 2)
    return speech.figure(indicator, value)


def _reference_line(speech: Speech, indicator: str, rows: Sequence[DotRow], row: Row | None) -> Both | None:
    if row is None or row.reference_level is None:
        return None
    label, values = (
        speech.reference_label(row),
        {round(each.reference, 9) for each in rows if each.reference is not None},
    )
    if len(values) > 1:
        return label
    told = _told(speech, indicator, row.reference_level)
    return Both(f"{label.en}: {told}", f"{label.es}: {told}")


def _bounds(speech: Speech, indicator: str, edges: Sequence[float]) -> tuple[float, float]:
    """Where the axis starts and ends: rates 0 to 100, or to a round number above small ones; averages from zero."""
    highest = max(edges, default=1.0)
    if speech.share(indicator) and highest >= _ZOOM_BELOW:
        return 0.0, 1.0
    return 0.0, _round_up(highest * 1.05)


def _round_up(value: float) -> float:
    """The next of 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10 times a power of ten."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if step * power >= value - 1e-12)


def _scale(speech: Speech, indicator: str) -> float:
    return 100 if speech.share(indicator) else 1


def _axis(speech: Speech, indicator: str, end: float) -> Both:
    known = speech.indicator(indicator)
    if known.unit != "share":
        return speech.wording.label(f"axis.{known.unit}")
    return (
        speech.wording.label("axis.share")
        if end == 1.0
        else speech.wording.label("axis.share.end", x=f"{end * 100:g}")
    )


def _subtitle(speech: Speech, ledger: Ledger, place: Place, indicator: str) -> Both:
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
    if len(above) != 5 or any(first < second - 1e-9 for first, second in zip(above, above[1:], strict=False)):
        return None
    return tuple(first - second for first, second in zip(above, above[1:], strict=False))


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
    return Line(
        speech.name(group), values, low, high, bool(accent and accent.group == group), reference=group == ALL
    )


def _time_title(speech: Speech, indicator: str, moved: Row | None, years: int) -> Both:
    known = moved is not None and moved.told and moved.level is not None and moved.level_from is not None
    if not known or moved is None or not moved.verdict or not speech.counts_people(indicator):
        return speech.wording.set("chart.time.plain", indicator=speech.title(indicator), count=years)
    before, now = moved.level_from or 0.0, moved.level or 0.0
    base = bases(now, before, apart=moved.verdict != "no_clear_change")
    words = {"a": f"{whole(now * base):,}", "b": f"{whole(before * base):,}"}
    return speech.wording.set(
        f"chart.time.{moved.verdict}", group=speech.name(moved.group), base=f"{base:,}", **words
    )
