"""Tables in text: made plain UTF-8, looked at once from start to end, handed to the engine's own reader."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from evenground.model import Problem
from evenground.sources.files import limits
from evenground.sources.files.delimiter import DELIMITERS, check_delimiter, find_delimiter
from evenground.sources.files.encoding import NAMES, UTF_8, Letters, named, transcoded, wide
from evenground.sources.files.heading import Heading, Row, find_heading, is_filled, notes_below, told_around
from evenground.sources.files.kind import check_text
from evenground.sources.files.layout import Found, Layout
from evenground.sources.files.opening import Opened, literal, location
from evenground.sources.files.place import Entry
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
from evenground.sources.files.stream import CHUNK, copy, opened, sha256
from evenground.sources.files.trouble import Unreadable, note


@dataclass(frozen=True)
class Plain:
    """A text in UTF-8 on disk: the entry's own file where it is that, else a private copy."""

    path: Path
    encoding: str
    is_own: bool


@dataclass(frozen=True)
class Head:
    """The start of a text: its delimiter, its heading and its first rows; `size` is where its data begin."""

    delimiter: str
    heading: Heading
    rows: tuple[Row, ...]
    width: int
    raw: bytes

    @property
    def body(self) -> Iterator[Row]:
        return ((row, cells) for row, cells in self.rows if row > self.heading.last)


@dataclass
class _Looked:
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


def read_head(entry: Entry, layout: Layout, wanted: Collection[str]) -> tuple[Head, str]:
    """The head of a text and its encoding; reads no more than the start. Raises Unreadable."""
    sample, whole = _start(entry)
    check_text(sample)
    encoding = named(layout.encoding) if layout.encoding else wide(sample)
    if encoding in (None, UTF_8):
        letters = Letters()
        letters.feed(sample if whole else sample[: sample.rfind(b"\n") + 1])
        encoding = UTF_8 if layout.encoding or letters.is_utf8() else letters.eight_bit() or UTF_8
    text = sample.decode(encoding, "replace").removeprefix("\ufeff").encode()
    return _head(text, whole, layout, wanted), NAMES[encoding]


def open_text(
    entry: Entry, layout: Layout, wanted: Collection[str], scratch: Path, problems: list[Problem]
) -> Opened:
    """A text as a source for the engine. Private copies are made in `scratch` only where they are needed.

    Raises Unreadable; what is wrong with single rows and what has to be said is added to `problems`.
    """
    sample, _ = _start(entry)
    check_text(sample)
    plain = _plain(entry, layout, sample, scratch)
    head = _head_of(plain.path, layout, wanted)
    looked = _look(plain, head)
    if not looked.letters.is_utf8():
        encoding = None if plain.encoding != UTF_8 or layout.encoding else looked.letters.eight_bit()
        if encoding is None:
            raise _mixed(plain.path, looked)
        plain = _transcode(plain.path, encoding, scratch)
        head = _head_of(plain.path, layout, wanted)
        looked = _look(plain, head)
    _check_zeros(looked)
    problems.extend(_told(entry.name, plain.encoding, head, looked))
    return _opened(entry, plain, head, looked, scratch, problems)


def _start(entry: Entry) -> tuple[bytes, bool]:
    """The first bytes, more of them where the first row is long; and whether that is all."""
    with opened(entry) as stream:
        start = _read(stream.read, limits.HEAD)
        if len(start) == limits.HEAD and b"\n" not in start and b"\r" not in start:
            start += _read(stream.read, limits.RECORD)
        if not start.strip(codecs.BOM_UTF8 + b" \t\r\n\0"):
            allowed = "a first row with the column names and a row for every record"
            raise Unreadable("an empty file", allowed, "export it again or remove it")
        return start, not stream.read(1)


def _read(read: Callable[[int], bytes], size: int) -> bytes:
    found = b""
    while len(found) < size and (chunk := read(size - len(found))):
        found += chunk
    return found


def _plain(entry: Entry, layout: Layout, sample: bytes, scratch: Path) -> Plain:
    path, is_own = entry.path, True
    if entry.member is not None or entry.is_packed:
        path, is_own = scratch / "unpacked", False
        copy(entry, path)
    encoding = named(layout.encoding) if layout.encoding else wide(sample)
    if encoding not in (None, UTF_8):
        return _transcode(path, str(encoding), scratch)
    if b"\n" not in sample and b"\r" in sample:
        lines = scratch / "lines"
        _write(lines, (chunk.replace(b"\r", b"\n") for chunk in _chunks(path)))
        return Plain(lines, UTF_8, False)
    return Plain(path, UTF_8, is_own)


def _transcode(path: Path, encoding: str, scratch: Path) -> Plain:
    to = scratch / "transcoded"
    _write(to, transcoded(path, encoding))
    return Plain(to, encoding, False)


def _chunks(path: Path, start: int = 0) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(start)
        while chunk := file.read(CHUNK):
            yield chunk


def _write(path: Path, chunks: Iterable[bytes]) -> None:
    with path.open("wb") as out:
        for chunk in chunks:
            out.write(chunk)


def _head_of(path: Path, layout: Layout, wanted: Collection[str]) -> Head:
    with path.open("rb") as file:
        text = file.read(limits.HEAD)
        if b"\n" not in text:
            text += file.read(limits.RECORD)
        whole = not file.read(1)
    return _head(text.removeprefix(codecs.BOM_UTF8), whole, layout, wanted)


def _head(text: bytes, whole: bool, layout: Layout, wanted: Collection[str]) -> Head:
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


def _look(plain: Plain, head: Head) -> _Looked:
    """One pass over the bytes; a second, careful one where quotes are not in order."""
    looked = _Looked()
    digest = hashlib.sha256()
    chunks = _chunks(plain.path)

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
        for block in _careful(plain.path, head):
            _look_at(block, head, looked)
    return looked


def _careful(path: Path, head: Head) -> Iterator[Block]:
    with path.open("rb") as file:
        yield from careful_blocks(iter(lambda: file.readline(limits.RECORD), b""), Cells(head.delimiter))


def _look_at(block: Block, head: Head, looked: _Looked) -> None:
    looked.rows = block.first + len(block.ends) - 1
    long, all_ends = line_ends(block)
    looked.line_ends, looked.long_line_ends = looked.line_ends + all_ends, looked.long_line_ends + long
    looked.blank.append(blank_rows(block))
    looked.void.append(void_rows(block, head.delimiter))
    if b"\0" in block.data:
        torn = int(np.searchsorted(block.ends, block.data.index(b"\0")))
        looked.zeros.append(torn + block.first)
    if len(head.raw) > 3 and (at := block.data.find(b"\n" + head.raw)) >= 0:
        place = int(np.searchsorted(block.ends, at)) + 1
        if place < len(block.ends) and block.first + place > head.heading.last:
            start = block.ends[place - 1] + 1
            if block.data[start : block.ends[place]].removesuffix(b"\r") == head.raw:
                looked.headers.append(block.first + place)
    if len(block.folded):
        cells = Cells(head.delimiter)
        starts = block.starts
        for place in block.folded.tolist():
            row = block.data[starts[place] : block.ends[place]].removesuffix(b"\r")
            looked.quotes_in_order = looked.quotes_in_order and cells.cut(row)[1]


def _mixed(path: Path, looked: _Looked) -> Unreadable:
    """Where the bytes stop being UTF-8: the first row."""
    for block in blocks(_chunks(path)):
        try:
            block.data.decode()
        except UnicodeDecodeError as error:
            row = block.first + int(np.searchsorted(block.ends, error.start))
            break
    else:
        row = 1
    found = "characters that are not UTF-8, among others that are, or that no text has"
    return Unreadable(found, "one encoding in the whole file", "save it as CSV UTF-8", row)


def _check_zeros(looked: _Looked) -> None:
    if looked.zeros:
        found = "bytes that are not text"
        raise Unreadable(found, "text: no byte zero in it", "export it again as CSV UTF-8", looked.zeros[0])


def _told(name: str, encoding: str, head: Head, looked: _Looked) -> Iterator[Problem]:
    if encoding != UTF_8:
        found = f"text in {NAMES[encoding]}"
        yield note(name, found, "text in UTF-8", "nothing, where letters with accents look right")
    for row in looked.headers[: limits.LISTED]:
        found = "the columns' names a second time"
        yield Problem("error", name, found, "one header, in front of the rows", "remove the row", row)


def _opened(
    entry: Entry, plain: Plain, head: Head, looked: _Looked, scratch: Path, problems: list[Problem]
) -> Opened:
    first = head.heading.last + 1
    void = _after(looked.void, first)
    blank = _after(looked.blank, first)
    if head.width == 1:
        void = np.union1d(void, blank)
    below = _notes(plain.path, head, looked)
    problems.extend(told_around(entry.name, head.heading, below, looked.rows))
    source, is_copy = plain.path, False
    gone = np.union1d(void, blank)
    if below is not None:
        gone = np.union1d(gone, np.arange(below, looked.rows + 1))
    mixed_ends = 0 < looked.long_line_ends < looked.line_ends  # which the engine's reader does not take
    if head.heading.rows != (1, 1) or len(void) or below is not None or mixed_ends:
        source, is_copy = scratch / "records", True
        records = _records(plain.path, head, looked, first, gone)
        _write(source, (piece.replace(b"\r\n", b"\n") for piece in records) if mixed_ends else records)
    return Opened(
        name=entry.name,
        sha256=looked.sha256 if plain.is_own else sha256(entry),
        header=head.heading.names,
        found=Found("text", head.heading.rows, NAMES[plain.encoding], head.delimiter),
        source=_scan(source, head, rejects := f"rejects_{uuid4().hex}", is_copy),
        first=first,
        skipped=gone,
        rejects=rejects,
        is_copy=is_copy,
    )


def _after(rows: list[NDArray[np.int64]], first: int) -> NDArray[np.int64]:
    found = np.concatenate([np.zeros(0, np.int64), *rows])
    return found[found >= first]


def _notes(path: Path, head: Head, looked: _Looked) -> int | None:
    """The first row of the notes under the table, from the last lines of the text."""
    size = path.stat().st_size
    start = max(size - limits.TAIL, 0)
    tail = b"".join(_chunks(path, start))
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


def _records(path: Path, head: Head, looked: _Looked, first: int, gone: NDArray[np.int64]) -> Iterator[bytes]:
    """The records alone, without what stands above, between and below them."""
    found = blocks(_chunks(path)) if looked.quotes_in_order else _careful(path, head)
    for block in found:
        rows = np.arange(len(block.ends)) + block.first
        kept = (rows >= first) & ~np.isin(rows, gone)
        if kept.all():
            yield block.data
            continue
        edges = np.flatnonzero(np.diff(np.concatenate([[False], kept, [False]]).astype(np.int8)))
        starts = block.starts
        for begin, end in zip(edges[0::2].tolist(), edges[1::2].tolist(), strict=True):
            yield block.data[starts[begin] : block.ends[end - 1] + 1]


def _scan(path: Path, head: Head, rejects: str, is_copy: bool) -> str:
    """The engine's reader gets positions for names, so that no odd name confuses it."""
    types = ", ".join(f"c{place}: 'VARCHAR'" for place in range(head.width))
    return (
        f"read_csv({location(path)}, auto_detect = false, header = {str(not is_copy).lower()}"
        f", delim = {literal(head.delimiter)}, quote = '\"', escape = '\"', nullstr = '', strict_mode = true"
        f", columns = {{{types}}}, store_rejects = true, rejects_limit = 0, compression = 'none'"
        f", rejects_table = '{rejects}', rejects_scan = '{rejects}_scans')"
    )


__all__ = ["DELIMITERS", "Head", "open_text", "read_head"]
