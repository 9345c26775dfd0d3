"""People who know one school: all its counts are theirs, and no count of another place may follow from them.

Part of the attack: it imports nothing from the rooms that hide.
"""

from __future__ import annotations

from math import ceil, log2

import numpy as np

from evenground.disclosure.attacking.ranges import Ranges, feasible, push, widened
from evenground.disclosure.attacking.system import NEAR, Bools, Floats, Ints, System, batches, only, rows_of

_MORE = 4  # halves of the schools beyond those that tell any two schools apart
_WAYS = 6  # directions for each half
_REACH = 4.0


def told_by_one_school(
    system: System, school: Ints, of_asked: Ints, truth: Floats | None, smallest_range: int
) -> Bools:
    """Which asked counts somebody who knows all counts of one other school can work out.

    `school`: of each unknown, `of_asked`: of each asked count; a number, -1 for places above the schools.
    `truth`: the true unknowns; None: one table that agrees with the release stands for them. Errs on the safe
    side: a count is safe when, for every school, two tables that agree with the release and in that school
    differ in it far enough.
    """
    found = np.zeros(len(system.offset), dtype=bool)
    for part, asked, columns in batches(system):
        if not len(asked):
            continue
        point = None if truth is None else truth[columns]
        if point is None or not _agrees(part, point):
            point = _middle(part, smallest_range)
        found[asked] = _exposed(part, point, school[columns], of_asked[asked], smallest_range)
    return found


def _agrees(system: System, point: Floats) -> bool:
    return bool(
        np.all(np.abs(system.sums @ point - system.totals) <= NEAR)
        and np.all(system.gaps @ point <= system.slack + NEAR)
        and np.all((point >= system.low - NEAR) & (point <= system.high + NEAR))
    )


def _middle(system: System, smallest_range: int) -> Floats:
    tight, point = feasible(system)
    return widened(tight, point, smallest_range).middle


def _exposed(system: System, point: Floats, school: Ints, of_asked: Ints, smallest_range: int) -> Bools:
    """First half of the schools are held at once: who is safe then is safe from each of them. What is left is
    tried school by school.
    """
    schools = np.unique(school[school >= 0])
    exposed = of_asked[:, None] != schools[None, :]
    random = np.random.default_rng(0)
    for _ in range(2 * ceil(log2(len(schools) + 1)) + _MORE if len(schools) > 1 else 0):
        held = random.random(len(schools)) < 0.5
        for side in (held, ~held):
            moving = np.flatnonzero(~np.isin(school, schools[side]))
            wide = _wide(system, point, moving, exposed[:, side].any(axis=1), smallest_range, random)
            exposed[np.ix_(wide, side)] = False
    for place, one in enumerate(schools.tolist()):
        left = np.flatnonzero(exposed[:, place])
        if len(left):
            moving = np.flatnonzero(school != one)
            part = rows_of(only(system, moving, point), left)
            exposed[left, place] = widened(part, point[moving], smallest_range).narrow
    return np.asarray(exposed.any(axis=1))


def _wide(
    system: System,
    point: Floats,
    moving: Ints,
    wanted: Bools,
    smallest_range: int,
    random: np.random.Generator,
) -> Bools:
    """Which wanted counts were moved far enough while all but some unknowns stayed."""
    ranges = Ranges(system, point, smallest_range)
    wanted = wanted & (np.diff(system.asked[:, moving].indptr) > 0)
    for _ in range(_WAYS):
        narrow = ranges.narrow & wanted
        if not narrow.any():
            break
        signs = random.choice([1.0, -1.0], len(narrow))
        direction = np.where(narrow, signs * random.uniform(0.5, 1.0, len(narrow)), 0.0)
        push(system, point, moving, direction, _REACH * smallest_range, ranges)
    return wanted & ~ranges.narrow
