"""Any table of a person's own: CSV, Excel, Parquet or JSON, read as it is written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from evenground.engine import connect, quoted
from evenground.model import ERROR, InputProblems, Problem
from evenground.sources import files
from evenground.sources.files import Entry


def read_table(path: Path, columns: tuple[str, ...]) -> pa.Table:
    """The named columns of a file as an Arrow table, as text, so that codes keep their zeros; those of a
    Parquet file keep their types.

    The first row of the table is row 2 of the file: rows that hold nothing, or a title, are rows of nulls, so
    that a row has the number that a person sees. Raises InputProblems with everything that is wrong.
    """
    entry = _only(path)
    if entry.ending == ".parquet":
        return _parquet(entry, columns)
    return _text(entry, columns)


def header_of(path: Path, columns: tuple[str, ...]) -> tuple[str, ...]:
    """The names of all columns of a file, of which only the start is read; `columns` help to find them.

    Raises InputProblems where it cannot be read.
    """
    preview, problems = files.preview(_only(path), rows=1, columns=columns)
    if preview is None:
        raise InputProblems(problems)
    return preview.header


def _only(path: Path) -> Entry:
    """The one file with a table that lies at a path."""
    place = files.open_place(path)
    entry = next(iter(place.entries), None)
    if place.problems:
        raise InputProblems(place.problems)
    if entry is None or len(place.entries) > 1:
        allowed = "one file: CSV (.csv, .tsv, .txt, also .gz), Excel (.xlsx, .xls), Parquet or JSON"
        found = f"{len(place.entries)} files" if place.entries else "no file"
        raise InputProblems.one(path.name, found, allowed, "name the one with the table")
    return entry


def check_columns(file: str, held: list[str], wanted: tuple[str, ...]) -> None:
    """Raises InputProblems when a wanted column is not there, or there twice; names the nearest."""
    if problems := list(files.missing(file, held, wanted, 1)):
        raise InputProblems(problems)


def _text(entry: Entry, columns: tuple[str, ...]) -> pa.Table:
    with connect() as connection:
        connection.execute("SET preserve_insertion_order = true")
        loaded, problems = files.load(connection, entry, "held", columns)
        _stop_at_errors(problems)
        assert loaded is not None  # without an error there is a table
        names = ", ".join(map(quoted, loaded.columns))
        table = connection.sql(f"SELECT row, {names} FROM held ORDER BY row").to_arrow_table()
    rows = table["row"].to_numpy()
    table = table.drop_columns(["row"]).rename_columns(list(dict.fromkeys(columns)))
    return table if rows[-1] == len(rows) + 1 else _padded(table, rows)


def _padded(table: pa.Table, rows: np.ndarray) -> pa.Table:
    """The table with a row of nulls for every row of the file, from row 2 on, that is not in it."""
    first = min(2, int(rows[0]))
    places = np.full(int(rows[-1]) - first + 1, -1)
    places[rows - first] = np.arange(len(rows))
    return table.take(pa.array(places, mask=places < 0))


def _parquet(entry: Entry, columns: tuple[str, ...]) -> pa.Table:
    import pyarrow.parquet as parquet

    with files.open_table(entry, wanted=columns) as (opened, problems):
        _stop_at_errors(problems)
        assert opened is not None
        check_columns(entry.name, list(opened.header), columns)
        try:
            return parquet.read_table(entry.path, columns=list(dict.fromkeys(columns)))
        except (pa.ArrowException, OSError, ValueError) as error:
            found = "a Parquet file that cannot be read to its end"
            raise InputProblems.one(entry.name, found, "a whole file", "export or copy it again") from error


def _stop_at_errors(problems: list[Problem]) -> None:
    if any(problem.severity == ERROR for problem in problems):
        raise InputProblems([problem for problem in problems if problem.severity == ERROR])
