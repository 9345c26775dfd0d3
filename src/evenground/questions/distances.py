"""How far each group is from everybody else at school, and how far chance alone would put it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evenground.measures import Estimate, segregation
from evenground.model import ALL
from evenground.questions.here import Here
from evenground.questions.mixing import Mixing
from evenground.questions.rows import OTHERS


@dataclass(frozen=True)
class _Distance:
    """How far a group is at the least and at the most, how far by chance alone; and the measures."""

    least: float
    most: float
    chance: segregation.Expected
    told: dict[str, Estimate | float]


def distances(asked: Here, now: Mixing, groups: list[str]) -> None:
    """How far each group is from everybody else, and how far chance alone would put it.

    Where chance makes up too much of it, nobody can say how far (too_few).
    """
    most = asked.scope.definitions.parameter("most_by_chance")
    for group in groups:
        own = now.group == group
        public = np.array_equal(now.low[own], now.high[own])
        n = float(now.low[own].sum() if public else asked.block.sums.n[asked.rows[group]])
        if not n > 0:
            continue
        found = _exact(now, group) if public else _range(asked, now, group)
        if found is None:
            continue
        verdict = _verdict(found, most)
        for measure, number in found.told.items():
            asked.add(group, measure, number, OTHERS, n=n, verdict=verdict)
        asked.add(group, "dissimilarity_by_chance", found.chance, OTHERS, n=n, verdict=verdict)


def _verdict(found: _Distance, most: float) -> str:
    """Within what chance alone does; clearly further; or too much of it may be chance to say."""
    chance, highest = found.chance.value[0], found.chance.high[0]
    if found.most <= highest:
        return "no_clear_difference"
    return "above" if found.least > highest and chance <= most * found.least else "too_few"


def _exact(now: Mixing, group: str) -> _Distance | None:
    """Where every count of the group is public."""
    unit, count = _against_others(now, group, now.low)
    who = np.repeat(["group", "others"], len(count) // 2)
    found = segregation.dissimilarity(count, unit, who)
    if np.isnan(found.value):
        return None
    chance = segregation.expected(count, unit, who, index=("dissimilarity",))
    return _Distance(float(found.value), float(found.value), chance, {"dissimilarity": found})


def _range(asked: Here, now: Mixing, group: str) -> _Distance | None:
    """Where counts of the group are hidden.

    Chance is that of the public numbers of the schools, as large as it may be.
    """
    unit, low = _against_others(now, group, now.low)
    _, high = _against_others(now, group, now.high)
    half = len(low) // 2
    # the others of a school are most where the group is least
    low[half:], high[half:] = high[half:].copy(), low[half:].copy()
    who = np.repeat(["group", "others"], half)
    total = np.tile(low[:half] + high[half:], 2)
    everybody = asked.block.sums.n[asked.rows[ALL]]
    own = asked.block.sums.n[asked.rows[group]]
    complete = np.isclose(total[:half].sum(), everybody)
    sums = np.repeat([own, everybody - own], half) if complete else None
    try:
        found = segregation.dissimilarity_bounds(
            low, high, unit, who, between=("group", "others"), unit_total=total, group_total=sums
        )
    except ValueError:  # the numbers of the publisher do not add up
        return None
    if np.isnan(found.low):
        return None
    chance = segregation.expected(low, unit, who, index=("dissimilarity",))
    least, most = float(found.low), float(found.high)
    told: dict[str, Estimate | float] = {"dissimilarity_least": least, "dissimilarity_most": most}
    return _Distance(least, most, chance, told)


def _against_others(now: Mixing, group: str, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Units twice, and their counts: of the group, and of everybody else."""
    own = now.group == group
    units, first = np.unique(now.unit, return_index=True)
    of_group = np.zeros(len(units))
    of_group[np.searchsorted(units, now.unit[own])] = counts[own]
    return np.tile(units, 2), np.concatenate([of_group, np.maximum(now.total[first] - of_group, 0.0)])
