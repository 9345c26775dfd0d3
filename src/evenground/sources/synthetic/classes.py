"""Sections: the courses of a year in classes, each with a teacher of record."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.sources.synthetic.courses import Taken
from evenground.sources.synthetic.outcomes import Year
from evenground.sources.synthetic.people import Floats
from evenground.sources.synthetic.plan import GRADES, Plan, stream
from evenground.sources.synthetic.staff import Teachers
from evenground.sources.synthetic.world import World
from evenground.sources.synthetic.zone import ZoneYears

Ints = npt.NDArray[np.int64]
_HOME = "HOME"
_HIGHER, _LOWER = ("ap", "dual_enrollment"), "MAPP"
_AREAS = {
    "english": 0, "mathematics": 1, "advanced_mathematics": 1, "calculus": 1, "computer_science": 1,
    "science": 2, "biology": 2, "chemistry": 2, "physics": 2, "social_studies": 3, "languages": 4, "arts": 5,
    "career": 6, "physical_education": 7, "other": 8,
}  # fmt: skip


@dataclass(frozen=True)
class Sections:
    """Sections of a year: school, course, grade (homerooms; else 0), number within those, students, teacher.

    `teacher` is a place in the year's teachers (-1: nobody). `of` gives for each row of `Taken` its section.
    """

    place: Ints
    course: Ints
    grade: Ints
    number: Ints
    students: Ints
    teacher: Ints
    of: Ints


def make_sections(world: World, plan: Plan, made: ZoneYears, year: Year, taken: Taken) -> Sections:
    """Shares students out over sections by lot, and teachers over sections by subject and seniority."""
    rng = stream(plan.seed, made.zone.number, "classes", year.year)
    codes, known = list(world.courses), list(world.courses.values())
    home = taken.course == codes.index(_HOME)
    grade = np.where(home, year.grade[taken.row], 0)
    key = (year.place[taken.row] * len(codes) + taken.course) * GRADES + grade
    order = np.lexsort((rng.random(len(key)), key))
    keys, starts, sizes = np.unique(key[order], return_index=True, return_counts=True)
    size = np.full(len(codes), world.classes.size.at(made.zone.disadvantaged))
    size[[item.type == "ap" for item in known]] -= world.classes.ap_smaller
    course = keys // GRADES % len(codes)
    how_many = np.maximum(1, np.round(sizes / size[course])).astype(np.int64)
    first = np.cumsum(how_many) - how_many
    group = np.repeat(np.arange(len(keys)), sizes)
    rank = np.arange(len(key)) - starts[group]
    of = np.empty(len(key), np.int64)
    of[order] = first[group] + rank * how_many[group] // sizes[group]
    each = np.repeat(np.arange(len(keys)), how_many)
    place, course = keys[each] // GRADES // len(codes), course[each]
    return Sections(
        place,
        course,
        keys[each] % GRADES,
        np.arange(len(each)) - first[each],
        np.bincount(of, minlength=len(each)),
        _assign(world, made.teachers[year.year], place, course, rng),
        of,
    )


def _assign(world: World, teachers: Teachers, place: Ints, course: Ints, rng: np.random.Generator) -> Ints:
    """A teacher for each section: within a subject the more experienced mostly teach advanced courses."""
    known = world.courses
    area = np.array([_AREAS[item.subject] for item in known.values()])[course]
    level = np.array(
        [2 if item.type in _HIGHER else 0 if code == _LOWER else 1 for code, item in known.items()]
    )[course]
    order = np.lexsort((level, area, place))
    found = np.full(len(place), -1)
    section_starts = np.searchsorted(place[order], np.arange(place.max(initial=0) + 2))
    teacher_starts = np.searchsorted(teachers.place, np.arange(place.max(initial=0) + 2))
    lot = rng.random(len(teachers.place))
    seniority = _seniority(world.classes.seniority, teachers.years_experience, lot)
    for school in np.unique(place):
        sections = order[section_starts[school] : section_starts[school + 1]]
        here = np.arange(teacher_starts[school], teacher_starts[school + 1])
        if not len(here):
            continue
        here = here[np.argsort(lot[here])]  # who teaches which subject is a matter of chance
        slot = np.arange(len(sections)) * len(here) // len(sections)
        slots = np.unique(slot)
        subject = area[sections][np.searchsorted(slot, slots)]
        mine = here[slots]
        by_subject = np.lexsort((seniority[mine], subject))
        ranked = np.empty(len(here), np.int64)
        ranked[slots] = mine[by_subject]  # slots of a subject follow each other: only their order changes
        found[sections] = ranked[slot]
    return found


def _seniority(weight: float, experience: Ints, lot: Floats) -> Floats:
    order = np.argsort(np.argsort(experience, kind="stable"), kind="stable")
    return np.asarray(weight * order / max(len(experience), 1) + (1 - weight) * lot)
