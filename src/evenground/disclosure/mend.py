"""Mending: what to hide so that a hidden count which could be worked back no longer can.

The cheapest *move* (whole numbers to add to counts so that every relation still holds) that changes the
count: hidden counts move for next to nothing, public ones at the price of hiding them. The public counts in
the move are hidden; the move is then the proof that the count is safe, and all others in it with it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from evenground.disclosure.linked import Bools, Floats, Ints, Linked
from evenground.disclosure.pattern import Pattern
from evenground.disclosure.proof import System, mark, sums_between, together, whole

_REACH = 8.0  # how many times the asked range a move may go
_STEP = 1e-3  # price of a student's move in a hidden count, beside that of one student's cell to hide
_MOST = 1e7  # prices above this are all the same: too much
_NEAR = 1e-6
_STEPS = (2, 3, 4)  # relations that the first looks go along ...
_WIDER = 2  # ... and steps by which they are widened before everything is looked at


class Mender:
    """Mends one problem: near the count that needs it, and further away only where nothing near helps."""

    def __init__(self, problem: Linked, smallest_range: int):
        self.smallest_range = smallest_range
        self._problem, self._range = problem, float(smallest_range)
        self._sums = sums_between(problem, np.arange(problem.base)).tocsc()
        self._near = _Neighbours(problem)

    def mend(self, pattern: Pattern, unproved: Ints, safe: Bools) -> bool:
        """Hides what the unproved counts need; False if nothing was hidden or proved."""
        done = False
        for variable in unproved.tolist():
            if not safe[variable]:
                done |= self._mend_one(pattern, variable, safe)
        return done

    def _mend_one(self, pattern: Pattern, variable: int, safe: Bools) -> bool:
        """The cheapest move of the count, in the nearest surroundings that have one."""
        before, size = pattern.hidden_cells, 0
        for members in self._near.rings(variable):
            if len(members) == size:
                continue
            size = len(members)
            system = self._system(members)
            moves = self._moves(pattern, system, variable)
            if not moves:
                continue
            move = min(moves, key=lambda one: one[0])[1]
            for moved in system.variables[np.abs(move) > _NEAR].tolist():
                pattern.hide_count(moved)
            proved = np.append(whole(system, move), 0.0)
            mark(self._problem, system, pattern.variables, safe, proved, self.smallest_range)
            if safe[variable] or pattern.hidden_cells > before:
                return True
        return False

    def _moves(self, pattern: Pattern, system: System, variable: int) -> list[tuple[float, Floats]]:
        """(price, move) upwards and downwards, where there is one."""
        size = len(system.variables)
        stays = pattern.known[system.variables]
        up, down = np.where(stays, 0.0, system.up), np.where(stays, 0.0, system.down)
        price = np.array([min(pattern.price(one), _MOST) for one in system.variables.tolist()]) + _STEP
        asked = (system.variables == variable).astype(float)
        if variable >= self._problem.base:
            asked += system.variables == self._problem.first[variable]
            asked -= system.variables == self._problem.second[variable]
        equal = sparse.vstack([system.sums, sparse.csr_array(asked[None, :])])
        moves = []
        for target in (self._range, -self._range):
            found = linprog(
                np.r_[price, price],
                A_ub=sparse.hstack([system.gaps, -system.gaps]) if system.gaps.shape[0] else None,
                b_ub=system.slack if system.gaps.shape[0] else None,
                A_eq=sparse.hstack([equal, -equal]),
                b_eq=np.r_[np.zeros(system.sums.shape[0]), target],
                bounds=np.c_[np.zeros(2 * size), np.r_[np.maximum(up, 0.0), np.maximum(-down, 0.0)]],
                method="highs",
            )
            if found.status == 0:
                moves.append((round(float(found.fun), 6), found.x[:size] - found.x[size:]))
        return moves

    def _system(self, members: Ints) -> System:
        """Some counts, public ones as well; everything else stays at its true value."""
        sums = self._sums[:, members].tocsr()
        kept = sums[np.diff(sums.indptr) > 0]
        return together(self._problem, members, kept, _REACH * self._range)


class _Neighbours:
    """Which counts stand in a relation with which, and which are the two sides of a difference."""

    def __init__(self, problem: Linked):
        self._problem = problem
        self._lines = [line.tolist() for line in problem.lines if line[0] < problem.base]
        self._lines_of: list[list[int]] = [[] for _ in range(problem.base)]
        for index, line in enumerate(self._lines):
            for variable in line:
                self._lines_of[variable].append(index)
        self._beside: list[list[int]] = [[] for _ in range(problem.base)]
        first, second = problem.first[problem.base :], problem.second[problem.base :]
        for one, other in zip(first.tolist(), second.tolist(), strict=True):
            if other >= 0:
                self._beside[one].append(other)
                self._beside[other].append(one)

    def rings(self, variable: int) -> Iterator[Ints]:
        """Ever wider surroundings of a count: along its relations, then beside them as well, then all."""
        base = self._problem.base
        sides = (
            {variable} if variable < base else {self._problem.first[variable], self._problem.second[variable]}
        )
        start = {int(side) for side in sides if side >= 0}
        for steps in _STEPS:
            near = self._along(start, steps)
            yield np.array(sorted(near))
        for _ in range(_WIDER):
            near = self._along(near | self._next_to(near), 1)
            yield np.array(sorted(near | self._next_to(near)))
        yield np.arange(base)

    def _along(self, near: set[int], steps: int) -> set[int]:
        done: set[int] = set()
        for _ in range(steps):
            lines = {line for variable in near for line in self._lines_of[variable]} - done
            done |= lines
            near = near.union(*(self._lines[line] for line in lines))
        return near

    def _next_to(self, near: set[int]) -> set[int]:
        return {other for variable in near for other in self._beside[variable]}
