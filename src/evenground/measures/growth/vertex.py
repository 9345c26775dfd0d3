"""The exact solution of a linear quantile regression: a walk from vertex to vertex of its linear program.

A vertex is a set of p observations that the plane passes through. The walk is the simplex of Barrodale and
Roberts (1973), SIAM J. Numer. Anal. 10:839-848, in the form of Koenker and d'Orey (1987), Applied Statistics
36:383-393: a step does not end at the first observation that it meets but goes on while the loss falls. Two
things make it quick: the answer for one quantile is where the walk to the next one starts, and only
observations near the plane take part in a walk, the others count by their side of it, which is looked at
again afterwards (Portnoy and Koenker 1997, Statistical Science 12:279-300).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evenground.measures.estimate import Bools, Floats, Ints

# Part of the observations that take part in a walk, and how many of them there are for each coefficient.
_NEAR, _NEAR_EACH = 0.12, 15
_DUAL = 1e-9  # a dual value this far beyond its bound, in observations, is rounding
_FLAT = 1e-10  # an observation that a step brings no nearer
_STEPS_EACH = 200  # steps for each coefficient before a walk counts as going in circles
_RANK = 1e-9  # of the largest: what is left of a column that those before it make up
_SHAKE = 1e-9  # of the spread of the outcome: what breaks the circle


class _Circle(Exception):
    """Steps that do not lower the loss follow each other without end."""


@dataclass(frozen=True)
class Program:
    """`X` (p, n), a row a coefficient, of full rank; outcome `y` (n), weights `w` (n) above 0.

    Rows are long so that a product with them takes one core: two that wait for each other are slower.
    """

    X: Floats
    y: Floats
    w: Floats

    def solve(self, taus: Floats) -> Floats:
        """Coefficients (T, p): for each tau a vertex at which sum of w rho_tau(y - X b) is lowest."""
        middle = int(np.argmin(np.abs(taus - 0.5)))
        found = np.empty((taus.size, self.X.shape[0]))
        start = basis = self._first()
        for tau in range(middle, taus.size):
            basis = self._walk(float(taus[tau]), basis)
            start = basis if tau == middle else start
            found[tau] = self._through(basis)
        basis = start
        for tau in range(middle - 1, -1, -1):
            basis = self._walk(float(taus[tau]), basis)
            found[tau] = self._through(basis)
        return found

    def _through(self, basis: Ints) -> Floats:
        return np.asarray(np.linalg.solve(self.X[:, basis].T, self.y[basis]))

    def _first(self) -> Ints:
        """p independent observations, by preference near the plane of least squares."""
        p, n = self.X.shape
        heavy = self.X * self.w
        far = np.abs(self.y - np.linalg.solve(heavy @ self.X.T, heavy @ self.y) @ self.X)
        some = np.argsort(far, kind="stable")[: _NEAR_EACH * p]
        order, rank = pivots(self.X[:, some])
        if rank < p:
            some = np.arange(n)
            order, rank = pivots(self.X)
        return np.asarray(some[order[:p]], dtype=np.int64)

    def _walk(self, tau: float, basis: Ints) -> Ints:
        try:
            return _Walk(self, tau, basis).end()
        except _Circle:
            # A solution of the shaken program is one of the program itself: whoever lies on the plane may
            # be counted on either side of it.
            rng = np.random.default_rng(0)
            shake = _SHAKE * max(float(np.ptp(self.y)), 1e-300) * rng.uniform(-1, 1, self.y.size)
            return _Walk(Program(self.X, self.y + shake, self.w), tau, basis).end()


def pivots(columns: Floats) -> tuple[Ints, int]:
    """The order in which columns are most independent of those before, and how many are independent."""
    from scipy import linalg

    upper, order = linalg.qr(columns, mode="r", pivoting=True)
    size = np.abs(np.diag(upper))
    return np.asarray(order, dtype=np.int64), int((size > _RANK * size.max(initial=0)).sum())


class _Walk:
    """From one vertex to the lowest for one tau."""

    def __init__(self, program: Program, tau: float, basis: Ints) -> None:
        self.program, self.tau, self.basis = program, tau, basis.copy()
        self.pull = program.X @ program.w

    def end(self) -> Ints:
        p, n = self.program.X.shape
        near: Ints | None = None
        below, reached = np.zeros(n, dtype=bool), True
        for _ in range(n + 1):  # the last look finds that nobody has moved
            residual = self._residual()
            now = residual < 0
            if near is None:
                near = self._near(residual, min(n, max(int(_NEAR * n), _NEAR_EACH * p)))
            else:
                moved = now != below
                moved[near] = False
                if reached and not moved.any():
                    return self.basis
                # Whoever changed sides unseen joins the walk; if its end was not in sight, everybody does.
                near = np.concatenate([near, np.flatnonzero(moved)]) if reached else np.arange(n)
            below = now
            reached = self._descend(near, residual, below)
        raise _Circle

    def _residual(self) -> Floats:
        program = self.program
        plane = np.linalg.solve(program.X[:, self.basis].T, program.y[self.basis])
        residual = np.asarray(program.y - plane @ program.X)
        residual[self.basis] = 0.0
        return residual

    def _near(self, residual: Floats, how_many: int) -> Ints:
        if how_many == residual.size:
            return np.arange(how_many)
        far = np.abs(residual)
        far[self.basis] = -1.0
        return np.asarray(np.argpartition(far, how_many - 1)[:how_many])

    def _descend(self, near: Ints, residual: Floats, below: Bools) -> bool:
        """Walk on the observations `near`, the others staying on their sides; False if the end lies
        beyond all of them. Changes the basis.
        """
        X, y, w = self.program.X, self.program.y, self.program.w
        tau, pull, basis = self.tau, self.pull, self.basis
        under = X @ (w * below)  # the pull of those below the plane
        Xn, wn, rn = X[:, near], w[near], residual[near]
        place = np.zeros(y.size, dtype=np.int64)
        place[near] = np.arange(near.size)
        here = place[basis]
        side = np.where(rn < 0, -1.0, 1.0)
        side[here] = 0.0
        w_on, x_on = w[basis], X[:, basis].T.copy()
        inverse = np.linalg.inv(x_on)
        for _ in range(_STEPS_EACH * X.shape[0]):
            dual = (under - tau * (pull - w_on @ x_on)) @ inverse
            falls, rises = (tau - 1) * w_on - dual, dual - tau * w_on
            steepness = np.maximum(falls, rises)
            leaving = int(steepness.argmax())
            slope = steepness[leaving]
            if slope <= _DUAL:
                return True
            sign = 1.0 if falls[leaving] > rises[leaving] else -1.0
            speed = (sign * inverse[:, leaving]) @ Xn
            nearing = side * speed
            ahead = np.flatnonzero(nearing > _FLAT)
            when = rn[ahead] / speed[ahead]
            order = when.argsort()
            turned = (wn[ahead] * nearing[ahead])[order].cumsum()
            last = int(turned.searchsorted(slope))
            if last == order.size:
                return False
            entering, step = ahead[order[last]], max(float(when[order[last]]), 0.0)
            if last:
                passed = ahead[order[:last]]
                under += Xn[:, passed] @ (wn[passed] * side[passed])
                side[passed] = -side[passed]
            rn -= step * speed
            met = Xn[:, entering].copy()
            if side[entering] < 0:
                under -= wn[entering] * met
            if sign > 0:
                under += w_on[leaving] * x_on[leaving]
            side[here[leaving]] = -sign
            side[entering] = rn[entering] = 0.0
            # Sherman and Morrison: one row of the basis is another.
            row = met @ inverse
            column = inverse[:, leaving] / row[leaving]
            row[leaving] -= 1.0
            inverse -= column[:, None] * row
            here[leaving], basis[leaving] = entering, near[entering]
            w_on[leaving], x_on[leaving] = wn[entering], met
        raise _Circle
