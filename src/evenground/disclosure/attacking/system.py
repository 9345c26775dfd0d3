"""The outsider's book as matrices: equations, orders and bounds over the unknown counts.

Part of the attack: it imports nothing from the rooms that hide.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import linprog

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

NEAR = 1e-6
_PASSES = 20  # of the bounds through all equations
_BATCH = 2_000  # unknowns up to which blocks that nothing links are solved as one
_PRESOLVED = 20_000  # unknowns from which HiGHS's own presolve is worth its time


@dataclass(frozen=True)
class System:
    """sums @ x = totals, gaps @ x <= slack, low <= x <= high; the counts asked for are asked @ x + offset."""

    sums: sparse.csr_array
    totals: Floats
    gaps: sparse.csr_array
    slack: Floats
    low: Floats
    high: Floats
    asked: sparse.csr_array
    offset: Floats

    @property
    def rows(self) -> sparse.csr_array:
        """What links unknowns: the coefficients of all equations and orders, without their signs."""
        return abs(sparse.vstack([self.sums, self.gaps], format="csr"))

    def values(self, point: Floats) -> Floats:
        return np.asarray(self.asked @ point + self.offset)


class Rows:
    """Rows of a sparse matrix, one at a time."""

    def __init__(self, width: int):
        self.width, self.count = width, 0
        self._rows: list[int] = []
        self._columns: list[int] = []
        self._values: list[float] = []

    def add(self, entries: list[tuple[int, float]]) -> None:
        for column, value in entries:
            self._rows.append(self.count)
            self._columns.append(column)
            self._values.append(value)
        self.count += 1

    def matrix(self) -> sparse.csr_array:
        entries = (np.array(self._values, dtype=float), (self._rows, self._columns))
        return sparse.csr_array(entries, shape=(self.count, self.width))


def solve(system: System, cost: Floats, low: Floats, high: Floats) -> Floats | None:
    """The cheapest point between `low` and `high`; None where there is none."""
    found = linprog(
        cost,
        A_ub=system.gaps if system.gaps.shape[0] else None,
        b_ub=system.slack if system.gaps.shape[0] else None,
        A_eq=system.sums if system.sums.shape[0] else None,
        b_eq=system.totals if system.sums.shape[0] else None,
        bounds=np.c_[low, high],
        method="highs",
        options={"presolve": len(low) > _PRESOLVED},
    )
    return found.x if found.status == 0 else None


def only(system: System, moving: Ints, point: Floats) -> System:
    """The part of a system in which `moving` may change and all others stay at `point`; its asked counts are
    all of the system's.
    """
    sums, gaps = system.sums[:, moving], system.gaps[:, moving]
    summed, held = np.diff(sums.indptr) > 0, np.diff(gaps.indptr) > 0
    still = point.copy()
    still[moving] = 0.0
    return System(
        sums[summed],
        (system.totals - system.sums @ still)[summed],
        gaps[held],
        (system.slack - system.gaps @ still)[held],
        system.low[moving],
        system.high[moving],
        system.asked[:, moving],
        system.values(still),
    )


def rows_of(system: System, asked: Ints) -> System:
    """The same system with some of its asked counts only."""
    return replace(system, asked=system.asked[asked], offset=system.offset[asked])


def batches(system: System) -> Iterator[tuple[System, Ints, Ints]]:
    """(independent part of the system, which of the asked counts and of the unknowns are its): blocks that
    nothing links, small ones together. Asked counts without an unknown are in none.
    """
    links = sparse.vstack([system.rows, abs(system.asked)], format="csr")
    count, block = sparse.csgraph.connected_components(links.T @ links, directed=False)
    sizes = np.bincount(block, minlength=count)
    batch_of, batch, size = np.zeros(count, dtype=np.int64), 0, 0
    for number, more in enumerate(sizes.tolist()):
        if size and size + more > _BATCH:
            batch, size = batch + 1, 0
        batch_of[number], size = batch, size + more
    of_unknown = batch_of[block]
    of_sum, of_gap, of_asked = (
        _of_rows(matrix, of_unknown) for matrix in (system.sums, system.gaps, system.asked)
    )
    for number in range(batch + 1):
        columns = np.flatnonzero(of_unknown == number)
        sums, gaps, asked = (np.flatnonzero(of == number) for of in (of_sum, of_gap, of_asked))
        part = System(
            system.sums[sums][:, columns],
            system.totals[sums],
            system.gaps[gaps][:, columns],
            system.slack[gaps],
            system.low[columns],
            system.high[columns],
            system.asked[asked][:, columns],
            system.offset[asked],
        )
        yield part, asked, columns


def _of_rows(matrix: sparse.csr_array, of_unknown: Ints) -> Ints:
    """The batch of each row; -1 for a row without an unknown."""
    found = np.full(matrix.shape[0], -1)
    filled = np.diff(matrix.indptr) > 0
    found[filled] = of_unknown[matrix.indices[matrix.indptr[:-1][filled]]]
    return found


def tightened(system: System) -> System:
    """The system with the bounds of whole numbers that follow from each equation and order by itself, again
    and again.

    Where they cannot all be true (a release that contradicts itself), the system as it is.
    """
    rows = sparse.vstack([system.sums, -system.sums, system.gaps], format="csr")
    rows.eliminate_zeros()
    most = np.r_[system.totals, -system.totals, system.slack]
    row = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    column, weight = rows.indices, rows.data
    low, high = np.ceil(system.low - NEAR), np.floor(system.high + NEAR)
    for _ in range(_PASSES):
        least = np.where(weight > 0, weight * low[column], weight * high[column])  # -inf: no bound
        unbounded = np.isinf(least)
        finite = np.where(unbounded, 0.0, least)
        free = np.bincount(row, unbounded, len(most))[row] - unbounded
        left = (most - np.bincount(row, finite, len(most)))[row] + finite
        room = np.where(free > 0, np.inf, left) / np.abs(weight)
        new_low, new_high = low.copy(), high.copy()
        up = weight > 0
        np.minimum.at(new_high, column[up], np.floor(room[up] + NEAR))
        np.maximum.at(new_low, column[~up], np.ceil(-room[~up] - NEAR))
        if (new_low > new_high).any():
            return system
        if np.array_equal(new_low, low) and np.array_equal(new_high, high):
            break
        low, high = new_low, new_high
    return replace(system, low=low, high=high)


def believable(system: System) -> System:
    """The system without the equations and orders that cannot all be true, for tables that an outsider would
    take for sums, or for the same students, and that are not.
    """
    (rows, size), orders = system.sums.shape, system.gaps.shape[0]
    eye, none = sparse.eye_array(rows), sparse.csr_array((rows, orders))
    high = np.maximum(system.low, system.high)
    found = linprog(
        np.r_[np.zeros(size), np.ones(2 * rows + orders)],
        A_ub=sparse.hstack([system.gaps, sparse.csr_array((orders, 2 * rows)), -sparse.eye_array(orders)])
        if orders
        else None,
        b_ub=system.slack if orders else None,
        A_eq=sparse.hstack([system.sums, eye, -eye, none]) if rows else None,
        b_eq=system.totals if rows else None,
        bounds=np.c_[
            np.r_[system.low, np.zeros(2 * rows + orders)], np.r_[high, np.full(2 * rows + orders, np.inf)]
        ],
        method="highs",
    )
    if found.status != 0:
        return system
    point = found.x[:size]
    true = np.flatnonzero(np.abs(system.sums @ point - system.totals) <= NEAR)
    kept = np.flatnonzero(system.gaps @ point <= system.slack + NEAR)
    return replace(
        system,
        sums=system.sums[true],
        totals=system.totals[true],
        gaps=system.gaps[kept],
        slack=system.slack[kept],
        high=high,
    )
