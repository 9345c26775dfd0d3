"""A loaded file in a table's terms: the rows that are kept, each with its unit's id and its school year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import duckdb

from evenground.engine import literal, quoted
from evenground.model import ERROR, NOTE, Problem
from evenground.sources.published.files import Loaded
from evenground.sources.published.inputs import Match
from evenground.sources.published.layout import ANY, PERIOD, SKIP, Level, Table, compiled
from evenground.sources.published.mapping import Source
from evenground.sources.published.sql import texts

_LEVELS: tuple[Level, ...] = ("state", "district", "school")


@dataclass(frozen=True)
class Kept:
    """The rows of one level of a file; `file.table` is the relation that holds them."""

    level: Level
    file: Loaded


def kept_rows(
    connection: duckdb.DuckDBPyConnection, source: Source, match: Match, file: Loaded
) -> tuple[list[Kept], list[Problem]]:
    """The file's rows by level: with ids put together, a school year, and without those nobody asked for."""
    table = source.tables[match.table]
    year, problems = _year(table, file, match.folder)
    rows = f"rows_{match.table}_{match.level}_{file.name}"
    held = [column for column in _columns(connection, file.table) if column != "row"]
    words = {column: f"TRIM(COALESCE(r.{quoted(column)}, ''))" for column in held}
    words[table.unit_column] = _joined(table)
    if year is not None:
        words[PERIOD] = literal(year)
    chosen = ", ".join(f"{word} AS {quoted(column)}" for column, word in words.items())
    query = f'SELECT "row", {chosen} FROM {quoted(file.table)} AS r'
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {quoted(rows)} AS {query}")
    problems += _padded(connection, table, file) + _without_id(connection, table, file, rows)
    if match.level == ANY:
        problems += _unknown_levels(connection, table, file, rows)
    levels = _LEVELS if match.level == ANY else tuple(name for name in _LEVELS if name == match.level)
    kept, dropped = [], 0
    for level in levels:
        name = f"{level}_{rows}"
        here = f"{quoted(table.unit_column)} <> ''"
        if match.level == ANY:
            here += f" AND {_level(table)} = {literal(level)}"
        wanted = " AND ".join([here, *_conditions(table, level)])
        connection.execute(
            f"CREATE OR REPLACE TEMP VIEW {quoted(name)} AS SELECT * FROM {quoted(rows)} AS r WHERE {wanted}"
        )
        there = _count(connection, name)
        dropped += _count(connection, rows, here) - there
        if there or match.level != ANY:
            kept.append(Kept(level, replace(file, table=name)))
    if dropped:
        columns = ", ".join(table.keep)
        listed = "; ".join(", ".join(words) for by in table.keep.values() for words in by.values())
        todo = "nothing; the others repeat them in parts, or are not of this measure"
        problems.append(
            Problem(NOTE, file.name, "rows that are not read", listed, todo, column=columns, count=dropped)
        )
    return kept, problems


def _joined(table: Table) -> str:
    """SQL of the id: its parts, each with the zeros in front that its length asks for."""
    parts = []
    least = 0 if len(table.unit.join) > 1 else 1  # a district's row leaves the part of the school blank
    for column, digits in zip(table.unit.join, _pads(table), strict=True):
        word = f"TRIM(COALESCE(r.{quoted(column)}, ''))"
        padded = f"CASE WHEN LENGTH({word}) BETWEEN {least} AND {digits - 1} THEN LPAD({word}, {digits}, '0')"
        parts.append(f"{padded} ELSE {word} END" if digits else word)
    joined = f" || {literal(table.unit.by)} || ".join(parts)
    if len(parts) == 1:
        return joined
    blank = " AND ".join(f"TRIM(COALESCE(r.{quoted(column)}, '')) = ''" for column in table.unit.join)
    return f"CASE WHEN {blank} THEN '' ELSE {joined} END"


def _pads(table: Table) -> tuple[int, ...]:
    return table.unit.pad or (0,) * len(table.unit.join)


def _year(table: Table, file: Loaded, folder: str) -> tuple[str | None, list[Problem]]:
    """The school year of all rows, where it is not in a column: as it is found, to be read as one later."""
    place = table.period
    if place.is_ is not None:
        return place.is_, []
    if place.column is not None:
        return None, []
    pattern = compiled(place.file or place.header or "")
    texts_ = (file.name, f"{folder}/{file.name}") if place.file else file.header
    found = next((match for match in map(pattern.search, texts_) if match), None)
    if found is None:
        where = "the file's name" if place.file else "the names of the columns"
        allowed = f"a name with the school year, like {pattern.pattern}"
        todo = "name the file as its publisher does"
        return "", [Problem(ERROR, file.name, f"no school year in {where}", allowed, todo)]
    word = "-".join(part for part in found.groups() if part)
    return word, []


def _conditions(table: Table, level: Level) -> Iterator[str]:
    for column, words in table.keep.items():
        wanted = words.get(level) or words.get("any")
        if wanted:
            yield f"r.{quoted(column)} IN ({texts(wanted)})"


def _level(table: Table) -> str:
    """SQL of a row's level; '' where nothing says it."""
    place = table.level
    if place is None:
        return "''"
    if place.column is not None:
        word = f"r.{quoted(place.column)}"
        cases = [
            f"WHEN {word} = {literal(given)} THEN {literal(level)}" for given, level in place.words.items()
        ]
    else:
        unit = f"r.{quoted(table.unit_column)}"
        cases = [
            f"WHEN regexp_full_match({unit}, {literal(pattern)}) THEN {literal(level)}"
            for pattern, level in (place.unit or {}).items()
        ]
    return f"CASE {' '.join(cases)} ELSE '' END"


def _unknown_levels(
    connection: duckdb.DuckDBPyConnection, table: Table, file: Loaded, rows: str
) -> list[Problem]:
    """Rows whose level nobody has told us about, and those of levels that are left out."""
    place = table.level
    column = (place.column if place else None) or table.unit_column
    found = connection.execute(f"""
        SELECT {_level(table)} AS level, COALESCE(r.{quoted(column)}, '') AS word,
               MIN("row") AS first, COUNT(*)
        FROM {quoted(rows)} AS r WHERE {quoted(table.unit_column)} <> '' AND level IN ('', {literal(SKIP)})
        GROUP BY ALL ORDER BY first""").fetchall()
    unknown = [(word, row, count) for level, word, row, count in found if level == ""]
    skipped = [(row, count) for level, _, row, count in found if level == SKIP]
    allowed = ", ".join((place.words or place.unit or {}) if place else ())
    todo = "add it to `level:` of the mapping, or `skip` it"
    problems = [
        Problem(ERROR, file.name, repr(word[:60]), allowed, todo, row, column, count)
        for word, row, count in unknown[:20]
    ]
    if skipped:
        count = sum(count for _, count in skipped)
        found_rows = "rows of levels that we have no place for, such as counties"
        allowed, todo = "the state, districts and schools", "nothing; these are not shown"
        problems.append(Problem(NOTE, file.name, found_rows, allowed, todo, skipped[0][0], column, count))
    return problems


def _padded(connection: duckdb.DuckDBPyConnection, table: Table, file: Loaded) -> list[Problem]:
    """Ids that have lost their zeros in front, which are put back."""
    problems = []
    for column, digits in zip(table.unit.join, _pads(table), strict=True):
        if not digits:
            continue
        length = f"LENGTH(TRIM(COALESCE({quoted(column)}, '')))"
        short = f"{length} BETWEEN 1 AND {digits - 1}"
        rows = connection.execute(
            f'SELECT MIN("row"), COUNT(*) FROM {quoted(file.table)} WHERE {short}'
        ).fetchall()
        for row, count in rows:
            if count:
                found, allowed = "ids that have lost a zero in front", f"{digits} characters"
                todo = "nothing; the zeros are put back"
                problems.append(Problem(NOTE, file.name, found, allowed, todo, row, column, count))
    return problems


def _without_id(
    connection: duckdb.DuckDBPyConnection, table: Table, file: Loaded, rows: str
) -> list[Problem]:
    """Empty rows, and notes under the table."""
    column = table.unit_column
    found = connection.execute(
        f"SELECT MIN(\"row\"), COUNT(*) FROM {quoted(rows)} WHERE {quoted(column)} = ''"
    ).fetchall()
    allowed, todo = "an id in every row", "nothing; these rows are not read"
    return [
        Problem(NOTE, file.name, "rows without an id", allowed, todo, row, column, count)
        for row, count in found
        if count
    ]


def _count(connection: duckdb.DuckDBPyConnection, relation: str, where: str = "TRUE") -> int:
    rows = connection.execute(f"SELECT COUNT(*) FROM {quoted(relation)} AS r WHERE {where}").fetchall()
    return int(rows[0][0])


def _columns(connection: duckdb.DuckDBPyConnection, relation: str) -> list[str]:
    return [name for name, *_ in connection.execute(f"DESCRIBE {quoted(relation)}").fetchall()]
