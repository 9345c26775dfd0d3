"""Counting records, leaf first: one scan to the finest cells, every wider group and unit rolled up from those.

A roll-up is a sparse matrix of ones times the matrix of leaf statistics: it says which leaf row belongs to which cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from scipy import sparse

from evenground.cube.leaves import Leaves, Units, leaf_query, leaves_from
from evenground.cube.plan import Cut, Plan
from evenground.definitions import Indicator
from evenground.engine import Engine
from evenground.model import CELLS, VALUE, group_key

_THREADS = 2
"""Cuts rolled up at a time: memory bandwidth, not arithmetic, is the limit."""


@dataclass(frozen=True)
class Wide:
    """The cells of one level and cut that have students: `unit` (period-unit pair), `group` (code of the cut) and their statistics.

    `counts` and `sums` have the columns of Leaves; `sizes` (rows x means) the sums of squared sizes of independent units.
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
                n, total, squares = table.counts[:, width + means], table.sums[:, 2 * means], table.sums[:, 2 * means + 1]
                sizes, means = table.sizes[:, means] if indicator.kind == "exposure" else None, means + 1
            rows = np.flatnonzero(n)
            if len(rows):
                there, sum_there = n[rows].astype(float), total[rows].astype(float)
                columns = [
                    _repeat(key, rows), _repeat(level, rows), ids[rows], periods[rows], groups[rows], there, sum_there, squares[rows].astype(float),
                    pa.nulls(len(rows), pa.float64()) if sizes is None else sizes[rows], sum_there / there, _repeat(VALUE, rows),
                ]
                yield pa.table([pa.array(column, field.type) for column, field in zip(columns, CELLS, strict=True)], schema=CELLS)

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
    tables: dict[tuple[str, Cut], Wide] = {}
    with ThreadPoolExecutor(_THREADS) as threads:
        for cut, levels in zip(plan.cuts, threads.map(lambda cut: _roll_cut(leaves, cut, base, plan.levels), plan.cuts), strict=True):
            tables.update({(level, cut): table for level, table in levels.items()})
    return Cube(plan.indicators, tables, leaves.units, leaves.labels)


def _roll_cut(leaves: Leaves, cut: Cut, base: str, levels: tuple[str, ...]) -> dict[str, Wide]:
    """One cut at every wanted level: leaf rows to the base level, then level by level up."""
    code, width = np.zeros(len(leaves.unit), dtype=np.int64), 1
    for dimension in cut:
        size = len(leaves.labels[dimension])
        code, width = code * size + leaves.codes[dimension], width * size
    table = _gather(leaves.unit, code, len(leaves.units[base].id), width, leaves.counts, leaves.sums, None)
    rolled = {base: table}
    upward = {"school": ("district", "state"), "district": ("state",)}[base]
    for lower, upper in zip((base, *upward), upward, strict=False):
        below = rolled[lower]
        parent = leaves.units[lower].parent[below.unit]
        rolled[upper] = _gather(parent, below.group, len(leaves.units[upper].id), width, below.counts, below.sums, below.sizes)
    return {level: table for level, table in rolled.items() if level in levels}


def _gather(unit: np.ndarray, group: np.ndarray, units: int, width: int, counts: np.ndarray, sums: np.ndarray, sizes: np.ndarray | None) -> Wide:
    """Sums the rows of each (unit, group); cells without students are left out."""
    rows = len(unit)
    cell = unit * np.int64(width) + group
    index = np.int32 if max(units * width, rows) < 2**31 else np.int64
    member = sparse.csc_array((np.ones(rows, dtype=counts.dtype), cell.astype(index), np.arange(rows + 1, dtype=index)), shape=(units * width, rows))
    counted = member @ counts
    there = np.flatnonzero(counted[:, 0])
    summed = (member.astype(np.float64) @ sums)[there] if sums.shape[1] else np.empty((len(there), 0))
    counted = counted[there]
    if sums.shape[1]:  # one unit of the base level is one independent unit of the size of its group
        size = (member.astype(np.float64) @ sizes)[there] if sizes is not None else counted[:, -sums.shape[1] // 2 :].astype(float) ** 2
    else:
        size = np.empty((len(there), 0))
    parent, code = np.divmod(there, width)
    return Wide(parent.astype(np.int32), code.astype(np.int32), counted, summed, size)


def _repeat(text: str, rows: np.ndarray) -> pa.Array:
    return pa.repeat(pa.scalar(text, pa.string()), len(rows))
