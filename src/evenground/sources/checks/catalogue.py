"""The checks as data: what each looks for, its parameters, and what is said of a finding in two languages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Literal

from pydantic import Field

from evenground.definitions import Text, read_entries
from evenground.definitions.schema import Key, Sourced
from evenground.model import InputProblems, Problem
from evenground.sources.checks.remark import Remark


class Check(Sourced):
    """One check. `how`, `found` and `allowed` are patterns: {parameter} in all, {word of a remark} in the
    last two."""

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


def said(remark: Remark, lang: str = "en") -> Problem:
    """A remark as a problem, in the words of its check."""
    check = checks()[remark.check]
    words = {**check.parameters, **remark.words}
    found, allowed, advice = (
        (text.en if lang == "en" else text.es) for text in (check.found, check.allowed, check.advice)
    )
    return Problem(
        check.severity,
        remark.file,
        found.format(**words),
        allowed.format(**words),
        advice,
        remark.row,
        remark.column,
        remark.count,
        remark.check,
    )
