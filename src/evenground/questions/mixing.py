"""Students by school and group, as the protected cells of one indicator tell them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from evenground.model import HIDDEN, VALUE, parse_group
from evenground.questions.block import Block
from evenground.questions.scope import Scope

_UNKNOWN = "unknown"
_ENROLLED = "enrolled"  # the population of everybody on census day


@dataclass(frozen=True)
class Mixing:
    """One year: students of each school by group, with what is known of the hidden ones.

    All arrays have a row a cell. `low` and `high` are equal where a count is public; a hidden one lies
    between 0 and what its school has beyond the public ones. `total` is everybody of the school. Schools of
    which a count is missing, not hidden, are left out.
    """

    unit: np.ndarray
    group: np.ndarray
    low: np.ndarray
    high: np.ndarray
    total: np.ndarray

    @property
    def hidden(self) -> np.ndarray:
        """True for the cells of schools in which something is hidden."""
        _, place = np.unique(self.unit, return_inverse=True)
        return np.asarray(np.bincount(place, weights=self.high > self.low)[place] > 0)

    @property
    def shown(self) -> Mixing:
        """The schools in which nothing is hidden."""
        kept = ~self.hidden
        columns = (self.unit, self.group, self.low, self.high, self.total)
        return Mixing(*(column[kept] for column in columns))

    @property
    def schools(self) -> int:
        return len(np.unique(self.unit))

    @property
    def students(self) -> float:
        """Everybody of these schools."""
        _, first = np.unique(self.unit, return_index=True)
        return float(self.total[first].sum())


def widest(scope: Scope, dimension: str) -> Block | None:
    """The indicator whose schools have the most students by group: of all who are enrolled, if one is counted
    over them, else of whichever students are counted; the first of the definitions of several with as many.
    None where schools do not tell, or chance was added.
    """
    if "noise" in scope.cells.column_names:
        return None
    students = _students(scope.cells, dimension)
    found: list[tuple[bool, float, int]] = []
    for at, key in enumerate(scope.indicators):
        over = scope.definitions.indicators[key].over
        n = students.get((key, scope.latest[key]), 0.0)
        if n > 0 and scope.definitions.populations[over].thing is None:
            found.append((over == _ENROLLED, n, -at))
    return scope.block(scope.indicators[-max(found)[2]]) if found else None


def _students(cells: pa.Table, dimension: str) -> dict[tuple[str, str], float]:
    """Students of schools by group, for each (indicator, period)."""
    group = cells["group"]
    kept = pc.and_(pc.equal(cells["unit_level"], "school"), pc.starts_with(group, f"{dimension}:"))
    kept = pc.and_(kept, pc.invert(pc.match_substring(group, "+")))
    table = cells.select(["indicator", "period", "n"]).filter(pc.and_(kept, pc.equal(cells["state"], VALUE)))
    sums = table.group_by(["indicator", "period"]).aggregate([("n", "sum")])
    keys = zip(sums["indicator"].to_pylist(), sums["period"].to_pylist(), strict=True)
    return dict(zip(keys, (n or 0.0 for n in sums["n_sum"].to_pylist()), strict=True))


def mixing(block: Block, period: str, dimension: str) -> Mixing:
    """The schools of one year."""
    rows = _cells(block, period, dimension)
    n, total, hidden = block.sums.n[rows], block.whole.n[rows], block.state[rows] == HIDDEN
    unit = block.unit[rows].astype(str)
    _, place = np.unique(unit, return_inverse=True)
    missing = np.bincount(place, weights=(np.isnan(n) & ~hidden) | np.isnan(total))[place] > 0
    public = np.bincount(place, weights=np.nan_to_num(n))[place]
    low, high = np.nan_to_num(n), np.where(np.isnan(n), np.maximum(total - public, 0.0), n)
    kept = ~missing
    return Mixing(unit[kept], block.group[rows][kept].astype(str), low[kept], high[kept], total[kept])


def _cells(block: Block, period: str, dimension: str) -> np.ndarray:
    """Rows of the schools' groups of a dimension, without those of whom it is not known."""
    found = np.flatnonzero(
        (block.level == "school") & (block.period == period) & (block.dimension == dimension)
    )
    named = {group: parse_group(group)[0][1] != _UNKNOWN for group in set(block.group[found].tolist())}
    return found[[named[group] for group in block.group[found]]]
