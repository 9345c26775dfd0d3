"""Which encoding a text is in, and how it becomes UTF-8."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from evenground.sources.files.stream import CHUNK
from evenground.sources.files.trouble import Unreadable

UTF_8 = "utf-8"
NAMES = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "iso8859-1": "Latin-1",
    "cp1252": "Windows-1252",
}
"""The encodings that are read, as Python names them -> as people do."""

_UNDEFINED_IN_1252 = (0x81, 0x8D, 0x8F, 0x90, 0x9D)
# Old text is mostly plain letters. Where every third byte is above them, it is no text, or not a western one.
_MOST_HIGH_BYTES = 1 / 3


def named(name: str) -> str:
    """Python's own name of an encoding that a person named. Raises Unreadable."""
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        found = ""
    found = {"utf-8-sig": UTF_8, "utf-16": "utf-16-le", "ascii": UTF_8}.get(found, found)
    if found not in NAMES:
        allowed = ", ".join(dict.fromkeys(NAMES.values()))
        raise Unreadable(f"the encoding {name[:40]!r} in the layout", allowed, "correct the layout")
    return found


def wide(sample: bytes) -> str | None:
    """The UTF-16 that a text begins in, or None. Raises Unreadable for UTF-32."""
    if sample[:4] in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE):
        raise Unreadable("text in UTF-32", "text in UTF-8", "save it as CSV UTF-8")
    if sample[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16-le" if sample[:2] == codecs.BOM_UTF16_LE else "utf-16-be"
    start = np.frombuffer(sample[: len(sample) // 2 * 2][:4096], np.uint8)
    if start.size < 8:
        return None
    even, odd = (start[0::2] == 0).mean(), (start[1::2] == 0).mean()
    if odd > 0.6 and even < 0.1:  # of plain letters, every second byte is zero
        return "utf-16-le"
    return "utf-16-be" if even > 0.6 and odd < 0.1 else None


class Letters:
    """Looks at bytes as they pass: whether they are UTF-8, and if not, what they can be."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder(UTF_8)("strict")
        self._counts = np.zeros(256, np.int64)
        self._sound, self._torn, self._size = 0, 0, 0

    def feed(self, chunk: bytes) -> None:
        self._size += len(chunk)
        if chunk.isascii() and not self._decoder.getstate()[0]:
            return
        self._counts += np.bincount(np.frombuffer(chunk, np.uint8), minlength=256)
        try:
            self._decoder.decode(chunk)
            self._sound += 1
        except UnicodeDecodeError:
            self._decoder.reset()
            text = chunk.decode(UTF_8, "replace")
            self._torn += 1
            self._sound += len(re.findall("[^\x00-\x7f\ufffd]", text))

    def is_utf8(self) -> bool:
        """To be asked at the end."""
        try:
            self._decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            self._decoder.reset()
            self._torn += 1
        return not self._torn

    def eight_bit(self) -> str | None:
        """Windows-1252 or Latin-1 where the text can be that; None where it is mixed, or no text."""
        counts = self._counts
        controls = counts[:32].sum() - counts[[9, 10, 13]].sum() + counts[[127, *_UNDEFINED_IN_1252]].sum()
        if self._sound or controls or counts[128:].sum() > _MOST_HIGH_BYTES * self._size:
            return None
        return "cp1252" if counts[0x80:0xA0].sum() else "iso8859-1"


def transcoded(source: Path, encoding: str) -> Iterator[bytes]:
    """The text of a file as UTF-8, without a mark at its start. Raises Unreadable where bytes do not fit."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    first = True
    try:
        with source.open("rb") as file:
            while chunk := file.read(CHUNK):
                text = decoder.decode(chunk)
                yield (text.removeprefix("\ufeff") if first else text).encode()
                first = first and not text
        yield decoder.decode(b"", final=True).encode()
    except UnicodeError as error:
        found = f"bytes that are not {NAMES[encoding]}"
        raise Unreadable(found, f"text in {NAMES[encoding]}", "save it as CSV UTF-8") from error
