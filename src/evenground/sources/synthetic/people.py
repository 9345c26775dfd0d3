"""The students of a zone: who they are. Groups are small integers; a dimension's last one is `unknown`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.sources.synthetic.plan import GRADES, Zone
from evenground.sources.synthetic.world import UNKNOWN, World

Codes = npt.NDArray[np.int8]
Floats = npt.NDArray[np.float64]

RACE_FLAGS = ("american_indian", "asian", "black", "filipino", "hispanic", "pacific_islander", "white")
"""Raw answers, in alphabetical order: bit 0 is american_indian."""

_TWO_VALUED = {
    "economic_disadvantage": ("disadvantaged", "not_disadvantaged"),
    "english_learner": ("english_learner", "not_english_learner"),
    "disability": ("with_disability", "without_disability"),
    "homeless": ("homeless", "not_homeless"),
    "foster": ("foster", "not_foster"),
    "migrant": ("migrant", "not_migrant"),
    "military": ("military", "not_military"),
}
NEVER = 1 << 20
TWO_VALUED = tuple(_TWO_VALUED)
"""Dimensions of two values: code 0 is the group, 1 everybody else, 2 unknown."""


def dimension_values(world: World) -> dict[str, tuple[str, ...]]:
    """The values of every dimension in the order of their codes."""
    known = {name: (*values, UNKNOWN) for name, values in _TWO_VALUED.items()}
    return {"race_ethnicity": tuple(world.races), "sex": tuple(world.sexes), **known}


@dataclass(frozen=True)
class People:
    """Students of a zone by cohort: cohort 0 is in grade 12 in the first year, cohort 1 a year later.

    `codes` holds one array a dimension, `flags` the raw answers about race as bits, `elementary` the place of
    the elementary school in the zone, `starts` where each cohort begins (one more than there are cohorts).
    `poor` is the disadvantage behind every measure of it; `ability` a standard normal number that stays with
    a student; `area` the home area in the zone with the share of families who are poor; `reclassified` the
    year in which an English learner is reclassified (NEVER: in none).
    """

    cohort: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    elementary: npt.NDArray[np.int64]
    codes: Mapping[str, Codes]
    flags: npt.NDArray[np.uint8]
    poor: npt.NDArray[np.bool_]
    ability: Floats
    area: npt.NDArray[np.int64]
    area_poverty: Floats
    reclassified: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.cohort)

    def codes_in(self, year: int) -> Mapping[str, Codes]:
        """The groups in a year: who was reclassified in an earlier one is no English learner any more."""
        was = self.codes["english_learner"]
        now = np.where((was == 0) & (self.reclassified < year), 1, was).astype(np.int8)
        return {**self.codes, "english_learner": now}


def make_people(
    world: World, zone: Zone, years: int, rng: np.random.Generator, own: np.random.Generator
) -> People:
    """Draws everybody who is of school age in one of the years; what stays with them comes from `own`."""
    sizes = zone.cohort_sizes(GRADES + years - 1)
    n = int(sizes.sum())
    elementary = rng.integers(0, zone.elementary, n) if zone.elementary else np.zeros(n, np.int64)
    between = world.neighborhoods.between_schools * rng.uniform(-1, 1, zone.elementary or 1)
    neighborhood = np.clip(zone.disadvantaged + between, 0.02, 0.98)
    race = _pick(_race_shares(world, neighborhood), elementary, rng)
    sex = _pick(np.array([list(world.sexes.values())]), np.zeros(n, np.int64), rng)
    poor = rng.random(n) < neighborhood[elementary]
    is_race = {name: race == place for place, name in enumerate(world.races)}
    chances: dict[str, Floats] = {
        "economic_disadvantage": poor.astype(np.float64),
        "english_learner": _chance(world.english_learner, is_race),
        "disability": np.full(n, world.disability),
        "homeless": _chance(world.homeless, {"disadvantaged": poor}),
        "foster": np.full(n, world.foster),
        "migrant": _chance(world.migrant, is_race),
        "military": np.full(n, world.military),
    }
    codes: dict[str, Codes] = {"race_ethnicity": race, "sex": sex}
    for dimension, chance in chances.items():
        codes[dimension] = _two_valued(chance, world.unknown, rng)
    cohort = np.repeat(np.arange(len(sizes)), sizes)
    ability = own.standard_normal(n)
    area, area_poverty = _home(world, elementary, neighborhood, poor, own)
    return People(
        cohort,
        np.concatenate([[0], np.cumsum(sizes)]),
        elementary,
        codes,
        _flags(race, tuple(world.races), rng),
        poor,
        ability,
        area,
        area_poverty,
        np.full(n, NEVER),
    )


def _home(
    world: World,
    elementary: npt.NDArray[np.int64],
    neighborhood: Floats,
    poor: npt.NDArray[np.bool_],
    rng: np.random.Generator,
) -> tuple[npt.NDArray[np.int64], Floats]:
    """Home area of each student, and the share of the families there who are poor."""
    tilt = np.linspace(1 + world.poverty.tilt, 1 - world.poverty.tilt, world.poverty.areas)
    weights = np.stack([tilt[::-1], tilt]) / tilt.sum()  # of families who are not poor, who are
    draw = rng.random(len(poor))
    limits = np.cumsum(weights, axis=1)[:, :-1]
    place = (draw[:, None] >= limits[poor.astype(np.int64)]).sum(axis=1)
    share = neighborhood[:, None] * weights[1]
    by_area = share / (share + (1 - neighborhood[:, None]) * weights[0])
    return elementary * world.poverty.areas + place, by_area[elementary, place]


def _race_shares(world: World, neighborhood: Floats) -> Floats:
    """Shares of the races by elementary school: one row a school."""
    shares = np.stack([[span.at(float(share)) for span in world.races.values()] for share in neighborhood])
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def _pick(shares: Floats, row: npt.NDArray[np.int64], rng: np.random.Generator) -> Codes:
    """A code for each student from the shares in the student's row."""
    limits = np.cumsum(shares, axis=1)[:, :-1]
    draw = rng.random(len(row))
    code = np.zeros(len(row), np.int8)
    for limit in limits.T:
        code += draw >= limit[row]
    return code


def _chance(shares: Mapping[str, float], members: Mapping[str, npt.NDArray[np.bool_]]) -> Floats:
    n = len(next(iter(members.values())))
    chance = np.full(n, shares["others"])
    for name, share in shares.items():
        if name != "others":
            chance[members[name]] = share
    return chance


def _two_valued(chance: Floats, unknown: float, rng: np.random.Generator) -> Codes:
    code = (rng.random(len(chance)) >= chance).astype(np.int8)
    code[rng.random(len(chance)) < unknown] = 2
    return code


def _flags(race: Codes, names: tuple[str, ...], rng: np.random.Generator) -> npt.NDArray[np.uint8]:
    """Raw answers that the 2007 rule turns back into the drawn race."""
    bit = {name: np.uint8(1 << place) for place, name in enumerate(RACE_FLAGS)}
    flags = np.zeros(len(race), np.uint8)
    draw = rng.integers(0, 1 << 16, len(race))
    for place, name in enumerate(names):
        is_race = race == place
        if name in bit:
            flags[is_race] = bit[name]
    hispanic, several = race == names.index("hispanic"), race == names.index("two_or_more")
    flags[hispanic & (draw % 10 < 5)] |= bit["white"]
    flags[hispanic & (draw % 10 == 5)] |= bit["black"]
    flags[hispanic & (draw % 10 == 6)] |= bit["american_indian"]
    pairs = (
        ("black", "white"),
        ("asian", "white"),
        ("american_indian", "white"),
        ("asian", "black"),
        ("pacific_islander", "white"),
    )
    for place, pair in enumerate(pairs):
        flags[several & (draw % len(pairs) == place)] = bit[pair[0]] | bit[pair[1]]
    return flags
