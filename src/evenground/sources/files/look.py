"""One look at every byte of a text: its letters, its rows, and what of them is blank, void or broken."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evenground.sources.files import limits
from evenground.sources.files.encoding import Letters
from evenground.sources.files.head import Head
from evenground.sources.files.heading import Row, notes_below
from evenground.sources.files.plain import Plain, chunks_of
from evenground.sources.files.records import (
    Block,
    Cells,
    Endless,
    blank_rows,
    blocks,
    careful_blocks,
    line_ends,
    void_rows,
)
from evenground.sources.files.trouble import Unreadable


@dataclass
class Looked:
    """What one look at every byte has shown."""

    letters: Letters = field(default_factory=Letters)
    zeros: list[int] = field(default_factory=list)
    blank: list[NDArray[np.int64]] = field(default_factory=list)
    void: list[NDArray[np.int64]] = field(default_factory=list)
    headers: list[int] = field(default_factory=list)
    rows: int = 0
    line_ends: int = 0
    long_line_ends: int = 0
    quotes_in_order: bool = True
    sha256: str = ""


def look(plain: Plain, head: Head) -> Looked:
    """One pass over the bytes; a second, careful one where quotes are not in order."""
    looked = Looked()
    digest = hashlib.sha256()
    chunks = chunks_of(plain.path)

    def passing() -> Iterator[bytes]:
        for chunk in chunks:
            digest.update(chunk)
            looked.letters.feed(chunk)
            yield chunk

    try:
        for block in blocks(passing()):
            _look_at(block, head, looked)
    except Endless:
        looked.quotes_in_order = False
        for _ in passing():
            pass
    looked.sha256 = digest.hexdigest()
    if not looked.quotes_in_order:
        looked.zeros, looked.blank, looked.void, looked.headers, looked.rows = [], [], [], [], 0
        looked.line_ends = looked.long_line_ends = 0
        for block in careful(plain.path, head):
            _look_at(block, head, looked)
    return looked


def careful(path: Path, head: Head) -> Iterator[Block]:
    """The rows of a text whose quotes are not in order, cut one by one."""
    with path.open("rb") as file:
        yield from careful_blocks(iter(lambda: file.readline(limits.RECORD), b""), Cells(head.delimiter))


def _look_at(block: Block, head: Head, looked: Looked) -> None:
    looked.rows = block.first + len(block.ends) - 1
    long, all_ends = line_ends(block)
    looked.line_ends, looked.long_line_ends = looked.line_ends + all_ends, looked.long_line_ends + long
    looked.blank.append(blank_rows(block))
    looked.void.append(void_rows(block, head.delimiter))
    if b"\0" in block.data:
        torn = int(np.searchsorted(block.ends, block.data.index(b"\0")))
        looked.zeros.append(torn + block.first)
    looked.headers.extend(_headers(block, head))
    if len(block.folded):
        cells = Cells(head.delimiter)
        starts = block.starts
        for place in block.folded.tolist():
            row = block.data[starts[place] : block.ends[place]].removesuffix(b"\r")
            looked.quotes_in_order = looked.quotes_in_order and cells.cut(row)[1]


def _headers(block: Block, head: Head) -> Iterator[int]:
    """Rows that are the heading a second time. One of a few letters may well be a value."""
    if len(head.raw) <= 3:
        return
    for found in re.finditer(rb"\n" + re.escape(head.raw) + rb"(?=\r?(?:\n|\Z))", block.data):
        place = int(np.searchsorted(block.ends, found.start())) + 1
        begins = found.start() == block.ends[place - 1]  # not a line within a cell
        if begins and block.first + place > head.heading.last:
            yield block.first + place


def mixed(path: Path) -> Unreadable:
    """Where the bytes stop being UTF-8: the first row."""
    for block in blocks(chunks_of(path)):
        try:
            block.data.decode()
        except UnicodeDecodeError as error:
            row = block.first + int(np.searchsorted(block.ends, error.start))
            break
    else:
        row = 1
    found = "characters that are not UTF-8, among others that are, or that no text has"
    return Unreadable(found, "one encoding in the whole file", "save it as CSV UTF-8", row)


def check_zeros(looked: Looked) -> None:
    """Raises Unreadable where there are bytes that no text has."""
    if looked.zeros:
        found = "bytes that are not text"
        raise Unreadable(found, "text: no byte zero in it", "export it again as CSV UTF-8", looked.zeros[0])


def first_note(path: Path, head: Head, looked: Looked) -> int | None:
    """The first row of the notes under the table, from the last lines of the text."""
    size = path.stat().st_size
    start = max(size - limits.TAIL, 0)
    tail = b"".join(chunks_of(path, start))
    lines = tail.split(b"\n")[1 if start else 0 :]
    if lines and not lines[-1]:
        del lines[-1]
    cells = Cells(head.delimiter)
    rows: list[Row] = []
    for place, line in enumerate(reversed(lines)):
        cut, sound = cells.cut(line.removesuffix(b"\r"))
        row = looked.rows - place
        if not sound or row <= head.heading.last:
            break
        rows.insert(0, (row, cut))
        if len(rows) > limits.HEAD_ROWS or sum(map(bool, cut)) > 1:
            break
    return notes_below(rows, head.width)
