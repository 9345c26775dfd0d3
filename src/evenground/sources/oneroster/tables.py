"""The tables of a roster from those of an edition of OneRoster, in SQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import duckdb

from evenground.engine import literal
from evenground.model import NOTE, Problem
from evenground.sources.exchange import Staged, course_words
from evenground.sources.oneroster.format import OneRoster
from evenground.sources.oneroster.stays import make_stays
from evenground.sources.roster.settings import Settings

GIVEN = ("schools", "enrollments", "courses", "sections", "section_students")
"""Tables of the roster that the export itself holds; `students` it holds in part."""

COLUMNS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "schools": ("orgs", {"school_id": "identifier", "school_name": "name", "district_id": "parentSourcedId"}),
    "students": ("users", {"student_id": "sourcedId"}),
    "enrollments": (
        "enrollments",
        {
            "student_id": "userSourcedId",
            "school_id": "schoolSourcedId",
            "entry_date": "beginDate",
            "exit_date": "endDate",
        },
    ),
    "courses": ("enrollments", {"student_id": "userSourcedId", "course_code": "classSourcedId"}),
    "sections": (
        "classes",
        {"section_id": "sourcedId", "school_id": "schoolSourcedId", "course_code": "courseSourcedId"},
    ),
    "section_students": ("enrollments", {"student_id": "userSourcedId", "section_id": "classSourcedId"}),
}
"""Table of the roster -> the file that its rows come from, and our columns by their name there."""

_RESULTS: Mapping[str, tuple[str, ...]] = {
    "schools": ("school_id", "school_name", "district_id", "district_name"),
    "enrollments": ("student_id", "school_id", "school_year", "grade", "entry_date", "exit_date"),
    "courses": ("student_id", "school_year", "course_code", "course_type", "subject"),
    "sections": (
        "section_id", "school_id", "school_year", "course_code", "course_title", "course_type", "subject",
        "staff_id",
    ),
    "section_students": ("student_id", "section_id", "school_year"),
}  # fmt: skip
ASIDE = "aside"
_SET_ASIDE = "pk"  # a spelling of the roster's grades whose rows it leaves out and tells about


def make_results(engine: duckdb.DuckDBPyConnection, form: OneRoster) -> None:
    """Empty tables: `roster_NAME` for every table that OneRoster gives, `people_ids` and `place_ids`."""
    for name in COLUMNS:
        columns = _student_columns(form) if name == "students" else _RESULTS[name]
        typed = ", ".join(f"{column} VARCHAR" for column in columns)
        engine.execute(f"CREATE TABLE roster_{name} (part BIGINT, row BIGINT, {typed})")
    for name in ("people_ids", "place_ids"):
        engine.execute(f"CREATE TABLE {name} (kind VARCHAR, alias VARCHAR, id VARCHAR)")
    known = ", ".join(f"{name} VARCHAR" for name in ("student_id", *_known_columns(form)))
    engine.execute(f"CREATE TABLE known_students ({known})")


def add_tables(
    engine: duckdb.DuckDBPyConnection,
    held: Mapping[str, Staged],
    version: str,
    form: OneRoster,
    settings: Settings,
    offsets: Mapping[str, int],
    problems: list[Problem],
) -> None:
    """Adds the rows of an edition to the tables of `make_results`; their `part` counts on from `offsets`.

    Needs `held_NAME`, `terms`, `school_ids` and `school_rows`, and `side_course_types` where there is one.
    """
    make_stays(engine, held, version, form, settings, problems)
    engine.execute(f"CREATE OR REPLACE TABLE class_courses AS {_class_courses(engine)}")
    problems.extend(_told_from_titles(engine, held["courses"]))
    for name, query in _results(form):
        counted_on = f"SELECT * REPLACE (part + {offsets[name]} AS part) FROM ({query})"
        engine.execute(f"INSERT INTO roster_{name} BY NAME {counted_on}")
    for query in _IDS:
        engine.execute(query)
    engine.execute(
        "DELETE FROM known_students WHERE student_id IN (SELECT id FROM people);"
        f" INSERT INTO known_students BY NAME SELECT id AS student_id, {_known(form)} FROM people p"
        ' JOIN held_users u ON u."sourcedId" = p.id LEFT JOIN held_demographics d ON d."sourcedId" = p.id'
        " WHERE p.is_student"
    )


def periods_of(engine: duckdb.DuckDBPyConnection) -> list[str]:
    """The school years in which anybody is enrolled."""
    query = "SELECT DISTINCT school_year FROM roster_enrollments ORDER BY 1"
    return [period for (period,) in engine.execute(query).fetchall()]


def _results(form: OneRoster) -> Iterator[tuple[str, str]]:
    yield "schools", "SELECT * FROM school_rows WHERE school_id NOT IN (SELECT school_id FROM roster_schools)"
    yield "students", _students(form)
    grades = " ".join(
        f"WHEN {literal(code)} THEN {literal(_SET_ASIDE if ours == ASIDE else ours)}"
        for code, ours in form.grades.items()
    )
    yield (
        "enrollments",
        f"""
        SELECT s.place.part AS part, s.place.row AS row, s.student AS student_id, i.school_id,
               s.period AS school_year, CASE g.grade {grades} END AS grade,
               s.entry::VARCHAR AS entry_date, s.leave::VARCHAR AS exit_date
        FROM stays s JOIN grades g ON g.student = s.student AND g.period = s.period
        JOIN school_ids i ON i.org = s.school WHERE g.grade IS NOT NULL""",
    )
    yield (
        "courses",
        """
        SELECT min(e.part) AS part, min(e.row) AS row, e.student AS student_id, e.period AS school_year,
               c.course_code, unnest(c.types) AS course_type, c.subject
        FROM seats e JOIN class_courses c ON c.class = e.class WHERE c.kind = 'scheduled'
        GROUP BY e.student, e.period, c.course_code, c.types, c.subject""",
    )
    yield (
        "sections",
        """
        SELECT c.part, c.row, c.class AS section_id, i.school_id, t.period AS school_year, c.course_code,
               c.title AS course_title, c.types[1] AS course_type, c.subject, w.teacher AS staff_id
        FROM class_courses c JOIN class_terms t USING (class) JOIN school_ids i ON i.org = c.school
        LEFT JOIN (
          SELECT "classSourcedId" AS class,
                 min({after: coalesce(lower("primary"), '') <> 'true', row: row, id: "userSourcedId"}).id
                   AS teacher
          FROM held_enrollments WHERE role = 'teacher' GROUP BY 1) w ON w.class = c.class
        WHERE c.kind = 'scheduled'""",
    )
    yield (
        "section_students",
        """
        SELECT min(e.part) AS part, min(e.row) AS row, e.student AS student_id, e.class AS section_id,
               e.period AS school_year
        FROM seats e JOIN class_courses c ON c.class = e.class WHERE c.kind = 'scheduled'
        GROUP BY e.student, e.class, e.period""",
    )


def _class_courses(engine: duckdb.DuckDBPyConnection) -> str:
    """Classes with the course that they are of; what course_types.csv says goes before the title."""
    words = course_words()
    said = (
        "SELECT course_code, list(lower(course_type) ORDER BY row) AS types FROM side_course_types GROUP BY 1"
    )
    nothing = "SELECT NULL::VARCHAR AS course_code, NULL::VARCHAR[] AS types WHERE false"
    tables = {row[0] for row in engine.execute("SHOW TABLES").fetchall()}
    return f"""
        SELECT k.part, k.row, k."sourcedId" AS class, k."classType" AS kind, k."schoolSourcedId" AS school,
               coalesce(c."courseCode", c."sourcedId") AS course_code, c.title,
               coalesce(t.types, {words.types_of("c.title")}) AS types, t.types IS NOT NULL AS said,
               coalesce({words.subject_of("c.title")}, {words.subject_of("c.subjects")}) AS subject
        FROM held_classes k JOIN held_courses c ON c."sourcedId" = k."courseSourcedId"
        LEFT JOIN ({said if "side_course_types" in tables else nothing}) t
               ON t.course_code = coalesce(c."courseCode", c."sourcedId")"""


def _told_from_titles(engine: duckdb.DuckDBPyConnection, courses: Staged) -> Iterator[Problem]:
    """How many courses are of which kind, where nothing better than their title says so."""
    counts = engine.execute(
        "SELECT type, count(DISTINCT course_code) FROM (SELECT unnest(types) AS type, course_code"
        " FROM class_courses WHERE kind = 'scheduled' AND NOT said) GROUP BY type ORDER BY type"
    ).fetchall()
    if counts:
        found = "kinds of courses told from their titles: " + ", ".join(f"{kind} {n}" for kind, n in counts)
        todo = "check the numbers; course_types.csv (course_code, course_type) beside the export overrules"
        yield Problem(NOTE, courses.files[0], found, "any title", todo, column="title")


def _student_columns(form: OneRoster) -> tuple[str, ...]:
    return "student_id", "school_year", *_known_columns(form)


def _known_columns(form: OneRoster) -> tuple[str, ...]:
    return *form.demographics, "two_or_more_races", *form.metadata


def _students(form: OneRoster) -> str:
    return f"""
        SELECT u.part, u.row, s.student AS student_id, s.period AS school_year, {_known(form)}
        FROM grades s JOIN held_users u ON u."sourcedId" = s.student
        LEFT JOIN held_demographics d ON d."sourcedId" = s.student
        WHERE s.grade IS NOT NULL ORDER BY u.part, u.row"""


def _known(form: OneRoster) -> str:
    """What demographics (d) and users (u) say of a student."""
    sexes = " ".join(f"WHEN {literal(code)} THEN {literal(ours)}" for code, ours in form.sexes.items())
    columns = [f"CASE d.sex {sexes} END AS sex"]
    columns += [
        f'lower(d."{theirs}") AS {ours}' for ours, theirs in form.demographics.items() if ours != "sex"
    ]
    columns.append('lower(d."demographicRaceTwoOrMoreRaces") AS two_or_more_races')
    columns += [f'lower(coalesce(d."metadata.{key}", u."metadata.{key}")) AS {key}' for key in form.metadata]
    return ", ".join(columns)


_IDS = (
    """INSERT INTO people_ids SELECT 'id', "sourcedId", "sourcedId" FROM held_users""",
    """INSERT INTO people_ids SELECT 'identifier', identifier, "sourcedId" FROM held_users
       WHERE identifier IS NOT NULL""",
    """INSERT INTO people_ids SELECT 'userMasterIdentifier', "userMasterIdentifier", "sourcedId"
       FROM held_users WHERE "userMasterIdentifier" IS NOT NULL""",
    """INSERT INTO people_ids SELECT 'userIds of the type ' || trim(split_part(pair, ':', 1)),
              trim(substr(pair, strpos(pair, ':') + 1)), id
       FROM (SELECT unnest(regexp_extract_all("userIds", '\\{([^{}]+)\\}', 1)) AS pair, "sourcedId" AS id
             FROM held_users)
       WHERE strpos(pair, ':') > 0""",
    "INSERT INTO place_ids SELECT 'id', school_id, school_id FROM school_ids",
    "INSERT INTO place_ids SELECT 'sourcedId', org, school_id FROM school_ids WHERE org <> school_id",
)
