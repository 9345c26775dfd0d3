"""Data frames as the language R saves them (`.rda`), for tests and the bench that read such real data.

Format: R Internals 1.8, "Serialization Formats", XDR, versions 2 and 3; what a data frame needs and no more.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import struct
from pathlib import Path
from typing import Any

import numpy as np

_OPENERS = {b"\xfd7zXZ": lzma.decompress, b"\x1f\x8b": gzip.decompress, b"BZh": bz2.decompress}
_NOTHING = {242, 251, 252, 253, 254}  # environments and marks without content, and NULL
_MISSING = -(2**31)


def read_frame(path: Path) -> dict[str, np.ndarray]:
    """Columns by name: factors as texts ("" where missing), whole numbers as floats (NaN where missing)."""
    raw = path.read_bytes()
    opener = next((how for mark, how in _OPENERS.items() if raw.startswith(mark)), bytes)
    reader = _Reader(opener(raw))
    (value, attributes), *_ = reader.top().values()
    return {name: _column(column) for name, column in zip(attributes["names"][0], value, strict=True)}


def _column(column: tuple[Any, dict[str, Any]]) -> np.ndarray:
    values, attributes = column
    if "levels" in attributes:
        levels = np.array(["", *attributes["levels"][0]], dtype=np.str_)
        return levels[np.where(values == _MISSING, 0, values)]
    if isinstance(values, np.ndarray) and values.dtype.kind == "i":
        return np.where(values == _MISSING, np.nan, values.astype(float))
    return np.asarray(values)


class _Reader:
    def __init__(self, raw: bytes) -> None:
        self.raw, self.at, self.names = raw, 0, []  # type: tuple[bytes, int, list[str]]

    def top(self) -> dict[str, Any]:
        if self.raw[:7] not in (b"RDX2\nX\n", b"RDX3\nX\n"):
            raise ValueError("not a file that R saved")
        self.at = 7
        version, *_ = self._ints(3)
        if version == 3:
            (size,) = self._ints(1)
            self.at += size
        found: dict[str, Any] = self.item()
        return found

    def _ints(self, how_many: int) -> tuple[int, ...]:
        self.at += 4 * how_many
        return struct.unpack_from(f">{how_many}i", self.raw, self.at - 4 * how_many)

    def _array(self, kind: str) -> np.ndarray:
        (size,) = self._ints(1)
        values = np.frombuffer(self.raw, kind, size, self.at)
        self.at += values.nbytes
        return values.astype(values.dtype.newbyteorder("="))

    def item(self) -> Any:
        """A value with its attributes; a pairlist is a dictionary, a symbol or a text is a text."""
        (flags,) = self._ints(1)
        kind, has_attributes, has_tag = flags & 255, bool(flags & 512), bool(flags & 1024)
        if kind in _NOTHING:
            return {}
        if kind == 1:
            self.names.append(self.item())
            return self.names[-1]
        if kind == 255:
            return self.names[(flags >> 8) - 1 if flags >> 8 else self._ints(1)[0] - 1]
        if kind == 2:
            return self._pairs(has_attributes, has_tag)
        if kind == 9:
            (size,) = self._ints(1)
            self.at += size
            return self.raw[self.at - size : self.at].decode()
        value: Any
        if kind in (10, 13):
            value = self._array(">i4")
        elif kind == 14:
            value = self._array(">f8")
        elif kind == 16:
            value = self._texts()
        elif kind == 19:
            value = [self.item() for _ in range(self._ints(1)[0])]
        elif kind == 22:  # a pointer into memory that is gone: counted among the names, with two parts
            self.names.append("")
            value = [self.item(), self.item()]
        elif kind == 238:  # a vector that R keeps in another form: its class, its state, its attributes
            return self._compact()
        else:
            raise ValueError(f"R's type {kind} is no part of a plain data frame")
        return value, self.item() if has_attributes else {}

    def _texts(self) -> list[str]:
        (how_many,) = self._ints(1)
        raw, at, values = self.raw, self.at, []
        unpack = struct.Struct(">ii").unpack_from
        for _ in range(how_many):
            _, size = unpack(raw, at)
            at += 8
            if size > 0:
                values.append(raw[at : at + size].decode())
                at += size
            else:
                values.append("")
        self.at = at
        return values

    def _pairs(self, has_attributes: bool, has_tag: bool) -> dict[str, Any]:
        pairs: dict[str, Any] = {}
        while True:
            if has_attributes:
                self.item()
            name = self.item() if has_tag else str(len(pairs))
            pairs[name] = self.item()
            (flags,) = self._ints(1)
            if flags & 255 != 2:
                return pairs
            has_attributes, has_tag = bool(flags & 512), bool(flags & 1024)

    def _compact(self) -> Any:
        self.item()
        state, attributes = self.item(), self.item()
        if isinstance(state, tuple) and len(state[0]) == 3:
            size, first, step = state[0]
            return np.arange(size) * step + first, attributes
        return state if isinstance(state, tuple) else next(iter(state.values()))
