"""What follows from sums alone: an outsider who only adds and subtracts, and knows nothing of whole numbers.

Part of the attack: it imports nothing from the rooms that hide.
"""

from __future__ import annotations

import numpy as np
from scipy import linalg, sparse
from scipy.sparse.linalg import lsmr

from evenground.disclosure.attacking.system import Bools, Floats, System, batches

_DENSE = 1_500  # unknowns up to which a part is solved as a dense matrix
_TRIES = 2
_ZERO = 1e-6
_NEVER = 1e-9
_TIGHT = 1e-13
_ITERATIONS = 3_000
_RANK = 1e-10


def linear_ranges(system: System) -> tuple[Floats, Floats]:
    """The range of each asked count: one number where it is a linear combination of what is released, else
    everything.

    A count is such a combination when no change of the unknown counts that keeps all sums changes it. Such
    changes are drawn at random: one that leaves a count alone by chance has probability 0.
    """
    low, high = system.offset.copy(), system.offset.copy()
    random = np.random.default_rng(0)
    for part, asked, _ in batches(system):
        values, free = part.values(_solution(part)), np.zeros(len(asked), dtype=bool)
        for change in _changes(part, random.standard_normal((_TRIES, len(part.low)))):
            free |= np.abs(part.asked @ change) > _ZERO
        low[asked], high[asked] = np.where(free, -np.inf, values), np.where(free, np.inf, values)
    return low, high


def pinned(system: System) -> Bools:
    """Which asked counts are linear combinations of what is released."""
    change = _changes(system, np.random.default_rng(0).standard_normal((1, len(system.low))))[0]
    return np.asarray(np.abs(system.asked @ change) < _NEVER)


def _solution(system: System) -> Floats:
    """One x with sums @ x = totals, as nearly as that can be."""
    if not len(system.totals):
        return np.zeros(len(system.low))
    if len(system.low) <= _DENSE:
        sums = system.sums.toarray()
        return np.asarray(linalg.lstsq(sums, system.totals, lapack_driver="gelsy", check_finite=False)[0])
    return _sparse(system.sums, system.totals)


def _changes(system: System, wishes: Floats) -> Floats:
    """What is left of each wish ([wish, unknown]) when no sum may change."""
    if not len(system.totals):
        return wishes
    if len(system.low) <= _DENSE:
        basis, triangle, _ = linalg.qr(system.sums.T.toarray(), mode="economic", pivoting=True)
        size = np.abs(np.diag(triangle))
        basis = basis[:, : int((size > _RANK * size[0]).sum())]
        return np.asarray(wishes - (wishes @ basis) @ basis.T)
    return np.array([wish - _sparse(system.sums, system.sums @ wish) for wish in wishes])


def _sparse(sums: sparse.csr_array, totals: Floats) -> Floats:
    found = lsmr(sums, totals, atol=_TIGHT, btol=_TIGHT, conlim=0, maxiter=_ITERATIONS)
    return np.asarray(found[0])
