"""What the review says, and in which order: the same for page and print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evenground.model import ALL, HIDDEN, NOT_REPORTED, Released, parse_group
from evenground.press import Both, count, decimal
from evenground.report.figures import (
    FEW_ROWS,
    MOST_ROWS,
    Figure,
    Place,
    groups_figure,
    is_unknown,
    levels_figure,
    pair_figure,
    places_figure,
    time_dimension,
    time_figure,
)
from evenground.report.rows import Ledger, Row
from evenground.report.speech import Speech, said

_IN_SHORT = 4  # gaps; one that goes well comes on top
_CANDIDATES = 5  # of a question: among these another group than before is looked for
_NAMED_PLACES = 10


@dataclass(frozen=True)
class Item:
    """One finding in short."""

    question: str
    good: bool
    headline: Both
    detail: Both
    takes: Both | None
    figure: Figure | None


@dataclass(frozen=True)
class Where:
    """Where a gap is made: a strip of all places, a table of the largest, and which part lies between them."""

    figure: Figure
    group: Both
    largest: tuple[Row, ...]
    split: Both | None


@dataclass(frozen=True)
class Block:
    """One indicator, or one assessment with its levels."""

    indicator: str
    heading: Both
    caution: Both
    finding: Both
    lead: Row | None
    figures: tuple[Figure, ...]
    over_time: Figure | None
    time_dimension: str | None  # whose groups the lines show
    moved: tuple[Both, ...]
    takes: tuple[tuple[Both, Both], ...]
    where: Where | None
    tables: tuple[str, ...]  # indicators whose numbers stand beneath


@dataclass(frozen=True)
class Section:
    """One question."""

    key: str
    title: Both
    answer: Both
    blocks: tuple[Block, ...]  # the one that answers first
    compared: Both
    sure: Both
    hidden: Both
    ask: tuple[Both, ...]


@dataclass(frozen=True)
class Story:
    title: Both
    items: tuple[Item, ...]
    sections: tuple[Section, ...]
    place: Place


def story_of(released: Released, ledger: Ledger, speech: Speech) -> Story:
    """Chooses what is said first; every number of it comes from the ledger."""
    about = released.about
    place = Place(about.title, about.unit_level, about.by)
    questions: dict[str, list[str]] = {}
    for key in speech.definitions.indicators:
        if key in ledger.latest:
            questions.setdefault(speech.indicator(key).question, []).append(key)
    sections = tuple(
        _section(speech, ledger, place, released, key, questions[key])
        for key in speech.definitions.questions
        if key in questions
    )
    return Story(_title(speech, released), tuple(_items(speech, ledger, place)), sections, place)


def _title(speech: Speech, released: Released) -> Both:
    periods = sorted(released.about.periods)
    one = len(periods) < 2
    words = {"from": periods[0] if periods else "", "period": periods[-1] if periods else ""}
    return speech.wording.set("page.title.one" if one else "page.title", place=released.about.title, **words)


# --- in short ---


def ranked(ledger: Ledger, indicators: Sequence[str] | None = None) -> list[Row]:
    """The gaps to look at first, first one first."""
    rows = [
        row
        for row in ledger.focus.values()
        if row.rank is not None and (indicators is None or row.indicator in indicators)
    ]
    return sorted(rows, key=lambda row: row.rank or 0)


def _items(speech: Speech, ledger: Ledger, place: Place) -> list[Item]:
    """One of the first gaps of each question, about another group each time where that can be, in the order of their ranks; then
    more of them until there are three; then what goes well."""
    rows = ranked(ledger)
    chosen: list[Row] = []
    for row in rows:
        if row.question not in {other.question for other in chosen} and len(chosen) < _IN_SHORT:
            candidates = [other for other in rows if other.question == row.question][:_CANDIDATES]
            named = {other.group for other in chosen}
            chosen.append(next((other for other in candidates if other.group not in named), row))
    for row in rows:
        if len(chosen) < 3 and not any(_overlap(row, other) for other in chosen):
            chosen.append(row)
    items = [_gap_item(speech, ledger, place, row) for row in sorted(chosen, key=lambda row: row.rank or 0)]
    good = _good_item(speech, ledger, place)
    return [*items, good] if good else items


def _overlap(row: Row, other: Row) -> bool:
    """Whether two rows of one indicator are about the same value of a dimension: Latino students and all Latina and Latino students."""
    return row.indicator == other.indicator and bool(
        set(parse_group(row.group)) & set(parse_group(other.group))
    )


def _gap_item(speech: Speech, ledger: Ledger, place: Place, row: Row) -> Item:
    needed = ledger.get(row.indicator, row.group, "needed_moving", row.period)
    takes = speech.needed(needed) if needed and needed.told and needed.value else None
    return Item(
        row.question,
        False,
        speech.short(row),
        _rest(speech, row),
        takes,
        pair_figure(speech, ledger, place, row),
    )


def _rest(speech: Speech, row: Row) -> Both:
    """What the full sentence says after its first one: how large, how sure."""
    whole, first = speech.sentence(row), speech.short(row)
    return Both(*(full.removeprefix(start).strip() for full, start in zip(whole, first, strict=True)))


def _good_item(speech: Speech, ledger: Ledger, place: Place) -> Item | None:
    """What goes well: a gap that closed because those behind gained; else a rise; else a group that is clearly ahead."""
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
        detail = speech.sentence(moved) if moved and moved.told else Both("", "")
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
            Both("", ""),
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
            _rest(speech, row),
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
            _rest(speech, row),
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


# --- one question ---


def _section(
    speech: Speech, ledger: Ledger, place: Place, released: Released, key: str, indicators: Sequence[str]
) -> Section:
    question = speech.definitions.questions[key]
    first = ranked(ledger, indicators)
    families = _families(speech, indicators)
    lead = first[0] if first else None
    ordered = sorted(families, key=lambda family: _place_of(ledger, family, first))
    blocks = tuple(
        _block(speech, ledger, place, family, answers=at == 0) for at, family in enumerate(ordered)
    )
    differences = [row for indicator in indicators for row in ledger.differences(indicator)]
    return Section(
        key,
        said(question.title),
        _answer(speech, ledger, lead, differences, indicators),
        blocks,
        _compared(speech, released),
        _sure(speech, differences),
        _hidden(speech, ledger, indicators),
        tuple(said(ask) for ask in question.ask),
    )


def _place_of(ledger: Ledger, family: Sequence[str], first: Sequence[Row]) -> tuple[int, float]:
    """Order of blocks: ranked gaps, then those with differences of which we cannot say how sure they are, then the others."""
    rank = min((row.rank or 0 for row in first if row.indicator in family), default=10**6)
    unsure = _unsure([row for key in family for row in ledger.differences(key)])
    told = any(row.told for key in family for row in ledger.differences(key))
    return rank, -_relative(unsure) if unsure else 0.0 if told else 1.0


def _unsure(differences: Sequence[Row]) -> Row | None:
    """The largest unfavourable difference without an interval, relative to what it is compared with."""
    rows = [
        row
        for row in differences
        if row.unfavourable and row.verdict is None and row.reference_level and not is_unknown(row.group)
    ]
    return max(rows, key=_relative, default=None)


def _relative(row: Row) -> float:
    return abs(row.value or 0) / abs(row.reference_level or 1)


def _families(speech: Speech, indicators: Sequence[str]) -> list[tuple[str, ...]]:
    """Indicators one by one; the levels of one assessment together, in their order."""
    grouped: dict[str, list[str]] = {}
    for key in indicators:
        grouped.setdefault(speech.indicator(key).family or key, []).append(key)
    return [
        tuple(sorted(keys, key=lambda key: speech.indicator(key).order or 0)) for keys in grouped.values()
    ]


def _answer(
    speech: Speech, ledger: Ledger, lead: Row | None, differences: Sequence[Row], indicators: Sequence[str]
) -> Both:
    """One sentence; a gap is only called one where the interval says so."""
    if lead is not None:
        return speech.short(lead)
    if unsure := _unsure(differences):
        return speech.sentence(unsure)
    told = [row for row in differences if row.verdict]
    if told and all(row.direction == "neutral" for row in told):
        return speech.wording.set("answer.neutral")
    if told:
        return speech.wording.set("answer.even")
    if any(row.told for row in differences):
        return speech.wording.set("answer.unsure")
    everybody = next((row for key in indicators if (row := ledger.level(key, ALL)) and row.told), None)
    return (
        speech.wording.set("answer.all", first=speech.sentence(everybody))
        if everybody
        else speech.wording.set("answer.empty")
    )


def _block(speech: Speech, ledger: Ledger, place: Place, family: Sequence[str], answers: bool) -> Block:
    main = family[len(family) // 2]
    own = ranked(ledger, family)
    lead = own[0] if own else None
    accent = lead if lead and lead.indicator == main else next(iter(ranked(ledger, [main])), None)
    accent = accent or _unsure(ledger.differences(main))
    most = MOST_ROWS if answers else FEW_ROWS
    stacked = levels_figure(speech, ledger, place, family, accent, most) if len(family) > 1 else None
    figures = (
        (stacked,)
        if stacked
        else tuple(figure for figure in [groups_figure(speech, ledger, place, main, accent, most)] if figure)
    )
    heading = (
        speech.title(main)
        if len(family) == 1
        else speech.wording.label(f"family.{speech.indicator(main).family}")
    )
    said_above = answers and lead is not None  # the answer has told both levels
    finding = (
        (_rest(speech, lead) if said_above else speech.sentence(lead))
        if lead
        else _answer(speech, ledger, None, ledger.differences(main), [main])
    )
    over_time = time_figure(speech, ledger, place, main, accent)
    where = _where(speech, ledger, place, lead) if lead and answers else None
    return Block(
        main,
        heading,
        said(speech.indicator(main).caution),
        finding,
        lead,
        figures,
        over_time,
        time_dimension(ledger, main, place, accent),
        _moved(speech, ledger, accent or lead),
        _takes(speech, ledger, family),
        where,
        tuple(reversed(family)) if len(family) > 1 else (main,),
    )


def _moved(speech: Speech, ledger: Ledger, row: Row | None) -> tuple[Both, ...]:
    """How the group and its gap have moved."""
    if row is None:
        return ()
    found = (ledger.get(row.indicator, row.group, measure) for measure in ("change", "gap_change"))
    return tuple(speech.sentence(each) for each in found if each is not None and each.told)


def _takes(speech: Speech, ledger: Ledger, family: Sequence[str]) -> tuple[tuple[Both, Both], ...]:
    """What parity would take, for the gaps to look at first: at most three."""
    rows = ranked(ledger, family)
    chosen: list[Row] = []
    found: list[tuple[Both, Both]] = []
    for row in rows:
        needed = ledger.get(row.indicator, row.group, "needed_moving")
        if (
            row.indicator == rows[0].indicator
            and needed
            and needed.told
            and needed.value
            and not any(_overlap(row, other) for other in chosen)
        ):
            chosen.append(row)
            found.append((speech.name(row.group), speech.needed(needed)))
    return tuple(found[:3])


def _where(speech: Speech, ledger: Ledger, place: Place, row: Row) -> Where | None:
    figure = places_figure(speech, ledger, place, row)
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
        split = speech.wording.set(
            "split.places",
            level=speech.wording.label(f"levels.{told[0].unit_level}"),
            group=speech.people(row.indicator, row.group),
            **points,
        )
    return Where(figure, speech.people(row.indicator, row.group), tuple(largest), split)


def _part(value: float | None, total: float) -> str:
    """A part of the gap, positive where it adds to it."""
    return decimal((value or 0.0) * 100 * (1 if total >= 0 else -1))


def _compared(speech: Speech, released: Released) -> Both:
    kind, _, what = released.about.reference.partition(":")
    if kind == "target":
        return speech.wording.set("compared.target", x=decimal(float(what) * 100, 0))
    if kind == "group":
        return speech.wording.set("compared.group", group=what)
    return speech.wording.set(f"compared.{kind}")


def _sure(speech: Speech, differences: Sequence[Row]) -> Both:
    told = [row for row in differences if row.verdict]
    certain = sum(row.verdict in ("above", "below") for row in told)
    bare = sum(row.told and not row.verdict for row in differences)
    if not told:
        return speech.wording.set("sure.none")
    words = speech.wording.set("sure.count", count=count(len(told)), certain=count(certain)).then(
        speech.wording.set("sure.method")
    )
    return words.then(speech.wording.set("sure.some", count=count(bare))) if bare else words


def _hidden(speech: Speech, ledger: Ledger, indicators: Sequence[str]) -> Both:
    hidden, missing = (
        sum(ledger.hidden(key, state) for key in indicators) for state in (HIDDEN, NOT_REPORTED)
    )
    words = (
        speech.wording.set("hidden.some", count=count(hidden))
        if hidden
        else speech.wording.set("hidden.none")
    )
    return words.then(speech.wording.set("missing.some", count=count(missing))) if missing else words
