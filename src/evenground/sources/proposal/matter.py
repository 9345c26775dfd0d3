"""What a name or a word is about: which indicator, and which part of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from evenground.sources.proposal.recognition import recognition
from evenground.sources.proposal.words import Phrases, small_words

SHARE, TOTAL, STUDENTS, MEAN, FIGURE, COUNT, NOTHING = (
    "share",
    "counted students",
    "students",
    "mean",
    "figure",
    "count",
    "nothing",
)


@dataclass(frozen=True)
class Said:
    """What the name of a column of numbers says. `matter` is an indicator, or a level of a test such as
    `proficient` that needs a subject; `said` the words that told it; `length` how many they are."""

    part: str
    matter: str | None = None
    subject: str | None = None
    said: str = ""
    length: int = 0


@cache
def _words(kind: str) -> Mapping[str, Phrases]:
    known = recognition().indicators
    return {key: Phrases(getattr(entry, kind)) for key, entry in known.items() if getattr(entry, kind)}


@cache
def _numbers(kind: str) -> Phrases:
    return Phrases(getattr(recognition().numbers, kind))


@cache
def _named(kind: str) -> Phrases:
    known = recognition()
    return Phrases({"tested": known.tested, "enrolled": known.enrolled}[kind])


@cache
def _keyed(kind: str) -> Mapping[str, Phrases]:
    known = recognition()
    entries = {"achievement": known.achievement, "subjects": known.subjects}[kind]
    return {key: Phrases(phrases) for key, phrases in entries.items()}


def matter_of(word: str, *, whole: bool = False) -> str | None:
    """The indicator that a word of a column (or a file's name) names; `whole`: with nothing beside it."""
    found = _longest(word, _words("words"))
    if found is None:
        return None
    key, length = found
    return key if not whole or length == len(small_words(word)) else None


def test_level(word: str) -> str | None:
    found = _longest(word, _keyed("achievement"))
    return found[0] if found else None


def subject_of(word: str) -> str | None:
    """reading, mathematics, other, or None."""
    found = _longest(word, _keyed("subjects"))
    return found[0] if found else None


def is_counted_over(column: str, indicator: str) -> int:
    """How many words of a column's name say that it holds the students an indicator is counted over."""
    phrases = _words("over").get(indicator)
    found = phrases.find(small_words(column)) if phrases else None
    return found[1] if found else 0


def is_tested(column: str) -> bool:
    return _named("tested").within(column)


def is_enrolled(column: str) -> bool:
    return _named("enrolled").within(column)


def read_name(name: str) -> Said:
    """What a column of numbers is by its name alone."""
    words = small_words(name)
    if _numbers("ignore").within(name):
        return Said(NOTHING, said=_numbers("ignore").said(name))
    share = _numbers("share").within(name) or "%" in name
    mean = _numbers("mean").within(name)
    students = _numbers("students").within(name) or is_tested(name) or is_enrolled(name)
    counted = _longest(name, _words("counted"))
    matter = _longest(name, _words("words"))
    level, subject = _longest(name, _keyed("achievement")), subject_of(name)
    if level and level[0] == "score":
        return Said(MEAN, "score", subject, "score", level[1] + 1)
    if level and (matter is None or level[1] + bool(subject) > matter[1]):
        length = level[1] + bool(subject)
        if level[0] == "parts":
            return Said(NOTHING, said=name)
        return Said(SHARE if share else TOTAL, level[0], subject, level[0], length)
    if share and matter:
        return Said(SHARE, matter[0], subject, said=name, length=matter[1])
    if counted and (matter is None or counted[1] >= matter[1]) and not share:
        return Said(TOTAL, counted[0], subject, said=name, length=counted[1])
    if share:
        return Said(SHARE, None, subject)
    if matter and matter[1] == len(words):
        return Said(COUNT, matter[0], subject, said=name, length=matter[1])
    if mean and subject in ("reading", "mathematics"):
        return Said(MEAN, "score", subject, "score", 2)
    if _numbers("counted").within(name):
        return Said(TOTAL, None, subject)
    if students and (matter is None or not _counts_matter(matter[0], name)):
        return Said(STUDENTS, matter[0] if matter else None, subject, length=matter[1] if matter else 0)
    if matter:
        part = MEAN if mean else TOTAL if _numbers("count").within(name) else COUNT
        return Said(part, matter[0], subject, said=name, length=matter[1])
    if _numbers("count").within(name):
        return Said(COUNT, None, subject)
    return Said(MEAN if mean else NOTHING, None, subject)


def _counts_matter(indicator: str, name: str) -> bool:
    """`students suspended` counts those suspended; `n tested` of AP is no such count."""
    return not is_tested(name) and is_counted_over(name, indicator) == 0


def _longest(text: str, entries: Mapping[str, Phrases]) -> tuple[str, int] | None:
    """The key whose phrase in the text is the longest; of equals the one that stands first in the text."""
    words = small_words(text)
    best: tuple[int, int, str] | None = None
    for key, phrases in entries.items():
        found = phrases.find(words)
        if found and (best is None or (-found[1], found[0]) < best[:2]):
            best = (-found[1], found[0], key)
    return (best[2], -best[0]) if best else None
