"""The checks as data, and what a check or a reader of files has found, in the other languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Literal

from pydantic import Field

from evenground.definitions.languages import said
from evenground.definitions.loader import load, read_entries
from evenground.definitions.phrases import phrases
from evenground.definitions.schema import Key, Sourced, Text
from evenground.model import InputProblems, Problem
from evenground.press import Words

_PLACE = re.compile(r"\{(\w+)[^}]*\}")


class Check(Sourced):
    """One check. `how`, `found` and `allowed` are patterns: {parameter} in all, {word of a remark} in the
    last two, each once."""

    about: Literal["files", "counts", "records"]
    severity: Literal["error", "warning", "note"]
    title: Text
    how: Text
    found: Text
    allowed: Text
    advice: Text
    parameters: dict[Key, float] = Field(default_factory=dict)
    words: dict[Key, tuple[str, ...]] = Field(default_factory=dict)

    def explained(self) -> Text:
        """How the check works, with its numbers."""
        return Text(en=self.how.en.format(**self.parameters), es=self.how.es.format(**self.parameters))


@cache
def checks() -> Mapping[str, Check]:
    """Every check by its key, in the order of the file. Raises InputProblems where the file is wrong."""
    problems: list[Problem] = []
    found = read_entries(resources.files("evenground.definitions") / "checks.yaml", Check, problems)
    if problems:
        raise InputProblems(problems)
    return found


def remarked(problem: Problem) -> tuple[Words | None, Words | None]:
    """What was found and what to do, in every language; None where only English has words for it.

    What a check found in a reader's own words is told by the title of the check.
    """
    check = checks().get(problem.check)
    found = _in_words(problem.found, check.found if check else None)
    if found is None and check is not None:
        found = Words(**(said(check.title) | {"en": problem.found}))
    return found, _in_words(problem.todo, check.advice if check else None)


def moved(sentence: str, text: Text) -> str | None:
    """An English sentence in Spanish: what stands in the places of the one pattern goes into the other's."""
    match = _pattern(text.en).fullmatch(sentence)
    return _filled(text.es, match.groupdict()) if match else None


def _in_words(sentence: str, own: Text | None) -> Words | None:
    for text in (own, *phrases("remarks").values()):
        if text is not None and (match := _pattern(text.en).fullmatch(sentence)):
            there = match.groupdict()
            told = Words.each(lambda words, there=there: _filled(words, there), said(text))
            known = load().indicators.get(there.get("indicator", ""))
            return told if known is None else _renamed(told, there["indicator"], said(known.name))
    return None


def _renamed(told: Words, key: str, name: Words) -> Words:
    """With the name of an indicator for its key."""
    return Words.each(lambda words, said: words.replace(f"({key}", f"({said}"), told, name)


def _filled(pattern: str, words: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda place: words[place[1]], pattern)


@cache
def _pattern(english: str) -> re.Pattern[str]:
    escaped = re.escape(english).replace(r"\{", "{").replace(r"\}", "}")
    return re.compile(_PLACE.sub(r"(?P<\1>.*)", escaped), flags=re.DOTALL)
