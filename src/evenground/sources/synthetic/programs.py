"""Programs that students are in, and what they answer in the survey."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from evenground.sources.synthetic.outcomes import Mask, Year, chance
from evenground.sources.synthetic.people import Floats, dimension_values
from evenground.sources.synthetic.plan import Plan, stream
from evenground.sources.synthetic.world import World
from evenground.sources.synthetic.zone import ZoneYears

_CUTS = (-1.3, -0.6, 0.0, 0.8)
"""Where answers 2, 3, 4 and 5 begin, in standard deviations from the planted share of favorable ones."""


@dataclass(frozen=True)
class Programs:
    """By program: for whom it is, the planted chance, who is in it."""

    open_to: Mapping[str, Mask]
    chance: Mapping[str, Floats]
    member: Mapping[str, Mask]


@dataclass(frozen=True)
class Answers:
    """Survey of a year: who answered; by scale the chance of a favorable answer and answers by item."""

    answered: Mask
    chance: Mapping[str, Floats]
    answers: Mapping[str, npt.NDArray[np.int8]]  # (items, students)


def make_programs(world: World, plan: Plan, made: ZoneYears, year: Year) -> Programs:
    """Draws who is in which program. In a lasting one the same draw decides every year."""
    rng = stream(plan.seed, made.zone.number, "programs", year.year)
    always = stream(plan.seed, made.zone.number, "programs", plan.years)
    open_to, chances, member = {}, {}, {}
    values = dimension_values(world)
    for name, program in world.programs.items():
        spread = always.normal(0.0, program.school_spread, made.zone.schools)
        lasting = always.random(len(made.people))
        here = year.enrolled & np.isin(year.grade, program.grades)
        for dimension, value in program.who.items():
            here = here & (year.codes[dimension] == values[dimension].index(value))
        p = chance(program, world, year.codes, spread[year.place], year.year, plan.years)
        draw = lasting[year.person] if program.lasting else rng.random(len(p))
        open_to[name], chances[name], member[name] = here, p, here & (draw < p)
    member["reclassified"] = year.enrolled & (made.people.reclassified[year.person] == year.year)
    del chances["reclassified"]
    for name, helped in year.helped.items():
        member[name] = helped & year.enrolled
    member["dual_enrollment"] = year.happened["other_advanced"] & year.enrolled
    return Programs(open_to, chances, member)


def make_answers(world: World, plan: Plan, made: ZoneYears, year: Year) -> Answers:
    """Draws the survey: two answers of a student to a scale have a part in common."""
    rng = stream(plan.seed, made.zone.number, "surveys", year.year)
    always = stream(plan.seed, made.zone.number, "surveys", plan.years)
    surveys = world.surveys
    n = len(year.person)
    answered = (rng.random(n) < surveys.answered) & year.on_census_day & np.isin(year.grade, surveys.grades)
    chances, answers = {}, {}
    for name, scale in surveys.scales.items():
        spread = always.normal(0.0, scale.school_spread, made.zone.schools)
        p = chance(scale, world, year.codes, spread[year.place], year.year, plan.years)
        own = np.sqrt(1 - surveys.same) * rng.standard_normal((len(surveys.items[name]), n))
        latent = ndtri(p) + np.sqrt(surveys.same) * rng.standard_normal(n) + own
        chances[name] = p
        answers[name] = (1 + np.searchsorted(_CUTS, latent, side="left")).astype(np.int8)
    return Answers(answered, chances, answers)
