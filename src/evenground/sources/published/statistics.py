"""Coded rows to leaf cells: one query for each form in which a publisher gives an indicator.

Every query gives unit_level, unit_id, period, g, the statistics of a cell, its state, issue, file and row.
"""

from __future__ import annotations

import duckdb

from evenground.engine import literal, quoted
from evenground.model import Problem
from evenground.sources.published.figures import (
    KEYS,
    NO_BOUNDS,
    PLACE,
    UNIT,
    each_figure,
    means_of,
    own_share,
    rows_of,
)
from evenground.sources.published.issues import indicator_problems
from evenground.sources.published.mapping import Source
from evenground.sources.published.places import district_of, state_of
from evenground.sources.published.rows import Coded
from evenground.sources.published.sql import texts, worst, worst_of_rows
from evenground.sources.published.statistic import Statistic

_NO_SQUARES = "NULL::DOUBLE AS total_sq, NULL::DOUBLE AS weight_sq"


def make_denominators(connection: duckdb.DuckDBPyConnection, coded: Coded) -> None:
    """`over_KEY`: students by unit, period, group; without a row of its own, everybody is the groups' sum."""
    columns = coded.mapping.count or ()
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE {quoted(f"over_{coded.key}")} AS
        WITH parts AS (
            SELECT {KEYS}, SUM({coded.sum(columns)}) AS n, {worst_of_rows(coded.worst(columns))} AS state
            FROM {quoted(coded.relation)} GROUP BY {KEYS}
        ), everybody AS (
            SELECT {UNIT}, 0 AS g, SUM(n) AS n, {worst_of_rows("state")} AS state
            FROM parts GROUP BY {UNIT} HAVING MIN(g) > 0
        )
        SELECT * FROM parts UNION ALL SELECT * FROM everybody""")
    for part in coded.mapping.split:
        for group, own in part.groups.items():
            share = "share" if own else "(1 - share)"
            connection.execute(f"""
                INSERT INTO {quoted(f"over_{coded.key}")}
                SELECT {UNIT}, (SELECT g FROM groups WHERE "group" = {literal(group)}) AS g,
                       n * {share} AS n, {worst(("state", "share_state"))} AS state
                FROM {quoted(f"over_{coded.key}")}
                JOIN (
                    SELECT {UNIT}, {coded.value(part.share)} AS share,
                           {coded.state(part.share)} AS share_state
                    FROM {quoted(coded.relation)} WHERE g = 0
                ) AS shares USING ({UNIT}) WHERE g = 0""")


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
    if source.absent_rows == "zero":  # nobody is of this group here: as if it had no row
        connection.execute("DELETE FROM found WHERE state = 'not_applicable' AND n = 0")
    if statistic.state_cover is not None:
        connection.execute(f"INSERT INTO found BY NAME {_uncovered(source, statistic.state_cover)}")
    if coded.mapping.combine:
        connection.execute(f"INSERT INTO found BY NAME {_combined(coded.mapping.combine)}")
    total_sq = {"rate": "total", "mean": "total_sq", "exposure": "total_sq"}[kind]
    numbers = {"n": "n", "total": "total", "total_sq": total_sq, "weight_sq": "weight_sq", "value": "value"}
    shown = [
        f"CASE WHEN state = 'value' THEN {number}::DOUBLE END AS {name}" for name, number in numbers.items()
    ]
    shown += [f"CASE WHEN state = 'hidden' THEN {end}::DOUBLE END AS {end}" for end in ("low", "high")]
    # the table that comes first in the mapping wins
    connection.execute(f"""
        INSERT INTO leaves BY NAME
        SELECT {literal(indicator)} AS indicator, {KEYS}, {", ".join(shown)}, state FROM found
        ANTI JOIN (SELECT {KEYS} FROM leaves WHERE indicator = {literal(indicator)}) AS earlier USING ({KEYS})
    """)
    return problems


def _query(source: Source, coded: Coded, statistic: Statistic, kind: str) -> str:
    if statistic.own is not None:
        return own_share(statistic)
    if statistic.exposure:
        return each_figure(coded, statistic)
    if statistic.mean is not None:
        return means_of(coded, statistic)
    if statistic.over is not None:
        return _counts_over(source, coded, statistic, kind)
    return _shares(coded, statistic) if statistic.share else _counts(coded, statistic)


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
    columns, totals = statistic.n or (), statistic.total or ()
    n, total = coded.sum(columns), coded.sum(totals)
    return f"""
        WITH parts AS (SELECT *, {coded.worst((*columns, *totals))} AS part {rows_of(coded, statistic)}),
        sums AS (
            SELECT {KEYS}, SUM({n}) AS n, SUM({total}) AS total, {worst_of_rows("part")} AS part,
                   SUM({coded.bound(totals, "low")}) / NULLIF(SUM({n}), 0) AS low,
                   LEAST(SUM({coded.bound(totals, "high")}) / NULLIF(SUM({n}), 0), 1) AS high,
                   BOOL_OR(part = 'value' AND {total} > {n}) AS above, {PLACE}
            FROM parts GROUP BY {KEYS}
        )
        SELECT {KEYS}, n, total, {_NO_SQUARES}, total / NULLIF(n, 0) AS value,
               CASE WHEN part <> 'value' THEN part WHEN above THEN 'not_reported'
                    WHEN n = 0 THEN 'not_applicable' ELSE 'value' END AS state,
               low, high, CASE WHEN above THEN 'above' END AS issue, file, "row"
        FROM sums"""


def _shares(coded: Coded, statistic: Statistic) -> str:
    """Shares, with the number they are shares of where it is published.

    The count is n times the share, rounded where the rounding of the share explains the difference to a whole
    number. Without n the share stands alone. Several rows of one group add up only where all have their n.
    """
    columns = statistic.share or ()
    share = f"LEAST({coded.sum(columns)}, 1)"
    base = coded.sum(statistic.n) if statistic.n else "NULL::DOUBLE"
    precision = len(columns) * rounding_of(coded)
    return f"""
        WITH parts AS (
            SELECT *, {coded.worst(columns)} AS part, {share} AS share, {base} AS base,
                   base * share AS raw, ROUND(raw) AS whole,
                   ABS(raw - whole) <= {precision!r} * base + 1e-9 AS fits
            {rows_of(coded, statistic)}
        ), sums AS (
            SELECT {KEYS}, {worst_of_rows("part")} AS part, COUNT(*) AS rows, FIRST(share) AS share,
                   CASE WHEN COUNT(base) = COUNT(*) THEN SUM(base) END AS n,
                   CASE WHEN COUNT(base) = COUNT(*) THEN SUM(IF(fits, whole, raw)) END AS total,
                   CASE WHEN COUNT(*) = 1 THEN MIN({coded.bound(columns, "low")}) END AS low,
                   CASE WHEN COUNT(*) = 1 THEN LEAST(MIN({coded.bound(columns, "high")}), 1) END AS high,
                   BOOL_OR(NOT fits) AS unfit, {PLACE}
            FROM parts GROUP BY {KEYS}
        )
        SELECT {KEYS}, n, total, {_NO_SQUARES},
               COALESCE(total / NULLIF(n, 0), CASE WHEN rows = 1 THEN share END) AS value,
               CASE WHEN part <> 'value' THEN part WHEN n = 0 THEN 'not_applicable'
                    WHEN n IS NULL AND rows > 1 THEN 'not_reported' ELSE 'value' END AS state, low, high,
               CASE WHEN part = 'value' AND n IS NULL AND rows > 1 THEN 'conflict'
                    WHEN part = 'value' AND unfit THEN 'base' END AS issue, file, "row"
        FROM sums"""


def rounding_of(coded: Coded) -> float:
    """How far a share can be from what it was before it was rounded."""
    return 0.5 * 10.0 ** -(coded.mapping.decimals or 0) / (100 if coded.mapping.percent else 1)


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
            SELECT {KEYS}, SUM({coded.sum(statistic.total or ())}) AS total,
                   {worst_of_rows(coded.worst(statistic.total or ()))} AS part,
                   {_incomplete(coded, statistic)} AS incomplete, {PLACE}
            {rows_of(coded, statistic)} GROUP BY {KEYS}
        ), joined AS (
            SELECT sums.*, students.n, students.state AS over_state,
                   cut IN (SELECT cut FROM groups WHERE g IN (SELECT g FROM {over})) AS has_group
            FROM sums JOIN groups USING (g) LEFT JOIN {students} AS students USING ({KEYS})
        )
        SELECT {KEYS}, n, total, {_NO_SQUARES}, total / NULLIF(n, 0) AS value, {NO_BOUNDS},
               CASE WHEN over_state <> 'value' THEN over_state
                    WHEN n = 0 AND COALESCE(total, 0) = 0 THEN 'not_applicable' WHEN part <> 'value' THEN part
                    WHEN incomplete OR n IS NULL OR {too_many} THEN 'not_reported' ELSE 'value' END AS state,
               CASE WHEN NOT has_group THEN 'no_group' WHEN part <> 'value' THEN NULL
                    WHEN n IS NULL THEN {missing} WHEN {too_many} THEN 'above' END AS issue, file, "row"
        FROM joined"""


def _reporting(source: Source, coded: Coded, statistic: Statistic, over: str) -> str:
    """The students of the schools that report a total; in districts where they account for nearly all."""
    total, state = coded.sum(statistic.total or ()), coded.worst(statistic.total or ())
    rows = f"{rows_of(coded, statistic)} AND g = 0 AND {state} = 'value'"
    return f"""(
        WITH schools AS (
            SELECT unit_id, period, {district_of(source.units, "unit_id")} AS parent,
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
        SELECT 'state' AS unit_level, {state_of(source.units, "unit_id")} AS unit_id, period, g,
               'hidden' AS state
        FROM found WHERE unit_level = 'district' GROUP BY ALL
        HAVING COALESCE(SUM(n) FILTER (state = 'value'), 0) < {least!r} * COALESCE(SUM(n), 1)"""


def _combined(dimension: str) -> str:
    """Everybody over one dimension, where all of its values that have a row have their numbers."""
    return f"""
        SELECT {UNIT}, whole AS g, SUM(n) AS n, SUM(total) AS total, SUM(total_sq) AS total_sq,
               SUM(weight_sq) AS weight_sq, SUM(total) / NULLIF(SUM(n), 0) AS value,
               CASE WHEN BOOL_AND(state = 'value' AND n IS NOT NULL) THEN 'value'
                    WHEN BOOL_OR(state = 'hidden' OR (state = 'value' AND n IS NULL)) THEN 'hidden'
                    ELSE {worst_of_rows("state")} END AS state
        FROM found JOIN wholes USING (g) WHERE dropped = {literal(dimension)} GROUP BY {UNIT}, whole"""
