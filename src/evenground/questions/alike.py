"""Places of one level by what their students share: which are alike, and on what that rests."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evenground.measures import bright
from evenground.model import ALL, VALUE, parse_group
from evenground.questions.block import Block
from evenground.questions.scope import Scope

SIZE = "size"
_OWN = (
    "economic_disadvantage:disadvantaged",
    "english_learner:english_learner",
    "disability:with_disability",
)
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
    the block `enrolled` where it has these places.

    None where too few places tell them, or nothing but their size.
    """
    parameter = scope.definitions.parameter
    everybody = _counts(block, level, units, period, ALL)
    names, columns = [SIZE], [np.log(np.where(everybody > 0, everybody, np.nan))]
    candidates = [(block, group, everybody, period) for group in _OWN]
    race = enrolled if enrolled is not None and np.any(enrolled.level == level) else block
    when = period if np.any(race.period == period) else scope.latest[race.key]
    whole = _counts(race, level, units, when, ALL)
    groups = sorted({group for group in set(race.group.tolist()) if _of_race(group)})
    candidates += [(race, group, whole, when) for group in groups]
    for source, group, total, year in candidates:
        part = _counts(source, level, units, year, group) / np.where(total > 0, total, np.nan)
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


def _of_race(group: str) -> bool:
    parts = parse_group(group)
    return len(parts) == 1 and parts[0][0] == RACE and parts[0][1] != "unknown"


def _counts(block: Block, level: str, units: np.ndarray, period: str, group: str) -> np.ndarray:
    """Public numbers of students of a group at each of the (sorted) units; NaN where not known."""
    rows = np.flatnonzero(
        (block.level == level) & (block.period == period) & (block.group == group) & (block.state == VALUE)
    )
    found = np.full(len(units), np.nan)
    where = np.minimum(np.searchsorted(units, block.unit[rows].astype(str)), len(units) - 1)
    same = units[where] == block.unit[rows].astype(str)
    found[where[same]] = block.sums.n[rows[same]]
    return found
