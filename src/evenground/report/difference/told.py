"""A difference in words: a part for each kind of change, the most important first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evenground.model import VALUE
from evenground.press import Words, count
from evenground.report.difference.cells import shown_by_both
from evenground.report.difference.compare import KINDS, Change, Difference
from evenground.report.difference.sentence import indicator_name, place_name, sentence, state_name
from evenground.report.story.speech import Speech

_LISTED = ("years", "places", "indicators", "groups")
_ONLY_COUNTED = ("computed", "rows", "state", "together", "checks")
_NAMES = 12
"""Names in one line; the table of changes has all of them."""


@dataclass(frozen=True)
class Part:
    """One kind of change: its heading, sentences that count, sentences of the largest, and how many more
    there are."""

    kind: str
    title: Words
    counts: tuple[Words, ...]
    lines: tuple[Words, ...]
    rest: int


def title_of(speech: Speech, difference: Difference) -> tuple[Words, Words]:
    """Whose reviews these are, and which of them."""
    before, after = difference.old.released.about, difference.new.released.about
    lede = speech.wording.set("diff.lede", date=after.made_on, earlier=before.made_on)
    if not difference.changes:
        lede = lede.then(speech.wording.set("diff.none"))
    elif not difference.content:
        lede = lede.then(speech.wording.set("diff.same"))
    return speech.wording.set("diff.title", place=after.title), lede


def parts_of(speech: Speech, difference: Difference, most: int) -> list[Part]:
    """Every kind of change that there is, each with its `most` important ones in words."""
    found = []
    for kind in KINDS:
        changes = difference.of(kind)
        if changes:
            counts, told = _counts(speech, difference, kind, changes), _told(kind, changes)
            lines = [sentence(speech, difference, change) for change in told[:most]]
            title = speech.wording.label(f"diff.{kind}")
            found.append(Part(kind, title, tuple(counts), tuple(lines), max(len(told) - most, 0)))
    return found


def _told(kind: str, changes: Sequence[Change]) -> Sequence[Change]:
    """The changes that get a sentence of their own."""
    return () if kind in (*_LISTED, *_ONLY_COUNTED) else changes


def _counts(speech: Speech, difference: Difference, kind: str, changes: Sequence[Change]) -> list[Words]:
    wording = speech.wording
    if kind in _LISTED:
        return [
            wording.set(f"diff.{way}", list=_names(speech, kind, some))
            for way in ("new", "gone")
            if (some := [change for change in changes if change.way == way])
        ]
    if kind == "state":
        return [_states(speech, *pair, number) for pair, number in _pairs(changes)]
    if kind in ("rows", "checks"):
        ways = Counter(change.way for change in changes)
        return [
            wording.set(f"diff.{kind}.{way}", count=count(ways[way])) for way in ("new", "gone") if ways[way]
        ]
    if kind == "number":
        both = shown_by_both(difference.old.released, difference.new.released)
        return [wording.set("diff.numbers", count=count(len(changes)), of=count(both))]
    if kind in ("computed", "wording", "verdict", "together"):
        return [wording.set(f"diff.{kind}s", count=count(len(changes)))]
    return []


def _names(speech: Speech, kind: str, changes: Sequence[Change]) -> Words:
    say: dict[str, Callable[[Change], Words]] = {
        "years": lambda change: speech.period(change.period),
        "places": lambda change: place_name(speech, change),
        "indicators": lambda change: indicator_name(speech, change.indicator),
        "groups": lambda change: speech.name(change.group),
    }
    told = [say[kind](change) for change in changes[:_NAMES]]
    names = Words.each(lambda *parts: ", ".join(parts), *told)
    more = len(changes) - len(told)
    return speech.wording.label("diff.and_more", list=names, count=count(more)) if more else names


def _pairs(changes: Sequence[Change]) -> list[tuple[tuple[str, str], int]]:
    pairs = Counter((str(change.before), str(change.after)) for change in changes)
    return sorted(pairs.items(), key=lambda pair: (pair[0][1] == VALUE, pair[0]))


def _states(speech: Speech, before: str, after: str, number: int) -> Words:
    """How many numbers went from one state to another."""
    words = {"a": state_name(speech, after), "b": state_name(speech, before)}
    return speech.wording.set("diff.states", count=count(number), **words)
