"""What was planted, told: barriers, bright spots, effects, measures, each with place, group and size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from evenground.sources.roster import roster_format
from evenground.sources.synthetic.life import Life
from evenground.sources.synthetic.outcomes import Year
from evenground.sources.synthetic.people import dimension_values
from evenground.sources.synthetic.plan import Plan, Zone
from evenground.sources.synthetic.poverty import certified_chance
from evenground.sources.synthetic.truth import Truth
from evenground.sources.synthetic.world import World
from evenground.sources.synthetic.zone import ZoneYears

Story = Mapping[str, Any]
_HIGHER = ("ap",)


@dataclass
class Stories:
    """Adds up what the stories need, zone by zone: `sums` holds [how many, of how many] by name."""

    sums: dict[tuple[str, ...], npt.NDArray[np.float64]] = field(
        default_factory=lambda: defaultdict(lambda: np.zeros(2))
    )
    free_meals: list[str] = field(default_factory=list)

    def add(self, world: World, plan: Plan, made: ZoneYears, year: Year, life: Life) -> None:
        """Adds a year of a zone; most is told for the last year."""
        if made.zone.gate:
            held = year.chance["ap_placed"] < world.barriers.recommendation.placed
            here = held & year.on_census_day & (year.grade >= 9)
            would = year.chance["ap_asked"][here] * world.barriers.recommendation.placed
            self._add(
                ("kept_out", str(year.year)), np.sum(would - year.chance["ap_course"][here]), here.sum()
            )
        if year.year != plan.years - 1:
            return
        races = dimension_values(world)["race_ethnicity"]
        certified = certified_chance(world, made.people)[year.person]
        poor = made.people.poor[year.person] & year.on_census_day
        for code, race in enumerate(races):
            here = (year.codes["race_ethnicity"] == code) & year.enrolled
            self._add(
                ("conduct", race), year.chance["suspended"][here].sum(), year.chance["conduct"][here].sum()
            )
            self._add(("certified", race), certified[here & poor].sum(), (here & poor).sum())
        for scale, chance in life.answers.chance.items():
            for dimension in ("race_ethnicity", "sex"):
                for code, value in enumerate(dimension_values(world)[dimension]):
                    here = life.answers.answered & (year.codes[dimension] == code)
                    self._add((scale, f"{dimension}:{value}"), chance[here].sum(), here.sum())
        if made.zone.talks:
            here = year.enrolled
            self._add(("talks",), year.chance["suspended"][here].sum(), here.sum())
        self._teachers(world, made, year, life)
        first = made.zone.first_school
        self.free_meals += [
            plan.school_id(first + int(place))
            for place in np.flatnonzero(made.poverty.everybody_eats & made.zone.exists(year.year))
        ]

    def _add(self, name: tuple[str, ...], how_many: float, of: float) -> None:
        self.sums[name] += (how_many, of)

    def _teachers(self, world: World, made: ZoneYears, year: Year, life: Life) -> None:
        taught = life.sections.teacher >= 0
        teachers, course = made.teachers[year.year], life.sections.course[taught]
        novice = teachers.years_experience[life.sections.teacher[taught]] <= roster_format().rule(
            "novice_years"
        )
        higher = np.array([item.type in _HIGHER for item in world.courses.values()])[course]
        at_high = life.sections.place[taught] == made.zone.elementary + 1
        for name, here in (("ap", higher & at_high), ("others", ~higher & at_high)):
            self._add(("novice", name), novice[here].sum(), here.sum())

    def tell(self, world: World, plan: Plan, truth: Truth) -> Iterator[Story]:
        yield from _gaps_that_close(world, plan, truth)
        yield from _bright_spots(world, plan)
        yield from self._barriers(world, plan)
        yield from self._effects(world, plan)
        yield from self._measures(world, plan)
        yield from _changes(world, plan)

    def _share(self, *name: str) -> float | None:
        how_many, of = self.sums[name]
        return float(how_many / of) if of else None

    def _barriers(self, world: World, plan: Plan) -> Iterator[Story]:
        barriers, periods = world.barriers, world.periods(plan.years)
        if closed := _high_schools(plan, lambda zone: not zone.offers_ap):
            yield {"story": "no_ap", "kind": "barrier", "schools": closed, "indicator": "ap_participation"}
        yield {
            "story": "recommendation",
            "kind": "barrier",
            "schools": _high_schools(plan, lambda zone: zone.gate),
            "table": "course_requests",
            "course_type": "ap",
            "group": f"race_ethnicity:{barriers.recommendation.group}",
            "placed_group": barriers.recommendation.placed_group,
            "placed_others": barriers.recommendation.placed,
            "placed_elsewhere": barriers.recommendation.placed,
            "students_kept_out": {
                period: float(self.sums["kept_out", str(year)][0]) for year, period in enumerate(periods)
            },
        }
        yield {
            "story": "bottleneck",
            "kind": "barrier",
            "schools": _high_schools(plan, lambda zone: zone.bottleneck),
            "table": "course_requests",
            "course_code": barriers.bottleneck.course,
            "placed": barriers.bottleneck.placed_here,
            "placed_elsewhere": barriers.bottleneck.placed,
        }
        races = dimension_values(world)["race_ethnicity"]
        yield {
            "story": "same_conduct",
            "kind": "barrier",
            "table": "incidents",
            "period": world.last_period,
            "suspended_of_incidents": {
                f"race_ethnicity:{race}": self._share("conduct", race) for race in races
            },
        }
        yield {
            "story": "teachers_of_courses",
            "kind": "barrier",
            "table": "sections",
            "period": world.last_period,
            "novice_share_of_sections": {name: self._share("novice", name) for name in ("ap", "others")},
        }

    def _effects(self, world: World, plan: Plan) -> Iterator[Story]:
        effects, turn = world.effects, world.periods(plan.years)[plan.turn]
        tutored = [
            plan.school_id(zone.first_school + zone.elementary) for zone in plan.zones if zone.tutoring
        ]
        for name, offer, chosen in (
            ("tutoring", effects.tutoring, "by lot"),
            ("summer", effects.summer, "by families"),
        ):
            lean = np.sqrt(offer.chosen * world.lasting) * _density(ndtri(offer.share))
            yield {
                "story": name,
                "kind": "effect",
                "program": name,
                "from": turn,
                "grades": list(offer.grades),
                **({"schools": tutored} if name == "tutoring" else {}),
                "chosen": chosen,
                "outcome": f"{offer.outcome}_score",
                "standard_deviations": dict(offer.adds),
                "points": {who: adds * world.levels.score_spread for who, adds in offer.adds.items()},
                "points_by_choice": float(
                    lean / (offer.share * (1 - offer.share)) * world.levels.score_spread
                ),
            }
        if plan.years > 1 and (talks := [zone for zone in plan.zones if zone.talks]):
            rate = self._share("talks") or 0.0
            yield {
                "story": "talks",
                "kind": "effect",
                "from": turn,
                "schools": [
                    plan.school_id(zone.first_school + place)
                    for zone in talks
                    for place in range(zone.schools)
                ],
                "indicator": "suspension",
                "times": effects.talks.times,
                "rate": rate,
                "rate_without": rate / effects.talks.times,
            }

    def _measures(self, world: World, plan: Plan) -> Iterator[Story]:
        yield {
            "story": "poverty_measures",
            "kind": "measure",
            "period": world.last_period,
            "certified_of_disadvantaged": {
                f"race_ethnicity:{race}": self._share("certified", race)
                for race in dimension_values(world)["race_ethnicity"]
            },
            "meals_for_everybody": self.free_meals,
        }
        for scale in world.surveys.scales:
            groups = [name[1] for name in list(self.sums) if name[0] == scale]
            yield {
                "story": "survey",
                "kind": "measure",
                "period": world.last_period,
                "table": "survey_answers",
                "scale": scale,
                "favorable_answers": {group: self._share(scale, group) for group in groups},
            }


def _high_schools(plan: Plan, which: Callable[[Zone], bool]) -> list[str]:
    return [plan.school_id(zone.first_school + zone.elementary + 1) for zone in plan.zones if which(zone)]


def _bright_spots(world: World, plan: Plan) -> Iterator[Story]:
    bright = next(zone for zone in plan.zones if zone.bright)
    yield {
        "story": "school_above_expectation",
        "kind": "bright_spot",
        "unit": f"school:{plan.school_id(bright.first_school + bright.elementary)}",
        "indicator": f"{world.bright_school.outcome}_proficient",
        "above": world.bright_school.above,
    }
    if schools := _high_schools(plan, lambda zone: zone.open_door):
        yield {
            "story": "open_door",
            "kind": "bright_spot",
            "schools": schools,
            "indicator": "ap_participation",
            "dimension": "race_ethnicity",
            "effect_of_race": 0.0,
        }


def _changes(world: World, plan: Plan) -> Iterator[Story]:
    for zone in plan.zones:
        for change in zone.changes:
            yield {
                "story": "places",
                "kind": change.kind,
                "from": world.periods(plan.years)[change.year],
                "schools": [plan.school_id(zone.first_school + place) for place in change.old],
                "successors": [plan.school_id(zone.first_school + place) for place in change.created],
                "students_go_to": [plan.school_id(zone.first_school + place) for place in change.new],
            }


def _gaps_that_close(world: World, plan: Plan, truth: Truth) -> Iterator[Story]:
    if plan.years == 1:
        return
    periods = world.periods(plan.years)
    poor = "economic_disadvantage:disadvantaged", "economic_disadvantage:not_disadvantaged"
    for indicator, group, reference, why in (
        ("ap_participation", "race_ethnicity:hispanic", "race_ethnicity:white", "those_behind_rose"),
        ("reading_proficient", *poor, "those_ahead_fell"),
    ):
        ends = periods[0], periods[-1]
        yield {
            "story": "gap_closes",
            "why": why,
            "indicator": indicator,
            "group": group,
            "reference": reference,
            "periods": list(ends),
            "group_rates": [truth.rate(indicator, period, group) for period in ends],
            "reference_rates": [truth.rate(indicator, period, reference) for period in ends],
        }


def _density(z: float) -> float:
    """Of the normal curve; scipy.stats has it too, and takes as long to import as all else of a command."""
    return float(np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi))
