"""The table that every measure of segregation reads: how many students of each group each unit has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from evenground.measures.estimate import Floats, floats, quiet, seen_error

Labels = npt.NDArray[Any]
Index = npt.NDArray[np.int64]

INDEPENDENT = "everybody is counted; chance: students came to the units independently of each other"


@dataclass(frozen=True)
class Table:
    """Students by group and unit; units and groups without students are left out.

    counts   shape (groups, units), so that a sum over groups runs along memory
    units, groups   the labels, sorted
    """

    counts: Floats
    units: Labels
    groups: Labels

    @property
    def n(self) -> float:
        """All students."""
        return float(self.counts.sum())

    @property
    def by_unit(self) -> Floats:
        return np.asarray(self.counts.sum(axis=0))

    @property
    def by_group(self) -> Floats:
        return np.asarray(self.counts.sum(axis=1))


def table(count: npt.ArrayLike, unit: npt.ArrayLike, group: npt.ArrayLike) -> Table:
    """Counts in long form, one row a unit and group, as a table; rows of one unit and group are summed.

    A unit and group without a row has no students. Raises ValueError where a count is negative or missing:
    what is hidden is not 0; `bounds` takes counts that are known within limits.
    """
    counts, (unit_codes, group_codes), (units, groups) = coded(count, unit, group)
    cells = floats(
        np.bincount(group_codes * units.size + unit_codes, weights=counts, minlength=units.size * groups.size)
    )
    return without_empty(Table(cells.reshape(groups.size, units.size), units, groups))


def coded(count: npt.ArrayLike, *labels: npt.ArrayLike) -> tuple[Floats, list[Index], list[Labels]]:
    """The checked counts, and for each column of labels a number a row and the sorted labels."""
    counts = floats(count).ravel()
    columns = [np.asarray(column).ravel() for column in labels]
    for column in columns:
        if column.size != counts.size:
            raise ValueError(
                f"{counts.size} counts and {column.size} labels; give a unit and a group for each count"
            )
    if wrong := int(np.count_nonzero(~(counts >= 0))):
        raise ValueError(
            f"{wrong} of {counts.size} counts are negative or missing; give how many students there are,"
            " and to bounds what is known of the hidden ones"
        )
    found = [np.unique(column, return_inverse=True) for column in columns]
    return counts, [codes.astype(np.int64) for _, codes in found], [names for names, _ in found]


def without_empty(full: Table) -> Table:
    """The table without units and groups that have no students."""
    some_unit, some_group = full.by_unit > 0, full.by_group > 0
    if some_unit.all() and some_group.all():
        return full
    counts = full.counts[some_group][:, some_unit]
    return Table(np.ascontiguousarray(counts), full.units[some_unit], full.groups[some_group])


@quiet
def xlogx(values: npt.ArrayLike) -> Floats:
    """x ln x, 0 at 0."""
    x = floats(values)
    return np.asarray(x * np.log(np.where(x > 0, x, 1.0)))


DOWN = "the bias of small units is not taken off; the interval reaches down by it"


def standard_error(counts: Floats, gradient: Floats) -> float:
    """Of an index that only shares decide, by the delta method: the root of sum n_c (d index / d n_c)^2.

    Students fall into the cells c as by independent draws; the mean of such a gradient over students is 0.
    NaN where it is 0: all units alike, or no unit mixed, which the delta method would call certain.
    """
    return float(seen_error(np.sqrt(np.sum(counts * gradient**2))))
