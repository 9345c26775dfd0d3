"""The start of a text: its delimiter, its heading, its first rows."""

from __future__ import annotations

import codecs
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from evenground.sources.files import limits
from evenground.sources.files.delimiter import check_delimiter, find_delimiter
from evenground.sources.files.heading import Heading, Row, find_heading, is_filled
from evenground.sources.files.layout import Layout
from evenground.sources.files.records import Block, Cells, Endless, blocks, careful_blocks
from evenground.sources.files.trouble import Unreadable


@dataclass(frozen=True)
class Head:
    """The start of a text: its delimiter, its heading, its first rows; `raw`: the last row of the heading."""

    delimiter: str
    heading: Heading
    rows: tuple[Row, ...]
    width: int
    raw: bytes

    @property
    def body(self) -> Iterator[Row]:
        return ((row, cells) for row, cells in self.rows if row > self.heading.last)


def head_of(path: Path, layout: Layout, wanted: Collection[str]) -> Head:
    """The head of a plain text on disk."""
    with path.open("rb") as file:
        text = file.read(limits.HEAD)
        if b"\n" not in text:
            text += file.read(limits.RECORD)
        whole = not file.read(1)
    return head_in(text.removeprefix(codecs.BOM_UTF8), whole, layout, wanted)


def head_in(text: bytes, whole: bool, layout: Layout, wanted: Collection[str]) -> Head:
    """The head in the start of a text; `whole`: that is all of it. Raises Unreadable."""
    if layout.delimiter is not None:
        check_delimiter(layout.delimiter)
    rows, folded = _first_rows(_found_blocks(text), whole)
    delimiter = layout.delimiter or find_delimiter([row for _, row in rows])
    if not all(Cells(delimiter).cut(row)[1] for row in folded):
        lines = text.splitlines(keepends=True)
        rows, _ = _first_rows(careful_blocks(lines, Cells(delimiter)), whole)
    cells = Cells(delimiter)
    cut: list[Row] = [(number, cells.cut(row)[0]) for number, row in rows]
    heading = find_heading([row for row in cut if any(map(is_filled, row[1]))], wanted, layout)
    if len(heading.names) > limits.COLUMNS:
        found = f"{len(heading.names):,} columns"
        raise Unreadable(found, f"at most {limits.COLUMNS:,}", "look for a delimiter that is written as text")
    raw = next((row for number, row in rows if number == heading.last), b"")
    width = max((len(row) for number, row in cut if heading.first <= number <= heading.last), default=1)
    return Head(delimiter, heading, tuple((n, [c or None for c in row]) for n, row in cut), width, raw)


def _found_blocks(text: bytes) -> Iterator[Block]:
    try:
        yield from blocks([text])
    except Endless:  # a row longer than a head can be: the look at the whole file tells it
        return


def _first_rows(found: Iterable[Block], whole: bool) -> tuple[list[tuple[int, bytes]], list[bytes]]:
    """The first rows, numbered, and those that are folded; a last one that may be cut off is left."""
    rows, folded = [], []
    for block in found:
        for place, (start, end) in enumerate(zip(block.starts.tolist(), block.ends.tolist(), strict=True)):
            row = block.data[start:end].removesuffix(b"\r")
            rows.append((block.first + place, row))
            if place in block.folded:
                folded.append(row)
            if len(rows) > limits.HEAD_ROWS:
                return rows[:-1], folded
    return (rows[:-1] if not whole and len(rows) > 1 else rows), folded
