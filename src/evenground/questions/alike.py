"""Places of one level by what their students share: which are alike, and on what that rests."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evenground.measures import bright
from evenground.model import ALL, VALUE, parse_group
from evenground.questions.block import Block
from evenground.questions.need import POOR, need_of
from evenground.questions.scope import Scope

SIZE = "size"
_OWN = (POOR, "english_learner:english_learner", "disability:with_disability")
RACE = "race_ethnicity"


@dataclass(frozen=True)
class Alike:
    """`units` of one level; `names` of what they are compared on (groups whose part of the students it is,
    and `size`); `similar` places of each, rows of `units`."""

    units: np.ndarray
    names: tuple[str, ...]
    similar: bright.Similar


def alike(
    scope: Scope, block: Block, level: str, units: np.ndarray, period: str, enrolled: Block | None
) -> Alike | None:
    """Compares by number of students and by the parts of groups that nearly all of the places tell: race from
    the block `enrolled` where it has these places, family income by need (`need_of`) where the block
    tells too little of it.

    None where too few places tell them, or nothing but their size.
    """
    parameter = scope.definitions.parameter
    own = _Counts(block, level, units, period)
    everybody = own.of(ALL)
    names, columns = [SIZE], [np.log(np.where(everybody > 0, everybody, np.nan))]
    parts = [(group, _part(own.of(group), everybody), everybody) for group in _OWN]
    told = np.isfinite(parts[0][1]).mean()
    if told < parameter("least_known_places") and (need := need_of(scope, level, period)):
        parts[0] = (POOR, need.of(units), everybody)
    race = enrolled if enrolled is not None and np.any(enrolled.level == level) else block
    when = period if np.any(race.period == period) else scope.latest[race.key]
    theirs = _Counts(race, level, units, when)
    whole = theirs.of(ALL)
    races = [group for group in sorted(set(theirs.group.tolist())) if _of_race(group)]
    parts += [(group, _part(theirs.of(group), whole), whole) for group in races]
    for group, part, total in parts:
        known = ~np.isnan(part)
        if known.mean() < parameter("least_known_places") or part[known].std() == 0:
            continue
        if part[known] @ total[known] >= parameter("least_part_compared") * total[known].sum():
            names.append(group)
            columns.append(part)
    matrix = np.column_stack(columns)
    there = int((~np.isnan(matrix).any(axis=1)).sum())
    if len(names) < 2 or there < parameter("fewest_for_similar"):
        return None
    return Alike(units, tuple(names), bright.similar(matrix, int(parameter("similar_places"))))


def _part(students: np.ndarray, total: np.ndarray) -> np.ndarray:
    return np.asarray(students / np.where(total > 0, total, np.nan))


def _of_race(group: str) -> bool:
    parts = parse_group(group)
    return len(parts) == 1 and parts[0][0] == RACE and parts[0][1] != "unknown"


class _Counts:
    """Public numbers of students at each of the (sorted) units in one year; NaN where not known."""

    def __init__(self, block: Block, level: str, units: np.ndarray, period: str) -> None:
        now = (block.level == level) & (block.period == period) & (block.state == VALUE)
        rows = np.flatnonzero(now)
        unit = block.unit[rows].astype(str)
        place = np.minimum(np.searchsorted(units, unit), len(units) - 1)
        same = units[place] == unit
        self.group, self._size = block.group[rows[same]], len(units)
        self._n, self._place = block.sums.n[rows[same]], place[same]

    def of(self, group: str) -> np.ndarray:
        found = np.full(self._size, np.nan)
        rows = self.group == group
        found[self._place[rows]] = self._n[rows]
        return found
