"""Rolling published counts up: what is left out is filled in where that is sound, and never worked back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import combinations

import duckdb
import pyarrow as pa

from evenground.cube.plan import Cut
from evenground.definitions import Definitions
from evenground.engine import connect, exact_sum
from evenground.model import ALL, CELLS, group_key

_KEYS = ("indicator", "unit_level", "unit_id", "period")
_STATISTICS = "n, total, total_sq, weight_sq, value, state"
_SUMMED = "state = 'value' AND n IS NOT NULL AND total IS NOT NULL"
"""Which cells can be part of a sum: a rate without n cannot."""


@dataclass(frozen=True)
class RollUp:
    """The cells, and how many of them sum only those parts that are published."""

    cells: pa.Table
    partial: int


def roll_up(
    leaves: pa.Table,
    units: pa.Table,
    cuts: tuple[Cut, ...],
    definitions: Definitions,
    complete: Collection[str],
    periods: tuple[str, ...] = (),
    *,
    whole_sums: bool = False,
) -> RollUp:
    """model.CELLS of the wanted cuts at every level, from published rows of any mixture of levels and cuts.

    A published row always wins. Where there is none, a group is summed over the values of one more
    dimension, if the dimension is `complete` (every value is published, absent rows are zero) and no part is
    hidden; and a unit is summed
    over its parts that publish the group. A rate without n is never summed. With `whole_sums`, a sum that
    lacks a part is not reported: what is hidden afterwards must add up.
    """
    dimensions = tuple(name for name in leaves.column_names if name in definitions.dimensions)
    connection = connect()
    connection.register("published", leaves)
    connection.register("units", units)
    wanted_periods = ", ".join(f"'{period}'" for period in periods)
    connection.execute(
        "CREATE TEMP TABLE cells AS SELECT *, FALSE AS partial FROM published"
        + (f" WHERE period IN ({wanted_periods})" if periods else "")
    )
    if complete:
        for cut in _held_cuts(connection, dimensions):
            for dimension in cut:
                defined = definitions.dimensions[dimension]
                if dimension in complete and defined.complete and not defined.overlapping:
                    _sum_over(connection, dimensions, cut, dimension)
    for parent, child in (("district", "school"), ("state", "district")):
        _sum_units(connection, dimensions, parent, child, definitions.parameter("least_cover"))
    if whole_sums:
        nothing = ", ".join(f"{name} = NULL" for name in ("n", "total", "total_sq", "weight_sq", "value"))
        connection.execute(
            f"UPDATE cells SET {nothing}, state = 'not_reported', partial = FALSE WHERE partial"
        )
    return _spell(connection, dimensions, cuts)


def _held_cuts(connection: duckdb.DuckDBPyConnection, dimensions: tuple[str, ...]) -> list[Cut]:
    """The cuts that are published and every narrower one that can be reached from them, finest first."""
    if not dimensions:
        return []
    flags = ", ".join(f"{dimension} IS NOT NULL" for dimension in dimensions)
    rows = connection.execute(f"SELECT DISTINCT {flags} FROM cells").fetchall()
    held = [
        tuple(dimension for dimension, present in zip(dimensions, row, strict=True) if present)
        for row in rows
    ]
    reached = {part for cut in held for size in range(1, len(cut) + 1) for part in combinations(cut, size)}
    return sorted(reached, key=lambda cut: (-len(cut), cut))


def _sum_over(
    connection: duckdb.DuckDBPyConnection, dimensions: tuple[str, ...], cut: Cut, dimension: str
) -> None:
    """Adds the cells of `cut` less `dimension` where they are not there yet."""
    rest = [name for name in dimensions if name in cut and name != dimension]
    columns = ", ".join([*_KEYS, *(name if name in rest else f"NULL AS {name}" for name in dimensions)])
    inside = " AND ".join(f"{name} IS {'NOT ' if name in cut else ''}NULL" for name in dimensions)
    # Within one unit the groups join: their sizes are added before they are squared.
    sizes = f"CASE WHEN COUNT(weight_sq) > 0 THEN POWER({_sum('n')}, 2) END"
    _add_missing(
        connection,
        dimensions,
        f"""
        SELECT {columns}, {_totals(sizes)}, BOOL_OR(partial) AS partial
        FROM cells WHERE {inside} GROUP BY {", ".join([*_KEYS, *rest])} HAVING BOOL_AND({_SUMMED})
        """,
    )


def _sum_units(
    connection: duckdb.DuckDBPyConnection, dimensions: tuple[str, ...], parent: str, child: str, cover: float
) -> None:
    """Adds the cells of `parent` units from their parts where they are not there yet.

    Parts that do not publish the group are left out, and the sum is partial. Where the students of such parts
    whom no published group holds could be more than 1 - `cover` of the group, the sum would say little about
    the group: it is not reported.
    """
    _measure_rest(connection, dimensions, child)
    groups = "".join(f", part.{name}" for name in dimensions)
    cut = _cut_of("part", dimensions)
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE sums AS
        SELECT part.indicator, '{parent}' AS unit_level, units.parent_id AS unit_id, part.period{groups},
               {_totals(_sum("part.weight_sq"), "part.")}, {cut} AS cut,
               BOOL_OR(part.partial OR NOT ({_SUMMED})) AS partial,
               SUM(rest.outside) FILTER ({_SUMMED}) AS covered
        FROM cells AS part JOIN units ON part.unit_level = units.unit_level AND part.unit_id = units.unit_id
        LEFT JOIN rest ON part.indicator = rest.indicator AND part.unit_id = rest.unit_id
                      AND part.period = rest.period AND {cut} = rest.cut
        WHERE part.unit_level = '{child}' AND units.parent_id IS NOT NULL
        GROUP BY part.indicator, units.parent_id, part.period{groups}, {cut} HAVING BOOL_OR({_SUMMED})
    """)
    known = f"(cut = '' OR n / (n + missing) >= {cover})"
    names = "".join(f", {name}" for name in dimensions)
    statistics = ("n", "total", "total_sq", "weight_sq", "value")
    shown = ", ".join(f"CASE WHEN {known} THEN {name} END AS {name}" for name in statistics)
    _add_missing(
        connection,
        dimensions,
        f"""
        SELECT indicator, unit_level, unit_id, period{names}, {shown},
               CASE WHEN {known} THEN 'value' ELSE 'not_reported' END AS state, partial
        FROM (SELECT sums.*, COALESCE(everywhere.outside, 0) - COALESCE(covered, 0) AS missing FROM sums
              LEFT JOIN (
                  SELECT indicator, parent_id, period, cut, SUM(outside) AS outside FROM rest GROUP BY ALL
              ) AS everywhere
              ON sums.indicator = everywhere.indicator AND sums.unit_id = everywhere.parent_id
                 AND sums.period = everywhere.period AND sums.cut = everywhere.cut)
        """,
    )


def _measure_rest(connection: duckdb.DuckDBPyConnection, dimensions: tuple[str, ...], child: str) -> None:
    """Table `rest`: for each part and cut, how many of its students are in no published group of the cut."""
    cut = _cut_of("cells", dimensions)
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE rest AS
        WITH shown AS (
            SELECT indicator, unit_id, period, {cut} AS cut, SUM(n) FILTER ({_SUMMED}) AS n
            FROM cells WHERE unit_level = '{child}' GROUP BY ALL
        ), cuts AS (SELECT DISTINCT indicator, cut FROM shown WHERE cut <> '')
        SELECT whole.indicator, whole.unit_id, units.parent_id, whole.period, cuts.cut,
               GREATEST(whole.n - COALESCE(shown.n, 0), 0) AS outside
        FROM shown AS whole JOIN cuts ON whole.indicator = cuts.indicator
        JOIN units ON units.unit_level = '{child}' AND units.unit_id = whole.unit_id
        LEFT JOIN shown ON shown.indicator = whole.indicator AND shown.unit_id = whole.unit_id
                       AND shown.period = whole.period AND shown.cut = cuts.cut
        WHERE whole.cut = '' AND whole.n IS NOT NULL
    """)


def _cut_of(table: str, dimensions: tuple[str, ...]) -> str:
    """SQL of the dimensions that a row names; '' for everybody."""
    named = [f"CASE WHEN {table}.{name} IS NOT NULL THEN '{name} ' ELSE '' END" for name in dimensions]
    return " || ".join(named) or "''"


def _add_missing(connection: duckdb.DuckDBPyConnection, dimensions: tuple[str, ...], new: str) -> None:
    """Adds those rows of the query `new` that are not there yet: what is published, or came first, wins."""
    same = [f"old.{key} = new.{key}" for key in _KEYS]
    same += [f"old.{name} IS NOT DISTINCT FROM new.{name}" for name in dimensions]
    missing = f"SELECT new.* FROM new ANTI JOIN cells AS old ON {' AND '.join(same)}"
    connection.execute(f"INSERT INTO cells WITH new AS ({new}) {missing}")


def _totals(sizes: str, table: str = "") -> str:
    """The statistics of a sum of cells; `sizes` is the SQL of its squared sizes of independent units."""
    n, total, total_sq = (_sum(f"{table}{name}") for name in ("n", "total", "total_sq"))
    return (
        f"{n} AS n, {total} AS total, {total_sq} AS total_sq, {sizes} AS weight_sq, "
        f"{total} / NULLIF({n}, 0) AS value, 'value' AS state"
    )


def _sum(column: str) -> str:
    """The sum over the parts that can be summed; null where one of them lacks the statistic."""
    known = f"BOOL_AND({column} IS NOT NULL) FILTER ({_SUMMED})"
    return f"CASE WHEN {known} THEN {exact_sum(f'CASE WHEN {_SUMMED} THEN {column} END')} END"


def _spell(
    connection: duckdb.DuckDBPyConnection, dimensions: tuple[str, ...], cuts: tuple[Cut, ...]
) -> RollUp:
    """The wanted cuts with their group keys written out."""
    columns = ", ".join(dimensions)
    keep = " OR ".join(
        " AND ".join(["TRUE", *(f"{name} IS {'NOT ' if name in cut else ''}NULL" for name in dimensions)])
        for cut in cuts
        if set(cut) <= set(dimensions)
    )
    connection.execute(f"CREATE TEMP TABLE wanted AS SELECT * FROM cells WHERE {keep or 'FALSE'}")
    if dimensions:
        distinct = connection.execute(f"SELECT DISTINCT {columns} FROM wanted").fetchall()
        spelled = [
            group_key((name, value) for name, value in zip(dimensions, row, strict=True) if value is not None)
            for row in distinct
        ]
        arrays = [pa.array([row[i] for row in distinct], pa.string()) for i in range(len(dimensions))]
        connection.register(
            "groups", pa.table([*arrays, pa.array(spelled)], names=[*dimensions, "group_key"])
        )
        matching = " AND ".join(f"wanted.{name} IS NOT DISTINCT FROM groups.{name}" for name in dimensions)
        source, group = f"wanted JOIN groups ON {matching}", "groups.group_key"
    else:
        source, group = "wanted", f"'{ALL}'"
    keys = ", ".join(_KEYS)
    table = connection.sql(
        f'SELECT {keys}, {group} AS "group", {_STATISTICS} FROM {source} ORDER BY {keys}, "group"'
    ).to_arrow_table()
    partial = connection.execute("SELECT COUNT(*) FROM wanted WHERE partial").fetchone()[0]  # type: ignore[index]
    return RollUp(table.cast(CELLS), partial)
