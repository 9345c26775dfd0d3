"""The units that have cells: names from the newest year, and of what each of them is a part."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from evenground.engine import literal, quoted
from evenground.model import UNITS
from evenground.sources.published.mapping import Source
from evenground.sources.published.places import district_of, state_of
from evenground.sources.published.reading import Reading
from evenground.sources.published.rows import Coded
from evenground.sources.published.states import states


def make_units(connection: duckdb.DuckDBPyConnection, source: Source, tables: Sequence[Coded]) -> pa.Table:
    """model.UNITS of every unit in the table `leaves` and those above it; without a name, the id serves."""
    _register_names(connection, source, tables)
    units = source.units
    table = connection.sql(f"""
        WITH held AS (SELECT DISTINCT unit_level, unit_id FROM leaves),
        schools AS (
            SELECT unit_id, {district_of(units, "unit_id")} AS parent_id FROM held WHERE unit_level = 'school'
        ),
        districts AS (
            SELECT unit_id, {state_of(units, "unit_id")} AS parent_id FROM (
                SELECT unit_id FROM held WHERE unit_level = 'district' UNION SELECT parent_id FROM schools
            )
        ),
        states AS (
            SELECT unit_id FROM held WHERE unit_level = 'state'
            UNION SELECT parent_id FROM districts WHERE parent_id IS NOT NULL
        ),
        newest AS (SELECT unit_level, unit_id, ARG_MAX(name, newest) AS name FROM names GROUP BY ALL),
        every AS (
            SELECT 'state' AS unit_level, unit_id, NULL AS parent_id FROM states
            UNION ALL SELECT 'district', unit_id, parent_id FROM districts
            UNION ALL SELECT 'school', unit_id, parent_id FROM schools
        )
        SELECT unit_level, unit_id, COALESCE(name, {_plain("unit_id", units.separator)}) AS unit_name,
               parent_id
        FROM every LEFT JOIN newest USING (unit_level, unit_id)
        ORDER BY CASE unit_level WHEN 'state' THEN 0 WHEN 'district' THEN 1 ELSE 2 END, unit_id
    """).to_arrow_table()
    return table.cast(UNITS)


def _plain(unit: str, separator: str | None) -> str:
    """The id as a name: of one that is made of names, the last."""
    return unit if separator is None else f"SPLIT_PART({unit}, {literal(separator)}, -1)"


def _register_names(connection: duckdb.DuckDBPyConnection, source: Source, tables: Sequence[Coded]) -> None:
    """The table `names` (unit_level, unit_id, name, newest): the mapping's names first, then its files."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE names "
        "(unit_level VARCHAR, unit_id VARCHAR, name VARCHAR, newest VARCHAR)"
    )
    units = source.units
    known: dict[str, dict[str, str]] = {level: dict(names) for level, names in units.known_names.items()}
    if units.states:
        known["state"] = {state.postal: state.name for state in states().values()}
    for level, unit in (("state", units.state), ("district", units.district)):
        if unit is not None:
            known[level] = {unit.id: unit.name}
    for level, names in known.items():
        connection.executemany(
            "INSERT INTO names VALUES (?, ?, ?, '9')", [[level, unit, name] for unit, name in names.items()]
        )
    for place, coded in enumerate(tables):
        for reading in coded.readings:
            for level, column in coded.mapping.names.items():
                if column not in reading.file.absent:
                    _add_names(connection, reading, level, column, 8 - min(place, 7))


def _add_names(
    connection: duckdb.DuckDBPyConnection, reading: Reading, level: str, column: str, rank: int
) -> None:
    """Names of units of `level` in the rows of a file: their own, or those of what they are a part of."""
    units, table = reading.source.units, reading.table
    own = reading.unit_id()
    ids = {
        ("school", "school"): own,
        ("district", "school"): district_of(units, own),
        ("district", "district"): own,
        ("state", "state"): own,
    }
    unit = ids.get((level, reading.level))
    if unit is None:
        return
    order = f"'{rank} ' || COALESCE(p.period, '')"
    connection.execute(f"""
        INSERT INTO names
        SELECT {literal(level)}, {unit} AS id, ARG_MAX(TRIM(r.{quoted(column)}), {order}), MAX({order})
        FROM {quoted(reading.rows)} AS r LEFT JOIN periods AS p
             ON TRIM(COALESCE(r.{quoted(table.period_column)}, '')) = p.word
        WHERE TRIM(COALESCE(r.{quoted(column)}, '')) <> '' GROUP BY id""")
