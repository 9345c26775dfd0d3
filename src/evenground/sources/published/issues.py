"""What is wrong with single numbers of an indicator, in words."""

from __future__ import annotations

import duckdb

from evenground.model import NOTE, WARNING, Problem
from evenground.sources.published.rows import Coded
from evenground.sources.published.sql import texts
from evenground.sources.published.statistic import Statistic

_CHECKS = {"above": "numerator_above"}  # issues that a check of definitions/checks.yaml looks for as well

# issue: severity | what was found | what is allowed | what happens
_ISSUES = {
    "above": (
        f"{WARNING}|a count above the number of students it is counted over|at most that number"
        "|nothing; not used. The count may be of events, or students have come and gone"
    ),
    "no_over": (
        f"{WARNING}|a count for a unit or group without a number of students"
        "|a row in the table it is counted over|nothing; not used"
    ),
    "no_group": (
        f"{NOTE}|groups whose number of students is not in these files"
        "|groups of the table it is counted over|nothing; not shown for this indicator"
    ),
    "no_schools": (
        f"{WARNING}|a unit that counts more than its schools do together"
        "|schools that report (nearly) all of it: `reporting_schools`"
        "|nothing; not used, because the students to compare with are not known"
    ),
    "range": (
        f"{WARNING}|a figure outside what is possible|the range `between` of the mapping|nothing; not used"
    ),
    "unusable": (
        f"{WARNING}|numbers that do not mean what their name says"
        "|see the known issues of the source|nothing; not used"
    ),
    "base": (
        f"{NOTE}|percentages that no whole number of the students beside them gives"
        "|percentages of that number|nothing; the count is approximate, the percentage as published"
    ),
    "conflict": (
        f"{WARNING}|several percentages for one group, without their numbers|one percentage|nothing; not used"
    ),
}


def indicator_problems(
    connection: duckdb.DuckDBPyConnection, coded: Coded, indicator: str, statistic: Statistic
) -> list[Problem]:
    """The issues in the table `found`, one problem a kind and file."""
    issue = "issue"
    if statistic.unusable:
        unusable = f"state = 'value' AND period IN ({texts(statistic.unusable.periods)})"
        issue = f"CASE WHEN {unusable} THEN 'unusable' ELSE issue END"
    rows = connection.execute(f"""
        SELECT {issue} AS kind, file, MIN("row"), COUNT(*) FROM found
        WHERE kind IS NOT NULL GROUP BY kind, file ORDER BY kind, file""").fetchall()
    column = ", ".join(statistic.outcome)
    problems = []
    for kind, file, row, count in rows:
        severity, found, allowed, todo = _ISSUES[kind].split("|")
        why = f": {statistic.unusable.why}" if kind == "unusable" and statistic.unusable else ""
        name, found = coded.files[file], f"{found} ({indicator}{why})"
        check = _CHECKS.get(kind, "")
        problems.append(Problem(severity, name, found, allowed, todo, row, column, count, check))
    return problems + (_coverage(connection, coded, indicator) if statistic.exposure else [])


def _coverage(connection: duckdb.DuckDBPyConnection, coded: Coded, indicator: str) -> list[Problem]:
    """How many of the students are in units that report the figure, in the year with the fewest."""
    rows = connection.execute("""
        SELECT COALESCE(SUM(n) FILTER (state = 'value'), 0) / SUM(n) AS share, period, MIN(file)
        FROM found WHERE g = 0 GROUP BY period HAVING share < 1 ORDER BY share, period""").fetchall()
    if not rows:
        return []
    share, period, file = rows[0]
    found = f"a figure for the schools or district of {share:.1%} of students in {period} ({indicator})"
    todo = "nothing; averages are over the students of those that report"
    return [Problem(NOTE, coded.files[file], found, "a figure for all of them", todo, count=len(rows))]
