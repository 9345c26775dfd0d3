"""The findings in short: which gaps to look at first, and what goes well."""

from __future__ import annotations

from dataclasses import dataclass

from evenground.model import ALL, parse_group
from evenground.press import Words
from evenground.report.story.figures import Figure, pair_figure
from evenground.report.story.panel import Place
from evenground.report.story.parity import parity
from evenground.report.story.rows import Ledger, Row, ranked
from evenground.report.story.speech import Speech
from evenground.report.story.trend import time_figure

_IN_SHORT = 4  # gaps; one that goes well comes on top
_CANDIDATES = 5  # of a question: among these another group than before is looked for


@dataclass(frozen=True)
class Item:
    """One finding in short."""

    question: str
    good: bool
    headline: Words
    detail: Words
    takes: Words | None
    figure: Figure | None


def items_of(speech: Speech, ledger: Ledger, place: Place) -> list[Item]:
    """One of the first gaps of each question, about another group each time where that can be, in the
    order of their ranks; then
    more of them until there are three; then what goes well."""
    rows = ranked(ledger)
    chosen: list[Row] = []
    for row in rows:
        if row.question not in {other.question for other in chosen} and len(chosen) < _IN_SHORT:
            candidates = [other for other in rows if other.question == row.question][:_CANDIDATES]
            named = {other.group for other in chosen}
            chosen.append(next((other for other in candidates if other.group not in named), row))
    for row in rows:
        if len(chosen) < 3 and not any(overlap(row, other) for other in chosen):
            chosen.append(row)
    items = [_gap_item(speech, ledger, place, row) for row in sorted(chosen, key=lambda row: row.rank or 0)]
    good = _good_item(speech, ledger, place)
    return [*items, good] if good else items


def overlap(row: Row, other: Row) -> bool:
    """Whether two rows of one indicator are about the same value of a dimension: Latino students and
    all Latina and Latino students."""
    return row.indicator == other.indicator and bool(
        set(parse_group(row.group)) & set(parse_group(other.group))
    )


def _gap_item(speech: Speech, ledger: Ledger, place: Place, row: Row) -> Item:
    needed = parity(speech, ledger, row.indicator, row.group, row.period)
    takes = speech.needed(needed) if needed and needed.told and needed.value else None
    return Item(
        row.question,
        False,
        speech.short(row),
        rest(speech, row),
        takes,
        pair_figure(speech, ledger, place, row),
    )


def rest(speech: Speech, row: Row) -> Words:
    """What the full sentence says after its first one: how large, how sure."""
    whole, first = speech.sentence(row), speech.short(row)
    return Words.each(lambda full, start: full.removeprefix(start).strip(), whole, first)


def _good_item(speech: Speech, ledger: Ledger, place: Place) -> Item | None:
    """What goes well: a gap that closed because those behind gained; else a rise; else a group that is
    clearly ahead."""
    rows = [
        row for row in ledger.focus.values() if row.period == ledger.latest.get(row.indicator) and row.told
    ]
    better = {"higher": "rose", "lower": "fell"}
    closed = [
        row
        for row in rows
        if row.measure == "gap_change" and row.verdict == "closed_behind_rose" and _gains(row)
    ]
    if closed:
        row = max(closed, key=lambda row: (_students(ledger, row), abs(row.value or 0)))
        moved = ledger.get(row.indicator, row.group, "change")
        detail = speech.sentence(moved) if moved and moved.told else Words("")
        return Item(
            row.question,
            True,
            speech.sentence(row),
            detail,
            None,
            time_figure(speech, ledger, place, row.indicator, row, alone=True),
        )
    gained = [
        row
        for row in rows
        if row.measure == "change" and row.verdict == better.get(row.direction or "") and row.verdict
    ]
    if gained:
        row = max(gained, key=lambda row: (row.group != ALL, _students(ledger, row), abs(row.value or 0)))
        return Item(
            row.question,
            True,
            speech.sentence(row),
            Words(""),
            None,
            time_figure(speech, ledger, place, row.indicator, row, alone=True),
        )
    ahead = [row for row in rows if row.measure == "difference" and row.ahead and row.level is not None]
    if ahead:
        row = max(ahead, key=lambda row: (_students(ledger, row) >= 30, abs(row.value or 0)))
        return Item(
            row.question,
            True,
            speech.short(row),
            rest(speech, row),
            None,
            pair_figure(speech, ledger, place, row),
        )
    even = [
        row
        for row in rows
        if row.measure == "difference" and row.verdict == "no_clear_difference" and row.level is not None
    ]
    if even:
        row = max(even, key=lambda row: _students(ledger, row))
        return Item(
            row.question,
            True,
            speech.short(row),
            rest(speech, row),
            None,
            pair_figure(speech, ledger, place, row),
        )
    return None


def _gains(row: Row) -> bool:
    """Of a gap that got smaller: whether the row's group is the one that was behind."""
    return (
        ((row.value or 0) > 0) == (row.direction == "higher")
        and row.direction != "neutral"
        and row.group != ALL
    )


def _students(ledger: Ledger, row: Row) -> float:
    level = ledger.level(row.indicator, row.group)
    return (level.n if level else row.n) or 0.0
