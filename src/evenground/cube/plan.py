"""What to count: which indicators, for which groups, at which levels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from evenground.definitions import Indicator

Cut = tuple[str, ...]
"""A set of dimensions, in alphabetical order; () is everybody."""


@dataclass(frozen=True)
class Plan:
    """One counting.

    `cuts` are the sets of dimensions whose groups are wanted; `levels` the unit levels; `periods` narrow
    the scan (empty: all of them).
    """

    indicators: Mapping[str, Indicator]
    cuts: tuple[Cut, ...]
    levels: tuple[str, ...] = ("state", "district", "school")
    periods: tuple[str, ...] = ()

    @property
    def dimensions(self) -> tuple[str, ...]:
        return tuple(sorted({dimension for cut in self.cuts for dimension in cut}))


def crossings(dimensions: Iterable[str], depth: int) -> tuple[Cut, ...]:
    """Everybody and every set of up to `depth` of the dimensions: seven dimensions, depth 3 -> 64 cuts."""
    names = sorted(set(dimensions))
    return tuple(cut for size in range(min(depth, len(names)) + 1) for cut in combinations(names, size))
