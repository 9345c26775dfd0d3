"""How a table of numbers is set: no column without a number, what has no number told once for neighbours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from evenground.press import Html, Words, element, framed, join

_LONG, _FITS = 12, 7
"""Heads stay in sight above more rows than this, where there are so few columns that nothing scrolls."""


@dataclass(frozen=True)
class Note:
    """Words in the place of a number: why there is none."""

    words: Words


Cell = Html | str | Words | Note


@dataclass(frozen=True)
class Line:
    """A row: its name, and what stands in each column. A single note stands across all of them."""

    name: Words
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Part:
    """Rows that belong together, under a heading of their own where they have one."""

    heading: Words | None
    lines: Sequence[Line]


def grid(
    key: str, caption: Words, heads: Sequence[Words], parts: Iterable[Part], class_: str | None = None
) -> Html:
    """The table. `heads` starts with the column of names; a column in which nothing stands is left out.
    Where no line has a number, the first column stays for the notes."""
    parts = [part for part in parts if part.lines]
    lines = [line for part in parts for line in part.lines]
    full = [line.cells for line in lines if not _noted(line)]
    used = [at for at in range(len(heads) - 1) if any(_said(cells[at]) for cells in full)]
    if not used and any(_noted(line) for line in lines):
        used = [0]
    shown = [heads[0], *(heads[at + 1] for at in used)]
    head = element("thead", element("tr", [element("th", text, scope="col") for text in shown]))
    bodies = [element("tbody", _heading(part), _rows(part, used)) for part in parts]
    long = len(lines) > _LONG and len(shown) <= _FITS
    return framed(key, caption, head, bodies, class_=class_, long=long)


def _heading(part: Part) -> Html:
    if part.heading is None:
        return join()
    return element("tr", element("th", part.heading, scope="rowgroup"))


def _rows(part: Part, used: Sequence[int]) -> list[Html]:
    rows = []
    for line in part.lines:
        cells = list(line.cells) * len(used) if _noted(line) else [line.cells[at] for at in used]
        rows.append(element("tr", element("th", line.name, scope="row"), _cells(cells)))
    return rows


def _cells(cells: Sequence[Cell]) -> list[Html]:
    """Neighbours with the same note share one cell."""
    found: list[Html] = []
    for cell, same in groupby(cells):
        many = len(list(same))
        if isinstance(cell, Note):
            found.append(element("td", cell.words, class_="no", colspan=str(many) if many > 1 else None))
        else:
            found += [element("td", cell)] * many
    return found


def _noted(line: Line) -> bool:
    return len(line.cells) == 1 and isinstance(line.cells[0], Note)


def _said(cell: Cell) -> bool:
    return bool(cell.words if isinstance(cell, Note) else cell)
