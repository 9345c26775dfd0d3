"""What is known about a file, said by a person (`Layout`) or found in it (`Found`)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Layout:
    """What the reader shall take for given. Everything that is None is found out.

    `delimiter` is one character; `encoding` a name of `encoding.NAMES`; `sheet` the name of a sheet; `header`
    the row of the columns' names as a spreadsheet counts it, or the first and the last of several rows.
    """

    delimiter: str | None = None
    header: int | tuple[int, int] | None = None
    sheet: str | None = None
    encoding: str | None = None

    @property
    def header_rows(self) -> tuple[int, int] | None:
        return (self.header, self.header) if isinstance(self.header, int) else self.header


AS_FOUND = Layout()
"""Nothing is taken for given."""


@dataclass(frozen=True)
class Found:
    """How a file is written. `header_rows` are the first and last row of the columns' names."""

    format: str
    """text, excel, parquet or json"""
    header_rows: tuple[int, int] = (1, 1)
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None


@dataclass(frozen=True)
class Loaded:
    """A file as a table (a view) in the connection: `row` as a person sees it in the file, and `columns`.

    `header` is every column name as it is written (blanks and line ends in it made one blank), in the file's
    order. `columns` are those that were loaded, all VARCHAR; an empty cell is NULL. `sha256` is of the file's
    bytes as they lie in their folder or archive.
    """

    name: str
    sha256: str
    table: str
    header: tuple[str, ...]
    columns: tuple[str, ...]
    rows: int
    found: Found


@dataclass(frozen=True)
class Preview:
    """The start of a file: its columns' names and its first rows as (row, cells); no more of it was read."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str | None, ...]], ...]
    found: Found
