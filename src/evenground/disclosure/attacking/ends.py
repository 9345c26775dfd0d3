"""The exact ends of what an outsider can find possible, for audits of files.

Part of the attack: it imports nothing from the rooms that hide.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from evenground.disclosure.attacking.ranges import feasible
from evenground.disclosure.attacking.system import NEAR, Bools, Floats, System, batches, solve

_BUDGET = (
    4_000_000  # unknowns in all linear programs of an audit; what is left then keeps "at least this wide"
)
_WHOLE = 400  # unknowns up to which the ends are sought in whole numbers


def exact_ranges(system: System, low: Floats, high: Floats) -> tuple[Floats, Floats, Bools]:
    """(low, high, whether these are the ends), the narrowest first, as far as the work is worth it."""
    low, high, exact = low.copy(), high.copy(), np.diff(system.asked.indptr) == 0
    budget = _BUDGET
    parts = sorted(batches(system), key=lambda part: part[0].sums.shape[1])
    for part, asked, _ in parts:
        if not len(asked) or budget < 0:
            continue
        part = feasible(part)[0]
        for row in np.argsort(high[asked] - low[asked], kind="stable").tolist():
            budget -= 2 * len(part.low)
            if budget < 0:
                break
            ends = [_end(part, row, sign) for sign in (1.0, -1.0)]
            if None not in ends:
                one = asked[row]
                low[one], high[one] = ends[0], ends[1]
                exact[one] = True
    return low, high, np.asarray(exact)


def _end(system: System, row: int, sign: float) -> float | None:
    """The least (sign 1) or the most (sign -1) that a count can be; a whole number."""
    asked = np.asarray(system.asked[[row]].toarray()).ravel()
    point = solve(system, sign * asked, system.low, system.high)
    if point is None:
        return np.inf if sign < 0 else None
    end = float(asked @ point)
    if np.abs(point - np.round(point)).max(initial=0.0) > NEAR and len(point) <= _WHOLE:
        limits = [
            LinearConstraint(matrix, least, most)
            for matrix, least, most in (
                (system.sums, system.totals, system.totals),
                (system.gaps, np.full(len(system.slack), -np.inf), system.slack),
            )
            if matrix.shape[0]
        ]
        found = milp(
            sign * asked,
            constraints=limits,
            bounds=Bounds(system.low, system.high),
            integrality=np.ones(len(point)),
        )
        end = float(asked @ found.x) if found.status == 0 else end
    return float((np.ceil(end - NEAR) if sign > 0 else np.floor(end + NEAR)) + system.offset[row])
