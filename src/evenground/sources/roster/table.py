"""Reading a table: only the columns that the format knows, each cast to its type while it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from evenground.model import ERROR, Problem
from evenground.sources import files
from evenground.sources.files import Entry, Opened
from evenground.sources.roster.format import Format
from evenground.sources.roster.header import match_columns
from evenground.sources.roster.typing import typed


@dataclass(frozen=True)
class Loaded:
    """A table inside the engine.

    The view `rows_<table>` has `row` (as a spreadsheet counts) and the columns as `typed` makes them; the
    texts that do not fit their type only where there are any (`has_wrong`).
    """

    table: str
    file: str
    sha256: str
    columns: frozenset[str]
    has_wrong: bool


def load_table(
    engine: duckdb.DuckDBPyConnection,
    table: str,
    entry: Entry,
    form: Format,
    scratch: Path,
    problems: list[Problem],
) -> Loaded | None:
    """Loads the known columns of a file; None (and problems) where it is no table at all."""
    with files.open_table(entry, scratch=scratch) as (opened, found):
        problems.extend(found)
        if opened is None or any(problem.severity == ERROR for problem in found):
            return None
        return _load(engine, table, entry, opened, form, problems)


def _load(
    engine: duckdb.DuckDBPyConnection,
    name: str,
    entry: Entry,
    opened: Opened,
    form: Format,
    problems: list[Problem],
) -> Loaded | None:
    table = form.tables[name]
    places = match_columns(opened, table, form, problems)
    if places is None:
        return None
    texts = {column: f"c{place}" for column, place in places.items()}
    try:
        rows, torn, has_wrong = _stage(engine, name, opened, texts, form)
    except duckdb.Error:
        problems.extend(files.torn_in(entry, opened))
        return None
    problems.extend(torn)
    if table.required and not rows and not torn:
        todo = "export it again"
        problems.append(Problem(ERROR, entry.name, "column names and no row", f"{table.grain}", todo))
    return Loaded(name, entry.name, opened.sha256, frozenset(places), has_wrong)


def _stage(
    engine: duckdb.DuckDBPyConnection, name: str, opened: Opened, texts: Mapping[str, str], form: Format
) -> tuple[int, list[Problem], bool]:
    """The number of rows, the torn ones, and whether any cell does not fit its type; only then the file is
    read a second time, with the texts of these cells."""
    table, view = f"stage_{name}", f"rows_{name}"

    def query(keeping_wrong: bool) -> str:
        source = opened.source
        return typed(engine, name, form.tables[name], texts, source, form, keeping_wrong=keeping_wrong)

    rows, torn = files.stage(engine, opened, query(False), table, view)
    if engine.execute(f"SELECT coalesce(bool_or(any_wrong), false) FROM {table}").fetchone() == (False,):
        return rows, torn, False
    return *files.stage(engine, opened, query(True), table, view), True
