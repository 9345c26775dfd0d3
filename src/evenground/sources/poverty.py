"""Student-years by another measure of poverty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import duckdb

from evenground.definitions.poverty import PovertyMeasure, poverty_measures
from evenground.engine import connect
from evenground.model import NOTE, InputProblems, Problem
from evenground.sources.dataset import Dataset

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


def by_poverty(dataset: Dataset, key: str) -> Dataset:
    """The dataset with economic disadvantage by the measure `key`. Raises InputProblems where it is none."""
    measures = poverty_measures()
    held = () if dataset.student_years is None else measured_here(dataset.student_years, measures)
    if dataset.student_years is None or key not in held:
        allowed = ", ".join(held) or "none: in published counts the publisher has chosen the measure"
        raise InputProblems.one(
            "--poverty", key, f"a measure that the data hold: {allowed}", "choose one of them"
        )
    told = Problem(
        NOTE,
        "--poverty",
        f"economic disadvantage measured by: {measures[key].name.en}",
        "any measure that is named",
        f"nothing; {measures[key].caution.en}",
        column="economic_disadvantage",
    )
    others = tuple(check for check in dataset.checks if check.column != "economic_disadvantage")
    dimensions = tuple(sorted({*dataset.dimensions, _DIMENSION}))
    rows = measured_by(dataset.student_years, measures[key])
    return replace(dataset, student_years=rows, dimensions=dimensions, checks=(*others, told))


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
