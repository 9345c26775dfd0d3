"""What is told about the whole year: tests, attendance, discipline, answers and programs."""

from __future__ import annotations

from evenground.engine import exact_sum
from evenground.sources.roster.format import Format
from evenground.sources.roster.student_years.part import (
    BY_PERIOD,
    BY_STUDENT,
    CENSUS,
    YEAR,
    Part,
    joined,
    known,
    zero_if_told,
)

_ROUNDING = 1e-9  # a tenth of 30 days is 3 days, whatever binary arithmetic makes of it
_CONSEQUENCES = {
    "suspended": "consequence = 'out_of_school_suspension'",
    "in_school": "consequence = 'in_school_suspension'",
    "expelled": "consequence = 'expulsion'",
    "referred": "consequence = 'referral'",
    "arrested": "consequence = 'arrest'",
    "restrained": "consequence IN ('restraint', 'seclusion')",
}
_RARE = ("referred", "arrested", "restrained")
_PROGRAMS = {
    "gifted": "program = 'gifted'",
    "preschool": "program = 'preschool'",
    "support": "program IN ('tutoring', 'counseling', 'summer')",
    "reclassified": "program = 'reclassified'",
    "dual": "program = 'dual_enrollment'",
    "inclusion": "program = 'inclusion'",
}


def attendance(form: Format) -> Part:
    absent = f"(t.days_absent >= {form.rule('chronic_share')} * t.days_enrolled - {_ROUNDING})::TINYINT"
    enough = f"{YEAR} AND t.days_enrolled >= {form.rule('chronic_days_enrolled')}"
    columns = {"chronically_absent": known(enough, absent)}
    return Part({}, columns, joined("attendance", "t", BY_STUDENT), of=("attendance",))


def tests() -> Part:
    best = ", ".join(
        f"max({what}) FILTER (subject = '{subject}') AS {subject}_{what}"
        for subject in ("reading", "mathematics")
        for what in ("level", "score")
    )
    tables = {"tested": f"SELECT student_id, period, {best} FROM assessments GROUP BY student_id, period"}
    columns = {
        "reading_level": known(YEAR, "a.reading_level"),
        "mathematics_level": known(YEAR, "a.mathematics_level"),
        "reading_score": known(YEAR, "a.reading_score", "DOUBLE"),
        "mathematics_score": known(YEAR, "a.mathematics_score", "DOUBLE"),
    }
    return Part(tables, columns, joined("tested", "a", BY_STUDENT), of=("assessments",))


def discipline() -> Part:
    flags = ", ".join(f"max(({condition})::TINYINT) AS {name}" for name, condition in _CONSEQUENCES.items())
    away = _CONSEQUENCES["suspended"]
    told = ", ".join(f"coalesce(max({name}), 0) = 1 AS {name}" for name in _RARE)
    tables = {
        "removed": f"""
SELECT student_id, period, {flags},
       CASE WHEN count(*) FILTER ({away}) = count(days) FILTER ({away})
            THEN coalesce({exact_sum(f"CASE WHEN {away} THEN days END")}, 0) END AS days,
       count(days) FILTER ({away}) AS known_days
FROM incidents GROUP BY student_id, period""",
        "incidents_told": f"""
SELECT period, {told}, max(known_days) > 0 AS days FROM removed WHERE period IS NOT NULL GROUP BY period""",
    }
    some = "rt.period IS NOT NULL"
    columns = {
        "suspended": zero_if_told(YEAR, some, "r.suspended"),
        "expelled": zero_if_told(YEAR, some, "r.expelled"),
        "in_school_removal": zero_if_told(YEAR, some, "r.in_school"),
        "referred": zero_if_told(YEAR, "rt.referred", "r.referred"),
        "arrested": zero_if_told(YEAR, "rt.arrested", "r.arrested"),
        "restrained": zero_if_told(YEAR, "rt.restrained", "r.restrained"),
        "days_suspended": known(
            f"{YEAR} AND rt.days", "CASE WHEN r.student_id IS NULL THEN 0 ELSE r.days END", "DOUBLE"
        ),
    }
    joins = joined("removed", "r", BY_STUDENT) + joined("incidents_told", "rt", BY_PERIOD)
    return Part(tables, columns, joins, of=("incidents",))


def answers(form: Format) -> Part:
    """Favorable: the mean of a student's answers of the scale reaches the rule's value."""
    favorable = ", ".join(
        f"sum(answer) FILTER (scale = '{scale}') >= {form.rule('favorable_answer')}"
        f" * count(*) FILTER (scale = '{scale}') AS {scale}"
        for scale in ("belonging", "safety")
    )
    tables = {"answered": f"SELECT student_id, period, {favorable} FROM survey_answers GROUP BY ALL"}
    columns = {"belongs": known(YEAR, "w.belonging"), "feels_safe": known(YEAR, "w.safety")}
    return Part(tables, columns, joined("answered", "w", BY_STUDENT), of=("survey_answers",))


def programs() -> Part:
    flags = ", ".join(f"max(({condition})::TINYINT) AS {name}" for name, condition in _PROGRAMS.items())
    told = ", ".join(f"coalesce(max({name}), 0) = 1 AS {name}" for name in _PROGRAMS)
    tables = {
        "in_programs": f"SELECT student_id, period, {flags} FROM programs GROUP BY student_id, period",
        "programs_told": f"SELECT period, {told} FROM in_programs WHERE period IS NOT NULL GROUP BY period",
    }
    college = "(coalesce(ct.dual, false) OR coalesce(gt.dual, false))"
    columns = {
        "gifted": zero_if_told(CENSUS, "gt.gifted", "g.gifted"),
        "preschool": zero_if_told(f"{CENSUS} AND m.grade = 'kg'", "gt.preschool", "g.preschool"),
        "program_support": zero_if_told(YEAR, "gt.support", "g.support"),
        "reclassified": zero_if_told(f"{YEAR} AND p.english_learner", "gt.reclassified", "g.reclassified"),
        "inclusion": zero_if_told(f"{CENSUS} AND p.disability", "gt.inclusion", "g.inclusion"),
        "dual_enrollment": zero_if_told(CENSUS, college, "greatest(c.dual, g.dual)"),
    }
    joins = joined("in_programs", "g", BY_STUDENT) + joined("programs_told", "gt", BY_PERIOD)
    return Part(tables, columns, joins, of=("programs", "courses"))
