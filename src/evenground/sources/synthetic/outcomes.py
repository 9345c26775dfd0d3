"""What happens to the students of a zone in a year: the planted chances, and what came of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from evenground.sources.synthetic.mathematics import Path
from evenground.sources.synthetic.people import Codes, Floats, People, dimension_values
from evenground.sources.synthetic.plan import GRADES, Plan, Zone
from evenground.sources.synthetic.world import Help, Outcome, World, in_year

Mask = npt.NDArray[np.bool_]
_LOWEST, _HIGHEST = 0.0005, 0.9995
_SUBJECTS = ("reading", "mathematics")
_FULL_YEAR, _LATE_DAYS = 180, 90


@dataclass(frozen=True)
class Year:
    """One year of a zone; every array has one place a student, those of the cohort who had left included.

    `codes` are the students' groups in this year. `chance` holds the planted chance of 0/1 outcomes (also
    `ap_asked`, `ap_placed` of who asked, and `conduct`, an incident whatever came of it); `levels` subject ->
    achievement level, 0 = not tested; `scores` likewise (NaN = not tested); `happened` holds 0/1 outcomes;
    `helped` who was in what was tried. `place` is the school's place in the zone.
    """

    year: int
    person: npt.NDArray[np.int64]
    grade: npt.NDArray[np.int64]
    place: npt.NDArray[np.int64]
    codes: Mapping[str, Codes]
    enrolled: Mask
    on_census_day: Mask
    in_cohort: Mask
    moves: Mask
    chance: Mapping[str, Floats]
    happened: Mapping[str, Mask]
    helped: Mapping[str, Mask]
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
    outcome: Outcome,
    world: World,
    codes: Mapping[str, Codes],
    school: Floats,
    year: int,
    years: int,
    times: Mapping[str, float] | None = None,
) -> Floats:
    """The planted chance of an outcome: base + effects of the student's groups + what the school adds.

    `times` multiplies the effects of a dimension (0: it makes no difference).
    """
    values = dimension_values(world)
    p = in_year(outcome.base, year, years) + school
    for dimension, effects in outcome.effects.items():
        by = (times or {}).get(dimension, 1.0)
        table = np.array(
            [
                by * in_year(effects[value], year, years) if value in effects else 0.0
                for value in values[dimension]
            ]
        )
        p = p + table[codes[dimension]]
    return np.clip(p, _LOWEST, _HIGHEST)


def by_cohort(
    world: World, zone: Zone, people: People, differences: Differences, name: str, grade: int, years: int
) -> Floats:
    """The planted chance of an outcome for everybody, in the year in which they are in a grade.

    Years before the first one that is made count as the first, years after the last as the last.
    """
    place = zone.elementary if grade <= 8 else zone.elementary + 1
    p = np.empty(len(people))
    for cohort in range(len(people.starts) - 1):
        rows = slice(int(people.starts[cohort]), int(people.starts[cohort + 1]))
        school = np.full(rows.stop - rows.start, differences.by_outcome[name][place])
        year = min(max(cohort - 12 + grade, 0), years - 1)
        codes = {dimension: code[rows] for dimension, code in people.codes_in(year).items()}
        p[rows] = chance(world.outcomes[name], world, codes, school, year, years)
    return p


def make_year(
    world: World,
    plan: Plan,
    zone: Zone,
    people: People,
    differences: Differences,
    year: int,
    graduation: tuple[Floats, Mask],
    path: Path,
    last_grade: npt.NDArray[np.int64],
    rng: np.random.Generator,
) -> Year:
    """Draws one year of a zone."""
    rows = slice(int(people.starts[year]), int(people.starts[year + GRADES]))
    n = rows.stop - rows.start
    person = np.arange(rows.start, rows.stop)
    grade = 12 - people.cohort[rows] + year
    elementary = zone.place_in(people.elementary[rows], person, year)
    place = np.where(grade <= 5, elementary, np.where(grade <= 8, zone.elementary, zone.elementary + 1))
    codes = {dimension: code[rows] for dimension, code in people.codes_in(year).items()}
    ability = people.ability[rows]
    enrolled = grade <= last_grade[rows]
    arrives = rng.random(n)
    on_census_day = enrolled & (arrives >= world.late)
    p = {
        name: chance(world.outcomes[name], world, codes, added[place], year, plan.years)
        for name, added in differences.by_outcome.items()
        if name != "graduated"
    }
    p["graduated"] = graduation[0][rows]
    _plant_advanced(world, plan, zone, differences, codes, place, year, p)
    _plant_conduct(world, plan, zone, differences, codes, place, year, p)
    helped = _help(world, plan, zone, codes, grade, ability, year, p, rng)
    happened = {
        name: rng.random(n) < p[name]
        for name in ("other_advanced", "chronically_absent", "suspended", "in_school_removal", "expelled")
    }
    high = grade >= 9
    asks = _leaning(p["ap_asked"], ability, world.lasting, rng)
    happened["ap_asked"] = asks & high & enrolled
    happened["ap_course"] = happened["ap_asked"] & (rng.random(n) < p["ap_placed"])
    happened["other_advanced"] &= high
    happened["graduated"] = graduation[1][rows]
    happened["ag_complete"] = rng.random(n) < p["ag_complete"]
    asked, placed = path.at("asked", person, grade), path.at("placed", person, grade)
    # In AP Calculus a student takes an AP course instead of the last one of the path.
    in_ap = happened["ap_course"] & (asked == len(world.mathematics) - 1)
    happened["algebra_1"] = (grade >= 8) & (asked >= 0) & (placed == 1) & ~in_ap
    more = np.where(happened["suspended"], 1.0, (p["conduct"] - p["suspended"]) / (1 - p["suspended"]))
    happened["conduct"] = rng.random(n) < more
    levels, scores = _achievement(world, p, grade, enrolled, ability, rng)
    days_enrolled, days_absent = _attendance(world, happened["chronically_absent"], on_census_day, rng)
    return Year(
        year=year,
        person=person,
        grade=grade,
        place=place,
        codes=codes,
        enrolled=enrolled,
        on_census_day=on_census_day,
        in_cohort=grade == 12,
        moves=on_census_day & (arrives > 1 - world.moves),
        chance=p,
        happened=happened,
        helped=helped,
        levels=levels,
        scores=scores,
        days_enrolled=days_enrolled,
        days_absent=days_absent,
    )


def _plant_advanced(
    world: World,
    plan: Plan,
    zone: Zone,
    differences: Differences,
    codes: Mapping[str, Codes],
    place: npt.NDArray[np.int64],
    year: int,
    p: dict[str, Floats],
) -> None:
    """AP in two steps, asking and getting a seat: a school without AP, open doors, a teacher's word."""
    barrier = world.barriers.recommendation
    if zone.open_door:
        added = differences.by_outcome["ap_course"][place]
        even = {"race_ethnicity": 0.0}
        p["ap_course"] = chance(world.outcomes["ap_course"], world, codes, added, year, plan.years, even)
    asked = np.minimum(p["ap_course"] / barrier.placed, _HIGHEST) if zone.offers_ap else np.zeros(len(place))
    group = dimension_values(world)["race_ethnicity"].index(barrier.group)
    held = (codes["race_ethnicity"] == group) & zone.gate
    p["ap_asked"], p["ap_placed"] = asked, np.where(held, barrier.placed_group, barrier.placed)
    p["ap_course"] = asked * p["ap_placed"]


def _plant_conduct(
    world: World,
    plan: Plan,
    zone: Zone,
    differences: Differences,
    codes: Mapping[str, Codes],
    place: npt.NDArray[np.int64],
    year: int,
    p: dict[str, Floats],
) -> None:
    """The chance of an incident, and what the policy changes about suspensions (not about incidents)."""
    conduct, talks = world.conduct, world.effects.talks
    added = differences.by_outcome["suspended"][place]
    less = {"race_ethnicity": conduct.race}
    even = chance(world.outcomes["suspended"], world, codes, added, year, plan.years, less)
    p["conduct"] = np.minimum(conduct.floor + conduct.times * even, _HIGHEST)
    p["suspended"] = np.minimum(p["suspended"], p["conduct"])
    if zone.talks and year >= plan.turn and plan.years > 1:
        p[talks.outcome] = p[talks.outcome] * talks.times


def _help(
    world: World,
    plan: Plan,
    zone: Zone,
    codes: Mapping[str, Codes],
    grade: npt.NDArray[np.int64],
    ability: Floats,
    year: int,
    p: dict[str, Floats],
    rng: np.random.Generator,
) -> dict[str, Mask]:
    """Who is in what was tried; the chance of their outcome moves by what it adds for them."""
    helped = {}
    offers: tuple[tuple[str, Help, bool], ...] = (
        ("tutoring", world.effects.tutoring, zone.tutoring),
        ("summer", world.effects.summer, True),
    )
    poor = codes["economic_disadvantage"] == 0
    for name, offer, here in offers:
        chosen = _leaning(np.full(len(grade), offer.share), ability, offer.chosen, rng)
        member = chosen & np.isin(grade, offer.grades) & (here and year >= plan.turn)
        adds = np.where(poor, offer.adds["disadvantaged"], offer.adds["others"]) * member
        p[offer.outcome] = np.where(member, ndtr(ndtri(p[offer.outcome]) + adds), p[offer.outcome])
        helped[name] = member
    return helped


def _leaning(p: Floats, ability: Floats, share: float, rng: np.random.Generator) -> Mask:
    """Happens with chance p, more often to those of more ability: `share` of what decides is ability."""
    draw = np.sqrt(share) * ability + np.sqrt(1 - share) * rng.standard_normal(len(p))
    return np.asarray(draw > -ndtri(p))


def at_least(world: World, p: Floats, level: int) -> Floats:
    """The chance of a level or a higher one where p is the chance of level 3 (proficient)."""
    cut = {2: world.levels.basic, 3: 0.0, 4: world.levels.advanced}[level]
    return np.asarray(ndtr(ndtri(p) - cut))


def _achievement(
    world: World,
    p: Mapping[str, Floats],
    grade: npt.NDArray[np.int64],
    enrolled: Mask,
    ability: Floats,
    rng: np.random.Generator,
) -> tuple[dict[str, npt.NDArray[np.int8]], dict[str, Floats]]:
    levels, scores = {}, {}
    testable = np.isin(grade, world.tested_grades) & enrolled
    for subject in _SUBJECTS:
        chance_of_year = np.sqrt(1 - world.lasting) * rng.standard_normal(len(grade))
        latent = ndtri(p[subject]) + np.sqrt(world.lasting) * ability + chance_of_year
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
