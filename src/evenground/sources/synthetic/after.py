"""What comes at the end of school: exams, leaving without a diploma, the seal of biliteracy, college."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from evenground.sources.synthetic.courses import Taken
from evenground.sources.synthetic.outcomes import Mask, Year, chance
from evenground.sources.synthetic.people import Floats, dimension_values
from evenground.sources.synthetic.plan import Plan, stream
from evenground.sources.synthetic.world import World
from evenground.sources.synthetic.zone import ZoneYears

_CUTS = (-0.6, 0.0, 0.85, 1.5)
"""Where AP scores 2, 3, 4 and 5 begin, in standard deviations from the planted share of 3 or more."""


@dataclass(frozen=True)
class After:
    """Leaving school: 0/1 by student, and the chances of those who graduated. Exams: one entry an exam."""

    dropped_out: Mask
    seal: Mask
    college: Mask
    college_chance: Floats
    seal_chance: Floats
    exam_row: npt.NDArray[np.int64]
    exam_course: npt.NDArray[np.int64]
    exam_score: npt.NDArray[np.int64]
    sat_row: npt.NDArray[np.int64]
    sat_score: npt.NDArray[np.int64]
    sat_met: Mask
    sat_chance: Floats


def make_after(world: World, plan: Plan, made: ZoneYears, year: Year, taken: Taken) -> After:
    """Draws what comes after; chances differ by group as planted, exam scores go with ability."""
    rng = stream(plan.seed, made.zone.number, "after", year.year)
    always = stream(plan.seed, made.zone.number, "after", plan.years)
    after, n = world.after, len(year.person)
    poor = year.codes["economic_disadvantage"] == 0
    ability = made.people.ability[year.person]
    spread = always.normal(0.0, after.college.school_spread, made.zone.schools)
    college = chance(after.college, world, year.codes, spread[year.place], year.year, plan.years)
    races = dimension_values(world)["race_ethnicity"]
    seal = after.seal_of_biliteracy
    by_race = np.array([seal.get(race, seal["others"]) for race in races])
    seals = by_race[year.codes["race_ethnicity"]]
    graduated = year.in_cohort & year.happened["graduated"]
    is_ap = np.array([course.type == "ap" for course in world.courses.values()])[taken.course]
    row, course = taken.row[is_ap], taken.course[is_ap]
    sits = rng.random(len(row)) < np.where(poor[row], after.ap_exam.worse_off, after.ap_exam.better_off)
    row, course = row[sits], course[sits]
    latent = ndtri(after.ap_passed) + _mixed(world, ability[row], rng)
    sat_chance = np.where(poor, after.sat.worse_off, after.sat.better_off)
    sat = np.flatnonzero(year.on_census_day & (year.grade == after.sat_grade) & (rng.random(n) < sat_chance))
    sat_latent = ndtri((year.chance["reading"][sat] + year.chance["mathematics"][sat]) / 2)
    sat_latent += _mixed(world, ability[sat], rng)
    return After(
        year.in_cohort & ~year.happened["graduated"] & (rng.random(n) < after.dropped_out),
        graduated & (rng.random(n) < seals),
        graduated & (rng.random(n) < college),
        college,
        seals,
        row,
        course,
        1 + np.searchsorted(_CUTS, latent),
        sat,
        np.clip(np.round((1010 + 195 * sat_latent) / 10) * 10, 400, 1600).astype(np.int64),
        sat_latent > 0,
        sat_chance,
    )


def _mixed(world: World, ability: Floats, rng: np.random.Generator) -> Floats:
    draw = rng.standard_normal(len(ability))
    return np.asarray(np.sqrt(world.lasting) * ability + np.sqrt(1 - world.lasting) * draw)
