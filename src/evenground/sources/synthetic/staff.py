"""The staff of a zone over the years: teachers who stay or leave, leaders, counselors, nurses, police."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from evenground.sources.synthetic.people import Floats
from evenground.sources.synthetic.plan import Zone
from evenground.sources.synthetic.world import World

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
LONGEST = 45


@dataclass(frozen=True)
class Teachers:
    """Teachers of a zone in a year, by school; `place` is the school's place in the zone.

    `number` stays with a teacher over the years; `returns`: teaches at the same school a year later.
    """

    number: Ints
    place: Ints
    fte: Floats
    years_experience: Ints
    certified: Mask
    in_field: Mask
    days_absent: Ints
    salary: Floats
    returns: Mask

    def mean(self, values: Floats, schools: int) -> Floats:
        """FTE-weighted mean of each school; NaN where there are no teachers."""
        total = self.total(schools)
        return np.bincount(self.place, self.fte * values, schools) / np.where(total > 0, total, np.nan)

    def total(self, schools: int) -> Floats:
        """Full-time equivalents of each school."""
        return np.bincount(self.place, self.fte, schools).astype(np.float64)


@dataclass(frozen=True)
class Others:
    """Staff of one other role in a year."""

    role: str
    number: Ints
    place: Ints
    fte: Floats
    years_experience: Ints
    salary: Floats


def make_teachers(
    world: World, zone: Zone, students: Sequence[Ints], rng: np.random.Generator
) -> tuple[Teachers, ...]:
    """Teachers of every year; `students` holds students of census day by school, one array a year.

    A teacher leaves by chance, and where a school needs fewer; who teaches there next is newly hired.
    """
    needed = [
        np.where(here > 0, np.maximum(1, np.round(here / world.schools.students_per_teacher)), 0).astype(
            np.int64
        )
        for here in students
    ]
    mean = world.schools.experience.at(zone.disadvantaged)
    place = np.repeat(np.arange(zone.schools), needed[0])
    first = _hire(world, zone, len(place), mean, rng)
    state = _State(np.arange(len(place)), place, **first)
    known = len(place)
    found: list[Teachers] = []
    for year in range(len(students)):
        n = len(state.place)
        stays = rng.random(n) >= world.staff.turnover.at(zone.disadvantaged)
        days = np.floor(rng.gamma(2.0, world.staff.days_absent.at(zone.disadvantaged) / 2, n)).astype(
            np.int64
        )
        last = year + 1 == len(students)
        after = state.place if last else zone.place_in(state.place, state.number, year + 1)
        if not last:
            stays &= _rank(after, stays) < needed[year + 1][after]
        found.append(state.teachers(world, np.minimum(days, 90), stays))
        if not last:
            kept = state.stay(after, stays)
            gone = needed[year + 1] - np.bincount(kept.place, minlength=zone.schools)
            place = np.repeat(np.arange(zone.schools), gone)
            hired = _hire(world, zone, len(place), mean * world.staff.hired, rng)
            state = kept.and_new(_State(known + np.arange(len(place)), place, **hired))
            known += len(place)
    return tuple(found)


@dataclass(frozen=True)
class _State:
    """Teachers at the start of a year, by school."""

    number: Ints
    place: Ints
    fte: Floats
    experience: Ints
    certified: Mask
    in_field: Mask
    extra: Floats

    def teachers(self, world: World, days: Ints, stays: Mask) -> Teachers:
        salary = np.round(_salary(world, self.experience) + self.extra, -2)
        return Teachers(
            self.number,
            self.place,
            self.fte,
            self.experience,
            self.certified,
            self.in_field,
            days,
            salary,
            stays,
        )

    def stay(self, place: Ints, stays: Mask) -> _State:
        """Those who stay, a year older, where they are now."""
        kept = _State(**{name: values[stays] for name, values in vars(replace(self, place=place)).items()})
        return replace(kept, experience=np.minimum(kept.experience + 1, LONGEST))

    def and_new(self, hired: _State) -> _State:
        both = {name: np.concatenate([values, vars(hired)[name]]) for name, values in vars(self).items()}
        order = np.argsort(both["place"], kind="stable")
        return _State(**{name: values[order] for name, values in both.items()})


def _hire(world: World, zone: Zone, n: int, mean: float, rng: np.random.Generator) -> dict[str, Any]:
    experience = 1 + np.floor(rng.exponential(mean, n)).astype(np.int64)
    return {
        "fte": np.where(rng.random(n) < 0.1, 0.5, 1.0),
        "experience": np.minimum(experience, LONGEST),
        "certified": rng.random(n) < world.schools.certified.at(zone.disadvantaged),
        "in_field": rng.random(n) < world.staff.in_field.at(zone.disadvantaged),
        "extra": rng.normal(0.0, world.staff.salary.spread, n),
    }


def _rank(place: Ints, chosen: Mask) -> Ints:
    """The how-many-eth of the chosen each is at its place (others: without meaning)."""
    order = np.argsort(place, kind="stable")
    running = np.cumsum(chosen[order])
    starts = np.searchsorted(place[order], place[order])
    before = np.where(starts > 0, running[starts - 1], 0)
    rank = np.empty(len(place), np.int64)
    rank[order] = running - before - 1
    return rank


def _salary(world: World, experience: Ints) -> Floats:
    pay = world.staff.salary
    return np.asarray(pay.first + pay.step * (np.minimum(experience, pay.steps) - 1))


def make_others(
    world: World, zone: Zone, students: Sequence[Ints], police: Mask, rng: np.random.Generator
) -> tuple[tuple[Others, ...], ...]:
    """Leaders, counselors, nurses and police of every year, at schools that have students."""
    plan, poor = world.staff, zone.disadvantaged
    found = []
    longest = {role: rng.exponential(plan.leader_experience.at(poor), 64) for role in _ROLES}
    for year, here in enumerate(students):
        posts = {
            "leader": np.ceil(here / plan.students_per_leader) * 2,
            "counselor": np.round(here / plan.students_per_counselor.at(poor) * 2),
            "nurse": np.round(here / plan.students_per_nurse * 2),
            "police": np.where(police & (here > 0), 2, 0),
        }
        roles = []
        for role, halves in posts.items():
            full = np.ceil(halves / 2).astype(np.int64)
            place = np.repeat(np.arange(zone.schools), full)
            within = np.arange(len(place)) - np.repeat(np.cumsum(full) - full, full)
            half = (halves[place] % 2 == 1) & (within == full[place] - 1)
            post = place * 8 + np.minimum(within, 7)
            # A post goes to somebody new every few years; who holds it is known by the number of the turn.
            length = 3 + post % 4
            turn = (year + post) // length
            began = np.maximum((turn * length) - post, 0)
            start = np.where(turn * length - post > 0, 1, 1 + np.floor(longest[role][post % 64]))
            years = np.minimum(start + year - began, LONGEST).astype(np.int64)
            pay = _salary(world, years) * _ROLES[role]
            roles.append(
                Others(role, post * 32 + turn % 32, place, np.where(half, 0.5, 1.0), years, np.round(pay, -2))
            )
        found.append(tuple(roles))
    return tuple(found)


_ROLES = {"leader": 1.7, "counselor": 1.15, "nurse": 1.05, "police": 1.0}
"""Role -> pay, times that of a teacher of as many years."""


def make_police(world: World, zone: Zone, rng: np.random.Generator) -> Mask:
    """Which schools have a police officer: middle and high schools, more of them where families have less."""
    draw = rng.random(zone.schools) < world.staff.police.at(zone.disadvantaged)
    secondary = np.isin(np.arange(zone.schools), (zone.elementary, zone.elementary + 1))
    return np.asarray(draw & secondary)
