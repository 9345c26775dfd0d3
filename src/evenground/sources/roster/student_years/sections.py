"""The classes that a student sits in: their size, their hours, their teachers."""

from __future__ import annotations

from evenground.engine import exact_sum
from evenground.sources.roster.student_years.part import (
    BY_PERIOD,
    BY_SCHOOL,
    BY_STUDENT,
    CENSUS,
    Part,
    joined,
    known,
)

_TABLES = {
    "section_facts": """
SELECT s.section_id, s.period, z.students, s.minutes_per_week AS minutes, t.in_field
FROM sections s
JOIN (SELECT section_id, period, count(*) AS students FROM section_students GROUP BY section_id, period) z
     ON z.section_id = s.section_id AND z.period = s.period
LEFT JOIN (SELECT staff_id, period, bool_and(in_field) AS in_field FROM staff
           WHERE coalesce(role, 'teacher') = 'teacher' GROUP BY staff_id, period) t
     ON t.staff_id = s.staff_id AND t.period = s.period
""",
    "seats": f"""
SELECT ss.student_id, ss.period, sum(f.students) / count(*)::DOUBLE AS class_size,
       {exact_sum("f.minutes")} / 60 AS hours, count(*) = count(f.minutes) AS all_hours,
       count(*) FILTER (NOT f.in_field) / nullif(count(f.in_field), 0)::DOUBLE AS out_of_field
FROM section_students ss JOIN section_facts f ON f.section_id = ss.section_id AND f.period = ss.period
GROUP BY ss.student_id, ss.period
""",
    "sections_told": """
SELECT period, bool_or(in_field IS NOT NULL) AS fields FROM section_facts GROUP BY period
""",
    # A school without a section that is told of may still send students to an AP course.
    "ap_schools": f"""
SELECT DISTINCT school_id, period FROM sections WHERE course_type = 'ap'
UNION
SELECT DISTINCT m.school_id, m.period FROM members m JOIN courses_taken c {BY_STUDENT.format("c")}
WHERE m.on_census_day AND c.ap = 1
""",
    "courses_or_sections": "SELECT period FROM courses_told UNION SELECT period FROM sections_told",
}


def sections() -> Part:
    own, school = "e.out_of_field", "k.out_of_field"
    columns = {
        "class_size": known(CENSUS, "e.class_size", "DOUBLE"),
        "instructional_hours": known(f"{CENSUS} AND e.all_hours", "e.hours", "DOUBLE"),
        "out_of_field_share": known(CENSUS, f"CASE WHEN et.fields THEN {own} ELSE {school} END", "DOUBLE"),
        "ap_offered": known(
            f"{CENSUS} AND m.period IN (SELECT period FROM courses_or_sections)", "(v.school_id IS NOT NULL)"
        ),
    }
    joins = (
        joined("seats", "e", BY_STUDENT)
        + joined("sections_told", "et", BY_PERIOD)
        + joined("ap_schools", "v", BY_SCHOOL)
    )
    return Part(_TABLES, columns, joins, of=("sections", "courses", "staff"))
