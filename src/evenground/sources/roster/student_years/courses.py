"""Courses that students took, asked for and were examined in."""

from __future__ import annotations

from evenground.engine import exact_sum
from evenground.sources.roster.format import Format
from evenground.sources.roster.student_years.part import (
    BY_PERIOD,
    BY_SCHOOL,
    BY_STUDENT,
    CENSUS,
    YEAR,
    Part,
    joined,
    known,
    zero_if_told,
)

_FLAGS = {
    "ap": "course_type = 'ap'",
    "advanced": "course_type IN ('ap', 'ib', 'dual_enrollment')",
    "algebra": "course_type IN ('algebra_1', 'higher_mathematics')",
    "ib": "course_type = 'ib'",
    "dual": "course_type = 'dual_enrollment'",
    "calculus": "subject = 'calculus'",
    "physics": "subject = 'physics'",
    "computer_science": "subject = 'computer_science'",
    "advanced_mathematics": "subject IN ('advanced_mathematics', 'calculus')",
}
_RARE = tuple(name for name in _FLAGS if name not in ("ap", "advanced", "algebra"))
"""A year in which no row names such a course is one in which they were not told apart: unknown, not zero."""

_CORE = (
    "subject IN ('english', 'mathematics', 'advanced_mathematics', 'calculus', 'science', 'biology',"
    " 'chemistry', 'physics', 'social_studies')"
)
_ADVANCED_REQUESTS = """
SELECT student_id, period, max(placed::TINYINT) AS met FROM course_requests
WHERE course_type IN ('ap', 'ib', 'dual_enrollment') GROUP BY student_id, period
"""


def courses(form: Format) -> Part:
    flags = ", ".join(f"max(({condition})::TINYINT) AS {name}" for name, condition in _FLAGS.items())
    told = ", ".join(f"coalesce(max({name}), 0) = 1 AS {name}" for name in _RARE)
    enough, few = form.rule("on_track_credits"), form.rule("on_track_not_passed")
    tables = {
        "courses_taken": f"""
SELECT student_id, period, {flags}, {exact_sum("credits_earned")} AS credits,
       count(*) FILTER ({_CORE} AND NOT passed) AS not_passed
FROM courses GROUP BY student_id, period""",
        "courses_told": f"""
SELECT period, {told}, bool_or(credits IS NOT NULL) AND max(not_passed) > 0 AS outcomes
FROM courses_taken WHERE period IS NOT NULL GROUP BY period""",
        "requests": _ADVANCED_REQUESTS,
    }
    columns = {
        "ap_course": zero_if_told(CENSUS, "ct.period IS NOT NULL", "c.ap"),
        "advanced_course": zero_if_told(CENSUS, "ct.period IS NOT NULL", "c.advanced"),
        "algebra_1": zero_if_told(CENSUS, "ct.period IS NOT NULL", "c.algebra"),
        "ib_course": zero_if_told(CENSUS, "ct.ib", "c.ib"),
        "calculus": zero_if_told(CENSUS, "ct.calculus", "c.calculus"),
        "physics": zero_if_told(CENSUS, "ct.physics", "c.physics"),
        "computer_science": zero_if_told(CENSUS, "ct.computer_science", "c.computer_science"),
        "advanced_mathematics": zero_if_told(CENSUS, "ct.advanced_mathematics", "c.advanced_mathematics"),
        "course_request_met": known(CENSUS, "q.met"),
        "ninth_grade_on_track": known(
            f"{YEAR} AND m.grade = 'g09' AND ct.outcomes AND c.credits IS NOT NULL",
            f"(c.credits >= {enough} AND c.not_passed <= {few})",
        ),
    }
    joins = (
        joined("courses_taken", "c", BY_STUDENT)
        + joined("courses_told", "ct", BY_PERIOD)
        + joined("requests", "q", BY_STUDENT)
    )
    return Part(tables, columns, joins, of=("courses", "course_requests"))


def exams(form: Format) -> Part:
    """AP exams count for the census-day school, as the courses do; the SAT for the whole year."""
    tables = {
        "examined": f"""
SELECT student_id, period, max(ap) AS ap, max(ap_passed) AS ap_passed, max(sat) AS sat,
       min(benchmark) AS benchmark
FROM (
  SELECT student_id, period, subject, max((exam = 'ap')::TINYINT) AS ap, max((exam = 'sat')::TINYINT) AS sat,
         max((score >= {form.rule("ap_score")})::TINYINT) FILTER (exam = 'ap') AS ap_passed,
         max(met_benchmark::TINYINT) FILTER (exam = 'sat') AS benchmark
  FROM exams GROUP BY student_id, period, subject)
GROUP BY student_id, period""",
        "exams_told": """
SELECT period, max(sat) = 1 AS sat, max(ap_passed) IS NOT NULL AS ap_scores
FROM examined WHERE period IS NOT NULL GROUP BY period""",
        "ap_exam_schools": f"""
SELECT DISTINCT m.school_id, m.period FROM members m JOIN examined x {BY_STUDENT.format("x")}
WHERE m.on_census_day AND x.ap = 1""",
    }
    columns = {
        "ap_exam": known(f"{CENSUS} AND xs.school_id IS NOT NULL", "coalesce(x.ap, 0)"),
        "ap_exam_passed": zero_if_told(CENSUS, "xt.ap_scores", "x.ap_passed"),
        "sat_taken": zero_if_told(YEAR, "xt.sat", "x.sat"),
        "sat_benchmark": known(f"{YEAR} AND x.sat = 1", "x.benchmark"),
    }
    joins = (
        joined("examined", "x", BY_STUDENT)
        + joined("exams_told", "xt", BY_PERIOD)
        + joined("ap_exam_schools", "xs", BY_SCHOOL)
    )
    return Part(tables, columns, joins, of=("exams",))
