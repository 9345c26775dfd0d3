"""A table of an export inside the engine: text as it was written, and where each row comes from."""

from __future__ import annotations

from dataclasses import dataclass

ORIGIN = ("part", "row")
"""Columns that say where a row comes from: which of the table's files (a number), and which row of it."""


@dataclass(frozen=True)
class Staged:
    """A table of the engine called `name` with the columns of ORIGIN and `columns`, all of them text.

    `files` are the names of its files, in the order of `part`. An empty cell is null.
    """

    name: str
    files: tuple[str, ...]
    columns: frozenset[str]
