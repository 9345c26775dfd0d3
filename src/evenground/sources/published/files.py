"""The columns that a table wants of a file, loaded as text under our names."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from evenground.model import ERROR, Problem
from evenground.sources import files
from evenground.sources.published.header import find_columns
from evenground.sources.published.inputs import Match
from evenground.sources.published.layout import Table
from evenground.sources.published.mapping import Source
from evenground.sources.published.sql import quoted


@dataclass(frozen=True)
class Loaded:
    """One file as a table of text columns: those that are needed, under our names, and `row` as a spreadsheet
    counts it. `header` are the names of all its columns, `absent` those of ours that it may lack and lacks.
    """

    name: str
    sha256: str
    table: str
    header: tuple[str, ...]
    absent: frozenset[str] = frozenset()


def layout_of(table: Table) -> files.Layout:
    """What the mapping says about how the files are written."""
    return files.Layout(**table.layout.model_dump())


def load_file(
    connection: duckdb.DuckDBPyConnection, match: Match, source: Source
) -> tuple[Loaded | None, list[Problem]]:
    """Loads what the match's table wants of its file; None where it cannot be used."""
    table, entry = source.tables[match.table], match.entry
    layout, wanted = layout_of(table), source.spelled(table, match.level)
    names = [name for candidates in wanted.values() for name in candidates]
    preview, problems = files.preview(entry, layout, rows=1, columns=names)
    if preview is None or any(problem.severity == ERROR for problem in problems):
        return None, problems
    header = list(preview.header)
    found, lacking = find_columns(entry.name, header, wanted, table, preview.found.header_rows[1])
    if lacking:
        return None, lacking
    held = {column: header[place] for column, place in found.places.items()}
    raw = f"file_{match.table}_{entry.name}"
    loaded, problems = files.load(connection, entry, raw, list(dict.fromkeys(held.values())), layout)
    if loaded is None:
        return None, problems
    name = f"raw_{match.table}_{entry.name}"
    columns = "".join(f", {quoted(theirs)} AS {quoted(ours)}" for ours, theirs in held.items())
    connection.execute(
        f'CREATE OR REPLACE TEMP VIEW {quoted(name)} AS SELECT "row"{columns} FROM {quoted(raw)}'
    )
    return Loaded(entry.name, loaded.sha256, name, tuple(header), found.absent), problems
