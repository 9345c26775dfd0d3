"""Ways to read what a test has written."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

import duckdb
import openpyxl

from evenground.model import Problem
from evenground.sources import files

Rows = list[tuple[object, ...]]


def written(folder: Path, name: str, content: str | bytes) -> Path:
    """A file; gives its path."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def packed(path: Path, members: dict[str, str | bytes]) -> Path:
    """A zip archive; gives its path."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def workbook(path: Path, sheets: dict[str, Sequence[Sequence[object]]]) -> Path:
    """An .xlsx workbook; gives its path."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def read(
    path: Path, columns: Sequence[str] | None = None, layout: files.Layout = files.AS_FOUND
) -> tuple[files.Loaded | None, Rows, list[Problem]]:
    """What is loaded of the one file at `path`, its rows with their numbers, and the problems."""
    place = files.open_place(path)
    assert len(place.entries) == 1, place
    with duckdb.connect() as connection:
        loaded, problems = files.load(connection, place.entries[0], "held", columns, layout)
        rows = connection.execute("SELECT * FROM held ORDER BY row").fetchall() if loaded else []
    return loaded, rows, [*place.problems, *problems]


def errors(problems: Sequence[Problem]) -> list[tuple[int | None, str]]:
    """Row and finding of the errors."""
    return [(problem.row, problem.found) for problem in problems if problem.severity == "error"]
