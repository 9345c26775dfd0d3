"""Which gaps to look at first: certain after control of false discoveries, then by the students behind
them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from evenground.definitions import Definitions
from evenground.measures import Estimate, benjamini_hochberg, p_of_estimate
from evenground.measures.priority import order
from evenground.model import ALL, VALUE, Unit, parse_group

_LEVELS = ("rate", "mean")


def ranked(findings: pa.Table, unit: Unit, latest: dict[str, str], definitions: Definitions) -> pa.Table:
    """`rank` filled in on the unfavourable `difference` rows of the unit's latest periods that are certain;
    never a score for a school. A group that is nearly everybody, or only the rest of another group, gets no
    rank: its gap is the other group's, told backwards."""
    columns = {
        name: np.asarray(findings[name].to_pylist(), dtype=object)
        for name in (
            "measure",
            "unit_level",
            "unit_id",
            "indicator",
            "period",
            "state",
            "direction",
            "group",
            "reference",
        )
    }
    value, low, high, n = (
        findings[name].combine_chunks().to_numpy(zero_copy_only=False)
        for name in ("value", "low", "high", "n")
    )
    at_latest = np.array(
        [
            latest.get(key) == period
            for key, period in zip(columns["indicator"], columns["period"], strict=True)
        ],
        dtype=bool,
    )
    here = (
        (columns["unit_level"] == unit.level)
        & (columns["unit_id"] == unit.id)
        & at_latest
        & (columns["state"] == VALUE)
    )
    unfavourable = np.where(columns["direction"] == "lower", value > 0, value < 0) & (
        columns["direction"] != "neutral"
    )
    rows = np.flatnonzero(here & (columns["measure"] == "difference") & ~np.isnan(low))
    everybody = {
        columns["indicator"][row]: n[row]
        for row in np.flatnonzero(here & (columns["group"] == ALL) & np.isin(columns["measure"], _LEVELS))
    }
    part = np.array([n[row] / everybody.get(columns["indicator"][row], np.nan) for row in rows])
    still, moving = (
        {
            (columns["indicator"][row], columns["group"][row]): value[row]
            for row in np.flatnonzero(here & (columns["measure"] == measure))
        }
        for measure in ("needed_fixed", "needed_moving")
    )
    needed = [still if large else moving for large in part > definitions.parameter("largest_part_moving")]
    students = np.array(
        [
            known.get((columns["indicator"][row], columns["group"][row]), 0.0) if unfavourable[row] else 0.0
            for row, known in zip(rows, needed, strict=True)
        ]
    )
    gap = Estimate(low=low[rows], high=high[rows], value=value[rows])
    certain = (
        benjamini_hochberg(
            p_of_estimate(gap, definitions.parameter("confidence")),
            definitions.parameter("false_discovery_rate"),
        ).certain
        & unfavourable[rows]
        & (n[rows] >= definitions.parameter("minimum_verdict_n"))
        & ~(part > definitions.parameter("largest_part_ranked"))
        & ~_is_rest(columns["group"][rows], definitions)
    )
    places = order(gap.value, students, certain)
    rank = np.zeros(findings.num_rows, dtype=np.int32)
    rank[rows[certain]] = places.rank[certain]
    dense = np.zeros_like(rank)
    kept = np.flatnonzero(rank)
    dense[kept[np.argsort(rank[kept], kind="stable")]] = np.arange(1, len(kept) + 1)
    column = pa.array(dense, pa.int32(), mask=dense == 0)
    return findings.set_column(findings.schema.get_field_index("rank"), findings.schema.field("rank"), column)


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
