"""A table's rows in our words: unit, period, group, numbers and the state of each number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from evenground.engine import literal, quoted
from evenground.model import ERROR, NOTE, Problem
from evenground.sources.published.files import Loaded
from evenground.sources.published.inputs import Match
from evenground.sources.published.kept import kept_rows
from evenground.sources.published.layout import Table
from evenground.sources.published.mapping import Source
from evenground.sources.published.numbers import check_numbers, count_reasons, range_of
from evenground.sources.published.reading import Reading
from evenground.sources.published.sql import texts, worst
from evenground.sources.published.wide import lengthen
from evenground.sources.published.words import check_words, needed_words, register_periods, shortened


@dataclass(frozen=True)
class Coded:
    """The rows of one mapped table.

    `relation` has unit_level, unit_id, period, the group's number g, the group and split columns, for every
    number `v:NAME`, its state `s:NAME` and what it may be (`low:NAME`, `high:NAME`) where it is a range, and
    where it comes from: `file` (its place in `files`) and `row`.
    """

    key: str
    mapping: Table
    relation: str
    files: tuple[str, ...]
    readings: tuple[Reading, ...]

    def value(self, column: str | None) -> str:
        return quoted(f"v:{column}")

    def state(self, column: str | None) -> str:
        return quoted(f"s:{column}")

    def sum(self, columns: tuple[str, ...]) -> str:
        """SQL: the columns added up; null where one of them has no value."""
        return "(" + " + ".join(map(self.value, columns)) + ")"

    def worst(self, columns: tuple[str, ...]) -> str:
        """SQL: the state of the sum of columns."""
        return worst(map(self.state, columns))

    def bound(self, columns: tuple[str, ...], end: str) -> str:
        """SQL: the `low` or `high` end of what the sum of columns may be."""
        ends = (f"COALESCE({quoted(f'{end}:{name}')}, {self.value(name)})" for name in columns)
        return "(" + " + ".join(ends) + ")"


def code_rows(
    connection: duckdb.DuckDBPyConnection, source: Source, key: str, loaded: Sequence[tuple[Match, Loaded]]
) -> tuple[Coded, list[Problem]]:
    """Codes every row of a table whose files are loaded; an error is a row that is not understood."""
    table = source.tables[key]
    files = tuple(dict.fromkeys(file.name for _, file in loaded))
    problems: list[Problem] = []
    readings = []
    for match, file in loaded:
        parts, found = kept_rows(connection, source, match, file)
        problems += found
        for kept in parts:
            long = lengthen(connection, source, key, kept.file)
            readings.append(Reading(connection, source, key, kept.level, long, kept.file.table))
    for reading in readings:
        problems += check_words(reading) + register_periods(reading) + count_reasons(reading)
    coded = Coded(key, table, f"coded_{key}", files, tuple(readings))
    if any(problem.severity == ERROR for problem in problems) and not readings:
        return coded, problems
    selects = [_coding(reading, files.index(reading.file.name)) for reading in readings]
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {quoted(coded.relation)} AS {' UNION ALL '.join(selects)}"
    )
    if _has_wrong_numbers(connection, coded):
        for reading in readings:
            problems += check_numbers(reading)
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS shared_names (unit_id VARCHAR)")
    return coded, problems + _repeated(connection, coded, source.units.by_name)


def _coding(reading: Reading, place: int) -> str:
    """SELECT of the coded rows of one file."""
    table = reading.table
    numbers = [
        f"{reading.number(name)} AS {quoted(f'v:{name}')}, {reading.state(name)} AS {quoted(f's:{name}')}, "
        f"{reading.bound(name, 'low')} AS {quoted(f'low:{name}')}, "
        f"{reading.bound(name, 'high')} AS {quoted(f'high:{name}')}"
        for name in table.numbers
    ]
    raw = [f"r.{quoted(column)}" for column in (*table.groups, *table.split_columns)]
    groups = [f"{reading.word(column)} = codes.w{number}" for number, column in enumerate(table.groups)]
    join = f"JOIN {quoted(f'codes_{reading.key}')} AS codes ON {' AND '.join(groups) or 'TRUE'}"
    kept = [f"{reading.word(column)} IN ({texts(words)})" for column, words in needed_words(table).items()]
    columns = ", ".join(["codes.g", *raw, *numbers])
    return f"""
        SELECT {literal(reading.level)} AS unit_level, {reading.unit_id()} AS unit_id, p.period, {columns},
               {place} AS file, r."row"
        FROM {quoted(reading.file.table)} AS r
        JOIN periods AS p ON {reading.word(table.period_column)} = p.word {join}
        WHERE {" AND ".join([f"NOT {reading.skipped_unit()}", *kept])}"""


def _has_wrong_numbers(connection: duckdb.DuckDBPyConnection, coded: Coded) -> bool:
    """Whether some number is none or cannot be: one look at all of them, before the search for where."""
    wrong = []
    for name in coded.mapping.numbers:
        low, high = range_of(coded.mapping, name)
        inside = f"COALESCE({coded.value(name)} BETWEEN {low!r} AND {high!r}, FALSE)"
        wrong.append(f"({coded.state(name)} = 'value' AND NOT {inside})")
    rows = connection.execute(
        f"SELECT COUNT(*) FROM {quoted(coded.relation)} WHERE {' OR '.join(wrong) or 'FALSE'}"
    )
    return rows.fetchall() != [(0,)]


def _repeated(connection: duckdb.DuckDBPyConnection, coded: Coded, by_name: bool) -> list[Problem]:
    """Rows of the same unit, period and group: identical ones count once, others are an error.

    Where ids are names, they are two units of one name: those are noted in the table `shared_names`.
    """
    table, relation = coded.mapping, quoted(coded.relation)
    columns = map(quoted, (*table.groups, *table.split_columns))
    keys = ", ".join(["unit_level", "unit_id", "period", *columns])
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE twice AS
        SELECT {keys} FROM {relation} GROUP BY ALL HAVING COUNT(*) > 1""")
    if connection.execute("SELECT COUNT(*) FROM twice").fetchall() == [(0,)]:
        return []
    parts = ", ".join(f"COALESCE({coded.value(column)}::VARCHAR, 'nothing')" for column in table.numbers)
    rows = connection.execute(f"""
        WITH versions AS (
            SELECT *, CONCAT_WS(' | ', {parts}) AS figures FROM {relation} JOIN twice USING ({keys})
        )
        SELECT unit_id, period, COUNT(*), COUNT(DISTINCT figures), FIRST(figures ORDER BY file, "row"),
               LAST(figures ORDER BY file, "row"), MAX(file) AS last_file,
               LAST("row" ORDER BY file, "row") AS last_row
        FROM versions GROUP BY {keys} ORDER BY last_file, last_row""").fetchall()
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE {relation} AS
        SELECT * FROM {relation} QUALIFY ROW_NUMBER() OVER (PARTITION BY {keys} ORDER BY file, "row") = 1""")
    if by_name:
        names = [[unit] for unit, _, _, versions, *_ in rows if versions > 1]
        if names:
            connection.executemany("INSERT INTO shared_names VALUES (?)", names)
        return _same(coded, rows)
    return _same(coded, rows) + _different(coded, rows)


def _same(coded: Coded, rows: list[tuple[str, str, int, int, str, str, int, int]]) -> list[Problem]:
    same = [(times, file, row) for _, _, times, versions, _, _, file, row in rows if versions == 1]
    if not same:
        return []
    found = "rows that are already in another row or file, with the same numbers"
    count = sum(times - 1 for times, _, _ in same)
    name, row = coded.files[same[0][1]], same[0][2]
    allowed, todo = "each unit, school year and group once", "nothing; they count once"
    return [Problem(NOTE, name, found, allowed, todo, row, count=count, check="duplicate_rows")]


def _different(coded: Coded, rows: list[tuple[str, str, int, int, str, str, int, int]]) -> list[Problem]:
    columns = ", ".join(coded.mapping.numbers)
    allowed, todo = "one set of numbers for a unit, school year and group", "keep the right row"
    problems = []
    for unit, period, _, versions, first, last, file, row in rows:
        if versions > 1:
            found = f"{columns} = {last} for {unit} in {period}, elsewhere {first}"
            name = coded.files[file]
            problems.append(Problem(ERROR, name, found, allowed, todo, row, check="contradictory_rows"))
    return shortened(problems)
