"""Need: which part of the students of each place comes from families with low income, by public numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evenground.model import ALL
from evenground.questions.block import Block
from evenground.questions.scope import Scope

POOR = "economic_disadvantage:disadvantaged"
_ENROLLED = "enrolled"


@dataclass(frozen=True)
class Need:
    """`share` of each place of one level, by its id; `key`: the indicator over whose students it is."""

    share: dict[str, float]
    key: str

    def of(self, units: np.ndarray) -> np.ndarray:
        """The share of each of these places; NaN where it is not known."""
        return np.array([self.share.get(unit, np.nan) for unit in units.tolist()], dtype=float)


def need_of(scope: Scope, level: str, period: str) -> Need | None:
    """Need at the places of `level` in a year, counted over as many students as any indicator has: over all
    enrolled, if one is. None where fewer than `fewest_places` places tell it, or chance was added.
    """
    best: tuple[tuple[bool, float], Need] | None = None
    for key in scope.indicators:
        block = scope.block(key)
        population = scope.definitions.populations[block.indicator.over]
        if population.thing is None and block.sums.noise is None:
            share, students = _shares(block, level, period)
            size = (block.indicator.over == _ENROLLED, students)
            if len(share) >= scope.definitions.parameter("fewest_places") and (
                best is None or size > best[0]
            ):
                best = size, Need(share, key)
    return best[1] if best else None


def _shares(block: Block, level: str, period: str) -> tuple[dict[str, float], float]:
    """The share of each place, and the students of all of them."""
    here = (block.level == level) & (block.period == period)
    poor = np.flatnonzero(here & (block.group == POOR) & ~np.isnan(block.sums.n) & (block.whole.n > 0))
    share = block.sums.n[poor] / block.whole.n[poor]
    students = float(block.whole.n[poor].sum())
    return dict(zip(block.unit[poor].tolist(), share.tolist(), strict=True)), students


def everybody(block: Block, level: str, period: str) -> np.ndarray:
    """Rows of everybody at the places of a level in a year, with a number and students."""
    here = (block.level == level) & (block.period == period) & (block.group == ALL)
    return np.flatnonzero(here & np.isfinite(block.value) & (block.sums.n > 0))
