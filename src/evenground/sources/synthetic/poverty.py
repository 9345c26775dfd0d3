"""Measures of poverty that disagree in a known way: direct certification, meals, the neighborhood."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.sources.synthetic.people import Floats, People, dimension_values
from evenground.sources.synthetic.plan import Zone
from evenground.sources.synthetic.world import World

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Measures:
    """One place a student: `form_draw` decides whether a form is on file; `everybody_eats` by school."""

    direct_certified: Mask
    form_chance: Floats
    form_draw: Floats
    everybody_eats: Mask

    def meals(
        self,
        world: World,
        person: npt.NDArray[np.int64],
        grade: npt.NDArray[np.int64],
        place: npt.NDArray[np.int64],
    ) -> Mask:
        """Who is eligible for free or reduced-price meals in a year."""
        chance = self.form_chance[person] * np.where(grade >= 9, world.poverty.forms_high_school, 1.0)
        return np.asarray(
            self.direct_certified[person] | (self.form_draw[person] < chance) | self.everybody_eats[place]
        )


def certified_chance(world: World, people: People) -> Floats:
    """The chance of being directly certified: lower for families whom the benefits do not reach."""
    poverty = world.poverty
    chance = np.where(
        people.poor, poverty.direct_certified["disadvantaged"], poverty.direct_certified["others"]
    )
    race = dimension_values(world)["race_ethnicity"]
    for name, times in poverty.reached_less.items():
        chance = np.where(people.codes["race_ethnicity"] == race.index(name), chance * times, chance)
    return chance


def meals_chance(
    world: World,
    people: People,
    measures: Measures,
    person: npt.NDArray[np.int64],
    grade: npt.NDArray[np.int64],
    place: npt.NDArray[np.int64],
) -> Floats:
    """The chance of being eligible for meals in a year: certified, by a form, or because everybody is."""
    form = measures.form_chance[person] * np.where(grade >= 9, world.poverty.forms_high_school, 1.0)
    either = 1 - (1 - certified_chance(world, people)[person]) * (1 - form)
    return np.where(measures.everybody_eats[place], 1.0, either)


def make_measures(
    world: World,
    zone: Zone,
    people: People,
    first: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]],
    rng: np.random.Generator,
) -> Measures:
    """Draws the measures; `first` holds person and place of the students of the first year."""
    forms = world.poverty.forms
    certified = rng.random(len(people)) < certified_chance(world, people)
    person, place = first
    there = np.bincount(place, minlength=zone.schools)
    share = np.bincount(place, certified[person], zone.schools) / np.maximum(there, 1)
    everybody = share >= world.poverty.cep_from
    for change in zone.changes:
        everybody[list(change.created)] = everybody[change.old[0]]
    return Measures(
        certified,
        np.where(people.poor, forms["disadvantaged"], forms["others"]),
        rng.random(len(people)),
        everybody,
    )
