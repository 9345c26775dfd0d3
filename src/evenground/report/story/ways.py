"""Ways to see it, in words: what page, print and slides say of the ideas of fairness side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evenground.definitions import phrases, said
from evenground.press import Matrix, MatrixRow, Tally, Words, count, filled
from evenground.report.story.figures import Figure, stop
from evenground.report.story.perspectives import (
    COUNTS,
    DOES_NOT_COUNT,
    Case,
    Field,
    Idea,
    Ways,
    fields,
    sentence,
    why,
)
from evenground.report.story.rows import Ledger
from evenground.report.story.speech import Speech

_FOUR = 4


def say(key: str, **values: object) -> Words:
    return filled(said(phrases("perspectives")[key]), **values)


def title_of(ways: Ways) -> Words:
    return say("title" if len(ways.ideas) == _FOUR else "title_more")


def read_by_words(ways: Ways | None) -> Words:
    """Which idea a review reads by; nothing where it reads by no idea before others."""
    if ways is None or ways.chosen is None:
        return Words("")
    idea = ways.idea(ways.chosen)
    found = "read_by_first" if idea.counted else "nothing" if idea.standing == "nothing" else "read_by_none"
    told = read_by_name(ways).then(said(idea.perspective.idea)).then(say("read_by_others"))
    return told.then(say(found))


def read_by_name(ways: Ways | None) -> Words:
    """The same in one sentence."""
    if ways is None or ways.chosen is None:
        return Words("")
    return say("read_by", idea=ways.idea(ways.chosen).name)


def in_short(ways: Ways) -> Words:
    """In how many comparisons they agree and part."""
    if not ways.many:
        told = say("agree_none")
    elif not ways.apart:
        told = say("agree_all", both=count(ways.many))
    else:
        agree, part = count(ways.many - ways.apart), count(ways.apart)
        told = say("agree_part", both=count(ways.many), agree=agree, part=part)
    if ways.many:
        told = told.then(say("all_judge", count=count(ways.by_all)) if ways.by_all else say("all_none"))
    return told.then(say("one_only", count=count(ways.judged_by_one))) if ways.judged_by_one else told


def heads() -> list[Words]:
    return [say("idea"), say("unfair_head"), say("here_head")]


def lines(ways: Ways) -> list[list[Words]]:
    """Every idea in a line: its name, what it counts as unfair, how much of that is here."""
    return [[idea.name, said(idea.perspective.inequity), _tally(idea)] for idea in ways.ideas]


def _tally(idea: Idea) -> Words:
    if idea.standing == "nothing":
        return say("tally_none")
    return say("tally", counted=count(idea.counted), said=count(idea.said))


# --- one case, as each idea sees it ---


@dataclass(frozen=True)
class Verdict:
    """What one idea says of a case: `code` as in Case, in words, and why in a sentence."""

    name: Words
    code: str
    told: Words
    reason: Words


def verdicts(speech: Speech, ways: Ways, case: Case) -> list[Verdict]:
    """In the order of the ideas."""
    found = []
    for idea in ways.ideas:
        code = case.codes[idea.key]
        phrase, values = why(speech, ways, case, idea.key)
        found.append(Verdict(idea.name, code, say(f"cell_{code}").raised, say(phrase, **values).raised))
    return found


# --- all of them, by question ---


def board(speech: Speech, ways: Ways, place: str) -> Figure:
    """Every question as a row, every idea as a column, every comparison as a mark."""
    asked = fields(speech, ways)
    rows = tuple(
        MatrixRow(speech.question_title(question), tuple(_marks(each) for each in row))
        for question, row in asked.items()
    )
    names = tuple(idea.name for idea in ways.ideas)
    chart = Matrix(rows, names, say("board_full"), say("board_hollow"))
    title = _board_title(speech, ways)
    alt = say("board_alt", rows=len(rows), ideas=len(names), finding=stop(title))
    return Figure(chart, title, say("board_sub", place=place), alt)


def board_table(speech: Speech, ways: Ways) -> list[list[Words]]:
    """The same in words: a line a question, with what the data say too little of."""
    return [
        [speech.question_title(question), *(_field(each) for each in row)]
        for question, row in fields(speech, ways).items()
    ]


def _board_title(speech: Speech, ways: Ways) -> Words:
    """The question in which most ideas find something unfair."""
    seen = {
        question: (sum(each.counted > 0 for each in row), sum(each.counted for each in row))
        for question, row in fields(speech, ways).items()
    }
    first = max(seen, key=lambda question: seen[question])
    many, _ = seen[first]
    finding = [idea for idea in ways.ideas if idea.counted]
    if not finding:
        return say("board_none")
    if len(finding) == 1:
        return say("board_single", idea=finding[0].name)
    if many == 1:
        return say("board_apart")
    return say("board_title", many=many, all=len(ways.ideas), question=speech.question_title(first))


def _marks(field: Field) -> Tally:
    if not field.said:
        return Tally(say("cell_unsaid" if field.unsaid else "cell_indicator"))
    told = say("board_field", counted=count(field.counted), said=count(field.said))
    return Tally(told, field.counted, field.said - field.counted)


def _field(field: Field) -> Words:
    told = _marks(field).told
    if not (field.said and field.unsaid):
        return told
    more = say("board_unsaid", count=count(field.unsaid))
    return Words.each("{}; {}".format, told, more)


# --- what to talk about ---


@dataclass(frozen=True)
class Talk:
    """For a meeting: where the ideas agree and where they part, each with its most telling case and who says
    so of it; what to settle in the room."""

    agree: Words
    agreed: Words
    part: Words
    parted: Words
    settle: Words


def talk(speech: Speech, ledger: Ledger, ways: Ways) -> Talk:
    numbers = {
        "agree": count(ways.many - ways.apart), "part": count(ways.apart), "both": count(ways.many)
    }  # fmt: skip
    agree, agreed = say("agree_empty"), Words("")
    if ways.agreed:
        case = ways.agreed[0]
        agree = say("talk_agree", **numbers).then(sentence(speech, ledger, case))
        agreed = say("talk_unfair", ideas=_named(ways, case.of(COUNTS)))
    part, parted, settle = say("part_empty"), Words(""), say("talk_plan")
    if ways.parting:
        case = ways.parting[0]
        part = say("talk_part", **numbers).then(sentence(speech, ledger, case))
        others = say("talk_not_unfair", ideas=_named(ways, case.of(DOES_NOT_COUNT)))
        parted = say("talk_unfair", ideas=_named(ways, case.of(COUNTS))).then(others)
        settle = say("talk_settle")
    return Talk(agree, agreed, part, parted, settle)


def _named(ways: Ways, keys: Sequence[str]) -> Words:
    return Words.each(lambda *names: "; ".join(names), *(ways.idea(key).name for key in keys))
