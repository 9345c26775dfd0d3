"""Reading a table: only the columns that the format knows, each cast to its type while it is read."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from evenground.model import ERROR, NOTE, Problem
from evenground.sources.roster.folder import TableFile
from evenground.sources.roster.format import Format, Table, column_key
from evenground.sources.roster.typing import quoted, typed

_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
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
    header = _parquet_header(file, problems) if file.is_parquet else _csv_header(file, problems)
    if header is None:
        return None
    places = _places(header, file, table, form, problems)
    if places is None:
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


def _places(
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
