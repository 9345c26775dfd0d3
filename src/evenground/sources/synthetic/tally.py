"""Adding up the truth: students and their planted chances, cell by cell, and the stories in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from evenground.sources.roster import SYSTEM
from evenground.sources.synthetic.life import Life
from evenground.sources.synthetic.outcomes import Mask, Year, at_least
from evenground.sources.synthetic.people import Floats, dimension_values
from evenground.sources.synthetic.plan import Plan
from evenground.sources.synthetic.rows import school_values
from evenground.sources.synthetic.truth import RATES, Truth
from evenground.sources.synthetic.world import World
from evenground.sources.synthetic.zone import ZoneYears

_CROSS = ("race_ethnicity", "sex")
_BY_SCHOOL = ("all", "race_ethnicity", "economic_disadvantage")
_EXPOSURES = {
    "teacher_experience": "teacher_experience",
    "novice_share": "novice_teachers",
    "uncertified_share": "uncertified_teachers",
    "students_per_teacher": "students_per_teacher",
    "spending": "spending",
}
_LEVELS = {"basic": 2, "proficient": 3, "advanced": 4}


@dataclass
class Tally:
    """Adds up zone by zone. `sums[indicator]` is (2, years, slots, groups): students and their chances."""

    world: World
    plan: Plan
    by_school: bool
    sums: dict[str, Floats] = field(default_factory=dict)

    @property
    def slots(self) -> int:
        return self.plan.schools if self.by_school else self.plan.districts

    def add(self, made: ZoneYears, year: Year, life: Life) -> None:
        dimensions = _dimensions(self.world)
        school = made.zone.first_school + year.place
        slot = school if self.by_school else np.full(len(school), made.zone.district)
        codes = {name: year.codes[name].astype(np.int64) for name in dimension_values(self.world)}
        codes["+".join(_CROSS)] = codes[_CROSS[0]] * len(self.world.sexes) + codes[_CROSS[1]]
        codes["all"] = np.zeros(len(school), np.int64)
        for indicator, rows, chance in _indicators(self.world, made, year, life):
            into = self.sums.setdefault(
                indicator, np.zeros((2, self.plan.years, self.slots, _width(dimensions)))
            )
            self._add_year(
                into[:, year.year],
                slot[rows],
                {name: code[rows] for name, code in codes.items()},
                chance[rows],
            )

    def _add_year(
        self,
        into: Floats,
        slot: npt.NDArray[np.int64],
        codes: Mapping[str, npt.NDArray[np.int64]],
        chance: Floats,
    ) -> None:
        start = 0
        for name, keys in _dimensions(self.world).items():
            cell = slot * len(keys) + codes[name]
            size = self.slots * len(keys)
            for place, weights in enumerate((None, chance)):
                into[place, :, start : start + len(keys)] += np.bincount(cell, weights, size).reshape(
                    self.slots, len(keys)
                )
            start += len(keys)

    def truth(self) -> Truth:
        whole = f"state:{SYSTEM}" if self.plan.districts > 1 else f"district:{self.plan.district_id(0)}"
        settings = {
            "seed": self.plan.seed,
            "years": self.plan.years,
            "schools": self.plan.schools,
            "districts": self.plan.districts,
            "whole": whole,
        }
        rows = list(self._rows())
        rates = pa.table([pa.array(column) for column in zip(*rows, strict=True)], schema=RATES)
        truth = Truth(settings, rates, ())
        return Truth(settings, rates, tuple(_stories(self, truth)))

    def _rows(self) -> Iterator[tuple[str, str, str, str, str, int, float]]:
        groups = [(name, key) for name, keys in _dimensions(self.world).items() for key in keys]
        periods = self.world.periods(self.plan.years)
        for indicator, sums in self.sums.items():
            for level, identity, part in self._units(sums):
                for year, period in enumerate(periods):
                    for place, (name, key) in enumerate(groups):
                        n = int(part[0, year, place])
                        if n and (level != "school" or name in _BY_SCHOOL):
                            yield indicator, level, identity, period, key, n, float(part[1, year, place] / n)

    def _units(self, sums: Floats) -> Iterator[tuple[str, str, Floats]]:
        """(level, id, sums) of the system (of several districts), districts, and schools where told."""
        if self.plan.districts > 1:
            yield "state", SYSTEM, sums.sum(axis=2)
        district_of = self._district_of()
        for district in range(self.plan.districts):
            yield "district", self.plan.district_id(district), sums[:, :, district_of == district].sum(axis=2)
        if self.by_school:
            for school in range(self.plan.schools):
                yield "school", self.plan.school_id(school), sums[:, :, school]

    def _district_of(self) -> npt.NDArray[np.int64]:
        if not self.by_school:
            return np.arange(self.plan.districts)
        return np.concatenate([np.full(zone.schools, zone.district) for zone in self.plan.zones])


def _dimensions(world: World) -> dict[str, list[str]]:
    """Dimension (or cross, or `all`) -> the group keys of its codes."""
    found = {"all": ["all"]}
    values = dimension_values(world)
    found.update({name: [f"{name}:{value}" for value in known] for name, known in values.items()})
    first, second = _CROSS
    found["+".join(_CROSS)] = [
        f"{first}:{one}+{second}:{two}" for one in values[first] for two in values[second]
    ]
    return found


def _width(dimensions: Mapping[str, list[str]]) -> int:
    return sum(len(keys) for keys in dimensions.values())


def _indicators(world: World, made: ZoneYears, year: Year, life: Life) -> Iterator[tuple[str, Mask, Floats]]:
    """(indicator, students counted, their planted chances)."""
    p, census, enrolled = year.chance, year.on_census_day, year.enrolled
    high = census & (year.grade >= 9)
    yield "ap_participation", high, p["ap_course"]
    yield "advanced_course", high, p["ap_course"] + (1 - p["ap_course"]) * p["other_advanced"]
    yield "algebra_grade_8", census & (year.grade == 8), p["algebra_1"]
    for subject in ("reading", "mathematics"):
        for name, level in _LEVELS.items():
            yield f"{subject}_{name}", year.levels[subject] > 0, at_least(world, p[subject], level)
    yield "graduation", year.in_cohort, p["graduated"]
    yield "ag_completion", year.in_cohort & year.happened["graduated"], p["ag_complete"]
    yield "chronic_absence", enrolled & (year.days_absent >= 0), p["chronically_absent"]
    yield "suspension", enrolled, p["suspended"]
    yield "in_school_removal", enrolled, p["in_school_removal"]
    yield "expulsion", enrolled, p["expelled"]
    for column, values in school_values(made, year).items():
        yield _EXPOSURES[column], census, values[year.place]


def _stories(tally: Tally, truth: Truth) -> Iterator[Mapping[str, Any]]:
    periods = tally.world.periods(tally.plan.years)
    if len(periods) > 1:
        yield _closing(
            truth,
            periods,
            "ap_participation",
            "race_ethnicity:hispanic",
            "race_ethnicity:white",
            "those_behind_rose",
        )
        yield _closing(
            truth,
            periods,
            "reading_proficient",
            "economic_disadvantage:disadvantaged",
            "economic_disadvantage:not_disadvantaged",
            "those_ahead_fell",
        )
    bright = next(zone for zone in tally.plan.zones if zone.bright)
    unit = f"school:{tally.plan.school_id(bright.first_school + bright.elementary)}"
    yield {
        "story": "school_above_expectation",
        "unit": unit,
        "indicator": f"{tally.world.bright_school.outcome}_proficient",
        "above": tally.world.bright_school.above,
    }
    if tally.by_school:
        yield from (_parts(tally, group) for group in ("race_ethnicity:black", "race_ethnicity:hispanic"))


def _closing(
    truth: Truth, periods: tuple[str, ...], indicator: str, group: str, reference: str, why: str
) -> Mapping[str, Any]:
    first, last = periods[0], periods[-1]
    rates = {
        name: [truth.rate(indicator, period, key) for period in (first, last)]
        for name, key in (("group", group), ("reference", reference))
    }
    return {
        "story": "gap_closes",
        "why": why,
        "indicator": indicator,
        "group": group,
        "reference": reference,
        "periods": [first, last],
        "group_rates": rates["group"],
        "reference_rates": rates["reference"],
    }


def _parts(tally: Tally, group: str) -> Mapping[str, Any]:
    """Between and within schools: sum (w_a - w_b) mean r + sum mean w (r_a - r_b) over schools of both."""
    keys = [key for known in _dimensions(tally.world).values() for key in known]
    reference = "race_ethnicity:white"
    n, total = tally.sums["ap_participation"][:, -1]
    a, b = keys.index(group), keys.index(reference)
    both = (n[:, a] > 0) & (n[:, b] > 0)
    rate = {place: total[both, place] / n[both, place] for place in (a, b)}
    weight = {place: n[both, place] / n[both, place].sum() for place in (a, b)}
    between = float(np.sum((weight[a] - weight[b]) * (rate[a] + rate[b]) / 2))
    within = float(np.sum((weight[a] + weight[b]) / 2 * (rate[a] - rate[b])))
    return {
        "story": "between_and_within_schools",
        "indicator": "ap_participation",
        "period": tally.world.last_period,
        "group": group,
        "reference": reference,
        "between": between,
        "within": within,
        "gap": between + within,
    }
