"""A file that is ready to be read by the engine: where its columns are and how its rows are counted."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from evenground.engine import literal, quoted
from evenground.model import ERROR, Problem
from evenground.sources.files import limits
from evenground.sources.files.layout import Found

_NONE = np.zeros(0, np.int64)


@dataclass(frozen=True)
class Opened:
    """A file as an SQL source with the columns `c0`, `c1`, ... (VARCHAR), in the order of `header`.

    `first` is the row of the first record, as a person counts it, and `skipped` the rows after it that are no
    records (blank ones), so that `stage` can number the rows. `rejects` names the table in which the engine
    lists what it could not read, by line: of the file, or (`is_copy`) of a copy that holds the records alone.
    """

    name: str
    sha256: str
    header: tuple[str, ...]
    found: Found
    source: str
    first: int
    skipped: NDArray[np.int64] = field(default_factory=lambda: _NONE)
    rejects: str | None = None
    is_copy: bool = False


def stage(
    connection: duckdb.DuckDBPyConnection, opened: Opened, query: str, table: str, view: str
) -> tuple[int, list[Problem]]:
    """Runs `query` (a SELECT from `opened.source`) into `table`, and makes `view`: `row` and its columns.

    Gives the number of rows and one problem for every row that is torn. Raises duckdb.Error where the file
    cannot be read to its end.
    """
    connection.execute(f"CREATE OR REPLACE TABLE {quoted(table)} AS {query}")
    torn = _rejected(connection, opened)
    skipped = np.union1d(opened.skipped, np.array([row for row, _ in torn], np.int64))
    _number(connection, table, view, opened.first, skipped)
    (rows,) = connection.execute(f"SELECT count(*) FROM {quoted(table)}").fetchall()[0]
    return int(rows), list(torn_rows(opened.name, torn))


def location(path: Path) -> str:
    """A file's path in SQL, in which the engine shall not see a pattern of names."""
    return literal(re.sub(r"([*?\[])", r"[\1]", str(path)))


_TORN = {
    "MISSING COLUMNS": (
        "a row with too few columns",
        "complete the row; a cell with a delimiter in it needs quotes",
    ),
    "TOO MANY COLUMNS": (
        "a row with too many columns",
        "remove what is too much, or put the cell into quotes",
    ),
    "UNQUOTED VALUE": ("a quote that is not closed, or stands inside a cell", "close it, or write it twice"),
    "INVALID ENCODING": ("characters that are not UTF-8", "save the file as CSV UTF-8"),
    "LINE SIZE OVER MAXIMUM": ("a row that is too long", "look for a quote that is not closed"),
}
_OTHERS = ("a row that cannot be read", "mend or remove the row")


def torn_rows(name: str, torn: Iterable[tuple[int, str]]) -> Iterable[Problem]:
    """One problem a row; of each kind only so many, then their number."""
    kinds: dict[tuple[str, str], list[int]] = {}
    for row, kind in torn:
        kinds.setdefault(_TORN.get(kind, _OTHERS), []).append(row)
    for (found, todo), rows in kinds.items():
        allowed = "as many columns in every row as in the first, quotes in pairs"
        shown = rows if len(rows) <= limits.LISTED else rows[: limits.LISTED - 1]
        yield from (Problem(ERROR, name, found, allowed, todo, row) for row in shown)
        if rest := rows[len(shown) :]:
            yield Problem(ERROR, name, found, allowed, todo, rest[0], count=len(rest))


def _rejected(connection: duckdb.DuckDBPyConnection, opened: Opened) -> list[tuple[int, str]]:
    if opened.rejects is None:
        return []
    found = connection.execute(
        f"SELECT line, min(error_type::VARCHAR) FROM {quoted(opened.rejects)} GROUP BY line ORDER BY line"
    ).fetchall()
    if not opened.is_copy:
        return [(int(line), str(kind)) for line, kind in found]
    places = np.array([line for line, _ in found], np.int64) - 1
    rows = places + opened.first + np.searchsorted(_starts(opened), places, side="right")
    return [(int(row), str(kind)) for row, (_, kind) in zip(rows, found, strict=True)]


def _starts(opened: Opened) -> NDArray[np.int64]:
    """For each skipped row, the place of the first record after it."""
    return opened.skipped - opened.first - np.arange(len(opened.skipped))


def _number(
    connection: duckdb.DuckDBPyConnection, table: str, view: str, first: int, skipped: NDArray[np.int64]
) -> None:
    """Rows are counted as a spreadsheet does: those that were skipped before a row count as well."""
    skipped = skipped[skipped >= first]
    if not len(skipped):
        query = f"SELECT rowid + {first} AS row, * FROM {quoted(table)}"
        connection.execute(f"CREATE OR REPLACE VIEW {quoted(view)} AS {query}")
        return
    start = skipped - first - np.arange(len(skipped))
    last = np.flatnonzero(np.append(start[1:] != start[:-1], True))
    shifts = pa.table({"start": start[last], "shift": last + 1})
    connection.register("shifts", shifts)
    connection.execute(f"CREATE OR REPLACE TABLE {quoted(table + '_shifts')} AS SELECT * FROM shifts")
    connection.unregister("shifts")
    connection.execute(
        f"CREATE OR REPLACE VIEW {quoted(view)} AS SELECT place + {first} + coalesce(shift, 0) AS row,"
        f" s.* EXCLUDE (place) FROM (SELECT rowid AS place, * FROM {quoted(table)}) s"
        f" ASOF LEFT JOIN {quoted(table + '_shifts')} k ON s.place >= k.start"
    )
