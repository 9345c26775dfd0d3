"""Everything about one zone: its students, their years and its teachers, from one seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.sources.synthetic.outcomes import (
    Year,
    leaving_grade,
    make_differences,
    make_graduation,
    make_year,
)
from evenground.sources.synthetic.people import Floats, People, make_people
from evenground.sources.synthetic.plan import Plan, Zone
from evenground.sources.synthetic.world import World


@dataclass(frozen=True)
class Teachers:
    """Teachers of a zone in a year: one place a teacher; `place` is the school's place in the zone."""

    place: npt.NDArray[np.int64]
    fte: Floats
    years_experience: npt.NDArray[np.int64]
    certified: npt.NDArray[np.bool_]

    def mean(self, values: Floats, schools: int) -> Floats:
        """FTE-weighted mean of each school."""
        return np.bincount(self.place, self.fte * values, schools) / self.total(schools)

    def total(self, schools: int) -> Floats:
        """Full-time equivalents of each school."""
        return np.bincount(self.place, self.fte, schools).astype(np.float64)


@dataclass(frozen=True)
class ZoneYears:
    """What was made for a zone; `spending` is one number a school for each year."""

    zone: Zone
    people: People
    years: tuple[Year, ...]
    teachers: tuple[Teachers, ...]
    spending: tuple[Floats, ...]


def make_zone(world: World, plan: Plan, zone: Zone) -> ZoneYears:
    """Draws a zone, seeded by the system's seed and its number: the order of making zones does not matter."""
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([plan.seed, zone.number + 1])))
    differences = make_differences(world, zone, rng)
    people = make_people(world, zone, plan.years, rng)
    graduation = make_graduation(world, zone, people, differences, plan.years, rng)
    last_grade = leaving_grade(world, people, graduation[1], rng)
    last_grade[people.cohort >= plan.years] = 12  # their last year lies after the last one that is made
    years, teachers, spending = [], [], []
    for year in range(plan.years):
        made = make_year(world, zone, people, differences, year, plan.years, graduation, last_grade, rng)
        students = np.bincount(made.place[made.on_census_day], minlength=zone.schools)
        years.append(made)
        teachers.append(_teachers(world, zone, students, rng))
        growth = (1 + world.schools.spending.growth) ** year
        center = world.schools.spending.at(zone.disadvantaged) * growth
        spending.append(np.round(rng.normal(center, world.schools.spending.spread, zone.schools)))
    return ZoneYears(zone, people, tuple(years), tuple(teachers), tuple(spending))


def _teachers(
    world: World, zone: Zone, students: npt.NDArray[np.int64], rng: np.random.Generator
) -> Teachers:
    how_many = np.maximum(1, np.round(students / world.schools.students_per_teacher)).astype(np.int64)
    n = int(how_many.sum())
    years = 1 + np.floor(rng.exponential(world.schools.experience.at(zone.disadvantaged), n)).astype(np.int64)
    return Teachers(
        place=np.repeat(np.arange(zone.schools), how_many),
        fte=np.where(rng.random(n) < 0.1, 0.5, 1.0),
        years_experience=np.minimum(years, 45),
        certified=rng.random(n) < world.schools.certified.at(zone.disadvantaged),
    )
