"""School life of a zone in a year: all that is drawn beside the outcomes."""

from __future__ import annotations

from dataclasses import dataclass

from evenground.sources.synthetic.after import After, make_after
from evenground.sources.synthetic.classes import Sections, make_sections
from evenground.sources.synthetic.conduct import Incidents, make_incidents
from evenground.sources.synthetic.courses import Taken, take_courses
from evenground.sources.synthetic.money import Budget, make_budget
from evenground.sources.synthetic.outcomes import Year
from evenground.sources.synthetic.plan import Plan
from evenground.sources.synthetic.programs import Answers, Programs, make_answers, make_programs
from evenground.sources.synthetic.world import World
from evenground.sources.synthetic.zone import ZoneYears


@dataclass(frozen=True)
class Life:
    """What a zone's students, teachers and schools did in a year."""

    taken: Taken
    sections: Sections
    programs: Programs
    answers: Answers
    incidents: Incidents
    after: After
    budget: Budget
    teacher_ids: list[str]


def make_life(world: World, plan: Plan, made: ZoneYears, year: Year) -> Life:
    taken = take_courses(world, plan, made, year)
    return Life(
        taken,
        make_sections(world, plan, made, year, taken),
        make_programs(world, plan, made, year),
        make_answers(world, plan, made, year),
        make_incidents(world, plan, made, year),
        make_after(world, plan, made, year, taken),
        make_budget(world, made, year),
        [f"T{made.zone.number:05d}{number:05d}" for number in made.teachers[year.year].number],
    )
