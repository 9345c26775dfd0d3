"""The columns that a table wants of a file, loaded as text under our names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from evenground.engine import quoted
from evenground.model import ERROR, Problem
from evenground.sources import files
from evenground.sources.files import Entry
from evenground.sources.published.header import find_columns
from evenground.sources.published.inputs import Match
from evenground.sources.published.layout import Table
from evenground.sources.published.mapping import Source


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


def load_files(
    connection: duckdb.DuckDBPyConnection, matches: Sequence[Match], source: Source
) -> tuple[list[tuple[Match, Loaded]], list[Problem]]:
    """Each match with its file, less those that cannot be used. A file is read once for all of its tables."""
    together: dict[tuple[Entry, files.Layout], list[Match]] = {}
    for match in matches:
        together.setdefault((match.entry, layout_of(source.tables[match.table])), []).append(match)
    loaded: dict[Match, Loaded] = {}
    problems: list[Problem] = []
    for place, ((entry, layout), own) in enumerate(together.items()):
        found, wrong = _load(connection, source, entry, layout, own, f"file_{place}")
        loaded.update(found)
        problems += wrong
    return [(match, loaded[match]) for match in matches if match in loaded], problems


def _load(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    entry: Entry,
    layout: files.Layout,
    matches: Sequence[Match],
    raw: str,
) -> tuple[dict[Match, Loaded], list[Problem]]:
    wanted = {match: source.spelled(source.tables[match.table], match.level) for match in matches}
    names = {name for columns in wanted.values() for names in columns.values() for name in names}
    preview, problems = files.preview(entry, layout, rows=1, columns=tuple(sorted(names)))
    if preview is None or any(problem.severity == ERROR for problem in problems):
        return {}, problems
    header, row = list(preview.header), preview.found.header_rows[1]
    held: dict[Match, dict[str, str]] = {}
    absent: dict[Match, frozenset[str]] = {}
    lacking: list[Problem] = []
    for match, columns in wanted.items():
        found, wrong = find_columns(entry.name, header, columns, source.tables[match.table], row)
        held[match] = {column: header[place] for column, place in found.places.items()}
        absent[match] = found.absent
        lacking += wrong
    if lacking:
        return {}, list(dict.fromkeys(lacking))
    theirs = list(dict.fromkeys(name for own in held.values() for name in own.values()))
    loaded, problems = files.load(connection, entry, raw, theirs, layout)
    if loaded is None:
        return {}, problems
    made = {}
    for match, own in held.items():
        name = f"raw_{match.table}_{match.level}_{entry.name}"
        chosen = "".join(f", {quoted(name)} AS {quoted(ours)}" for ours, name in own.items())
        connection.execute(
            f'CREATE OR REPLACE TEMP VIEW {quoted(name)} AS SELECT "row"{chosen} FROM {quoted(raw)}'
        )
        made[match] = Loaded(entry.name, loaded.sha256, name, tuple(header), absent[match])
    return made, problems
