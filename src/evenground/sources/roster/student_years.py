"""From checked tables to student-years: one row a student and school year, written as Parquet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb

from evenground.engine import exact_sum
from evenground.sources.roster.format import Column, Format
from evenground.sources.roster.typing import quoted

_UNKNOWN = "'unknown'"
_ROUNDING = 1e-9  # a tenth of 30 days is 3 days, whatever binary arithmetic makes of it
EVENTS = ("courses", "incidents", "graduates")
"""Tables in which a student without a row is a 0, in years that the table tells of."""


def write_student_years(engine: duckdb.DuckDBPyConnection, into: Path, form: Format) -> Path:
    """Writes `student_years.parquet` (zstd; by district, school, period, student); returns its path.

    Needs the view of every table and the tables of school years. A student is placed at the school of census
    day; who was at two schools on that day at the one of the longer stay; who was at none at the school of
    the longest stay. Members of a graduation cohort who had left before are placed at the school that counts
    them, with `on_census_day` 0.
    """
    engine.execute(f"CREATE VIEW people AS {_people(form)}")
    for name, query in _steps(form):
        engine.execute(f"CREATE TABLE {name} AS {query}")
    path = into / "student_years.parquet"
    engine.execute(
        f"COPY ({_student_years(form)} ORDER BY district_id, school_id, period, student_id)"
        f" TO {quoted(str(path))} (FORMAT parquet, COMPRESSION zstd)"
    )
    return path


def covered_periods(engine: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """School years about which a table says anything at all."""
    return [
        period
        for (period,) in engine.execute(
            f"SELECT DISTINCT period FROM {table} WHERE period IS NOT NULL ORDER BY 1"
        ).fetchall()
    ]


def _steps(form: Format) -> Iterable[tuple[str, str]]:
    yield "placements", _PLACEMENTS
    yield "cohort", _COHORT
    yield "members", _MEMBERS
    yield "courses_taken", _COURSES
    yield "tested", _TESTED
    yield "removed", _REMOVED
    yield "school_teachers", _teachers(form)
    for table in EVENTS:
        yield f"{table}_covered", f"SELECT DISTINCT period FROM {table} WHERE period IS NOT NULL"


_PLACEMENTS = """
SELECT student_id, period, place.on_census_day, place.school_id, place.grade,
       coalesce(first_school <> last_school, false) AS two_schools
FROM (
  SELECT student_id, period,
         max({on_census_day: here, days: leaves - enters, school_id: school_id, grade: grade}) AS place,
         min(school_id) FILTER (here) AS first_school, max(school_id) FILTER (here) AS last_school
  FROM (SELECT student_id, e.period, school_id, grade, coalesce(entry_date, e.first_day) AS enters,
               coalesce(exit_date, e.last_day) AS leaves, enters <= census AND leaves >= census AS here
        FROM enrollments e JOIN years USING (period) WHERE NOT aside)
  GROUP BY student_id, period)
"""

_COHORT = """
SELECT g.student_id, g.period, g.graduated, g.ag_complete, coalesce(g.school_id, last.school_id) AS school_id
FROM graduates g LEFT JOIN (
  SELECT student_id, arg_max(school_id, period) AS school_id FROM placements GROUP BY student_id
) last USING (student_id)
"""

_MEMBERS = """
SELECT coalesce(p.student_id, c.student_id) AS student_id, coalesce(p.period, c.period) AS period,
       coalesce(p.on_census_day, false) AS on_census_day, p.student_id IS NOT NULL AS enrolled,
       coalesce(p.school_id, c.school_id) AS school_id, p.grade,
       c.student_id IS NOT NULL AS in_cohort, c.graduated, c.ag_complete
FROM placements p FULL JOIN cohort c ON p.student_id = c.student_id AND p.period = c.period
WHERE coalesce(p.school_id, c.school_id) IS NOT NULL
"""

_COURSES = """
SELECT student_id, period, max((course_type = 'ap')::TINYINT) AS ap,
       max((course_type IN ('ap', 'ib', 'dual_enrollment'))::TINYINT) AS advanced,
       max((course_type IN ('algebra_1', 'higher_mathematics'))::TINYINT) AS algebra
FROM courses GROUP BY student_id, period
"""

_TESTED = """
SELECT student_id, period, max(level) FILTER (subject = 'reading') AS reading,
       max(level) FILTER (subject = 'mathematics') AS mathematics
FROM assessments GROUP BY student_id, period
"""

_REMOVED = """
SELECT student_id, period, max((consequence = 'out_of_school_suspension')::TINYINT) AS suspended,
       max((consequence = 'in_school_suspension')::TINYINT) AS in_school,
       max((consequence = 'expulsion')::TINYINT) AS expelled
FROM incidents GROUP BY student_id, period
"""


def _dimensions(form: Format) -> list[str]:
    columns = form.tables["students"].columns
    return [name for name, column in columns.items() if column.type == "code" or column.if_yes]


def _people(form: Format) -> str:
    """Groups of every student and year: race by the 2007 federal rule, raw answers, other dimensions."""
    columns = form.tables["students"].columns
    races = sorted(name for name, column in columns.items() if column.race)
    flags = ", ".join(f"CASE WHEN {race} THEN '{race}' END" for race in races)
    # Federally Filipino is Asian, and Middle Eastern is White: two flags are one race, so that neither makes
    # "two or more" of the other.
    pairs = {"asian": "filipino", "white": "middle_eastern"}
    single = [race for race in races if race not in ("hispanic", *pairs, *pairs.values())]
    either = [f"(coalesce({one}, false) OR coalesce({other}, false))" for one, other in pairs.items()]
    how_many = " + ".join(
        f"{race}::TINYINT" for race in [*(f"coalesce({one}, false)" for one in single), *either]
    )
    named = " ".join(f"WHEN {race} THEN '{race}'" for race in [*single, "asian", "filipino"])
    named += f" WHEN {either[1]} THEN 'white'"
    plain = ", ".join(f"{_group(name, columns[name])} AS {name}" for name in _dimensions(form))
    return f"""
        SELECT student_id, period, {plain}, concat_ws('|', {flags}) AS race_flags,
               CASE WHEN hispanic THEN 'hispanic' WHEN races > 1 OR two_or_more_races THEN 'two_or_more'
                    WHEN races = 0 THEN {_UNKNOWN} {named} END AS race_ethnicity
        FROM (SELECT *, {how_many} AS races FROM students)"""


def _group(name: str, column: Column) -> str:
    if column.type == "code":
        return f"coalesce({name}, {_UNKNOWN})"
    return (
        f"CASE WHEN {name} THEN '{column.if_yes}' WHEN NOT {name} THEN '{column.if_no}' ELSE {_UNKNOWN} END"
    )


def _teachers(form: Format) -> str:
    """What the teachers of a school are, weighted by FTE; unknown where nobody's value is known."""
    novice = f"(years_experience <= {form.rule('novice_years')})::INT"
    uncertified = "(NOT fully_certified)::INT"
    return f"""
        SELECT school_id, period, {exact_sum("fte")} AS fte,
               {exact_sum("fte * years_experience")} / {_known_fte("years_experience")} AS experience,
               {exact_sum(f"fte * {novice}")} / {_known_fte("years_experience")} AS novice,
               {exact_sum(f"fte * {uncertified}")} / {_known_fte("fully_certified")} AS uncertified
        FROM staff GROUP BY school_id, period"""


def _known_fte(column: str) -> str:
    return f"nullif({exact_sum(f'CASE WHEN {column} IS NOT NULL THEN fte END')}, 0)"


def _student_years(form: Format) -> str:
    dimensions = _dimensions(form)
    groups = ", ".join(f"coalesce(p.{name}, l.{name}, {_UNKNOWN}) AS {name}" for name in dimensions)
    grade = f"coalesce(m.grade, CASE WHEN m.in_cohort THEN {quoted(form.cohort_grade)} END)"
    bands = " ".join(
        f"WHEN {grade} IN ({', '.join(map(quoted, grades))}) THEN '{band}'"
        for band, grades in form.grade_bands.items()
    )
    absent = f"(t.days_absent >= {form.rule('chronic_share')} * t.days_enrolled - {_ROUNDING})::TINYINT"
    told = f"t.days_enrolled >= {form.rule('chronic_days_enrolled')}"
    latest = ", ".join(
        f"arg_max({name}, period) AS {name}" for name in [*dimensions, "race_ethnicity", "race_flags"]
    )
    return f"""
        SELECT m.student_id, m.period, s.district_id, m.school_id, coalesce({grade}, {_UNKNOWN}) AS grade,
               CASE {bands} ELSE {_UNKNOWN} END AS grade_band,
               coalesce(p.race_ethnicity, l.race_ethnicity, {_UNKNOWN}) AS race_ethnicity,
               coalesce(p.race_flags, l.race_flags, '') AS race_flags, {groups},
               m.on_census_day::TINYINT AS on_census_day,
               {_on_census("courses", "c.ap")} AS ap_course,
               {_on_census("courses", "c.advanced")} AS advanced_course,
               {_on_census("courses", "c.algebra")} AS algebra_1,
               CASE WHEN m.in_cohort THEN 1 WHEN {_covered("graduates")} THEN 0 END::TINYINT AS in_cohort,
               m.graduated::TINYINT AS graduated, m.ag_complete::TINYINT AS ag_complete,
               CASE WHEN m.enrolled AND {told} THEN {absent} END AS chronically_absent,
               {_in_year("r.suspended")} AS suspended,
               {_in_year("r.expelled")} AS expelled, {_in_year("r.in_school")} AS in_school_removal,
               CASE WHEN m.enrolled THEN a.reading END::TINYINT AS reading_level,
               CASE WHEN m.enrolled THEN a.mathematics END::TINYINT AS mathematics_level,
               CASE WHEN m.on_census_day THEN k.experience END AS teacher_experience,
               CASE WHEN m.on_census_day THEN k.novice END AS novice_share,
               CASE WHEN m.on_census_day THEN k.uncertified END AS uncertified_share,
               CASE WHEN m.on_census_day THEN z.students / nullif(k.fte, 0) END AS students_per_teacher,
               CASE WHEN m.on_census_day THEN f.spending END AS spending
        FROM members m JOIN schools s USING (school_id)
        LEFT JOIN people p ON p.student_id = m.student_id AND p.period = m.period
        LEFT JOIN (SELECT student_id, {latest} FROM people
                   WHERE student_id IN (SELECT student_id FROM members WHERE NOT enrolled)
                   GROUP BY student_id) l
               ON l.student_id = m.student_id AND NOT m.enrolled
        LEFT JOIN courses_taken c ON c.student_id = m.student_id AND c.period = m.period
        LEFT JOIN attendance t ON t.student_id = m.student_id AND t.period = m.period
        LEFT JOIN removed r ON r.student_id = m.student_id AND r.period = m.period
        LEFT JOIN tested a ON a.student_id = m.student_id AND a.period = m.period
        LEFT JOIN school_teachers k ON k.school_id = m.school_id AND k.period = m.period
        LEFT JOIN finance f ON f.school_id = m.school_id AND f.period = m.period
        LEFT JOIN (SELECT school_id, period, count(*) AS students FROM members
                   WHERE on_census_day GROUP BY ALL) z
               ON z.school_id = m.school_id AND z.period = m.period"""


def _covered(table: str) -> str:
    return f"m.period IN (SELECT period FROM {table}_covered)"


def _on_census(table: str, flag: str) -> str:
    """No row means 0, but only in years that the table tells of, and for students of census day."""
    return f"CASE WHEN m.on_census_day AND {_covered(table)} THEN coalesce({flag}, 0) END::TINYINT"


def _in_year(flag: str) -> str:
    return f"CASE WHEN m.enrolled AND {_covered('incidents')} THEN coalesce({flag}, 0) END::TINYINT"


def measured_columns(engine: duckdb.DuckDBPyConnection, path: Path) -> Mapping[str, bool]:
    """Column of the student-years -> whether any row knows a value (`unknown` is none)."""
    source = f"read_parquet({quoted(str(path))})"
    columns = [name for name, *_ in engine.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()]
    known = ", ".join(
        f"coalesce(bool_or({name} IS NOT NULL AND {name}::VARCHAR <> {_UNKNOWN}), false)" for name in columns
    )
    row = engine.execute(f"SELECT {known} FROM {source}").fetchone() or ()
    return dict(zip(columns, row, strict=True))
