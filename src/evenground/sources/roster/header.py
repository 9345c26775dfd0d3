"""The first row of a table: which columns a file has, which of them are read, and which never are."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

import pyarrow as pa
import pyarrow.parquet as pq

from evenground.model import ERROR, NOTE, WARNING, Problem
from evenground.sources.roster.folder import TableFile
from evenground.sources.roster.format import Format, Table, column_key

_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}


def read_header(file: TableFile, problems: list[Problem]) -> Sequence[str] | None:
    """The column names of a file; None (and a problem) where it has none."""
    return _parquet_header(file, problems) if file.is_parquet else _csv_header(file, problems)


def _csv_header(file: TableFile, problems: list[Problem]) -> Sequence[str] | None:
    opener = gzip.open if file.name.lower().endswith(".gz") else open
    with opener(file.path, "rt", encoding="utf-8-sig", newline="") as lines:
        try:
            header = next(csv.reader(lines), [])
        except csv.Error:
            header = []
    if not any(name.strip() for name in header):
        problems.append(_no_header(file))
        return None
    for separator, words in _SEPARATORS.items():
        if len(header) == 1 and separator in header[0]:
            problems.append(
                Problem(
                    ERROR,
                    file.name,
                    f"columns separated by {words}",
                    "columns separated by commas",
                    "save it as CSV with commas",
                    row=1,
                )
            )
            return None
    return header


def _parquet_header(file: TableFile, problems: list[Problem]) -> Sequence[str] | None:
    try:
        names: list[str] = pq.read_schema(file.path).names
    except (pa.ArrowException, OSError):
        problems.append(
            Problem(
                ERROR,
                file.name,
                "a file that is not Parquet or is damaged",
                "a whole Parquet file",
                "export it again",
            )
        )
        return None
    return names


def _no_header(file: TableFile) -> Problem:
    return Problem(
        ERROR,
        file.name,
        "a first row without any known column name",
        "column names in the first row",
        "add the row of names",
        row=1,
    )


def match_columns(
    header: Sequence[str], file: TableFile, table: Table, form: Format, problems: list[Problem]
) -> dict[str, str] | None:
    """Known column -> its name in the file. Protected and unknown columns are told about and not read."""
    places: dict[str, str] = {}
    extra: list[str] = []
    protected: set[str] = set()
    for name in header:
        key = column_key(name)
        kind = None if key in table.columns else form.protects(name)
        if kind is not None:
            protected.add(kind)
        elif key not in table.columns:
            extra.append(name)
        elif key in places:
            problems.append(
                Problem(
                    ERROR,
                    file.name,
                    "the same column twice",
                    "each column once",
                    "remove one of the two",
                    row=1,
                    column=key,
                )
            )
        else:
            places[key] = name
    if not places:
        problems.append(_no_header(file))
        return None
    problems.extend(_protected(kind, file) for kind in sorted(protected))
    missing = [key for key, column in table.columns.items() if column.required and key not in places]
    problems.extend(_missing_columns(missing, extra, file))
    absent = [key for key, column in table.columns.items() if not column.required and key not in places]
    problems.extend(_nearly(absent, extra, file))
    if extra and not missing:
        names = ", ".join(sorted(name.strip() or "(no name)" for name in extra))
        problems.append(
            Problem(
                NOTE,
                file.name,
                f"further columns: {names}",
                "the columns of docs/reference/roster.md",
                "nothing; they were not read",
                row=1,
            )
        )
    return places


def _protected(kind: str, file: TableFile) -> Problem:
    found = f"a column about {kind.replace('_', ' ')}"
    todo = "nothing; it was not read. Leave it out of the next export"
    return Problem(NOTE, file.name, found, "nothing that a review has no need of", todo, row=1, column=kind)


def _missing_columns(missing: list[str], extra: list[str], file: TableFile) -> Iterator[Problem]:
    keys = {column_key(name): name.strip() for name in extra}
    for column in missing:
        near = get_close_matches(column, keys, n=1, cutoff=0.6)
        todo = f"rename {keys[near[0]]} to {column}" if near else "add the column"
        yield Problem(ERROR, file.name, "no such column", column, todo, row=1, column=column)


def _nearly(absent: list[str], extra: list[str], file: TableFile) -> Iterator[Problem]:
    """Columns that may be left out, where the file has one of nearly the same name."""
    keys = {column_key(name): name.strip() for name in extra}
    for column in absent:
        if near := get_close_matches(column, keys, n=1, cutoff=0.8):
            found, allowed = f"no such column, but {keys[near[0]]}", f"{column}, or no column"
            todo = f"rename it to {column} if that is what it holds; until then it is not read"
            yield Problem(WARNING, file.name, found, allowed, todo, row=1, column=column)
