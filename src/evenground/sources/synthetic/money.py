"""What a school spends, by category and by whose money it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.sources.synthetic.outcomes import Year
from evenground.sources.synthetic.people import Floats
from evenground.sources.synthetic.world import World
from evenground.sources.synthetic.zone import ZoneYears

SOURCES = ("federal", "state", "local")


@dataclass(frozen=True)
class Budget:
    """One entry a school, category and source; `high_need` is the share of high-need students by school."""

    place: npt.NDArray[np.int64]
    category: npt.NDArray[np.int64]
    source: npt.NDArray[np.int64]
    amount: Floats
    high_need: Floats
    categories: tuple[str, ...]


def make_budget(world: World, made: ZoneYears, year: Year) -> Budget:
    """Whole dollars that add up to spending per student times students of census day.

    Supplemental state money goes with high-need students (disadvantaged or English learners), federal money
    for support to schools with many disadvantaged students; the rest is split by the planted shares, local
    and state.
    """
    plan, schools = world.budgets, made.zone.schools
    census = year.on_census_day
    place = year.place[census]
    students = np.bincount(place, minlength=schools).astype(np.float64)
    poor = year.codes["economic_disadvantage"][census] == 0
    need = poor | (year.codes["english_learner"][census] == 0)
    in_need = np.bincount(place, need, schools)
    disadvantaged = np.bincount(place, poor, schools)
    share = in_need / np.maximum(students, 1)
    beyond = np.maximum(share - plan.concentration_from, 0) * students
    supplemental = np.round(plan.supplemental * in_need + plan.concentration * beyond)
    with_title_one = disadvantaged >= plan.title_one_from * np.maximum(students, 1)
    title_one = np.asarray(
        np.round(np.where(with_title_one, plan.title_one * disadvantaged, 0.0)), np.float64
    )
    total = made.spending[year.year] * students
    rest = total - supplemental - title_one
    categories = (*plan.shares, "supplemental")
    local = plan.local * (1 - 2 / 3 * disadvantaged / np.maximum(students, 1))
    state, federal, of_locals = SOURCES.index("state"), SOURCES.index("federal"), SOURCES.index("local")
    parts: list[tuple[int, int, Floats]] = [(len(categories) - 1, state, supplemental)]
    left = rest.copy()
    for number, (category, part) in enumerate(plan.shares.items()):
        amount = left if number == len(plan.shares) - 1 else np.round(rest * part)
        left = left - amount
        from_local = np.round(amount * local)
        parts += [(number, of_locals, from_local), (number, state, amount - from_local)]
        if category == "support":
            parts.append((number, federal, title_one))
    there = np.flatnonzero(students > 0)
    amounts = np.stack([amount[there] for _, _, amount in parts], axis=1)
    keep = amounts.ravel() > 0
    return Budget(
        np.repeat(there, len(parts))[keep],
        np.tile([category for category, _, _ in parts], len(there))[keep],
        np.tile([source for _, source, _ in parts], len(there))[keep],
        amounts.ravel()[keep],
        share,
        categories,
    )
