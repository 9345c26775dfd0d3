"""Moves of a system: the furthest in a direction, the smallest that does something, the whole part of one."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from evenground.disclosure.hiding.linked import Bools, Floats, Ints
from evenground.disclosure.hiding.system import System

_TIMES = 6
_EXACT = 400  # systems up to this size are proved in whole numbers, larger ones in real numbers
_NEAR = 1e-6


def furthest(system: System, wish: Floats) -> Floats:
    """The whole-numbered part of the best move in the wished direction; zeros where there is none."""
    found = linprog(
        -wish,
        A_ub=system.gaps if system.gaps.shape[0] else None,
        b_ub=system.slack if system.gaps.shape[0] else None,
        A_eq=system.sums if system.sums.shape[0] else None,
        b_eq=np.zeros(system.sums.shape[0]) if system.sums.shape[0] else None,
        bounds=np.c_[system.down, system.up],
        method="highs",
    )
    return whole(system, found.x) if found.status == 0 else np.zeros(len(wish))


def smallest(system: System, asked: Floats, target: float) -> Floats | None:
    """The move with the fewest students in all that changes `asked @ move` by `target`; small moves seldom
    come in fractions. None where there is none.
    """
    size = len(system.variables)
    equal = sparse.vstack([system.sums, asked[None, :]])
    found = linprog(
        np.ones(2 * size),
        A_ub=sparse.hstack([system.gaps, -system.gaps]) if system.gaps.shape[0] else None,
        b_ub=system.slack if system.gaps.shape[0] else None,
        A_eq=sparse.hstack([equal, -equal]),
        b_eq=np.r_[np.zeros(system.sums.shape[0]), target],
        bounds=np.c_[np.zeros(2 * size), np.r_[np.maximum(system.up, 0.0), np.maximum(-system.down, 0.0)]],
        method="highs",
    )
    return whole(system, found.x[:size] - found.x[size:]) if found.status == 0 else None


def whole(system: System, found: Floats) -> Floats:
    """The part of a move that is in whole numbers and holds by itself; halves and thirds are multiplied where
    there is room.
    """
    for times in range(2, _TIMES + 1):
        multiple = found * times
        fits = np.all(multiple >= system.down - _NEAR) and np.all(multiple <= system.up + _NEAR)
        if np.abs(found - np.round(found)).max(initial=0.0) <= _NEAR or not fits:
            break
        if np.abs(multiple - np.round(multiple)).max() <= _NEAR and np.all(
            system.gaps @ multiple <= system.slack + _NEAR
        ):
            found = multiple
    if len(found) > _EXACT:
        return found
    move = np.round(found)
    broken = np.abs(found - move) > _NEAR
    if broken.any():
        move[_linked_to(system, found, broken)] = 0.0
    agrees = not np.any(system.sums @ move) and np.all(system.gaps @ move <= system.slack + _NEAR)
    within = np.all(move >= system.down - _NEAR) and np.all(move <= system.up + _NEAR)
    return move if agrees and within else np.zeros(len(found))


def _linked_to(system: System, move: Floats, broken: Bools) -> Ints:
    """Variables whose move hangs together with a fractional one; the rest is a move of its own."""
    moving = sparse.diags_array((np.abs(move) > _NEAR).astype(float))
    rows = abs(sparse.vstack([system.sums, system.gaps])) @ moving
    _, part = sparse.csgraph.connected_components(rows.T @ rows, directed=False)
    return np.flatnonzero(np.isin(part, part[broken]))
