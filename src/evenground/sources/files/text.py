"""Tables in text: made plain UTF-8, looked at once from start to end, handed to the engine's own reader."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from evenground.engine import literal
from evenground.model import Problem
from evenground.sources.files import limits
from evenground.sources.files.encoding import NAMES, UTF_8, Letters, named, wide
from evenground.sources.files.head import Head, head_in, head_of
from evenground.sources.files.heading import told_around
from evenground.sources.files.kind import check_text
from evenground.sources.files.layout import Found, Layout
from evenground.sources.files.look import Looked, careful, check_zeros, first_note, look, mixed
from evenground.sources.files.opening import Opened, location
from evenground.sources.files.place import Entry
from evenground.sources.files.plain import Plain, chunks_of, made_plain, start_of, transcode, write
from evenground.sources.files.records import blocks
from evenground.sources.files.stream import sha256
from evenground.sources.files.trouble import note


def read_head(entry: Entry, layout: Layout, wanted: Collection[str]) -> tuple[Head, str]:
    """The head of a text and its encoding; reads no more than the start. Raises Unreadable."""
    sample, whole = start_of(entry)
    check_text(sample)
    encoding = named(layout.encoding) if layout.encoding else wide(sample)
    if encoding in (None, UTF_8):
        letters = Letters()
        letters.feed(sample if whole else sample[: sample.rfind(b"\n") + 1])
        encoding = UTF_8 if layout.encoding or letters.is_utf8() else letters.eight_bit() or UTF_8
    text = sample.decode(encoding, "replace").removeprefix("\ufeff").encode()
    return head_in(text, whole, layout, wanted), NAMES[encoding]


def open_text(
    entry: Entry, layout: Layout, wanted: Collection[str], scratch: Path, problems: list[Problem]
) -> Opened:
    """A text as a source for the engine. Private copies are made in `scratch` only where they are needed.

    Raises Unreadable; what is wrong with single rows and what has to be said is added to `problems`.
    """
    sample, _ = start_of(entry)
    check_text(sample)
    plain = made_plain(entry, layout, sample, scratch)
    head = head_of(plain.path, layout, wanted)
    looked = look(plain, head)
    if not looked.letters.is_utf8():
        encoding = None if plain.encoding != UTF_8 or layout.encoding else looked.letters.eight_bit()
        if encoding is None:
            raise mixed(plain.path)
        plain = transcode(plain.path, encoding, scratch)
        head = head_of(plain.path, layout, wanted)
        looked = look(plain, head)
    check_zeros(looked)
    problems.extend(_told(entry.name, plain.encoding, head, looked))
    return _opened(entry, plain, head, looked, scratch, problems)


def _told(name: str, encoding: str, head: Head, looked: Looked) -> Iterator[Problem]:
    if encoding != UTF_8:
        found = f"text in {NAMES[encoding]}"
        yield note(name, found, "text in UTF-8", "nothing, where letters with accents look right")
    for row in looked.headers[: limits.LISTED]:
        found = "the columns' names a second time"
        yield Problem("error", name, found, "one header, in front of the rows", "remove the row", row)


def _opened(
    entry: Entry, plain: Plain, head: Head, looked: Looked, scratch: Path, problems: list[Problem]
) -> Opened:
    first = head.heading.last + 1
    void = _after(looked.void, first)
    blank = _after(looked.blank, first)
    if head.width == 1:
        void = np.union1d(void, blank)
    below = first_note(plain.path, head, looked)
    problems.extend(told_around(entry.name, head.heading, below, looked.rows))
    source, is_copy = plain.path, False
    gone = np.union1d(void, blank)
    if below is not None:
        gone = np.union1d(gone, np.arange(below, looked.rows + 1))
    mixed_ends = 0 < looked.long_line_ends < looked.line_ends  # which the engine's reader does not take
    if head.heading.rows != (1, 1) or len(void) or below is not None or mixed_ends:
        source, is_copy = scratch / "records", True
        records = _records(plain.path, head, looked, first, gone)
        write(source, (piece.replace(b"\r\n", b"\n") for piece in records) if mixed_ends else records)
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


def _records(path: Path, head: Head, looked: Looked, first: int, gone: NDArray[np.int64]) -> Iterator[bytes]:
    """The records alone, without what stands above, between and below them."""
    found = blocks(chunks_of(path)) if looked.quotes_in_order else careful(path, head)
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
