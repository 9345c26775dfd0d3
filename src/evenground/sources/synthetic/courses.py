"""Which courses the students of a zone ask for and take in a year, and whether they pass them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.sources.synthetic.outcomes import Mask, Year
from evenground.sources.synthetic.people import Floats
from evenground.sources.synthetic.plan import Plan, stream
from evenground.sources.synthetic.world import World
from evenground.sources.synthetic.zone import ZoneYears

Ints = npt.NDArray[np.int64]
_AP, _DUAL, _NO_SEAT = "ap", "DUAL", "MAPP"
_FAILED_GRADE, _FAILED_SUBJECTS = 9, ("social_studies", "languages", "physical_education")


@dataclass(frozen=True)
class Taken:
    """Courses of a year: `row` is the student's place in the year, `course` one in `world.courses`.

    `asked_row`, `asked_course` and `placed` are the requests for courses of high school.
    """

    row: Ints
    course: Ints
    passed: Mask
    asked_row: Ints
    asked_course: Ints
    placed: Mask


def off_track_chance(world: World, year: Year) -> Floats:
    """The chance in grade 9 of failing courses besides mathematics."""
    poor = year.codes["economic_disadvantage"] == 0
    return np.where(poor, world.off_track.worse_off, world.off_track.better_off)


def take_courses(world: World, plan: Plan, made: ZoneYears, year: Year) -> Taken:
    """Everybody's courses in a year: those of the grade, mathematics by its path, and what stands instead."""
    codes = list(world.courses)
    chain = [step.code for step in world.mathematics]
    done = made.path.at("done", year.person, year.grade)
    asked = np.where(year.grade >= 8, made.path.at("asked", year.person, year.grade), -1)
    seat, passes = (
        made.path.at("placed", year.person, year.grade),
        made.path.at("passed", year.person, year.grade),
    )
    ability = made.people.ability[year.person]
    takes = {
        code: year.enrolled & np.isin(year.grade, course.grades) for code, course in world.courses.items()
    }
    refused = {code: np.zeros(len(year.person), np.bool_) for code in codes}
    for place, code in enumerate(chain):
        takes[code] = year.enrolled & (asked == place) & seat.astype(np.bool_)
        refused[code] = year.enrolled & (asked == place) & ~seat.astype(np.bool_)
        takes[_NO_SEAT] = takes[_NO_SEAT] | refused[code]
    takes["MATM"] &= ~takes[chain[0]]
    for code, course in world.courses.items():
        if course.instead is None:
            continue
        able = takes[course.instead] & (ability >= course.ability)
        if course.in_grade is not None:
            able &= year.grade == course.in_grade
        for earlier in course.requires:
            if earlier in chain:
                able &= done > chain.index(earlier)
        if course.type == _AP:
            refused[code] = able & year.happened["ap_asked"] & ~year.happened["ap_course"]
            able &= year.happened["ap_course"]
        takes[code] = able
        takes[course.instead] = takes[course.instead] & ~able
    takes[_DUAL] = year.happened["other_advanced"] & year.enrolled
    row = np.concatenate([np.flatnonzero(takes[code]) for code in codes])
    course_of = np.repeat(np.arange(len(codes)), [int(takes[code].sum()) for code in codes])
    # Who asks for an AP course asks for it, not for the course that stands in its place.
    instead = {code: np.zeros(len(year.person), np.bool_) for code in codes}
    for code, course in world.courses.items():
        if course.type == _AP and course.instead is not None and course.instead not in chain:
            instead[course.instead] = instead[course.instead] | refused[code]
    high = year.grade >= 9
    met = {code: takes[code] & high & ~instead[code] for code in codes if code != _NO_SEAT}
    unmet = {code: refused[code] & high for code in met}
    return Taken(
        row,
        course_of,
        _passed(world, plan, made, year, row, course_of, passes.astype(np.bool_), chain),
        np.concatenate([np.flatnonzero(part[code]) for part in (met, unmet) for code in met]),
        np.concatenate(
            [np.full(int(part[code].sum()), codes.index(code)) for part in (met, unmet) for code in met]
        ),
        np.repeat([True, False], [sum(int(part[code].sum()) for code in met) for part in (met, unmet)]),
    )


def _passed(
    world: World,
    plan: Plan,
    made: ZoneYears,
    year: Year,
    row: Ints,
    course: Ints,
    passes: Mask,
    chain: list[str],
) -> Mask:
    """Mathematics by its path; in grade 9 those off track fail what no later course requires."""
    rng = stream(plan.seed, made.zone.number, "courses", year.year)
    off = (rng.random(len(year.person)) < off_track_chance(world, year)) & (year.grade == _FAILED_GRADE)
    known = list(world.courses.values())
    in_chain = np.array([code in chain or item.instead in chain for code, item in world.courses.items()])
    failed = np.array([item.subject in _FAILED_SUBJECTS for item in known])
    return np.where(in_chain[course], passes[row], ~(off[row] & failed[course]))
