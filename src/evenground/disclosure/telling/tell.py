"""Telling: protected cells as they are published, what is told together beside them, and how coarsely.

All of it is computed from protected cells, so it tells nothing that they do not; all but the bounds of coded
shares, which have to pass the attack.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from evenground.definitions.known import Definitions
from evenground.definitions.schema import Policy
from evenground.disclosure.attacking.attack import Attack, attack
from evenground.disclosure.suppress import Protection
from evenground.disclosure.telling.bounds import with_bounds
from evenground.disclosure.telling.coarse import BOUNDS, coarsened, coded
from evenground.disclosure.telling.rest import with_rest
from evenground.model import CELLS, KEYS


@dataclass(frozen=True)
class Telling:
    """`protection` for the gate: its cells are those that are released, with the rows told together (for
    tables only) at the end, and `tried` is the last attack on them. `cells`: what the questions are asked of.
    `units` with those that are told together. `bounds`: between what hidden shares are (coarse.BOUNDS).
    """

    protection: Protection
    cells: pa.Table
    units: pa.Table
    bounds: pa.Table


def tell(
    protection: Protection, truth: pa.Table, units: pa.Table, policy: Policy, definitions: Definitions
) -> Telling:
    """Tells protected cells by the policy's bands, steps and roll-ups; `truth` are the cells before they were
    protected, of which only the coded ones are looked at.
    """
    if policy.kind != "suppress":
        return Telling(protection, protection.cells, units, BOUNDS.empty_table())
    cells = protection.cells.select(CELLS.names)
    with_more, known = with_rest(cells, units, policy, definitions)
    together = pa.concat_tables([with_more.slice(len(cells)), protection.over_years])
    told = coarsened(cells, policy, definitions)
    bounds, tried = _safe(cells, coded(told, truth, policy, definitions), units, policy, definitions)
    released = pa.concat_tables([told, coarsened(together, policy, definitions)])
    gated = replace(protection, cells=released, tried=tried or protection.tried)
    return Telling(gated, told, known, bounds)


def _safe(
    cells: pa.Table, bounds: pa.Table, units: pa.Table, policy: Policy, definitions: Definitions
) -> tuple[pa.Table, tuple[Attack, ...]]:
    """The bounds with which no hidden count can be worked out, and the attack that found none.

    It is made on the cells before they are rounded: an outsider who knows less finds no more.
    """
    nothing = pa.nulls(len(cells), pa.float64())
    exact = cells.append_column("low", nothing).append_column("high", nothing)
    while len(bounds):
        tried = attack(with_bounds(exact, bounds), units, policy, definitions)
        if not tried.derivable:
            return bounds, (tried,)
        bounds = _without(bounds, [one[1:] for one in tried.derivable])
    return bounds, ()


def _without(bounds: pa.Table, found: Sequence[tuple[str, ...]]) -> pa.Table:
    """The bounds less those of the cells found; where these have none, less those of their places, else
    less all.
    """
    keys = list(zip(*(bounds[name].to_pylist() for name in KEYS), strict=True))
    for width in (len(KEYS), len(KEYS) - 1):
        gone = {key[:width] for key in found}
        kept = [key[:width] not in gone for key in keys]
        if not all(kept):
            return bounds.filter(pa.array(kept, pa.bool_()))
    return bounds.slice(0, 0)
