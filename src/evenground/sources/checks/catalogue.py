"""The checks as data: what each looks for, its parameters, and what is said of a finding in two languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Literal

from pydantic import Field

from evenground.definitions import Text, read_entries
from evenground.definitions.schema import Key, Sourced
from evenground.model import InputProblems, Problem
from evenground.sources.checks.remark import Remark

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


def said(remark: Remark) -> Problem:
    """A remark as a problem, in the words of its check."""
    check = checks()[remark.check]
    words = {**check.parameters, **remark.words}
    found, allowed = check.found.en.format(**words), check.allowed.en.format(**words)
    place = remark.row, remark.column, remark.count, remark.check
    return Problem(check.severity, remark.file, found, allowed, check.advice.en, *place)


def in_spanish(problem: Problem) -> Problem | None:
    """The problem in the Spanish words of its check; None where a reader of files said it in its own."""
    check = checks().get(problem.check)
    found = _moved(problem.found, check.found) if check else None
    allowed = _moved(problem.allowed, check.allowed) if check else None
    if check is None or found is None or allowed is None:
        return None
    return replace(problem, found=found, allowed=allowed, todo=check.advice.es)


def _moved(sentence: str, text: Text) -> str | None:
    """An English sentence in Spanish: what stands in the places of the one pattern goes into the other's."""
    pattern = _PLACE.sub(r"(?P<\1>.*)", re.escape(text.en).replace(r"\{", "{").replace(r"\}", "}"))
    match = re.fullmatch(pattern, sentence, flags=re.DOTALL)
    return _PLACE.sub(lambda place: match[place[1]], text.es) if match else None
