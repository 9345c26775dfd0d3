"""Tables with the odds ratios of one year and the margins of another (iterative proportional fitting)."""

from __future__ import annotations

import numpy as np

from evenground.measures.estimate import Floats, quiet

# A cell without students gets this many, as in R's segregation: odds ratios with 0 say nothing.
_ALMOST_NOBODY = 1e-10
_CLOSE = 1e-10
_ROUNDS = 300


@quiet
def fitted(tables: Floats, by_unit: Floats, by_group: Floats) -> Floats:
    """Each table (k, groups, units) scaled to its margins by_unit (k, units) and by_group (k, groups), as
    shares.

    Scaling rows and columns in turn leaves all odds ratios as they are. Stops when no margin is off by more
    than 1e-10 of all students, or after 300 rounds; the groups' margins are then exact. Source: Deming and
    Stephan (1940), Annals of Mathematical Statistics 11:427-444.
    """
    shares = np.maximum(tables, _ALMOST_NOBODY)
    units = (by_unit / by_unit.sum(axis=1, keepdims=True))[:, None, :]
    groups = (by_group / by_group.sum(axis=1, keepdims=True))[:, :, None]
    for _ in range(_ROUNDS):
        shares = shares * (units / shares.sum(axis=1, keepdims=True))
        shares *= groups / shares.sum(axis=2, keepdims=True)
        if np.abs(shares.sum(axis=1, keepdims=True) - units).max(initial=0) <= _CLOSE:
            break
    return shares
