"""The plan of a made-up system: its districts, zones and schools, with their names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.sources.synthetic.world import World

GRADES = 13
_PLANTS = (
    "Alder", "Aspen", "Aster", "Beech", "Birch", "Bluebell", "Cedar", "Cherry", "Clover", "Cypress",
    "Dogwood", "Elder", "Elm", "Fern", "Fir", "Hazel", "Heather", "Hemlock", "Hickory", "Holly", "Iris",
    "Ivy", "Juniper", "Larch", "Laurel", "Lavender", "Linden", "Lupine", "Madrone", "Magnolia", "Mallow",
    "Manzanita", "Maple", "Mulberry", "Myrtle", "Oak", "Olive", "Pecan", "Pine", "Poplar", "Poppy", "Redbud",
    "Redwood", "Rowan", "Sage", "Sequoia", "Sorrel", "Spruce", "Sumac", "Sycamore", "Tamarack", "Thistle",
    "Tupelo", "Verbena", "Walnut", "Willow", "Yarrow", "Yew",
)  # fmt: skip
_PLACES = (
    "",
    " Grove",
    " Hill",
    " Meadow",
    " Creek",
    " Ridge",
    " Glen",
    " Valley",
    " Lane",
    " Field",
    " Brook",
    " Bend",
    " Park",
    " Spring",
)
_ELEMENTARY, _MIDDLE, _HIGH = "Elementary", "Middle", "High"


@dataclass(frozen=True)
class Zone:
    """One high school with the middle school and the elementary schools that feed it.

    Schools are numbered through the system from `first_school`: elementary ones, the middle, the high school.
    """

    number: int
    district: int
    first_school: int
    elementary: int
    per_grade: float
    disadvantaged: float
    offers_ap: bool
    bright: bool

    @property
    def schools(self) -> int:
        return self.elementary + 2

    def cohort_sizes(self, cohorts: int) -> npt.NDArray[np.int64]:
        """Students of each cohort; any 13 cohorts that follow each other make up a year."""
        ends: npt.NDArray[np.int64] = np.floor(np.arange(cohorts + 1) * self.per_grade + 0.5).astype(np.int64)
        return ends[1:] - ends[:-1]


@dataclass(frozen=True)
class Plan:
    """The whole system."""

    seed: int
    years: int
    zones: tuple[Zone, ...]
    districts: int

    @property
    def schools(self) -> int:
        return sum(zone.schools for zone in self.zones)

    def district_id(self, district: int) -> str:
        return f"{district + 1:04d}"

    def district_name(self, district: int) -> str:
        return f"{_name(district, shift=23)} Unified"

    def school_id(self, school: int) -> str:
        return f"{school + 1:06d}"

    def school_rows(self) -> Iterator[tuple[str, str, str, str]]:
        """(school_id, school_name, district_id, district_name) of every school."""
        for zone in self.zones:
            for place in range(zone.schools):
                kind = (
                    _ELEMENTARY if place < zone.elementary else _MIDDLE if place == zone.elementary else _HIGH
                )
                school = zone.first_school + place
                yield (
                    self.school_id(school),
                    f"{_name(school)} {kind}",
                    self.district_id(zone.district),
                    self.district_name(zone.district),
                )


def make_plan(
    world: World, students: int, years: int, schools: int | None, seed: int, districts: int
) -> Plan:
    """Lays out a system of about `students` students a year.

    Raises ValueError for fewer than 13 students a zone, fewer than 3 schools a district or no year.
    """
    if years < 1 or districts < 1 or students < GRADES * districts:
        raise ValueError("a system needs at least one year, one district and 13 students a district")
    if schools is not None and schools < 3 * districts:
        raise ValueError("a district needs at least 3 schools: elementary, middle and high")
    zones = max(districts, round(students / world.students_per_zone) if schools is None else schools // 5)
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed)))
    weights = rng.lognormal(0.0, 0.35, zones)
    per_grade = students / GRADES * weights / weights.sum()
    place = (np.arange(zones) + 0.5) / zones
    span = world.neighborhoods.highest - world.neighborhoods.lowest
    disadvantaged = rng.permutation(world.neighborhoods.lowest + span * place)
    elementary = _elementary(zones, schools, rng)
    first = np.concatenate([[0], np.cumsum(elementary + 2)])
    poorest = np.argsort(-disadvantaged)
    closed = set(poorest[: round(world.schools.without_ap * zones)].tolist())
    made = tuple(
        Zone(
            number=zone,
            district=zone * districts // zones,
            first_school=int(first[zone]),
            elementary=int(elementary[zone]),
            per_grade=float(per_grade[zone]),
            disadvantaged=float(disadvantaged[zone]),
            offers_ap=zone not in closed,
            bright=zone == poorest[0],
        )
        for zone in range(zones)
    )
    return Plan(seed, years, made, districts)


def _elementary(zones: int, schools: int | None, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Elementary schools of each zone: 2 to 4, or so many that the system has the schools asked for."""
    drawn = rng.integers(2, 5, zones)
    if schools is None:
        return drawn
    left = schools - 2 * zones
    return left // zones + (np.arange(zones) < left % zones).astype(np.int64)


def _name(number: int, shift: int = 0) -> str:
    """A plant's name, with a place and then a number where the plants run out."""
    plants, places = len(_PLANTS), len(_PLACES)
    plant = _PLANTS[
        (number * 37 + shift) % plants
    ]  # 37 and the number of plants have no common divisor: all occur
    turn = number // plants
    suffix = f" {turn // places + 1}" if turn >= places else ""
    return f"{plant}{_PLACES[turn % places]}{suffix}"
