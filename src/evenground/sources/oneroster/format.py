"""The format of OneRoster's CSV binding, read from definitions/sources/oneroster.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Literal

from pydantic import Field

from evenground.definitions import read_entries
from evenground.definitions.schema import Key, Sourced, Strict
from evenground.model import InputProblems, Problem
from evenground.sources.roster.format import Rule

Version = Literal["1.1", "1.2"]
ColumnType = Literal["id", "ids", "text", "date", "datetime", "year", "flag", "grades", "user_ids"]


class Column(Strict):
    """One column of a file. `read: false` is never loaded; `lenient`: an id may be one that nobody has."""

    type: ColumnType = "text"
    required: bool | Version = False
    only: Version | None = None
    values: tuple[str, ...] = ()
    values_since_12: tuple[str, ...] = ()
    extensible: bool = False
    refers: str | None = None
    lenient: bool = False
    read: bool = True
    protected: bool = False
    may_be_absent: bool = False

    def in_version(self, version: str) -> bool:
        return self.only is None or self.only == version

    def is_required(self, version: str) -> bool:
        return self.required is True or self.required == version

    def allowed(self, version: str) -> tuple[str, ...]:
        return self.values + (self.values_since_12 if version != "1.1" else ())


class File(Strict):
    """One file. `needed`: always, or in one version; others may be absent."""

    columns: dict[str, Column]
    needed: bool | Version = False

    def is_needed(self, version: str) -> bool:
        return self.needed is True or self.needed == version

    def header(self, version: str) -> list[str]:
        """The columns in the order of the standard."""
        return [name for name, column in self.columns.items() if column.in_version(version)]


class OneRoster(Sourced):
    """Everything that an export may hold, and what it stands for."""

    versions: tuple[Version, ...]
    modes: tuple[str, ...]
    statuses: tuple[str, ...]
    not_read: tuple[str, ...]
    not_read_since_12: tuple[str, ...]
    rules: dict[Key, Rule]
    files: dict[str, File]
    demographics: dict[Key, str]
    sexes: dict[str, str]
    metadata: dict[Key, tuple[str, ...]] = Field(default_factory=dict)
    grades: dict[str, str]

    def days(self, key: str) -> int:
        return int(self.rules[key].value)

    def listed(self, version: str) -> tuple[str, ...]:
        """Every file that a manifest of this version names."""
        more = () if version == "1.1" else self.not_read_since_12
        known = (name for name in self.files if version != "1.1" or name != "roles")
        return tuple(sorted((*known, *self.not_read, *more)))


@cache
def oneroster_format() -> OneRoster:
    """The format that comes with evenground. Raises InputProblems when its YAML is wrong."""
    problems: list[Problem] = []
    file = resources.files("evenground.definitions") / "sources" / "oneroster.yaml"
    entries: Mapping[str, OneRoster] = read_entries(file, OneRoster, problems)
    if problems:
        raise InputProblems(problems)
    return entries["oneroster"]
