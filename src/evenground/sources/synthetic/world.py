"""The made-up world: who lives in it and which effects are planted, read from world.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

from evenground.definitions import read_entries
from evenground.definitions.schema import Key, Sourced, Strict
from evenground.model import InputProblems, Problem, period_end, period_ending

Path2 = tuple[float, float]
"""A number in the first and in the last year."""

UNKNOWN = "unknown"


class Span(Strict):
    better_off: float
    worse_off: float

    def at(self, disadvantaged: float) -> float:
        return self.better_off * (1 - disadvantaged) + self.worse_off * disadvantaged


class Neighborhoods(Strict):
    lowest: float
    highest: float
    between_schools: float


class Spending(Span):
    spread: float
    growth: float


class Schools(Strict):
    without_ap: float
    students_per_teacher: float
    experience: Span
    certified: Span
    spending: Spending


class Levels(Strict):
    basic: float
    advanced: float
    score_center: float
    score_spread: float


class Outcome(Strict):
    """A planted outcome: the base, the effects of a student's groups, and how much schools differ."""

    base: Path2
    school_spread: float
    effects: dict[Key, dict[Key, Path2]]


class BrightSchool(Strict):
    outcome: Key
    above: float


class World(Sourced):
    last_period: str
    students_per_zone: int
    school_truth_up_to: int
    unknown: float
    late: float
    moves: float
    left_before: float
    attendance_missing: float
    tested: float
    tested_grades: tuple[int, ...]
    high_school_mathematics: float
    neighborhoods: Neighborhoods
    races: dict[Key, Span]
    sexes: dict[Key, float]
    english_learner: dict[Key, float]
    disability: float
    homeless: dict[Key, float]
    foster: float
    migrant: dict[Key, float]
    military: float
    schools: Schools
    levels: Levels
    outcomes: dict[Key, Outcome]
    bright_school: BrightSchool

    def periods(self, years: int) -> tuple[str, ...]:
        """The school years, oldest first."""
        last = period_end(self.last_period)
        return tuple(period_ending(last - back) for back in reversed(range(years)))


@cache
def world() -> World:
    """The world that comes with evenground. Raises InputProblems when its YAML is wrong."""
    problems: list[Problem] = []
    file = resources.files("evenground.sources.synthetic") / "world.yaml"
    entries: Mapping[str, World] = read_entries(file, World, problems)
    if problems:
        raise InputProblems(problems)
    return entries["world"]


def in_year(path: Path2, year: int, years: int) -> float:
    """A planted number in a year, 0 = first: a straight line from the first to the last."""
    return path[0] + (path[1] - path[0]) * (year / (years - 1) if years > 1 else 1.0)
