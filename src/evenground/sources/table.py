"""Any table of a person's own: CSV, Excel or Parquet, read as it is written."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zlib
from difflib import get_close_matches
from pathlib import Path
from typing import IO, cast

import duckdb
import pyarrow as pa

from evenground.engine import connect
from evenground.model import ERROR, InputProblems, Problem

_CHUNK = 1 << 20
_LISTED = 20
_TEXT = (".csv", ".csv.gz", ".tsv", ".tsv.gz", ".txt", ".txt.gz")
_KINDS = "a CSV (.csv, .tsv, .txt, also .gz), Excel (.xlsx) or Parquet (.parquet) file"


def read_table(path: Path, columns: tuple[str, ...]) -> pa.Table:
    """The named columns of a file as an Arrow table; CSV and Excel columns come as text, so that codes keep
    their zeros.

    Raises InputProblems with everything that is wrong with the file.
    """
    name = path.name.lower()
    if not path.is_file():
        raise InputProblems.one(path.name, "no such file", _KINDS, "check the path")
    if path.stat().st_size == 0:
        raise InputProblems.one(
            path.name, "an empty file", "a header and at least one row", "export it again"
        )
    try:
        if name.endswith(".parquet"):
            return _parquet(path, columns)
        if name.endswith(".xlsx"):
            return _excel(path, columns)
        if name.endswith(_TEXT):
            return _csv(path, columns)
    except OSError as error:
        raise InputProblems.one(
            path.name,
            f"a file that cannot be opened ({error.strerror})",
            "a readable file",
            "check its permissions",
        ) from error
    raise InputProblems.one(
        path.name,
        f"a file that ends in {path.suffix or 'nothing'}",
        _KINDS,
        "save it in one of these formats",
    )


def check_columns(file: str, held: list[str], wanted: tuple[str, ...]) -> None:
    """Raises InputProblems when a wanted column is not there, or there twice; names the nearest."""
    problems = []
    for column in dict.fromkeys(wanted):
        if held.count(column) > 1:
            problems.append(
                Problem(
                    ERROR,
                    file,
                    "two columns of this name",
                    "each column once",
                    "rename or remove one",
                    1,
                    column,
                )
            )
        elif column not in held:
            near = get_close_matches(column, held, n=1, cutoff=0.6)
            todo = f"write {near[0]}" if near else "choose one of the file's columns"
            problems.append(
                Problem(ERROR, file, "no such column", f"one of {', '.join(held[:30])}", todo, 1, column)
            )
    if problems:
        raise InputProblems(problems)


def _parquet(path: Path, columns: tuple[str, ...]) -> pa.Table:
    import pyarrow.parquet as parquet

    try:
        file = parquet.ParquetFile(path)
    except pa.ArrowInvalid as error:
        raise InputProblems.one(
            path.name,
            "a file that is not Parquet, or not whole",
            "a whole Parquet file",
            "export or copy it again",
        ) from error
    check_columns(path.name, file.schema_arrow.names, columns)
    return file.read(columns=list(dict.fromkeys(columns)))


def _excel(path: Path, columns: tuple[str, ...]) -> pa.Table:
    from zipfile import BadZipFile

    from openpyxl import load_workbook

    try:
        sheet = load_workbook(path, read_only=True, data_only=True).worksheets[0]
    except (BadZipFile, KeyError, ValueError, EOFError) as error:
        raise InputProblems.one(
            path.name, "a file that is not an Excel workbook", "an .xlsx workbook", "save it again as .xlsx"
        ) from error
    rows = sheet.iter_rows(values_only=True)
    header = ["" if cell is None else str(cell).strip() for cell in next(rows, ())]
    check_columns(path.name, header, columns)
    places = {column: header.index(column) for column in columns}
    kept: dict[str, list[str | None]] = {column: [] for column in columns}
    for row in rows:  # empty rows too, so that a problem is named by the row that a person sees
        for column, place in places.items():
            kept[column].append(_written(row[place] if place < len(row) else None))
    return pa.table({column: pa.array(values, pa.string()) for column, values in kept.items()})


def _written(cell: object) -> str | None:
    """A cell as people see it: 5.0 is 5, an empty one is missing."""
    if cell is None or cell == "":
        return None
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _csv(path: Path, columns: tuple[str, ...]) -> pa.Table:
    _check_text(path)
    connection = connect()
    connection.execute("SET preserve_insertion_order = true")  # rows are named by their place in the file
    place = "'" + str(path).replace("'", "''") + "'"
    options = "header = true, all_varchar = true, store_rejects = true, rejects_limit = 0, nullstr = ''"
    scan = f"read_csv({place}, {options})"
    try:
        named = [row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {scan}").fetchall()]
        held = _header(connection, path, place)
        check_columns(path.name, held, columns)
        names = ", ".join(
            f"{_quoted(named[held.index(column)])} AS {_quoted(column)}" for column in dict.fromkeys(columns)
        )
        table = connection.sql(f"SELECT {names} FROM {scan}").to_arrow_table()
        rejects = connection.execute(
            "SELECT line, MIN(error_type::VARCHAR) FROM reject_errors GROUP BY line ORDER BY line"
        ).fetchall()
    except duckdb.Error as error:
        reason = str(error).splitlines()[0][:160]
        found = f"a file that cannot be read as a table ({reason})"
        allowed = "a header line, then rows with as many columns"
        raise InputProblems.one(path.name, found, allowed, "export it again as CSV") from error
    if rejects:
        found = "a line with another number of columns than the header"
        raise InputProblems(
            [
                Problem(ERROR, path.name, found, f"{len(held)} columns", "mend the line", line)
                for line, _ in rejects[:_LISTED]
            ]
        )
    if table.num_rows == 0:
        raise InputProblems.one(path.name, "a header without rows", "at least one row", "export it again")
    return table


def _header(connection: duckdb.DuckDBPyConnection, path: Path, place: str) -> list[str]:
    """The first line as it is written; the engine would give the second column of a name another one."""
    found = connection.execute(f"SELECT Delimiter FROM sniff_csv({place}, header = true)").fetchall()[0][0]
    delimiter = found if len(found) == 1 else ","  # a table of one column has none
    with _opened(path) as stream:
        text = io.TextIOWrapper(stream, "utf-8-sig", newline="")
        return [cell.strip() for cell in next(csv.reader(text, delimiter=delimiter))]


def _opened(path: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path) if path.name.lower().endswith(".gz") else path.open("rb"))


def _quoted(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _check_text(path: Path) -> None:
    """That the bytes are whole UTF-8 text."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    try:
        with _opened(path) as stream:
            while chunk := stream.read(_CHUNK):
                if b"\x00" in chunk:
                    raise InputProblems.one(
                        path.name,
                        "bytes that are not text",
                        "a CSV file in UTF-8",
                        "export it again as CSV (UTF-8)",
                    )
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise InputProblems.one(
            path.name, "text that is not UTF-8", "a CSV file in UTF-8", "save it again as CSV UTF-8"
        ) from error
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise InputProblems.one(
            path.name, "a damaged or cut-off gzip archive", "a whole archive", "export or copy it again"
        ) from error
