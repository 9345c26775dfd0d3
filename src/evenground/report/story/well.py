"""What goes well: every review that has a number says something, and no more than the numbers do."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from evenground.model import ALL
from evenground.press import Words, count
from evenground.report.story.answer import mostly_hidden
from evenground.report.story.figures import Figure, groups_figure, pair_figure
from evenground.report.story.item import Item, rest
from evenground.report.story.panel import FEW_ROWS, Place
from evenground.report.story.rows import Ledger, Row, overlap, ranked
from evenground.report.story.speech import Speech
from evenground.report.story.trend import time_figure
from evenground.report.story.weight import clear, distance, speaks_for_itself, weight
from evenground.report.story.where import places_figure


def going_well(
    speech: Speech, ledger: Ledger, place: Place, indicators: Collection[str], said: Sequence[Row]
) -> Item | None:
    """The first of these that there is, of what `said` does not speak of where that can be:

    a gap that closed because those behind gained, or a level that got better; places where a group that is
    behind in all is ahead; a measure in which no group is clearly behind; the group nearest to its
    comparison; everybody's level. None where no level is told.
    """
    kinds = (_better, _bright_places, _even, _nearest, _level)
    for kind in kinds:
        found = list(kind(speech, ledger, place, indicators))
        apart = [(row, item) for row, item in found if not any(overlap(row, other) for other in said)]
        if apart or found:
            return (apart or found)[0][1]
    return None


Found = Iterator[tuple[Row, Item]]


def _better(speech: Speech, ledger: Ledger, place: Place, indicators: Collection[str]) -> Found:
    """Gaps that closed because those behind gained, then levels that got better; the weightiest first."""
    margin = speech.definitions.parameter("headline_margin")
    rows = [
        row
        for row in ledger.newest(indicators)
        if row.told and clear(row, margin) and speaks_for_itself(speech, row)
    ]
    gains = {"higher": "rose", "lower": "fell"}
    moved = {
        (row.indicator, row.group): row
        for row in rows
        if row.measure == "change" and row.verdict and row.verdict == gains.get(row.direction or "")
    }
    closed = [
        row
        for row in rows
        if row.measure == "gap_change"
        and row.verdict == "closed_behind_rose"
        and (row.indicator, row.group) in moved
        and _was_behind(row)
    ]
    for row in sorted(closed, key=lambda row: _heaviest(speech, ledger, moved[row.indicator, row.group])):
        detail = speech.sentence(moved[row.indicator, row.group])
        yield row, _item(speech, row, speech.sentence(row), detail, _over_time(speech, ledger, place, row))
    for row in sorted(moved.values(), key=lambda row: _heaviest(speech, ledger, row)):
        gap = ledger.get(row.indicator, row.group, "gap_change")
        detail = speech.sentence(gap) if gap and (gap.verdict or "").startswith("closed") else Words("")
        yield row, _item(speech, row, speech.sentence(row), detail, _over_time(speech, ledger, place, row))


def _heaviest(speech: Speech, ledger: Ledger, row: Row) -> tuple[float, str, str]:
    return -weight(speech, ledger, row), row.indicator, row.group


def _was_behind(row: Row) -> bool:
    """Of a gap that got smaller: whether the row's group is the one that was behind."""
    return ((row.value or 0) > 0) == (row.direction == "higher") and row.direction != "neutral"


def _over_time(speech: Speech, ledger: Ledger, place: Place, row: Row) -> Figure | None:
    return time_figure(speech, ledger, place, row.indicator, row, alone=True)


def _bright_places(speech: Speech, ledger: Ledger, place: Place, indicators: Collection[str]) -> Found:
    """Places where a group that is behind in all is clearly ahead."""
    found = []
    for row in ranked(ledger, indicators):
        parts = [part for part in ledger.parts.get((row.indicator, row.group), ()) if part.told]
        ahead = sum(part.ahead for part in parts)
        figure = places_figure(speech, row, parts) if ahead else None
        if figure is not None:
            found.append((ahead / len(parts), ahead, len(parts), parts[0].unit_level, row, figure))
    for _, ahead, places, level, row, figure in sorted(found, key=lambda each: (-each[0], each[4].rank or 0)):
        levels = speech.wording.label(f"levels.{level}")
        headline = speech.wording.set(
            "places.ahead",
            indicator=speech.title(row.indicator),
            group=speech.people(row.indicator, row.group),
            some=count(ahead),
            count=count(places),
            level=levels,
        )
        yield row, _item(speech, row, headline, speech.wording.set("places.ask"), figure)


def _even(speech: Speech, ledger: Ledger, place: Place, indicators: Collection[str]) -> Found:
    """Measures in which no group is clearly behind, the one with most comparisons first."""
    found = []
    for key in indicators:
        whole = ledger.level(key, ALL)
        told = [row for row in ledger.differences(key) if row.verdict and row.verdict != "too_few"]
        good = speech.indicator(key).direction != "neutral" and not any(row.behind for row in told)
        good = good and not mostly_hidden(ledger, [key])
        if good and told and whole is not None and whole.told:
            ahead = [row for row in told if row.ahead and speaks_for_itself(speech, row)]
            most = max(ahead, key=lambda row: weight(speech, ledger, row), default=whole)
            found.append((-len(told), key, most))
    for _, key, row in sorted(found, key=lambda each: each[:2]):
        figure = groups_figure(speech, ledger, place, key, None, FEW_ROWS)
        yield row, _item(speech, row, speech.short(row), speech.wording.set("answer.even"), figure)


def _nearest(speech: Speech, ledger: Ledger, place: Place, indicators: Collection[str]) -> Found:
    """The group that is nearest to its comparison, told as no more than that."""
    rows = [
        row
        for key in indicators
        if speech.indicator(key).direction != "neutral"
        for row in ledger.differences(key)
        if row.told and row.reference_level is not None and speaks_for_itself(speech, row)
    ]
    for row in sorted(rows, key=lambda row: (_apart(speech, row), row.indicator, row.group)):
        figure = pair_figure(speech, ledger, place, row)
        yield row, _item(speech, row, speech.short(row), rest(speech, row), figure, "nearest")


def _apart(speech: Speech, row: Row) -> float:
    return distance(speech, row.indicator, row.level or 0.0, row.reference_level or 0.0)


def _level(speech: Speech, ledger: Ledger, place: Place, indicators: Collection[str]) -> Found:
    """Everybody's level: a number to start from."""
    for key in indicators:
        row = ledger.level(key, ALL)
        if row is not None and row.told:
            yield row, _item(speech, row, speech.sentence(row), Words(""), None, "start_from")


def _item(
    speech: Speech,
    row: Row,
    headline: Words,
    detail: Words,
    figure: Figure | None,
    kicker: str = "going_well",
) -> Item:
    label = speech.wording.label(kicker)
    return Item(row.question, row.indicator, row.group, True, label, headline, detail, None, figure)
