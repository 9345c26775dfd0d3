"""Figures: means of students, and what a unit has, given to its students.

Every query gives unit_level, unit_id, period, g, the statistics of a cell, its state, issue, file and row.
"""

from __future__ import annotations

from evenground.engine import quoted
from evenground.sources.published.rows import Coded
from evenground.sources.published.sql import texts, worst_of_rows
from evenground.sources.published.statistic import Statistic

UNIT = "unit_level, unit_id, period"
KEYS = f"{UNIT}, g"
PLACE = 'MIN(file) AS file, MIN("row") AS "row"'
NO_BOUNDS = "NULL::DOUBLE AS low, NULL::DOUBLE AS high"


def rows_of(coded: Coded, statistic: Statistic, join: str = "") -> str:
    """FROM and WHERE of the statistic's rows."""
    kept = [f"{quoted(column)} IN ({texts(words)})" for column, words in statistic.where.items()]
    return f"FROM {quoted(coded.relation)} {join} WHERE {' AND '.join(['TRUE', *kept])}"


def means_of(coded: Coded, statistic: Statistic) -> str:
    """A mean of n students: total = n m. From its standard error, total_sq = n m^2 + n (n - 1) se^2.

    Several rows of one group add up where all have their n.
    """
    columns = tuple(name for name in (statistic.mean, statistic.se) if name)
    mean, n = coded.value(statistic.mean), coded.sum(statistic.n) if statistic.n else "NULL::DOUBLE"
    square = f"n * m * m + n * (n - 1) * POWER({coded.value(statistic.se)}, 2)" if statistic.se else "NULL"
    return f"""
        WITH parts AS (
            SELECT *, {coded.worst((*columns, *(statistic.n or ())))} AS part, {mean} AS m, {n} AS n,
                   {_is_outside("m", statistic)} AS outside
            {rows_of(coded, statistic)}
        ), sums AS (
            SELECT {KEYS}, {worst_of_rows("part")} AS part, COUNT(*) AS rows, BOOL_OR(outside) AS outside,
                   CASE WHEN COUNT(n) = COUNT(*) THEN SUM(n) END AS n, FIRST(m) AS m,
                   CASE WHEN COUNT(n) = COUNT(*) THEN SUM(n * m) END AS total,
                   CASE WHEN COUNT(n) = COUNT(*) THEN SUM({square}) END AS total_sq, {PLACE}
            FROM parts GROUP BY {KEYS}
        )
        SELECT {KEYS}, n, total, total_sq::DOUBLE AS total_sq, NULL::DOUBLE AS weight_sq,
               COALESCE(total / NULLIF(n, 0), CASE WHEN rows = 1 THEN m END) AS value, {NO_BOUNDS},
               CASE WHEN part <> 'value' THEN part WHEN n = 0 THEN 'not_applicable'
                    WHEN outside OR (n IS NULL AND rows > 1) THEN 'not_reported' ELSE 'value' END AS state,
               CASE WHEN part = 'value' AND outside THEN 'range'
                    WHEN part = 'value' AND n IS NULL AND rows > 1 THEN 'conflict' END AS issue, file, "row"
        FROM sums"""


def each_figure(coded: Coded, statistic: Statistic) -> str:
    """A figure q of the unit for each of its n students: total = n q, total_sq = n q^2, weight_sq = n^2."""
    columns, per, over = statistic.each or (), statistic.per or (), quoted(f"over_{statistic.over}")
    needed = (*columns, *per, *((statistic.needs,) if statistic.needs else ()))
    whole = coded.sum(columns) if columns else "everybody"
    figure = f"{whole} / NULLIF({coded.sum(per)}, 0)" if per else whole
    outside = _is_outside("q", statistic)
    given = "q" if statistic.at_least is None else f"IF(q >= {statistic.at_least!r}, 1, 0)"
    return f"""
        WITH everybody AS (SELECT {UNIT}, n AS everybody FROM {over} WHERE g = 0),
        units AS (
            SELECT {UNIT}, {figure} AS q, {coded.worst(needed)} AS part,
                   part = 'value' AND {outside} AS outside, file, "row"
            {rows_of(coded, statistic, f"LEFT JOIN everybody USING ({UNIT})")}
        )
        SELECT {KEYS}, n, n * {given} AS total, n * {given} * {given} AS total_sq, n * n AS weight_sq,
               {given} AS value, {NO_BOUNDS},
               CASE WHEN state <> 'value' THEN state WHEN part <> 'value' THEN part
                    WHEN outside THEN 'not_reported' WHEN q IS NULL THEN 'not_applicable'
                    ELSE 'value' END AS state,
               CASE WHEN outside AND g = 0 THEN 'range' END AS issue, file, "row"
        FROM units JOIN {over} USING ({UNIT})
        WHERE n > 0 OR state <> 'value'"""


def own_share(statistic: Statistic) -> str:
    """For each group the share q of the unit's students who have its own value of the dimension.

    The groups are those of the table `over`; everybody's figure is the sum over groups that tell the value.
    """
    own = quoted(statistic.own or "")
    over = quoted(f"over_{statistic.over}")
    return f"""
        WITH students AS (SELECT * FROM {over} JOIN groups USING (g) WHERE {own} IS NOT NULL),
        values_ AS (
            SELECT {UNIT}, {own} AS own, SUM(n) AS same, {worst_of_rows("state")} AS part
            FROM students GROUP BY ALL
        ), units AS (
            SELECT {UNIT}, SUM(same) AS everybody, {worst_of_rows("part")} AS part FROM values_ GROUP BY ALL
        ), shares AS (
            SELECT students.*, values_.same / NULLIF(everybody, 0) AS q, units.part
            FROM students JOIN values_ ON values_.own = students.{own}
                 AND ({_joined("students", "values_")})
            JOIN units ON ({_joined("students", "units")})
        ), parts AS (
            SELECT * FROM shares
            UNION ALL BY NAME
            SELECT {UNIT}, 0 AS g, SUM(n) AS n, SUM(n * q) / NULLIF(SUM(n), 0) AS q,
                   {worst_of_rows("part")} AS part, {worst_of_rows("state")} AS state,
                   SUM(n * q * q) AS squares
            FROM shares GROUP BY {UNIT}
        )
        SELECT {KEYS}, n, n * q AS total, COALESCE(squares, n * q * q) AS total_sq, n * n AS weight_sq,
               q AS value, {NO_BOUNDS}, CASE WHEN state <> 'value' THEN state ELSE part END AS state,
               NULL::VARCHAR AS issue, 0 AS file, NULL::BIGINT AS "row"
        FROM parts WHERE n > 0 OR state <> 'value'"""


def _joined(left: str, right: str) -> str:
    names = ("unit_level", "unit_id", "period")
    return " AND ".join(f"{left}.{name} = {right}.{name}" for name in names)


def _is_outside(figure: str, statistic: Statistic) -> str:
    """SQL: the figure is not in the range of the mapping."""
    if statistic.between is None:
        return "FALSE"
    low, high = statistic.between
    return f"COALESCE({figure} NOT BETWEEN {low!r} AND {high!r}, FALSE)"
