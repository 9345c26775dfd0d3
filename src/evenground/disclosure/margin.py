"""Margins: which groups add up to which group, and which units to which unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from evenground.definitions.loader import Definitions
from evenground.model import group_key, parse_group

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Margin:
    """`total` is the sum of `parts` (indices of groups or of units). `exact`: a missing part is nobody; else
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


def unit_margins(units: Sequence[tuple[str, str]], table: pa.Table) -> tuple[Margin, ...]:
    """A unit with the units right below it; levels that are missing in between are stepped over."""
    place = {unit: index for index, unit in enumerate(units)}
    levels = ("state", "district", "school")
    above: dict[tuple[str, str], tuple[str, str]] = {}
    for level, identity, parent in zip(
        *(table[name].to_pylist() for name in ("unit_level", "unit_id", "parent_id")), strict=True
    ):
        if parent is not None and level in levels[1:]:
            above[level, identity] = (levels[levels.index(level) - 1], parent)
    children: defaultdict[int, list[int]] = defaultdict(list)
    for unit, index in place.items():
        parent = above.get(unit)
        while parent is not None and parent not in place:
            parent = above.get(parent)
        if parent is not None:
            children[place[parent]].append(index)
    return tuple(
        Margin(parent, np.array(sorted(below), dtype=np.int64))
        for parent, below in sorted(children.items(), reverse=True)
    )


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
