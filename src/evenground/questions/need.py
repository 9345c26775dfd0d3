"""Need: which part of the students of each place comes from families with low income, by public numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evenground.model import ALL
from evenground.questions.block import Block
from evenground.questions.scope import Scope

POOR = "economic_disadvantage:disadvantaged"
_ENROLLED = "enrolled"
_MEALS = "meals"


@dataclass(frozen=True)
class Need:
    """`share` of each place of one level, by its id."""

    share: dict[str, float]

    def of(self, units: np.ndarray) -> np.ndarray:
        """The share of each of these places; NaN where it is not known."""
        return np.array([self.share.get(unit, np.nan) for unit in units.tolist()], dtype=float)


def need_of(scope: Scope, level: str, period: str) -> Need | None:
    """Need at the places of `level` in a year: by the group of students over all enrolled, if it is counted;
    else by who can get school meals; else by the group over as many students as any indicator has.

    None where fewer than `fewest_places` places tell it, or chance was added.
    """
    best: tuple[tuple[int, float], Need] | None = None
    for key in scope.indicators:
        block = scope.block(key)
        if (
            scope.definitions.populations[block.indicator.over].thing is not None
            or block.sums.noise is not None
        ):
            continue
        count = _by_meals if key == _MEALS else _by_group
        share, students = count(block, (block.level == level) & (block.period == period))
        rank = (1 if key == _MEALS else 2 if block.indicator.over == _ENROLLED else 0, students)
        if len(share) >= scope.definitions.parameter("fewest_places") and (best is None or rank > best[0]):
            best = rank, Need(share)
    return best[1] if best else None


def _by_group(block: Block, here: np.ndarray) -> tuple[dict[str, float], float]:
    """The share of each place that is in the group, and the students of all of them."""
    rows = np.flatnonzero(here & (block.group == POOR) & ~np.isnan(block.sums.n) & (block.whole.n > 0))
    return _shares(block, rows, block.sums.n[rows], block.whole.n[rows])


def _by_meals(block: Block, here: np.ndarray) -> tuple[dict[str, float], float]:
    """The same of those who are counted among everybody."""
    rows = np.flatnonzero(here & (block.group == ALL) & ~np.isnan(block.sums.total) & (block.sums.n > 0))
    return _shares(block, rows, block.sums.total[rows], block.sums.n[rows])


def _shares(
    block: Block, rows: np.ndarray, poor: np.ndarray, students: np.ndarray
) -> tuple[dict[str, float], float]:
    sound = poor <= students  # a part that is more than the whole tells nothing
    units, share = block.unit[rows[sound]].tolist(), (poor[sound] / students[sound]).tolist()
    return dict(zip(units, share, strict=True)), float(students[sound].sum())


def everybody(block: Block, level: str, period: str) -> np.ndarray:
    """Rows of everybody at the places of a level in a year, with a number and students."""
    here = (block.level == level) & (block.period == period) & (block.group == ALL)
    return np.flatnonzero(here & np.isfinite(block.value) & (block.sums.n > 0))
