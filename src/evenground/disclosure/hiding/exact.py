"""The cheapest choice of what to hide, proved, for those blocks of linked counts that are small enough.

A mixed-integer program. Each cell is hidden or not; a count is hidden when every cell that publishes it is.
For each count there is a *move* (see proof.py) of the hidden counts alone that changes it by the asked range,
upwards or downwards, if it is hidden. What is hidden of a public sum is, together, no smaller than the policy
allows.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from evenground.definitions.schema import Policy
from evenground.disclosure.hiding.linked import Bools, Floats, Ints, Linked
from evenground.disclosure.hiding.pattern import Pattern, publishers, small_sums

_MOST = 90
"""Counts and differences of a block that is solved exactly: its program has a move for each, with as many
parts as there are counts.
"""
_BLOCKS = 50
"""So many blocks at most; where there are more, the search that all large problems get is good enough."""
_REACH = 3.0  # how many times the asked range a count may go in a move
_NODES = 300  # where the search for the optimum ends, so that the answer does not depend on the clock


def hide_cheapest(problem: Linked, pattern: Pattern, cost: Floats, policy: Policy) -> None:
    """Hides what is cheapest beside the cells that are hidden already, in every block where that can be
    proved.
    """
    if policy.attacker == "own_school":
        return
    first = pattern.cells
    blocks = [cells for cells, counts in _blocks(problem) if len(counts) <= _MOST and first[cells].any()]
    for cells in blocks if len(blocks) <= _BLOCKS else ():
        part = _part(problem, cells)
        chosen = _cheapest(part, first[cells], cost[cells], policy) if len(part.value) <= _MOST else None
        for cell in cells[chosen].tolist() if chosen is not None else ():
            pattern.hide_cell(cell)


def _blocks(problem: Linked) -> list[tuple[Ints, Ints]]:
    """(cells, counts of the base) that hang together: by a relation, a difference or a cell."""
    lines = [line for line in problem.lines if line[0] < problem.base]
    totals = np.repeat([line[0] for line in lines], [len(line) for line in lines]).astype(np.int64)
    pairs = np.stack([totals, np.concatenate([*lines, np.empty(0, dtype=np.int64)])], axis=1)
    both = problem.second[problem.base :] >= 0
    sides = np.stack([problem.first[problem.base :], problem.second[problem.base :]], axis=1)[both]
    told = np.stack([problem.n_of, problem.numerator_of], axis=1)[problem.numerator_of >= 0]
    one, other = np.concatenate([pairs, sides, told]).T
    linked = sparse.coo_array((np.ones(len(one)), (one, other)), shape=(problem.base, problem.base))
    _, block = sparse.csgraph.connected_components(linked.tocsr(), directed=False)
    counts = np.split(np.argsort(block, kind="stable"), np.cumsum(np.bincount(block))[:-1])
    order = np.argsort(block[problem.n_of], kind="stable")
    cells = np.split(order, np.cumsum(np.bincount(block[problem.n_of], minlength=len(counts)))[:-1])
    return list(zip(cells, counts, strict=True))


def _part(problem: Linked, cells: Ints) -> Linked:
    """The problem of some cells that hang together and with no other."""
    sides = np.concatenate([problem.n_of[cells], problem.numerator_of[cells]])
    inside = np.zeros(len(problem.value) + 1, dtype=bool)
    inside[sides[sides >= 0]] = True
    inside[problem.base : -1] = inside[problem.first[problem.base :]]
    kept = np.flatnonzero(inside[:-1])
    number = np.full(len(problem.value) + 1, -1)
    number[kept] = np.arange(len(kept))
    return replace(
        problem,
        counts=replace(problem.counts, rows=problem.counts.rows[cells]),
        n_of=number[problem.n_of[cells]],
        numerator_of=number[problem.numerator_of[cells]],
        value=problem.value[kept],
        floor=problem.floor[kept],
        base=int((kept < problem.base).sum()),
        levels=int((kept < problem.levels).sum()),
        first=number[problem.first[kept]],
        second=number[problem.second[kept]],
        lines=tuple(number[line] for line in problem.lines if inside[line[0]]),
    )


def _cheapest(problem: Linked, first: Bools, cost: Floats, policy: Policy) -> Bools | None:
    """Which cells to hide, given those that have to be, at the least cost; None where it was not proved."""
    program = _Program(problem, first, cost, policy)
    found = milp(
        program.cost,
        constraints=program.constraints(),
        integrality=program.whole,
        bounds=Bounds(program.low, program.high),
        options={"node_limit": _NODES, "mip_rel_gap": 0.0},
    )
    if found.status != 0:
        return None
    return np.asarray(np.round(found.x[: len(first)]) > 0)


@dataclass
class _Rows:
    """Constraints low <= row @ x <= high, one at a time."""

    rows: list[dict[int, float]] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)

    def add(self, row: dict[int, float], low: float = -np.inf, high: float = np.inf) -> None:
        self.rows.append(row)
        self.low.append(low)
        self.high.append(high)


class _Program:
    """Columns: hidden cells, hidden counts, then for each count that could be hidden its direction and its
    move.
    """

    def __init__(self, problem: Linked, first: Bools, cost: Floats, policy: Policy):
        self._problem, self._range = problem, float(policy.smallest_range)
        self._reach = _REACH * self._range
        self._cells, self._counts = len(first), len(problem.value)
        width = self._cells + self._counts + self._counts * (1 + problem.base)
        self.cost = np.concatenate([cost, np.zeros(width - self._cells)])
        self.low, self.high, self.whole = np.zeros(width), np.ones(width), np.zeros(width)
        self.low[: self._cells] = first
        self.whole[: self._cells + self._counts] = 1
        self._rows = _Rows()
        self._hidden_counts()
        for count in range(self._counts):
            self._move(count)
        if policy.together:
            self._together(small_sums(problem, policy))

    def constraints(self) -> LinearConstraint:
        rows = self._rows
        row = np.repeat(np.arange(len(rows.rows)), [len(one) for one in rows.rows])
        column = np.array([key for one in rows.rows for key in one])
        value = np.array([number for one in rows.rows for number in one.values()])
        shape = (len(rows.rows), len(self.cost))
        return LinearConstraint(sparse.csr_array((value, (row, column)), shape=shape), rows.low, rows.high)

    def _count(self, count: int) -> int:
        return self._cells + count

    def _upwards(self, count: int) -> int:
        return self._cells + self._counts + count * (1 + self._problem.base)

    def _part(self, count: int, moved: int) -> int:
        return self._upwards(count) + 1 + moved

    def _hidden_counts(self) -> None:
        """A count is hidden with all its cells; a difference with either of its sides."""
        problem = self._problem
        for count, cells in enumerate(publishers(problem)):
            self._rows.add({self._count(count): 1.0, **dict.fromkeys(cells, -1.0)}, low=1.0 - len(cells))
            for cell in cells:
                self._rows.add({self._count(count): 1.0, cell: -1.0}, high=0.0)
        for count in range(problem.base, self._counts):
            for side in (int(problem.first[count]), int(problem.second[count])):
                if side >= 0:
                    self._rows.add({self._count(count): 1.0, self._count(side): -1.0}, low=0.0)

    def _move(self, count: int) -> None:
        problem, rows, reach = self._problem, self._rows, self._reach
        up = self._upwards(count)
        self.whole[up] = 1
        down = np.maximum(problem.floor[: problem.base] - problem.value[: problem.base], -reach)
        for moved in range(problem.base):
            part = self._part(count, moved)
            self.low[part], self.high[part] = down[moved], reach
            rows.add({part: 1.0, self._count(moved): -reach}, high=0.0)
            rows.add({part: 1.0, self._count(moved): -float(down[moved])}, low=0.0)
        for total, *parts in (line.tolist() for line in problem.lines if line[0] < problem.base):
            rows.add(
                {self._part(count, total): -1.0, **{self._part(count, part): 1.0 for part in parts}}, 0.0, 0.0
            )
        for difference in range(problem.base, self._counts if problem.bounded else problem.base):
            rows.add(self._change(count, difference), low=-float(problem.value[difference]))
        far = 2 * reach + self._range
        change, hidden = self._change(count, count), self._count(count)
        rows.add({**change, up: -far, hidden: -self._range}, low=-far)
        rows.add({**change, up: -far, hidden: self._range}, high=0.0)

    def _change(self, move: int, count: int) -> dict[int, float]:
        """What a move changes of a count, or of a difference of two."""
        if count < self._problem.base:
            return {self._part(move, count): 1.0}
        first, second = int(self._problem.first[count]), int(self._problem.second[count])
        change = {self._part(move, first): 1.0}
        return change | ({self._part(move, second): -1.0} if second >= 0 else {})

    def _together(self, least: list[tuple[int, bool]]) -> None:
        """Hidden parts of a public total are, taken together, no fewer than the minimum."""
        for total, *parts in (line.tolist() for line in self._problem.lines):
            inside = {self._count(part): float(self._problem.value[part]) for part in parts}
            minimum, zero_hidden = least[total]
            needed = min(float(minimum), float(self._problem.value[total]))
            for part in parts if needed > 0 else ():
                if self._problem.value[part] > 0 or zero_hidden:
                    row = dict(inside)
                    row[self._count(part)] = row[self._count(part)] - needed
                    row[self._count(total)] = needed
                    self._rows.add(row, low=0.0)
