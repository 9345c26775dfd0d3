"""The bytes of an entry, unpacked and counted while they are read; one answer to every kind of damage."""

from __future__ import annotations

import gzip
import hashlib
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, cast

from evenground.sources.files import limits
from evenground.sources.files.place import Entry
from evenground.sources.files.trouble import Unreadable, unopened
from evenground.sources.files.zipped import bomb

CHUNK = 1 << 21
_DAMAGE = (gzip.BadGzipFile, zlib.error, lzma.LZMAError, EOFError, zipfile.BadZipFile, NotImplementedError)
_OTHERS = (RuntimeError, ValueError, OverflowError, KeyError)  # what zipfile says of lists that are made up


class Stream:
    """Bytes that are read once, from the start. Raises Unreadable where they are damaged or a bomb."""

    def __init__(self, raw: IO[bytes], packed: int):
        self._raw, self._packed, self._read = raw, packed, 0

    def read(self, size: int = CHUNK) -> bytes:
        with _damage_told():
            chunk = self._raw.read(size)
        self._read += len(chunk)
        grown = self._read > limits.RATIO_FROM and self._read > limits.RATIO * self._packed
        if grown or self._read > limits.UNPACKED:
            raise bomb()
        return chunk

    def chunks(self) -> Iterator[bytes]:
        while chunk := self.read():
            yield chunk


@contextmanager
def opened(entry: Entry, unpack: bool = True) -> Iterator[Stream]:
    """The bytes of an entry: those of the text inside where it is gzip, unless `unpack` is false."""
    with ExitStack() as stack:
        with _damage_told():
            raw: IO[bytes] = stack.enter_context(entry.path.open("rb"))
            if entry.member is not None:
                archive = stack.enter_context(zipfile.ZipFile(raw))
                raw = stack.enter_context(archive.open(archive.infolist()[entry.member.index]))
            if unpack and entry.is_packed:
                raw = cast(IO[bytes], stack.enter_context(gzip.GzipFile(fileobj=raw)))
        yield Stream(raw, max(entry.path.stat().st_size, 1))


def copy(entry: Entry, to: Path, unpack: bool = True) -> None:
    """Writes the entry's bytes to a private file."""
    with opened(entry, unpack) as stream, to.open("wb") as out:
        for chunk in stream.chunks():
            out.write(chunk)


def sha256(entry: Entry) -> str:
    """The hash of the bytes as they lie in their folder or archive."""
    digest = hashlib.sha256()
    with opened(entry, unpack=False) as stream:
        for chunk in stream.chunks():
            digest.update(chunk)
    return digest.hexdigest()


@contextmanager
def _damage_told() -> Iterator[None]:
    try:
        yield
    except _DAMAGE as error:  # before OSError, which BadGzipFile is one of
        found = "a damaged or cut-off archive"
        raise Unreadable(found, "a whole archive") from error
    except OSError as error:
        raise unopened(error) from error
    except _OTHERS as error:
        raise Unreadable("an archive that cannot be unpacked", "a whole archive") from error
