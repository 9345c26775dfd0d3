"""The table in a workbook: the sheet it is on, where it begins and where it ends."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from evenground.model import ERROR, Problem
from evenground.sources.files import limits
from evenground.sources.files.heading import Heading, Row, find_heading, is_filled, notes_below, told_around
from evenground.sources.files.layout import Found, Layout
from evenground.sources.files.opening import Opened
from evenground.sources.files.place import Entry
from evenground.sources.files.rowfile import write_rows
from evenground.sources.files.stream import copy, sha256
from evenground.sources.files.trouble import Unreadable, note
from evenground.sources.files.workbook import Sheet, sheets_of


@dataclass(frozen=True)
class Chosen:
    """The sheet with the table, its heading and its first rows; `others` are further sheets with tables."""

    sheet: Sheet
    heading: Heading
    rows: tuple[Row, ...]
    others: tuple[str, ...]


@contextmanager
def chosen_sheet(entry: Entry, layout: Layout, wanted: Collection[str], scratch: Path) -> Iterator[Chosen]:
    """The sheet that is read: the layout's; else the first with every wanted name, or with a table.

    Raises Unreadable.
    """
    path = entry.path
    if entry.member is not None or entry.is_packed:
        path = scratch / "unpacked"
        copy(entry, path)
    with sheets_of(path) as sheets:
        yield _choose(sheets, layout, wanted)


def open_sheet(
    entry: Entry, layout: Layout, wanted: Collection[str], scratch: Path, problems: list[Problem]
) -> Opened:
    """A workbook's table as a source for the engine, by way of a private file. Raises Unreadable."""
    with chosen_sheet(entry, layout, wanted, scratch) as chosen:
        heading = chosen.heading
        width = max((at + 1 for at, name in enumerate(heading.names) if name), default=1)
        kept = _Kept(entry.name, heading, width)
        source = write_rows(scratch / "rows.parquet", width, kept.records(chosen.sheet.rows()))
    problems.extend(kept.problems)
    problems.extend(told_around(entry.name, heading, kept.below, kept.last))
    if chosen.others:
        found = f"further sheets with tables: {', '.join(chosen.others)}"[:300]
        allowed = f"one table; the sheet {chosen.sheet.name} was read"
        problems.append(note(entry.name, found, allowed, "name the sheet in the layout if it is another one"))
    return Opened(
        name=entry.name,
        sha256=sha256(entry),
        header=heading.names[:width],
        found=Found("excel", heading.rows, sheet=chosen.sheet.name),
        source=source,
        first=heading.last + 1,
        skipped=np.array(kept.skipped, np.int64),
        is_copy=True,
    )


class _Kept:
    """The records of a sheet, and what is left out between and below them."""

    def __init__(self, name: str, heading: Heading, width: int):
        self._name, self._heading, self._width = name, heading, width
        self.skipped: list[int] = []
        self.problems: list[Problem] = []
        self.below: int | None = None
        self.last = 0

    def records(self, rows: Iterator[Row]) -> Iterator[Sequence[str | None]]:
        held: list[Row] = []  # blank rows and possible notes, until a full row follows
        for row, cells in rows:
            if row <= self._heading.last:
                continue
            if sum(map(is_filled, cells)) > 1 or self._width < 3:
                yield from self._let_go(held)
                held = []
            held.append((row, [*cells, *[None] * (self._width - len(cells))]))
            self.last = row
            if len(held) > limits.HEAD_ROWS:
                yield from self._let_go(held)
                held = []
        self.below = below = notes_below(held, self._width)
        yield from self._let_go([row for row in held if below is None or row[0] < below])

    def _let_go(self, rows: list[Row]) -> Iterator[Sequence[str | None]]:
        for row, cells in rows:
            if not any(map(is_filled, cells)):
                self.skipped.append(row)
                continue
            if any(map(is_filled, cells[self._width :])):
                self._tell(
                    "a row with more cells than there are column names",
                    "name the column, or empty the cell",
                    row,
                )
            yield cells[: self._width]

    def _tell(self, found: str, todo: str, row: int) -> None:
        if len(self.problems) < limits.LISTED:
            self.problems.append(Problem(ERROR, self._name, found, "as many columns as names", todo, row))


def _choose(sheets: Sequence[Sheet], layout: Layout, wanted: Collection[str]) -> Chosen:
    names = [sheet.name for sheet in sheets]
    if layout.sheet is not None:
        sheets = [sheet for sheet in sheets if sheet.name.strip() == layout.sheet.strip()]
        if not sheets:
            found = f"no sheet {layout.sheet[:60]}"
            raise Unreadable(found, f"one of {', '.join(names)}"[:300], "correct the layout")
    else:
        sheets = [sheet for sheet in sheets if sheet.is_seen] or sheets
    tables = []
    trouble = Unreadable("a workbook without a table", "column names and rows", "export it again")
    for sheet in sheets:
        rows = _first(sheet)
        try:
            heading = find_heading([row for row in rows if any(map(is_filled, row[1]))], wanted, layout)
        except Unreadable as error:
            trouble = error if layout.header else trouble
            continue
        if layout.sheet is not None or len(heading.names) > 1 or len(sheets) == 1:
            tables.append((sheet, heading, rows))
    if not tables:
        raise trouble
    full = [table for table in tables if wanted and set(wanted) <= set(table[1].names)]
    sheet, heading, found_rows = (full or tables)[0]
    others = [other.name for other, _, rows in (full or tables)[1:] if len(rows) > 1]
    return Chosen(sheet, heading, tuple(found_rows), tuple(others))


def _first(sheet: Sheet) -> list[Row]:
    rows: list[Row] = []
    for row in sheet.rows():
        rows.append(row)
        if len(rows) == limits.HEAD_ROWS:
            break
    return rows
