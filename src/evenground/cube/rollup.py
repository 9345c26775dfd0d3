"""Rolling published counts up: what a publisher left out is filled in where that is sound, and never worked back."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import duckdb
import pyarrow as pa

from evenground.cube.plan import Cut
from evenground.definitions import Definitions
from evenground.engine import connect
from evenground.model import ALL, CELLS, group_key

_STATISTICS = "n, total, total_sq, weight_sq, value, state"


@dataclass(frozen=True)
class RollUp:
    """The cells, and for how many of them some part was hidden by the publisher (they sum the parts that are published)."""

    cells: pa.Table
    partial: int


def roll_up(leaves: pa.Table, units: pa.Table, cuts: tuple[Cut, ...], definitions: Definitions, families_complete: bool, periods: tuple[str, ...] = ()) -> RollUp:
    """model.CELLS of the wanted cuts at every level, from published rows of any mixture of levels and cuts.

    A published row always wins. Where there is none, a group is summed over the values of one more dimension, if families are complete
    (absent rows are zero) and no part is hidden; and a unit is summed over its parts that publish the group. A rate without n is never summed.
    """
    dimensions = tuple(name for name in leaves.column_names if name in definitions.dimensions)
    connection = connect()
    connection.register("published", leaves)
    connection.register("units", units)
    wanted_periods = ", ".join(f"'{period}'" for period in periods)
    connection.execute(
        "CREATE TEMP TABLE cells AS SELECT *, FALSE AS partial FROM published" + (f" WHERE period IN ({wanted_periods})" if periods else "")
    )
    if families_complete:
        for cut in sorted(_held_cuts(connection, dimensions), key=len, reverse=True):
            for dimension in cut:
                if definitions.dimensions[dimension].complete and not definitions.dimensions[dimension].overlapping:
                    _sum_over(connection, dimensions, cut, dimension)
    for parent, child in (("district", "school"), ("state", "district")):
        _sum_units(connection, dimensions, parent, child)
    return _spell(connection, dimensions, cuts)


def _held_cuts(connection: duckdb.DuckDBPyConnection, dimensions: tuple[str, ...]) -> list[Cut]:
    """The cuts that are published, and every narrower one that can be reached from them."""
    if not dimensions:
        return []
    flags = ", ".join(f"{dimension} IS NOT NULL" for dimension in dimensions)
    rows = connection.execute(f"SELECT DISTINCT {flags} FROM cells").fetchall()
    held = [tuple(dimension for dimension, present in zip(dimensions, row, strict=True) if present) for row in rows]
    return list({part for cut in held for size in range(1, len(cut) + 1) for part in combinations(cut, size)})


def _sum_over(connection: duckdb.DuckDBPyConnection, dimensions: tuple[str, ...], cut: Cut, dimension: str) -> None:
    """Adds the cells of `cut` less `dimension` where they are not there yet."""
    rest = [name for name in dimensions if name in cut and name != dimension]
    keys = ["indicator", "unit_level", "unit_id", "period"]
    columns = ", ".join([*keys, *(name if name in rest else f"NULL AS {name}" for name in dimensions)])
    inside = " AND ".join(f"{name} IS {'NOT ' if name in cut else ''}NULL" for name in dimensions)
    same = " AND ".join([f"old.{key} = new.{key}" for key in keys] + [f"old.{name} IS NOT DISTINCT FROM new.{name}" for name in dimensions])
    connection.execute(f"""
        INSERT INTO cells
        WITH new AS (
            SELECT {columns}, {_totals('FALSE')}, FALSE AS partial
            FROM cells WHERE {inside} GROUP BY {', '.join([*keys, *rest])}
            HAVING COUNT(*) FILTER (state <> 'value' OR n IS NULL) = 0
        )
        SELECT new.* FROM new ANTI JOIN cells AS old ON {same}
    """)


def _sum_units(connection: duckdb.DuckDBPyConnection, dimensions: tuple[str, ...], parent: str, child: str) -> None:
    """Adds the cells of `parent` units from their parts where they are not there yet. Parts that are not a value are left out and counted."""
    groups = "".join(f", cells.{name}" for name in dimensions)
    same = " AND ".join(
        ["old.indicator = new.indicator", "old.unit_level = new.unit_level", "old.unit_id = new.unit_id", "old.period = new.period"]
        + [f"old.{name} IS NOT DISTINCT FROM new.{name}" for name in dimensions]
    )
    connection.execute(f"""
        INSERT INTO cells
        WITH new AS (
            SELECT cells.indicator, '{parent}' AS unit_level, units.parent_id AS unit_id, cells.period{groups},
                   {_totals('TRUE')}, BOOL_OR(state <> 'value' OR n IS NULL) AS partial
            FROM cells JOIN units ON cells.unit_level = units.unit_level AND cells.unit_id = units.unit_id
            WHERE cells.unit_level = '{child}' AND units.parent_id IS NOT NULL
            GROUP BY cells.indicator, units.parent_id, cells.period{groups}
            HAVING COUNT(*) FILTER (state = 'value' AND n IS NOT NULL) > 0
        )
        SELECT new.* FROM new ANTI JOIN cells AS old ON {same}
    """)


def _totals(across_units: str) -> str:
    """The statistics of a sum of cells. Squared sizes of independent units add across units only; within one unit its groups join."""
    held = "FILTER (state = 'value' AND n IS NOT NULL)"
    joined = f"SUM(weight_sq) {held}" if across_units == "TRUE" else f"CASE WHEN COUNT(weight_sq) > 0 THEN POWER(SUM(n) {held}, 2) END"
    return (
        f"SUM(n) {held} AS n, SUM(total) {held} AS total, SUM(total_sq) {held} AS total_sq, {joined} AS weight_sq, "
        f"SUM(total) {held} / SUM(n) {held} AS value, 'value' AS state"
    )


def _spell(connection: duckdb.DuckDBPyConnection, dimensions: tuple[str, ...], cuts: tuple[Cut, ...]) -> RollUp:
    """The wanted cuts with their group keys written out."""
    columns = ", ".join(dimensions)
    keep = " OR ".join(
        "(" + " AND ".join(f"{name} IS {'NOT ' if name in cut else ''}NULL" for name in dimensions) + ")" for cut in cuts if set(cut) <= set(dimensions)
    ) or "TRUE"
    connection.execute(f"CREATE TEMP TABLE wanted AS SELECT * FROM cells WHERE {keep}")
    if dimensions:
        distinct = connection.execute(f"SELECT DISTINCT {columns} FROM wanted").fetchall()
        spelled = [group_key((name, value) for name, value in zip(dimensions, row, strict=True) if value is not None) for row in distinct]
        arrays = [pa.array([row[i] for row in distinct], pa.string()) for i in range(len(dimensions))]
        connection.register("groups", pa.table([*arrays, pa.array(spelled)], names=[*dimensions, "group_key"]))
        matching = " AND ".join(f"wanted.{name} IS NOT DISTINCT FROM groups.{name}" for name in dimensions)
        source, group = f"wanted JOIN groups ON {matching}", "groups.group_key"
    else:
        source, group = "wanted", f"'{ALL}'"
    order = ", ".join(["indicator", "unit_level", "unit_id", "period", '"group"'])
    table = connection.sql(
        f'SELECT indicator, unit_level, unit_id, period, {group} AS "group", {_STATISTICS} FROM {source} ORDER BY {order}'
    ).to_arrow_table()
    partial = connection.execute("SELECT COUNT(*) FROM wanted WHERE partial").fetchone()[0]  # type: ignore[index]
    return RollUp(table.cast(CELLS), partial)


