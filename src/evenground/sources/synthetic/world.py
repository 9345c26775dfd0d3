"""The made-up world: who lives in it and which effects are planted, read from world.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

from pydantic import Field

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


class Program(Outcome):
    """An outcome that is a program: in these grades, for the group `who`; `lasting`: once in, always in."""

    grades: tuple[int, ...] = tuple(range(13))
    who: dict[Key, Key] = Field(default_factory=dict)
    lasting: bool = False
    hours: float | None = None


class BrightSchool(Strict):
    outcome: Key
    above: float


class OpenDoor(Strict):
    zones: float


class Recommendation(Strict):
    zones: float
    group: Key
    placed: float
    placed_group: float


class Bottleneck(Strict):
    zones: float
    course: str
    placed: float
    placed_here: float


class Barriers(Strict):
    recommendation: Recommendation
    bottleneck: Bottleneck


class Referred(Strict):
    with_police: float
    without: float


class Conduct(Strict):
    floor: float
    times: float
    race: float
    kinds: dict[Key, float]
    referred: Referred
    arrested: float
    restrained: float


class Help(Strict):
    """Something offered to students: what it adds to a score in standard deviations, by who they are."""

    zones: float
    grades: tuple[int, ...]
    share: float
    outcome: Key
    hours: float
    chosen: float = 0.0
    adds: dict[Key, float]


class Policy(Strict):
    zones: float
    outcome: Key
    times: float


class Effects(Strict):
    tutoring: Help
    summer: Help
    talks: Policy


class Poverty(Strict):
    areas: int
    tilt: float
    direct_certified: dict[Key, float]
    reached_less: dict[Key, float]
    forms: dict[Key, float]
    forms_high_school: float
    cep_from: float


class Salary(Strict):
    first: float
    step: float
    steps: int
    spread: float


class StaffPlan(Strict):
    turnover: Span
    hired: float
    in_field: Span
    days_absent: Span
    salary: Salary
    students_per_counselor: Span
    students_per_leader: float
    students_per_nurse: float
    leader_experience: Span
    police: Span


class Classes(Strict):
    size: Span
    ap_smaller: float
    seniority: float
    minutes: dict[Key, int]


class Step(Strict):
    code: str
    wanted: float


class Course(Strict):
    """A course; `instead` of which one it is taken by students of at least this `ability`."""

    title: str
    type: Key
    subject: Key
    grades: tuple[int, ...] = ()
    requires: tuple[str, ...] = ()
    instead: str | None = None
    in_grade: int | None = None
    ability: float = 0.0


class Surveys(Strict):
    answered: float
    grades: tuple[int, ...]
    items: dict[Key, tuple[str, ...]]
    same: float
    scales: dict[Key, Outcome]


class After(Strict):
    dropped_out: float
    seal_of_biliteracy: dict[Key, float]
    ap_exam: Span
    ap_passed: float
    sat: Span
    sat_grade: int
    college: Outcome


class Budgets(Strict):
    shares: dict[Key, float]
    local: float
    supplemental: float
    concentration_from: float
    concentration: float
    title_one_from: float
    title_one: float


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
    lasting: float
    bright_school: BrightSchool
    open_door: OpenDoor
    barriers: Barriers
    conduct: Conduct
    effects: Effects
    poverty: Poverty
    staff: StaffPlan
    classes: Classes
    courses_failed: float
    off_track: Span
    mathematics: tuple[Step, ...]
    courses: dict[str, Course]
    programs: dict[Key, Program]
    surveys: Surveys
    after: After
    budgets: Budgets

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
