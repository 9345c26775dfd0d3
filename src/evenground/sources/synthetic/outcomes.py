"""What happens to the students of a zone in a year: the planted chances, and what came of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from evenground.sources.synthetic.people import Floats, People, dimension_values
from evenground.sources.synthetic.plan import GRADES, Zone
from evenground.sources.synthetic.world import Outcome, World, in_year

Mask = npt.NDArray[np.bool_]
_LOWEST, _HIGHEST = 0.0005, 0.9995
_SUBJECTS = ("reading", "mathematics")
_FULL_YEAR, _LATE_DAYS = 180, 90


@dataclass(frozen=True)
class Year:
    """One year of a zone; every array has one place a student, those of the cohort who had left included.

    `chance` holds the planted chance of 0/1 outcomes; `levels` subject -> achievement level, 0 = not tested;
    `scores` likewise (NaN = not tested); `happened` holds 0/1 outcomes as booleans. `place` is the school's
    place in the zone.
    """

    year: int
    person: npt.NDArray[np.int64]
    grade: npt.NDArray[np.int64]
    place: npt.NDArray[np.int64]
    enrolled: Mask
    on_census_day: Mask
    in_cohort: Mask
    moves: Mask
    chance: Mapping[str, Floats]
    happened: Mapping[str, Mask]
    levels: Mapping[str, npt.NDArray[np.int8]]
    scores: Mapping[str, Floats]
    days_enrolled: npt.NDArray[np.int16]
    days_absent: npt.NDArray[np.int16]  # -1: no row of attendance


@dataclass(frozen=True)
class Differences:
    """How the schools of a zone differ: outcome -> one number a school."""

    by_outcome: Mapping[str, Floats]


def make_differences(world: World, zone: Zone, rng: np.random.Generator) -> Differences:
    """Draws how much each school adds to each outcome; the bright school adds what is planted for it."""
    added = {
        name: rng.normal(0.0, outcome.school_spread, zone.schools) for name, outcome in world.outcomes.items()
    }
    if zone.bright:
        added[world.bright_school.outcome][zone.elementary] = world.bright_school.above
    return Differences(added)


def leaving_grade(
    world: World, people: People, graduated: Mask, rng: np.random.Generator
) -> npt.NDArray[np.int64]:
    """The last grade of each student: 12, or 10 or 11 for some of those who do not graduate."""
    draw = rng.random(len(people))
    early = ~graduated & (draw < world.left_before)
    return np.where(early, np.where(draw < world.left_before / 2, 10, 11), 12)


def chance(
    world: World, name: str, people: People, rows: slice, school: Floats, year: int, years: int
) -> Floats:
    """The planted chance of an outcome: base + effects of the student's groups + what the school adds."""
    outcome: Outcome = world.outcomes[name]
    values = dimension_values(world)
    p = in_year(outcome.base, year, years) + school
    for dimension, effects in outcome.effects.items():
        table = np.array(
            [in_year(effects[value], year, years) if value in effects else 0.0 for value in values[dimension]]
        )
        p += table[people.codes[dimension][rows]]
    return np.clip(p, _LOWEST, _HIGHEST)


def make_graduation(
    world: World, zone: Zone, people: People, differences: Differences, years: int, rng: np.random.Generator
) -> tuple[Floats, Mask]:
    """The planted chance of graduating and whether it happened, for everybody, in their cohort's year."""
    p = np.empty(len(people))
    for cohort in range(len(people.starts) - 1):
        rows = slice(int(people.starts[cohort]), int(people.starts[cohort + 1]))
        school = np.full(rows.stop - rows.start, differences.by_outcome["graduated"][zone.elementary + 1])
        p[rows] = chance(world, "graduated", people, rows, school, min(cohort, years - 1), years)
    return p, rng.random(len(people)) < p


def make_year(
    world: World,
    zone: Zone,
    people: People,
    differences: Differences,
    year: int,
    years: int,
    graduation: tuple[Floats, Mask],
    last_grade: npt.NDArray[np.int64],
    rng: np.random.Generator,
) -> Year:
    """Draws one year of a zone."""
    rows = slice(int(people.starts[year]), int(people.starts[year + GRADES]))
    n = rows.stop - rows.start
    grade = 12 - people.cohort[rows] + year
    place = np.where(
        grade <= 5, people.elementary[rows], np.where(grade <= 8, zone.elementary, zone.elementary + 1)
    )
    enrolled = grade <= last_grade[rows]
    arrives = rng.random(n)
    on_census_day = enrolled & (arrives >= world.late)
    p = {
        name: chance(world, name, people, rows, added[place], year, years)
        for name, added in differences.by_outcome.items()
        if name != "graduated"
    }
    if not zone.offers_ap:
        p["ap_course"] = np.zeros(n)
    p["graduated"] = graduation[0][rows]
    happened = {
        name: rng.random(n) < p[name] for name in p if name not in (*_SUBJECTS, "graduated", "algebra_1")
    }
    high = grade >= 9
    happened["graduated"] = graduation[1][rows]
    happened["algebra_1"] = rng.random(n) < np.where(high, world.high_school_mathematics, p["algebra_1"])
    for name in ("ap_course", "other_advanced"):
        happened[name] &= high
    happened["algebra_1"] &= grade >= 8
    levels, scores = _achievement(world, p, grade, enrolled, rng)
    days_enrolled, days_absent = _attendance(world, happened["chronically_absent"], on_census_day, rng)
    return Year(
        year=year,
        person=np.arange(rows.start, rows.stop),
        grade=grade,
        place=place,
        enrolled=enrolled,
        on_census_day=on_census_day,
        in_cohort=grade == 12,
        moves=on_census_day & (arrives > 1 - world.moves),
        chance=p,
        happened=happened,
        levels=levels,
        scores=scores,
        days_enrolled=days_enrolled,
        days_absent=days_absent,
    )


def at_least(world: World, p: Floats, level: int) -> Floats:
    """The chance of a level or a higher one where p is the chance of level 3 (proficient)."""
    cut = {2: world.levels.basic, 3: 0.0, 4: world.levels.advanced}[level]
    return np.asarray(ndtr(ndtri(p) - cut))


def _achievement(
    world: World,
    p: Mapping[str, Floats],
    grade: npt.NDArray[np.int64],
    enrolled: Mask,
    rng: np.random.Generator,
) -> tuple[dict[str, npt.NDArray[np.int8]], dict[str, Floats]]:
    levels, scores = {}, {}
    testable = np.isin(grade, world.tested_grades) & enrolled
    for subject in _SUBJECTS:
        latent = ndtri(p[subject]) + rng.standard_normal(len(grade))
        tested = testable & (rng.random(len(grade)) < world.tested)
        level = (
            1
            + (latent > world.levels.basic).astype(np.int8)
            + (latent > 0)
            + (latent > world.levels.advanced)
        )
        levels[subject] = np.where(tested, level, 0).astype(np.int8)
        scores[subject] = np.where(
            tested, np.round(world.levels.score_center + world.levels.score_spread * latent), np.nan
        )
    return levels, scores


def _attendance(
    world: World, absent: Mask, on_census_day: Mask, rng: np.random.Generator
) -> tuple[npt.NDArray[np.int16], npt.NDArray[np.int16]]:
    """Days enrolled and absent: a tenth or more is missed by exactly those who are chronically absent."""
    enrolled = np.where(on_census_day, _FULL_YEAR, _LATE_DAYS)
    tenth = enrolled // 10
    draw = rng.random(len(absent))
    many = np.minimum(tenth + np.floor(-0.4 * tenth * np.log1p(-draw)), enrolled)
    few = np.floor(draw * tenth)
    missing = rng.random(len(absent)) < world.attendance_missing
    return enrolled.astype(np.int16), np.where(missing, -1, np.where(absent, many, few)).astype(np.int16)
