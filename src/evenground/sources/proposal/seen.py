"""A file as it is looked at: its columns, what each of them is, and which are never read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from evenground.engine import quoted
from evenground.model import ERROR, InputProblems, Problem
from evenground.sources import files
from evenground.sources.proposal.columns import Role, is_personal, is_protected, roles
from evenground.sources.proposal.profile import Profile, profiles

TABLE = "file"
_AS_WRITTEN = "file_as_written"
_COMMA = r"\d{1,3},\d{1,2}\s*%?"


@dataclass
class Seen:
    """A file as it was looked at."""

    name: str
    stem: str
    sheet: str | None
    profiles: Mapping[str, Profile]
    roles: dict[str, Role]
    unread: Mapping[str, str]  # columns that were never read -> why
    titles: tuple[str, ...] = ()  # what stands above the columns' names
    decimal: str | None = None  # a number of the file with a decimal comma, where it has such


def look(connection: duckdb.DuckDBPyConnection, path: Path) -> Seen:
    """Reads the file into the table TABLE, without the columns that nobody has to see, and looks at it.

    Raises InputProblems where it cannot be read.
    """
    place = files.open_place(path)
    _stop(place.problems)
    if path.is_dir() or len(place.entries) != 1:
        names = ", ".join(entry.name for entry in place.entries[:10])
        found = f"{len(place.entries)} files" if place.entries else "no file"
        todo = f"name one of them: {names}" if names else "check the path"
        raise InputProblems.one(path.name, found, "one file with a table", todo)
    entry = place.entries[0]
    preview, problems = files.preview(entry)
    _stop(problems)
    assert preview is not None
    unread = {name: "protected" for name in preview.header if is_protected(name)}
    unread |= {name: "personal" for name in preview.header if name not in unread and is_personal(name)}
    loaded, problems = files.load(
        connection, entry, _AS_WRITTEN, None if not unread else _read(preview.header, unread)
    )
    _stop(problems)
    assert loaded is not None
    comma = _with_commas(connection, loaded.columns) if loaded.found.delimiter != "," else {}
    _dotted(connection, comma)
    held = profiles(connection, TABLE, loaded.columns)
    stem = re.sub(r"\.(gz|csv|tsv|txt|xlsx?|parquet|json|zip)", "", entry.name.rpartition("/")[2], flags=re.I)
    return Seen(
        entry.name,
        stem,
        loaded.found.sheet,
        held,
        roles(held),
        unread,
        _titles(entry, preview),
        next(iter(comma.values()), None),
    )


def _titles(entry: files.Entry, preview: files.Preview) -> tuple[str, ...]:
    """The cells of the rows above the columns' names."""
    found = preview.found
    above = found.header_rows[0] - 1
    if above < 1:
        return ()
    layout = files.Layout(found.delimiter, 1, found.sheet, found.encoding)
    top, _ = files.preview(entry, layout, rows=above)
    rows = [cells for row, cells in top.rows if row <= above] if top else []
    return tuple(cell for cells in ((top.header if top else ()), *rows) for cell in cells if cell)


def _with_commas(connection: duckdb.DuckDBPyConnection, columns: Sequence[str]) -> dict[str, str]:
    """Columns all of whose numbers have a decimal comma -> one of these numbers."""
    found = {}
    for column in columns:
        word = f"TRIM({quoted(column)})"
        every, fitting, first = connection.execute(f"""
            SELECT COUNT(*) FILTER (REGEXP_FULL_MATCH({word}, '[-+]?[0-9][0-9.,]*\\s*%?')),
                   COUNT(*) FILTER (REGEXP_FULL_MATCH({word}, '{_COMMA}')),
                   FIRST({word}) FILTER (REGEXP_FULL_MATCH({word}, '{_COMMA}'))
            FROM {_AS_WRITTEN}""").fetchall()[0]
        if every and fitting == every:
            found[column] = str(first)
    return found


def _dotted(connection: duckdb.DuckDBPyConnection, columns: Iterable[str]) -> None:
    """The view TABLE: the file with points for decimal commas, so that its numbers are seen as numbers."""
    parts = [
        f"CASE WHEN REGEXP_FULL_MATCH(TRIM({name}), '{_COMMA}') THEN REPLACE({name}, ',', '.') "
        f"ELSE {name} END AS {name}"
        for name in map(quoted, columns)
    ]
    replaced = f" REPLACE ({', '.join(parts)})" if parts else ""
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {TABLE} AS SELECT *{replaced} FROM {_AS_WRITTEN}")


def _read(header: Sequence[str], unread: Mapping[str, str]) -> list[str]:
    return [name for name in dict.fromkeys(header) if name not in unread and name.strip()]


def _stop(problems: Sequence[Problem]) -> None:
    errors = [problem for problem in problems if problem.severity == ERROR]
    if errors:
        raise InputProblems(errors)
