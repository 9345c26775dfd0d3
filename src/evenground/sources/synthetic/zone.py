"""Everything about one zone: its students, their years and its teachers, from one seed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from evenground.sources.synthetic.mathematics import Path, make_path
from evenground.sources.synthetic.outcomes import (
    Mask,
    Year,
    by_cohort,
    chance,
    leaving_grade,
    make_differences,
    make_year,
)
from evenground.sources.synthetic.people import NEVER, Floats, People, make_people
from evenground.sources.synthetic.plan import GRADES, Plan, Zone, stream
from evenground.sources.synthetic.poverty import Measures, make_measures
from evenground.sources.synthetic.staff import Others, Teachers, make_others, make_police, make_teachers
from evenground.sources.synthetic.world import World


@dataclass(frozen=True)
class ZoneYears:
    """What was made for a zone; `spending` is one number a school for each year, `police` one a school."""

    zone: Zone
    people: People
    path: Path
    poverty: Measures
    years: tuple[Year, ...]
    teachers: tuple[Teachers, ...]
    others: tuple[tuple[Others, ...], ...]
    police: Mask
    spending: tuple[Floats, ...]
    reclassifying: tuple[Floats, ...]  # the chance of being reclassified in each year, one place a student


def make_zone(world: World, plan: Plan, zone: Zone) -> ZoneYears:
    """Draws a zone, seeded by the system's seed and its number: the order of making zones does not matter."""
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([plan.seed, zone.number + 1])))
    own = stream(plan.seed, zone.number, "people")
    differences = make_differences(world, zone, rng)
    people, reclassifying = _reclassified(
        world, plan, zone, make_people(world, zone, plan.years, rng, own), own
    )
    diploma = by_cohort(world, zone, people, differences, "graduated", 12, plan.years)
    graduation = diploma, rng.random(len(people)) < diploma
    algebra = by_cohort(world, zone, people, differences, "algebra_1", 8, plan.years)
    path = make_path(world, zone, algebra, stream(plan.seed, zone.number, "mathematics"))
    last_grade = leaving_grade(world, people, graduation[1], rng)
    last_grade[people.cohort >= plan.years] = 12  # their last year lies after the last one that is made
    years, spending = [], []
    for year in range(plan.years):
        made = make_year(world, plan, zone, people, differences, year, graduation, path, last_grade, rng)
        years.append(made)
        growth = (1 + world.schools.spending.growth) ** year
        center = world.schools.spending.at(zone.disadvantaged) * growth
        spending.append(np.round(rng.normal(center, world.schools.spending.spread, zone.schools)))
    students = [np.bincount(year.place[year.on_census_day], minlength=zone.schools) for year in years]
    staff = stream(plan.seed, zone.number, "staff")
    police = make_police(world, zone, staff)
    first = years[0].person[years[0].enrolled], years[0].place[years[0].enrolled]
    return ZoneYears(
        zone,
        people,
        path,
        make_measures(world, zone, people, first, own),
        tuple(years),
        make_teachers(world, zone, students, staff),
        make_others(world, zone, students, police, staff),
        police,
        tuple(spending),
        reclassifying,
    )


def _reclassified(
    world: World, plan: Plan, zone: Zone, people: People, rng: np.random.Generator
) -> tuple[People, tuple[Floats, ...]]:
    """Draws in which year English learners are reclassified."""
    program = world.programs["reclassified"]
    spread = rng.normal(0.0, program.school_spread, zone.schools)
    when, chances = people.reclassified.copy(), []
    for year in range(plan.years):
        grade = 12 - people.cohort + year
        place = np.where(
            grade <= 5, people.elementary, np.where(grade <= 8, zone.elementary, zone.elementary + 1)
        )
        p = chance(program, world, people.codes, spread[place], year, plan.years)
        here = (grade >= 0) & (grade < GRADES) & (people.codes["english_learner"] == 0) & (when == NEVER)
        when[here & (rng.random(len(people)) < p)] = year
        chances.append(p)
    return replace(people, reclassified=when), tuple(chances)
