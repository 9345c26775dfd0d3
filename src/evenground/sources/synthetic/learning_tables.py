"""The roster tables of what students do: courses, sections, requests, exams, programs, answers, incidents."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from evenground.model import period_end
from evenground.sources.synthetic.cells import flag, named, of_students, same, school_ids
from evenground.sources.synthetic.conduct import CONSEQUENCES
from evenground.sources.synthetic.life import Life
from evenground.sources.synthetic.outcomes import Year
from evenground.sources.synthetic.plan import Plan
from evenground.sources.synthetic.world import World
from evenground.sources.synthetic.zone import ZoneYears

_HOME = "HOME"
_FROM = (1, 6)
_GRADES = ("KG", *(f"{grade:02d}" for grade in range(1, 13)))


def learning_tables(
    world: World, plan: Plan, made: ZoneYears, year: Year, life: Life, ids: pa.Array, period: str
) -> Iterator[tuple[str, pa.Table]]:
    """(table, rows) of a zone in a year."""
    yield "courses", _courses(world, life, ids, period, year)
    sections, section_ids = _sections(world, plan, made, life, period)
    yield "sections", sections
    students = of_students(ids, life.taken.row, period)
    yield (
        "section_students",
        students.add_column(1, "section_id", section_ids.take(pa.array(life.sections.of))),
    )
    yield "course_requests", _requests(world, life, ids, period)
    yield from (("exams", table) for table in _exams(world, life, ids, period))
    yield from (("programs", table) for table in _programs(world, life, ids, period))
    yield from (("survey_answers", table) for table in _answers(world, life, ids, period))
    yield "incidents", _incidents(world, life, ids, period)


def prerequisites_table(world: World) -> pa.Table:
    """One row a course and a course that has to be passed before it."""
    pairs = [(code, earlier) for code, course in world.courses.items() for earlier in course.requires]
    return pa.table(
        {"course_code": [code for code, _ in pairs], "requires": [earlier for _, earlier in pairs]}
    )


def _courses(world: World, life: Life, ids: pa.Array, period: str, year: Year) -> pa.Table:
    """Courses of middle and high school; elementary classes are sections only."""
    codes = list(world.courses)
    secondary = life.taken.course != codes.index(_HOME)
    row, course = life.taken.row[secondary], life.taken.course[secondary]
    passed = life.taken.passed[secondary]
    table = of_students(ids, row, period)
    table = table.append_column("course_code", named(codes, course))
    table = table.append_column("course_type", named([item.type for item in world.courses.values()], course))
    table = table.append_column("subject", named([item.subject for item in world.courses.values()], course))
    high = year.grade[row] >= 9
    credits = pa.array(np.where(passed, 1.0, 0.0), pa.float64(), mask=~high)
    return table.append_column("credits_earned", credits).append_column("passed", flag(passed))


def _sections(
    world: World, plan: Plan, made: ZoneYears, life: Life, period: str
) -> tuple[pa.Table, pa.Array]:
    sections, known = life.sections, list(world.courses.values())
    codes = list(world.courses)
    schools = [plan.school_id(made.zone.first_school + place) for place in range(made.zone.schools)]
    grades = [
        _GRADES[grade] if codes[course] == _HOME else ""
        for course, grade in zip(sections.course, sections.grade, strict=True)
    ]
    section_ids = pa.array(
        [
            f"{schools[place]}-{codes[course]}{grade}-{number + 1:02d}"
            for place, course, grade, number in zip(
                sections.place, sections.course, grades, sections.number, strict=True
            )
        ],
        pa.string(),
    )
    teachers = life.teacher_ids
    minutes = [world.classes.minutes["homeroom" if code == _HOME else "course"] for code in codes]
    n = len(section_ids)
    table = pa.table(
        {
            "section_id": section_ids,
            "school_id": school_ids(plan, made, sections.place),
            "school_year": same(period, n),
            "course_code": named(codes, sections.course),
            "course_title": named([item.title for item in known], sections.course),
            "course_type": named([item.type for item in known], sections.course),
            "subject": named([item.subject for item in known], sections.course),
            "staff_id": named(teachers, sections.teacher),
            "minutes_per_week": pa.array(np.array(minutes)[sections.course]),
        }
    )
    return table, section_ids


def _requests(world: World, life: Life, ids: pa.Array, period: str) -> pa.Table:
    course = life.taken.asked_course
    table = of_students(ids, life.taken.asked_row, period)
    table = table.append_column("course_code", named(list(world.courses), course))
    table = table.append_column("course_type", named([item.type for item in world.courses.values()], course))
    return table.append_column("placed", flag(life.taken.placed))


def _exams(world: World, life: Life, ids: pa.Array, period: str) -> Iterator[pa.Table]:
    after, names = life.after, [item.title.removeprefix("AP ") for item in world.courses.values()]
    ap = of_students(ids, after.exam_row, period, exam="ap")
    ap = ap.append_column("subject", named(names, after.exam_course))
    ap = ap.append_column("score", pa.array(after.exam_score))
    yield ap.append_column("met_benchmark", pa.nulls(ap.num_rows, pa.int8()))
    sat = of_students(ids, after.sat_row, period, exam="sat")
    sat = sat.append_column("subject", pa.nulls(sat.num_rows, pa.string()))
    yield sat.append_column("score", pa.array(after.sat_score)).append_column(
        "met_benchmark", flag(after.sat_met)
    )


def _programs(world: World, life: Life, ids: pa.Array, period: str) -> Iterator[pa.Table]:
    hours = {name: program.hours for name, program in world.programs.items()}
    hours |= {"tutoring": world.effects.tutoring.hours, "summer": world.effects.summer.hours}
    for name, member in life.programs.member.items():
        table = of_students(ids, np.flatnonzero(member), period, program=name)
        told = pa.scalar(hours.get(name), pa.float64())
        yield table.append_column("hours", pa.repeat(told, table.num_rows))


def _answers(world: World, life: Life, ids: pa.Array, period: str) -> Iterator[pa.Table]:
    rows = np.flatnonzero(life.answers.answered)
    for scale, answers in life.answers.answers.items():
        for item, given in zip(world.surveys.items[scale], answers, strict=True):
            table = of_students(ids, rows, period, scale=scale, item=item)
            yield table.append_column("answer", pa.array(given[rows]))


def _incidents(world: World, life: Life, ids: pa.Array, period: str) -> pa.Table:
    incidents = life.incidents
    first = np.datetime64(f"{period_end(period)}-{_FROM[0]:02d}-{_FROM[1]:02d}")
    table = of_students(ids, incidents.row, period)
    table = table.append_column("date", pa.array(first + incidents.on_day.astype("timedelta64[D]")))
    table = table.append_column("consequence", named(CONSEQUENCES, incidents.consequence))
    table = table.append_column("days", pa.array(incidents.days))
    return table.append_column("conduct", named(list(world.conduct.kinds), incidents.conduct))
