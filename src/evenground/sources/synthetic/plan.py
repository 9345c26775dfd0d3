"""The plan of a made-up system: its districts, zones and schools, with their names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.sources.synthetic.places import Change, plan_changes
from evenground.sources.synthetic.world import World

GRADES = 13
_STREAMS = (
    "roles", "people", "mathematics", "staff", "courses", "classes", "programs", "surveys", "conduct",
    "after",
)  # fmt: skip
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

    Schools are numbered through the system from `first_school`: elementary ones, the middle, the high school,
    and then those that `changes` make. What is planted here: AP needs a teacher's word (`gate`), too few
    seats in a course (`bottleneck`), AP open to all (`open_door`), the policy (`talks`), `tutoring`.
    """

    number: int
    district: int
    first_school: int
    elementary: int
    per_grade: float
    disadvantaged: float
    offers_ap: bool
    bright: bool
    gate: bool = False
    bottleneck: bool = False
    open_door: bool = False
    talks: bool = False
    tutoring: bool = False
    changes: tuple[Change, ...] = ()

    @property
    def schools(self) -> int:
        return self.elementary + 2 + sum(change.made for change in self.changes)

    def place_in(
        self, place: npt.NDArray[np.int64], number: npt.NDArray[np.int64], year: int
    ) -> npt.NDArray[np.int64]:
        """Where those are in a year who were at `place` at first; a split parts them by their number."""
        for change in self.changes:
            if year >= change.year:
                gone = np.isin(place, change.old)
                place = np.where(gone, np.array(change.new)[number % len(change.new)], place)
        return place

    def exists(self, year: int) -> npt.NDArray[np.bool_]:
        """Which places are schools in a year."""
        there = np.ones(self.schools, np.bool_)
        for change in self.changes:
            there[list(change.old if year >= change.year else change.created)] = False
        return there

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
    def turn(self) -> int:
        """The year, 0 = first, in which what was tried began: the middle one."""
        return self.years // 2

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
            kinds = {zone.elementary: _MIDDLE, zone.elementary + 1: _HIGH}
            same = {new: change.old[0] for change in zone.changes for new in change.created if change.renames}
            for place in range(zone.schools):
                named = _name(zone.first_school + same.get(place, place))
                yield (
                    self.school_id(zone.first_school + place),
                    f"{named} {kinds.get(place, _ELEMENTARY)}",
                    self.district_id(zone.district),
                    self.district_name(zone.district),
                )


def stream(seed: int, zone: int, name: str, year: int = 0) -> np.random.Generator:
    """Chance of its own for each part of a zone: what one part draws does not change the others."""
    words = [seed, zone + 1, 1 + _STREAMS.index(name), year]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(words)))


def make_plan(
    world: World,
    students: int,
    years: int,
    schools: int | None,
    seed: int,
    districts: int,
    changes: bool = False,
) -> Plan:
    """Lays out a system of about `students` students a year.

    Raises ValueError for fewer than 13 students a zone, fewer than 3 schools a district or no year.
    """
    if years < 1 or districts < 1 or students < GRADES * districts:
        raise ValueError("a system needs at least one year, one district and 13 students a district")
    if schools is not None and schools < 3 * districts:
        raise ValueError("a district needs at least 3 schools: elementary, middle and high")
    zones = max(districts, round(students / world.students_per_zone) if schools is None else schools // 5)
    if students < GRADES * zones:
        raise ValueError(
            f"{schools:,} schools: a system of so many needs at least {GRADES * zones:,} students"
        )
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed)))
    weights = rng.lognormal(0.0, 0.35, zones)
    per_grade = students / GRADES * weights / weights.sum()
    place = (np.arange(zones) + 0.5) / zones
    span = world.neighborhoods.highest - world.neighborhoods.lowest
    disadvantaged = rng.permutation(world.neighborhoods.lowest + span * place)
    elementary = _elementary(zones, schools, rng)
    poorest = np.argsort(-disadvantaged)
    closed = set(poorest[: round(world.schools.without_ap * zones)].tolist())
    roles = _roles(world, zones, closed, int(poorest[0]), seed)
    changing = plan_changes(elementary.tolist(), years // 2, years) if changes else {}
    made: list[Zone] = []
    first = 0
    for zone in range(zones):
        made.append(
            Zone(
                number=zone,
                district=zone * districts // zones,
                first_school=first,
                elementary=int(elementary[zone]),
                per_grade=float(per_grade[zone]),
                disadvantaged=float(disadvantaged[zone]),
                offers_ap=zone not in closed,
                bright=zone == poorest[0],
                changes=changing.get(zone, ()),
                **{role: zone in members for role, members in roles.items()},
            )
        )
        first += made[-1].schools
    return Plan(seed, years, tuple(made), districts)


def _roles(world: World, zones: int, closed: set[int], bright: int, seed: int) -> dict[str, set[int]]:
    """What is planted in which zones: barriers and open doors in different ones where there are enough."""
    rng = stream(seed, -1, "roles")
    with_ap: list[int] = [zone for zone in rng.permutation(zones).tolist() if zone not in closed]
    gates = _some(world.barriers.recommendation.zones, with_ap)
    after = with_ap[len(gates) :] or with_ap
    bottlenecks = _some(world.barriers.bottleneck.zones, after)
    rest = [zone for zone in with_ap if zone not in (*gates, *bottlenecks)]
    drawn: list[int] = rng.permutation(zones).tolist()
    tutored = [zone for zone in drawn if zone != bright or zones == 1]
    return {
        "gate": set(gates),
        "bottleneck": set(bottlenecks),
        "open_door": set(_some(world.open_door.zones, rest)),
        "tutoring": set(_some(world.effects.tutoring.zones, tutored)),
        "talks": set(_some(world.effects.talks.zones, drawn[::-1])) if zones > 1 else set(),
    }


def _some(share: float, zones: list[int]) -> list[int]:
    """The first of the zones: a share of them, at least one where there are any."""
    return zones[: max(1, round(share * len(zones)))]


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
