"""Where each student counts: the school of census day, of the whole year, of the graduation cohort."""

from __future__ import annotations

from collections.abc import Mapping

from evenground.engine import literal
from evenground.sources.roster.format import Format
from evenground.sources.roster.student_years.part import CENSUS, COHORT, YEAR, Part, known, one_of

STAYS = """
SELECT student_id, e.period, school_id, grade, coalesce(entry_date, e.first_day) AS enters,
       coalesce(exit_date, e.last_day) AS leaves, leaves - enters AS days,
       enters <= census AND leaves >= census AS here
FROM enrollments e JOIN years USING (period) WHERE NOT aside
"""
"""The query of the view `stays`."""

PLACED: Mapping[str, str] = {
    # Few students have more than one stay in a year: only theirs are compared.
    "several": "SELECT student_id, period FROM stays GROUP BY ALL HAVING count(*) > 1",
    # One row a student and school year: the school of census day (of two, that of the longer stay), that of
    # the longest stay, and `school_id`, the first of them that there is.
    "placements": """
SELECT student_id, period, CASE WHEN here THEN school_id END AS census_school,
       CASE WHEN here THEN grade END AS census_grade, school_id AS year_school, grade AS year_grade,
       school_id, grade, false AS two_schools, false AS changed
FROM stays ANTI JOIN several USING (student_id, period)
UNION ALL
SELECT student_id, period, census.school_id AS census_school, census.grade AS census_grade,
       longest.school_id AS year_school, longest.grade AS year_grade,
       coalesce(census_school, year_school) AS school_id, coalesce(census_grade, year_grade) AS grade,
       coalesce(first_here <> last_here, false) AS two_schools, first_school <> last_school AS changed
FROM (
  SELECT student_id, period, max({days: days, school_id: school_id, grade: grade}) FILTER (here) AS census,
         max({days: days, here: here, school_id: school_id, grade: grade}) AS longest,
         min(school_id) FILTER (here) AS first_here, max(school_id) FILTER (here) AS last_here,
         min(school_id) AS first_school, max(school_id) AS last_school
  FROM stays SEMI JOIN several USING (student_id, period)
  GROUP BY student_id, period)
""",
    "cohort": """
SELECT g.student_id, g.period, g.graduated, g.ag_complete, g.dropped_out, g.seal_of_biliteracy,
       g.college_enrolled, coalesce(g.school_id, last.school_id) AS school_id
FROM graduates g LEFT JOIN (
  SELECT student_id, arg_max(year_school, period) AS school_id FROM placements GROUP BY student_id
) last USING (student_id)
""",
    # One row a student, school year and school that counts the student for something.
    "members": """
SELECT coalesce(p.student_id, c.student_id) AS student_id, coalesce(p.period, c.period) AS period,
       coalesce(p.school_id, c.school_id) AS school_id, p.grade, p.changed,
       coalesce(p.on_census_day, false) AS on_census_day, coalesce(p.whole_year, false) AS whole_year,
       c.student_id IS NOT NULL AS in_cohort, c.graduated, c.ag_complete, c.dropped_out,
       c.seal_of_biliteracy, c.college_enrolled
FROM (
  SELECT student_id, period, census_school AS school_id, census_grade AS grade, changed,
         true AS on_census_day, census_school = year_school AS whole_year
  FROM placements WHERE census_school IS NOT NULL
  UNION ALL
  SELECT student_id, period, year_school, year_grade, changed, false, true
  FROM placements WHERE census_school IS NULL OR census_school <> year_school
) p FULL JOIN (SELECT * FROM cohort WHERE school_id IS NOT NULL) c
  ON p.student_id = c.student_id AND p.period = c.period AND p.school_id = c.school_id
""",
    "grades_before": """
SELECT student_id, a.period, p.year_grade AS grade
FROM years a JOIN years b ON b.last_day + 1 = a.first_day JOIN placements p ON p.period = b.period
""",
    "graduates_told": "SELECT DISTINCT period FROM graduates WHERE period IS NOT NULL",
}


def grade_of(form: Format) -> str:
    """SQL of the grade of a row; members of a cohort who had left before have none in enrollments."""
    return f"coalesce(m.grade, CASE WHEN m.in_cohort THEN {literal(form.cohort_grade)} END)"


def members(form: Format) -> Part:
    bands = {
        f"grade IN ({', '.join(map(literal, grades))})": band for band, grades in form.grade_bands.items()
    }
    # Transitional kindergarten comes as kindergarten too: two years there are none that was done again.
    again = "CASE WHEN m.grade <> 'kg' AND b.grade <> 'kg' THEN m.grade = b.grade END"
    columns = {
        "student_id": "m.student_id",
        "period": "m.period",
        "district_id": "s.district_id",
        "school_id": "m.school_id",
        "grade": f"coalesce({grade_of(form)}, 'unknown')",
        "on_census_day": "m.on_census_day::TINYINT",
        "retained": known(CENSUS, again),
        "changed_school": known(YEAR, "m.changed"),
    }
    joins = (
        "JOIN schools s ON s.school_id = m.school_id\n"
        "LEFT JOIN grades_before b ON b.student_id = m.student_id AND b.period = m.period\n"
    )
    return Part(PLACED, columns, joins, {"grade_band": one_of(bands, "unknown")})


def cohort() -> Part:
    told = "m.period IN (SELECT period FROM graduates_told)"
    columns = {
        "in_cohort": f"CASE WHEN m.in_cohort THEN 1 WHEN {told} THEN 0 END::TINYINT",
        "graduated": known(COHORT, "m.graduated"),
        "ag_complete": known(COHORT, "m.ag_complete"),
        "ag_in_cohort": known(COHORT, "(m.graduated AND m.ag_complete)"),
        "dropped_out": known(COHORT, "m.dropped_out"),
        "seal_of_biliteracy": known(COHORT, "m.seal_of_biliteracy"),
        "college_enrolled": known(COHORT, "m.college_enrolled"),
    }
    return Part({}, columns, of=("graduates",))
