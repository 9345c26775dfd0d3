"""Settling: hiding until every hidden count is proved safe."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from evenground.disclosure.hiding.linked import ZERO, Bools, Ints, Linked
from evenground.disclosure.hiding.mend import Mender
from evenground.disclosure.hiding.pattern import Pattern
from evenground.disclosure.hiding.proof import Proofs, pinned
from evenground.disclosure.hiding.surroundings import Surroundings
from evenground.model import ALL

_REPAIRS, _IDLE = 25, 4
"""So many repairs are tried, so many of them in a row without effect, before whole tables are withheld."""


def settle(problem: Linked, pattern: Pattern, proofs: Proofs, near: Surroundings) -> Bools:
    """Hides until every hidden count is proved safe; hiding more does not undo the proofs.

    Returns which cells had to be withheld as whole tables.
    """
    withheld = np.zeros(len(problem.n_of), dtype=bool)
    mender, attempt, idle, left = Mender(problem, proofs, near), 0, 0, len(problem.value)
    while True:
        pattern.restore()
        if _hide_alike(problem, pattern):
            continue
        unproved = pinned(proofs, near, pattern.variables, 2 + attempt)
        if not len(unproved):
            return withheld
        attempt += 1
        before = pattern.cells
        if before.all():
            return withheld
        if attempt <= _REPAIRS and not mender.mend(pattern, unproved):
            pattern.widen(unproved.tolist())
        same = np.array_equal(before, pattern.cells) and len(unproved) >= left
        idle, left = idle + 1 if same else 0, len(unproved)
        if idle == _IDLE or (same and attempt > _REPAIRS):
            _withhold(problem, pattern, unproved)
            withheld |= pattern.cells & ~before
            idle = 0
            if np.array_equal(before, pattern.cells):  # what is known already cannot be hidden
                return withheld


def _hide_alike(problem: Linked, pattern: Pattern) -> bool:
    """Gives two populations of a unit the same hidden groups where all that is public of them agrees.

    An outsider may take them for the same students; with the same groups hidden, that belief adds nothing.
    True: more was hidden.
    """
    counts = problem.counts
    variable = np.full(counts.n.shape, ZERO)
    variable.ravel()[counts.place[counts.rows]] = problem.n_of
    hidden = np.where(variable >= 0, pattern.variables[variable], False)
    if ALL not in counts.groups:
        return False
    everybody = counts.groups.index(ALL)
    changed = False
    for one, other in combinations(range(len(counts.indicators)), 2):
        both = ~np.isnan(counts.n[one]) & ~np.isnan(counts.n[other])
        seen = both & ~hidden[one] & ~hidden[other]
        agree = ((counts.n[one] == counts.n[other]) | ~seen).all(axis=1) & (
            ((variable[one] >= 0) == (variable[other] >= 0)) | ~both
        ).all(axis=1)
        agree &= seen[:, everybody] & (variable[one][:, everybody] >= 0)
        for unit, group in np.argwhere(agree[:, None] & both & (hidden[one] != hidden[other])).tolist():
            pattern.hide_count(int(variable[one, unit, group]))
            pattern.hide_count(int(variable[other, unit, group]))
            changed = True
    return changed


def _withhold(problem: Linked, pattern: Pattern, unproved: Ints) -> None:
    """Hides all groups of an indicator at a unit where a count of its could not be made safe; once that is
    done, the whole table.
    """
    indicator, unit, _ = np.unravel_index(problem.counts.place[problem.counts.rows], problem.counts.n.shape)
    parts = np.concatenate([unproved, problem.first[unproved], problem.second[unproved]])
    unproved = parts[parts >= 0]
    concerned = np.isin(problem.n_of, unproved) | np.isin(problem.numerator_of, unproved)
    block = indicator * len(problem.counts.places) + unit
    chosen = np.isin(block, block[concerned])
    if pattern.cells[chosen].all():
        chosen = np.isin(indicator, indicator[concerned])
    if pattern.cells[chosen].all():
        chosen[:] = True
    for cell in np.flatnonzero(chosen & ~pattern.cells).tolist():
        pattern.hide_cell(cell)
