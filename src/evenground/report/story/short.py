"""The findings in short: what to look at first, of different kinds, and what goes well."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace

from evenground.definitions import said
from evenground.model import parse_group
from evenground.press import Words, count
from evenground.report.story.figures import pair_figure
from evenground.report.story.hundred import hundred_figure
from evenground.report.story.item import Item, rest
from evenground.report.story.jump import jump_of
from evenground.report.story.panel import Place
from evenground.report.story.parity import it_takes
from evenground.report.story.rows import Ledger, Row, overlap, ranked
from evenground.report.story.speech import Speech
from evenground.report.story.trend import time_figure
from evenground.report.story.weight import clear, speaks_for_itself, visible, weight
from evenground.report.story.well import going_well
from evenground.report.story.where import enough_places, places_figure
from evenground.report.story.yardstick import yardstick_of

_IN_SHORT = 4  # to look at; what goes well comes on top
_GAPS = 2  # of these before other kinds


def items_of(speech: Speech, ledger: Ledger, place: Place, indicators: Collection[str]) -> list[Item]:
    """At most four findings to look at and one that goes well, of these indicators.

    The most important gap; one of another question; one in what schools give, where neither is; what got
    clearly worse; where a gap shows in most places; then further gaps, certain ones first. How they are
    chosen is told in docs/explanation/first-findings.md.
    """
    gaps = ranked(ledger, indicators)
    chosen: list[Row] = []
    items: list[Item] = []

    def add(rows: Iterable[Row], item: Callable[[Speech, Ledger, Place, Row], Item]) -> None:
        row = next((row for row in rows if not any(overlap(row, other) for other in chosen)), None)
        if row is not None and len(items) < _IN_SHORT:
            chosen.append(row)
            items.append(item(speech, ledger, place, row))

    for _ in range(_GAPS):
        add(_varied(speech, ledger, gaps, chosen), _gap_item)
    if not any(_gives(speech, row) for row in chosen):
        add((row for row in gaps if _gives(speech, row)), _gap_item)
    add(_worse(speech, ledger, indicators, chosen), _change_item)
    add(_in_most_places(speech, ledger, gaps), _place_item)
    while len(items) < _IN_SHORT:
        before = len(items)
        add(_varied(speech, ledger, gaps, chosen), _gap_item)
        if len(items) == before:
            add(_unsure(speech, ledger, indicators), _gap_item)
        if len(items) == before:
            break
    if items and (counted := hundred_figure(speech, ledger, place, chosen[0])):
        items[0] = replace(items[0], figure=counted)  # one such picture a page
    good = going_well(speech, ledger, place, indicators, chosen)
    return [*items, good] if good else items


# --- which rows ---


def _varied(speech: Speech, ledger: Ledger, gaps: Sequence[Row], chosen: Sequence[Row]) -> list[Row]:
    """The gaps, those about another question, another assessment and another group first. Variety is not
    bought with trifles: a gap that weighs next to nothing beside the first one is not brought forward."""
    least = speech.definitions.parameter("least_part_of_first")
    heaviest = weight(speech, ledger, gaps[0]) if gaps else 0.0
    most = speech.definitions.parameter("candidates_in_short")
    questions, families = {row.question for row in chosen}, {_family(speech, row) for row in chosen}
    values = {pair for row in chosen for pair in parse_group(row.group)}
    first = {
        row
        for question in {row.question for row in gaps}
        for row in [row for row in gaps if row.question == question][: int(most)]
        if weight(speech, ledger, row) >= least * heaviest
    }

    def repeats(row: Row) -> tuple[bool, bool, bool, bool, int]:
        return (
            row not in first,
            row.question in questions,
            _family(speech, row) in families,
            bool(values & set(parse_group(row.group))),
            row.rank or 0,
        )

    return sorted(gaps, key=repeats)


def _family(speech: Speech, row: Row) -> str:
    return speech.indicator(row.indicator).family or row.indicator


def _gives(speech: Speech, row: Row) -> bool:
    """Whether a row is about what schools give rather than what came of it."""
    return speech.definitions.questions[row.question].resource


def _worse(speech: Speech, ledger: Ledger, indicators: Collection[str], chosen: Sequence[Row]) -> list[Row]:
    """What got clearly worse: everybody's level or a group's, or a gap that grew; the weightiest first, those
    about another group before them."""
    margin = speech.definitions.parameter("headline_margin")
    found = [
        row
        for row in ledger.newest(indicators)
        if row.told
        and clear(row, margin)
        and (
            (
                row.measure == "change"
                and row.verdict == {"higher": "fell", "lower": "rose"}.get(row.direction or "")
            )
            or (row.measure == "gap_change" and _grew(ledger, row))
        )
        and speaks_for_itself(speech, row)
    ]
    values = {pair for row in chosen for pair in parse_group(row.group)}
    weights = {row: weight(speech, ledger, row) for row in found}
    least = speech.definitions.parameter("least_part_of_first") * max(weights.values(), default=0.0)

    def order(row: Row) -> tuple[bool, bool, float, str, str]:
        again = bool(values & set(parse_group(row.group)))
        return weights[row] < least, again, -weights[row], row.indicator, row.group

    return sorted(found, key=order)


def _grew(ledger: Ledger, row: Row) -> bool:
    """Whether a gap grew, or turned around, for a group that is behind now."""
    now = ledger.get(row.indicator, row.group, "difference")
    return (row.verdict or "").startswith(("widened", "reversed")) and now is not None and now.behind


def _in_most_places(speech: Speech, ledger: Ledger, gaps: Sequence[Row]) -> list[Row]:
    """Gaps that show clearly in many places, those first that do in most of theirs."""
    least = speech.definitions.parameter("least_part_of_places")
    found = []
    for row in gaps:
        told = [part for part in ledger.parts.get((row.indicator, row.group), ()) if part.told]
        share = sum(part.behind for part in told) / len(told) if enough_places(speech, told) else 0.0
        if share >= least:
            found.append((-share, row.rank or 0, row))
    return [row for *_, row in sorted(found, key=lambda each: each[:2])]


def _unsure(speech: Speech, ledger: Ledger, indicators: Collection[str]) -> list[Row]:
    """Gaps without a chance range that the told numbers show, the weightiest first."""
    found = [
        row
        for key in indicators
        for row in ledger.differences(key)
        if row.unfavourable
        and row.verdict is None
        and visible(speech, row)
        and speaks_for_itself(speech, row)
    ]
    return sorted(found, key=lambda row: (-weight(speech, ledger, row), row.indicator, row.group))


# --- how they are told ---


def _gap_item(speech: Speech, ledger: Ledger, place: Place, row: Row) -> Item:
    return Item(
        row.question,
        row.indicator,
        row.group,
        False,
        speech.wording.label("look_first" if row.rank else "not_sure_yet"),
        speech.short(row),
        rest(speech, row).then(yardstick_of(speech, ledger, row)),
        it_takes(speech, ledger, row),
        pair_figure(speech, ledger, place, row),
    )


def _change_item(speech: Speech, ledger: Ledger, place: Place, row: Row) -> Item:
    other = "change" if row.measure == "gap_change" else "gap_change"
    beside = ledger.get(row.indicator, row.group, other)
    told = speech.sentence(beside) if beside and beside.told and beside.verdict else Words("")
    return Item(
        row.question,
        row.indicator,
        row.group,
        False,
        speech.wording.label("got_worse"),
        speech.sentence(row),
        told.then(jump_of(speech, ledger, row.indicator) or said(speech.indicator(row.indicator).caution)),
        None,
        time_figure(speech, ledger, place, row.indicator, row, alone=True),
    )


def _place_item(speech: Speech, ledger: Ledger, place: Place, row: Row) -> Item:
    parts = [part for part in ledger.parts[row.indicator, row.group] if part.told]
    return Item(
        row.question,
        row.indicator,
        row.group,
        False,
        speech.wording.label("where"),
        speech.wording.set(
            "places.behind",
            indicator=speech.title(row.indicator),
            group=speech.people(row.indicator, row.group),
            some=count(sum(part.behind for part in parts)),
            count=count(len(parts)),
            level=speech.wording.label(f"levels.{parts[0].unit_level}"),
        ),
        speech.short(row),
        None,
        places_figure(speech, row, parts),
    )
