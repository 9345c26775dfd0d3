"""Tables of a roster from the rows of an extract, in SQL.

An extract repeats on every row what it knows of the student and the school. Where its rows disagree about
the same student and year, or about the same school, what most of them say counts; where no answer has most,
it is unknown, or the first where the roster needs an answer. How many there were is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import duckdb

from evenground.engine import literal
from evenground.model import WARNING, Problem
from evenground.sources.exchange import ORIGIN, Check, Origin, Staged, check_rows
from evenground.sources.extract.mapping import RACE, Cell, Table
from evenground.sources.roster import roster_format

REPEATED = ("schools", "students", "enrollments")
"""Tables about students and schools themselves, which a row about a test or a course tells again."""


def make_table(
    engine: duckdb.DuckDBPyConnection,
    name: str,
    table: Table,
    rows: str,
    files: tuple[str, ...],
    columns: Mapping[str, str],
    problems: list[Problem],
) -> Origin:
    """Makes `roster_NAME` from the table `rows`, whose `columns` are the file's column -> its name there."""
    chosen = " AND ".join(
        f"{columns[column]} IN ({', '.join(map(literal, words))})" for column, words in table.where.items()
    )
    engine.execute(f"CREATE VIEW chosen AS SELECT * FROM {rows} WHERE {chosen or 'true'}")
    problems.extend(_absent_words(engine, table, rows, files, columns))
    problems.extend(_unknown_words(engine, table, files, columns))
    values = {column: _value(cell, columns) for column, cell in table.columns.items()}
    selected = ", ".join(f"{value} AS {column}" for column, value in values.items())
    engine.execute(f"CREATE TABLE told AS SELECT part, row, {selected} FROM chosen")
    key = [column for column in roster_format().tables[name].key if column in values]
    others = [column for column in values if column not in key]
    if name in REPEATED:
        problems.extend(_agree(engine, name, table, key, others, files))
    elif key:
        engine.execute(f"CREATE TABLE roster_{name} AS {_each_once(list(values))}")
    else:
        engine.execute(f"ALTER TABLE told RENAME TO roster_{name}")
    if RACE in values:
        _make_flags(engine, f"roster_{name}", table.columns[RACE])
    engine.execute("DROP TABLE IF EXISTS told; DROP VIEW chosen")
    return Origin(files, {column: cell.column for column, cell in table.columns.items() if cell.column})


def _value(cell: Cell, columns: Mapping[str, str]) -> str:
    """The SQL of the text of a roster's column."""
    if cell.column is None:
        return literal(cell.always or "")
    column = columns[cell.column]
    if cell.words is None:
        return column
    cases = " ".join(f"WHEN {literal(word)} THEN {literal(ours)}" for word, ours in cell.words.items())
    return f"nullif(CASE {column} {cases} END, '')"


def _make_flags(engine: duckdb.DuckDBPyConnection, roster: str, cell: Cell) -> None:
    """One race a row becomes yes for it and no for the others, and nothing where it is unknown."""
    races = dict.fromkeys(race for race in (cell.words or {}).values() if race)
    flags = ", ".join(
        f"CASE WHEN {RACE} = {literal(race)} THEN 'yes' WHEN {RACE} IS NOT NULL THEN 'no' END AS {race}"
        for race in races
    )
    engine.execute(f"CREATE OR REPLACE TABLE {roster} AS SELECT * EXCLUDE ({RACE}), {flags} FROM {roster}")


def _absent_words(
    engine: duckdb.DuckDBPyConnection,
    table: Table,
    rows: str,
    files: tuple[str, ...],
    columns: Mapping[str, str],
) -> Iterator[Problem]:
    """Words by which rows are chosen and that no row has: a mistake in the mapping would leave rows out."""
    for column, words in table.where.items():
        query = f"SELECT list(DISTINCT {columns[column]}) FROM {rows}"
        (held,) = engine.execute(query).fetchone() or ([],)
        if absent := [word for word in words if word not in (held or [])]:
            found, allowed = f"no row with {', '.join(absent)}", "words of the column"
            todo = "correct `where` in the mapping, if rows are missing"
            yield Problem(WARNING, ", ".join(files), found, allowed, todo, column=column)


def _unknown_words(
    engine: duckdb.DuckDBPyConnection, table: Table, files: tuple[str, ...], columns: Mapping[str, str]
) -> Iterator[Problem]:
    """Words that the mapping does not name: what a word means is never guessed."""
    named = {
        (cell.column, tuple(cell.words)) for cell in table.columns.values() if cell.column and cell.words
    }
    for column, words in sorted(named):
        place = columns[column]
        wrong = f"{place} IS NOT NULL AND {place} NOT IN ({', '.join(map(literal, words))})"
        allowed, todo = f"the mapping's words: {', '.join(words)}", "add the word to the mapping"
        check = Check(place, wrong, "", allowed, todo, known=words)
        staged = Staged("chosen", files, frozenset(columns.values()))
        yield from (replace(problem, column=column) for problem in check_rows(engine, staged, [check]))


def _each_once(columns: Sequence[str]) -> str:
    """Rows that say the same are one row; the first of them is where it comes from."""
    names = ", ".join(columns)
    return (
        f"SELECT {', '.join(f'arg_min({name}, (part, row)) AS {name}' for name in ORIGIN)}, {names}"
        f" FROM told GROUP BY {names}"
    )


def _agree(
    engine: duckdb.DuckDBPyConnection,
    name: str,
    table: Table,
    key: Sequence[str],
    others: Sequence[str],
    files: tuple[str, ...],
) -> Iterator[Problem]:
    """Makes `roster_NAME` with one row a key, and tells where rows of one key disagree."""
    keys = ", ".join(key)
    origin = ", ".join(f"arg_min({column}, (part, row)) AS {column}" for column in ORIGIN)
    first = "".join(f", min({column}) AS {column}" for column in others)
    differ = {column: f"min({column}) <> max({column})" for column in others}
    engine.execute(
        f"CREATE TABLE agreed AS SELECT {origin}, {keys}{first},"
        f" coalesce({' OR '.join(differ.values()) or 'false'}, false) AS differ FROM told GROUP BY {keys}"
    )
    same = " AND ".join(f"t.{column} IS NOT DISTINCT FROM a.{column}" for column in key)
    engine.execute(
        f"CREATE TABLE disputed AS SELECT t.* FROM told t SEMI JOIN (FROM agreed WHERE differ) a ON {same}"
    )
    required = {key for key, column in roster_format().tables[name].columns.items() if column.required}
    most = "".join(f", {_most(column, column in required)} AS {column}" for column in others)
    engine.execute(
        f"CREATE TABLE roster_{name} AS SELECT * EXCLUDE (differ) FROM agreed WHERE NOT differ"
        f" UNION ALL SELECT {origin}, {keys}{most} FROM disputed GROUP BY {keys}"
    )
    yield from _disputes(engine, table, key, differ, files)
    engine.execute("DROP TABLE agreed; DROP TABLE disputed")


def _disputes(
    engine: duckdb.DuckDBPyConnection,
    table: Table,
    key: Sequence[str],
    differ: Mapping[str, str],
    files: tuple[str, ...],
) -> Iterator[Problem]:
    """One warning a column of the files."""
    answers: dict[str, list[str]] = {}
    for column, condition in differ.items():
        if read := table.columns[column].column:
            answers.setdefault(read, []).append(condition)
    if not answers:
        return
    wanted = ", ".join(f"({' OR '.join(each)}) AS d{number}" for number, each in enumerate(answers.values()))
    counts = ", ".join(f"count(*) FILTER (d{number})" for number in range(len(answers)))
    query = f"SELECT {counts} FROM (SELECT {wanted} FROM disputed GROUP BY {', '.join(key)})"
    grain = " and ".join(column.removesuffix("_id").replace("_", " ") for column in key)
    for column, count in zip(answers, engine.execute(query).fetchone() or (), strict=True):
        if count:
            found, allowed = f"rows of the same {grain} that disagree", "one answer"
            todo = (
                "correct them; what most of the rows say counts. Where none has most: unknown, or the first"
            )
            yield Problem(WARNING, ", ".join(files), found, allowed, todo, column=column, count=count)


def _most(column: str, required: bool) -> str:
    """The value that more rows have than any other; where two have as many, none, or the first."""
    counts = f"list_reverse_sort(map_values(histogram({column})))"
    tied = f" ELSE arg_min({column}, (part, row))" if required else ""
    return (
        f"CASE WHEN min({column}) IS NOT DISTINCT FROM max({column}) THEN min({column})"
        f" WHEN {counts}[1] > {counts}[2] THEN mode({column}){tied} END"
    )
