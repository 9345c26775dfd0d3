"""The answer to a question in a sentence or two, true in every state of the data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from evenground.model import ALL, HIDDEN, NOT_REPORTED
from evenground.press import Words
from evenground.report.story.rows import Ledger, Row
from evenground.report.story.speech import Speech
from evenground.report.story.weight import distance, part, speaks_for_itself, visible, weight


def answer_of(speech: Speech, ledger: Ledger, lead: Row | None, indicators: Sequence[str]) -> Words:
    """The gap to look at first; else what the numbers let us say, beginning with one of them. A gap is only
    called one where the interval says so."""
    if lead is not None:
        return speech.short(lead)
    differences = [row for key in indicators for row in ledger.differences(key)]
    if bare := unsure(speech, differences):
        return speech.sentence(bare)
    levels = (ledger.level(key, ALL) for key in indicators)
    everybody = next((row for row in levels if row is not None and row.told), None)
    first = speech.sentence(everybody) if everybody else Words("")
    told = [row for row in differences if row.verdict and row.verdict != "too_few"]
    if told and all(row.direction == "neutral" for row in told):
        return first.then(speech.wording.set("answer.neutral"))
    if behind := [row for row in told if row.behind]:
        return _behind(speech, ledger, behind, first)
    if told:
        even = "answer.even.hidden" if mostly_hidden(ledger, indicators) else "answer.even"
        return _more(speech, ledger, told, first).then(speech.wording.set(even))
    if compared := [row for row in differences if row.told]:
        small = all(row.verdict == "too_few" for row in compared)
        return first.then(speech.wording.set("answer.too_few" if small else "answer.unsure"))
    if everybody is not None:
        return speech.wording.set(_alone(ledger, indicators), first=first)
    return speech.wording.set(_empty(ledger, indicators))


def unsure(speech: Speech, differences: Sequence[Row]) -> Row | None:
    """The largest unfavourable difference without an interval that the told numbers show."""
    rows = [
        row
        for row in differences
        if row.unfavourable
        and row.verdict is None
        and speaks_for_itself(speech, row)
        and visible(speech, row)
    ]
    return max(rows, key=lambda row: (_far(speech, row), row.indicator, row.group), default=None)


def mostly_hidden(ledger: Ledger, indicators: Iterable[str]) -> bool:
    """Whether at least as many groups are hidden as told: what is told says little of all."""
    rows = _groups(ledger, indicators)
    return 2 * sum(row.state == HIDDEN for row in rows) >= len(rows) > 0


def _groups(ledger: Ledger, indicators: Iterable[str]) -> list[Row]:
    """The latest levels of student groups, told or not."""
    return [row for row in ledger.newest(indicators) if row.measure in ("rate", "mean") and row.group != ALL]


def _alone(ledger: Ledger, indicators: Sequence[str]) -> str:
    """What is said of student groups after everybody's number, where no group is compared."""
    groups = _groups(ledger, indicators)
    if any(row.told for row in groups):
        return "answer.all.shown"
    return "answer.all.hidden" if any(row.state == HIDDEN for row in groups) else "answer.all"


def _behind(speech: Speech, ledger: Ledger, behind: Sequence[Row], first: Words) -> Words:
    """Groups are behind, but none is among the first: chance can do that, the idea that the review reads by
    does not count it, or they are nearly everybody."""
    largest = speech.definitions.parameter("largest_part_ranked")
    own = [row for row in behind if speaks_for_itself(speech, row) and part(ledger, row) <= largest]
    if own:
        passed = ledger.idea is not None and not any(
            (row.indicator, row.group) in ledger.unfair for row in own
        )
        return first.then(speech.wording.set("answer.not_counted" if passed else "answer.maybe"))
    return speech.short(max(behind, key=lambda row: (weight(speech, ledger, row), row.indicator, row.group)))


def _far(speech: Speech, row: Row) -> float:
    return distance(speech, row.indicator, row.level or 0.0, row.reference_level or 0.0)


def _more(speech: Speech, ledger: Ledger, told: Sequence[Row], first: Words) -> Words:
    """Of what schools give: who gets clearly more, where nobody gets clearly less."""
    rows = [
        row
        for row in told
        if row.ahead
        and speech.definitions.questions[row.question].resource
        and speaks_for_itself(speech, row)
        and visible(speech, row)
    ]
    most = max(rows, key=lambda row: (weight(speech, ledger, row), row.indicator, row.group), default=None)
    return speech.short(most) if most else first


def _empty(ledger: Ledger, indicators: Sequence[str]) -> str:
    """Why there is no number at all."""
    if any(ledger.hidden(key, HIDDEN) for key in indicators):
        return "answer.hidden"
    if any(ledger.hidden(key, NOT_REPORTED) for key in indicators):
        return "answer.not_reported"
    return "answer.empty"
