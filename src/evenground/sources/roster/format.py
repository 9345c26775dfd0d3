"""The format of a roster folder, read from definitions/sources/roster.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Literal

from pydantic import Field

from evenground.definitions import read_entries
from evenground.definitions.schema import Key, Sourced, Strict
from evenground.model import InputProblems, Problem

ColumnType = Literal["id", "text", "code", "flag", "number", "whole", "date", "school_year"]


class Column(Strict):
    """One column of a table: its type, what is allowed in it and what it means."""

    type: ColumnType
    meaning: str
    required: bool = False
    codes: Mapping[Key, tuple[str, ...]] = Field(default_factory=dict)
    set_aside: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    within_year: bool = False
    race: bool = False
    if_yes: Key | None = None
    if_no: Key | None = None


class Table(Strict):
    """One table: what a row is, its key, and the columns of a student-year that it gives."""

    grain: str
    key: tuple[Key, ...]
    gives: tuple[Key, ...]
    columns: dict[Key, Column]
    required: bool = False


class Rule(Strict):
    """A convention with a number in it."""

    value: float
    meaning: str
    source: str
    confidence: str


class AboutDefaults(Strict):
    census_day: str
    year_starts: str


class Format(Sourced):
    """Everything that a roster folder may hold."""

    endings: tuple[str, ...]
    about: AboutDefaults
    rules: dict[Key, Rule]
    flag_yes: tuple[str, ...]
    flag_no: tuple[str, ...]
    unknown: tuple[str, ...]
    protected: dict[Key, tuple[str, ...]]
    grade_bands: dict[Key, tuple[Key, ...]]
    cohort_grade: Key
    tables: dict[Key, Table]

    def rule(self, key: str) -> float:
        return self.rules[key].value

    def spellings(self, column: Column) -> dict[str, str]:
        """What a file may write in a code or flag column, in small letters -> what it stands for."""
        if column.type == "flag":
            yes, no = column.if_yes or "yes", column.if_no or "no"
            named: Mapping[str, tuple[str, ...]] = {yes: self.flag_yes, no: self.flag_no}
        else:
            named = column.codes
        known = {text.lower(): code for code, texts in named.items() for text in (code, *texts)}
        return {**known, **{text: "unknown" for text in self.unknown if text not in known}}

    def protects(self, name: str) -> str | None:
        """The kind of protected value that a column of this name would hold, or None."""
        words = _words(name)
        for kind, spellings in self.protected.items():
            if any(_within(spelling.split(), words) or _same(spelling, name) for spelling in spellings):
                return kind
        return None


@cache
def roster_format() -> Format:
    """The format that comes with evenground. Raises InputProblems when its YAML is wrong."""
    problems: list[Problem] = []
    file = resources.files("evenground.definitions") / "sources" / "roster.yaml"
    entries: Mapping[str, Format] = read_entries(file, Format, problems)
    if problems:
        raise InputProblems(problems)
    return entries["roster"]


def is_roster(names: Iterable[str]) -> bool:
    """Whether files of these names are the tables that a roster folder has to hold."""
    stems = {name.split(".")[0].lower() for name in names}
    return {name for name, table in roster_format().tables.items() if table.required} <= stems


def column_key(name: str) -> str:
    """A header as column names are compared: `Student ID ` -> `student_id`."""
    return re.sub(r"[\s\-.]+", "_", name.strip().lower())


def _words(name: str) -> list[str]:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return re.findall(r"[a-z]+|[0-9]+", spaced.lower())


def _within(phrase: Iterable[str], words: list[str]) -> bool:
    wanted = list(phrase)
    return any(words[start : start + len(wanted)] == wanted for start in range(len(words) - len(wanted) + 1))


def _same(spelling: str, name: str) -> bool:
    letters = re.sub(r"[^a-z0-9]", "", name.lower())
    return letters == spelling.replace(" ", "")
