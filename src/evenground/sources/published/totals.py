"""Columns of totals against the columns that should add up to them."""

from __future__ import annotations

import duckdb

from evenground.engine import quoted
from evenground.model import WARNING, Problem
from evenground.sources.published.layout import is_mark
from evenground.sources.published.mapping import Source, filled
from evenground.sources.published.reading import Reading
from evenground.sources.published.rows import Coded


def check_totals(connection: duckdb.DuckDBPyConnection, source: Source, coded: Coded) -> list[Problem]:
    """Totals that hide missing parts, and totals that their parts do not add up to."""
    problems = []
    for reading in coded.readings:
        for total, parts in coded.mapping.totals.items():
            hiding, unlike = [], []
            for one, added in _spelled(source, coded, total, parts, reading):
                states = [reading.state(part) for part in added]
                whole = f"{reading.state(one)} = 'value'"
                complete = " AND ".join(f"{state} = 'value'" for state in states)
                together = " + ".join(reading.number(part) for part in added)
                hiding.append(f"({whole} AND NOT ({complete}))")
                unlike.append(f"({whole} AND {complete} AND {reading.number(one)} <> {together})")
            problems += _told(connection, reading, total, hiding, "a total although parts of it are missing")
            problems += _told(connection, reading, total, unlike, "a total that its parts do not add up to")
    return problems


def _spelled(
    source: Source, coded: Coded, total: str, parts: tuple[str, ...], reading: Reading
) -> list[tuple[str, list[str]]]:
    """Each total column of the file with the columns of its parts."""
    spelled: dict[str, dict[str, None]] = {}
    for fill in source.fills(coded.mapping):
        one, added = filled(total, fill), [filled(part, fill) for part in parts]
        if one not in reading.file.absent:
            there = (part for part in added if part not in reading.file.absent)
            spelled.setdefault(one, {}).update(dict.fromkeys(there))
    return [(one, list(added)) for one, added in spelled.items() if added and not is_mark(one)]


def _told(
    connection: duckdb.DuckDBPyConnection, reading: Reading, total: str, cases: list[str], found: str
) -> list[Problem]:
    if not cases:
        return []
    rows = connection.execute(
        f'SELECT MIN("row"), COUNT(*) FROM {quoted(reading.rows)} AS r WHERE {" OR ".join(cases)}'
    ).fetchall()
    todo = "nothing; the parts are used, not the total"
    return [
        Problem(WARNING, reading.file.name, found, "the sum of its parts", todo, row, total, count)
        for row, count in rows
        if count
    ]
