"""Coded rows to leaf cells: one query for each form in which a publisher gives an indicator."""

from __future__ import annotations

import duckdb

from evenground.model import NOTE, WARNING, Problem
from evenground.sources.published.mapping import Source, Statistic
from evenground.sources.published.rows import Coded
from evenground.sources.published.sql import quoted, text, texts, worst, worst_of_rows

UNIT = ("unit_level", "unit_id", "period")

_ISSUES = {
    # issue -> severity, what was found, what is allowed, what happens
    "above": (WARNING, "a count above the number of students it is counted over", "at most that number", "nothing; not used. The count may be of events, or students have come and gone"),
    "no_over": (WARNING, "a count for a unit or group without a number of students", "a row in the table it is counted over", "nothing; not used"),
    "no_group": (NOTE, "groups whose number of students is not in these files", "groups of the table it is counted over", "nothing; not shown for this indicator"),
    "no_schools": (WARNING, "a unit that counts more than its schools do together", "schools that report all of it", "nothing; not used, because the students to compare with are not known"),
    "range": (WARNING, "a figure outside what is possible", "the range `between` of the mapping", "nothing; not used"),
    "unusable": (WARNING, "numbers that do not mean what their name says", "see the known issues of the source", "nothing; not used"),
    "base": (NOTE, "percentages that no whole number of the students tested gives", "percentages of the number beside them", "nothing; the count is approximate, the percentage as published"),
    "conflict": (WARNING, "several percentages for one group, without their numbers", "one percentage", "nothing; not used"),
}


def make_denominators(connection: duckdb.DuckDBPyConnection, source: Source, coded: Coded) -> None:
    """`over_KEY`: students by unit, period and group, and everybody as the sum of the groups where the file has no such row."""
    column = coded.mapping.count or ""
    dimensions = _dimensions(source)
    nobody_apart = " AND ".join(f"{dimension} IS NULL" for dimension in dimensions)
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE {quoted(f'over_{coded.key}')} AS
        WITH groups AS (
            SELECT {', '.join((*UNIT, *dimensions))}, SUM({coded.value(column)}) AS n, {worst_of_rows(coded.state(column))} AS state
            FROM {quoted(coded.relation)} GROUP BY ALL
        ), everybody AS (
            SELECT {', '.join(UNIT)}, {', '.join(f'NULL::VARCHAR AS {dimension}' for dimension in dimensions)}, SUM(n) AS n, {worst_of_rows('state')} AS state
            FROM groups GROUP BY {', '.join(UNIT)} HAVING COUNT(*) FILTER ({nobody_apart}) = 0
        )
        SELECT * FROM groups UNION ALL SELECT * FROM everybody""")


def make_leaves(connection: duckdb.DuckDBPyConnection, source: Source, coded: Coded, indicator: str, kind: str) -> list[Problem]:
    """Adds the indicator's cells to the table `leaves`. `kind` is that of its definition: rate, mean or exposure."""
    statistic = coded.mapping.statistics[indicator]
    forms = {
        frozenset({"n", "total"}): _counts,
        frozenset({"n", "share"}): _shares,
        frozenset({"share"}): _shares,
        frozenset({"total", "over"}): _counts_over,
        frozenset({"each", "over"}): _each,
    }
    query = forms[statistic.form](source, coded, statistic, kind)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE found AS {query}")
    problems = _problems(connection, indicator, statistic)
    _apply_unusable(connection, statistic)
    dimensions = _dimensions(source)
    connection.execute("DELETE FROM found WHERE issue = 'no_group'")
    if coded.mapping.combine:
        connection.execute(f"INSERT INTO found {_combined(dimensions, quoted(coded.mapping.combine))}")
    squares = {"rate": "total", "mean": "NULL", "exposure": "total_sq"}[kind]
    numbers = {"n": "n", "total": "total", "total_sq": squares, "weight_sq": "weight_sq", "value": "value"}
    shown = ", ".join(f"CASE WHEN state = 'value' THEN {number}::DOUBLE END AS {name}" for name, number in numbers.items())
    connection.execute(f"INSERT INTO leaves SELECT {text(indicator)}, {', '.join((*UNIT, *dimensions))}, {shown}, state FROM found")
    return problems


def _dimensions(source: Source) -> tuple[str, ...]:
    return tuple(quoted(dimension) for dimension in source.dimensions)


def _rows(coded: Coded, statistic: Statistic) -> str:
    """FROM and WHERE of the statistic's rows."""
    kept = [f"{quoted(column)} IN ({texts(words)})" for column, words in statistic.where.items()]
    return f"FROM {quoted(coded.relation)}" + (f" WHERE {' AND '.join(kept)}" if kept else "")


def _incomplete(coded: Coded, statistic: Statistic) -> str:
    """SQL: not all of the listed words that add up have a row."""
    added = {column: words for column, words in statistic.where.items() if column not in coded.mapping.groups and len(words) > 1}
    return " OR ".join(f"COUNT(DISTINCT {quoted(column)}) < {len(words)}" for column, words in added.items()) or "FALSE"


def _counts(source: Source, coded: Coded, statistic: Statistic, kind: str) -> str:
    """n and total as published."""
    keys = ", ".join((*UNIT, *_dimensions(source)))
    state = worst((coded.state(statistic.n or ""), coded.state(statistic.total or "")))
    return f"""
        WITH parts AS (SELECT *, {state} AS part {_rows(coded, statistic)}),
        -- a part with more counted than there are is not used, and the whole it belongs to is then not known
        sums AS (
            SELECT {keys}, SUM({coded.value(statistic.n or '')}) AS n, SUM({coded.value(statistic.total or '')}) AS total, {worst_of_rows('part')} AS state,
                   BOOL_OR(part = 'value' AND {coded.value(statistic.total or '')} > {coded.value(statistic.n or '')}) AS above,
                   MIN(file) AS file, MIN("row") AS "row"
            FROM parts GROUP BY {keys}
        )
        SELECT {keys}, n, total, NULL::DOUBLE AS total_sq, NULL::DOUBLE AS weight_sq, total / NULLIF(n, 0) AS value,
               CASE WHEN state <> 'value' THEN state WHEN above THEN 'not_reported' WHEN n = 0 THEN 'not_applicable' ELSE 'value' END AS state,
               CASE WHEN above THEN 'above' END AS issue, file, "row"
        FROM sums"""


def _shares(source: Source, coded: Coded, statistic: Statistic, kind: str) -> str:
    """Shares, with the number they are shares of where it is published. Counts are rebuilt within the rounding of the shares."""
    keys = ", ".join((*UNIT, *_dimensions(source)))
    shares = statistic.share or ()
    share = f"LEAST({' + '.join(coded.value(column) for column in shares)}, 1)"
    n = coded.value(statistic.n) if statistic.n else "NULL::DOUBLE"
    precision = len(shares) * 0.5 * 10.0 ** -(coded.mapping.decimals or 0)
    return f"""
        WITH parts AS (
            SELECT *, {worst(coded.state(column) for column in shares)} AS part, {share} AS share, {n} AS base,
                   {n} * {share} AS raw, ROUND({n} * {share}) AS whole, ABS(raw - whole) <= {precision!r} * base + 1e-9 AS fits
            {_rows(coded, statistic)}
        ), sums AS (
            SELECT {keys}, {worst_of_rows('part')} AS state, COUNT(*) AS rows, FIRST(share) AS share,
                   CASE WHEN COUNT(base) = COUNT(*) THEN SUM(base) END AS n,
                   CASE WHEN COUNT(base) = COUNT(*) THEN SUM(CASE WHEN fits THEN whole ELSE raw END) END AS total,
                   BOOL_OR(NOT fits) AS unfit, MIN(file) AS file, MIN("row") AS "row"
            FROM parts GROUP BY {keys}
        )
        SELECT {keys}, n, total, NULL::DOUBLE AS total_sq, NULL::DOUBLE AS weight_sq, COALESCE(total / NULLIF(n, 0), CASE WHEN rows = 1 THEN share END) AS value,
               CASE WHEN state <> 'value' THEN state WHEN n = 0 THEN 'not_applicable' WHEN n IS NULL AND rows > 1 THEN 'not_reported' ELSE 'value' END AS state,
               CASE WHEN state = 'value' AND n IS NULL AND rows > 1 THEN 'conflict' WHEN state = 'value' AND unfit THEN 'base' END AS issue, file, "row"
        FROM sums"""


def _counts_over(source: Source, coded: Coded, statistic: Statistic, kind: str) -> str:
    """A count over the students of another table."""
    dimensions = _dimensions(source)
    keys = ", ".join((*UNIT, *dimensions))
    pattern = f"CONCAT({', '.join(f'{dimension} IS NULL' for dimension in dimensions)})"
    same = " AND ".join([f"sums.{key} = students.{key}" for key in UNIT] + [f"sums.{name} IS NOT DISTINCT FROM students.{name}" for name in dimensions])
    over, without = quoted(f"over_{statistic.over}"), "'no_over'"
    if statistic.reporting_schools:
        over, without = _reporting(source, coded, statistic, over), "'no_schools'"
    too_many = "total > n" if kind == "rate" else "total > 0 AND n = 0"
    return f"""
        WITH sums AS (
            SELECT {keys}, SUM({coded.value(statistic.total or '')}) AS total, {worst_of_rows(coded.state(statistic.total or ''))} AS part,
                   {_incomplete(coded, statistic)} AS incomplete, MIN(file) AS file, MIN("row") AS "row"
            {_rows(coded, statistic)} GROUP BY {keys}
        ), joined AS (
            SELECT sums.*, students.n, students.state AS over_state,
                   {_qualified(dimensions)} IN (SELECT {pattern} FROM {quoted(f'over_{statistic.over}')}) AS has_group
            FROM sums LEFT JOIN {over} AS students ON {same}
        )
        SELECT {keys}, n, total, NULL::DOUBLE AS total_sq, NULL::DOUBLE AS weight_sq, total / NULLIF(n, 0) AS value,
               CASE WHEN over_state <> 'value' THEN over_state WHEN n = 0 AND COALESCE(total, 0) = 0 THEN 'not_applicable' WHEN part <> 'value' THEN part
                    WHEN incomplete OR n IS NULL OR {too_many} THEN 'not_reported' ELSE 'value' END AS state,
               CASE WHEN NOT has_group THEN 'no_group' WHEN part <> 'value' THEN NULL
                    WHEN n IS NULL THEN CASE WHEN unit_level = 'school' THEN 'no_over' ELSE {without} END WHEN {too_many} THEN 'above' END AS issue,
               file, "row"
        FROM joined"""


def _qualified(dimensions: tuple[str, ...]) -> str:
    return f"CONCAT({', '.join(f'sums.{dimension} IS NULL' for dimension in dimensions)})"


def _reporting(source: Source, coded: Coded, statistic: Statistic, over: str) -> str:
    """The students of the schools that report a total; above schools only where these schools account for the unit's whole total."""
    dimensions = _dimensions(source)
    everybody = " AND ".join(f"{dimension} IS NULL" for dimension in dimensions)
    groups = ", ".join(f"students.{dimension}" for dimension in dimensions)
    rows = f"{_rows(coded, statistic)} {'AND' if statistic.where else 'WHERE'} {everybody} AND {coded.state(statistic.total or '')} = 'value'"
    parents = {"district": f"LEFT(unit_id, {source.units.district_digits})", "state": text(source.units.state.id)}
    above = " UNION ALL ".join(
        f"""SELECT {text(level)} AS unit_level, schools.parent AS unit_id, students.period, {groups}, SUM(students.n) AS n, {worst_of_rows('students.state')} AS state
        FROM (
            SELECT unit_id, period, {parent} AS parent, SUM({coded.value(statistic.total or '')}) OVER (PARTITION BY parent, period) AS together {rows} AND unit_level = 'school'
        ) AS schools
        JOIN (SELECT unit_id, period, {coded.value(statistic.total or '')} AS whole {rows} AND unit_level = {text(level)}) AS wholes
          ON wholes.unit_id = schools.parent AND wholes.period = schools.period AND schools.together >= wholes.whole
        JOIN {over} AS students ON students.unit_level = 'school' AND students.unit_id = schools.unit_id AND students.period = schools.period
        GROUP BY ALL"""
        for level, parent in parents.items()
    )
    return f"(SELECT * FROM {over} WHERE unit_level = 'school' UNION ALL {above})"


def _each(source: Source, coded: Coded, statistic: Statistic, kind: str) -> str:
    """A figure of the unit, given to each of its students: total = n q, total_sq = n q^2, weight_sq = n^2."""
    dimensions = _dimensions(source)
    low, high = statistic.between or (float("-inf"), float("inf"))
    figure = coded.value(statistic.each or "")
    states = [coded.state(column) for column in (statistic.each, statistic.needs) if column]
    groups = ", ".join(f"students.{dimension}" for dimension in dimensions)
    return f"""
        WITH units AS (SELECT unit_level, unit_id, period, {figure} AS q, {worst(states)} AS part, file, "row" {_rows(coded, statistic)})
        SELECT {', '.join(f'units.{key}' for key in UNIT)}, {groups}, n, n * q AS total, n * q * q AS total_sq, n * n AS weight_sq, q AS value,
               CASE WHEN students.state <> 'value' THEN students.state WHEN part <> 'value' THEN part
                    WHEN q NOT BETWEEN {low!r}::DOUBLE AND {high!r}::DOUBLE THEN 'not_reported' ELSE 'value' END AS state,
               CASE WHEN part = 'value' AND q NOT BETWEEN {low!r}::DOUBLE AND {high!r}::DOUBLE AND {' AND '.join(f'students.{name} IS NULL' for name in dimensions)}
                    THEN 'range' END AS issue, file, "row"
        FROM units JOIN {quoted(f'over_{statistic.over}')} AS students USING (unit_level, unit_id, period)
        WHERE students.n > 0 OR students.n IS NULL"""


def _combined(dimensions: tuple[str, ...], combined: str) -> str:
    """Everybody over one dimension, where all of its values that have a row have their numbers."""
    rest = ", ".join(name for name in (*UNIT, *dimensions) if name != combined)
    columns = ", ".join(f"NULL AS {name}" if name == combined else name for name in (*UNIT, *dimensions))
    return f"""
        SELECT {columns}, SUM(n), SUM(total), SUM(total_sq), SUM(weight_sq), SUM(total) / NULLIF(SUM(n), 0),
               CASE WHEN BOOL_AND(state = 'value' AND n IS NOT NULL) THEN 'value' WHEN BOOL_OR(state = 'hidden' OR (state = 'value' AND n IS NULL)) THEN 'hidden'
                    ELSE {worst_of_rows('state')} END, NULL, MIN(file), MIN("row")
        FROM found WHERE {combined} IS NOT NULL GROUP BY {rest}"""


def _apply_unusable(connection: duckdb.DuckDBPyConnection, statistic: Statistic) -> None:
    if statistic.unusable:
        connection.execute(f"UPDATE found SET state = 'not_reported' WHERE state = 'value' AND period IN ({texts(statistic.unusable.periods)})")


def _problems(connection: duckdb.DuckDBPyConnection, indicator: str, statistic: Statistic) -> list[Problem]:
    """The issues of the indicator just read, one problem a kind and file."""
    rows = connection.execute(
        'SELECT issue, file, MIN("row"), COUNT(*) FROM found WHERE issue IS NOT NULL GROUP BY issue, file ORDER BY issue, file'
    ).fetchall()
    column = statistic.total or statistic.each or ", ".join(statistic.share or ())
    problems = []
    for issue, file, row, count in rows:
        severity, found, allowed, todo = _ISSUES[issue]
        problems.append(Problem(severity, file, f"{found} ({indicator})", allowed, todo, row, column, count))
    if statistic.unusable:
        severity, found, allowed, todo = _ISSUES["unusable"]
        periods = texts(statistic.unusable.periods)
        rows = connection.execute(f"SELECT file, MIN(\"row\"), COUNT(*) FROM found WHERE state = 'value' AND period IN ({periods}) GROUP BY file ORDER BY file").fetchall()
        problems += [Problem(severity, file, f"{found} ({indicator}: {statistic.unusable.why})", allowed, todo, row, column, count) for file, row, count in rows]
    return problems

