"""Any file to a table: by its ending, and by what its first bytes are where the two agree."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path

import duckdb

from evenground.engine import quoted
from evenground.model import ERROR, WARNING, Problem
from evenground.sources.files.columnar import open_parquet
from evenground.sources.files.faults import torn_in
from evenground.sources.files.heading import name_of
from evenground.sources.files.json_rows import cell_of, objects, open_json
from evenground.sources.files.layout import AS_FOUND, Found, Layout, Loaded, Preview
from evenground.sources.files.opening import Opened, stage
from evenground.sources.files.place import Entry
from evenground.sources.files.sheet import chosen_sheet, open_sheet
from evenground.sources.files.stream import opened as opened_bytes
from evenground.sources.files.text import open_text, read_head
from evenground.sources.files.trouble import Unreadable, unopened
from evenground.sources.files.workbook import NEW, OLD
from evenground.storage import private_folder

TEXT = (".csv", ".tsv", ".txt", ".tab")
ENDINGS = (*TEXT, ".xlsx", ".xlsm", ".xls", ".parquet", ".json", ".jsonl", ".ndjson")
"""What the name of a file that can be read ends in; `.gz` may follow."""
KINDS = "a CSV (.csv, .tsv, .txt, also .gz), Excel (.xlsx, .xls), Parquet or JSON file"
EMPTY = "a header without rows"


@contextmanager
def open_table(
    entry: Entry, layout: Layout = AS_FOUND, wanted: Collection[str] = (), scratch: Path | None = None
) -> Iterator[tuple[Opened | None, list[Problem]]]:
    """An entry as an SQL source, for as long as the block lasts, and what is wrong with it so far.

    For those who cast while they read (`opening.stage` runs their query); others take `load`. `wanted` are
    names that help to find the header.
    """
    problems: list[Problem] = []
    with _place_for_copies(scratch) as private:
        found = None
        try:
            found = _open(entry, layout, wanted, private, problems)
        except Unreadable as trouble:
            problems.append(trouble.problem(entry.name))
        except OSError as error:
            problems.append(unopened(error).problem(entry.name))
        yield found, problems


def load(
    connection: duckdb.DuckDBPyConnection,
    entry: Entry,
    table: str,
    columns: Sequence[str] | None = None,
    layout: Layout = AS_FOUND,
    scratch: Path | None = None,
) -> tuple[Loaded | None, list[Problem]]:
    """Loads a file into `connection` as the view `table`: `row`, and the columns that are asked for, as text.

    `columns` are names as the file writes them (None: all of them; the second of one name becomes
    `name (2)`, one without a name `column 7`). Only they are kept. `row` is the row as a person sees it in
    the file: empty lines, line ends in quotes and titles above the table do not shift it. What is wrong comes
    back as problems, all at once: with an error about the whole file there is no table (None), with torn rows
    the table holds the others. `scratch` is where private files may lie as long as this runs.
    """
    with open_table(entry, layout, columns or (), scratch) as (opened, problems):
        if opened is None:
            return None, problems
        chosen = _choose(opened, columns, problems)
        if chosen is None:
            return None, problems
        names = ", ".join(f"c{place} AS {quoted(name)}" for name, place in chosen.items())
        query = f"SELECT {names} FROM {opened.source}"
        try:
            rows, torn = stage(connection, opened, query, f"{table} cells", table)
        except duckdb.Error:
            problems.extend(torn_in(entry, opened))
            return None, problems
        problems.extend(torn)
        if rows == 0 and not torn:
            row = opened.found.header_rows[1] or None
            problems.append(Problem(ERROR, entry.name, EMPTY, "at least one row", "export it again", row))
        header, found_out = opened.header, opened.found
        return Loaded(entry.name, opened.sha256, table, header, tuple(chosen), rows, found_out), problems


def preview(
    entry: Entry, layout: Layout = AS_FOUND, rows: int = 10, columns: Collection[str] = ()
) -> tuple[Preview | None, list[Problem]]:
    """The columns' names and the first rows of a file, of which only the start is read.

    `columns` are names that help to find the header.
    """
    try:
        with private_folder() as private:
            return _preview(entry, layout, rows, columns, private), []
    except Unreadable as trouble:
        return None, [trouble.problem(entry.name)]
    except OSError as error:
        return None, [unopened(error).problem(entry.name)]


@contextmanager
def _place_for_copies(scratch: Path | None) -> Iterator[Path]:
    """A folder for copies in UTF-8, which hold what the file holds: within `scratch`, or private itself."""
    if scratch is None:
        with private_folder() as private:
            yield private
    else:
        with tempfile.TemporaryDirectory(dir=scratch, ignore_cleanup_errors=True) as within:
            yield Path(within)


def _open(
    entry: Entry, layout: Layout, wanted: Collection[str], scratch: Path, problems: list[Problem]
) -> Opened:
    kind = _kind(entry)
    if kind == "parquet":
        return open_parquet(entry, scratch)
    if kind == "excel":
        return open_sheet(entry, layout, wanted, scratch, problems)
    if kind == "json":
        return open_json(entry, scratch)
    return open_text(entry, layout, wanted, scratch, problems)


def _kind(entry: Entry) -> str:
    ending = entry.ending
    if ending not in ENDINGS:
        found = f"a file that ends in {ending or 'nothing'}"
        raise Unreadable(found, KINDS, "save it in one of these formats")
    with opened_bytes(entry) as stream:
        start = stream.read(8)
    if not start:
        raise Unreadable("an empty file", "a header and at least one row", "export it again or remove it")
    if ending == ".parquet":
        return "parquet"
    if ending in (".json", ".jsonl", ".ndjson"):
        return "json"
    # Downloads named .xls are often plain text, which spreadsheets open without a word.
    if ending in TEXT or (ending == ".xls" and not start.startswith((NEW, OLD))):
        return "text"
    return "excel"


def _choose(opened: Opened, columns: Sequence[str] | None, problems: list[Problem]) -> dict[str, int] | None:
    """The name in the table and the place of each column to be loaded."""
    if columns is None:
        return _all(opened, problems)
    wrong = list(missing(opened.name, opened.header, columns, opened.found.header_rows[1] or None))
    problems.extend(wrong)
    if wrong:
        return None
    chosen: dict[str, int] = {}
    for column in dict.fromkeys(columns):
        _put(chosen, column, opened.header.index(name_of(column)))
    return chosen


def missing(file: str, header: Sequence[str], columns: Sequence[str], row: int | None) -> Iterator[Problem]:
    """An error for each column that is not there, or there twice; the nearest name is told."""
    for column in dict.fromkeys(columns):
        name = name_of(column)
        if header.count(name) > 1:
            found, allowed = "two columns of this name", "each column once"
            yield Problem(ERROR, file, found, allowed, "rename or remove one", row, column)
        elif name not in header:
            near = get_close_matches(name, header, n=1, cutoff=0.6)
            todo = f"write {near[0]}" if near else "choose one of the file's columns"
            allowed = f"one of {', '.join(header[:30])}"
            yield Problem(ERROR, file, "no such column", allowed, todo, row, column)


def _all(opened: Opened, problems: list[Problem]) -> dict[str, int]:
    chosen: dict[str, int] = {}
    for place, name in enumerate(opened.header):
        put = _put(chosen, name or f"column {place + 1}", place)
        if name and name in opened.header[:place]:
            row = opened.found.header_rows[1] or None
            found, todo = "two columns of this name", f"nothing; the second is called {put}"
            problems.append(Problem(WARNING, opened.name, found, "each column once", todo, row, name))
    return chosen


def _put(chosen: dict[str, int], name: str, place: int) -> str:
    """Adds a column under a name that the engine can tell from the others (case does not count) and `row`."""
    taken = {"row", *(other.lower() for other in chosen)}
    free, count = name, 2
    while free.lower() in taken:
        free, count = f"{name} ({count})", count + 1
    chosen[free] = place
    return free


def _preview(entry: Entry, layout: Layout, rows: int, columns: Collection[str], private: Path) -> Preview:
    kind = _kind(entry)
    if kind == "text":
        head, encoding = read_head(entry, layout, columns)
        found = Found("text", head.heading.rows, encoding, head.delimiter)
        body = [(row, tuple(cells)) for row, cells in head.body if any(cells)]
        return Preview(entry.name, head.heading.names, tuple(body[:rows]), found)
    if kind == "excel":
        with chosen_sheet(entry, layout, columns, private) as chosen:
            heading = chosen.heading
            body = [(row, tuple(cells)) for row, cells in chosen.rows if row > heading.last and any(cells)]
            found = Found("excel", heading.rows, sheet=chosen.sheet.name)
            return Preview(entry.name, heading.names, tuple(body[:rows]), found)
    if kind == "json":
        first = []
        for item in objects(entry):
            first.append(item)
            if len(first) >= max(rows, 100):
                break
        keys = tuple(dict.fromkeys(key for item in first for key in item))
        told = [(place, tuple(cell_of(item.get(key)) for key in keys)) for place, item in enumerate(first, 1)]
        return Preview(entry.name, keys, tuple(told[:rows]), Found("json", (0, 0), "UTF-8"))
    found_parquet = open_parquet(entry, private)
    with duckdb.connect() as connection:
        query = f"SELECT * FROM {found_parquet.source} LIMIT {rows}"
        try:
            listed = connection.execute(query).fetchall()
        except duckdb.Error as error:
            raise Unreadable("a Parquet file that cannot be read", "a whole Parquet file") from error
    numbered = tuple((place, tuple(cells)) for place, cells in enumerate(listed, 2))
    return Preview(entry.name, found_parquet.header, numbered, found_parquet.found)
