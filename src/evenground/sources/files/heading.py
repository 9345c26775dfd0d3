"""Where in a file the names of the columns stand, and what above and below a table is no part of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from statistics import median_low

from evenground.model import Problem
from evenground.sources.files import limits
from evenground.sources.files.layout import Layout
from evenground.sources.files.trouble import Unreadable, note

Row = tuple[int, Sequence[str | None]]
"""A row as a person counts it, and its cells."""

_NUMBER = re.compile(r"[$€ ]*[-+(]?[$€ ]*[.,]?\d[\d.,]* ?[%)]?")
_LONGEST_NUMBER = 40
_MOST_HEADER_ROWS = 3
_DATA_SEEN = 10


@dataclass(frozen=True)
class Heading:
    """The rows of the columns' names, first and last, and the names: one a column, blanks made one blank."""

    first: int
    last: int
    names: tuple[str, ...]

    @property
    def rows(self) -> tuple[int, int]:
        return self.first, self.last


def find_heading(rows: Sequence[Row], wanted: Collection[str], layout: Layout) -> Heading:
    """The heading of a table whose first rows are `rows`. Raises Unreadable where there is none.

    It is what the layout says; else the first row that is as full as the rows of the table are; where that
    one lacks a wanted name and another row has all of them, it is the other one. Lines of a title have one
    cell or few. A row of names over groups of columns belongs to the row under it.
    """
    heading = _find(rows, wanted, layout)
    for place, name in enumerate(heading.names, 1):
        if len(name) > limits.NAME:
            found = f"a name of {len(name):,} letters over column {place}"
            todo = "look for a quote that is not closed"
            raise Unreadable(found, f"at most {limits.NAME:,} letters", todo, heading.last)
    return heading


def _find(rows: Sequence[Row], wanted: Collection[str], layout: Layout) -> Heading:
    if layout.header_rows is not None:
        return _told(rows, layout.header_rows)
    place = _first_full(rows)
    if place is None:
        raise Unreadable(
            "a file without column names", "column names in the first row", "add the row of names", 1
        )
    found = _heading(rows, place, _depth(rows, place))
    if wanted and not _holds(found.names, wanted):
        others = (_heading(rows, other, 1) for other in range(len(rows)))
        return next((other for other in others if _holds(other.names, wanted)), found)
    return found


def name_of(cell: str | None) -> str:
    """A column's name as it is compared: blanks and line ends inside are one blank."""
    return " ".join((cell or "").replace("\ufeff", "").split())


def notes_below(rows: Sequence[Row], width: int) -> int | None:
    """The first row of the notes under a table whose last rows are `rows`; None where there are none.

    A note is a sentence in the first cell of a row that is otherwise empty. A row that is cut off, of which
    only the first cell is left, is not a note: it follows the table without a row between.
    """
    first, place = None, len(rows)
    while place and _is_note(rows[place - 1][1], width):
        place -= 1
    for at in range(place, len(rows)):
        row, cells = rows[at]
        padded, apart = len(cells) >= width, any(not _filled(cells) for _, cells in rows[place:at])
        if _filled(cells) and (padded or apart):
            first = row if first is None else first
        elif _filled(cells):
            first = None
    return first if place else None


def told_around(name: str, heading: Heading, below: int | None, last: int) -> Iterator[Problem]:
    """Says which rows above the heading and under the table were not read."""
    allowed = "nothing above the column names and nothing under the table"
    if heading.first > 1:
        found = (
            f"{heading.first - 1} rows above the column names"
            if heading.first > 2
            else "a row above the column names"
        )
        yield note(name, found, allowed, "nothing; they were not read", heading.first)
    if below is not None:
        found = f"notes under the table, rows {below} to {last}" if last > below else "a note under the table"
        yield note(name, found, allowed, "nothing; they were not read", below)


def is_filled(cell: str | None) -> bool:
    return bool(cell and cell.strip())


def _filled(cells: Sequence[str | None]) -> int:
    return sum(map(is_filled, cells))


def _is_note(cells: Sequence[str | None], width: int) -> bool:
    filled = _filled(cells)
    if filled == 0:
        return True
    text = (cells[0] or "").strip()
    sentence = bool(re.search(r"[^\W\d]", text)) and (" " in text or text.startswith("*"))
    return width > 2 and filled == 1 and sentence


def _first_full(rows: Sequence[Row]) -> int | None:
    counts = [_filled(cells) for _, cells in rows]
    several = [count for count in counts if count > 1]
    least = max(1, median_low(several) // 4) if several else 0
    place = next((place for place, count in enumerate(counts) if count > least), None)
    if place and _is_data(rows[place][1]):  # then the names stand above, and many columns have none
        return next((above for above, count in enumerate(counts[:place]) if count > 1), place)
    return place


def _is_data(cells: Sequence[str | None]) -> bool:
    return sum(map(_is_number, cells)) > _filled(cells) / 2


def _depth(rows: Sequence[Row], place: int) -> int:
    depth = 1
    while depth < _MOST_HEADER_ROWS and _names_over_names(rows, place + depth - 1):
        depth += 1
    return depth


def _names_over_names(rows: Sequence[Row], place: int) -> bool:
    """Whether the row at `place` names groups of columns and the next one the columns, with numbers below."""
    data = [cells for _, cells in rows[place + 2 : place + 2 + _DATA_SEEN] if _filled(cells) > 1]
    if not data or rows[place + 1][0] != rows[place][0] + 1:
        return False
    over, under = rows[place][1], rows[place + 1][1]
    last = max((at for at, cell in enumerate(over) if is_filled(cell)), default=0)
    spanned = [
        at for at, cell in enumerate(under)
        if is_filled(cell) and (at >= len(over) or not is_filled(over[at])) and any(map(is_filled, over[:at]))
    ]  # fmt: skip
    if not spanned or _filled(under) <= len(under) // 2 or any(map(_is_number, under)):
        return False
    numbers = [at for at in range(len(under)) if _is_column_of_numbers(data, at)]
    return any(is_filled(under[at]) for at in numbers) and (last > 0 or len(spanned) > 0)


def _is_column_of_numbers(data: Sequence[Sequence[str | None]], at: int) -> bool:
    cells = [row[at] for row in data if at < len(row) and is_filled(row[at])]
    return bool(cells) and all(map(_is_number, cells))


def _is_number(cell: str | None) -> bool:
    return bool(cell and len(cell) <= _LONGEST_NUMBER and _NUMBER.fullmatch(cell.strip()))


def _heading(rows: Sequence[Row], place: int, depth: int) -> Heading:
    chosen = rows[place : place + depth]
    return Heading(chosen[0][0], chosen[-1][0], _joined([cells for _, cells in chosen]))


def _told(rows: Sequence[Row], told: tuple[int, int]) -> Heading:
    chosen = [cells for row, cells in rows if told[0] <= row <= told[1]]
    if not chosen or not any(map(_filled, chosen)):
        found = f"no column names in row {told[0]}, where the layout says that they are"
        raise Unreadable(found, "the row of the columns' names", "correct the layout", told[0])
    return Heading(*told, _joined(chosen))


def _joined(rows: Sequence[Sequence[str | None]]) -> tuple[str, ...]:
    """`Hispanic,,White,` over `n,pct,n,pct` -> `Hispanic n`, `Hispanic pct`, `White n`, `White pct`."""
    width = max(len(cells) for cells in rows)
    names = [[name_of(cell) for cell in (*cells, *[None] * (width - len(cells)))] for cells in rows]
    for upper in names[:-1]:
        for at in range(1, width):
            upper[at] = upper[at] or (upper[at - 1] if names[-1][at] else "")
    return tuple(
        " ".join(dict.fromkeys(part for part in parts if part)) for parts in zip(*names, strict=True)
    )


def _holds(names: Sequence[str], wanted: Collection[str]) -> bool:
    return set(map(name_of, wanted)) <= set(names)
