"""Counts between limits: a table of which some cells are hidden, narrowed by what its totals tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from evenground.measures.estimate import Floats, floats
from evenground.measures.segregation.table import Labels, coded

_ROUNDS = 20
_SLACK = 1e-9


@dataclass(frozen=True)
class Box:
    """Lowest and highest count of each cell, shape (groups, units), and of each unit and group."""

    low: Floats
    high: Floats
    unit_low: Floats
    unit_high: Floats
    group_low: Floats
    group_high: Floats
    groups: Labels

    @property
    def hidden(self) -> int:
        """How many cells are not known exactly."""
        return int(np.count_nonzero(self.high > self.low + _SLACK))

    def row_of(self, group: Any) -> int:
        place = np.flatnonzero(self.groups == group)
        if not place.size:
            there = ", ".join(str(name) for name in self.groups)
            raise ValueError(f"no row of group {group!r}; there are rows of {there}")
        return int(place[0])


def boxed(
    low: npt.ArrayLike,
    high: npt.ArrayLike,
    unit: npt.ArrayLike,
    group: npt.ArrayLike,
    unit_total: npt.ArrayLike | None,
    group_total: npt.ArrayLike | None,
) -> Box:
    """The limits as a table; totals narrow cells and cells narrow totals until nothing more follows.

    Raises ValueError where a limit is missing or negative, low is above high, a cell has two rows, a total
    differs between rows, or limits and totals contradict each other.
    """
    lows, (units, groups), (unit_names, group_names) = coded(low, unit, group)
    highs, _, _ = coded(high, unit, group)
    if wrong := int(np.count_nonzero(lows > highs)):
        raise ValueError(f"{wrong} lowest counts are above the highest; give low <= high")
    shape = (group_names.size, unit_names.size)
    cells = groups * shape[1] + units
    if np.unique(cells).size < cells.size:
        raise ValueError("some unit and group has more than one row; give one row each")
    least, most = (
        floats(np.bincount(cells, weights=w, minlength=shape[0] * shape[1])).reshape(shape)
        for w in (lows, highs)
    )
    unit_low, unit_high = _totals(unit_total, units, shape[1], "unit")
    group_low, group_high = _totals(group_total, groups, shape[0], "group")
    for _ in range(_ROUNDS):
        was = (most - least).sum()
        unit_low, unit_high = _narrowed(unit_low, unit_high, least.sum(axis=0), most.sum(axis=0))
        group_low, group_high = _narrowed(group_low, group_high, least.sum(axis=1), most.sum(axis=1))
        least, most = _cells(least, most, unit_low, unit_high, axis=0)
        least, most = _cells(least, most, group_low[:, None], group_high[:, None], axis=1)
        if (most - least).sum() >= was - _SLACK:
            break
    if np.any(least > most + _SLACK * np.maximum(most, 1)):
        raise ValueError(
            "limits and totals contradict each other: some cell has no count that fits all of them"
        )
    return Box(least, np.maximum(most, least), unit_low, unit_high, group_low, group_high, group_names)


def _totals(
    given: npt.ArrayLike | None, codes: npt.NDArray[np.int64], size: int, what: str
) -> tuple[Floats, Floats]:
    """The known totals, as limits: 0 to infinity where none is known."""
    low, high = np.zeros(size), np.full(size, np.inf)
    if given is None:
        return low, high
    totals = floats(given).ravel()
    known = ~np.isnan(totals)
    np.maximum.at(low, codes[known], totals[known])
    np.minimum.at(high, codes[known], totals[known])
    if np.any(low > high):
        raise ValueError(f"rows of one {what} give different totals; give the same one in each")
    return low, high


def _narrowed(low: Floats, high: Floats, least: Floats, most: Floats) -> tuple[Floats, Floats]:
    return np.maximum(low, least), np.minimum(high, most)


def _cells(least: Floats, most: Floats, low: Floats, high: Floats, axis: int) -> tuple[Floats, Floats]:
    """What a total between low and high leaves for each cell, given what the others may hold."""
    all_least, all_most = least.sum(axis=axis, keepdims=True), most.sum(axis=axis, keepdims=True)
    return np.maximum(least, low - (all_most - most)), np.minimum(most, high - (all_least - least))
