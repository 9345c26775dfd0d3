"""Change of segregation between two years: other students, other units, or another way of sorting them?"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations

import numpy as np
import numpy.typing as npt

from evenground.measures.estimate import Estimate, Floats, floats, quiet, quotient
from evenground.measures.segregation.dissimilarity import of_table as dissimilarity_of
from evenground.measures.segregation.draws import Whole, drawn
from evenground.measures.segregation.fitting import fitted
from evenground.measures.segregation.information import entropy_of, information
from evenground.measures.segregation.resampling import Index, percentiles
from evenground.measures.segregation.table import INDEPENDENT, coded

_PARTS = ("closed", "opened", "sizes", "composition", "sorting")


@dataclass(frozen=True)
class Change(Estimate):
    """After minus before, and five parts that sum to it (to rounding).

    before, after   the index in each year
    closed          units (and groups) that are only in the first year
    opened          units (and groups) that are only in the second
    sizes           of the units in both: what their shares of all students did
    composition     what the groups' shares of all students did
    sorting         what is left if neither changes: which group goes to which unit
    """

    before: Floats
    after: Floats
    closed: Estimate
    opened: Estimate
    sizes: Estimate
    composition: Estimate
    sorting: Estimate


@quiet
def change(
    count: npt.ArrayLike,
    unit: npt.ArrayLike,
    group: npt.ArrayLike,
    time: npt.ArrayLike,
    *,
    index: Index = "information",
    draws: int = 100,
    seed: int = 1,
    confidence: float = 0.95,
) -> Change:
    """How M, H or D moved between two times, and through what.

    Columns of one length, a row a time, unit and group; `time` has two different values, the smaller is the
    earlier. With I the index of the units and groups of both years, closed = I_before - index before,
    opened = index after - I_after. Between the two I, three things change: shares of units, shares of
    groups, odds ratios; each is moved from the first year to the second in all six orders, the tables
    between are fitted (`fitted`), and a part is the mean of its six moves (Shapley). Intervals: percentiles
    of a bootstrap of the students of both years, moved so that they lie around the value; with 0 draws
    there are none. Raises ValueError without two times. Source: Elbers (2023), Sociological Methods and
    Research 52:5-42.
    """
    counts, (units, groups, times), (unit_names, group_names, time_names) = coded(count, unit, group, time)
    if time_names.size != 2:
        raise ValueError(f"{time_names.size} different times; give two, one before and one after")
    shape = (2, group_names.size, unit_names.size)
    cells = np.ravel_multi_index((times, groups, units), shape)
    tables = floats(np.bincount(cells, weights=counts, minlength=int(np.prod(shape)))).reshape(shape)

    before, after = (_index(one, index) for one in tables)
    parts = np.array(_parts(tables, index))
    value = np.append(parts, after - before)
    low = high = np.full(value.size, np.nan)
    if draws:
        found = drawn(tables, lambda again: _parts(again, index), draws, seed)
        found = np.column_stack([found, found.sum(axis=1)])
        low, high = percentiles(found - found.mean(axis=0) + value, confidence)
    how = (INDEPENDENT, f"bootstrap, {draws} draws") if draws else ("no interval asked for",)
    each = [
        Estimate(floats(bottom), floats(top), floats(part), assumed=how)
        for bottom, top, part in zip(low, high, value, strict=True)
    ]
    named = dict(zip(_PARTS, each, strict=False))
    total = each[-1]
    return Change(
        total.low, total.high, total.value, before=floats(before), after=floats(after), assumed=how, **named
    )


def _parts(tables: Floats | Whole, index: Index) -> tuple[float, ...]:
    """The parts of the change between two tables, shape (2, groups, units), in the order of `_PARTS`."""
    both_units = (tables.sum(axis=1) > 0).all(axis=0)
    both_groups = (tables[:, :, both_units].sum(axis=2) > 0).all(axis=0)
    common = tables[:, both_groups][:, :, both_units].astype(np.float64)
    there = [_index(one, index) for one in common]
    closed = there[0] - _index(tables[0], index)
    opened = _index(tables[1], index) - there[1]
    return (closed, opened, *_shapley(common, there, index))


def _shapley(common: Floats, ends: list[float], index: Index) -> tuple[float, ...]:
    """Sizes, composition, sorting: the mean over all orders of what each moves when its turn comes."""
    years = [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (1, 0, 1), (0, 1, 1)]
    of_unit, of_group, of_odds = np.array(years).T
    between = fitted(common[of_odds], common.sum(axis=1)[of_unit], common.sum(axis=2)[of_group])
    worth = {(0, 0, 0): ends[0], (1, 1, 1): ends[1]}
    worth |= {year: _index(table, index) for year, table in zip(years, between, strict=True)}
    moved = np.zeros(3)
    for order in permutations(range(3)):
        now = [0, 0, 0]
        for part in order:
            was = worth[now[0], now[1], now[2]]
            now[part] = 1
            moved[part] += worth[now[0], now[1], now[2]] - was
    return tuple(float(part) for part in moved / 6)


def _index(counts: Floats | Whole, index: Index) -> float:
    if index == "dissimilarity":
        return dissimilarity_of(floats(counts))
    m = information(floats(counts))
    return m if index == "information" else float(quotient(m, entropy_of(floats(counts.sum(axis=1)))))
