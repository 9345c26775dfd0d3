"""Leaf cells: the one scan over student-years, and its answer as codes and matrices."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from evenground.cube.plan import Plan
from evenground.definitions import Indicator
from evenground.engine import LeafQuery, exact_sum, literal

UNKNOWN = "unknown"
_THREADS = 2
_NAME = re.compile(r"^[a-z][a-z0-9_]*$")


@dataclass(frozen=True)
class Units:
    """The (period, unit) pairs of a level: `period[u]`, `id[u]` and `parent[u]`, the pair's place at the
    level above (-1: none)."""

    period: np.ndarray
    id: np.ndarray
    parent: np.ndarray


@dataclass(frozen=True)
class Leaves:
    """Leaf cells in columns.

    `unit[r]` is the (period, unit) pair of row r at the base level; `codes[d][r]` its value of dimension d
    (index into `labels[d]`). `counts` (rows x (1 + 2 rates + means)): the students of the row, then n and
    total of each rate, n of each mean. `sums` (rows x 2 means): total and sum of squares of each mean or
    exposure.
    """

    units: Mapping[str, Units]
    unit: np.ndarray
    codes: Mapping[str, np.ndarray]
    labels: Mapping[str, pa.Array]
    counts: np.ndarray
    sums: np.ndarray


def leaf_query(source: Path, plan: Plan, base: str) -> LeafQuery:
    """The one scan: school (or district) x period x every dimension of the plan."""
    aggregates = [("students", "COUNT(*)")]
    for index, indicator in enumerate(plan.indicators.values()):
        aggregates.extend(_aggregates(index, indicator))
    where = (
        "period IN (" + ", ".join(literal(period) for period in plan.periods) + ")" if plan.periods else None
    )
    return LeafQuery(source, (*_unit_keys(base), *plan.dimensions), tuple(aggregates), where)


def leaves_from(table: pa.Table, plan: Plan, base: str, state_id: str) -> Leaves:
    """The answer of the scan as codes and matrices. A missing value of a dimension is the value `unknown`."""
    names = (*_unit_keys(base), *plan.dimensions)
    with ThreadPoolExecutor(_THREADS) as threads:
        coded = dict(zip(names, threads.map(_encode, (table[name] for name in names)), strict=True))
    units, unit = _units(coded, base, state_id)
    whole = np.int32 if (pc.sum(table["students"]).as_py() or 0) < 2**31 else np.int64
    rates = [i for i, indicator in enumerate(plan.indicators.values()) if indicator.kind == "rate"]
    means = [i for i, indicator in enumerate(plan.indicators.values()) if indicator.kind != "rate"]
    counts = _matrix(
        table, ["students", *(f"{s}{i}" for i in rates for s in "nt"), *(f"n{i}" for i in means)], whole
    )
    sums = _matrix(table, [f"{s}{i}" for i in means for s in "tq"], np.float64)
    codes = {name: coded[name][0] for name in plan.dimensions}
    if means:  # an engine hands rows back in any order, and sums of fractions depend on it
        order = np.lexsort((*codes.values(), unit))
        unit, counts, sums = unit[order], counts[order], sums[order]
        codes = {name: column[order] for name, column in codes.items()}
    return Leaves(units, unit, codes, {name: coded[name][1] for name in plan.dimensions}, counts, sums)


def _aggregates(index: int, indicator: Indicator) -> Iterator[tuple[str, str]]:
    """n and total (and sum of squares of a mean) as SQL over student-years; a student without the outcome
    is not counted."""
    records = indicator.records
    if records is None:
        raise ValueError(f"{indicator.name.en} is not defined over records")
    for name in filter(None, (records.counted, records.over)):
        if not _NAME.match(name):
            raise ValueError(f"{name!r} is not a column name")
    x = records.counted
    if records.at_least is not None:
        x = f"(CASE WHEN {x} >= {records.at_least:g} THEN 1 WHEN {x} IS NOT NULL THEN 0 END)"
    conditions = [f"{records.over} = 1"] if records.over else []
    if records.grades:
        conditions.append("grade IN (" + ", ".join(literal(grade) for grade in records.grades) + ")")
    if conditions:
        x = f"(CASE WHEN {' AND '.join(conditions)} THEN {x} END)"
    yield f"n{index}", f"COUNT({x})"
    if indicator.kind == "rate":
        yield f"t{index}", f"CAST(COALESCE(SUM({x}), 0) AS BIGINT)"
        return
    yield f"t{index}", f"COALESCE({exact_sum(x)}, 0)"
    yield f"q{index}", f"COALESCE({exact_sum(f'{x} * {x}')}, 0)"


def _unit_keys(base: str) -> tuple[str, ...]:
    return ("period", "district_id", "school_id") if base == "school" else ("period", "district_id")


def _encode(column: pa.ChunkedArray) -> tuple[np.ndarray, pa.Array]:
    """Codes and labels, the labels in alphabetical order so that the same data give the same order."""
    encoded = pc.fill_null(column.cast(pa.string()), UNKNOWN).combine_chunks().dictionary_encode()
    order = pc.array_sort_indices(encoded.dictionary).to_numpy()
    place = np.empty(len(order), dtype=np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    return place[encoded.indices.to_numpy()], encoded.dictionary.take(pa.array(order))


def _units(
    coded: Mapping[str, tuple[np.ndarray, pa.Array]], base: str, state_id: str
) -> tuple[dict[str, Units], np.ndarray]:
    """The (period, unit) pairs of every level up from the base, and each row's pair at the base."""
    labels = {name: np.asarray(values.to_pylist(), dtype=object) for name, (_, values) in coded.items()}
    periods, districts = coded["period"][0].astype(np.int64), coded["district_id"][0]
    pair = periods * len(labels["district_id"]) + districts
    district_pairs, row_district = np.unique(pair, return_inverse=True)
    district_period, district_id = np.divmod(district_pairs, len(labels["district_id"]))
    states, district_state = np.unique(district_period, return_inverse=True)
    levels = {
        "state": Units(
            labels["period"][states], np.full(len(states), state_id, dtype=object), np.full(len(states), -1)
        ),
        "district": Units(
            labels["period"][district_period], labels["district_id"][district_id], district_state
        ),
    }
    if base == "district":
        return levels, row_district
    _, first, row_school = np.unique(
        row_district * np.int64(len(labels["school_id"])) + coded["school_id"][0],
        return_index=True,
        return_inverse=True,
    )
    levels["school"] = Units(
        levels["district"].period[row_district[first]],
        labels["school_id"][coded["school_id"][0][first]],
        row_district[first],
    )
    return levels, row_school


def _matrix(table: pa.Table, names: list[str], dtype: type) -> np.ndarray:
    matrix = np.empty((table.num_rows, len(names)), dtype=dtype)
    for place, name in enumerate(names):
        matrix[:, place] = table[name].combine_chunks().to_numpy(zero_copy_only=False)
    return matrix
