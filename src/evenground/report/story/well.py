"""What goes well: every review that has a number says something, and no more than the numbers do."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from evenground.model import ALL
from evenground.press import Words, count
from evenground.report.story.answer import mostly_hidden
from evenground.report.story.figures import Figure, groups_figure, pair_figure
from evenground.report.story.item import Item, rest
from evenground.report.story.jump import jump_of
from evenground.report.story.panel import FEW_ROWS, Place
from evenground.report.story.rows import Ledger, Row, overlap, ranked
from evenground.report.story.speech import Speech
from evenground.report.story.trend import time_figure
from evenground.report.story.weight import clear, distance, speaks_for_itself, weight
from evenground.report.story.where import enough_places, places_figure


def going_well(
    speech: Speech, ledger: Ledger, place: Place, indicators: Collection[str], said: Sequence[Row]
) -> Item | None:
    """The first of these that there is, of what `said` does not speak of where that can be:

    a gap that closed because those behind gained, or a level that got better; places where a group that is
    behind in all is ahead; a measure in which no group is clearly behind; the group nearest to its
    comparison; everybody's level. None where no level is told.
    """
    kinds: tuple[tuple[_Find, _Tell], ...] = (
        (_better, _better_item),
        (_bright_places, _places_item),
        (_even, _even_item),
        (_nearest, _nearest_item),
        (_levels, _level_item),
    )
    for find, tell in kinds:
        rows = find(speech, ledger, indicators)
        apart = [row for row in rows if not any(overlap(row, other) for other in said)]
        if rows:
            return tell(speech, ledger, place, (apart or rows)[0])
    return None


_Find = Callable[[Speech, Ledger, Collection[str]], list[Row]]
_Tell = Callable[[Speech, Ledger, Place, Row], Item]


# --- which rows, the first of which is told ---


def _better(speech: Speech, ledger: Ledger, indicators: Collection[str]) -> list[Row]:
    """Gaps that closed because those behind gained, then levels that got better, the weightiest first;
    trifles beside the weightiest come after both."""
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

    weights = {key: weight(speech, ledger, row) for key, row in moved.items()}
    least = speech.definitions.parameter("least_part_of_first") * max(weights.values(), default=0.0)

    def order(row: Row) -> tuple[bool, bool, float, str, str]:
        heavy = weights[row.indicator, row.group]
        return heavy < least, row.measure == "change", -heavy, row.indicator, row.group

    return sorted([*closed, *moved.values()], key=order)


def _was_behind(row: Row) -> bool:
    """Of a gap that got smaller: whether the row's group is the one that was behind."""
    return ((row.value or 0) > 0) == (row.direction == "higher") and row.direction != "neutral"


def _bright_places(speech: Speech, ledger: Ledger, indicators: Collection[str]) -> list[Row]:
    """Gaps of a group that is clearly ahead in more places than chance explains, those first where it is in
    most."""
    least = speech.definitions.parameter("least_part_of_places")
    found = []
    for row in ranked(ledger, indicators):
        parts = _parts(ledger, row)
        ahead = sum(part.ahead for part in parts)
        if enough_places(speech, parts) and ahead >= least * len(parts):
            found.append((-ahead / len(parts), row.rank or 0, row))
    return [row for *_, row in sorted(found, key=lambda each: each[:2])]


def _parts(ledger: Ledger, row: Row) -> list[Row]:
    return [part for part in ledger.parts.get((row.indicator, row.group), ()) if part.told]


def _even(speech: Speech, ledger: Ledger, indicators: Collection[str]) -> list[Row]:
    """Of measures in which no group is clearly behind: who is ahead, else everybody's level; the measure with
    most comparisons first."""
    found = []
    for key in indicators:
        whole = ledger.level(key, ALL)
        told = [row for row in ledger.differences(key) if row.verdict and row.verdict != "too_few"]
        good = speech.indicator(key).direction != "neutral" and not any(row.behind for row in told)
        if good and told and whole is not None and whole.told and not mostly_hidden(ledger, [key]):
            ahead = [row for row in told if row.ahead and speaks_for_itself(speech, row)]
            most = max(ahead, key=lambda row: (weight(speech, ledger, row), row.group), default=whole)
            found.append((-len(told), key, most))
    return [row for *_, row in sorted(found, key=lambda each: each[:2])]


def _nearest(speech: Speech, ledger: Ledger, indicators: Collection[str]) -> list[Row]:
    """The groups, the one nearest to its comparison first."""
    rows = [
        row
        for key in indicators
        if speech.indicator(key).direction != "neutral"
        for row in ledger.differences(key)
        if row.told and row.reference_level is not None and speaks_for_itself(speech, row)
    ]

    def apart(row: Row) -> tuple[float, str, str]:
        far = distance(speech, row.indicator, row.level or 0.0, row.reference_level or 0.0)
        return far, row.indicator, row.group

    return sorted(rows, key=apart)


def _levels(speech: Speech, ledger: Ledger, indicators: Collection[str]) -> list[Row]:
    """Everybody's levels."""
    rows = (ledger.level(key, ALL) for key in indicators)
    return [row for row in rows if row is not None and row.told]


# --- how they are told ---


def _better_item(speech: Speech, ledger: Ledger, place: Place, row: Row) -> Item:
    """A gap that closed, with how its group moved; a level that got better, with a gap that closed."""
    other = ledger.get(row.indicator, row.group, "change" if row.measure == "gap_change" else "gap_change")
    beside = row.measure == "gap_change" or (other is not None and (other.verdict or "").startswith("closed"))
    detail = speech.sentence(other) if other and beside else Words("")
    detail = detail.then(jump_of(speech, ledger, row.indicator) or Words(""))
    figure = time_figure(speech, ledger, place, row.indicator, row, alone=True)
    return _item(speech, row, speech.sentence(row), detail, figure)


def _places_item(speech: Speech, ledger: Ledger, place: Place, row: Row) -> Item:
    parts = _parts(ledger, row)
    headline = speech.wording.set(
        "places.ahead",
        indicator=speech.title(row.indicator),
        group=speech.people(row.indicator, row.group),
        some=count(sum(part.ahead for part in parts)),
        count=count(len(parts)),
        level=speech.wording.label(f"levels.{parts[0].unit_level}"),
    )
    return _item(speech, row, headline, speech.wording.set("places.ask"), places_figure(speech, row, parts))


def _even_item(speech: Speech, ledger: Ledger, place: Place, row: Row) -> Item:
    figure = groups_figure(speech, ledger, place, row.indicator, None, FEW_ROWS)
    return _item(speech, row, speech.short(row), speech.wording.set("answer.even.one"), figure)


def _nearest_item(speech: Speech, ledger: Ledger, place: Place, row: Row) -> Item:
    figure = pair_figure(speech, ledger, place, row)
    return _item(speech, row, speech.short(row), rest(speech, row), figure, "nearest")


def _level_item(speech: Speech, ledger: Ledger, place: Place, row: Row) -> Item:
    return _item(speech, row, speech.sentence(row), Words(""), None, "start_from")


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
