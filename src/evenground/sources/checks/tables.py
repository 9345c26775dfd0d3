"""The tables of a place as they are written, for the checks: every column but those that are never read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb

from evenground.model import NOTE, Problem
from evenground.sources.checks.catalogue import checks
from evenground.sources.checks.raw import Raw, profiled, says
from evenground.sources.files import ENDINGS, Entry, Layout, load, preview

Protected = Callable[[str], str | None]
"""The kind of value that a column of this name would hold and that is never read; None: it may be read."""


def read_tables(
    connection: duckdb.DuckDBPyConnection,
    entries: tuple[Entry, ...],
    protected: Protected,
    layouts: Callable[[str], Layout],
    scratch: Path,
) -> Iterator[tuple[Entry, Raw | None, list[Problem]]]:
    """Each entry that is a table, and what is wrong with it as a file."""
    for place, entry in enumerate(entries):
        if entry.ending in ENDINGS:
            raw, problems = _read(connection, entry, f"raw {place}", protected, layouts(entry.name), scratch)
            yield entry, raw, problems


def _read(
    connection: duckdb.DuckDBPyConnection,
    entry: Entry,
    table: str,
    protected: Protected,
    layout: Layout,
    scratch: Path,
) -> tuple[Raw | None, list[Problem]]:
    seen, problems = preview(entry, layout, 1)
    if seen is None:
        return None, problems
    kinds = {name: kind for name in seen.header if name and (kind := protected(name))}
    told = [_not_read(entry.name, kind) for kind in dict.fromkeys(kinds.values())]
    wanted = [name for name in dict.fromkeys(seen.header) if name and name not in kinds]
    if kinds and not wanted:
        return None, told
    loaded, problems = load(connection, entry, table, wanted if kinds else None, layout, scratch)
    if loaded is None or not loaded.rows:
        return None, [*told, *problems]
    persons = any(says(name, checks()["two_schools"].words["person"]) for name in loaded.columns)
    raw = profiled(connection, entry.name, table, loaded.columns, persons=persons)
    return raw, [*told, *problems]


def _not_read(file: str, kind: str) -> Problem:
    found = f"a column that would hold {kind.replace('_', ' ')}"
    return Problem(
        NOTE, file, found, "only what is needed", "nothing; it was not read. Leave it out next time"
    )
