"""Where a gap is made: every school or district as a mark, the largest by name."""

from __future__ import annotations

from collections.abc import Sequence, Sized
from dataclasses import dataclass, replace

from evenground.model import Unit
from evenground.press import Mark, Strip, Words, count, decimal
from evenground.report.story.figures import Figure, lowered, stop
from evenground.report.story.rows import Ledger, Row
from evenground.report.story.speech import Speech

_SAME = 9  # places after the point to which a value equals another: what a school has, all its groups have
_NAMED_PLACES = 10


@dataclass(frozen=True)
class Where:
    """Where a gap is made: a strip of all places, a table of the largest, and which part lies between
    them. Of a state, whose places are districts, `schools` is the same of their schools."""

    figure: Figure
    group: Words
    largest: tuple[Row, ...]
    split: Words | None = None
    together: Row | None = None  # the places that are not shown one by one
    schools: Where | None = None


def where_of(speech: Speech, ledger: Ledger, row: Row) -> Where | None:
    key = (row.indicator, row.group)
    found = _level(speech, row, ledger.parts.get(key, ()))
    if found is None:
        return None
    return replace(
        found,
        split=_split(speech, ledger, row, found.largest[0].unit_level),
        together=ledger.together.places.get((row.indicator, row.period, row.group)),
        schools=_level(speech, row, ledger.schools.get(key, ())),
    )


def _level(speech: Speech, row: Row, parts: Sequence[Row]) -> Where | None:
    """The places of one level; those with the most students by name."""
    figure = places_figure(speech, row, parts)
    if figure is None:
        return None
    told = [part for part in parts if part.told]
    largest = sorted(told, key=lambda part: (-(part.n or 0), part.unit_name))[:_NAMED_PLACES]
    return Where(figure, speech.people(row.indicator, row.group), tuple(largest))


def _split(speech: Speech, ledger: Ledger, row: Row, level: str) -> Words | None:
    """How much of the gap lies between the places and how much inside them."""
    between, within = (
        ledger.get(row.indicator, row.group, measure) for measure in ("gap_between", "gap_within")
    )
    if not (between and within and between.told and within.told and speech.share(row.indicator)):
        return None
    total = (between.value or 0) + (within.value or 0)
    parts = (between.value or 0) * total, (within.value or 0) * total
    key = "split.places" if min(parts) >= 0 else "split.inside" if parts[0] < 0 else "split.between"
    return speech.wording.set(
        key,
        level=speech.wording.label(f"levels.{level}"),
        group=speech.people(row.indicator, row.group),
        d=decimal(abs(total) * 100),
        between=_part(between.value, total),
        within=_part(within.value, total),
    )


def enough_places(speech: Speech, places: Sized) -> bool:
    """Whether so many places are shown that something can be said of where."""
    return len(places) >= speech.definitions.parameter("fewest_places")


def places_figure(speech: Speech, row: Row, parts: Sequence[Row], focus: Unit | None = None) -> Figure | None:
    """A strip of all places of one level: each one's own difference for the group that the finding is about,
    in the year of its `row`. `focus`, where it is among them, is marked and named; nothing is ranked.
    """
    told = [part for part in parts if part.told]
    if not enough_places(speech, told) or not any(round(part.value or 0.0, _SAME) for part in told):
        return None
    here = next(
        (part for part in told if focus and Unit(part.unit_level, part.unit_id, focus.name) == focus), None
    )
    marks = tuple(
        Mark(
            part.value or 0.0,
            part.verdict in ("above", "below"),
            Words.same(part.unit_name) if part is here else None,
        )
        for part in told
    )
    share, label = speech.share(row.indicator), speech.wording.label
    chart = Strip(
        marks,
        100 if share else 1,
        label("axis.difference" if share else f"axis.{speech.indicator(row.indicator).unit}"),
        label("axis.same", reference=lowered(speech.reference_label(row))),
    )
    level = told[0].unit_level
    words = {"group": speech.people(row.indicator, row.group), "level": label(f"levels.{level}")}
    numbers = {"count": count(len(told)), **_verdicts(told)}
    subtitle = speech.wording.set(
        "chart.where.subtitle",
        reference=speech.reference(row),
        group=words["group"],
        level=label(f"level.{level}"),
        indicator=speech.title(row.indicator),
        period=row.period,
    )
    bare = ".bare" if all(part.low is None for part in told) else ""  # nowhere is it known how sure it is
    title = speech.wording.set(f"chart.where{bare}", **words, **numbers)
    alt = speech.wording.set("chart.where.alt", **{**words, "group": words["group"].raised}, **numbers)
    if bare:
        alt = stop(title)
    if here is None:
        return Figure(chart, title, subtitle, alt)
    verdict = here.verdict if here.verdict in ("above", "below") else "bare" if here.low is None else "open"
    title = speech.wording.set(f"chart.where.here.{verdict}", place=here.unit_name, **words)
    return Figure(chart, title, subtitle, stop(title).then(alt))


def _verdicts(parts: Sequence[Row]) -> dict[str, str]:
    return {verdict: count(sum(part.verdict == verdict for part in parts)) for verdict in ("below", "above")}


def _part(value: float | None, total: float) -> str:
    """A part of the gap, positive where it adds to it."""
    return decimal((value or 0.0) * 100 * (1 if total >= 0 else -1))
