"""Checks of a whole table: do shares and districts add up; which files of the folder were not read."""

from __future__ import annotations

from collections.abc import Collection
from fnmatch import fnmatch

import duckdb

from evenground.engine import quoted
from evenground.model import NOTE, WARNING, Problem
from evenground.sources.files import Place
from evenground.sources.places import PLACES
from evenground.sources.published.mapping import Source
from evenground.sources.published.rows import Coded


def check_sums_to_one(connection: duckdb.DuckDBPyConnection, coded: Coded) -> list[Problem]:
    """Shares that should add up to 1 and do not, beyond their rounding."""
    columns = coded.mapping.sum_to_one
    if not columns:
        return []
    rounding = len(columns) * 0.5 * 10.0 ** -(coded.mapping.decimals or 0) + 1e-9
    added = " + ".join(coded.value(column) for column in columns)
    rows = connection.execute(f"""
        SELECT file, MIN("row"), COUNT(*), ARG_MAX({added}, ABS({added} - 1)) FROM {quoted(coded.relation)}
        WHERE ABS({added} - 1) > {rounding!r} GROUP BY file ORDER BY file
    """).fetchall()
    todo = "nothing; used as published"
    return [
        Problem(
            WARNING,
            coded.files[file],
            f"shares that add up to {worst:.3f} at the farthest",
            "shares that add up to 1",
            todo,
            row,
            ", ".join(columns),
            count,
        )
        for file, row, count, worst in rows
    ]


def check_folder(source: Source, place: Place, read: Collection[str]) -> list[Problem]:
    """Files of the place that the source does not read."""
    problems, others = [], []
    for entry in place.entries:
        if entry.name in read:
            continue
        last = entry.name.rpartition("/")[2]
        if last == PLACES:
            continue
        why = next((why for pattern, why in source.ignores.items() if fnmatch(last, pattern)), None)
        if why:
            found, allowed = "a file that is not read", "the files of the source"
            problems.append(Problem(NOTE, entry.name, found, allowed, f"nothing; {why}"))
        else:
            others.append(entry.name)
    if others:
        found = f"files that are not read: {', '.join(others[:20])}{' ...' if others[20:] else ''}"
        allowed = "the files of the source"
        problems.append(Problem(NOTE, others[0], found, allowed, "nothing", count=len(others)))
    return problems
