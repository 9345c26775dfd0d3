"""The units that have cells: names from the newest year, a school's district from the beginning of its id."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import pyarrow as pa

from evenground.model import UNITS
from evenground.sources.published.files import Loaded
from evenground.sources.published.mapping import Source
from evenground.sources.published.sql import quoted, text


def make_units(
    connection: duckdb.DuckDBPyConnection, source: Source, loaded: Mapping[str, Loaded]
) -> pa.Table:
    """model.UNITS of every unit in the table `leaves` and those above it; without a name, the id serves."""
    _register_names(connection, source, loaded)
    digits, state = source.units.district_digits, text(source.units.state.id)
    table = connection.sql(f"""
        WITH held AS (SELECT DISTINCT unit_level, unit_id FROM leaves),
        schools AS (
            SELECT unit_id, LEFT(unit_id, {digits}) AS parent_id FROM held WHERE unit_level = 'school'
        ),
        districts AS (
            SELECT unit_id FROM held WHERE unit_level = 'district' UNION SELECT parent_id FROM schools
        ),
        newest AS (SELECT unit_level, unit_id, ARG_MAX(name, newest) AS name FROM names GROUP BY ALL),
        every AS (
            SELECT 'state' AS unit_level, {state} AS unit_id, NULL AS parent_id
            UNION ALL SELECT 'district', unit_id, {state} FROM districts
            UNION ALL SELECT 'school', unit_id, parent_id FROM schools
        )
        SELECT unit_level, unit_id, COALESCE(name, unit_id) AS unit_name, parent_id
        FROM every LEFT JOIN newest USING (unit_level, unit_id)
        ORDER BY CASE unit_level WHEN 'state' THEN 0 WHEN 'district' THEN 1 ELSE 2 END, unit_id
    """).to_arrow_table()
    return table.cast(UNITS)


def _register_names(
    connection: duckdb.DuckDBPyConnection, source: Source, loaded: Mapping[str, Loaded]
) -> None:
    """The table `names` (unit_level, unit_id, name, newest): the mapping's names first, then its files."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE names "
        "(unit_level VARCHAR, unit_id VARCHAR, name VARCHAR, newest VARCHAR)"
    )
    known = {**source.units.known_names, "state": {source.units.state.id: source.units.state.name}}
    for level, names in known.items():
        connection.executemany(
            "INSERT INTO names VALUES (?, ?, ?, '9')", [[level, unit, name] for unit, name in names.items()]
        )
    for place, entry in enumerate(source.units.names):
        for level, column, digits in (
            ("school", entry.school, source.units.school_digits),
            ("district", entry.district, source.units.district_digits),
        ):
            if column:
                order = f"'{8 - min(place, 7)} ' || COALESCE({quoted(entry.period)}, '')"
                connection.execute(f"""
                    INSERT INTO names
                    SELECT {text(level)}, LEFT({quoted(entry.unit)}, {digits}) AS id,
                           ARG_MAX(TRIM({quoted(column)}), {order}), MAX({order})
                    FROM {quoted(loaded[entry.file].table)} WHERE {quoted(column)} IS NOT NULL GROUP BY id""")
