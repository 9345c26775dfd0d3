"""What happens over the years: a year missing, a group that is no longer there, a year filed twice."""

from __future__ import annotations

from collections.abc import Iterator

from evenground.definitions import label
from evenground.model import group_key, period_end, period_ending
from evenground.sources.checks.catalogue import checks
from evenground.sources.checks.counted import Counted
from evenground.sources.checks.remark import Remark


def check_course(given: Counted) -> Iterator[Remark]:
    """missing_year, vanished_group, copied_year."""
    yield from _missing(given)
    yield from _vanished(given)
    yield from _copied(given)


def _missing(given: Counted) -> Iterator[Remark]:
    rows = given.ask("""
        SELECT indicator, LIST(DISTINCT period ORDER BY period) FROM simple
        WHERE state IN ('value', 'hidden') GROUP BY 1 ORDER BY 1""")
    missing: dict[str, list[str]] = {}
    for indicator, periods in rows:
        ends = [period_end(period) for period in periods]
        between = [period_ending(end) for end in range(ends[0], ends[-1]) if end not in ends]
        if between:
            missing.setdefault(", ".join(between), []).append(indicator)
    for years, indicators in missing.items():
        words = {"indicators": ", ".join(indicators), "years": years}
        yield Remark("missing_year", given.file(indicators[0]), None, None, len(indicators), words)


def _vanished(given: Counted) -> Iterator[Remark]:
    least = checks()["vanished_group"].parameters["least_units"]
    rows = given.ask(f"""
        WITH held AS (
            SELECT indicator, dimension, part, period, COUNT(*) AS places FROM simple
            WHERE dimension IS NOT NULL AND part <> 'unknown' AND state IN ('value', 'hidden') GROUP BY ALL
        ), years AS (
            SELECT indicator, dimension, period, LEAD(period) OVER (
                       PARTITION BY indicator, dimension ORDER BY period) AS next, COUNT(*) AS parts
            FROM held GROUP BY 1, 2, 3
        )
        SELECT dimension, part, next, MAX(places), STRING_AGG(indicator, ', ' ORDER BY indicator),
               MIN(indicator)
        FROM held JOIN years USING (indicator, dimension, period)
        ANTI JOIN held AS later ON (held.indicator, held.dimension, held.part, next)
                                 = (later.indicator, later.dimension, later.part, later.period)
        WHERE next IS NOT NULL AND parts > 1 AND places >= {least}
        GROUP BY 1, 2, 3 ORDER BY 3, 1, 2""")
    for dimension, part, period, places, indicators, indicator in rows:
        group = group_key([(dimension, part)])
        words = {"group": label(given.definitions, group).en, "period": period, "places": places,
                 "indicators": indicators}  # fmt: skip
        yield Remark("vanished_group", given.file(indicator), None, None, 1, words)


def _copied(given: Counted) -> Iterator[Remark]:
    """Places whose number is 0 or everybody in both years say nothing."""
    rules = checks()["copied_year"].parameters
    rows = given.ask(f"""
        WITH years AS (
            SELECT indicator, unit_level, period, LEFT(period, 4)::INTEGER AS y, n, total, value,
                   LAG(n) OVER w AS n0, LAG(total) OVER w AS total0, LAG(value) OVER w AS value0,
                   LAG(y) OVER w AS y0
            FROM simple WHERE dimension IS NULL AND state = 'value'
            WINDOW w AS (PARTITION BY indicator, unit_level, unit_id ORDER BY period)
        ), same AS (
            SELECT indicator, unit_level, period, COUNT(*) AS places,
                   COUNT(*) FILTER ((value, n, total) IS NOT DISTINCT FROM (value0, n0, total0)) AS same
            FROM years WHERE y = y0 + 1 AND NOT (value IN (0, 1) AND value0 IN (0, 1)) GROUP BY ALL
        )
        SELECT period, same, places, STRING_AGG(indicator, ', ' ORDER BY indicator), MIN(indicator) FROM same
        WHERE places >= {rules["least_units"]} AND same >= {rules["least_share"]} * places GROUP BY 1, 2, 3
        ORDER BY 1, 4""")
    for period, same, places, indicators, indicator in rows:
        words = {"same": same, "places": places, "period": period, "indicator": indicators}
        yield Remark("copied_year", given.file(indicator), None, None, same, words)
