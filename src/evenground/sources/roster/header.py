"""The first row of a table: which columns a file has, which of them are read, and which never are."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from evenground.model import ERROR, NOTE, WARNING, Problem
from evenground.sources.files import Opened
from evenground.sources.roster.format import Format, Table, column_key

_LISTED = 40


def _no_header(file: Opened) -> Problem:
    return Problem(
        ERROR,
        file.name,
        "a first row without any known column name",
        "column names in the first row",
        "add the row of names",
        row=row_of(file),
    )


def row_of(file: Opened) -> int:
    """The row in which a file's column names stand."""
    return max(file.found.header_rows[1], 1)


def match_columns(file: Opened, table: Table, form: Format, problems: list[Problem]) -> dict[str, int] | None:
    """Known column -> its place in the file. Protected and unknown columns are told about and not read."""
    places: dict[str, int] = {}
    extra: list[str] = []
    protected: set[str] = set()
    for place, name in enumerate(file.header):
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
                    row=row_of(file),
                    column=key,
                )
            )
        else:
            places[key] = place
    if not places:
        problems.append(_no_header(file))
        return None
    problems.extend(_protected(kind, file) for kind in sorted(protected))
    missing = [key for key, column in table.columns.items() if column.required and key not in places]
    problems.extend(_missing_columns(missing, extra, file))
    absent = [key for key, column in table.columns.items() if not column.required and key not in places]
    problems.extend(_nearly(absent, extra, file))
    if extra and not missing:
        names = ", ".join(sorted(name.strip() or "(no name)" for name in extra)[:_LISTED])
        names += f" and {len(extra) - _LISTED:,} more" if len(extra) > _LISTED else ""
        problems.append(
            Problem(
                NOTE,
                file.name,
                f"further columns: {names}",
                "the columns of docs/reference/roster.md",
                "nothing; they were not read",
                row=row_of(file),
            )
        )
    return places


def _protected(kind: str, file: Opened) -> Problem:
    found = f"a column about {kind.replace('_', ' ')}"
    todo = "nothing; it was not read. Leave it out of the next export"
    return Problem(
        NOTE, file.name, found, "nothing that a review has no need of", todo, row=row_of(file), column=kind
    )


def _missing_columns(missing: list[str], extra: list[str], file: Opened) -> Iterator[Problem]:
    keys = {column_key(name): name.strip() for name in extra}
    for column in missing:
        near = get_close_matches(column, keys, n=1, cutoff=0.6)
        todo = f"rename {keys[near[0]]} to {column}" if near else "add the column"
        yield Problem(ERROR, file.name, "no such column", column, todo, row=row_of(file), column=column)


def _nearly(absent: list[str], extra: list[str], file: Opened) -> Iterator[Problem]:
    """Columns that may be left out, where the file has one of nearly the same name."""
    keys = {column_key(name): name.strip() for name in extra}
    for column in absent:
        if near := get_close_matches(column, keys, n=1, cutoff=0.8):
            found, allowed = f"no such column, but {keys[near[0]]}", f"{column}, or no column"
            todo = f"rename it to {column} if that is what it holds; until then it is not read"
            yield Problem(WARNING, file.name, found, allowed, todo, row=row_of(file), column=column)
