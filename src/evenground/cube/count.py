"""Counting records, leaf first: one scan to the finest cells, every wider group and unit rolled up from
those.

A roll-up is a sparse matrix of ones times the matrix of leaf statistics: it says which leaf row belongs to
which cell.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
from scipy import sparse

from evenground.cube.leaves import Leaves, Units, leaf_query, leaves_from
from evenground.cube.plan import Cut, Plan
from evenground.definitions import Indicator
from evenground.engine import Engine
from evenground.model import CELLS, VALUE, group_key

_DENSE = 64
"""Where so many times more groups are possible than there are rows, those that occur are found by sorting."""
_THREADS = 2
"""Cuts rolled up at a time: beyond two, memory is the limit."""


@dataclass(frozen=True)
class Wide:
    """The cells of one level and cut that have students: `unit` (period-unit pair), `group` (code of the
    cut) and their statistics.

    `counts` and `sums` have the columns of Leaves; `sizes` (rows x means) the sums of squared sizes of
    independent units.
    """

    unit: np.ndarray
    group: np.ndarray
    counts: np.ndarray
    sums: np.ndarray
    sizes: np.ndarray


@dataclass(frozen=True)
class Cube:
    """Every wanted (level, cut), columnar and in codes; `cells()` spells them out."""

    indicators: Mapping[str, Indicator]
    tables: Mapping[tuple[str, Cut], Wide]
    units: Mapping[str, Units]
    labels: Mapping[str, pa.Array]

    @property
    def size(self) -> int:
        """How many (unit, period, group) rows there are, each with the statistics of every indicator."""
        return sum(len(table.unit) for table in self.tables.values())

    def cells(self) -> pa.Table:
        """model.CELLS: one row a cell; cells in which nobody is counted are left out."""
        parts = [part for place, table in self.tables.items() for part in self._spell(*place, table)]
        return pa.concat_tables(parts).combine_chunks() if parts else CELLS.empty_table()

    def _spell(self, level: str, cut: Cut, table: Wide) -> Iterator[pa.Table]:
        groups, units = self._groups(cut, table.group), self.units[level]
        ids, periods = units.id[table.unit], units.period[table.unit]
        rates = means = 0
        width = 1 + 2 * sum(indicator.kind == "rate" for indicator in self.indicators.values())
        for key, indicator in self.indicators.items():
            if indicator.kind == "rate":
                n, total = table.counts[:, 1 + 2 * rates], table.counts[:, 2 + 2 * rates]
                squares, sizes, rates = total, None, rates + 1
            else:
                n, total, squares = (
                    table.counts[:, width + means],
                    table.sums[:, 2 * means],
                    table.sums[:, 2 * means + 1],
                )
                sizes, means = table.sizes[:, means] if indicator.kind == "exposure" else None, means + 1
            rows = np.flatnonzero(n)
            if len(rows):
                there, sum_there = n[rows].astype(float), total[rows].astype(float)
                columns = [
                    _repeat(key, rows),
                    _repeat(level, rows),
                    ids[rows],
                    periods[rows],
                    groups[rows],
                    there,
                    sum_there,
                    squares[rows].astype(float),
                    pa.nulls(len(rows), pa.float64()) if sizes is None else sizes[rows],
                    sum_there / there,
                    _repeat(VALUE, rows),
                ]
                yield pa.table(
                    [pa.array(column, field.type) for column, field in zip(columns, CELLS, strict=True)],
                    schema=CELLS,
                )

    def _groups(self, cut: Cut, codes: np.ndarray) -> np.ndarray:
        """The group key of each row; each distinct group is spelled once."""
        distinct, inverse = np.unique(codes, return_inverse=True)
        spelled = np.empty(len(distinct), dtype=object)
        for place, code in enumerate(distinct.tolist()):
            parts = []
            for dimension in reversed(cut):
                code, value = divmod(code, len(self.labels[dimension]))
                parts.append((dimension, self.labels[dimension][value].as_py()))
            spelled[place] = group_key(parts)
        return spelled[inverse]


def count(engine: Engine, source: Path, plan: Plan, state_id: str = "state") -> Cube:
    """Counts student-years: one GROUP BY on the engine, the rest here."""
    exposures = any(indicator.kind == "exposure" for indicator in plan.indicators.values())
    base = "school" if "school" in plan.levels or exposures else "district"
    leaves = leaves_from(engine.leaves(leaf_query(source, plan, base)), plan, base, state_id)
    if base == "district" or "school" in plan.levels:
        rolled = _roll(leaves, plan.cuts, base)
    else:
        rolled = _roll_without_schools(leaves, plan.cuts)
    tables = {(level, cut): rolled[cut][level] for cut in plan.cuts for level in plan.levels}
    return Cube(plan.indicators, tables, leaves.units, leaves.labels)


def _roll_without_schools(leaves: Leaves, cuts: tuple[Cut, ...]) -> dict[Cut, dict[str, Wide]]:
    """Districts and state where schools are counted only for their sizes: schools give up all but those."""
    everything = tuple(leaves.codes)
    code = _coded(leaves, everything, leaves.codes, len(leaves.unit))
    parent, width = leaves.units["school"].parent[leaves.unit], _width(leaves, everything)
    merged = _gather(parent, code, len(leaves.units["district"].id), width, leaves.counts, leaves.sums, None)
    codes = _values(leaves, everything, merged.group)
    districts = replace(leaves, unit=merged.unit, codes=codes, counts=merged.counts, sums=merged.sums)
    members = np.ascontiguousarray(leaves.counts[:, -(leaves.sums.shape[1] // 2) :])
    slim = replace(leaves, counts=members, sums=np.zeros(leaves.sums.shape, dtype=np.int8))
    sizes, rolled = _roll(slim, cuts, "school"), _roll(districts, cuts, "district")
    return {
        cut: {level: replace(table, sizes=sizes[cut][level].sizes) for level, table in levels.items()}
        for cut, levels in rolled.items()
    }


def _roll(leaves: Leaves, wanted: tuple[Cut, ...], base: str) -> dict[Cut, dict[str, Wide]]:
    """Every cut at every level from the base up, the deepest cuts first."""
    rolled: dict[Cut, dict[str, Wide]] = {}
    with ThreadPoolExecutor(_THREADS) as threads:  # the sparse products let other threads run
        for depth in sorted({len(cut) for cut in wanted}, reverse=True):
            cuts = [cut for cut in dict.fromkeys(wanted) if len(cut) == depth]
            finer = {cut: levels[base] for cut, levels in rolled.items()}
            found = threads.map(partial(_roll_cut, leaves, base=base, finer=finer), cuts)
            rolled.update(zip(cuts, found, strict=True))
    return rolled


def _roll_cut(leaves: Leaves, cut: Cut, base: str, finer: Mapping[Cut, Wide]) -> dict[str, Wide]:
    """One cut at every level: from the smallest finer table that has its dimensions, else from the leaves."""
    holds = [other for other in finer if set(cut) < set(other)]
    if not holds:
        return _upward(leaves, cut, _of_leaves(leaves, cut, base), base)
    other = min(holds, key=lambda held: len(finer[held].unit))
    return _upward(leaves, cut, _of_finer(leaves, cut, finer[other], other, base), base)


def _of_leaves(leaves: Leaves, cut: Cut, base: str) -> Wide:
    code = _coded(leaves, cut, {dimension: leaves.codes[dimension] for dimension in cut}, len(leaves.unit))
    return _gather(
        leaves.unit, code, len(leaves.units[base].id), _width(leaves, cut), leaves.counts, leaves.sums, None
    )


def _of_finer(leaves: Leaves, cut: Cut, table: Wide, finer: Cut, base: str) -> Wide:
    """The same as from the leaves, from the cells of a cut that has every dimension of this one, and more."""
    code = _coded(leaves, cut, _values(leaves, finer, table.group), len(table.unit))
    return _gather(
        table.unit, code, len(leaves.units[base].id), _width(leaves, cut), table.counts, table.sums, None
    )


def _upward(leaves: Leaves, cut: Cut, table: Wide, base: str) -> dict[str, Wide]:
    """One cut at every level from the base up."""
    rolled, upward = {base: table}, {"school": ("district", "state"), "district": ("state",)}[base]
    for lower, upper in zip((base, *upward), upward, strict=False):
        below = rolled[lower]
        parent = leaves.units[lower].parent[below.unit]
        rolled[upper] = _gather(
            parent,
            below.group,
            len(leaves.units[upper].id),
            _width(leaves, cut),
            below.counts,
            below.sums,
            below.sizes,
        )
    return rolled


def _coded(leaves: Leaves, cut: Cut, values: Mapping[str, np.ndarray], rows: int) -> np.ndarray:
    """One number a row for its values of the dimensions of a cut, the last of them fastest."""
    code = np.zeros(rows, dtype=np.int32 if _width(leaves, cut) < 2**31 else np.int64)
    for dimension in cut:
        code = code * len(leaves.labels[dimension]) + values[dimension]
    return code


def _values(leaves: Leaves, cut: Cut, code: np.ndarray) -> dict[str, np.ndarray]:
    """The values of the dimensions of a cut that these numbers stand for."""
    values = {}
    for dimension in reversed(cut):
        code, values[dimension] = np.divmod(code, len(leaves.labels[dimension]))
    return values


def _width(leaves: Leaves, cut: Cut) -> int:
    """How many groups a cut can have."""
    return math.prod(len(leaves.labels[dimension]) for dimension in cut)


def _gather(
    unit: np.ndarray,
    group: np.ndarray,
    units: int,
    width: int,
    counts: np.ndarray,
    sums: np.ndarray,
    sizes: np.ndarray | None,
) -> Wide:
    """Sums the rows of each (unit, group) that has any.

    `sizes` are those of the rows, to be added up; without them a (unit, group) is one independent unit of
    the size of its group.
    """
    cell = unit * np.int64(width) + group
    if units * width > _DENSE * max(len(cell), 1):
        cells, place = np.unique(cell, return_inverse=True)
    else:
        held = np.zeros(units * width, dtype=bool)
        held[cell] = True
        cells = np.flatnonzero(held)
        numbered = np.zeros(units * width, dtype=np.int32)
        numbered[cells] = np.arange(len(cells), dtype=np.int32)
        place = numbered[cell]
    rows = len(cell)
    spots = (place.astype(np.int32, copy=False), np.arange(rows + 1, dtype=np.int32))

    def summed(columns: np.ndarray) -> np.ndarray:
        member = sparse.csc_array((np.ones(rows, dtype=columns.dtype), *spots), shape=(len(cells), rows))
        return np.asarray(member @ columns)

    counted, means = summed(counts), sums.shape[1] // 2
    size = summed(sizes) if sizes is not None else counted[:, counted.shape[1] - means :].astype(float) ** 2
    parent, code = np.divmod(cells, width)
    return Wide(parent.astype(np.int32), code, counted, summed(sums), size)


def _repeat(text: str, rows: np.ndarray) -> pa.Array:
    return pa.repeat(pa.scalar(text, pa.string()), len(rows))
