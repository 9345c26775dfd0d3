"""Which gaps to look at first: certain after control of false discoveries, then by how much of what happens
to everybody they are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from evenground.definitions import Definitions
from evenground.measures import Estimate, benjamini_hochberg, p_of_estimate
from evenground.measures.priority import importance, order
from evenground.model import ALL, VALUE, Unit, parse_group
from evenground.questions.columns import UNKNOWN

Cell = tuple[str, ...]

_COLUMNS = ("unit_level", "unit_id", "indicator", "period", "group", "measure", "state", "direction")


@dataclass(frozen=True)
class Cells:
    """Students of everybody at each (level, unit, indicator, period), and the level of each group there."""

    people: Mapping[Cell, float]
    levels: Mapping[Cell, float]


def ranked(
    findings: pa.Table,
    cells: Cells,
    level: str,
    latest: Mapping[str, str],
    definitions: Definitions,
    among: Collection[tuple[str, str]] | None = None,
) -> pa.Table:
    """`rank` filled in on the unfavourable `difference` rows of the latest periods that are certain, for each
    unit of `level` by itself; never a score for a school. `among`: only these (indicator, group).

    A group that is nearly everybody, or only the rest of another group, gets no rank: its gap is the other
    group's, told backwards. Neither do students of whom the dimension is not known. What joins several groups
    comes after them.
    """
    columns = {name: np.asarray(findings[name].to_pylist(), dtype=object) for name in _COLUMNS}
    value, low, high, n = (
        findings[name].combine_chunks().to_numpy(zero_copy_only=False)
        for name in ("value", "low", "high", "n")
    )
    now = np.array([latest.get(key) for key in columns["indicator"]], dtype=object) == columns["period"]
    here = now & (columns["unit_level"] == level) & (columns["state"] == VALUE)
    rows = np.flatnonzero(here & (columns["measure"] == "difference") & ~np.isnan(low))
    keys = _keys(columns, rows)
    everybody = np.array([cells.people.get(key[:4], np.nan) for key in keys])
    own = np.array([cells.levels.get(key, np.nan) for key in keys])
    part = n[rows] / everybody
    behind = np.where(columns["direction"][rows] == "lower", value[rows] > 0, value[rows] < 0) & (
        columns["direction"][rows] != "neutral"
    )
    share = np.array([definitions.indicators[key].unit == "share" for key in columns["indicator"][rows]])
    joined = _any_value(columns["group"][rows], lambda name, _: definitions.dimensions[name].joins)
    weights = np.where(joined, 0.0, importance(own, own - value[rows], part, share))
    can = (
        behind
        & (n[rows] >= definitions.parameter("minimum_verdict_n"))
        & ~(part > definitions.parameter("largest_part_ranked"))
        & ~_any_value(columns["group"][rows], lambda name, key: key in definitions.dimensions[name].rests)
        & ~_any_value(columns["group"][rows], lambda _, key: key == UNKNOWN)
    )
    if among is not None:
        can &= np.array([(key[2], key[4]) in among for key in keys], dtype=bool)
    gap = Estimate(low=low[rows], high=high[rows], value=value[rows])
    chance = p_of_estimate(gap, definitions.parameter("confidence"))
    rank = np.zeros(findings.num_rows, dtype=np.int32)
    for mine in _by_unit(columns["unit_id"][rows]):
        found = benjamini_hochberg(chance[mine], definitions.parameter("false_discovery_rate")).certain
        certain = found & can[mine]
        places = order(weights[mine], certain)
        kept = mine[certain][np.argsort(places[certain], kind="stable")]
        rank[rows[kept]] = np.arange(1, len(kept) + 1)
    column = pa.array(rank, pa.int32(), mask=rank == 0)
    return findings.set_column(findings.schema.get_field_index("rank"), findings.schema.field("rank"), column)


def _keys(columns: Mapping[str, np.ndarray], rows: np.ndarray) -> list[Cell]:
    return list(zip(*(columns[name][rows].tolist() for name in _COLUMNS[:5]), strict=True))


def _by_unit(units: np.ndarray) -> Iterator[np.ndarray]:
    """The places in the array of each unit's rows."""
    if len(units):
        _, number = np.unique(units.astype(str), return_inverse=True)
        in_order = np.argsort(number, kind="stable")
        yield from np.split(in_order, np.flatnonzero(np.diff(number[in_order])) + 1)


def _any_value(groups: np.ndarray, holds: Callable[[str, str], bool]) -> np.ndarray:
    """For each group key whether one of its (dimension, value) pairs holds."""
    return np.array([any(holds(*pair) for pair in parse_group(group)) for group in groups], dtype=bool)


def latest_periods(cells: pa.Table, unit: Unit, period: str | None) -> dict[str, str]:
    """For each indicator the last period (up to `period`) in which the unit's everybody is known."""
    mine = cells.filter(
        pc.and_(
            pc.and_(pc.equal(cells["unit_level"], unit.level), pc.equal(cells["unit_id"], unit.id)),
            pc.and_(pc.equal(cells["group"], "all"), pc.equal(cells["state"], VALUE)),
        )
    )
    latest: dict[str, str] = {}
    for key, when in zip(mine["indicator"].to_pylist(), mine["period"].to_pylist(), strict=True):
        if (period is None or when <= period) and when > latest.get(key, ""):
            latest[key] = when
    return latest


def cells_of(cells: pa.Table, level: str) -> Cells:
    """What the cells of the units of a level say of a group, and of everybody beside it."""
    kept = cells.filter(pc.and_(pc.equal(cells["unit_level"], level), pc.equal(cells["state"], VALUE)))
    keys = list(zip(*(kept[name].to_pylist() for name in _COLUMNS[:5]), strict=True))
    people = {
        key[:4]: n
        for key, n in zip(keys, kept["n"].to_pylist(), strict=True)
        if key[4] == ALL and n is not None
    }
    return Cells(people, dict(zip(keys, kept["value"].to_pylist(), strict=True)))
