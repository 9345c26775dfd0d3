"""Ways to see it: what each idea of fairness makes of the same numbers, where they agree, where they part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evenground.definitions import Perspective, said
from evenground.model import ALL, Released
from evenground.press import Words, decimal
from evenground.report.story.rows import Ledger, Row, overlap
from evenground.report.story.speech import Speech
from evenground.report.story.weight import clear, speaks_for_itself, weight

COUNTS, DOES_NOT_COUNT, YARDSTICK, UNSAID = "counts", "does_not_count", "yardstick", "unsaid"
OTHER_INDICATOR, OTHER_GROUP = "indicator", "group"
"""An idea does not look at the indicator, or not at the group."""

_GAPS = ("difference", "gap_within")
_TARGET = "target:"
_MOST = 6  # cases of a kind that are told in words; all stand in the table
_LARGEST = 2


@dataclass(frozen=True)
class Case:
    """One group on one indicator: how each idea reads it (a code), and the difference that it reads."""

    indicator: str
    group: str
    codes: Mapping[str, str]
    gaps: Mapping[str, Row]

    def of(self, *codes: str) -> list[str]:
        """The ideas that read it so."""
        return [key for key, code in self.codes.items() if code in codes]

    @property
    def parts(self) -> bool:
        """Whether ideas that judge it end up on different sides."""
        return bool(self.of(COUNTS)) and bool(self.of(DOES_NOT_COUNT))

    @property
    def judged(self) -> int:
        return len(self.of(COUNTS, DOES_NOT_COUNT))


@dataclass(frozen=True)
class Idea:
    """One idea and what it makes of this place. `standing`: not_yet, not_known, reached, or nothing where it
    can judge no number; `short` of `held` groups are clearly short of its standard."""

    key: str
    perspective: Perspective
    counted: int
    said: int
    unsaid: int
    short: int
    held: int
    standing: str
    largest: tuple[
        tuple[Row, Row, Row | None], ...
    ]  # each with how the idea sees it, and what parity would take
    collect: tuple[tuple[Words, Words], ...]

    @property
    def name(self) -> Words:
        return said(self.perspective.name)


@dataclass(frozen=True)
class Ways:
    """All ideas side by side. `chosen` is the key of the one that the review reads by, if it does."""

    chosen: str | None
    ideas: tuple[Idea, ...]
    cases: tuple[Case, ...]  # in the order of the indicators
    parting: tuple[Case, ...]  # the most telling first
    agreed: tuple[Case, ...]  # counted as unfair by all who judge it, two at least
    alone: tuple[Case, ...]  # counted as unfair by the one that judges it
    agreed_fair: int
    judged_by_one: int

    def idea(self, key: str) -> Idea:
        return next(idea for idea in self.ideas if idea.key == key)

    @property
    def many(self) -> int:
        """Comparisons that two ideas or more judge."""
        return sum(case.judged > 1 for case in self.cases)

    @property
    def by_all(self) -> int:
        """Comparisons that every idea judges."""
        return sum(case.judged == len(self.ideas) for case in self.cases)

    @property
    def apart(self) -> int:
        return sum(case.parts for case in self.cases)


def ways_of(speech: Speech, ledger: Ledger, released: Released) -> Ways | None:
    """None where no idea has anything to look at."""
    known = speech.definitions.perspectives
    rows = {key: ledger.perspectives[key] for key in known if ledger.perspectives.get(key)}
    cases = _cases(speech, ledger, rows)
    if not cases:
        return None
    margin = speech.definitions.parameter("headline_margin")

    def telling(case: Case) -> tuple[float, ...]:
        """How many judge it; whether what counts is well beyond chance; how many students it is about."""
        firm = all(clear(case.gaps[key], margin) for key in case.of(COUNTS) if key in case.gaps)
        return -case.judged, -float(firm), -_weight(speech, ledger, case)

    ordered = sorted(cases, key=telling)
    unfair = [case for case in ordered if case.of(COUNTS) and not case.of(DOES_NOT_COUNT)]
    return Ways(
        released.settings.get("perspective"),
        tuple(_idea(speech, ledger, released, key, rows.get(key, ())) for key in known),
        tuple(cases),
        _told(speech, ledger, [case for case in ordered if case.parts]),
        _told(speech, ledger, [case for case in unfair if case.judged > 1]),
        _told(speech, ledger, [case for case in unfair if case.judged == 1]),
        sum(case.judged > 1 and not case.of(COUNTS) for case in cases),
        sum(case.judged == 1 for case in cases),
    )


@dataclass(frozen=True)
class Field:
    """What an idea makes of a question: of `said` comparisons that it judges `counted` are unfair to it; of
    `unsaid` more the data say too little. All are 0 where it does not ask."""

    counted: int
    said: int
    unsaid: int


def fields(speech: Speech, ways: Ways) -> dict[str, tuple[Field, ...]]:
    """Each question about which an idea asks here: a field an idea, in their order."""
    asked: dict[str, list[Case]] = {}
    for case in ways.cases:
        asked.setdefault(speech.indicator(case.indicator).question, []).append(case)
    return {
        question: tuple(_field(asked[question], idea.key) for idea in ways.ideas)
        for question in speech.definitions.questions
        if question in asked
    }


def _field(cases: Sequence[Case], key: str) -> Field:
    codes = [case.codes[key] for case in cases]
    counted = codes.count(COUNTS)
    return Field(counted, counted + codes.count(DOES_NOT_COUNT), codes.count(UNSAID))


def in_its_order(
    speech: Speech, released: Released, questions: Mapping[str, list[str]]
) -> dict[str, list[str]]:
    """The questions and their indicators in the order of the idea that the review reads by, if by one."""
    idea = speech.definitions.perspectives.get(str(released.settings.get("perspective")))
    if idea is None:
        return dict(questions)
    first = {
        question: min((idea.place(key, question) for key in keys), default=idea.place("", question))
        for question, keys in questions.items()
    }
    return {question: questions[question] for question in sorted(questions, key=lambda key: first[key])}


def why(speech: Speech, ways: Ways, case: Case, key: str) -> tuple[str, dict[str, object]]:
    """Why an idea reads a case as it does: the key of a phrase, and what fills it."""
    code, perspective = case.codes[key], ways.idea(key).perspective
    if code in (OTHER_INDICATOR, OTHER_GROUP):
        own = perspective.other_indicators if code == OTHER_INDICATOR else perspective.other_groups
        return "why_not_asked", {"why": said(own)}
    if code == YARDSTICK:
        return "why_yardstick", {}
    look = perspective.look(case.indicator, speech.indicator(case.indicator).question)
    counts = look.counts if look else "behind"
    inside = counts == "behind_in_same_place"
    if code == UNSAID:
        return "why_unsaid_in_same_place" if inside else "why_unsaid", {}
    if code == COUNTS and inside:
        size = decimal(abs(case.gaps[key].value or 0.0) * 100)
        return f"why_counts_{counts}", {"d": speech.wording.label("in_base", x=size, base="100")}
    if code == COUNTS:
        return f"why_counts_{counts}", {"reference": speech.reference(case.gaps[key])}
    if inside:
        return "why_same_place", {}
    row = case.gaps[key]
    return "why_ahead" if row.ahead else "why_level", {"reference": speech.reference(row)}


def sentence(speech: Speech, ledger: Ledger, case: Case) -> Words:
    """The numbers of a case: of an idea that counts it, else of one that looks at it; else as the review
    compares it."""
    told = [case.gaps[key] for key in (*case.of(COUNTS), *case.of(DOES_NOT_COUNT)) if key in case.gaps]
    plain = [row for row in told if row.measure == "difference"]
    core = ledger.get(case.indicator, case.group, "difference")
    row = next(iter(plain), None) or core
    return speech.short(row) if row else Words("")


def _cases(speech: Speech, ledger: Ledger, rows: Mapping[str, Sequence[Row]]) -> list[Case]:
    """Every (indicator, group) that an idea looks at."""
    read: dict[tuple[str, str], dict[str, str]] = {}
    gaps: dict[tuple[str, str], dict[str, Row]] = {}
    for key, found in rows.items():
        for row in found:
            place = row.indicator, row.group
            if (row.reference or "").startswith(_TARGET):
                continue
            if row.measure == "reading":
                read.setdefault(place, {})[key] = row.verdict or UNSAID
            elif row.measure in _GAPS:
                gaps.setdefault(place, {})[key] = row
    order = {key: place for place, key in enumerate(speech.definitions.indicators)}
    known = speech.definitions.perspectives
    return [
        Case(
            indicator,
            group,
            {key: codes.get(key) or _passed(speech, known[key], indicator) for key in known},
            gaps.get((indicator, group), {}),
        )
        for (indicator, group), codes in sorted(
            read.items(), key=lambda item: (order[item[0][0]], item[0][1])
        )
    ]


def _passed(speech: Speech, perspective: Perspective, indicator: str) -> str:
    known = speech.indicator(indicator)
    look = perspective.look(indicator, known.question)
    return OTHER_INDICATOR if look is None or known.direction == "neutral" else OTHER_GROUP


def _weight(speech: Speech, ledger: Ledger, case: Case) -> float:
    row = ledger.get(case.indicator, case.group, "difference")
    return weight(speech, ledger, row) if row and row.told and speaks_for_itself(speech, row) else 0.0


def _told(speech: Speech, ledger: Ledger, cases: Sequence[Case]) -> tuple[Case, ...]:
    """The first ones that are not about the same students on the same test, nor read in the same way about
    the same students."""
    chosen: list[Case] = []
    for case in cases:
        if not sentence(speech, ledger, case):
            continue
        if not any(_alike(speech, case, other) for other in chosen):
            chosen.append(case)
    return tuple(chosen[:_MOST])


def _alike(speech: Speech, case: Case, other: Case) -> bool:
    first, second = speech.indicator(case.indicator), speech.indicator(other.indicator)
    same_test = first.question == second.question and (first.family or case.indicator) == (
        second.family or other.indicator
    )
    same_group = case.group == other.group
    return (
        (same_test and same_group)
        or (first.question == second.question and same_group and dict(case.codes) == dict(other.codes))
        or (same_test and dict(case.codes) == dict(other.codes))
    )


def _idea(speech: Speech, ledger: Ledger, released: Released, key: str, rows: Sequence[Row]) -> Idea:
    perspective = speech.definitions.perspectives[key]
    readings = [row for row in rows if row.measure == "reading"]
    held = [row for row in readings if (row.reference or "").startswith(_TARGET)]
    own = [row for row in readings if row not in held]
    judged = [row for row in own if row.verdict in (COUNTS, DOES_NOT_COUNT)]
    counted = [row for row in judged if row.verdict == COUNTS]
    unsaid = sum(row.verdict is None for row in own)
    short, told = sum(row.verdict == "short" for row in held), sum(bool(row.verdict) for row in held)
    standing = perspective.standing(len(counted) + short, unsaid) if judged else "nothing"
    return Idea(
        key, perspective, len(counted), len(judged), unsaid, short, told, standing,
        _largest(speech, ledger, rows, counted), _collect(speech, released, perspective),
    )  # fmt: skip


def _largest(
    speech: Speech, ledger: Ledger, rows: Sequence[Row], counted: Sequence[Row]
) -> tuple[tuple[Row, Row, Row | None], ...]:
    """The differences that weigh most among those that count, of different groups: first of those who are
    behind everybody too."""
    wanted = {(row.indicator, row.group) for row in counted}
    gaps = [row for row in rows if row.measure in _GAPS and not (row.reference or "").startswith(_TARGET)]
    gaps = [row for row in gaps if (row.indicator, row.group) in wanted and row.group != ALL]

    def heavy(row: Row) -> tuple[bool, float]:
        core = ledger.get(row.indicator, row.group, "difference")
        plain = row if row.measure == "difference" else core
        known = plain is not None and speaks_for_itself(speech, row)
        return bool(core and core.behind), weight(speech, ledger, plain) if plain and known else 0.0

    chosen: list[tuple[Row, Row]] = []
    ordered = sorted(gaps, key=lambda row: (row.indicator, row.group))
    for row in sorted(ordered, key=heavy, reverse=True):
        told = row if row.measure == "difference" else ledger.get(row.indicator, row.group, "difference")
        if told and not any(overlap(told, other) or told.group == other.group for other, _ in chosen):
            chosen.append((told, row))
    takes = {(row.indicator, row.group, row.reference): row for row in rows if row.measure == "needed_fixed"}
    return tuple(
        (told, own, takes.get((told.indicator, told.group, told.reference)))
        for told, own in chosen[:_LARGEST]
    )


def _collect(speech: Speech, released: Released, perspective: Perspective) -> tuple[tuple[Words, Words], ...]:
    """What the idea looks at and these data cannot show: first what it names one by one."""
    missing = {entry.indicator for entry in released.not_measured}
    named = [key for look in perspective.looks_at for key in look.indicators if key in missing]
    return tuple((speech.title(key), said(speech.indicator(key).collect)) for key in dict.fromkeys(named))[:4]
