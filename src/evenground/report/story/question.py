"""One question of the review: its answer, its indicators, how sure we are, what is hidden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evenground.definitions import people, said
from evenground.model import ALL, HIDDEN, NOT_REPORTED, Released
from evenground.press import Words, count, decimal
from evenground.report.story.answer import answer_of, unsure
from evenground.report.story.aspect import Aspect, Scene
from evenground.report.story.aspects import aspects_of
from evenground.report.story.crosses import crosses_figure
from evenground.report.story.figures import Figure, groups_figure, levels_figure
from evenground.report.story.item import rest
from evenground.report.story.jump import jump_of
from evenground.report.story.lenses import Closing, closing_of
from evenground.report.story.panel import FEW_ROWS, MOST_ROWS, Place
from evenground.report.story.parity import it_takes
from evenground.report.story.rows import Ledger, Row, overlap, ranked
from evenground.report.story.speech import Speech
from evenground.report.story.trend import time_dimension, time_figure
from evenground.report.story.unmeasured import Unmeasured, unmeasured_of
from evenground.report.story.weight import weight
from evenground.report.story.where import Where, where_of
from evenground.report.story.yardstick import yardstick_of


@dataclass(frozen=True)
class Block:
    """One indicator, or one assessment with its levels."""

    indicator: str
    heading: Words
    caution: Words
    finding: Words
    lead: Row | None
    figure: Figure | None
    brief: Figure | None  # the same with fewer rows, for print
    crossed: Figure | None  # two dimensions at once
    over_time: Figure | None
    time_dimension: str | None  # whose groups the lines show
    moved: tuple[Words, ...]
    closing: Closing | None  # how its gap moved, seen four ways
    takes: tuple[tuple[Words, Words], ...]
    where: Where | None
    tables: tuple[str, ...]  # indicators whose numbers stand beneath


@dataclass(frozen=True)
class Section:
    """One question."""

    key: str
    title: Words
    answer: Words
    blocks: tuple[Block, ...]  # the one that answers first; none where only aspects tell of it
    aspects: tuple[Aspect, ...]
    compared: Words
    sure: Words
    hidden: Words
    ask: tuple[Words, ...]
    unmeasured: Unmeasured | None  # what belongs here and these data cannot show

    @property
    def foldable(self) -> int:
        """How many of its indicators and aspects stay folded: all but the one that answers."""
        return len(self.blocks) + len(self.aspects) - 1


def section_of(scene: Scene, key: str, indicators: Sequence[str]) -> Section | None:
    """None where these data have nothing on the question."""
    speech, ledger, place = scene.speech, scene.ledger, scene.place
    aspects = aspects_of(scene, key)
    if not indicators and not aspects:
        return None
    question = speech.definitions.questions[key]
    first = ranked(ledger, indicators)
    families = _families(speech, indicators)
    lead = first[0] if first else None
    ordered = sorted(families, key=lambda family: _place_of(speech, ledger, family, first))
    blocks = tuple(
        _block(speech, ledger, place, family, answers=at == 0) for at, family in enumerate(ordered)
    )
    differences = [row for indicator in indicators for row in ledger.differences(indicator)]
    return Section(
        key,
        said(question.title),
        answer_of(speech, ledger, lead, indicators) if indicators else aspects[0].finding,
        blocks,
        aspects,
        _compared(speech, scene.released, differences) if indicators else Words(""),
        _sure(speech, differences) if indicators else aspects[0].rests,
        _hidden(speech, ledger, indicators) if indicators else Words(""),
        tuple(said(ask) for ask in question.ask),
        unmeasured_of(speech, scene.released, key),
    )


def _place_of(
    speech: Speech, ledger: Ledger, family: Sequence[str], first: Sequence[Row]
) -> tuple[int, float]:
    """Order of blocks: ranked gaps, then those with differences of which we cannot say how sure they
    are, then the others."""
    rank = min((row.rank or 0 for row in first if row.indicator in family), default=10**6)
    bare = unsure(speech, [row for key in family for row in ledger.differences(key)])
    told = any(row.told for key in family for row in ledger.differences(key))
    return rank, -weight(speech, ledger, bare) if bare else 0.0 if told else 1.0


def _families(speech: Speech, indicators: Sequence[str]) -> list[tuple[str, ...]]:
    """Indicators one by one; the levels of one assessment together, in their order."""
    grouped: dict[str, list[str]] = {}
    for key in indicators:
        grouped.setdefault(speech.indicator(key).family or key, []).append(key)
    return [
        tuple(sorted(keys, key=lambda key: speech.indicator(key).order or 0)) for keys in grouped.values()
    ]


def _block(speech: Speech, ledger: Ledger, place: Place, family: Sequence[str], answers: bool) -> Block:
    main = family[len(family) // 2]
    own = ranked(ledger, family)
    lead = own[0] if own else None
    accent = lead if lead and lead.indicator == main else next(iter(ranked(ledger, [main])), None)
    accent = accent or unsure(speech, ledger.differences(main))
    most = MOST_ROWS if answers else FEW_ROWS
    figure, brief = (
        levels_figure(speech, ledger, place, family, accent, rows)
        or groups_figure(speech, ledger, place, main, accent, rows)
        for rows in (most, FEW_ROWS)
    )
    heading = (
        speech.title(main)
        if len(family) == 1
        else speech.wording.label(f"family.{speech.indicator(main).family}")
    )
    said_above = answers and lead is not None  # the answer has told both levels
    finding = (
        (rest(speech, lead) if said_above else speech.sentence(lead)).then(yardstick_of(speech, ledger, lead))
        if lead
        else answer_of(speech, ledger, None, [main])
    )
    over_time = time_figure(speech, ledger, place, main, accent)
    where = where_of(speech, ledger, lead) if lead and answers else None
    return Block(
        main,
        heading,
        said(speech.indicator(main).caution),
        finding,
        lead,
        figure,
        brief if answers else None,
        crosses_figure(speech, ledger, place, main, accent) if answers else None,
        over_time,
        time_dimension(ledger, main, place, accent),
        _moved(speech, ledger, main, accent or lead),
        closing_of(speech, ledger, main, accent),
        _takes(speech, ledger, family),
        where,
        tuple(reversed(family)) if len(family) > 1 else (main,),
    )


def _moved(speech: Speech, ledger: Ledger, indicator: str, row: Row | None) -> tuple[Words, ...]:
    """How the group and its gap have moved; everybody where no group is behind; whether a year stands out."""
    key, group = (row.indicator, row.group) if row else (indicator, ALL)
    found = (ledger.get(key, group, measure) for measure in ("change", "gap_change"))
    moved = tuple(speech.sentence(each) for each in found if each is not None and each.told)
    jump = jump_of(speech, ledger, key) if moved else None
    return (*moved, jump) if jump else moved


def _takes(speech: Speech, ledger: Ledger, family: Sequence[str]) -> tuple[tuple[Words, Words], ...]:
    """What parity would take, for the gaps to look at first: at most three."""
    rows = ranked(ledger, family)
    chosen: list[Row] = []
    found: list[tuple[Words, Words]] = []
    for row in rows:
        takes = it_takes(speech, ledger, row) if row.indicator == rows[0].indicator else None
        if takes and not any(overlap(row, other) for other in chosen):
            chosen.append(row)
            found.append((speech.name(row.group), takes))
    return tuple(found[:3])


def _compared(speech: Speech, released: Released, differences: Sequence[Row]) -> Words:
    kind, _, what = released.about.reference.partition(":")
    if not any(row.told for row in differences):
        return speech.wording.set("compared.none")
    if kind == "target":
        return speech.wording.set("compared.target", x=decimal(float(what) * 100, 0))
    if kind == "group":
        key = next((row.reference_group for row in differences if row.reference_group), None)
        group = people(speech.definitions, key) if key else Words.same(what)
        return speech.wording.set("compared.group", group=group)
    return speech.wording.set(f"compared.{kind}")


def _sure(speech: Speech, differences: Sequence[Row]) -> Words:
    told = [row for row in differences if row.verdict]
    certain = sum(row.verdict in ("above", "below") for row in told)
    bare = sum(row.told and not row.verdict for row in differences)
    if not told:
        return speech.wording.set("sure.none") if bare else Words("")
    words = speech.wording.set("sure.count", count=count(len(told)), certain=count(certain)).then(
        speech.wording.set("sure.method")
    )
    return words.then(speech.wording.set("sure.some", count=count(bare))) if bare else words


def _hidden(speech: Speech, ledger: Ledger, indicators: Sequence[str]) -> Words:
    hidden, missing = (
        sum(ledger.hidden(key, state) for key in indicators) for state in (HIDDEN, NOT_REPORTED)
    )
    words = (
        speech.wording.set("hidden.some", count=count(hidden))
        if hidden
        else speech.wording.set("hidden.none")
    )
    return words.then(speech.wording.set("missing.some", count=count(missing))) if missing else words
