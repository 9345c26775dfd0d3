"""The files of a folder: found, hashed, unpacked and loaded as text, with every problem collected."""

from __future__ import annotations

import csv
import gzip
import hashlib
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from evenground.model import ERROR, Problem
from evenground.sources.published.sql import quoted, text

_CHUNK = 1 << 20
_REJECTED = {
    "MISSING COLUMNS": ("a line with fewer columns than the header", "as many columns as the header"),
    "TOO MANY COLUMNS": ("a line with more columns than the header", "as many columns as the header"),
    "UNQUOTED VALUE": ("a quotation mark without its partner", "quotation marks in pairs"),
    "INVALID ENCODING": ("text that is not UTF-8", "text in UTF-8"),
}


@dataclass(frozen=True)
class Loaded:
    """One file as a table of text columns: those that are needed, and `row` as a spreadsheet counts it."""

    name: str
    sha256: str
    table: str


def load_file(
    connection: duckdb.DuckDBPyConnection, folder: Path, name: str, columns: Iterable[str]
) -> tuple[Loaded | None, list[Problem]]:
    """Loads `columns` of `folder/name` into the connection; None where it cannot be used."""
    path = folder / name
    if not path.is_file():
        return None, [
            Problem(
                ERROR,
                name,
                "no such file in the folder",
                "the file as its publisher names it",
                "add the file to the folder",
            )
        ]
    header, problem = _open(path)
    if problem:
        return None, [problem]
    problems = _check_header(name, header, tuple(columns))
    if problems:
        return None, problems
    table = f"raw_{name}"
    problems = _read(connection, path, table, header, tuple(columns))
    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    return Loaded(name, sha256, table), problems


def _open(path: Path) -> tuple[list[str], Problem | None]:
    """The header; reads to the end, because a cut-off archive would otherwise pass as a shorter table."""
    unpack = gzip.open if path.suffix == ".gz" else open
    try:
        with unpack(path, "rb") as stream:
            first = stream.readline(_CHUNK)
            while stream.read(_CHUNK):
                pass
    except (gzip.BadGzipFile, zlib.error):
        return [], _file_problem(
            path, "a file that is not gzip, or a damaged one", "a gzip archive of a CSV file"
        )
    except EOFError:
        return [], _file_problem(path, "an archive that ends too early", "the whole archive")
    except OSError as error:
        return [], _file_problem(path, f"a file that cannot be opened ({error.strerror})", "a readable file")
    if not first.strip():
        return [], _file_problem(path, "an empty file", "a header line and rows")
    try:
        line = first.decode("utf-8-sig")
    except UnicodeDecodeError:
        return [], _file_problem(path, "a first line that is not UTF-8 text", "a CSV file in UTF-8")
    if "\x00" in line:
        return [], _file_problem(path, "a file of bytes, not of text", "a CSV file in UTF-8")
    try:
        return next(csv.reader([line], strict=True)), None
    except csv.Error:
        return [], _file_problem(
            path, "a first line that is no CSV", "a line of column names, apart by commas"
        )


def _check_header(name: str, header: list[str], columns: tuple[str, ...]) -> list[Problem]:
    missing = [column for column in columns if column not in header]
    found = ", ".join(header)[:200]
    problems = [
        Problem(
            ERROR,
            name,
            "no such column",
            f"a column of this name; the file has: {found}",
            "take the file from its publisher, or correct the column's name",
            row=1,
            column=column,
        )
        for column in missing
    ]
    twice = sorted({column for column in columns if header.count(column) > 1})
    problems += [
        Problem(
            ERROR,
            name,
            "two columns of this name",
            "each column once",
            "remove one of them",
            row=1,
            column=column,
        )
        for column in twice
    ]
    return problems


def _read(
    connection: duckdb.DuckDBPyConnection, path: Path, table: str, header: list[str], columns: tuple[str, ...]
) -> list[Problem]:
    """Reads the file as text. Lines that do not fit the header are collected, not guessed at."""
    unique = [
        column if header.index(column) == place else f"{column} {place}"
        for place, column in enumerate(header)
    ]
    types = "{" + ", ".join(f"{text(column)}: 'VARCHAR'" for column in unique) + "}"
    try:
        connection.execute("DROP TABLE IF EXISTS rejects; DROP TABLE IF EXISTS rejects_scans")
        connection.execute(f"""
            CREATE TEMP TABLE {quoted(table)} AS
            SELECT ROW_NUMBER() OVER () + 1 AS "row", {", ".join(quoted(column) for column in columns)}
            FROM read_csv({text(str(path))}, columns = {types}, auto_detect = false, header = true,
                          delim = ',', quote = '"', escape = '"', store_rejects = true,
                          rejects_table = 'rejects', rejects_scan = 'rejects_scans', rejects_limit = 0)
        """)
        rows = connection.execute(
            "SELECT line, FIRST(error_type::VARCHAR) FROM rejects GROUP BY line ORDER BY line"
        ).fetchall()
    except duckdb.Error as error:
        reason = str(error).splitlines()[0].replace(str(path), path.name)[:200]
        return [
            _file_problem(
                path,
                f"a file that cannot be read as CSV ({reason})",
                "a CSV file in UTF-8, columns apart by commas",
            )
        ]
    if not rows:
        if connection.execute(f"SELECT COUNT(*) FROM {quoted(table)}").fetchall() == [(0,)]:
            return [_file_problem(path, "a header without rows", "at least one row")]
        return []
    line, kind = rows[0]
    found, allowed = _REJECTED.get(kind, (f"a line that is no CSV ({kind.lower()})", "a line of CSV"))
    todo = "mend the line, or take the file from its publisher again"
    return [Problem(ERROR, path.name, found, allowed, todo, row=line, count=len(rows))]


def _file_problem(path: Path, found: str, allowed: str) -> Problem:
    return Problem(ERROR, path.name, found, allowed, "take the file from its publisher again")
