"""Incidents and what schools decided: the same conduct, not the same answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.sources.synthetic.outcomes import Year
from evenground.sources.synthetic.people import dimension_values
from evenground.sources.synthetic.plan import Plan, stream
from evenground.sources.synthetic.world import World
from evenground.sources.synthetic.zone import ZoneYears

CONSEQUENCES = (
    "out_of_school_suspension", "in_school_suspension", "expulsion", "referral", "arrest", "restraint",
    "other",
)  # fmt: skip
_SUSPENSION, _IN_SCHOOL, _EXPULSION, _REFERRAL, _ARREST, _RESTRAINT, _OTHER = range(len(CONSEQUENCES))
_IN_CLASS = (_REFERRAL, _ARREST, _RESTRAINT, _OTHER)


@dataclass(frozen=True)
class Incidents:
    """One entry a consequence: the student's place in the year, what was done, what was decided, days out.

    `conduct` is a place in the kinds of world.conduct; -1 where none is told.
    """

    row: npt.NDArray[np.int64]
    conduct: npt.NDArray[np.int64]
    consequence: npt.NDArray[np.int64]
    days: npt.NDArray[np.int64]
    on_day: npt.NDArray[np.int64]


def make_incidents(world: World, plan: Plan, made: ZoneYears, year: Year) -> Incidents:
    """An incident is answered by a suspension or otherwise (`other`); a few go to the police as well."""
    rng = stream(plan.seed, made.zone.number, "conduct", year.year)
    conduct, n = world.conduct, len(year.person)
    there = year.enrolled
    incident = year.happened["conduct"] & there
    suspended = year.happened["suspended"] & there
    kind = np.searchsorted(np.cumsum(list(conduct.kinds.values())), rng.random(n))
    kind = np.minimum(kind, len(conduct.kinds) - 1)
    police = made.police[year.place]
    share = np.where(police, conduct.referred.with_police, conduct.referred.without)
    referred = incident & (year.grade >= 6) & (rng.random(n) < share)
    arrested = referred & (rng.random(n) < conduct.arrested)
    with_disability = year.codes["disability"] == dimension_values(world)["disability"].index(
        "with_disability"
    )
    restrained = there & with_disability & (rng.random(n) < conduct.restrained)
    parts = (
        (suspended, _SUSPENSION, True),
        (year.happened["in_school_removal"] & there, _IN_SCHOOL, False),
        (year.happened["expelled"] & there, _EXPULSION, False),
        (referred, _REFERRAL, True),
        (arrested, _ARREST, True),
        (restrained, _RESTRAINT, False),
        (incident & ~suspended, _OTHER, True),
    )
    row = np.concatenate([np.flatnonzero(rows) for rows, _, _ in parts])
    consequence = np.repeat([what for _, what, _ in parts], [int(rows.sum()) for rows, _, _ in parts])
    told = np.repeat([same for _, _, same in parts], [int(rows.sum()) for rows, _, _ in parts])
    days = 1 + np.minimum(rng.geometric(0.45, len(row)) - 1, 9)
    days = np.where(consequence == _EXPULSION, 45, np.where(np.isin(consequence, _IN_CLASS), 0, days))
    # One incident, one day: what followed from it carries the same date.
    day = rng.integers(0, 150, n)
    return Incidents(row, np.where(told, kind[row], -1), consequence, days, day[row])
