"""Mending: what to hide so that a hidden count which could be worked back no longer can.

The cheapest *move* (whole numbers to add to counts so that every relation still holds) that changes the
count: hidden counts move for next to nothing, public ones at the price of hiding them. The public counts in
the move are hidden; the move is then the proof that the count is safe, and all others in it with it.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from evenground.disclosure.hiding.linked import Floats, Ints, Linked
from evenground.disclosure.hiding.moves import whole
from evenground.disclosure.hiding.pattern import Pattern
from evenground.disclosure.hiding.proof import Proofs
from evenground.disclosure.hiding.surroundings import Surroundings
from evenground.disclosure.hiding.system import System

_REACH = 8.0  # how many times the asked range a move may go
_STEP = 1e-3  # price of a student's move in a hidden count, beside that of one student's cell to hide
_MOST = 1e7  # prices above this are all the same: too much
_NEAR = 1e-6


class Mender:
    """Mends one problem: near the count that needs it, and further away only where nothing near helps."""

    def __init__(self, problem: Linked, proofs: Proofs, near: Surroundings):
        self._problem, self._proofs, self._near = problem, proofs, near
        self._range = float(proofs.smallest_range)

    def mend(self, pattern: Pattern, unproved: Ints) -> bool:
        """Hides what the unproved counts need; False if nothing was hidden or proved."""
        done = False
        for variable in unproved.tolist():
            if not self._proofs.safe[variable]:
                done |= self._mend_one(pattern, variable)
        return done

    def _mend_one(self, pattern: Pattern, variable: int) -> bool:
        """The cheapest move of the count, in the nearest surroundings that have one."""
        before, size = pattern.hidden_cells, 0
        for members in self._near.rings(variable):
            if len(members) == size:
                continue
            size = len(members)
            system = self._near.system(members, _REACH * self._range)
            moves = self._moves(pattern, system, variable)
            if not moves:
                continue
            move = min(moves, key=lambda one: one[0])[1]
            for moved in system.variables[np.abs(move) > _NEAR].tolist():
                pattern.hide_count(moved)
            self._proofs.take(system, pattern.variables, whole(system, move))
            if self._proofs.safe[variable] or pattern.hidden_cells > before:
                return True
        return False

    def _moves(self, pattern: Pattern, system: System, variable: int) -> list[tuple[float, Floats]]:
        """(price, move) upwards and downwards, where there is one."""
        size = len(system.variables)
        stays = pattern.known[system.variables] | self._proofs.barred(variable, system.variables)
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
