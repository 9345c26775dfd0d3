"""What an outsider can write down: the counts, equations and orders that follow from a release and the public
definitions.

Part of the attack: it imports nothing from the rooms that hide, and reads nothing that is not released.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations

import pyarrow as pa

from evenground.definitions.loader import Definitions
from evenground.model import ALL, LEVELS, NOT_REPORTED, VALUE, group_key, parse_group

Place = tuple[str, str, str]  # unit level, unit id, group
Count = tuple[str, str, Place]  # ("students", population, place) or ("reached", indicator, place)
Cell = tuple[float | None, float | None, str]  # n, value, state
Weighed = tuple[
    tuple[tuple[int, float], ...], float, float
]  # (unknown, its weight) ..., least and most of the sum
_NEAR = 1e-6


@dataclass
class Book:
    """Counts of one period. `known` have a value; `unknown` are numbered and at least `least`.

    `equations`: (total, parts); `orders`: (smaller, larger); `weighed`: what means say; `targets`: (name,
    count or pair of counts whose difference is meant) for every hidden count.
    """

    known: dict[Count, float] = field(default_factory=dict)
    unknown: dict[Count, int] = field(default_factory=dict)
    least: list[float] = field(default_factory=list)
    equations: set[tuple[Count, tuple[Count, ...]]] = field(default_factory=set)
    orders: set[tuple[Count, Count]] = field(default_factory=set)
    targets: dict[tuple[Count, Count | None], tuple[str, str, Place]] = field(default_factory=dict)
    weighed: list[Weighed] = field(default_factory=list)

    def value(self, count: Count) -> float | None:
        """The public value; a count that no row mentions is nobody."""
        return None if count in self.unknown else self.known.get(count, 0.0)


class Release:
    """One period of released cells, read with the public definitions beside it."""

    def __init__(
        self,
        rows: Iterable[tuple[str, str, str, str, float | None, float | None, str]],
        units: pa.Table,
        definitions: Definitions,
    ):
        self.cells: dict[tuple[str, Place], Cell] = {
            (row[0], (row[1], row[2], row[3])): (row[4], row[5], row[6]) for row in rows
        }
        self.definitions = definitions
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

    def _consistent(self, indicator: str, other: str) -> bool:
        for (name, place), (n, value, state) in self.cells.items():
            if name == indicator and state == VALUE and n and value is not None:
                if self.dims[place[2]] not in self.cuts[other, place[0], place[1]]:
                    if round(n * value) > 0 or self.cuts[other, place[0], place[1]]:
                        return False
                elif (other, place) in self.cells:
                    size = self._n(other, place)
                    if size is not None and abs(round(n * value) - size) > _NEAR:
                        return False
                elif round(n * value) != 0:
                    return False
        return True


def write_down(release: Release) -> Book:
    """The outsider's book of a release."""
    book = Book()
    _counts(release, book)
    for indicator, (level, unit) in {(indicator, place[:2]) for indicator, place in release.cells}:
        _orders(release, book, indicator, (level, unit))
    _group_sums(release, book)
    _unit_sums(release, book)
    _targets(release, book)
    return book


def _counts(release: Release, book: Book) -> None:
    for (indicator, place), (n, value, state) in sorted(release.cells.items()):
        if state == VALUE and n is not None:
            book.known[release.students(indicator, place)] = n
            if release.is_rate(indicator) and value is not None:
                book.known[release.reached(indicator, place)] = float(round(n * value))
    for (indicator, place), (_, _, state) in sorted(release.cells.items()):
        if state != VALUE:
            counts = [(release.students(indicator, place), 1.0)]
            if release.is_rate(indicator):
                linked = indicator in release.links and (release.links[indicator], place) not in release.cells
                counts += [] if linked else [(release.reached(indicator, place), 0.0)]
            for count, least in counts:
                if count not in book.known and count not in book.unknown:
                    book.unknown[count] = len(book.least)
                    book.least.append(least)
                elif count in book.unknown:
                    book.least[book.unknown[count]] = max(book.least[book.unknown[count]], least)


def _orders(release: Release, book: Book, indicator: str, unit: tuple[str, str]) -> None:
    """Those who reached are among the students; those at the next level are among those at this one."""
    if not release.is_rate(indicator):
        return
    entry = release.definitions.indicators[indicator]
    levels = [
        (other.order, name)
        for name in release.indicators
        if (other := release.definitions.indicators[name]).family is not None
        and other.family == entry.family
        and other.order is not None
    ]
    above = [name for one, name in sorted(levels) if entry.order is not None and one > entry.order][:1]
    for group in release.dims:
        place = (*unit, group)
        if (indicator, place) in release.cells:
            book.orders.add((release.reached(indicator, place), release.students(indicator, place)))
            for name in above:
                if (name, place) in release.cells:
                    book.orders.add((release.reached(name, place), release.reached(indicator, place)))


def _group_sums(release: Release, book: Book) -> None:
    """Everybody is the sum of the values of a dimension, within every group that is shown."""
    shapes = {}
    for (indicator, level, unit), cuts in sorted(release.cuts.items()):
        shape = frozenset(cuts)
        if shape not in shapes:
            shapes[shape] = list(_margins(shape, release))
        for total, parts in shapes[shape]:
            for count in (
                (release.students, release.reached) if release.is_rate(indicator) else (release.students,)
            ):
                if (indicator, (level, unit, total)) in release.cells:
                    there = [part for part in parts[0] if (indicator, (level, unit, part)) in release.cells]
                    if parts[1] or len(there) == len(parts[0]):
                        book.equations.add(
                            (
                                count(indicator, (level, unit, total)),
                                tuple(count(indicator, (level, unit, part)) for part in there),
                            )
                        )


def _margins(
    cuts: frozenset[tuple[str, ...]], release: Release
) -> Iterator[tuple[str, tuple[list[str], bool]]]:
    """(group, (its parts, whether a part that is not shown is nobody))."""
    dimensions = release.definitions.dimensions
    for cut in cuts:
        for size in range(1, len(cut) + 1):
            removed = [
                out
                for out in combinations(cut, size)
                if tuple(name for name in cut if name not in out) in cuts
            ]
            for out in removed:
                parts = defaultdict(list)
                for group, names in release.dims.items():
                    if names == cut:
                        parts[group_key(pair for pair in parse_group(group) if pair[0] not in out)].append(
                            group
                        )
                entries = [dimensions[name] for name in out if name in dimensions]
                if len(entries) == len(out) and all(
                    entry.complete and not entry.overlapping for entry in entries
                ):
                    yield from ((total, (sorted(groups), True)) for total, groups in sorted(parts.items()))
                elif size == 1 and entries:
                    for total, groups in sorted(parts.items()):
                        named = {dict(parse_group(group))[out[0]]: group for group in groups}
                        for value, entry in entries[0].values.items():
                            if value in named and entry.complement in named and value < entry.complement:
                                yield total, ([named[value], named[entry.complement]], False)
            if removed:
                break


def _unit_sums(release: Release, book: Book) -> None:
    for indicator in release.indicators:
        for (level, unit), children in sorted(release.children.items()):
            for group, cut in release.dims.items():
                shown = [child for child in children if (indicator, *child) in release.cuts]
                if (indicator, (level, unit, group)) in release.cells and all(
                    cut in release.cuts[indicator, *child] for child in shown
                ):
                    there = [
                        (*child, group) for child in shown if (indicator, (*child, group)) in release.cells
                    ]
                    for count in (
                        (release.students, release.reached)
                        if release.is_rate(indicator)
                        else (release.students,)
                    ):
                        book.equations.add(
                            (
                                count(indicator, (level, unit, group)),
                                tuple(count(indicator, place) for place in there),
                            )
                        )


def _targets(release: Release, book: Book) -> None:
    """Every count of a hidden cell that no other cell publishes, its complement, and the counts at one level
    beside it.
    """
    for (indicator, place), (_, _, state) in sorted(release.cells.items()):
        if state in (VALUE, NOT_REPORTED):  # what nobody reported is no secret that the release keeps
            continue
        students = release.students(indicator, place)
        if students in book.unknown:
            book.targets.setdefault((students, None), ("students", indicator, place))
        if release.is_rate(indicator):
            reached = release.reached(indicator, place)
            if reached in book.unknown:
                book.targets.setdefault((reached, None), ("reached", indicator, place))
            if (students in book.unknown) == (reached in book.unknown):
                book.targets.setdefault((students, reached), ("not reached", indicator, place))
    for smaller, larger in sorted(book.orders):
        if smaller in book.unknown and larger in book.unknown:
            book.targets.setdefault((larger, smaller), ("at one level", smaller[1], smaller[2]))


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
    """Unit -> the shown units right below it."""
    above = {}
    for level, identity, parent in zip(
        *(units[name].to_pylist() for name in ("unit_level", "unit_id", "parent_id")), strict=True
    ):
        if parent is not None and level != LEVELS[0]:
            above[level, identity] = (LEVELS[LEVELS.index(level) - 1], parent)
    children = defaultdict(list)
    for unit in sorted(shown):
        parent = above.get(unit)
        while parent is not None and parent not in shown:
            parent = above.get(parent)
        if parent is not None:
            children[parent].append(unit)
    return dict(children)
