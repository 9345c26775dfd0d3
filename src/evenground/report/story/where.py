"""Where a gap is made: every school or district as a mark, the largest by name."""

from __future__ import annotations

from dataclasses import dataclass

from evenground.press import Mark, Strip, Words, count, decimal
from evenground.report.story.figures import Figure, lowered
from evenground.report.story.rows import Ledger, Row
from evenground.report.story.speech import Speech

_FEWEST_PLACES = 4
_NAMED_PLACES = 10


@dataclass(frozen=True)
class Where:
    """Where a gap is made: a strip of all places, a table of the largest, and which part lies between
    them."""

    figure: Figure
    group: Words
    largest: tuple[Row, ...]
    split: Words | None
    together: Row | None = None  # the places that are not shown one by one


def where_of(speech: Speech, ledger: Ledger, row: Row) -> Where | None:
    figure = places_figure(speech, ledger, row)
    if figure is None:
        return None
    told = [part for part in ledger.parts[row.indicator, row.group] if part.told]
    largest = sorted(told, key=lambda part: (-(part.n or 0), part.unit_name))[:_NAMED_PLACES]
    between, within = (
        ledger.get(row.indicator, row.group, measure) for measure in ("gap_between", "gap_within")
    )
    split = None
    if between and within and between.told and within.told and speech.share(row.indicator):
        total = (between.value or 0) + (within.value or 0)
        points = {
            "d": decimal(abs(total) * 100),
            "between": _part(between.value, total),
            "within": _part(within.value, total),
        }
        parts = (between.value or 0) * total, (within.value or 0) * total
        key = "split.places" if min(parts) >= 0 else "split.inside" if parts[0] < 0 else "split.between"
        split = speech.wording.set(
            key,
            level=speech.wording.label(f"levels.{told[0].unit_level}"),
            group=speech.people(row.indicator, row.group),
            **points,
        )
    together = ledger.together.places.get((row.indicator, row.period, row.group))
    return Where(figure, speech.people(row.indicator, row.group), tuple(largest), split, together)


def places_figure(speech: Speech, ledger: Ledger, row: Row) -> Figure | None:
    """A strip of all schools or districts: each one's own difference for the group that the finding is
    about."""
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
    chart = Strip(
        tuple(marks),
        100 if share else 1,
        axis,
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


def _part(value: float | None, total: float) -> str:
    """A part of the gap, positive where it adds to it."""
    return decimal((value or 0.0) * 100 * (1 if total >= 0 else -1))
