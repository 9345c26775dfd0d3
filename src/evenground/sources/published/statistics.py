"""Coded rows to leaf cells: one query for each form in which a publisher gives an indicator.

Every query gives unit_level, unit_id, period, g, the statistics of a cell, its state, issue, file and row.
"""

from __future__ import annotations

import duckdb

from evenground.model import Problem
from evenground.sources.published.issues import indicator_problems
from evenground.sources.published.mapping import Source, Statistic
from evenground.sources.published.rows import Coded
from evenground.sources.published.sql import quoted, text, texts, worst, worst_of_rows

_UNIT = "unit_level, unit_id, period"
_KEYS = f"{_UNIT}, g"
_PLACE = 'MIN(file) AS file, MIN("row") AS "row"'
_NO_SQUARES = "NULL::DOUBLE AS total_sq, NULL::DOUBLE AS weight_sq"


def make_denominators(connection: duckdb.DuckDBPyConnection, coded: Coded) -> None:
    """`over_KEY`: students by unit, period, group; without a row of its own, everybody is the groups' sum."""
    column = coded.mapping.count
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE {quoted(f"over_{coded.key}")} AS
        WITH parts AS (
            SELECT {_KEYS}, SUM({coded.value(column)}) AS n, {worst_of_rows(coded.state(column))} AS state
            FROM {quoted(coded.relation)} GROUP BY {_KEYS}
        ), everybody AS (
            SELECT {_UNIT}, 0 AS g, SUM(n) AS n, {worst_of_rows("state")} AS state
            FROM parts GROUP BY {_UNIT} HAVING MIN(g) > 0
        )
        SELECT * FROM parts UNION ALL SELECT * FROM everybody""")


def make_leaves(
    connection: duckdb.DuckDBPyConnection, source: Source, coded: Coded, indicator: str, kind: str
) -> list[Problem]:
    """Adds the indicator's cells to the table `leaves`. `kind` is its definition's: rate, mean, exposure."""
    statistic = coded.mapping.statistics[indicator]
    connection.execute(f"CREATE OR REPLACE TEMP TABLE found AS {_query(source, coded, statistic, kind)}")
    problems = indicator_problems(connection, coded, indicator, statistic)
    connection.execute("DELETE FROM found WHERE issue = 'no_group'")
    if statistic.unusable:
        periods = texts(statistic.unusable.periods)
        connection.execute(
            f"UPDATE found SET state = 'not_reported' WHERE state = 'value' AND period IN ({periods})"
        )
    if statistic.state_cover is not None:
        connection.execute(f"INSERT INTO found {_uncovered(source, statistic.state_cover)}")
    if coded.mapping.combine:
        connection.execute(f"INSERT INTO found {_combined(coded.mapping.combine)}")
    total_sq = {"rate": "total", "mean": "NULL", "exposure": "total_sq"}[kind]
    shown = ", ".join(
        f"CASE WHEN state = 'value' THEN {number}::DOUBLE END"
        for number in ("n", "total", total_sq, "weight_sq", "value")
    )
    connection.execute(f"INSERT INTO leaves SELECT {text(indicator)}, {_KEYS}, {shown}, state FROM found")
    return problems


def _query(source: Source, coded: Coded, statistic: Statistic, kind: str) -> str:
    if statistic.each is not None:
        return _each(coded, statistic)
    if statistic.over is not None:
        return _counts_over(source, coded, statistic, kind)
    return _shares(coded, statistic) if statistic.share else _counts(coded, statistic)


def _rows(coded: Coded, statistic: Statistic) -> str:
    """FROM and WHERE of the statistic's rows."""
    kept = [f"{quoted(column)} IN ({texts(words)})" for column, words in statistic.where.items()]
    return f"FROM {quoted(coded.relation)} WHERE {' AND '.join(['TRUE', *kept])}"


def _incomplete(coded: Coded, statistic: Statistic) -> str:
    """SQL: not all of the listed words that add up have a row."""
    added = {column: words for column, words in statistic.where.items() if column not in coded.mapping.groups}
    lacking = [
        f"COUNT(DISTINCT {quoted(column)}) < {len(words)}"
        for column, words in added.items()
        if len(words) > 1
    ]
    return " OR ".join(lacking) or "FALSE"


def _counts(coded: Coded, statistic: Statistic) -> str:
    """n and total as published. A part that counts more than there are makes its whole unknown."""
    n, total = coded.value(statistic.n), coded.value(statistic.total)
    state = worst((coded.state(statistic.n), coded.state(statistic.total)))
    return f"""
        WITH parts AS (SELECT *, {state} AS part {_rows(coded, statistic)}),
        sums AS (
            SELECT {_KEYS}, SUM({n}) AS n, SUM({total}) AS total, {worst_of_rows("part")} AS part,
                   BOOL_OR(part = 'value' AND {total} > {n}) AS above, {_PLACE}
            FROM parts GROUP BY {_KEYS}
        )
        SELECT {_KEYS}, n, total, {_NO_SQUARES}, total / NULLIF(n, 0) AS value,
               CASE WHEN part <> 'value' THEN part WHEN above THEN 'not_reported'
                    WHEN n = 0 THEN 'not_applicable' ELSE 'value' END AS state,
               CASE WHEN above THEN 'above' END AS issue, file, "row"
        FROM sums"""


def _shares(coded: Coded, statistic: Statistic) -> str:
    """Shares, with the number they are shares of where it is published.

    The count is n times the share, rounded where the rounding of the share explains the difference to a whole
    number. Without n the share stands alone. Several rows of one group add up only where all have their n.
    """
    columns = statistic.share or ()
    share = f"LEAST({' + '.join(map(coded.value, columns))}, 1)"
    base = coded.value(statistic.n) if statistic.n else "NULL::DOUBLE"
    precision = len(columns) * 0.5 * 10.0 ** -(coded.mapping.decimals or 0)
    return f"""
        WITH parts AS (
            SELECT *, {worst(map(coded.state, columns))} AS part, {share} AS share, {base} AS base,
                   base * share AS raw, ROUND(raw) AS whole,
                   ABS(raw - whole) <= {precision!r} * base + 1e-9 AS fits
            {_rows(coded, statistic)}
        ), sums AS (
            SELECT {_KEYS}, {worst_of_rows("part")} AS part, COUNT(*) AS rows, FIRST(share) AS share,
                   CASE WHEN COUNT(base) = COUNT(*) THEN SUM(base) END AS n,
                   CASE WHEN COUNT(base) = COUNT(*) THEN SUM(IF(fits, whole, raw)) END AS total,
                   BOOL_OR(NOT fits) AS unfit, {_PLACE}
            FROM parts GROUP BY {_KEYS}
        )
        SELECT {_KEYS}, n, total, {_NO_SQUARES},
               COALESCE(total / NULLIF(n, 0), CASE WHEN rows = 1 THEN share END) AS value,
               CASE WHEN part <> 'value' THEN part WHEN n = 0 THEN 'not_applicable'
                    WHEN n IS NULL AND rows > 1 THEN 'not_reported' ELSE 'value' END AS state,
               CASE WHEN part = 'value' AND n IS NULL AND rows > 1 THEN 'conflict'
                    WHEN part = 'value' AND unfit THEN 'base' END AS issue, file, "row"
        FROM sums"""


def _counts_over(source: Source, coded: Coded, statistic: Statistic, kind: str) -> str:
    """A count over the students of another table."""
    over, missing = quoted(f"over_{statistic.over}"), "'no_over'"
    students = over
    if statistic.reporting_schools is not None:
        students = _reporting(source, coded, statistic, over)
        missing = "CASE WHEN unit_level = 'school' THEN 'no_over' ELSE 'no_schools' END"
    too_many = "total > n" if kind == "rate" else "total > 0 AND n = 0"
    return f"""
        WITH sums AS (
            SELECT {_KEYS}, SUM({coded.value(statistic.total)}) AS total,
                   {worst_of_rows(coded.state(statistic.total))} AS part,
                   {_incomplete(coded, statistic)} AS incomplete, {_PLACE}
            {_rows(coded, statistic)} GROUP BY {_KEYS}
        ), joined AS (
            SELECT sums.*, students.n, students.state AS over_state,
                   cut IN (SELECT cut FROM groups WHERE g IN (SELECT g FROM {over})) AS has_group
            FROM sums JOIN groups USING (g) LEFT JOIN {students} AS students USING ({_KEYS})
        )
        SELECT {_KEYS}, n, total, {_NO_SQUARES}, total / NULLIF(n, 0) AS value,
               CASE WHEN over_state <> 'value' THEN over_state
                    WHEN n = 0 AND COALESCE(total, 0) = 0 THEN 'not_applicable' WHEN part <> 'value' THEN part
                    WHEN incomplete OR n IS NULL OR {too_many} THEN 'not_reported' ELSE 'value' END AS state,
               CASE WHEN NOT has_group THEN 'no_group' WHEN part <> 'value' THEN NULL
                    WHEN n IS NULL THEN {missing} WHEN {too_many} THEN 'above' END AS issue, file, "row"
        FROM joined"""


def _reporting(source: Source, coded: Coded, statistic: Statistic, over: str) -> str:
    """The students of the schools that report a total; in districts where they account for nearly all."""
    total, state = coded.value(statistic.total), coded.state(statistic.total)
    rows = f"{_rows(coded, statistic)} AND g = 0 AND {state} = 'value'"
    return f"""(
        WITH schools AS (
            SELECT unit_id, period, LEFT(unit_id, {source.units.district_digits}) AS parent,
                   SUM({total}) OVER (PARTITION BY parent, period) AS together
            {rows} AND unit_level = 'school'
        ), districts AS (
            SELECT unit_id AS parent, period, {total} AS whole {rows} AND unit_level = 'district'
        ), students AS (SELECT * FROM {over} WHERE unit_level = 'school')
        SELECT * FROM students
        UNION ALL
        SELECT 'district', parent, period, g, SUM(n), {worst_of_rows("state")}
        FROM schools JOIN districts USING (parent, period) JOIN students USING (unit_id, period)
        WHERE together >= {statistic.reporting_schools!r} * whole GROUP BY parent, period, g
    )"""


def _uncovered(source: Source, least: float) -> str:
    """State rows `hidden` for groups of whose students too few are in districts that publish the group.

    A published row wins over a sum, so nobody adds the others up. A district hides a group when few of it are
    counted: the districts that do not hide it are those with high rates.
    """
    return f"""
        SELECT 'state', {text(source.units.state.id)}, period, g,
               NULL, NULL, NULL, NULL, NULL, 'hidden', NULL, NULL, NULL
        FROM found WHERE unit_level = 'district' GROUP BY period, g
        HAVING COALESCE(SUM(n) FILTER (state = 'value'), 0) < {least!r} * COALESCE(SUM(n), 1)"""


def _each(coded: Coded, statistic: Statistic) -> str:
    """A figure q of the unit for each of its n students: total = n q, total_sq = n q^2, weight_sq = n^2."""
    states = worst(coded.state(column) for column in (statistic.each, statistic.needs) if column)
    outside = "FALSE"
    if statistic.between:
        outside = f"part = 'value' AND q NOT BETWEEN {statistic.between[0]!r} AND {statistic.between[1]!r}"
    return f"""
        WITH units AS (
            SELECT {_UNIT}, {coded.value(statistic.each)} AS q, {states} AS part, {outside} AS outside,
                   file, "row"
            {_rows(coded, statistic)}
        )
        SELECT {_KEYS}, n, n * q AS total, n * q * q AS total_sq, n * n AS weight_sq, q AS value,
               CASE WHEN state <> 'value' THEN state WHEN part <> 'value' THEN part
                    WHEN outside THEN 'not_reported' ELSE 'value' END AS state,
               CASE WHEN outside AND g = 0 THEN 'range' END AS issue, file, "row"
        FROM units JOIN {quoted(f"over_{statistic.over}")} USING ({_UNIT})
        WHERE n > 0 OR state <> 'value'"""


def _combined(dimension: str) -> str:
    """Everybody over one dimension, where all of its values that have a row have their numbers."""
    return f"""
        SELECT {_UNIT}, whole, SUM(n), SUM(total), SUM(total_sq), SUM(weight_sq),
               SUM(total) / NULLIF(SUM(n), 0),
               CASE WHEN BOOL_AND(state = 'value' AND n IS NOT NULL) THEN 'value'
                    WHEN BOOL_OR(state = 'hidden' OR (state = 'value' AND n IS NULL)) THEN 'hidden'
                    ELSE {worst_of_rows("state")} END, NULL, NULL, NULL
        FROM found JOIN wholes USING (g) WHERE dropped = {text(dimension)} GROUP BY {_UNIT}, whole"""
