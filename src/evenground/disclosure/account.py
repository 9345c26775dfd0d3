"""What protection hid, counted: by reason, by level, measure, dimension and year, by place. Private.

To tell the cells hidden first from those hidden to protect them would undo the work, so nothing of this may
be published. It is pure counting of what `protect` answers.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pyarrow as pa

from evenground.model import ALL, HIDDEN, KEYS, LEVELS, VALUE, group_dimensions

FIRST = ("few_students", "few_reached", "few_not_reached", "changed")
"""Reasons of the cells themselves."""
OTHERS = ("protects", "table")
"""Reasons that lie in other cells."""
REASONS = (*FIRST, "source", *OTHERS)

_PLACES = 10
_LARGEST = 10
_QUARTERS = 4


class Cell(NamedTuple):
    """One hidden cell: model.KEYS and its true number of students."""

    indicator: str
    unit_level: str
    unit_id: str
    period: str
    group: str
    n: float


@dataclass(frozen=True)
class Line:
    """Cells of one row of a table: how many are shown, and how many are hidden for which reason."""

    key: tuple[str, ...]
    shown: int
    hidden: Mapping[str, int]

    @property
    def first(self) -> int:
        return sum(self.hidden.get(reason, 0) for reason in FIRST)

    @property
    def source(self) -> int:
        return self.hidden.get("source", 0)

    @property
    def others(self) -> int:
        return sum(self.hidden.get(reason, 0) for reason in OTHERS)

    @property
    def cells(self) -> int:
        """Those with a number, shown or hidden."""
        return self.shown + sum(self.hidden.values())


@dataclass(frozen=True)
class Quarter:
    """A quarter of the schools by size: between how many students they have, and their cells."""

    smallest: float
    largest: float
    schools: int
    line: Line


@dataclass(frozen=True)
class Account:
    """`places`: (unit level, unit id, indicator) where most was hidden to protect others beyond what was
    hidden first. `largest`: groups hidden only to protect others, largest first. `students`: the sum of the
    students of all such cells; a student counts once in each. `smallest`: the schools of the first quarter.
    """

    whole: Line
    level: tuple[Line, ...]
    indicator: tuple[Line, ...]
    dimension: tuple[Line, ...]
    period: tuple[Line, ...]
    places: tuple[Line, ...]
    quarters: tuple[Quarter, ...]
    smallest: frozenset[tuple[str, str]]
    largest: tuple[Cell, ...]
    students: float


def account(cells: pa.Table, protected: pa.Table, why: Sequence[str]) -> Account:
    """What was hidden of `cells` (true, model.CELLS), given the `protected` ones and `why`, one a row of
    them (see Protection.why).
    """
    keys = list(zip(*(protected[name].to_pylist() for name in KEYS), strict=True))
    states = [
        reason or (VALUE if state == VALUE else "source" if state == HIDDEN else "")
        for reason, state in zip(why, protected["state"].to_pylist(), strict=True)
    ]
    n = dict(
        zip(
            zip(*(cells[name].to_pylist() for name in KEYS), strict=True),
            (float(number or 0.0) for number in cells["n"].to_pylist()),
            strict=True,
        )
    )
    dimensions = {group: "+".join(group_dimensions(group)) or ALL for group in {key[4] for key in keys}}
    for_others = [
        Cell._make((*key, n.get(key, 0.0)))
        for key, state in zip(keys, states, strict=True)
        if state in OTHERS
    ]
    places = _lines([(key[1], key[2], key[0]) for key in keys], states)
    crowded = sorted(
        (line for line in places if line.others), key=lambda line: (line.first - line.others, line.key)
    )
    schools = _sizes(n)
    return Account(
        whole=next(iter(_lines([()] * len(keys), states)), Line((), 0, {})),
        level=tuple(
            sorted(_lines([key[1:2] for key in keys], states), key=lambda line: LEVELS.index(line.key[0]))
        ),
        indicator=_lines([key[:1] for key in keys], states),
        dimension=_lines([(dimensions[key[4]],) for key in keys], states),
        period=tuple(sorted(_lines([key[3:4] for key in keys], states), key=lambda line: line.key)),
        places=tuple(crowded[:_PLACES]),
        quarters=_quarters(keys, states, schools),
        smallest=frozenset((LEVELS[-1], unit) for unit in list(schools)[: len(schools) // _QUARTERS]),
        largest=tuple(sorted(for_others, key=lambda cell: (-cell.n, cell))[:_LARGEST]),
        students=sum(cell.n for cell in for_others),
    )


def _lines(keys: Sequence[tuple[str, ...]], states: Sequence[str]) -> tuple[Line, ...]:
    """A line a key, in the order in which keys are met; cells without any number are left out."""
    found: defaultdict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for key, state in zip(keys, states, strict=True):
        if state:
            found[key][state] += 1
    return tuple(
        Line(key, counts[VALUE], {reason: counts[reason] for reason in REASONS if counts[reason]})
        for key, counts in found.items()
    )


def _sizes(n: Mapping[tuple[str, ...], float]) -> dict[str, float]:
    """School -> its students, the smallest first: the most that any measure counts in any year."""
    size: defaultdict[str, float] = defaultdict(float)
    for (_, level, unit, _, group), students in n.items():
        if level == LEVELS[-1] and group == ALL:
            size[unit] = max(size[unit], students)
    return {unit: size[unit] for unit in sorted(size, key=lambda unit: (size[unit], unit))}


def _quarters(
    keys: Sequence[tuple[str, ...]], states: Sequence[str], size: Mapping[str, float]
) -> tuple[Quarter, ...]:
    """Schools in four parts by size."""
    ordered = list(size)
    if len(ordered) < _QUARTERS:
        return ()
    part = {unit: place * _QUARTERS // len(ordered) for place, unit in enumerate(ordered)}
    rows = [row for row, key in enumerate(keys) if key[1] == LEVELS[-1] and key[2] in part]
    lines = {
        line.key: line
        for line in _lines([(str(part[keys[row][2]]),) for row in rows], [states[row] for row in rows])
    }
    found = []
    for quarter in range(_QUARTERS):
        schools = [unit for unit in ordered if part[unit] == quarter]
        line = lines.get((str(quarter),), Line((str(quarter),), 0, {}))
        found.append(Quarter(size[schools[0]], size[schools[-1]], len(schools), line))
    return tuple(found)
