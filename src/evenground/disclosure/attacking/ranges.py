"""How far each hidden count can still go: points that agree with everything released widen its range.

Part of the attack: it imports nothing from the rooms that hide.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from scipy import sparse

from evenground.disclosure.attacking.linear import pinned
from evenground.disclosure.attacking.system import (
    NEAR,
    Bools,
    Floats,
    Ints,
    System,
    batches,
    believable,
    only,
    solve,
    tightened,
)

_CORNERS = 3
_REACH = 4.0  # how many times the asked range many counts at once are moved
_FAR = 1000.0  # how far one count by itself is moved
_WORTHWHILE = 0.15  # share of the narrow counts that a round must widen for another one
_LITTLE = 0.005  # share of the narrow counts of a block that has to be widened for its next move
_HUGE = 1e12
_BUDGET = 20_000  # unknowns moved in all before a part is left; what is narrow then counts as found ...
_TIMES = 30  # ... and as many times its unknowns
_WHOLE_PART = 4  # how much more it counts to move everything for one count
_STEPS = 3  # equations away from a count that others may move with it before all may


class Ranges:
    """How far each asked count was seen to go, over all points that agree with the release."""

    def __init__(self, system: System, point: Floats, smallest_range: int):
        self._system, self._range = system, smallest_range
        self.low = self.high = system.values(point)
        self._sum, self._points = point.copy(), 1
        self._certain = np.zeros(len(self.low), dtype=bool)

    def take(self, point: Floats) -> None:
        self._sum, self._points = self._sum + point, self._points + 1
        seen = self._system.values(point)
        self.low, self.high = np.minimum(self.low, seen), np.maximum(self.high, seen)

    @property
    def middle(self) -> Floats:
        """The mean of all points taken."""
        return np.asarray(self._sum / self._points)

    @property
    def narrow(self) -> Bools:
        """True where fewer whole numbers were seen than the smallest range asks for."""
        return np.asarray(np.floor(self.high + NEAR) - np.ceil(self.low - NEAR) < self._range)

    @property
    def open(self) -> Bools:
        """Those narrow ones that are not known to be found."""
        return np.asarray(self.narrow & ~self._certain)

    def give_up(self) -> None:
        """Leaves out what is certainly found: by sums alone, or by the bounds of single counts."""
        one = np.diff(self._system.asked.indptr) == 1
        width = abs(self._system.asked) @ np.minimum(self._system.high - self._system.low, _HUGE)
        self._certain = (one & (width < self._range - NEAR)) | pinned(self._system)

    @property
    def wanted(self) -> tuple[Floats, Floats]:
        """How low and how high each count has to be seen for its range to be wide enough."""
        low, high = np.ceil(self.low - NEAR), np.floor(self.high + NEAR)
        return high - self._range, low + self._range


def seen_ranges(system: System, smallest_range: int) -> tuple[Floats, Floats]:
    """The range of each asked count that points were found for, sought until it holds `smallest_range` + 1
    whole numbers.

    Each part of the system that nothing links with the rest is solved by itself. Raises ValueError where no
    point agrees with the release.
    """
    low, high = system.offset.copy(), system.offset.copy()
    for part, asked, _ in batches(system):
        if len(asked):
            ranges = widened(*feasible(part), smallest_range)
            low[asked], high[asked] = ranges.low, ranges.high
    return low, high


def widened(system: System, point: Floats, smallest_range: int) -> Ranges:
    """From a point that agrees with the release everything is moved at once, then what equations link, at
    last each count by itself.
    """
    search = _Search(system, point, smallest_range)
    ranges, left = search.ranges, len(system.offset) + 1
    if ranges.narrow.any():
        ranges.give_up()
    while 0 < ranges.open.sum() < (1 - _WORTHWHILE) * left:
        left = int(ranges.open.sum())
        search.together()
        if ranges.open.sum() > (1 - _WORTHWHILE) * left:
            for block in search.blocks:
                search.among(block)
    for steps in (_STEPS, None):
        for index in np.flatnonzero(ranges.open).tolist():
            search.alone(index, steps)
    return ranges


class _Search:
    """Points that agree with the release, found so that narrow ranges widen.

    Others stay at the mean of all points of the whole system: away from the edges there is room to move.
    """

    def __init__(self, system: System, point: Floats, smallest_range: int):
        self.system, self.ranges = system, Ranges(system, point, smallest_range)
        self._random, self._reach = np.random.default_rng(0), _REACH * smallest_range
        self._floor, self._budget = _floor(system), _BUDGET + _TIMES * len(point)
        self._everything, self._points = np.arange(len(point)), [point]
        for _ in range(_CORNERS):
            wish = self._random.uniform(-1.0, 1.0, len(point))
            for cost in (wish, -wish):
                corner = solve(system, cost, *_box(system, point, self._reach))
                if corner is not None:
                    self._points.append(corner)
                    self.ranges.take(corner)

    @cached_property
    def blocks(self) -> list[Ints]:
        """Unknowns that equations link, whatever orders there are between them."""
        sums = abs(self.system.sums)
        count, block = sparse.csgraph.connected_components(sums.T @ sums, directed=False)
        return np.split(np.argsort(block, kind="stable"), np.cumsum(np.bincount(block, minlength=count))[:-1])

    def together(self) -> None:
        """All unknowns, once."""
        self._points.append(
            self._push(self._mean(), self._everything, self._directions(self.ranges.open), self._reach)
        )

    def among(self, moving: Ints) -> None:
        """Some unknowns, until that brings next to nothing new."""
        mine, point = np.diff(self.system.asked[:, moving].indptr) > 0, self._mean()
        while (narrow := self.ranges.open & mine).any() and self._budget > 0:
            self._budget -= len(moving)
            self._push(point, moving, self._directions(narrow), self._reach)
            if narrow.sum() - (self.ranges.open & mine).sum() <= narrow.sum() * _LITTLE:
                return

    def alone(self, index: int, steps: int | None) -> None:
        """One asked count, with the unknowns some equations or orders away; with all where `steps` is
        None.
        """
        if not self.ranges.narrow[index] or self._budget < 0:
            return
        moving = near(self.system, np.array([index]), steps)
        self._budget -= len(moving) if steps else _WHOLE_PART * len(moving)
        for sign in (1.0, -1.0):
            direction = np.zeros(len(self.ranges.low))
            direction[index] = sign
            self._push(self._mean(), moving, direction, _FAR)

    def _mean(self) -> Floats:
        return np.asarray(np.mean(self._points, axis=0))

    def _directions(self, narrow: Bools) -> Floats:
        """Upwards where nothing is below, else either way."""
        signs = self._random.choice([1.0, -1.0], len(narrow))
        signs[self.ranges.low <= self._floor + NEAR] = 1.0
        return np.where(narrow, signs * self._random.uniform(0.5, 1.0, len(narrow)), 0.0)

    def _push(self, point: Floats, moving: Ints, direction: Floats, reach: float) -> Floats:
        return push(self.system, point, moving, direction, reach, self.ranges)


def push(
    system: System, point: Floats, moving: Ints, direction: Floats, reach: float, ranges: Ranges
) -> Floats:
    """Moves some unknowns away from a point along a direction of the asked counts, all others staying where
    they are; the point reached, which `ranges` takes in.
    """
    part = only(system, moving, point) if len(moving) < len(point) else system
    low, high = _box(part, point[moving], reach)
    if reach < _FAR:
        _leave_some(part, direction, point[moving], ranges, low, high)
    found = solve(part, -(part.asked.T @ direction), low, high)
    reached = point.copy()
    if found is not None:
        reached[moving] = found
        ranges.take(reached)
    return reached


def _leave_some(
    part: System, direction: Floats, point: Floats, ranges: Ranges, low: Floats, high: Floats
) -> None:
    """Narrows the box so that no count goes further than it has to, and others find something left."""
    row = np.flatnonzero((np.diff(part.asked.indptr) == 1) & (direction != 0))
    entry = part.asked.indptr[row]
    row, entry = row[part.asked.data[entry] > 0], entry[part.asked.data[entry] > 0]
    unknown = part.asked.indices[entry]
    least, most = (ends[row] - part.offset[row] for ends in ranges.wanted)
    upwards = direction[row] > 0
    capped = np.maximum(np.minimum(high[unknown], most), point[unknown])
    floored = np.minimum(np.maximum(low[unknown], least), point[unknown])
    high[unknown] = np.where(upwards, capped, high[unknown])
    low[unknown] = np.where(upwards, low[unknown], floored)


def _floor(system: System) -> Floats:
    """The least that each asked count can be, as far as its bounds tell; no count is below zero."""
    plus, minus = (abs(system.asked) + system.asked) / 2, (abs(system.asked) - system.asked) / 2
    least = plus @ system.low - minus @ np.minimum(system.high, _HUGE) + system.offset
    return np.asarray(np.maximum(least, 0.0))


def _box(system: System, point: Floats, reach: float) -> tuple[Floats, Floats]:
    return np.maximum(system.low, point - reach), np.minimum(system.high, point + reach)


def feasible(system: System) -> tuple[System, Floats]:
    """The system with the bounds that follow from it, and a point of it; where there is none, without the
    equations that cannot be true.
    """
    for attempt in (tightened, lambda system: system, believable):
        tried = attempt(system)
        point = solve(tried, np.zeros(len(tried.low)), tried.low, tried.high)
        if point is not None:
            return tried, point
    raise ValueError("the released cells contradict each other; the attack cannot be made")


def near(system: System, asked: Ints, steps: int | None) -> Ints:
    """The unknowns of the asked counts and those some equations or orders away; all where `steps` is None."""
    if steps is None:
        return np.arange(len(system.low))
    mine = np.asarray(abs(system.asked[asked]).sum(axis=0) > 0)
    reached, rows = mine.astype(float), system.rows
    for _ in range(steps):
        reached = (rows.T @ (rows @ reached) > 0).astype(float)
    return np.flatnonzero((reached > 0) | mine)
