"""A file's rows in our words: unit, period, group, numbers and the state of each number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from evenground.model import ALL, ERROR, NOTE, WARNING, Problem, parse_group, parse_period
from evenground.sources.published.files import Loaded
from evenground.sources.published.mapping import SKIP, Level, Source, Table
from evenground.sources.published.sql import quoted, text, texts

_LISTED = 20  # at most so many unknown values of a column are listed one by one


@dataclass(frozen=True)
class Coded:
    """The rows of one mapped table. `relation` has unit_level, unit_id, period, a column a dimension, the split columns, for every
    number `v:NAME` and its state `s:NAME`, and `file`, `row`."""

    key: str
    mapping: Table
    relation: str
    levels: tuple[Level, ...]

    def value(self, column: str) -> str:
        return quoted(f"v:{column}")

    def state(self, column: str) -> str:
        return quoted(f"s:{column}")


def code_rows(connection: duckdb.DuckDBPyConnection, source: Source, key: str, loaded: Mapping[str, Loaded]) -> tuple[Coded, list[Problem]]:
    """Codes every row of a table whose files are loaded. The problems are errors where a row cannot be understood."""
    table = source.tables[key]
    for name in set(table.groups.values()):
        _register_codes(connection, source, name)
    problems: list[Problem] = []
    parts = []
    for level, names in table.files.items():
        for name in names:
            file = loaded[name]
            problems += _check_words(connection, source, table, level, file)
            problems += check_numbers(connection, source, table, file)
            problems += _register_periods(connection, file, table.period)
            parts.append(_coding(source, table, level, file))
    coded = Coded(key, table, f"coded_{key}", tuple(table.files))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {quoted(coded.relation)} AS {' UNION ALL '.join(parts)}")
    return coded, problems + _repeated(connection, coded)


def _coding(source: Source, table: Table, level: Level, file: Loaded) -> str:
    """SELECT of the coded rows of one file."""
    lists = {column: f"c{place}" for place, column in enumerate(table.groups)}
    dimensions = [
        f"COALESCE({', '.join(f'{alias}.{quoted(dimension)}' for alias in lists.values())}) AS {quoted(dimension)}" if lists else f"NULL::VARCHAR AS {quoted(dimension)}"
        for dimension in source.dimensions
    ]
    numbers = [part for column in table.numbers for part in (f"{_number(source, table, column)} AS {quoted(f'v:{column}')}", f"{_state(source, table, column)} AS {quoted(f's:{column}')}")]
    raw = [f"r.{quoted(column)}" for column in (*table.groups, *table.split_columns)]
    columns = [f"{text(level)} AS unit_level", f"{_unit_id(source, table.unit, level)} AS unit_id", "p.period", *dimensions, *raw, *numbers, f"{text(file.name)} AS file", 'r."row"']
    joins = [f"JOIN {quoted(f'codes_{table.groups[column]}')} AS {alias} ON COALESCE(r.{quoted(column)}, '') = {alias}.word AND NOT {alias}.skipped" for column, alias in lists.items()]
    kept = [f"r.{quoted(column)} IN ({texts(words)})" for column, words in _needed_words(table).items()]
    if level != "state" and source.units.skip:
        kept.append(f"LEFT(r.{quoted(table.unit)}, {source.units.district_digits}) NOT IN ({texts(source.units.skip)})")
    return f"""
        SELECT {', '.join(columns)}
        FROM {quoted(file.table)} AS r JOIN periods AS p ON COALESCE(r.{quoted(table.period)}, '') = p.word {' '.join(joins)}
        {'WHERE ' + ' AND '.join(kept) if kept else ''}"""


def _needed_words(table: Table) -> dict[str, set[str]]:
    """Of split columns that every statistic filters: the words that some statistic wants."""
    wanted = [statistic.where for statistic in table.statistics.values()]
    return {
        column: {word for where in wanted for word in where[column]}
        for column in table.split_columns
        if wanted and all(column in where for where in wanted)
    }


def _unit_id(source: Source, column: str, level: Level) -> str:
    if level == "state":
        return text(source.units.state.id)
    digits = source.units.district_digits if level == "district" else source.units.school_digits
    return f"LEFT(r.{quoted(column)}, {digits})"


def _state(source: Source, table: Table, column: str) -> str:
    missing = table.missing if table.missing is not None else source.missing
    cases = " ".join(f"WHEN {text(word)} THEN {text(state)}" for word, state in missing.items())
    return f"CASE COALESCE(TRIM(r.{quoted(column)}), '') {cases} ELSE 'value' END"


def _number(source: Source, table: Table, column: str) -> str:
    return f"CASE WHEN {_state(source, table, column)} = 'value' THEN TRY_CAST(r.{quoted(column)} AS DOUBLE) END"


def _register_codes(connection: duckdb.DuckDBPyConnection, source: Source, name: str) -> None:
    """A list of codes as a table: word, skipped, a column a dimension."""
    rows: dict[str, list[object]] = {"word": [], "skipped": [], **{dimension: [] for dimension in source.dimensions}}
    for word, group in source.codes[name].items():
        values = {} if group in (SKIP, ALL) else dict(parse_group(group))
        rows["word"].append(word)
        rows["skipped"].append(group == SKIP)
        for dimension in source.dimensions:
            rows[dimension].append(values.get(dimension))
    types = {"skipped": pa.bool_()}
    table = pa.table({column: pa.array(values, types.get(column, pa.string())) for column, values in rows.items()})
    connection.register(f"codes_{name}", table)


def _register_periods(connection: duckdb.DuckDBPyConnection, file: Loaded, column: str) -> list[Problem]:
    """Adds the file's school years to the table `periods` (word, period)."""
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS periods (word VARCHAR, period VARCHAR)")
    name = quoted(column)
    words = connection.execute(f"SELECT COALESCE({name}, ''), MIN(\"row\"), COUNT(*) FROM {quoted(file.table)} GROUP BY 1 ORDER BY 2").fetchall()
    known = {word for (word,) in connection.execute("SELECT word FROM periods").fetchall()}
    problems = []
    for word, row, count in words:
        if word in known:
            continue
        try:
            connection.execute("INSERT INTO periods VALUES (?, ?)", [word, parse_period(word)])
        except ValueError:
            problems.append(Problem(ERROR, file.name, repr(word), "a school year such as 2015-16, 2015-2016 or 1516", "correct the value", row, column, count))
    return _shortened(problems)


def _check_words(connection: duckdb.DuckDBPyConnection, source: Source, table: Table, level: Level, file: Loaded) -> list[Problem]:
    """Codes and ids that nobody has told us about; groups that we leave out, counted."""
    problems: list[Problem] = []
    for column, name in table.groups.items():
        codes = source.codes[name]
        problems += _unknown(connection, file, column, codes, f"add it to codes.{name} of the mapping, or `skip` it")
        skipped = [word for word, group in codes.items() if group == SKIP]
        problems += _left_out(connection, file, column, skipped, "groups that our dimensions have a place for", "nothing; these groups are not shown")
    for column, words in table.allowed.items():
        dirty = table.dirty.get(column, {})
        problems += _unknown(connection, file, column, {*words, *dirty}, f"add it to `allowed: {column}` of the mapping")
        for word, why in dirty.items():
            for found in _left_out(connection, file, column, [word], f"{', '.join(words)}", f"nothing; not used: it {why}"):
                problems.append(Problem(WARNING, found.file, found.found, found.allowed, found.todo, found.row, found.column, found.count))
    for column, words in _needed_words(table).items():
        there = {word for (word,) in connection.execute(f"SELECT DISTINCT {quoted(column)} FROM {quoted(file.table)}").fetchall()}
        problems += [
            Problem(WARNING, file.name, f"no row with {word!r}", "rows for every value that is read", "see whether the publisher changed the word", column=column)
            for word in sorted(words - there)
        ]
    return problems + _check_units(connection, source, table.unit, level, file)


def _check_units(connection: duckdb.DuckDBPyConnection, source: Source, column: str, level: Level, file: Loaded) -> list[Problem]:
    name = f"COALESCE({quoted(column)}, '')"
    if level == "state":
        code = source.units.state.code or source.units.state.id
        wrong, allowed = f"{name} <> {text(code)}", f"{code} in a file of the state"
    else:
        digits = source.units.district_digits if level == "district" else source.units.school_digits
        wrong, allowed = f"LENGTH({name}) <> {digits}", f"{digits} characters, leading zeros kept"
    rows = connection.execute(f'SELECT {name}, MIN("row"), COUNT(*) FROM {quoted(file.table)} WHERE {wrong} GROUP BY 1 ORDER BY 2').fetchall()
    todo = "read the column as text, so that no leading zero is lost"
    problems = [Problem(ERROR, file.name, repr(word), allowed, todo, row, column, count) for word, row, count in rows]
    if level != "state":
        skipped = [word for (word,) in connection.execute(f"SELECT DISTINCT {name} FROM {quoted(file.table)} WHERE LEFT({name}, {source.units.district_digits}) IN ({texts(source.units.skip) or 'NULL'})").fetchall()]
        problems += _left_out(connection, file, column, skipped, "districts and their schools", f"nothing; {source.units.skip_why}")
    return _shortened(problems)


def _unknown(connection: duckdb.DuckDBPyConnection, file: Loaded, column: str, known: Iterable[str], todo: str) -> list[Problem]:
    allowed = tuple(known)
    name = f"COALESCE({quoted(column)}, '')"
    rows = connection.execute(
        f'SELECT {name}, MIN("row"), COUNT(*) FROM {quoted(file.table)} WHERE {name} NOT IN ({texts(allowed)}) GROUP BY 1 ORDER BY 2'
    ).fetchall()
    return _shortened([Problem(ERROR, file.name, repr(word), ", ".join(sorted(allowed)), todo, row, column, count) for word, row, count in rows])


def _left_out(connection: duckdb.DuckDBPyConnection, file: Loaded, column: str, words: list[str], allowed: str, todo: str) -> list[Problem]:
    """One note with how many rows have one of `words`."""
    if not words:
        return []
    rows = connection.execute(
        f'SELECT {quoted(column)}, MIN("row"), COUNT(*) FROM {quoted(file.table)} WHERE {quoted(column)} IN ({texts(words)}) GROUP BY 1 ORDER BY 1'
    ).fetchall()
    if not rows:
        return []
    found = "; ".join(repr(word) for word, _, _ in rows)
    return [Problem(NOTE, file.name, found, allowed, todo, min(row for _, row, _ in rows), column, sum(count for _, _, count in rows))]


def check_numbers(connection: duckdb.DuckDBPyConnection, source: Source, table: Table, file: Loaded) -> list[Problem]:
    """Text where a number should be, shares outside 0 to 1, counts below 0."""
    shares = {column for statistic in table.statistics.values() for column in statistic.share or ()} | set(table.sum_to_one)
    problems = []
    for column in table.numbers:
        state, number = _state(source, table, column), _number(source, table, column)
        range_ = f"{number} NOT BETWEEN 0 AND 1" if column in shares else f"{number} < 0"
        kinds = {
            f"{state} = 'value' AND NOT COALESCE(ISFINITE({number}), FALSE)": ("a number, or " + " or ".join(repr(word) for word in source.missing), "correct the value, or name it under `missing:` in the mapping"),
            f"ISFINITE({number}) AND {range_}": ("a share from 0 to 1", "write 54 % as 0.54") if column in shares else ("0 or more", "correct the value"),
        }
        for condition, (allowed, todo) in kinds.items():
            count, row, found = connection.execute(
                f'SELECT COUNT(*), MIN("row"), ARG_MIN(r.{quoted(column)}, "row") FROM {quoted(file.table)} AS r WHERE ({condition}) AND {_used(table, column)}'
            ).fetchall()[0]
            if count:
                problems.append(Problem(ERROR, file.name, repr(found), allowed, todo, row, column, count))
    return problems


def _used(table: Table, column: str) -> str:
    """SQL: the rows of whose number in `column` something is made."""
    wanted = [statistic.where for statistic in table.statistics.values() if column in statistic.numbers]
    if column in (table.count, *table.sum_to_one) or not all(wanted):
        return "TRUE"
    rows = [" AND ".join(f"COALESCE(r.{quoted(name)}, '') IN ({texts(words)})" for name, words in where.items()) for where in wanted]
    return f"({' OR '.join(rows)})"


def _repeated(connection: duckdb.DuckDBPyConnection, coded: Coded) -> list[Problem]:
    """Rows of the same unit, period and group: identical ones count once, others are an error."""
    table = coded.mapping
    keys = ", ".join(["unit_level", "unit_id", "period", *(quoted(column) for column in (*table.groups, *table.split_columns))])
    numbers = [coded.value(column) for column in table.numbers]
    figures = f"CONCAT_WS(' | ', {', '.join(f'COALESCE({number}::VARCHAR, {text(chr(8709))})' for number in numbers)})" if numbers else "''"
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE repeated AS
        SELECT {keys}, COUNT(*) AS times, COUNT(DISTINCT {figures}) AS versions, FIRST({figures} ORDER BY file, "row") AS one, LAST({figures} ORDER BY file, "row") AS other,
               LAST(file ORDER BY file, "row") AS file, LAST("row" ORDER BY file, "row") AS "row"
        FROM {quoted(coded.relation)} GROUP BY ALL HAVING COUNT(*) > 1""")
    problems = []
    same = connection.execute("SELECT COUNT(*), SUM(times - 1), MIN(file) FROM repeated WHERE versions = 1").fetchall()[0]
    if same[0]:
        found = "rows that are already in another file or row, with the same numbers"
        problems.append(Problem(NOTE, same[2], found, "each unit, school year and group once", "nothing; they count once", count=int(same[1])))
    columns = ", ".join(table.numbers)
    rows = connection.execute('SELECT unit_id, period, one, other, file, "row" FROM repeated WHERE versions > 1 ORDER BY file, "row"').fetchall()
    problems += [
        Problem(ERROR, file, f"{columns} = {other} for {unit} in {period}, elsewhere {one}", "one set of numbers for a unit, school year and group", "keep the right row", row)
        for unit, period, one, other, file, row in rows[:_LISTED]
    ]
    if same[0]:
        connection.execute(f"""
            CREATE OR REPLACE TEMP TABLE {quoted(coded.relation)} AS
            SELECT * FROM {quoted(coded.relation)} QUALIFY ROW_NUMBER() OVER (PARTITION BY {keys} ORDER BY file, "row") = 1""")
    return problems


def _shortened(problems: list[Problem]) -> list[Problem]:
    """The first ones, and one that says how many more there are."""
    if len(problems) <= _LISTED:
        return problems
    rest, last = problems[_LISTED - 1 :], problems[_LISTED - 1]
    more = Problem(last.severity, last.file, f"{len(rest)} further values, beginning with {last.found}", last.allowed, last.todo, last.row, last.column, sum(problem.count for problem in rest))
    return [*problems[: _LISTED - 1], more]
