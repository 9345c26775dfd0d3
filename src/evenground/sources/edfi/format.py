"""What is read of an Ed-Fi export, from definitions/sources/edfi.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from pathlib import PurePosixPath
from typing import Literal

from pydantic import Field

from evenground.definitions import read_entries
from evenground.definitions.schema import Key, Sourced, Strict
from evenground.model import InputProblems, Problem
from evenground.sources.roster.format import Rule


class Column(Strict):
    """One value of an object: where it stands and what it is.

    A code that `codes` does not know is unknown and told; with `strict` it is an error, with `others` it may
    be any other one.
    """

    path: str
    type: Literal["text", "date", "number", "flag", "code"] = "text"
    required: bool = False
    refers: str | None = None
    codes: Key | None = None
    strict: bool = False
    others: bool = False
    where: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)


class Resource(Strict):
    columns: dict[Key, Column]
    needed: bool = False


class EdFi(Sourced):
    """Everything that an export may hold, and what it stands for."""

    versions: str
    endings: tuple[str, ...]
    rules: dict[Key, Rule]
    resources: dict[str, Resource]
    codes: dict[Key, dict[str, str]]

    def days(self, key: str) -> int:
        return int(self.rules[key].value)

    def resource_of(self, name: str) -> str | None:
        """The resource that a file of this name holds."""
        path = PurePosixPath(name)
        known = {resource.lower(): resource for resource in self.resources}
        return known.get(path.stem.lower()) if path.suffix.lower() in self.endings else None


def is_edfi(names: Iterable[str]) -> bool:
    """Whether files of these names are an Ed-Fi export: the resources without which nobody can be counted."""
    form = edfi_format()
    needed = {name for name, resource in form.resources.items() if resource.needed}
    return needed <= {form.resource_of(name) for name in names}


@cache
def edfi_format() -> EdFi:
    """The format that comes with evenground. Raises InputProblems when its YAML is wrong."""
    problems: list[Problem] = []
    file = resources.files("evenground.definitions") / "sources" / "edfi.yaml"
    entries: Mapping[str, EdFi] = read_entries(file, EdFi, problems)
    if problems:
        raise InputProblems(problems)
    return entries["edfi"]
