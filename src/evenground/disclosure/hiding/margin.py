"""Margins: which groups add up to which group, which units to which unit, which years to which period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from evenground.definitions.known import Definitions
from evenground.model import LEVELS, group_key, is_several, parse_group, years_of

Ints = npt.NDArray[np.int64]
Place = tuple[str, str, str]  # unit level, unit id, period


@dataclass(frozen=True)
class Margin:
    """`total` is the sum of `parts` (indices of groups or of places). `exact`: a missing part is nobody; else
    all must be there.
    """

    total: int
    parts: Ints
    exact: bool = True


@dataclass(frozen=True)
class GroupMargins:
    """`cut[g]`: number of the set of dimensions that group g names; `margins` between the groups."""

    cut: Ints
    margins: tuple[Margin, ...]


def group_margins(groups: Sequence[str], definitions: Definitions) -> GroupMargins:
    """All margins between the groups.

    The values of a dimension (with `unknown`) add up to the wider group when they do not overlap and are
    complete; of an overlapping dimension a value and its complement do. Sets of dimensions that are missing
    in between are stepped over.
    """
    parsed = [parse_group(group) for group in groups]
    cuts = [tuple(dimension for dimension, _ in pairs) for pairs in parsed]
    names = sorted(set(cuts), key=lambda cut: (len(cut), cut))
    number = {cut: index for index, cut in enumerate(names)}
    place = {group: index for index, group in enumerate(groups)}
    margins: list[Margin] = []
    for finer in reversed(names):
        members = [index for index, cut in enumerate(cuts) if cut == finer]
        for wider in _wider(finer, number):
            margins.extend(_between(wider, finer, members, parsed, place, definitions))
    return GroupMargins(np.array([number[cut] for cut in cuts], dtype=np.int64), tuple(margins))


def place_margins(places: Sequence[Place], table: pa.Table) -> tuple[Margin, ...]:
    """A unit with the units right below it in the same period, levels that are missing in between stepped
    over; and school years told together with each of them.
    """
    place = {one: index for index, one in enumerate(places)}
    above = {
        (level, unit): (LEVELS[LEVELS.index(level) - 1], parent)
        for level, unit, parent in zip(
            *(table[name].to_pylist() for name in ("unit_level", "unit_id", "parent_id")), strict=True
        )
        if parent is not None and level != LEVELS[0]
    }
    children: defaultdict[int, list[int]] = defaultdict(list)
    for (level, unit, period), index in place.items():
        parent = above.get((level, unit))
        while parent is not None and (*parent, period) not in place:
            parent = above.get(parent)
        if parent is not None:
            children[place[*parent, period]].append(index)
    below = [Margin(one, np.array(sorted(parts))) for one, parts in sorted(children.items(), reverse=True)]
    return (*below, *_over_years(place))


def _over_years(place: Mapping[Place, int]) -> Iterator[Margin]:
    """Years told together, where each of them has its own place."""
    for (level, unit, period), index in sorted(place.items()):
        years = [(level, unit, year) for year in years_of(period)]
        if is_several(period) and all(year in place for year in years):
            yield Margin(index, np.array([place[year] for year in years], dtype=np.int64))


def _wider(finer: tuple[str, ...], known: dict[tuple[str, ...], int]) -> Iterator[tuple[str, ...]]:
    """The largest known proper subsets of a set of dimensions, none inside another."""
    found: list[set[str]] = []
    for size in range(len(finer) - 1, -1, -1):
        for subset in combinations(finer, size):
            if subset in known and not any(set(subset) < other for other in found):
                found.append(set(subset))
                yield subset


def _between(
    wider: tuple[str, ...],
    finer: tuple[str, ...],
    members: list[int],
    parsed: list[tuple[tuple[str, str], ...]],
    place: dict[str, int],
    definitions: Definitions,
) -> Iterator[Margin]:
    extra = [dimension for dimension in finer if dimension not in wider]
    entries = [definitions.dimensions.get(dimension) for dimension in extra]
    parts: defaultdict[int, list[int]] = defaultdict(list)
    for member in members:
        total = place.get(group_key([pair for pair in parsed[member] if pair[0] in wider]))
        if total is not None:
            parts[total].append(member)
    if all(entry is not None and entry.complete and not entry.overlapping for entry in entries):
        yield from (
            Margin(total, np.array(sorted(found), dtype=np.int64)) for total, found in sorted(parts.items())
        )
    elif len(extra) == 1 and entries[0] is not None:
        values = entries[0].values
        for total, found in sorted(parts.items()):
            named = {dict(parsed[member])[extra[0]]: member for member in found}
            for value, member in sorted(named.items()):
                other = values[value].complement if value in values else None
                if other is not None and other in named and value < other:
                    yield Margin(total, np.array([member, named[other]], dtype=np.int64), exact=False)
