"""Checks of a whole table: do levels add up to one, do districts add up to the state, what of the folder was not read."""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path

import duckdb

from evenground.model import NOTE, WARNING, Problem
from evenground.sources.published.mapping import Source
from evenground.sources.published.rows import Coded
from evenground.sources.published.sql import quoted, text


def check_sums_to_one(connection: duckdb.DuckDBPyConnection, coded: Coded) -> list[Problem]:
    """Shares that should add up to 1 and do not, beyond their rounding."""
    columns = coded.mapping.sum_to_one
    if not columns:
        return []
    rounding = len(columns) * 0.5 * 10.0 ** -(coded.mapping.decimals or 0) + 1e-9
    added = " + ".join(coded.value(column) for column in columns)
    rows = connection.execute(f"""
        SELECT file, MIN("row"), COUNT(*), ARG_MAX({added}, ABS({added} - 1)) FROM {quoted(coded.relation)} WHERE ABS({added} - 1) > {rounding!r} GROUP BY file ORDER BY file
    """).fetchall()
    todo = "nothing; used as published"
    return [Problem(WARNING, file, f"shares that add up to {worst:.3f} at the farthest", "shares that add up to 1", todo, row, ", ".join(columns), count) for file, row, count, worst in rows]


def check_state_sums(connection: duckdb.DuckDBPyConnection, source: Source, indicator: str, file: str) -> list[Problem]:
    """How far the districts' students are from the state's own number: everybody, the period that differs most."""
    everybody = " AND ".join(f"{quoted(dimension)} IS NULL" for dimension in source.dimensions)
    rows = connection.execute(f"""
        WITH sums AS (
            SELECT period, SUM(n) FILTER (unit_level = 'district') AS districts, SUM(n) FILTER (unit_level = 'state') AS state
            FROM leaves WHERE indicator = {text(indicator)} AND state = 'value' AND {everybody} GROUP BY period
        )
        SELECT period, districts, state, COUNT(*) OVER () FROM sums WHERE districts <> state ORDER BY ABS(districts / state - 1) DESC LIMIT 1
    """).fetchall()
    if not rows:
        return []
    period, districts, state, periods = rows[0]
    found = f"districts with {districts:,.0f} students together, the state with {state:,.0f} in {period} ({districts / state - 1:+.1%}; {indicator})"
    return [Problem(NOTE, file, found, "districts that add up to the state", "nothing; the state's own row is used", count=periods)]


def check_folder(source: Source, folder: Path) -> list[Problem]:
    """Files of the folder that the source does not read."""
    problems, others = [], []
    for path in sorted(folder.iterdir()):
        if not path.is_file() or path.name in source.files:
            continue
        why = next((why for pattern, why in source.ignores.items() if fnmatch(path.name, pattern)), None)
        if why:
            problems.append(Problem(NOTE, path.name, "a file that is not read", "the files of the source", f"nothing; {why}"))
        else:
            others.append(path.name)
    if others:
        problems.append(Problem(NOTE, others[0], f"files that are not read: {', '.join(others)}", "the files of the source", "nothing", count=len(others)))
    return problems
