"""What an outsider has in hand: a release, read with the public definitions beside it.

Part of the attack: it imports nothing from the rooms that hide, and reads nothing that is not released.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from evenground.definitions.known import Definitions
from evenground.definitions.schema import Policy
from evenground.disclosure.attacking.rows import Cell, Row, place_of, tagged, untagged, years_in
from evenground.model import ALL, LEVELS, VALUE, parse_group

Place = tuple[str, str, str]  # unit level, unit id with its period (rows.tagged), group
Count = tuple[str, str, Place]  # ("students", population, place) or ("reached", indicator, place)
Family = tuple[str, Place, tuple[Place, ...]]  # indicator, a place and those that add up to it
Weighed = tuple[
    tuple[tuple[int, float], ...], float, float
]  # (unknown, its weight) ..., least and most of the sum
Floats = npt.NDArray[np.float64]
_NEAR = 1e-6


@dataclass
class Book:
    """Counts of one problem. `known` have a value; `unknown` are numbered, at least `least` and at most
    `most`; `told` are those of them that are published rounded.

    `equations`: (total, parts); `families`: the places that add up; `orders`: (smaller, larger); `weighed`:
    what means and shares say; `targets`: (name, count or pair of counts whose difference is meant) for every
    hidden count.
    """

    known: dict[Count, float] = field(default_factory=dict)
    unknown: dict[Count, int] = field(default_factory=dict)
    least: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)
    told: set[Count] = field(default_factory=set)
    equations: set[tuple[Count, tuple[Count, ...]]] = field(default_factory=set)
    families: list[Family] = field(default_factory=list)
    orders: set[tuple[Count, Count]] = field(default_factory=set)
    targets: dict[tuple[Count, Count | None], tuple[str, str, Place]] = field(default_factory=dict)
    weighed: list[Weighed] = field(default_factory=list)

    def value(self, count: Count) -> float | None:
        """The public value; a count that no row mentions is nobody."""
        return None if count in self.unknown else self.known.get(count, 0.0)

    def bound(self, count: Count, least: float, most: float = inf) -> None:
        """Makes a count unknown, between these, unless it is known."""
        if count in self.known:
            return
        if count not in self.unknown:
            self.unknown[count] = len(self.least)
            self.least.append(least)
            self.most.append(most)
        index = self.unknown[count]
        self.least[index], self.most[index] = max(self.least[index], least), min(self.most[index], most)


class Release:
    """Released cells of years that hang together, read with the public definitions beside them.

    `coarse`: numbers of students and shares are rounded by the policy; numbers that are not multiples of its
    `round_n`, or shares that are not in its steps, are read as they are written.
    """

    def __init__(self, rows: Sequence[Row], units: pa.Table, definitions: Definitions, policy: Policy):
        self.cells: dict[tuple[str, Place], Cell] = {place_of(row): row[4:7] for row in rows}
        self.bounds: dict[tuple[str, Place], tuple[float, float]] = {
            place_of(row): (row[7], row[8])
            for row in rows
            if row[6] != VALUE and row[7] is not None and row[8] is not None
        }
        self.definitions, self.policy = definitions, policy
        self.coarse = (bool(policy.bands) or policy.round_n > 1) and self._rounded()
        self.indicators = sorted({indicator for indicator, _ in self.cells})
        self.dims = {place[2]: tuple(name for name, _ in parse_group(place[2])) for _, place in self.cells}
        self.cuts: defaultdict[tuple[str, str, str], set[tuple[str, ...]]] = defaultdict(set)
        for indicator, place in self.cells:
            self.cuts[indicator, place[0], place[1]].add(self.dims[place[2]])
        self.children = _children(units, {place[:2] for _, place in self.cells})
        self.population = self._populations()
        self.same = self._same_students()
        self.links = self._links()

    def students(self, indicator: str, place: Place) -> Count:
        population = self.population[indicator]
        return "students", self.same.get((population, place[0], place[1]), population), place

    def reached(self, indicator: str, place: Place) -> Count:
        return (
            self.students(self.links[indicator], place)
            if indicator in self.links
            else ("reached", indicator, place)
        )

    def is_rate(self, indicator: str) -> bool:
        return self.definitions.indicators[indicator].kind == "rate"

    def _populations(self) -> dict[str, str]:
        """Indicators over one population share their n, except with those that a public cell of theirs
        contradicts.
        """
        public: dict[str, dict[Place, float]] = {indicator: {} for indicator in self.indicators}
        for (indicator, place), (n, _, state) in self.cells.items():
            if state == VALUE and n is not None:
                public[indicator][place] = n
        names: dict[str, str] = {}
        shared: dict[str, dict[Place, float]] = {}
        for indicator in self.indicators:
            over, mine = self.definitions.indicators[indicator].over, public[indicator]
            tries = [over, *(f"{over}/{number}" for number in range(2, len(self.indicators) + 2))]
            for name in tries:
                known = shared.setdefault(name, {})
                if all(abs(known.get(place, n) - n) < _NEAR for place, n in mine.items()):
                    known.update(mine)
                    names[indicator] = name
                    break
        return names

    def _n(self, indicator: str, place: Place) -> float | None:
        n, _, state = self.cells[indicator, place]
        return n if state == VALUE else None

    def _same_students(self) -> dict[tuple[str, str, str], str]:
        """(population, unit) -> the population that it coincides with there, as far as public counts show.

        An outsider believes it when everybody's count is public and the same and no group speaks against it.
        """
        counts: defaultdict[tuple[str, str], dict[str, dict[str, float | None]]] = defaultdict(
            lambda: defaultdict(dict)
        )
        for indicator, place in self.cells:
            if years_in(place[1]):
                continue
            table = counts[place[:2]][self.population[indicator]]
            n = self._n(indicator, place)
            table[place[2]] = n if n is not None else table.get(place[2])
        same = {}
        for (level, unit), populations in counts.items():
            leaders: list[str] = []
            for population in sorted(populations):
                for leader in leaders:
                    if _agree(populations[leader], populations[population], self.dims):
                        same[population, level, unit] = leader
                        break
                else:
                    leaders.append(population)
        return same

    def _links(self) -> dict[str, str]:
        """Indicator -> another whose students are those who reached it, where the definitions say so and no
        public cell denies it.
        """
        found = {}
        for indicator in self.indicators:
            counted = self.definitions.indicators[indicator].counts
            for other in self.indicators:
                if (
                    counted is not None
                    and self.definitions.indicators[other].over == counted
                    and self._consistent(indicator, other)
                ):
                    found[indicator] = other
                    break
        return found

    def step(self, n: float) -> float:
        """The widest step in which shares of groups of about this size are told."""
        return max(self._steps(n), default=0.0)

    def _steps(self, n: float) -> list[float]:
        """The steps of the bands in which a group may be that is said to have n students."""
        half = self.policy.round_n / 2
        return [
            band.step
            for band in self.policy.bands
            if band.students_from - half <= n <= (band.students_to or inf) + half
        ]

    def _rounded(self) -> bool:
        """Whether every told number of students is a multiple of the policy's, and every share in a step."""
        for (indicator, _), (n, value, state) in self.cells.items():
            if state == VALUE and n is not None and n % self.policy.round_n > _NEAR:
                return False
            steps = self._steps(n) if state == VALUE and n is not None and self.is_rate(indicator) else []
            finest = min(steps, default=0.0)
            if finest and value is not None and abs(value / finest - round(value / finest)) > _NEAR:
                return False
        return True

    def _rounding(self, n: float) -> float:
        """How far a number of those who reached may be from what n and share say."""
        return (self.policy.round_n + n * self.step(n)) if self.coarse else _NEAR

    def true_values(self, true: Sequence[Row], book: Book) -> Floats:
        """The unknown counts of the book as the true cells have them; NaN where these say nothing."""
        values = np.full(len(book.least), np.nan)
        for row in true:
            (indicator, place), (n, value, _) = place_of(row), row[4:7]
            if (indicator, place) not in self.cells or n is None:
                continue
            counts = [(self.students(indicator, place), n)]
            if self.is_rate(indicator) and value is not None:
                counts.append((self.reached(indicator, place), float(round(n * value))))
            for count, number in counts:
                if count in book.unknown:
                    values[book.unknown[count]] = number
        return values

    def _consistent(self, indicator: str, other: str) -> bool:
        for (name, place), (n, value, state) in self.cells.items():
            if years_in(place[1]):
                continue
            if name == indicator and state == VALUE and n and value is not None:
                if self.dims[place[2]] not in self.cuts[other, place[0], place[1]]:
                    if round(n * value) > 0 or self.cuts[other, place[0], place[1]]:
                        return False
                elif (other, place) in self.cells:
                    size = self._n(other, place)
                    if size is not None and abs(round(n * value) - size) > self._rounding(n):
                        return False
                elif round(n * value) != 0:
                    return False
        return True


def _agree(
    one: dict[str, float | None], other: dict[str, float | None], dims: dict[str, tuple[str, ...]]
) -> bool:
    if one.get(ALL) is None or other.get(ALL) is None:
        return False
    shared = {dims[group] for group in one} & {dims[group] for group in other}
    for group in set(one) | set(other):
        if dims[group] in shared:
            if (group in one) != (group in other):
                return False
            first, second = one[group], other[group]
            if first is not None and second is not None and abs(first - second) > _NEAR:
                return False
    return True


def _children(units: pa.Table, shown: set[tuple[str, str]]) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """Unit -> the shown units right below it, in the same period."""
    above = {}
    for level, identity, parent in zip(
        *(units[name].to_pylist() for name in ("unit_level", "unit_id", "parent_id")), strict=True
    ):
        if parent is not None and level != LEVELS[0]:
            above[level, identity] = (LEVELS[LEVELS.index(level) - 1], parent)
    children = defaultdict(list)
    for level, place in sorted(shown):
        unit, period = untagged(place)
        parent = above.get((level, unit))
        while parent is not None and (parent[0], tagged(parent[1], period)) not in shown:
            parent = above.get(parent)
        if parent is not None:
            children[parent[0], tagged(parent[1], period)].append((level, place))
    return dict(children)
