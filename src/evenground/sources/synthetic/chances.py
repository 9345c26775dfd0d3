"""The planted chance of every student for every indicator whose truth is told."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from evenground.sources.synthetic.courses import off_track_chance
from evenground.sources.synthetic.life import Life
from evenground.sources.synthetic.outcomes import Mask, Year, at_least
from evenground.sources.synthetic.people import Floats, dimension_values
from evenground.sources.synthetic.plan import Plan
from evenground.sources.synthetic.poverty import certified_chance, meals_chance
from evenground.sources.synthetic.rows import school_values
from evenground.sources.synthetic.staff import Others
from evenground.sources.synthetic.world import World
from evenground.sources.synthetic.zone import ZoneYears

Chances = Iterator[tuple[str, Mask, Floats]]

_EXPOSURES = {
    "teacher_experience": "teacher_experience",
    "novice_share": "novice_teachers",
    "uncertified_share": "uncertified_teachers",
    "students_per_teacher": "students_per_teacher",
    "spending": "spending",
}
_LEVELS = {"basic": 2, "proficient": 3, "advanced": 4}
_MANY_DAYS = 10
_SAT_GRADES = (11, 12)


def planted_chances(world: World, plan: Plan, made: ZoneYears, year: Year, life: Life) -> Chances:
    """(indicator, students counted, their planted chances); for exposures what their school has."""
    yield from _learning(world, year)
    yield from _advanced(world, made, year, life)
    yield from _end_of_school(world, year, life)
    yield from _conduct(world, made, year)
    yield from _supports(world, made, year, life)
    census = year.on_census_day
    for indicator, values in {
        **_schools(made, year),
        **_staff(made, year),
        **_money(made, year, life),
    }.items():
        known = census & ~np.isnan(values[year.place])
        yield indicator, known, values[year.place]


def _learning(world: World, year: Year) -> Chances:
    p = year.chance
    yield "algebra_grade_8", year.on_census_day & (year.grade == 8), p["algebra_1"]
    for subject in ("reading", "mathematics"):
        for name, level in _LEVELS.items():
            yield f"{subject}_{name}", year.levels[subject] > 0, at_least(world, p[subject], level)
    tested = (year.levels["reading"] > 0) & (year.grade == 3)
    yield "reading_grade_3", tested, at_least(world, p["reading"], _LEVELS["proficient"])
    yield "ninth_grade_on_track", year.enrolled & (year.grade == 9), 1 - off_track_chance(world, year)


def _advanced(world: World, made: ZoneYears, year: Year, life: Life) -> Chances:
    p = year.chance
    high = year.on_census_day & (year.grade >= 9)
    yield "ap_participation", high, p["ap_course"]
    yield "advanced_course", high, p["ap_course"] + (1 - p["ap_course"]) * p["other_advanced"]
    yield "dual_enrollment", high, p["other_advanced"]
    yield "ap_offered", high, np.full(len(high), float(made.zone.offers_ap))
    dual = year.happened["other_advanced"]
    asked = year.happened["ap_asked"] | dual
    yield "course_request_met", high & asked, np.where(dual, 1.0, p["ap_placed"])
    gifted = life.programs.chance["gifted"] * np.isin(year.grade, world.programs["gifted"].grades)
    yield "gifted", year.on_census_day, gifted


def _end_of_school(world: World, year: Year, life: Life) -> Chances:
    p, after = year.chance, world.after
    diploma = year.in_cohort & year.happened["graduated"]
    yield "graduation", year.in_cohort, p["graduated"]
    yield "dropout", year.in_cohort, (1 - p["graduated"]) * after.dropped_out
    yield "ag_completion", diploma, p["ag_complete"]
    yield "college_enrollment", diploma, life.after.college_chance
    yield "seal_of_biliteracy", diploma, life.after.seal_chance
    takes = life.after.sat_chance * (year.on_census_day & (year.grade == after.sat_grade))
    yield "sat_taking", year.enrolled & np.isin(year.grade, _SAT_GRADES), takes


def _conduct(world: World, made: ZoneYears, year: Year) -> Chances:
    p, conduct = year.chance, world.conduct
    yield "chronic_absence", year.enrolled & (year.days_absent >= 0), p["chronically_absent"]
    yield "suspension", year.enrolled, p["suspended"]
    yield "in_school_removal", year.enrolled, p["in_school_removal"]
    yield "expulsion", year.enrolled, p["expelled"]
    police = made.police[year.place]
    share = np.where(police, conduct.referred.with_police, conduct.referred.without) * (year.grade >= 6)
    yield "referral", year.enrolled, p["conduct"] * share
    yield "arrest", year.enrolled, p["conduct"] * share * conduct.arrested
    yield (
        "restraint_seclusion",
        year.enrolled,
        conduct.restrained * _in(world, year, "disability", "with_disability"),
    )


def _supports(world: World, made: ZoneYears, year: Year, life: Life) -> Chances:
    chance, census = life.programs.chance, year.on_census_day
    yield "preschool", census & (year.grade == 0), chance["preschool"]
    learner = _in(world, year, "english_learner", "english_learner") > 0
    yield "english_reclassification", year.enrolled & learner, made.reclassifying[year.year][year.person]
    with_disability = _in(world, year, "disability", "with_disability") > 0
    yield "inclusion", census & with_disability, chance["inclusion"]
    yield "direct_certified", census, certified_chance(world, made.people)[year.person]
    yield "meals", census, meals_chance(world, made.people, made.poverty, year.person, year.grade, year.place)


def _schools(made: ZoneYears, year: Year) -> dict[str, Floats]:
    return {_EXPOSURES[column]: values for column, values in school_values(made, year).items()}


def _staff(made: ZoneYears, year: Year) -> dict[str, Floats]:
    teachers, schools = made.teachers[year.year], made.zone.schools
    others = {other.role: other for other in made.others[year.year]}
    leaders, counselors = others["leader"], others["counselor"]
    students = np.bincount(year.place[year.on_census_day], minlength=schools)
    advised = np.bincount(counselors.place, counselors.fte, schools)
    return {
        "teacher_salary": teachers.mean(teachers.salary, schools),
        "teacher_turnover": teachers.mean((~teachers.returns).astype(np.float64), schools),
        "absent_teachers": teachers.mean((teachers.days_absent > _MANY_DAYS).astype(np.float64), schools),
        "leader_experience": _mean(leaders, leaders.years_experience.astype(np.float64), schools),
        "first_year_principal": _mean(leaders, (leaders.years_experience == 1).astype(np.float64), schools),
        "counselor_access": students / np.where(advised > 0, advised, np.nan),
        "police_presence": made.police.astype(np.float64),
    }


def _mean(staff: Others, values: Floats, schools: int) -> Floats:
    total = np.bincount(staff.place, staff.fte, schools)
    return np.asarray(
        np.bincount(staff.place, staff.fte * values, schools) / np.where(total > 0, total, np.nan)
    )


def _money(made: ZoneYears, year: Year, life: Life) -> dict[str, Floats]:
    students = np.bincount(year.place[year.on_census_day], minlength=made.zone.schools)
    each = np.where(students > 0, students, np.nan)
    budget = life.budget
    found = {}
    for indicator, category in (
        ("instruction_spending", "instruction"),
        ("support_spending", "support"),
        ("lcff_supplemental", "supplemental"),
    ):
        mine = budget.category == budget.categories.index(category)
        found[indicator] = np.bincount(budget.place[mine], budget.amount[mine], made.zone.schools) / each
    return found


def _in(world: World, year: Year, dimension: str, value: str) -> Floats:
    member = year.codes[dimension] == dimension_values(world)[dimension].index(value)
    return np.asarray(member, np.float64)
