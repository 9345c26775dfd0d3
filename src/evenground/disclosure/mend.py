"""Mending: what to hide so that a hidden count which could be worked back no longer can.

The cheapest *move* (whole numbers to add to counts so that every relation still holds) that changes the
count: hidden counts move for next to nothing, public ones at the price of hiding them. The public counts in
the move are hidden; the move is then the proof that the count is safe, and all others in it with it.
"""

from __future__ import annotations

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


class Mender:
    """Mends one problem; the blocks of counts that relations link are found once."""

    def __init__(self, problem: Linked, smallest_range: int):
        self.smallest_range = smallest_range
        self._problem, self._range = problem, float(smallest_range)
        everything = np.arange(problem.base)
        self._sums = sums_between(problem, everything).tocsc()
        linked = abs(self._sums.T) @ abs(self._sums)
        self._blocks = [
            _parts(linked),
            _parts(linked + _beside(problem, problem.levels)),
            _parts(linked + _beside(problem, problem.base)),
        ]
        self._systems: dict[tuple[int, int], System] = {}

    def mend(self, pattern: Pattern, unproved: Ints, safe: Bools) -> bool:
        """Hides what the unproved counts need; False if nothing was hidden or proved."""
        done = False
        for variable in unproved.tolist():
            if not safe[variable]:
                done |= self._mend_one(pattern, variable, safe)
        return done

    def _mend_one(self, pattern: Pattern, variable: int, safe: Bools) -> bool:
        """The cheapest move of the count or, for a difference, of one of its two sides, in the smallest
        system that has one.
        """
        before = pattern.hidden_cells
        for tier in range(len(self._blocks)):
            found = self._cheapest(pattern, variable, tier)
            if found is not None:
                system, move = found
                for moved in system.variables[np.abs(move) > _NEAR].tolist():
                    pattern.hide_count(moved)
                mark(
                    self._problem,
                    system,
                    pattern.variables,
                    safe,
                    np.append(whole(system, move), 0.0),
                    int(self._range),
                )
                if safe[variable] or pattern.hidden_cells > before:
                    return True
        return False

    def _cheapest(self, pattern: Pattern, variable: int, tier: int) -> tuple[System, Floats] | None:
        sides = (
            [variable]
            if variable < self._problem.base
            else [self._problem.second[variable], self._problem.first[variable]]
        )
        blocks = sorted({int(self._blocks[tier][side]) for side in sides if side >= 0})
        best: tuple[float, System, Floats] | None = None
        for block in blocks:
            system = self._system(tier, block)
            for price, move in self._moves(pattern, system, variable):
                if best is None or price < best[0]:
                    best = (price, system, move)
        return None if best is None else best[1:]

    def _moves(self, pattern: Pattern, system: System, variable: int) -> list[tuple[float, Floats]]:
        """(price, move) upwards and downwards, where there is one."""
        size = len(system.variables)
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
                bounds=np.c_[
                    np.zeros(2 * size), np.r_[np.maximum(system.up, 0.0), np.maximum(-system.down, 0.0)]
                ],
                method="highs",
            )
            if found.status == 0:
                moves.append((round(float(found.fun), 6), found.x[:size] - found.x[size:]))
        return moves

    def _system(self, tier: int, block: int) -> System:
        """The counts of a block, public ones as well; everything else stays at its true value."""
        if (tier, block) not in self._systems:
            members = np.flatnonzero(self._blocks[tier] == block)
            sums = self._sums[:, members].tocsr()
            kept = sums[np.diff(sums.indptr) > 0]
            self._systems[tier, block] = together(self._problem, members, kept, _REACH * self._range)
        return self._systems[tier, block]


def _parts(linked: sparse.csr_array) -> Ints:
    """The number of each count's block."""
    return np.asarray(sparse.csgraph.connected_components(linked, directed=False)[1])


def _beside(problem: Linked, start: int) -> sparse.csr_array:
    """Pairs of counts whose difference is a count too, from difference number `start` on."""
    first, second = problem.first[start:], problem.second[start:]
    both = second >= 0
    return sparse.csr_array(
        (np.ones(both.sum()), (first[both], second[both])), shape=(problem.base, problem.base)
    )
