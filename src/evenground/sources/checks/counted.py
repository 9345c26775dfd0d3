"""Published counts as the checks see them: leaves of everybody and of one dimension, with names of units."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from evenground.definitions import Definitions
from evenground.engine import connect


@dataclass(frozen=True)
class Counted:
    """The tables `simple` (indicator, unit_level, unit_id, period, dimension, part, n, total, value, state;
    dimension and part are null for everybody), `named` (unit_level, unit_id, unit) and `kinds` (indicator,
    kind, unit of measurement)."""

    connection: duckdb.DuckDBPyConnection
    definitions: Definitions
    files: Mapping[str, str]  # indicator -> the first file that it is read from
    complete: Collection[str]  # dimensions of which a group without a row has nobody

    def ask(self, query: str) -> list[tuple]:  # type: ignore[type-arg]
        return self.connection.execute(query).fetchall()

    def file(self, indicator: str) -> str:
        return self.files.get(indicator, indicator)


def counted(
    leaves: pa.Table,
    units: pa.Table,
    dimensions: Iterable[str],
    definitions: Definitions,
    files: Mapping[str, str],
    complete: Collection[str],
) -> Counted:
    """`leaves` (model.leaf_schema) and `units` (model.UNITS) made ready for the checks; one scan."""
    connection = connect()
    connection.register("leaves", leaves)
    connection.register("units", units)
    told = [f'"{dimension}"' for dimension in dimensions]
    several = " + ".join(f"({column} IS NOT NULL)::TINYINT" for column in told) or "0"
    which = " ".join(f"WHEN {column} IS NOT NULL THEN '{column[1:-1]}'" for column in told)
    connection.execute(f"""
        CREATE TEMP TABLE simple AS
        SELECT indicator, unit_level, unit_id, period, {f"CASE {which} END" if told else "NULL"} AS dimension,
               {f"COALESCE({', '.join(told)})" if told else "NULL"} AS part, n, total, value, state
        FROM leaves WHERE {several} <= 1""")
    names = "SELECT unit_level, unit_id, MIN(unit_name) AS unit FROM units GROUP BY ALL"
    connection.execute(f"CREATE TEMP TABLE named AS {names}")
    known = [(key, entry.kind, entry.unit) for key, entry in definitions.indicators.items()]
    connection.execute("CREATE TEMP TABLE kinds (indicator VARCHAR, kind VARCHAR, measured VARCHAR)")
    connection.executemany("INSERT INTO kinds VALUES (?, ?, ?)", [list(row) for row in known])
    return Counted(connection, definitions, files, complete)
