"""Student-years by another measure of poverty."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb

from evenground.definitions.poverty import PovertyMeasure
from evenground.engine import connect

_DIMENSION = "economic_disadvantage"


def measured_here(rows: Path, measures: Mapping[str, PovertyMeasure]) -> tuple[str, ...]:
    """The measures of students for which the student-years hold a value."""
    connection = connect()
    held = {name for name, *_ in connection.execute(f"DESCRIBE SELECT * FROM {_table(rows)}").fetchall()}
    return tuple(
        key
        for key, measure in measures.items()
        if measure.column in held and _has_value(connection, rows, measure)
    )


def is_poor(measure: PovertyMeasure) -> str:
    """SQL over student-years: true, false, or null where it is not known."""
    if measure.is_ is not None:
        return f"CASE WHEN {measure.column} = 'unknown' THEN NULL ELSE {measure.column} = '{measure.is_}' END"
    return f"{measure.column} >= {measure.at_least!r}"


def measured_by(rows: Path, measure: PovertyMeasure) -> Path:
    """The student-years with economic disadvantage by this measure, in a new file beside them."""
    again = rows.with_name(f"{rows.stem}-by-{measure.column}.parquet")
    connect().execute(f"""
        COPY (
            SELECT * REPLACE (
                CASE WHEN {is_poor(measure)} THEN 'disadvantaged' WHEN NOT ({is_poor(measure)})
                     THEN 'not_disadvantaged' ELSE 'unknown' END AS {_DIMENSION}
            ) FROM {_table(rows)}
        ) TO '{_text(again)}' (FORMAT parquet)""")
    return again


def _has_value(connection: duckdb.DuckDBPyConnection, rows: Path, measure: PovertyMeasure) -> bool:
    found = connection.execute(f"SELECT COUNT({is_poor(measure)}) FROM {_table(rows)}").fetchone()
    return bool(found and found[0])


def _table(rows: Path) -> str:
    return f"read_parquet('{_text(rows)}')"


def _text(path: Path) -> str:
    return str(path).replace("'", "''")
