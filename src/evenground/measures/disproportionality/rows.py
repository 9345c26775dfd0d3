"""Rows of a table of outcomes by group: each once, nobody counted who is not enrolled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.columns import equal_length, not_larger, not_negative
from evenground.measures.estimate import Floats, Ints, Texts


@dataclass(frozen=True)
class Rows:
    """Checked columns: `count` with the outcome of `enrolled`, and the numbers of unit and group."""

    count: Floats
    enrolled: Floats
    unit: Ints
    group: Ints
    units: Texts
    groups: Texts

    def dense(self, column: Floats) -> Floats:
        """A column as (units, groups); NaN where a unit has no row for a group."""
        table = np.full((self.units.size, self.groups.size), np.nan)
        table[self.unit, self.group] = column
        return table


def read(
    count: npt.ArrayLike, enrolled: npt.ArrayLike, group: npt.ArrayLike, unit: npt.ArrayLike | None
) -> Rows:
    """Rows of one outcome: each group once in a unit, an outcome never larger than its group.

    `unit` None is one unit. Raises ValueError for counts below 0, an outcome larger than the group, and a
    group in two rows of one unit: taken apart, each of the two rows would have the other's students among
    those whom it is compared with.
    """
    equal_length(count=count, enrolled=enrolled, group=group, unit=group if unit is None else unit)
    had, people = not_negative(count=count, enrolled=enrolled)
    not_larger(had, people)
    places = np.zeros(had.size, dtype=np.int64) if unit is None else np.asarray(unit)
    units, in_unit = np.unique(places.astype(str), return_inverse=True)
    groups, in_group = np.unique(np.asarray(group).astype(str), return_inverse=True)
    refuse_twice(in_unit * groups.size + in_group, "a group twice in one place")
    return Rows(had, people, in_unit, in_group, units, groups)


def refuse_twice(keys: npt.NDArray[np.int64], what: str) -> None:
    """Raise ValueError where a key stands in more than one row."""
    _, first, times = np.unique(keys, return_index=True, return_counts=True)
    if (times > 1).any():
        row = int(first[times > 1][0])
        raise ValueError(
            f"{what}: {int((times > 1).sum())} keys stand in more than one row, the first in row {row}; "
            "merge such rows before"
        )
