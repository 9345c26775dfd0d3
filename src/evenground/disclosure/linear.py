"""What follows from sums alone: an outsider who only adds and subtracts, and knows nothing of whole numbers.

Part of the attack: it imports nothing from the rooms that hide.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse.linalg import lsmr

from evenground.disclosure.system import Bools, Floats, System, batches

_DENSE = 1_500  # unknowns up to which a part is solved as a dense matrix
_TRIES = 2
_ZERO = 1e-6
_TIGHT = 1e-13


def linear_ranges(system: System) -> tuple[Floats, Floats]:
    """The range of each asked count: one number where it is a linear combination of what is released, else
    everything.

    A count is such a combination when no change of the unknown counts that keeps all sums changes it. Such
    changes are drawn at random: one that leaves a count alone by chance has probability 0.
    """
    low, high = system.offset.copy(), system.offset.copy()
    random = np.random.default_rng(0)
    for part, asked, _ in batches(system):
        start = _nearest(part, part.totals)
        values, free = part.values(start), np.zeros(len(asked), dtype=bool)
        for _ in range(_TRIES):
            wish = random.standard_normal(len(start))
            change = wish - _nearest(part, part.sums @ wish)
            free |= _moved(part, change)
        low[asked], high[asked] = np.where(free, -np.inf, values), np.where(free, np.inf, values)
    return low, high


def _moved(system: System, change: Floats) -> Bools:
    return np.asarray(np.abs(system.asked @ change) > _ZERO)


def _nearest(system: System, totals: Floats) -> Floats:
    """The shortest x with sums @ x = totals, as nearly as that can be."""
    if not len(totals):
        return np.zeros(system.sums.shape[1])
    if system.sums.shape[1] <= _DENSE:
        return np.asarray(np.linalg.lstsq(system.sums.toarray(), totals, rcond=None)[0])
    found = lsmr(system.sums, totals, atol=_TIGHT, btol=_TIGHT, conlim=0, maxiter=20 * len(totals))
    return np.asarray(found[0])
