"""The columns of a file: which of them a table wants, by whatever name this year's file has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from evenground.model import ERROR, Problem
from evenground.sources.published.layout import Table


@dataclass(frozen=True)
class Found:
    """Our name of a column -> its place in the file; and the columns that this file lacks and may lack."""

    places: Mapping[str, int]
    absent: frozenset[str]


def find_columns(
    file: str, header: list[str], wanted: Mapping[str, tuple[str, ...]], table: Table, row: int = 1
) -> tuple[Found, list[Problem]]:
    """Looks the wanted columns up; one that is not there, or there twice, is an error."""
    held = [_plain(name) for name in header]
    places: dict[str, int] = {}
    absent, problems = set(), []
    for column, names in wanted.items():
        at = _places(held, names)
        if len(at) == 1:
            places[column] = at[0]
        elif at:
            problems.append(_twice(file, column, row))
        elif table.may_lack(column) or any(map(table.may_lack, names)):
            absent.add(column)
        else:
            problems.append(_missing(file, header, names, row))
    return Found(places, frozenset(absent)), problems


def _places(held: list[str], names: tuple[str, ...]) -> list[int]:
    """Where the first of the names stands that the file has: as it is written, else as a pattern."""
    for fits in (lambda name, wanted: name == wanted, fnmatchcase):
        for wanted in map(_plain, names):
            if at := [place for place, name in enumerate(held) if fits(name, wanted)]:
                return at
    return []


def _plain(name: str) -> str:
    """Capitals and blanks do not tell columns apart."""
    return " ".join(name.split()).lower()


def _missing(file: str, header: list[str], names: tuple[str, ...], row: int) -> Problem:
    allowed = f"a column of this name; the file has: {', '.join(header)[:200]}"
    todo = "take the file from its publisher, or correct the column's name"
    return Problem(ERROR, file, "no such column", allowed, todo, row=row, column=" or ".join(names))


def _twice(file: str, column: str, row: int) -> Problem:
    allowed, todo = "each column once", "remove one of them"
    return Problem(ERROR, file, "two columns of this name", allowed, todo, row=row, column=column)
