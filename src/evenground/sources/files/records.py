"""Where the rows of a text begin and end, found in whole blocks at once.

A row ends with a line end outside quotes; that is also how a spreadsheet counts rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evenground.sources.files import limits

_BLANKS = b' \t\r"'
_FOLDS = 50  # lines in which a quote must close, where quotes are not in order
_TOGETHER = 5_000


@dataclass(frozen=True)
class Block:
    """Whole rows: their bytes and where each ends (the place of its line end).

    `first` is the first one's row. `folded` are the places of those with line ends inside.
    """

    data: bytes
    ends: NDArray[np.int64]
    first: int
    folded: NDArray[np.int64]

    @property
    def starts(self) -> NDArray[np.int64]:
        return np.concatenate([np.zeros(1, np.int64), self.ends[:-1] + 1])[: len(self.ends)]


class Endless(Exception):
    """A row beyond the limit: a quote is left open. `row` is where it begins."""

    def __init__(self, row: int):
        super().__init__(row)
        self.row = row


def blocks(chunks: Iterable[bytes]) -> Iterator[Block]:
    """The text cut at ends of rows; quotes are taken as they stand, in pairs. Raises Endless."""
    tail, row = b"", 1
    for chunk in chunks:
        data = tail + chunk
        ends, inner = _ends(data)
        if len(ends) == 0:
            tail = data
        else:
            cut = int(ends[-1]) + 1
            tail = data[cut:]
            yield Block(data[:cut], ends, row, np.unique(np.searchsorted(ends, inner[inner < cut])))
            row += len(ends)
        if len(tail) > limits.RECORD:
            raise Endless(row)
    if tail:
        folded = np.zeros(int(b"\n" in tail), np.int64)
        yield Block(tail, np.array([len(tail)], np.int64), row, folded)


def careful_blocks(lines: Iterable[bytes], cells: Cells) -> Iterator[Block]:
    """The same where quotes also stand inside cells: a row is folded only where that mends it."""
    held: list[bytes] = []
    waiting: list[bytes] = []
    row = 1
    for line in lines:
        waiting.append(line)
        whole = b"".join(waiting)
        if b'"' in whole and len(waiting) < _FOLDS and not cells.cut(whole.rstrip(b"\r\n"))[1]:
            continue
        held.extend([whole] if len(waiting) == 1 or cells.cut(whole.rstrip(b"\r\n"))[1] else waiting)
        waiting = []
        if len(held) >= _TOGETHER:
            yield _block(held, row)
            row, held = row + len(held), []
    held.extend(waiting)
    if held:
        yield _block(held, row)


def _block(rows: list[bytes], first: int) -> Block:
    sizes = np.cumsum([len(row) for row in rows])
    open_end = not rows[-1].endswith(b"\n")
    ends = sizes - 1
    ends[-1] += open_end
    return Block(b"".join(rows), ends, first, np.zeros(0, np.int64))


def _ends(data: bytes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The line ends outside and inside quotes."""
    letters = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(letters == 10)
    if b'"' not in data:
        return ends, ends[:0]
    inside = np.searchsorted(np.flatnonzero(letters == 34), ends) % 2 == 1
    return ends[~inside], ends[inside]


def line_ends(block: Block) -> tuple[int, int]:
    """How many of the rows end as on Windows (return and new line), and how many end at all."""
    letters = np.frombuffer(block.data, np.uint8)
    ends = block.ends[(block.ends > 0) & (block.ends < len(letters))]
    return int((letters[ends - 1] == 13).sum()), len(ends)


def blank_rows(block: Block) -> NDArray[np.int64]:
    """The rows of lines with nothing in them."""
    starts, ends = block.starts, block.ends
    short = np.flatnonzero(ends - starts <= 1)
    kept = [i for i in short.tolist() if block.data[starts[i] : ends[i]] in (b"", b"\r")]
    return np.array(kept, np.int64) + block.first


def void_rows(block: Block, delimiter: str) -> NDArray[np.int64]:
    """The rows of lines that hold only delimiters, blanks and quotes."""
    letters = np.frombuffer(block.data, np.uint8)
    starts, ends = block.starts, block.ends
    nothing = np.zeros(256, bool)
    nothing[list(_BLANKS + delimiter.encode())] = True
    long = np.flatnonzero(ends > starts)
    likely = long[nothing[letters[starts[long]]]]
    likely = likely[nothing[letters[ends[likely] - 1]]]
    stripped = _BLANKS + delimiter.encode()
    kept = [
        i for i in likely.tolist()
        if not (cell := block.data[starts[i] : ends[i]]).strip(stripped) and cell != b"\r"
    ]  # fmt: skip
    return np.array(kept, np.int64) + block.first


class Cells:
    """Cuts a row into cells as the engine does: quotes stand around a cell or are letters inside it."""

    def __init__(self, delimiter: str):
        mark = re.escape(delimiter.encode())
        self._cell = re.compile(
            rb' *"(?P<quoted>(?:[^"]|"")*+)" *(?=' + mark + rb'|\Z)|(?P<plain>(?! *")[^' + mark + rb"]*+)"
        )
        self._plain = re.compile(rb"[^" + mark + rb"]*+")

    def cut(self, row: bytes) -> tuple[list[str], bool]:
        """The cells of a row (without its line end), and whether its quotes are in order."""
        cells, place, sound = [], 0, True
        while True:
            match = self._cell.match(row, place)
            if match is None:
                match, sound = self._plain.match(row, place), False
                assert match is not None  # matches the empty text
                cell = match[0]
            elif match["quoted"] is not None:
                cell = match["quoted"].replace(b'""', b'"')
            else:
                cell = match["plain"]
                sound = sound and b"\n" not in cell  # only quotes keep a line end inside a cell
            cells.append(cell.decode("utf-8", "replace"))
            place = match.end() + 1
            if place > len(row):
                return cells, sound
