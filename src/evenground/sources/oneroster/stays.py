"""Seats in classes -> stays at schools, each with its grade; in SQL over the tables of an edition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import duckdb

from evenground.engine import literal
from evenground.model import NOTE, WARNING, Problem
from evenground.sources.exchange import Staged
from evenground.sources.oneroster.format import OneRoster
from evenground.sources.roster.settings import Settings


def make_stays(
    engine: duckdb.DuckDBPyConnection,
    held: Mapping[str, Staged],
    version: str,
    form: OneRoster,
    settings: Settings,
    problems: list[Problem],
) -> None:
    """The tables `people`, `class_terms`, `seats`, `stays` and `grades` of an edition.

    Needs `held_NAME` and `terms`. Students who are there and cannot be counted are told.
    """
    for name, query in _steps(engine, version, form, settings):
        engine.execute(f"CREATE OR REPLACE TABLE {name} AS {query}")
    problems.extend(_left_out(engine, held))


def _steps(
    engine: duckdb.DuckDBPyConnection, version: str, form: OneRoster, settings: Settings
) -> Iterator[tuple[str, str]]:
    yield "people", _PEOPLE[version]
    yield "class_terms", _CLASS_TERMS
    yield "bounds", _bounds(engine, settings)
    yield "seats", _SEATS.format(after=form.days("enrollment_end_exclusive"))
    yield "all_stays", _STAYS.format(gap=form.days("stay_gap_days"))
    yield "stays", _AT_HOME
    yield "grades", _grades()


# Users with their part in the school system, and the school that is theirs where one is.
_PEOPLE = {
    "1.1": """
SELECT part, row, "sourcedId" AS id, role = 'student' AS is_student,
       CASE WHEN len(orgs) = 1 THEN orgs[1] END AS home
FROM (SELECT *, list_distinct([trim(x) for x in string_split("orgSourcedIds", ',')]) AS orgs
      FROM held_users)
""",
    "1.2": """
SELECT u.part, u.row, u."sourcedId" AS id, coalesce(r.is_student, false) AS is_student,
       coalesce(u."primaryOrgSourcedId", r.home) AS home
FROM held_users u LEFT JOIN (
  SELECT "userSourcedId" AS id, bool_or(role = 'student') AS is_student,
         CASE WHEN count(DISTINCT org) = 1 THEN min(org) END AS home
  FROM (SELECT *, CASE WHEN role = 'student' AND "roleType" = 'primary' THEN "orgSourcedId" END AS org
        FROM held_roles)
  GROUP BY 1) r ON r.id = u."sourcedId"
""",
}

_CLASS_TERMS = """
SELECT class, period, min(first_day) AS first_day, max(last_day) AS last_day
FROM (SELECT "sourcedId" AS class, trim(unnest(string_split("termSourcedIds", ','))) AS term
      FROM held_classes)
JOIN terms USING (term) GROUP BY class, period
"""

_SEATS = """
SELECT * FROM (
  SELECT e.part, e.row, e.student, e.school, e.class, t.period,
         greatest(coalesce(e.first, t.first_day), b.year_first) AS entry,
         least(coalesce(e.last, t.last_day), b.year_last) AS leave
  FROM (SELECT part, row, "userSourcedId" AS student, "schoolSourcedId" AS school, role,
               "classSourcedId" AS class, CAST("beginDate" AS DATE) AS first,
               CASE WHEN "endDate" IS NOT NULL
                    THEN greatest(CAST("endDate" AS DATE) - {after}, CAST("beginDate" AS DATE)) END AS last
        FROM held_enrollments) e
  JOIN people p ON p.id = e.student AND p.is_student
  JOIN class_terms t ON t.class = e.class
  JOIN bounds b ON b.period = t.period
  WHERE e.role = 'student')
WHERE entry <= leave
"""

# Seats at a school that overlap, or lie no further apart than a break between terms, are one stay.
_STAYS = """
SELECT student, school, period, min(entry) AS entry, max(leave) AS leave,
       min({{row: row, part: part}}) AS place
FROM (
  SELECT *, sum(starts) OVER (PARTITION BY student, school, period ORDER BY entry, leave, row) AS stay
  FROM (
    SELECT *, coalesce((entry > max(leave) OVER before + {gap})::INT, 1) AS starts
    FROM seats
    WINDOW before AS (PARTITION BY student, school, period ORDER BY entry, leave, row
                      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)))
GROUP BY student, school, period, stay
"""

# A class at another school, taken during a stay at the home school, is no stay of its own.
_AT_HOME = """
SELECT s.* FROM all_stays s JOIN people p ON p.id = s.student
WHERE p.home IS NULL OR s.school = p.home OR NOT EXISTS (
  SELECT 1 FROM all_stays h WHERE h.student = s.student AND h.period = s.period AND h.school = p.home
    AND h.entry <= s.entry AND h.leave >= s.leave)
"""


def _bounds(engine: duckdb.DuckDBPyConnection, settings: Settings) -> str:
    """First and last day of every school year."""
    periods = engine.execute("SELECT DISTINCT period FROM terms ORDER BY 1").fetchall()
    rows = ", ".join(
        f"({literal(period)}, DATE '{settings.start(period)}', DATE '{settings.end(period)}')"
        for (period,) in periods
    )
    return f"SELECT * FROM (VALUES {rows or '(NULL, NULL, NULL)'}) b(period, year_first, year_last)"


def _grades() -> str:
    """Grade of every student and year: of the latest year as users says, else as the classes of the year say.

    Of a list of several grades none is known; a homeroom goes before other classes.
    """
    single = "CASE WHEN len(list_distinct([trim(g) for g in string_split({0}, ',')])) = 1 THEN trim({0}) END"
    return f"""
        SELECT s.student, s.period,
               CASE WHEN s.period = latest THEN coalesce(u.grade, c.grade) ELSE c.grade END AS grade
        FROM (SELECT DISTINCT student, period FROM stays) s
        CROSS JOIN (SELECT max(period) AS latest FROM stays)
        LEFT JOIN (SELECT "sourcedId" AS student, {single.format("grades")} AS grade FROM held_users) u
               ON u.student = s.student
        LEFT JOIN (
          SELECT student, period, coalesce({_unanimous("homeroom")}, {_unanimous("scheduled")}) AS grade
          FROM (SELECT student, period, "classType" AS kind, {single.format("c.grades")} AS grade
                FROM seats JOIN held_classes c ON c."sourcedId" = seats.class)
          GROUP BY student, period) c ON c.student = s.student AND c.period = s.period"""


def _unanimous(kind: str) -> str:
    of_kind = f"FILTER (kind = '{kind}')"
    return f"CASE WHEN min(grade) {of_kind} = max(grade) {of_kind} THEN min(grade) {of_kind} END"


_NOT_COUNTED = (
    (
        WARNING, "users",
        "SELECT part, row FROM people WHERE is_student AND id NOT IN (SELECT student FROM seats)",
        "a student without a class in any school year", "an enrollment in a class for every student",
        "add the enrollment; until then the student is not counted", "sourcedId",
    ),
    (
        WARNING, "users",
        "SELECT part, row FROM people JOIN grades g ON g.student = people.id WHERE g.grade IS NULL",
        "a student and school year without one grade", "one CEDS code, in users or in the student's classes",
        "fill in grades; until then the student is not counted in that year", "grades",
    ),
    (
        WARNING, "enrollments",
        "SELECT e.part, e.row FROM held_enrollments e JOIN people p ON p.id = e.\"userSourcedId\""
        " WHERE e.role = 'student' AND NOT p.is_student",
        "a student's enrollment of a user who is no student", "users with the role student",
        "correct one of the two; until then the row is not counted", "userSourcedId",
    ),
    (
        WARNING, "enrollments",
        "SELECT e.part, e.row FROM held_enrollments e JOIN people p ON p.id = e.\"userSourcedId\""
        " WHERE e.role = 'student' AND p.is_student"
        " AND e.row NOT IN (SELECT row FROM seats WHERE part = e.part)"
        ' AND e."classSourcedId" IN (SELECT class FROM class_terms)',
        "an enrollment outside the school year of its class", "days of the class's terms",
        "correct beginDate and endDate; until then the row is not counted", "beginDate",
    ),
    (
        NOTE, "enrollments",
        "SELECT place.part AS part, place.row AS row FROM all_stays"
        " EXCEPT SELECT place.part, place.row FROM stays",
        "classes at another school during a stay at the home school", "one school at a time",
        "nothing; the student is counted at the home school", "schoolSourcedId",
    ),
)  # fmt: skip


def _left_out(engine: duckdb.DuckDBPyConnection, held: Mapping[str, Staged]) -> Iterator[Problem]:
    for severity, file, rows, found, allowed, todo, column in _NOT_COUNTED:
        query = f"SELECT part, count(*), min(row) FROM ({rows}) GROUP BY part ORDER BY part"
        for part, count, row in engine.execute(query).fetchall():
            yield Problem(severity, held[file].files[part], found, allowed, todo, row, column, count)
