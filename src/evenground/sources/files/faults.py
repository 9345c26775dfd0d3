"""Where a file that the engine gave up on is wrong: a slow look, for when there is something."""

from __future__ import annotations

from collections.abc import Iterator

from evenground.model import Problem
from evenground.sources.files.opening import Opened, torn_rows
from evenground.sources.files.place import Entry
from evenground.sources.files.records import Cells, careful_blocks
from evenground.sources.files.stream import opened as opened_bytes
from evenground.sources.files.trouble import Unreadable


def torn_in(entry: Entry, opened: Opened) -> list[Problem]:
    """The rows of the file that do not fit its header; or a sentence about the file where none is found."""
    found = list(torn_rows(entry.name, _torn(entry, opened))) if opened.found.delimiter else []
    if found:
        return found
    kind = (
        "a whole Parquet file"
        if opened.found.format == "parquet"
        else "rows with as many columns as the header"
    )
    return [Unreadable("a file that cannot be read to its end", kind).problem(entry.name)]


def _torn(entry: Entry, opened: Opened) -> Iterator[tuple[int, str]]:
    cells = Cells(opened.found.delimiter or ",")
    skipped = set(opened.skipped.tolist())
    for block in careful_blocks(_lines(entry), cells):
        starts, ends = block.starts.tolist(), block.ends.tolist()
        for row, (start, end) in enumerate(zip(starts, ends, strict=True), block.first):
            if row < opened.first or row in skipped:
                continue
            cut, sound = cells.cut(block.data[start:end].removesuffix(b"\r"))
            if not sound:
                yield row, "UNQUOTED VALUE"
            elif any("\r" in cell for cell in cut):
                yield row, "a line end of another kind"
            elif len(cut) != len(opened.header):
                yield row, "MISSING COLUMNS" if len(cut) < len(opened.header) else "TOO MANY COLUMNS"


def _lines(entry: Entry) -> Iterator[bytes]:
    tail = b""
    with opened_bytes(entry) as stream:
        for chunk in stream.chunks():
            *lines, tail = (tail + chunk).split(b"\n")
            yield from (line + b"\n" for line in lines)
    if tail:
        yield tail
