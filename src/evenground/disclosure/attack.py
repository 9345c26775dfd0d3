"""The attack: what an outsider can work out from everything that is about to be released.

It knows the released cells, the units and the public definitions, nothing else, and shares no code with the
rooms that hide. What it can write down is in outsider.py; here linear programs ask how far each hidden count
can still vary.
"""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy import sparse
from scipy.optimize import linprog

from evenground.definitions.loader import Definitions
from evenground.definitions.schema import Policy
from evenground.disclosure.outsider import Book, Release, write_down
from evenground.disclosure.weighing import weigh
from evenground.model import VALUE

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Found = tuple[str, str, str, str, str, str]  # kind of count, indicator, unit level, unit id, period, group

_NEAR = 1e-6
_CORNERS = 3
_ROUNDS = 8  # attempts at moving the counts of a block; they end when four bring nothing new
_ATTEMPTS = 30  # points from which the blocks are moved ...
_PATIENCE = 4  # ... and how many of them in a row may bring nothing new
_STEPS = 3  # equations away from a count that others may move with it before all may
_FAR = 1000.0  # how far one count by itself is tried
_REACH = 4.0  # how far around a possible answer many counts at once are tried


@dataclass(frozen=True)
class Attack:
    """`hidden`: cells that are hidden; `tried`: hidden counts attacked; `derivable`: those found, without
    their values.
    """

    hidden: int
    tried: int
    derivable: tuple[Found, ...]
    seconds: float


@dataclass(frozen=True)
class System:
    """sums @ x = totals, gaps @ x <= slack, low <= x <= high; the counts asked for are asked @ x + offset."""

    sums: sparse.csr_array
    totals: Floats
    gaps: sparse.csr_array
    slack: Floats
    low: Floats
    high: Floats
    asked: sparse.csr_array
    offset: Floats


def attack(cells: pa.Table, units: pa.Table, policy: Policy, definitions: Definitions) -> Attack:
    """Attacks released cells (at least model.KEYS, n, value, state), period by period.

    A hidden count is derivable when no two whole numbers that are `policy.smallest_range` apart are left for
    it.
    """
    start = time.perf_counter()
    rows = defaultdict(list)
    names = ("indicator", "unit_level", "unit_id", "group", "n", "value", "state")
    for period, *row in zip(
        cells["period"].to_pylist(), *(cells[name].to_pylist() for name in names), strict=True
    ):
        rows[period].append(tuple(row))
    tried, derivable = 0, []
    for period in sorted(rows):
        release = Release(rows[period], units, definitions)
        book = write_down(release)
        weigh(release, book)
        tried += len(book.targets)
        unsafe = _unsafe(_system(book), policy.smallest_range) if book.targets else np.empty(0, dtype=bool)
        for (kind, indicator, (level, unit, group)), bad in zip(book.targets.values(), unsafe, strict=True):
            if bad:
                derivable.append((kind, indicator, level, unit, period, group))
    hidden = sum(state != VALUE for state in cells["state"].to_pylist())
    return Attack(hidden, tried, tuple(derivable), time.perf_counter() - start)


def _system(book: Book) -> System:
    """The book as matrices over the unknown counts; known counts move to the other side."""
    size = len(book.least)
    high = np.full(size, np.inf)
    low = np.array(book.least)
    sums, totals = _Rows(size), []
    for total, parts in sorted(book.equations):
        row = [(part, 1.0) for part in parts] + [(total, -1.0)]
        unknown = [(book.unknown[count], sign) for count, sign in row if count in book.unknown]
        if unknown:
            sums.add(unknown)
            totals.append(-sum(sign * (book.value(count) or 0.0) for count, sign in row))
    gaps, slack = _Rows(size), []
    for smaller, larger in sorted(book.orders):
        small, large = book.unknown.get(smaller), book.unknown.get(larger)
        if small is not None and large is not None:
            gaps.add([(small, 1.0), (large, -1.0)])
            slack.append(0.0)
        elif small is not None:
            high[small] = min(high[small], book.value(larger) or 0.0)
        elif large is not None:
            low[large] = max(low[large], book.value(smaller) or 0.0)
    for weights, least, most in book.weighed:
        gaps.add(list(weights))
        gaps.add([(unknown, -weight) for unknown, weight in weights])
        slack += [most, -least]
    asked, offset = _Rows(size), []
    for first, second in book.targets:
        signs = [(first, 1.0)] + ([(second, -1.0)] if second is not None else [])
        asked.add([(book.unknown[count], sign) for count, sign in signs if count in book.unknown])
        offset.append(sum(sign * (book.value(count) or 0.0) for count, sign in signs))
    return System(
        sums.matrix(),
        np.array(totals),
        gaps.matrix(),
        np.array(slack),
        low,
        high,
        asked.matrix(),
        np.array(offset),
    )


class _Rows:
    """Rows of a sparse matrix, one at a time."""

    def __init__(self, width: int):
        self.width, self.count = width, 0
        self.rows: list[int] = []
        self.columns: list[int] = []
        self.values: list[float] = []

    def add(self, entries: list[tuple[int, float]]) -> None:
        for column, value in entries:
            self.rows.append(self.count)
            self.columns.append(column)
            self.values.append(value)
        self.count += 1

    def matrix(self) -> sparse.csr_array:
        return sparse.csr_array((self.values, (self.rows, self.columns)), shape=(self.count, self.width))


def _unsafe(system: System, smallest_range: int) -> Bools:
    """Which of the asked counts are pinned down. Points that agree with the release widen each count's range
    until it is wide enough.

    From a point well inside, blocks of linked counts are moved first, then everything around the counts that
    are left, at last each of those by itself.
    """
    point = _solve(system, np.zeros(len(system.low)), system.low, system.high)
    if point is None:
        system = _believable(system)
        point = _solve(system, np.zeros(len(system.low)), system.low, system.high)
    if point is None:
        raise ValueError("the released cells contradict each other; the attack cannot be made")
    ranges = Ranges(system, point, smallest_range)
    point = _inside(system, ranges, point)
    blocks, waited = _blocks(system), 0
    start = point
    for attempt in range(_ATTEMPTS):
        before = int(ranges.narrow.sum())
        for block in blocks:
            _push(system, start, block, _REACH, ranges, _ROUNDS)
        if attempt:
            waited = waited + 1 if ranges.narrow.sum() == before else 0
        if not ranges.narrow.any() or waited == _PATIENCE:
            break
        near = _near(system, np.flatnonzero(ranges.narrow), _STEPS)
        corner = _push(system, point, near, _REACH, ranges, 1, seed=attempt)
        start = (point + corner) / 2
    for steps in (_STEPS, None):
        for index in np.flatnonzero(ranges.narrow):
            _push(system, point, _near(system, np.array([index]), steps), _FAR, ranges, 2, only=int(index))
    return ranges.narrow


class Ranges:
    """How far each asked count was seen to go, over all points that agree with the release."""

    def __init__(self, system: System, point: Floats, smallest_range: int):
        self._system, self._range = system, smallest_range
        self.low = self.high = system.asked @ point + system.offset

    def take(self, point: Floats) -> None:
        seen = self._system.asked @ point + self._system.offset
        self.low, self.high = np.minimum(self.low, seen), np.maximum(self.high, seen)

    @property
    def narrow(self) -> Bools:
        """True where fewer whole numbers were seen than the smallest range asks for."""
        return np.asarray(np.floor(self.high + _NEAR) - np.ceil(self.low - _NEAR) < self._range)


def _inside(system: System, ranges: Ranges, point: Floats) -> Floats:
    """The mean of some far-apart points: away from the edges, so that there is room to move."""
    random, points = np.random.default_rng(0), [point]
    for _ in range(_CORNERS):
        wish = random.uniform(-1.0, 1.0, len(point))
        for sign in (1.0, -1.0):
            corner = _solve(system, sign * wish, *_box(system, point, _REACH))
            if corner is not None:
                points.append(corner)
                ranges.take(corner)
    return np.asarray(np.mean(points, axis=0))


def _push(
    system: System,
    point: Floats,
    moving: Ints,
    reach: float,
    ranges: Ranges,
    rounds: int,
    only: int | None = None,
    seed: int = 0,
) -> Floats:
    """Moves some unknowns away from a point, all others staying where they are, so that narrow ranges widen;
    the last point reached.
    """
    low, high = (bound[moving] for bound in _box(system, point, reach))
    sums, gaps = system.sums[:, moving], system.gaps[:, moving]
    summed, held = np.diff(sums.indptr) > 0, np.diff(gaps.indptr) > 0
    reached, still = point, point.copy()
    still[moving] = 0.0
    part = replace(
        system,
        sums=sums[summed],
        gaps=gaps[held],
        totals=(sums @ point[moving])[summed],
        slack=(system.slack - system.gaps @ still)[held],
    )
    random, left = np.random.default_rng([len(moving), seed]), 0
    mine = np.diff(system.asked[:, moving].indptr) > 0
    for attempt in range(rounds):
        narrow = ranges.narrow & mine
        if not (narrow[only] if only is not None else narrow.any()):
            break
        if attempt % 2 == 0:
            if attempt % 4 == 0 and attempt and int(narrow.sum()) == left:
                break
            left = int(narrow.sum()) if attempt % 4 == 0 else left
            sign = random.choice([1.0, -1.0], len(narrow)) if attempt % 4 else 1.0
            direction = sign * random.uniform(0.5, 1.0, len(narrow))
            if only is not None:
                direction = (np.arange(len(narrow)) == only).astype(float)
        wish = system.asked.T @ np.where(narrow, direction, 0.0)
        found = _solve(part, -wish[moving], low, high)
        if found is not None:
            reached = point.copy()
            reached[moving] = found
            ranges.take(reached)
        direction = -direction
    return reached


def _blocks(system: System) -> list[Ints]:
    """Unknowns that equations link."""
    count, block = sparse.csgraph.connected_components(abs(system.sums.T) @ abs(system.sums), directed=False)
    return np.split(np.argsort(block, kind="stable"), np.cumsum(np.bincount(block, minlength=count))[:-1])


def _near(system: System, asked: Ints, steps: int | None) -> Ints:
    """The unknowns of the asked counts and those some equations or orders away; all where `steps` is None."""
    if steps is None:
        return np.arange(len(system.low))
    reached = (abs(system.asked[asked]).sum(axis=0) > 0).astype(float)
    rows = abs(sparse.vstack([system.sums, system.gaps]))
    for _ in range(steps):
        reached = (rows.T @ (rows @ reached) > 0).astype(float)
    return np.flatnonzero((reached > 0) | (abs(system.asked[asked]).sum(axis=0) > 0))


def _box(system: System, point: Floats, reach: float) -> tuple[Floats, Floats]:
    return np.maximum(system.low, point - reach), np.minimum(system.high, point + reach)


def _believable(system: System) -> System:
    """The system without the equations that cannot all be true, for tables that an outsider would take for
    sums and that are not.
    """
    rows, size = system.sums.shape
    eye = sparse.eye_array(rows)
    found = linprog(
        np.r_[np.zeros(size), np.ones(2 * rows)],
        A_ub=sparse.hstack([system.gaps, sparse.csr_array((system.gaps.shape[0], 2 * rows))])
        if system.gaps.shape[0]
        else None,
        b_ub=system.slack if system.gaps.shape[0] else None,
        A_eq=sparse.hstack([system.sums, eye, -eye]),
        b_eq=system.totals,
        bounds=np.c_[
            np.r_[system.low, np.zeros(2 * rows)],
            np.r_[np.maximum(system.low, system.high), np.full(2 * rows, np.inf)],
        ],
        method="highs",
    )
    if found.status != 0:
        return system
    true = np.flatnonzero(np.abs(system.sums @ found.x[:size] - system.totals) <= _NEAR)
    return replace(
        system, sums=system.sums[true], totals=system.totals[true], high=np.maximum(system.low, system.high)
    )


def _solve(system: System, cost: Floats, low: Floats, high: Floats) -> Floats | None:
    found = linprog(
        cost,
        A_ub=system.gaps if system.gaps.shape[0] else None,
        b_ub=system.slack if system.gaps.shape[0] else None,
        A_eq=system.sums if system.sums.shape[0] else None,
        b_eq=system.totals if system.sums.shape[0] else None,
        bounds=np.c_[low, high],
        method="highs",
    )
    return found.x if found.status == 0 else None
