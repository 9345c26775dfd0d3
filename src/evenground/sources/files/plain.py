"""A text made plain: in UTF-8, with line ends, on disk; the entry's own file where it is that already."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from evenground.sources.files import limits
from evenground.sources.files.encoding import UTF_8, named, transcoded, wide
from evenground.sources.files.layout import Layout
from evenground.sources.files.place import Entry
from evenground.sources.files.stream import CHUNK, copy, opened
from evenground.sources.files.trouble import Unreadable


@dataclass(frozen=True)
class Plain:
    """A text in UTF-8 on disk: the entry's own file where it is that, else a private copy."""

    path: Path
    encoding: str
    is_own: bool


def start_of(entry: Entry) -> tuple[bytes, bool]:
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


def made_plain(entry: Entry, layout: Layout, sample: bytes, scratch: Path) -> Plain:
    """The entry as plain text, by its start; a private copy is made in `scratch` where it is none."""
    path, is_own = entry.path, True
    if entry.member is not None or entry.is_packed:
        path, is_own = scratch / "unpacked", False
        copy(entry, path)
    encoding = named(layout.encoding) if layout.encoding else wide(sample)
    if encoding not in (None, UTF_8):
        return transcode(path, str(encoding), scratch)
    if b"\n" not in sample and b"\r" in sample:
        lines = scratch / "lines"
        write(lines, (chunk.replace(b"\r", b"\n") for chunk in chunks_of(path)))
        return Plain(lines, UTF_8, False)
    return Plain(path, UTF_8, is_own)


def transcode(path: Path, encoding: str, scratch: Path) -> Plain:
    """The text in UTF-8, in a copy in `scratch`."""
    to = scratch / "transcoded"
    write(to, transcoded(path, encoding))
    return Plain(to, encoding, False)


def chunks_of(path: Path, start: int = 0) -> Iterator[bytes]:
    """The bytes of a file from `start` on, piece by piece."""
    with path.open("rb") as file:
        file.seek(start)
        while chunk := file.read(CHUNK):
            yield chunk


def write(path: Path, chunks: Iterable[bytes]) -> None:
    """A file from its pieces."""
    with path.open("wb") as out:
        for chunk in chunks:
            out.write(chunk)
