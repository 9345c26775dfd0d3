"""Adding up the truth: students and their planted chances, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from evenground.sources.roster import SYSTEM
from evenground.sources.synthetic.chances import planted_chances
from evenground.sources.synthetic.life import Life
from evenground.sources.synthetic.outcomes import Year
from evenground.sources.synthetic.people import Floats, dimension_values
from evenground.sources.synthetic.plan import Plan
from evenground.sources.synthetic.stories import Stories
from evenground.sources.synthetic.truth import RATES, Truth
from evenground.sources.synthetic.world import World
from evenground.sources.synthetic.zone import ZoneYears

_CROSS = ("race_ethnicity", "sex")
_BY_SCHOOL = ("all", "race_ethnicity", "economic_disadvantage")


@dataclass
class Tally:
    """Adds up zone by zone. `sums[indicator]` is (2, years, slots, groups): students and their chances."""

    world: World
    plan: Plan
    by_school: bool
    sums: dict[str, Floats] = field(default_factory=dict)
    stories: Stories = field(default_factory=Stories)

    @property
    def slots(self) -> int:
        return self.plan.schools if self.by_school else self.plan.districts

    def add(self, made: ZoneYears, year: Year, life: Life) -> None:
        self.stories.add(self.world, self.plan, made, year, life)
        dimensions = _dimensions(self.world)
        school = made.zone.first_school + year.place
        slot = school if self.by_school else np.full(len(school), made.zone.district)
        codes = {name: year.codes[name].astype(np.int64) for name in dimension_values(self.world)}
        codes["+".join(_CROSS)] = codes[_CROSS[0]] * len(self.world.sexes) + codes[_CROSS[1]]
        codes["all"] = np.zeros(len(school), np.int64)
        for indicator, rows, chance in planted_chances(self.world, self.plan, made, year, life):
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
        planted = [*self.stories.tell(self.world, self.plan, truth), *self._parts()]
        return Truth(settings, rates, tuple(planted))

    def _parts(self) -> Iterator[Mapping[str, Any]]:
        """Between and within schools of both: sum (w_a - w_b) mean r + sum mean w (r_a - r_b)."""
        if not self.by_school:
            return
        keys = [key for known in _dimensions(self.world).values() for key in known]
        reference = "race_ethnicity:white"
        n, total = self.sums["ap_participation"][:, -1]
        for group in ("race_ethnicity:black", "race_ethnicity:hispanic"):
            a, b = keys.index(group), keys.index(reference)
            both = (n[:, a] > 0) & (n[:, b] > 0)
            rate = {place: total[both, place] / n[both, place] for place in (a, b)}
            weight = {place: n[both, place] / n[both, place].sum() for place in (a, b)}
            between = float(np.sum((weight[a] - weight[b]) * (rate[a] + rate[b]) / 2))
            within = float(np.sum((weight[a] + weight[b]) / 2 * (rate[a] - rate[b])))
            yield {
                "story": "between_and_within_schools",
                "indicator": "ap_participation",
                "period": self.world.last_period,
                "group": group,
                "reference": reference,
                "between": between,
                "within": within,
                "gap": between + within,
            }

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
