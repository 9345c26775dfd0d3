"""Between and within: is a gap one between the units that two groups attend, or one inside each of them?

`decompose` splits many gaps at one level (schools); `nested` one gap at several (districts, schools,
classes).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.columns import equal_length, not_negative
from evenground.measures.estimate import (
    Estimate,
    Floats,
    Ints,
    floats,
    quiet,
    quotient,
    seen_error,
    student_quantile,
    tails,
)


@dataclass(frozen=True)
class Decomposition:
    """A gap (a minus b) and the two parts that sum to it (to rounding, about 1e-15).

    gap, between, within            one value a gap, indexed by the gap's number
    between_by_row, within_by_row   one value a row: what each unit contributes
    """

    gap: Floats
    between: Floats
    within: Floats
    between_by_row: Floats
    within_by_row: Floats


@quiet
def decompose(
    gap: npt.ArrayLike,
    n_a: npt.ArrayLike,
    total_a: npt.ArrayLike,
    n_b: npt.ArrayLike,
    total_b: npt.ArrayLike,
) -> Decomposition:
    """Split gaps between groups a and b into a part between units and a part within units.

    One row for each gap and unit; `gap` numbers the gaps 0, 1, 2, ... and the other arrays hold the students
    and the sum of the outcomes of a and of b in that unit. With w the share of a group's students that a
    unit holds and r a group's rate there:

        gap = sum (w_a - w_b) rbar + sum wbar (r_a - r_b),      bars: mean of the two groups.

    Where a unit has students of one group only, rbar is the rate of the group that is there and the unit's
    within part is 0. `between_by_row` measures rbar from the mean of the two groups' rates, which leaves the
    sum as it is (the weights w_a - w_b sum to 0): a unit counts for what it is above or below that. A gap in
    which a group has nobody, or a count is missing, is NaN, and so are its rows.
    Source: Kitagawa (1955), Journal of the American Statistical Association 50:1168-1194.
    """
    which = np.asarray(gap, dtype=np.int64)
    a_n, a_total, b_n, b_total = (floats(column) for column in (n_a, total_a, n_b, total_b))
    # Nobody has no outcomes, whatever the file says about them.
    a_total, b_total = np.where(a_n == 0, 0.0, a_total), np.where(b_n == 0, 0.0, b_total)
    count = int(which.max()) + 1 if which.size else 0

    def summed(column: Floats) -> Floats:
        return floats(np.bincount(which, weights=column, minlength=count))

    all_a, all_b = quotient(summed(a_total), summed(a_n)), quotient(summed(b_total), summed(b_n))
    share_a, share_b = quotient(a_n, summed(a_n)[which]), quotient(b_n, summed(b_n)[which])
    rate_a, rate_b = quotient(a_total, a_n), quotient(b_total, b_n)
    rate_a, rate_b = np.where(a_n == 0, rate_b, rate_a), np.where(b_n == 0, rate_a, rate_b)
    middle = ((all_a + all_b) / 2)[which]
    unattended = (a_n == 0) & (b_n == 0)
    between = (share_a - share_b) * ((rate_a + rate_b) / 2 - middle)
    within = (share_a + share_b) / 2 * (rate_a - rate_b)
    unknown = np.isnan(middle)
    between, within = (
        np.where(unknown, np.nan, np.where(unattended, 0.0, part)) for part in (between, within)
    )
    gaps = all_a - all_b
    return Decomposition(
        gap=gaps,
        between=np.where(np.isnan(gaps), np.nan, summed(between)),
        within=np.where(np.isnan(gaps), np.nan, summed(within)),
        between_by_row=between,
        within_by_row=within,
    )


@dataclass(frozen=True)
class Nested:
    """A gap (a minus b), one value, and the parts that sum to it.

    parts   one a level, outermost first, and last what is left within the units of the innermost level
    """

    gap: Estimate
    parts: Estimate


def nested(
    levels: Sequence[npt.ArrayLike],
    n_a: npt.ArrayLike,
    total_a: npt.ArrayLike,
    n_b: npt.ArrayLike,
    total_b: npt.ArrayLike,
    *,
    draws: int = 200,
    seed: int = 1,
    confidence: float = 0.95,
) -> Nested:
    """Split one gap between units at each of several nested `levels` and within the innermost ones.

    Rows are cells, at the finest the innermost units; `levels` are columns of unit ids, outermost first (an
    id counts within the unit above it). The gap between districts is `decompose`'s; what it leaves within
    each district, sum wbar_d (r_ad - r_bd), is split again between the schools of that district, and so on; a
    unit with one of the groups only has nothing within. Intervals: Student's, with the standard deviation
    of `draws` bootstrap samples of the outermost units, NaN where there is one only. Raises ValueError for
    negative counts and columns of different lengths. Source: Kitagawa (1955), applied level by level.
    """
    if not levels:
        raise ValueError("no levels; give at least one column of unit ids, the outermost first")
    columns = (n_a, total_a, n_b, total_b)
    equal_length(n_a=n_a, total_a=total_a, n_b=n_b, total_b=total_b, first=levels[0], last=levels[-1])
    not_negative(n_a=n_a, n_b=n_b)
    tails(confidence)  # refuses what is no confidence
    units = _paths(levels)
    cells = [floats(np.bincount(units[-1], weights=np.nan_to_num(floats(column)))) for column in columns]
    _, place = np.unique(units[-1], return_index=True)
    paths = [unit[place] for unit in units]
    value = _parts(paths, cells)
    outer = paths[0]
    many = int(outer.max()) + 1 if outer.size else 0
    low = high = np.full(value.shape, np.nan)
    if many > 1 and draws > 1:
        times = np.random.default_rng(seed).multinomial(many, np.full(many, 1 / many), size=draws)
        drawn = np.array([_parts(paths, [cell * one[outer] for cell in cells]) for one in times])
        # A sample repeats districts, so its parts lie beside those of all: its spread is used, not its place.
        half = student_quantile(many - 1, confidence) * seen_error(np.nanstd(drawn, axis=0, ddof=1))
        low, high = value - half, value + half
    assumed = (
        "units of the outermost level are as if drawn independently from many like them",
        f"standard error of {draws} bootstrap draws, seed {seed}",
    )
    return Nested(
        gap=Estimate(low[0], high[0], value[0], assumed=assumed),
        parts=Estimate(low[1:], high[1:], value[1:], assumed=assumed),
    )


def _paths(levels: Sequence[npt.ArrayLike]) -> list[Ints]:
    """For each level the number of each row's unit, counted within the units above it."""
    paths: list[Ints] = []
    for level in levels:
        _, place = np.unique(np.asarray(level), return_inverse=True)
        if paths:
            _, place = np.unique(paths[-1] * (int(place.max(initial=0)) + 1) + place, return_inverse=True)
        paths.append(np.asarray(place, dtype=np.int64))
    return paths


@quiet
def _parts(paths: list[Ints], cells: list[Floats]) -> Floats:
    """The gap, the part between the units of each level, and the part within the innermost."""
    above = np.zeros(cells[0].size, dtype=np.int64)
    weight = np.ones(1)
    found: list[float] = []
    for level in paths:
        _, first = np.unique(level, return_index=True)
        n_a, total_a, n_b, total_b = (floats(np.bincount(level, weights=cell)) for cell in cells)
        parent = above[first]
        split = decompose(parent, n_a, total_a, n_b, total_b)
        if not found:
            found.append(float(split.gap[0]) if split.gap.size else np.nan)
        # A unit that holds one of the groups only has nothing within: it weighs nothing further down.
        share_a, share_b = (
            quotient(n, np.bincount(parent, weights=n, minlength=weight.size)[parent]) for n in (n_a, n_b)
        )
        found.append(float(np.sum(np.where(weight > 0, weight * split.between, 0.0))))
        weight = np.where((n_a > 0) & (n_b > 0), weight[parent] * (share_a + share_b) / 2, 0.0)
        within = quotient(total_a, n_a) - quotient(total_b, n_b)
        above = level
    found.append(float(np.sum(np.where(weight > 0, weight * within, 0.0))))
    return np.where(np.isnan(found[0]), np.nan, np.asarray(found))
