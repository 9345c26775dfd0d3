"""Excel workbooks, new (.xlsx) and old (.xls): their sheets, row by row, the cells as people see them."""

from __future__ import annotations

import datetime as dt
import io
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any
from zipfile import is_zipfile

from evenground.sources.files import limits
from evenground.sources.files.heading import Row
from evenground.sources.files.trouble import Unreadable, foreign
from evenground.sources.files.zipped import directory

OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NEW = b"PK\x03\x04"
_BROKEN = ("a file that is not an Excel workbook, or not whole", "an Excel workbook (.xlsx, .xls)")
_WHOLE = 1e15  # beyond, a number in a cell has no exact last digit
_ROWS = 1 << 20  # of a sheet


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, whether people see it, and its rows, each with its number, the cells as text."""

    name: str
    is_seen: bool
    rows: Callable[[], Iterator[Row]]


@contextmanager
def sheets_of(path: Path) -> Iterator[Sequence[Sheet]]:
    """The sheets of a workbook. Raises Unreadable, also while rows are read."""
    with path.open("rb") as file:
        is_old = file.read(8) == OLD
        with foreign(*_BROKEN):
            close, sheets = _old(path) if is_old else _new(path, file)
        try:
            yield sheets
        finally:
            close()


def _new(path: Path, file: IO[bytes]) -> tuple[Callable[[], None], list[Sheet]]:
    from openpyxl import load_workbook

    if not is_zipfile(path):
        raise Unreadable(*_BROKEN)
    directory(path)  # a workbook is an archive, and may be a bomb
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of pictures, printers' settings and the like, which are not read
        book = load_workbook(file, read_only=True, data_only=True)

    def rows(sheet: Any) -> Iterator[Row]:
        sheet.reset_dimensions()  # what a sheet says of its own size is often wrong
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield from _counted(tuple(map(_written, cells)) for cells in sheet.iter_rows(values_only=True))

    return book.close, [
        Sheet(sheet.title, sheet.sheet_state == "visible", partial(rows, sheet)) for sheet in book.worksheets
    ]


def _old(path: Path) -> tuple[Callable[[], None], list[Sheet]]:
    import xlrd

    book = xlrd.open_workbook(path, on_demand=True, logfile=io.StringIO())

    def rows(sheet: Any) -> Iterator[Row]:
        return _counted(
            [_written(_value(xlrd, book, cell)) for cell in sheet.row(row)] for row in range(sheet.nrows)
        )

    sheets = [book.sheet_by_index(place) for place in range(book.nsheets)]
    return book.release_resources, [
        Sheet(sheet.name, sheet.visibility == 0, partial(rows, sheet)) for sheet in sheets
    ]


def _value(xlrd: Any, book: Any, cell: Any) -> object:
    if cell.ctype == xlrd.XL_CELL_DATE:
        return xlrd.xldate_as_datetime(cell.value, book.datemode)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(cell.value, "#ERROR")
    return None if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK) else cell.value


def _counted(rows: Iterable[Sequence[str | None]]) -> Iterator[Row]:
    cells, number = 0, 0
    with foreign(*_BROKEN):
        for number, row in enumerate(rows, 1):
            cells += len(row)
            if number > _ROWS or cells > limits.CELLS:
                raise Unreadable(
                    "a sheet without end", f"at most {_ROWS:,} rows", "save the table as CSV UTF-8"
                )
            yield number, row


def _written(cell: object) -> str | None:
    """A cell as people see it: 5.0 is 5, a day has no time, an empty one is missing."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _WHOLE:
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ")
    return str(cell)
