"""The other tables of a roster from an Ed-Fi export, in SQL: each only where the export tells of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import duckdb

from evenground.engine import literal
from evenground.model import NOTE, WARNING, Problem
from evenground.sources.edfi.format import EdFi
from evenground.sources.edfi.stage import SEVERAL
from evenground.sources.exchange import Staged, course_words

ORIGINS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "schools": ("schools", {"school_id": "schoolId", "school_name": "nameOfInstitution"}),
    "students": ("studentSchoolAssociations", {"student_id": "studentUniqueId"}),
    "enrollments": (
        "studentSchoolAssociations",
        {"grade": "entryGradeLevelDescriptor", "entry_date": "entryDate", "exit_date": "exitWithdrawDate"},
    ),
    "attendance": ("studentSchoolAttendanceEvents", {"days_absent": "eventDuration"}),
    "incidents": ("disciplineActions", {"date": "disciplineDate", "consequence": "disciplineDescriptor"}),
    "courses": ("studentSectionAssociations", {}),
    "sections": ("sections", {}),
    "section_students": ("studentSectionAssociations", {}),
    "assessments": ("studentAssessments", {}),
    "staff": ("staffEducationOrganizationAssignmentAssociations", {"fte": "fullTimeEquivalency"}),
}
"""Table of the roster -> the resource that its rows come from, and our columns by their name there."""

_SECTION = "section, school_id, school_year, session, local_code"


def make_tables(
    engine: duckdb.DuckDBPyConnection, staged: Mapping[str, Staged], form: EdFi, problems: list[Problem]
) -> list[str]:
    """The tables `roster_NAME` besides students and enrollments; the names of those that have rows."""
    for name, query in _steps(form):
        engine.execute(f"CREATE TABLE {name} AS {query}")
    problems.extend(_notes(engine, staged))
    made = [name for name in ORIGINS if engine.execute(f"SELECT 1 FROM roster_{name} LIMIT 1").fetchone()]
    return list(dict.fromkeys(["schools", "students", "enrollments", *made]))


def _steps(form: EdFi) -> Iterator[tuple[str, str]]:
    yield (
        "roster_schools",
        """
        SELECT s.part, s.row, s.school_id, s.name AS school_name,
               coalesce(s.district_id, s.school_id) AS district_id,
               coalesce(d.name, 'District ' || s.district_id, s.name) AS district_name
        FROM edfi_schools s LEFT JOIN (SELECT district_id, min(name) AS name FROM edfi_localEducationAgencies
                                       GROUP BY 1) d ON d.district_id = s.district_id
        QUALIFY row_number() OVER (PARTITION BY s.school_id ORDER BY s.part DESC, s.row) = 1""",
    )
    yield "roster_attendance", _attendance(form)
    yield "roster_incidents", _incidents(form)
    yield "taught", _taught(form)
    yield (
        "seats",
        f"""
        SELECT a.part, a.row, a.student_id, y.period AS school_year, t.* EXCLUDE (part, row, school_year)
        FROM edfi_studentSectionAssociations a JOIN taught t USING ({_SECTION})
        JOIN years y ON y.ends = TRY_CAST(a.school_year AS INTEGER)
        WHERE coalesce(a.homeroom, '') <> 'true'""",
    )
    yield (
        "roster_courses",
        """
        SELECT min(part) AS part, min(row) AS row, student_id, school_year, code AS course_code,
               unnest(types) AS course_type, subject
        FROM seats GROUP BY student_id, school_year, code, types, subject""",
    )
    yield (
        "roster_sections",
        """
        SELECT t.part, t.row, t.section_id, t.school_id, y.period AS school_year, t.code AS course_code,
               t.title AS course_title, t.types[1] AS course_type, t.subject, t.staff_id
        FROM taught t JOIN years y ON y.ends = TRY_CAST(t.school_year AS INTEGER)""",
    )
    yield (
        "roster_section_students",
        """
        SELECT min(part) AS part, min(row) AS row, student_id, section_id, school_year
        FROM seats GROUP BY student_id, section_id, school_year""",
    )
    yield "roster_assessments", _assessments(form)
    yield "roster_staff", _staff(form)


def _cases(column: str, codes: str, form: EdFi) -> str:
    cases = " ".join(f"WHEN {literal(code)} THEN {literal(ours)}" for code, ours in form.codes[codes].items())
    return f"CASE {column} {cases} END"


def _all(column: str, codes: str, form: EdFi) -> str:
    coded = f"[{_cases('x', codes, form)} for x in string_split(coalesce({column}, ''), '{SEVERAL}')]"
    return f"list_distinct([x for x in {coded} if x IS NOT NULL])"


def _attendance(form: EdFi) -> str:
    """Days of instruction between entry and exit, and of them those absent, in schools that report any event.

    A day counts once; an absence without a duration is a whole day.
    """
    return f"""
        WITH days AS (
          SELECT DISTINCT school_id, calendar, CAST(date AS DATE) AS day FROM edfi_calendarDates
          WHERE list_contains({_all("events", "days", form)}, 'instructional')),
        reporting AS (
          SELECT DISTINCT e.school_id, y.period FROM edfi_studentSchoolAttendanceEvents e
          JOIN years y ON CAST(e.date AS DATE) BETWEEN y.first AND y.last),
        enrolled AS (
          SELECT s.student_id, s.period, count(DISTINCT d.day) AS days_enrolled
          FROM stays s JOIN reporting r USING (school_id, period)
          JOIN days d ON d.school_id = s.school_id AND d.day BETWEEN s.entry AND s.leave
               AND (s.calendar IS NULL OR d.calendar IS NULL OR d.calendar = s.calendar)
          GROUP BY 1, 2),
        absent AS (
          SELECT student_id, period, sum(part_of_day) AS days_absent, min(part) AS part, min(row) AS row
          FROM (
            SELECT e.student_id, y.period, e.date, min(e.part) AS part, min(e.row) AS row,
                   least(1.0, sum(coalesce(TRY_CAST(e.duration AS DOUBLE), 1))) AS part_of_day
            FROM edfi_studentSchoolAttendanceEvents e
            JOIN years y ON CAST(e.date AS DATE) BETWEEN y.first AND y.last
            WHERE {_cases("e.event", "attendance", form)} = 'absent' GROUP BY 1, 2, 3)
          GROUP BY 1, 2)
        SELECT coalesce(a.part, 0) AS part, coalesce(a.row, 1) AS row, n.student_id, n.period AS school_year,
               n.days_enrolled, least(coalesce(a.days_absent, 0), n.days_enrolled) AS days_absent
        FROM enrolled n LEFT JOIN absent a USING (student_id, period)"""


def _incidents(form: EdFi) -> str:
    return f"""
        SELECT a.part, a.row, a.student_id, y.period AS school_year, a.date,
               unnest({_all("consequences", "disciplines", form)}) AS consequence,
               coalesce(a.served, a.planned) AS days
        FROM edfi_disciplineActions a JOIN years y ON CAST(a.date AS DATE) BETWEEN y.first AND y.last"""


def _taught(form: EdFi) -> str:
    """Sections with the course that they are of and their teacher of record.

    The level stands in the section, the offering or the course; only where none of them has one, and for
    mathematics, the title tells.
    """
    words = course_words()
    title = "coalesce(c.title, o.title)"
    level = f"list_distinct(flatten([{', '.join(_all(f'{t}.levels', 'levels', form) for t in 'soc')}]))"
    told = words.types_of(title)
    mathematics = f"[x for x in {told} if x IN ({', '.join(map(literal, words.mathematics))})]"
    types = f"CASE WHEN len({level}) > 0 THEN list_concat({level}, {mathematics}) ELSE {told} END"
    return f"""
        SELECT s.part, s.row, {_of("s")},
               concat_ws('/', s.school_id, s.school_year, s.session, s.local_code, s.section) AS section_id,
               coalesce(o.code, s.local_code) AS code, {title} AS title, {types} AS types,
               {words.subject_of(title)} AS subject, w.staff_id
        FROM edfi_sections s
        LEFT JOIN (SELECT * FROM edfi_courseOfferings QUALIFY row_number() OVER (
                     PARTITION BY school_id, school_year, session, local_code ORDER BY row) = 1) o
               ON (o.school_id, o.school_year, o.session, o.local_code)
                  = (s.school_id, s.school_year, s.session, s.local_code)
        LEFT JOIN (SELECT * FROM edfi_courses
                   QUALIFY row_number() OVER (PARTITION BY code ORDER BY row) = 1) c
               ON c.code = o.code
        LEFT JOIN (SELECT {_SECTION}, min({{after: coalesce(position, '') <> 'teacher of record', row: row,
                                            id: staff_id}}).id AS staff_id
                   FROM edfi_staffSectionAssociations GROUP BY ALL) w
               ON ({_of("w")}) = ({_of("s")})
        QUALIFY row_number() OVER (PARTITION BY {_of("s")}
                                   ORDER BY s.part, s.row) = 1"""


def _of(table: str) -> str:
    """The columns that together name a section, of a table."""
    return ", ".join(f"{table}.{name}" for name in _SECTION.split(", "))


def _assessments(form: EdFi) -> str:
    """Results of the state's tests in reading and mathematics; of several in a year the last."""
    return f"""
        SELECT part, row, student_id, period AS school_year, subject, level, score FROM (
          SELECT a.part, a.row, a.student_id, y.period, t.subject,
                 {_all("a.level", "performance", form)}[1] AS level,
                 CASE WHEN TRY_CAST(a.score AS DOUBLE) IS NOT NULL THEN a.score END AS score, a.date
          FROM edfi_studentAssessments a
          JOIN (SELECT DISTINCT assessment, namespace, unnest({_all("subjects", "subjects", form)}) AS subject
                FROM edfi_assessments WHERE {_cases("category", "tests", form)} = 'state') t
            USING (assessment, namespace)
          JOIN years y ON y.ends = TRY_CAST(a.school_year AS INTEGER)
                       OR (a.school_year IS NULL AND CAST(a.date AS DATE) BETWEEN y.first AND y.last))
        QUALIFY row_number() OVER (PARTITION BY student_id, period, subject
                                   ORDER BY date DESC NULLS LAST, part, row) = 1"""


def _staff(form: EdFi) -> str:
    """Assignments at schools that say their share of a full-time post, in every year that they touch."""
    return f"""
        SELECT min(a.part) AS part, min(a.row) AS row, a.staff_id, a.school_id, y.period AS school_year,
               least(1.5, sum(CAST(a.fte AS DOUBLE))) AS fte,
               max(TRY_CAST(s.years AS DOUBLE)) + 1 AS years_experience,
               coalesce({_cases("a.role", "roles", form)}, 'other') AS role
        FROM edfi_staffEducationOrganizationAssignmentAssociations a
        JOIN (SELECT DISTINCT school_id FROM edfi_schools) k USING (school_id)
        JOIN years y ON CAST(a.begins AS DATE) <= y.last AND coalesce(CAST(a.ends AS DATE), y.last) >= y.first
        LEFT JOIN (SELECT staff_id, max(years) AS years FROM edfi_staffs GROUP BY 1) s USING (staff_id)
        WHERE a.fte IS NOT NULL GROUP BY a.staff_id, a.school_id, y.period, role"""


def _notes(engine: duckdb.DuckDBPyConnection, staged: Mapping[str, Staged]) -> Iterator[Problem]:
    """What is there and cannot be counted."""
    events, dates = staged["studentSchoolAttendanceEvents"], staged["calendarDates"]
    if events.files and not dates.files:
        found = "events of attendance without calendarDates"
        todo = "export calendarDates as well; until then nobody knows how many days there were"
        yield Problem(WARNING, events.files[0], found, "the days of instruction of every school", todo)
    results, tests = staged["studentAssessments"], staged["assessments"]
    if results.files and not tests.files:
        found = "results of tests without assessments"
        todo = "export assessments as well; until then subject and kind of the tests are not known"
        yield Problem(WARNING, results.files[0], found, "academicSubjects and assessmentCategory", todo)
    posts = staged["staffEducationOrganizationAssignmentAssociations"]
    query = f"SELECT count(*), min(row) FROM {posts.name} WHERE fte IS NULL"
    count, row = engine.execute(query).fetchone() or (0, None)
    if count:
        yield Problem(
            WARNING, posts.files[0], "an assignment without its share of a full-time post",
            "fullTimeEquivalency of every assignment at a school",
            "fill it in; until then the post is not counted", row, "fullTimeEquivalency", count,
        )  # fmt: skip
    kinds = engine.execute(
        "SELECT type, count(DISTINCT code) FROM (SELECT unnest(types) AS type, code FROM taught)"
        " GROUP BY type ORDER BY type"
    ).fetchall()
    if kinds:
        said = ", ".join(f"{kind} {count}" for kind, count in kinds)
        found = f"kinds of courses by level characteristics, else titles: {said}"
        yield Problem(NOTE, staged["sections"].files[0], found, "any course", "check the numbers")
