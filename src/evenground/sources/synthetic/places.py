"""Schools that change: one that closes, two that merge, one that splits, one whose id changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_NEEDS = {"renamed": (1, 1), "closed": (2, 0), "merged": (2, 1), "split": (1, 2)}
"""Kind -> elementary schools of a zone that it touches, and new schools that it makes."""


@dataclass(frozen=True)
class Change:
    """From `year` (0 = first) on, who was at the places `old` is at the places `new`, all of one zone."""

    kind: str
    year: int
    old: tuple[int, ...]
    new: tuple[int, ...]

    @property
    def made(self) -> int:
        """How many of the new schools did not exist before."""
        return _NEEDS[self.kind][1]

    @property
    def created(self) -> tuple[int, ...]:
        return self.new if self.made else ()

    @property
    def renames(self) -> bool:
        return self.kind == "renamed"


def plan_changes(elementary: Sequence[int], year: int, years: int) -> Mapping[int, tuple[Change, ...]]:
    """Zone -> its changes: one of every kind, in zones that have elementary schools enough for it.

    Nothing changes in a single year; a kind for which no schools are left is left out.
    """
    found: dict[int, tuple[Change, ...]] = {}
    if years < 2:
        return found
    used = [0] * len(elementary)
    extra = [0] * len(elementary)
    for turn, (kind, (needed, made)) in enumerate(_NEEDS.items()):
        order = [(turn + step) % len(elementary) for step in range(len(elementary))]
        zone = next((zone for zone in order if elementary[zone] - used[zone] >= needed), None)
        if zone is None:
            continue
        touched = tuple(range(used[zone], used[zone] + needed))
        start = elementary[zone] + 2 + extra[zone]
        new = tuple(range(start, start + made)) or touched[1:]
        old = touched if made else touched[:1]
        found[zone] = (*found.get(zone, ()), Change(kind, year, old, new))
        used[zone] += needed
        extra[zone] += made
    return found
