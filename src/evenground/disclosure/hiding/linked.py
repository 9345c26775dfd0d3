"""The linked problem of some cells: every count that they publish, and how the counts add up.

*Variables* are counts: the students of a group at a unit (n), those of them who reached the outcome
(numerator), those who did not (complement) and those exactly at one level of an assessment. *Relations* say
that a total is the sum of its parts, over the values of a dimension, the units of a unit or the years of a
period. A *cell* publishes its n and its numerator; a count is public as long as one cell publishes it. Counts
that are the same by definition, or identical in fact, are one variable: hidden in two patterns they could be
combined.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from evenground.definitions.known import Definitions
from evenground.disclosure.hiding.margin import Margin, Place, group_margins, place_margins
from evenground.model import HIDDEN, NOT_REPORTED, VALUE, is_several

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Objects = npt.NDArray[np.object_]

ZERO = -1  # nobody is there, and everybody knows
ABSENT = -2  # not part of the tables, or not known to us
_CLOSE = 1e-6


@dataclass(frozen=True)
class Counts:
    """The cells, dense: [indicator, place, group], a place being a unit in a period. `n` is NaN where no
    table has the cell, 0 where nobody is in it.

    `place` are the flat indices of the rows; `rows` those rows that have students, `blank` those
    that say that they have counts which we do not know; `rate` and `population` (a number each) are the
    indicators'.
    """

    indicators: tuple[str, ...]
    places: tuple[Place, ...]
    groups: tuple[str, ...]
    place: Ints
    rows: Ints
    blank: Ints
    rate: Bools
    population: Ints
    n: Floats
    total: Floats


@dataclass(frozen=True)
class Linked:
    """Variables, relations and publishers.

    Per cell (a row with students, `rows`): `n_of`, `numerator_of` its variables (-1: not a variable). Per
    variable: true `value`, `floor` (the least that an outsider can believe), `first` and `second` (a variable
    from `base` on is the difference of these two and no cell publishes it itself: complements, then from
    `levels` on the counts at one level). `lines`: relations, each the total followed by its parts. `bounded`:
    the outsider knows that counts, differences among them, are whole and not negative.
    """

    counts: Counts
    n_of: Ints
    numerator_of: Ints
    value: Floats
    floor: Floats
    base: int
    levels: int
    first: Ints
    second: Ints
    lines: tuple[Ints, ...]
    bounded: bool = True


def link(cells: pa.Table, units: pa.Table, definitions: Definitions, attacker: str = "counts") -> Linked:
    """The linked problem of cells (model.CELLS), for what the policy's attacker knows."""
    groups, cut_of, group_parts = _groups(cells, definitions)
    counts = _counts(cells, groups, cut_of, definitions)
    students = _student_keys(counts)
    numerators = _numerator_keys(counts, students, definitions)
    differences = [
        (students[i], numerators[i], counts.n[i] - counts.total[i]) for i in np.flatnonzero(counts.rate)
    ]
    for lower, upper in _levels(counts, definitions):
        differences.append((numerators[lower], numerators[upper], counts.total[lower] - counts.total[upper]))
    problem = _number(
        counts, students, numerators, differences, group_parts, place_margins(counts.places, units)
    )
    if attacker == "sums":
        return replace(problem, floor=np.full(len(problem.floor), -np.inf), bounded=False)
    return problem


def _groups(cells: pa.Table, definitions: Definitions) -> tuple[tuple[str, ...], Ints, tuple[Margin, ...]]:
    groups = tuple(sorted(set(cells["group"].unique().to_pylist())))
    margins = group_margins(groups, definitions)
    return groups, margins.cut, margins.margins


def _counts(cells: pa.Table, groups: tuple[str, ...], cut_of: Ints, definitions: Definitions) -> Counts:
    """Names to places, sorted, so that the order of the rows does not matter."""
    indicators = tuple(sorted(cells["indicator"].unique().to_pylist()))
    spots = list(zip(*(cells[name].to_pylist() for name in ("unit_level", "unit_id", "period")), strict=True))
    places = tuple(sorted(set(spots)))
    indicator, unit, group = (
        np.fromiter(
            map({name: index for index, name in enumerate(names)}.__getitem__, values), np.int64, len(spots)
        )
        for names, values in (
            (indicators, cells["indicator"].to_pylist()),
            (places, spots),
            (groups, cells["group"].to_pylist()),
        )
    )
    shape = (len(indicators), len(places), len(groups))
    rate = np.array([definitions.indicators[key].kind == "rate" for key in indicators], dtype=bool)
    n, total = (cells[name].to_numpy(zero_copy_only=False).astype(float) for name in ("n", "total"))
    state = np.asarray(cells["state"].to_pylist(), dtype=object)
    known = (state == VALUE) & ~np.isnan(n) & ~(rate[indicator] & np.isnan(total))
    blank = np.flatnonzero(~known & np.isin(state, (VALUE, HIDDEN, NOT_REPORTED)))

    standing = np.zeros((len(indicators), len(places), cut_of.max(initial=0) + 1), dtype=bool)
    standing[indicator, unit, cut_of[group]] = True
    nowhere = np.logical_not(standing.any(axis=2))
    dense_n = np.where(
        standing[:, :, cut_of] | nowhere[:, :, None], 0.0, np.nan
    )  # a unit without any cell has nobody to count
    dense_n[:, [is_several(period) for _, _, period in places]] = np.nan  # of which only some cells are told
    dense_total = np.zeros(shape)
    dense_n[indicator[known], unit[known], group[known]] = n[known]
    dense_total[indicator[known], unit[known], group[known]] = np.nan_to_num(total[known])
    dense_n[indicator[~known], unit[~known], group[~known]] = np.nan
    place = np.ravel_multi_index((indicator, unit, group), shape)
    population = _populations([definitions.indicators[key].over for key in indicators], dense_n)
    return Counts(
        indicators,
        places,
        groups,
        place,
        np.flatnonzero(known & (n > 0)),
        blank,
        rate,
        population,
        dense_n,
        dense_total,
    )


def _populations(over: list[str], n: Floats) -> Ints:
    """A number per indicator: the same for indicators over one population whose n is the same everywhere."""
    numbers: list[int] = []
    for index, name in enumerate(over):
        alike = [
            one
            for one in range(index)
            if over[one] == name and np.array_equal(n[one], n[index], equal_nan=True)
        ]
        numbers.append(numbers[alike[0]] if alike else index)
    return np.array(numbers, dtype=np.int64)


def _student_keys(counts: Counts) -> Ints:
    """[indicator, unit, group] -> key of the n; indicators whose n is the same for every group of a unit
    share their keys there.
    """
    merged = counts.n.copy()
    indicators, units, groups = merged.shape
    leader = np.tile(np.arange(indicators)[:, None], (1, units))
    for later in range(indicators):
        free = np.ones(units, dtype=bool)
        for earlier in range(later):
            both = ~np.isnan(merged[earlier]) & ~np.isnan(counts.n[later])
            same = ((merged[earlier] == counts.n[later]) | ~both).all(axis=1) & (
                both & (counts.n[later] > 0)
            ).any(axis=1)
            join = np.flatnonzero(free & same & (leader[earlier] == earlier))
            leader[later, join], free[join] = earlier, False
            merged[earlier, join] = np.where(
                np.isnan(merged[earlier, join]), counts.n[later, join], merged[earlier, join]
            )
    keys = leader[:, :, None] * (units * groups) + np.arange(units * groups).reshape(1, units, groups)
    return np.where(np.isnan(counts.n), ABSENT, np.where(counts.n == 0, ZERO, keys))


def _numerator_keys(counts: Counts, students: Ints, definitions: Definitions) -> Ints:
    """[indicator, unit, group] -> key of the numerator; where an indicator counts another's population, the
    key of that n.
    """
    keys = np.where(students >= 0, np.arange(students.size).reshape(students.shape) + students.size, students)
    for index, name in enumerate(counts.indicators):
        entry = definitions.indicators[name]
        if entry.kind != "rate":
            keys[index] = ABSENT
        for other, other_name in enumerate(counts.indicators):
            if (
                entry.kind == "rate"
                and entry.counts is not None
                and definitions.indicators[other_name].over == entry.counts
            ):
                both = (students[index] >= 0) & (students[other] != ABSENT)
                if np.allclose(counts.total[index][both], counts.n[other][both], rtol=0, atol=_CLOSE):
                    keys[index] = np.where(
                        both & (keys[index] >= students.size), students[other], keys[index]
                    )
    return keys


def _levels(counts: Counts, definitions: Definitions) -> list[tuple[int, int]]:
    """Neighbouring cuts of one assessment: (at or above the lower cut, at or above the next)."""
    ordered = sorted(
        (entry.family, entry.order, index)
        for index, name in enumerate(counts.indicators)
        if (entry := definitions.indicators[name]).kind == "rate"
        and entry.family is not None
        and entry.order is not None
    )
    return [(low[2], high[2]) for low, high in pairwise(ordered) if low[0] == high[0]]


def _number(
    counts: Counts,
    students: Ints,
    numerators: Ints,
    differences: list[tuple[Ints, Ints, Floats]],
    groups: tuple[Margin, ...],
    units: tuple[Margin, ...],
) -> Linked:
    """Keys to numbers 0, 1, 2 ..., values beside them, and the relations between them."""
    size = students.size
    known = np.unique(np.concatenate([students[students >= 0], numerators[numerators >= 0]]))
    base = len(known)
    value, floor = np.zeros(base), (known < size).astype(float)
    tables = []
    for keys, numbers in ((students, counts.n), (numerators, counts.total)):
        table = np.where(keys >= 0, np.searchsorted(known, keys), keys)
        value[table[keys >= 0]] = numbers[keys >= 0]
        tables.append(table)
    series = [
        (table[i], numbers[i])
        for table, numbers in zip(tables, (counts.n, counts.total), strict=True)
        for i in range(len(table))
    ]
    nothing = np.full(base, -1, dtype=np.int64)
    values, firsts, seconds, start = [value], [nothing], [nothing], base
    for first, second, left in differences:
        there = (first >= 0) & (second != ABSENT)
        table = np.where(
            there, start + np.cumsum(there).reshape(there.shape) - 1, np.where(first == ZERO, ZERO, ABSENT)
        )
        firsts.append(np.searchsorted(known, first[there]))
        seconds.append(np.where(second[there] >= 0, np.searchsorted(known, second[there]), -1))
        values.append(left[there])
        start += int(there.sum())
        series.append((table, left))
    everything = np.concatenate(values)
    cell = counts.place[counts.rows]
    return Linked(
        counts=counts,
        n_of=tables[0].ravel()[cell],
        numerator_of=np.maximum(tables[1].ravel()[cell], -1),
        value=everything,
        floor=np.concatenate([floor, np.zeros(len(everything) - base)]),
        base=base,
        levels=base
        + sum(
            int(((first >= 0) & (second != ABSENT)).sum())
            for first, second, _ in differences[: int(counts.rate.sum())]
        ),
        first=np.concatenate(firsts),
        second=np.concatenate(seconds),
        lines=_lines(series, everything, groups, units),
    )


def _lines(
    series: list[tuple[Ints, Floats]], value: Floats, groups: tuple[Margin, ...], units: tuple[Margin, ...]
) -> tuple[Ints, ...]:
    """The relations that hold, each once, from the finest groups of schools to the state."""
    found: dict[bytes, Ints] = {}

    def add(totals: Ints, parts: Ints, exact: bool) -> None:
        fits = (totals >= 0) & ((parts != ABSENT) if exact else (parts >= 0)).all(axis=1)
        sums = np.where(parts >= 0, value[parts], 0.0).sum(axis=1)
        for line in np.flatnonzero(fits & (np.abs(sums - value[totals]) < _CLOSE)):
            members = parts[line]
            relation = np.concatenate([totals[line : line + 1], members[members >= 0]])
            found.setdefault(relation.tobytes(), relation)

    for margin in groups:
        for table, _ in series:
            add(table[:, margin.total], table[:, margin.parts], margin.exact)
    for margin in units:
        for table, _ in series:
            add(table[margin.total], table[margin.parts].T, True)
    return tuple(found.values())
