"""Numbers of earlier years counted with the school that stands for them today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from evenground.engine import connect, exact_sum
from evenground.model import NOTE, UNITS, Problem
from evenground.sources.dataset import Dataset
from evenground.sources.places.crosswalk import PLACES, Change, successors

_NUMBERS = ("n", "total", "total_sq", "weight_sq")


def follow(dataset: Dataset, changes: Sequence[Change]) -> Dataset:
    """The dataset with renamed and merged schools under one id in every year.

    Records are counted with the successor. Published counts of schools that merged add up where all of them
    are published, and are hidden or not reported where one of them is. Schools that split or closed keep
    their own years: nothing is made up for them.
    """
    moved = {old: new for old, (new, _) in successors(changes).items()}
    if moved:
        connection = connect()
        names = pa.table({"old": list(moved), "new": list(moved.values())})
        connection.register("moved", names)
        connection.register("units", dataset.units)
        if dataset.student_years is not None:
            dataset = replace(dataset, student_years=_records(connection, dataset.student_years))
        if dataset.leaves is not None:
            dataset = replace(dataset, leaves=_leaves(connection, dataset.leaves))
        gone = pc.and_(
            pc.equal(dataset.units["unit_level"], "school"),
            pc.is_in(dataset.units["unit_id"], pa.array(list(moved))),
        )
        dataset = replace(dataset, units=dataset.units.filter(pc.invert(gone)).cast(UNITS))
    return replace(dataset, checks=(*dataset.checks, *map(_told, changes)))


def _records(connection: duckdb.DuckDBPyConnection, rows: Path) -> Path:
    """The student-years in a new file beside the old one, which is removed."""
    followed = rows.with_name(f"{rows.stem}-followed.parquet")
    connection.execute(f"""
        COPY (
            SELECT rows.* REPLACE (
                COALESCE(moved.new, rows.school_id) AS school_id,
                COALESCE(units.parent_id, rows.district_id) AS district_id
            )
            FROM read_parquet('{_text(rows)}') AS rows
            LEFT JOIN moved ON rows.school_id = moved.old
            LEFT JOIN units ON units.unit_level = 'school' AND units.unit_id = moved.new
        ) TO '{_text(followed)}' (FORMAT parquet)""")
    rows.unlink()
    return followed


def _leaves(connection: duckdb.DuckDBPyConnection, leaves: pa.Table) -> pa.Table:
    connection.register("leaves", leaves)
    dimensions = [name for name in leaves.column_names if name not in (*_KEYS, *_NUMBERS, "value", "state")]
    keys = ", ".join([*_KEYS, *(f'"{name}"' for name in dimensions)])
    several = "COUNT(*) > 1"
    whole = "BOOL_AND(state = 'value')"
    sums = ", ".join(
        f"CASE WHEN NOT {several} THEN FIRST({name}) "
        f"WHEN {whole} AND COUNT({name}) = COUNT(*) THEN {exact_sum(name)} END AS {name}"
        for name in _NUMBERS
    )
    known = f"COUNT(n) = COUNT(*) AND COUNT(total) = COUNT(*) AND {exact_sum('n')} > 0"
    table = connection.sql(f"""
        WITH named AS (
            SELECT leaves.* REPLACE (
                CASE WHEN unit_level = 'school' THEN COALESCE(moved.new, unit_id) ELSE unit_id END AS unit_id
            ) FROM leaves LEFT JOIN moved ON leaves.unit_id = moved.old
        )
        SELECT {keys}, {sums},
               CASE WHEN NOT {several} THEN FIRST(value)
                    WHEN {whole} AND {known} THEN {exact_sum("total")} / {exact_sum("n")} END AS value,
               CASE WHEN NOT {several} THEN FIRST(state)
                    WHEN BOOL_OR(state = 'hidden') THEN 'hidden'
                    WHEN BOOL_AND(state = 'not_applicable') THEN 'not_applicable'
                    WHEN NOT {whole} OR NOT ({known}) THEN 'not_reported' ELSE 'value' END AS state
        FROM named GROUP BY ALL ORDER BY ALL
    """).to_arrow_table()
    return table.select(leaves.column_names).cast(leaves.schema)


_KEYS = ("indicator", "unit_level", "unit_id", "period")


def _told(change: Change) -> Problem:
    """What was done about a change, for the report."""
    found = f"school {change.old} {change.kind} in {change.period}"
    if change.kind in ("renamed", "merged"):
        todo = f"nothing; its earlier years are counted with {change.new}"
    elif change.kind == "split":
        todo = f"nothing; its years end there and are not compared with those of {change.new}"
    else:
        todo = "nothing; its years end there"
    return Problem(NOTE, PLACES, found, "changes of schools over the years", todo, change.row)


def _text(path: Path) -> str:
    return str(path).replace("'", "''")
