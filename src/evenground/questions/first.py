"""Which gaps to look at first: certain after control of false discoveries, then by the students behind
them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from evenground.definitions import Definitions
from evenground.measures import Estimate, benjamini_hochberg, p_of_estimate
from evenground.measures.priority import order
from evenground.model import ALL, VALUE, Unit, parse_group

Cell = tuple[str, ...]

_COLUMNS = ("unit_level", "unit_id", "indicator", "period", "group", "measure", "state", "direction")


def ranked(
    findings: pa.Table,
    people: Mapping[Cell, float],
    level: str,
    latest: Mapping[str, str],
    definitions: Definitions,
) -> pa.Table:
    """`rank` filled in on the unfavourable `difference` rows of the latest periods that are certain, for each
    unit of `level` by itself; never a score for a school.

    `people`: students of everybody at each (level, unit, indicator, period). A group that is nearly
    everybody, or only the rest of another group, gets no rank: its gap is the other group's, told backwards.
    """
    columns = {name: np.asarray(findings[name].to_pylist(), dtype=object) for name in _COLUMNS}
    value, low, high, n = (
        findings[name].combine_chunks().to_numpy(zero_copy_only=False)
        for name in ("value", "low", "high", "n")
    )
    now = np.array([latest.get(key) for key in columns["indicator"]], dtype=object) == columns["period"]
    here = now & (columns["unit_level"] == level) & (columns["state"] == VALUE)
    rows = np.flatnonzero(here & (columns["measure"] == "difference") & ~np.isnan(low))
    everybody = np.array([people.get(key, np.nan) for key in _keys(columns, rows, _COLUMNS[:4])])
    part = n[rows] / everybody
    behind = np.where(columns["direction"][rows] == "lower", value[rows] > 0, value[rows] < 0) & (
        columns["direction"][rows] != "neutral"
    )
    students = np.where(behind, _students(columns, value, here, rows, part, definitions), 0.0)
    can = (
        behind
        & (n[rows] >= definitions.parameter("minimum_verdict_n"))
        & ~(part > definitions.parameter("largest_part_ranked"))
        & ~_is_rest(columns["group"][rows], definitions)
    )
    gap = Estimate(low=low[rows], high=high[rows], value=value[rows])
    chance = p_of_estimate(gap, definitions.parameter("confidence"))
    rank = np.zeros(findings.num_rows, dtype=np.int32)
    for mine in _by_unit(columns["unit_id"][rows]):
        found = benjamini_hochberg(chance[mine], definitions.parameter("false_discovery_rate")).certain
        certain = found & can[mine]
        places = order(gap.value[mine], students[mine], certain).rank
        kept = mine[certain][np.argsort(places[certain], kind="stable")]
        rank[rows[kept]] = np.arange(1, len(kept) + 1)
    column = pa.array(rank, pa.int32(), mask=rank == 0)
    return findings.set_column(findings.schema.get_field_index("rank"), findings.schema.field("rank"), column)


def _students(
    columns: Mapping[str, np.ndarray],
    value: np.ndarray,
    here: np.ndarray,
    rows: np.ndarray,
    part: np.ndarray,
    definitions: Definitions,
) -> np.ndarray:
    """Students to parity of each row: everybody moves along, except where the group is most of everybody."""
    still, moving = (
        dict(zip(_keys(columns, found, _GAP), value[found], strict=True))
        for measure in ("needed_fixed", "needed_moving")
        for found in (np.flatnonzero(here & (columns["measure"] == measure)),)
    )
    large = part > definitions.parameter("largest_part_moving")
    keys = _keys(columns, rows, _GAP)
    return np.array(
        [(still if most else moving).get(key, 0.0) for key, most in zip(keys, large, strict=True)]
    )


_GAP = ("unit_level", "unit_id", "indicator", "period", "group")


def _keys(columns: Mapping[str, np.ndarray], rows: np.ndarray, names: Sequence[str]) -> list[Cell]:
    return list(zip(*(columns[name][rows].tolist() for name in names), strict=True))


def _by_unit(units: np.ndarray) -> Iterator[np.ndarray]:
    """The places in the array of each unit's rows."""
    if len(units):
        _, number = np.unique(units.astype(str), return_inverse=True)
        in_order = np.argsort(number, kind="stable")
        yield from np.split(in_order, np.flatnonzero(np.diff(number[in_order])) + 1)


def _is_rest(groups: np.ndarray, definitions: Definitions) -> np.ndarray:
    """Groups with a value that is only everybody else: students who are not migrant."""
    dimensions = definitions.dimensions
    return np.array(
        [
            any(name in dimensions and key in dimensions[name].rests for name, key in parse_group(group))
            for group in groups
        ],
        dtype=bool,
    )


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


def people_of(cells: pa.Table, level: str) -> dict[Cell, float]:
    """Students of everybody at each (level, unit, indicator, period), where that is published."""
    kept = cells.filter(
        pc.and_(
            pc.equal(cells["unit_level"], level),
            pc.and_(pc.equal(cells["group"], ALL), pc.is_valid(cells["n"])),
        )
    )
    columns = (kept[name].to_pylist() for name in (*_COLUMNS[:4], "n", "state"))
    return {(*key,): n for *key, n, state in zip(*columns, strict=True) if state == VALUE}
