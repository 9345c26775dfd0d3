"""Reading a table: only the columns that the format knows, each cast to its type while it is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from evenground.model import ERROR, Problem
from evenground.sources.roster.folder import TableFile
from evenground.sources.roster.format import Format, Table
from evenground.sources.roster.header import match_columns, read_header
from evenground.sources.roster.typing import quoted, typed

_REJECTED = {
    "MISSING COLUMNS": (
        "a row with too few columns",
        "complete the row; a cell that holds a comma needs quotes",
    ),
    "TOO MANY COLUMNS": (
        "a row with too many columns",
        "remove what is too much; a cell that holds a comma needs quotes",
    ),
    "UNQUOTED VALUE": (
        "a quote that is not closed or stands inside a cell",
        "close it, or write it twice inside a quoted cell",
    ),
    "INVALID ENCODING": ("characters that are not UTF-8", "save it as CSV UTF-8"),
    "LINE SIZE OVER MAXIMUM": ("a row that is too long", "look for a quote that is not closed"),
}
_OTHER_REJECTED = ("a row that cannot be read", "mend or remove the row")


@dataclass(frozen=True)
class Loaded:
    """A table inside the engine.

    The view `rows_<table>` has `row` (as a spreadsheet counts) and the columns as `typed` makes them.
    """

    table: str
    file: str
    columns: frozenset[str]


def load_table(
    engine: duckdb.DuckDBPyConnection, file: TableFile, form: Format, problems: list[Problem]
) -> Loaded | None:
    """Loads the known columns of a file; None (and problems) where it is no table at all."""
    table = form.tables[file.table]
    header = read_header(file, problems)
    places = None if header is None else match_columns(header, file, table, form, problems)
    if header is None or places is None:
        return None
    try:
        if file.is_parquet:
            _stage_parquet(engine, file, table, places, form)
        else:
            problems.extend(_stage_csv(engine, file, table, header, places, form))
    except duckdb.Error:
        kind = "Parquet" if file.is_parquet else "comma-separated text"
        problems.append(
            Problem(
                ERROR,
                file.name,
                "a file that cannot be read to its end",
                f"a whole table as {kind}",
                "export it again",
            )
        )
        return None
    rows = engine.execute(f"SELECT count(*) FROM stage_{file.table}").fetchone()
    if (
        table.required
        and rows == (0,)
        and not any(problem.file == file.name for problem in problems if problem.severity == ERROR)
    ):
        problems.append(
            Problem(ERROR, file.name, "column names and no row", f"{table.grain}", "export it again")
        )
    return Loaded(file.table, file.name, frozenset(places))


def _stage_parquet(
    engine: duckdb.DuckDBPyConnection, file: TableFile, table: Table, places: Mapping[str, str], form: Format
) -> None:
    types = {field.name: field.type for field in pq.read_schema(file.path)}

    def text(name: str) -> str:
        value = f'CAST("{_escaped(name)}" AS VARCHAR)'
        if pa.types.is_floating(
            types[name]
        ):  # 9.0 is grade 9, and not-a-number is how frames write an empty cell
            return f"nullif(regexp_replace({value}, '\\.0$', ''), 'nan')"
        return value

    texts = {key: text(name) for key, name in places.items()}
    source = f"read_parquet({quoted(str(file.path))})"
    engine.execute(
        f"CREATE TABLE stage_{file.table} AS {typed(engine, file.table, table, texts, source, form)}"
    )
    _view_rows(engine, file.table, ())


def _stage_csv(
    engine: duckdb.DuckDBPyConnection,
    file: TableFile,
    table: Table,
    header: Sequence[str],
    places: Mapping[str, str],
    form: Format,
) -> list[Problem]:
    """Stages the known columns. The reader gets positions for names, so that no odd name confuses it."""
    positions = {name: f"c{place}" for place, name in reversed(list(enumerate(header)))}
    types = ", ".join(f"c{place}: 'VARCHAR'" for place in range(len(header)))
    texts = {key: positions[name] for key, name in places.items()}
    source = (
        f"read_csv({quoted(str(file.path))}, auto_detect = false, header = true, strict_mode = true"
        f", delim = ',', quote = '\"', escape = '\"', columns = {{{types}}}, store_rejects = true"
        f", rejects_table = 'rejects_{file.table}', rejects_scan = 'scans_{file.table}')"
    )
    engine.execute(
        f"CREATE TABLE stage_{file.table} AS {typed(engine, file.table, table, texts, source, form)}"
    )
    rejected = engine.execute(f"SELECT error_type, line FROM rejects_{file.table} ORDER BY line").fetchall()
    skipped = sorted({line for _, line in rejected} | {line for line in file.empty_lines if line > 1})
    _view_rows(engine, file.table, skipped)
    found: dict[str, list[int]] = {}
    for kind, line in rejected:
        found.setdefault(str(kind), []).append(line)
    return [_rejected(file.name, kind, lines) for kind, lines in found.items()]


def _view_rows(engine: duckdb.DuckDBPyConnection, table: str, skipped: Sequence[int]) -> None:
    """Rows are counted as a spreadsheet does: those that were skipped before a row count as well."""
    if not skipped:
        engine.execute(f"CREATE VIEW rows_{table} AS SELECT rowid + 2 AS row, * FROM stage_{table}")
        return
    shifts = {line - 2 - before: before + 1 for before, line in enumerate(skipped)}
    engine.register(
        "shifts",
        pa.table(
            {"start": pa.array(shifts.keys(), pa.int64()), "shift": pa.array(shifts.values(), pa.int64())}
        ),
    )
    engine.execute(f"CREATE TABLE shifts_{table} AS SELECT * FROM shifts")
    engine.unregister("shifts")
    engine.execute(
        f"CREATE VIEW rows_{table} AS SELECT place + 2 + coalesce(shift, 0) AS row, s.* EXCLUDE (place)"
        f" FROM (SELECT rowid AS place, * FROM stage_{table}) s"
        f" ASOF LEFT JOIN shifts_{table} k ON s.place >= k.start"
    )


def _rejected(file: str, kind: str, lines: list[int]) -> Problem:
    found, todo = _REJECTED.get(kind, _OTHER_REJECTED)
    return Problem(
        ERROR,
        file,
        found,
        "as many columns in every row as in the first",
        todo,
        row=lines[0],
        count=len(lines),
    )


def _escaped(name: str) -> str:
    return name.replace('"', '""')
