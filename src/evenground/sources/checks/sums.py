"""Counts that belong together: parts and their whole, numerators and denominators, districts and state."""

from __future__ import annotations

from collections.abc import Iterator

from evenground.sources.checks.catalogue import checks
from evenground.sources.checks.counted import Counted
from evenground.sources.checks.remark import Remark


def check_sums(given: Counted) -> Iterator[Remark]:
    """parts_and_whole, grades_and_whole, numerator_above, state_and_districts."""
    yield from _parts(given)
    yield from _numerators(given)
    yield from _districts(given)


def _parts(given: Counted) -> Iterator[Remark]:
    """Indicators over the same students give the same finding once."""
    for dimension, entry in given.definitions.dimensions.items():
        if not entry.complete or entry.overlapping:
            continue
        key = "grades_and_whole" if dimension == "grade" else "parts_and_whole"
        rules = checks()[key].parameters
        slack = f"whole * {rules['beyond']} + {rules['least']}"
        fewer = f"parts < whole - ({slack})" if dimension in given.complete else "FALSE"
        rows = given.ask(f"""
            WITH sums AS (
                SELECT indicator, unit_level, unit_id, period, SUM(n) AS parts,
                       BOOL_OR(state = 'hidden' OR n IS NULL) AS hidden
                FROM simple WHERE dimension = '{dimension}' GROUP BY ALL
            ), wholes AS (
                SELECT indicator, unit_level, unit_id, period, n AS whole FROM simple
                WHERE dimension IS NULL AND n IS NOT NULL AND state = 'value'
            ), paired AS (
                SELECT *, parts > whole + {slack} OR (NOT hidden AND {fewer}) AS bad
                FROM sums JOIN wholes USING (indicator, unit_level, unit_id, period)
            ), told AS (
                SELECT indicator, COUNT(*) FILTER (bad) AS places,
                       ARG_MAX((parts, whole, unit_level, unit_id, period), ABS(parts - whole))
                           FILTER (bad) AS f
                FROM paired GROUP BY indicator
                HAVING places > 0 AND places <= GREATEST({rules["most_share"]} * COUNT(*), 1)
            )
            SELECT STRING_AGG(indicator, ', ' ORDER BY indicator), MIN(indicator), MAX(places), f[1], f[2],
                   unit, f[5]
            FROM told JOIN named ON unit_level = f[3] AND unit_id = f[4] GROUP BY f, unit ORDER BY 1""")
        for indicators, indicator, places, parts, whole, unit, period in rows:
            words = {"parts": parts, "whole": whole, "dimension": entry.name.en, "unit": unit,
                     "period": period, "indicator": indicators}  # fmt: skip
            yield Remark(key, given.file(indicator), None, None, places, words)


def _numerators(given: Counted) -> Iterator[Remark]:
    rows = given.ask("""
        SELECT indicator, COUNT(*), ARG_MAX((total, n, unit, period), total - n)
        FROM simple JOIN kinds USING (indicator) JOIN named USING (unit_level, unit_id)
        WHERE kind = 'rate' AND state = 'value' AND total > n + 1e-6 GROUP BY 1 ORDER BY 1""")
    for indicator, count, (total, n, unit, period) in rows:
        words = {"total": total, "n": n, "unit": unit, "period": period, "indicator": indicator}
        yield Remark("numerator_above", given.file(indicator), None, None, count, words)


def _districts(given: Counted) -> Iterator[Remark]:
    """In the year that differs most; indicators with the same numbers are one finding."""
    beyond = checks()["state_and_districts"].parameters["beyond"]
    rows = given.ask(f"""
        WITH sums AS (
            SELECT indicator, period, SUM(n) FILTER (unit_level = 'district') AS districts,
                   SUM(n) FILTER (unit_level = 'state') AS state,
                   COUNT(*) FILTER (unit_level = 'state') AS states
            FROM simple WHERE dimension IS NULL AND state = 'value' GROUP BY 1, 2
        ), worst AS (
            SELECT indicator, ARG_MAX((period, districts, state), ABS(districts / state - 1)) AS f,
                   COUNT(*) AS periods
            FROM sums WHERE state > 0 AND states = 1 AND ABS(districts / state - 1) > {beyond} GROUP BY 1
        )
        SELECT f[1], f[2], f[3], MAX(periods), STRING_AGG(indicator, ', ' ORDER BY indicator), MIN(indicator)
        FROM worst GROUP BY f ORDER BY 5""")
    for period, districts, state, periods, indicators, indicator in rows:
        words = {"districts": districts, "state": state, "period": period, "indicators": indicators,
                 "change": districts / state - 1}  # fmt: skip
        yield Remark("state_and_districts", given.file(indicator), None, None, periods, words)
