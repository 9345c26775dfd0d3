"""Numbers of a size that cannot be: totals filed as per-pupil, far outliers, jumps from year to year."""

from __future__ import annotations

from collections.abc import Iterator

from evenground.sources.checks.catalogue import checks
from evenground.sources.checks.counted import Counted
from evenground.sources.checks.remark import Remark

_EVERYBODY = "dimension IS NULL AND state = 'value'"


def check_sizes(given: Counted) -> Iterator[Remark]:
    """totals_per_pupil, outlier, year_jump."""
    yield from _per_pupil(given)
    yield from _outliers(given)
    yield from _jumps(given)


def _per_pupil(given: Counted) -> Iterator[Remark]:
    check = checks()["totals_per_pupil"]
    rules, whole = check.parameters, ", ".join(f"'{key}'" for key in check.words["all_of_it"])
    rows = given.ask(f"""
        SELECT indicator, COUNT(*), ARG_MAX((value, unit, period), ABS(LN(GREATEST(value, 1e-9))))
        FROM simple JOIN kinds USING (indicator) JOIN named USING (unit_level, unit_id)
        WHERE measured = 'dollars' AND {_EVERYBODY}
          AND (value > {rules["highest"]} OR (value < {rules["lowest"]} AND indicator IN ({whole})))
        GROUP BY 1 ORDER BY 1""")
    for indicator, count, (value, unit, period) in rows:
        words = {"value": value, "unit": unit, "period": period, "indicator": indicator}
        yield Remark("totals_per_pupil", given.file(indicator), None, None, count, words)


def _outliers(given: Counted) -> Iterator[Remark]:
    """Figures of exposures and means, else numbers of students, on a scale of ratios: the middle and the
    median distance from it are not moved by what is far. Small is possible, large is not."""
    rules = checks()["outlier"].parameters
    rows = given.ask(f"""
        WITH figures AS (
            SELECT indicator, unit_level, unit_id, period, n,
                   CASE WHEN kind = 'rate' THEN n ELSE value END AS q
            FROM simple JOIN kinds USING (indicator) WHERE {_EVERYBODY} AND q > 0
        ), middles AS (
            SELECT indicator, unit_level, period, MEDIAN(LN(q)) AS m, MAD(LN(q)) AS d FROM figures
            GROUP BY ALL HAVING COUNT(*) >= {rules["least_units"]} AND d > 0
        ), far AS (
            SELECT indicator, unit_level, unit_id, period, q, m, LN(q) - m AS away
            FROM figures JOIN middles USING (indicator, unit_level, period)
            WHERE away > {rules["deviations"]} * 1.4826 * d AND away > LN({rules["times"]})
              AND COALESCE(n, {rules["least_n"]}) >= {rules["least_n"]}
        ), told AS (
            SELECT indicator, COUNT(*) AS places, ARG_MAX((q, EXP(m), unit, period), away) AS f
            FROM far JOIN named USING (unit_level, unit_id) GROUP BY 1
        )
        SELECT STRING_AGG(indicator, ', ' ORDER BY indicator), MIN(indicator), places, f FROM told
        GROUP BY places, f ORDER BY 1""")
    for indicators, indicator, count, (value, middle, unit, period) in rows:
        words = {"value": value, "middle": middle, "unit": unit, "period": period, "indicator": indicators}
        yield Remark("outlier", given.file(indicator), None, None, count, words)


def _jumps(given: Counted) -> Iterator[Remark]:
    rules = checks()["year_jump"].parameters
    rows = given.ask(f"""
        WITH years AS (
            SELECT indicator, unit_level, unit_id, period, LEFT(period, 4)::INTEGER AS y, n,
                   LAG(n) OVER w AS before, LAG(y) OVER w AS year_before
            FROM simple WHERE {_EVERYBODY} AND n IS NOT NULL
            WINDOW w AS (PARTITION BY indicator, unit_level, unit_id ORDER BY period)
        ), told AS (
            SELECT indicator, COUNT(*) AS places,
                   ARG_MAX((n, before, unit, period), ABS(LN(GREATEST(n, 1)) - LN(GREATEST(before, 1)))) AS f
            FROM years JOIN named USING (unit_level, unit_id)
            WHERE y = year_before + 1 AND GREATEST(n, before) >= {rules["least"]}
              AND (n >= {rules["times"]} * before OR before >= {rules["times"]} * n)
            GROUP BY 1
        )
        SELECT STRING_AGG(indicator, ', ' ORDER BY indicator), MIN(indicator), places, f FROM told
        GROUP BY places, f ORDER BY 1""")
    for indicators, indicator, count, (after, before, unit, period) in rows:
        words = {"after": after, "before": before, "unit": unit, "period": period, "indicator": indicators}
        yield Remark("year_jump", given.file(indicator), None, None, count, words)
