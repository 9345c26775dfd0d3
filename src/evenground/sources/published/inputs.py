"""Which files of a place a source reads, and as which tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from evenground.model import ERROR, NOTE, Problem
from evenground.sources.files import Entry, Place
from evenground.sources.published.layout import Level, Table
from evenground.sources.published.mapping import Source

_LEVELS: tuple[Level | Literal["any"], ...] = ("state", "district", "school", "any")


@dataclass(frozen=True)
class Match:
    """A file that is read as a table; `level` is that of its rows, or `any`."""

    table: str
    level: str
    entry: Entry
    folder: str = ""  # the name of what the person gave


def matches_of(source: Source, place: Place) -> list[Match]:
    """Every file that the source reads, as every table that it is read as."""
    return [
        Match(key, level, entry, place.name)
        for key, table in source.tables.items()
        for level in _LEVELS
        for entry in dict.fromkeys(
            entry for pattern in table.files.get(level, ()) for entry in place.find(pattern)
        )
    ]


def check_matches(source: Source, place: Place, matches: list[Match]) -> list[Problem]:
    """Files that are not there: an error for a table that is required, else a note."""
    problems = {
        pattern: Problem(
            ERROR,
            pattern,
            "no such file in the folder",
            "the file as its publisher names it",
            "add the file to the folder",
        )
        for table in source.tables.values()
        if table.required
        for patterns in table.files.values()
        for pattern in patterns
        if not any(map(place.find, patterns if is_pattern(pattern) else (pattern,)))
    }
    if not problems and not matches:
        every = ", ".join(
            dict.fromkeys(name for table in source.tables.values() for name in _patterns(table))
        )
        return [
            Problem(
                ERROR,
                source.title,
                "no file of this source in the folder",
                every,
                "add the files, or say what they are with --source",
            )
        ]
    read = {match.table for match in matches}
    lacking = [key for key, table in source.tables.items() if not table.required and key not in read]
    if lacking:
        absent = ", ".join(name for key in lacking for name in _patterns(source.tables[key]))
        found = f"no file for {', '.join(lacking)}"
        todo = "add the files to have more shown"
        problems["notes"] = Problem(NOTE, absent.split(", ")[0], found, absent, todo, count=len(lacking))
    return list(problems.values())


def is_pattern(name: str) -> bool:
    """A name that stands for several files: of a list of such, one that has a file is enough."""
    return any(sign in name for sign in "*?[")


def fits(pattern: str, name: str) -> bool:
    """Whether a name of a file, or its last part, is of the pattern; capitals do not matter."""
    pattern, name = pattern.lower(), name.lower()
    return fnmatchcase(name, pattern) or fnmatchcase(name.rpartition("/")[2], pattern)


def _patterns(table: Table) -> Iterator[str]:
    for patterns in table.files.values():
        yield from patterns
