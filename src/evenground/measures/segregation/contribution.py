"""Which units, and which lines between units, make segregation: what it would be without their part."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.estimate import (
    Estimate,
    Floats,
    floats,
    normal_quantile,
    quiet,
    quotient,
    seen_error,
)
from evenground.measures.segregation.dissimilarity import of_table
from evenground.measures.segregation.information import entropy_of, information
from evenground.measures.segregation.resampling import Index
from evenground.measures.segregation.table import DOWN, INDEPENDENT, Labels, table, xlogx


@dataclass(frozen=True)
class Contribution(Estimate):
    """`value`: by what share the index would fall if this unit alone had the mix of all its units together.

    units, n   the labels and their students
    index      the index as it is
    """

    units: Labels
    n: Floats
    index: Floats


@dataclass(frozen=True)
class Boundary(Estimate):
    """`value`: by how much M would fall, in nats, if the two units of a pair were one.

    share   the same as a share of M
    h       the same of H
    """

    share: Floats
    h: Floats


@quiet
def contribution(
    count: npt.ArrayLike, unit: npt.ArrayLike, group: npt.ArrayLike, *, index: Index = "dissimilarity"
) -> Contribution:
    """Each unit's segregation contribution: (I - I_j)/I, with I_j the index if unit j had the mix of all.

    Columns of one length, a row a unit and group. Unit j keeps its size; the groups' totals follow from its
    new mix. Shares need not sum to 1, and a unit that mixes what others do not may have a negative one. For
    what each district's schools add, use `within`, whose parts sum. Source: Monarrez, Kisida and Chingos
    (2019), When Is a School Segregated?, Urban Institute (the segregation contribution index).
    """
    seen = table(count, unit, group)
    measured = {"information": _information_without, "theil": _theil_without, "dissimilarity": _without}
    now, without = measured[index](seen.counts)
    value = quotient(now - without, now)
    unknown = np.full(value.shape, np.nan)
    assumed = ("everybody is counted; no chance model of one unit's part, so no interval",)
    return Contribution(unknown, unknown, value, seen.units, seen.by_unit, floats(now), assumed=assumed)


@quiet
def boundary(
    count: npt.ArrayLike,
    unit: npt.ArrayLike,
    group: npt.ArrayLike,
    *,
    first: npt.ArrayLike,
    second: npt.ArrayLike,
    confidence: float = 0.95,
) -> Boundary:
    """What each line between two units holds apart: n_ab/N times the M of the two units alone.

    `first` and `second` are labels of units, an entry a pair (neighbouring districts, say); the other
    columns are as for `contribution`. Intervals by the delta method. Raises ValueError where a unit has no
    students. Source: Frankel and Volij (2011), Journal of Economic Theory 146:1-38 (M between and within
    any parts).
    """
    seen = table(count, unit, group)
    a, b = (seen.counts[:, _places(seen.units, side)] for side in (first, second))
    n, both = seen.n, a + b
    steps = [
        np.where(x > 0, np.log(x * both.sum(axis=0) / (x.sum(axis=0) * both)), 0.0) for x in (a, b)
    ]  # how much more a unit tells of a student's group than the two together do
    value = np.maximum((a * steps[0] + b * steps[1]).sum(axis=0) / n, 0.0)
    square = (a * steps[0] ** 2 + b * steps[1] ** 2).sum(axis=0) / n
    half = normal_quantile(confidence) * seen_error(np.sqrt(np.maximum(square - value**2, 0.0) / n))
    cells = np.count_nonzero(a, axis=0) + np.count_nonzero(b, axis=0) - np.count_nonzero(both, axis=0)
    chance = np.maximum(cells - 1, 0) / (2 * n)  # as miller_madow, of the two units alone
    return Boundary(
        value=value,
        low=np.maximum(value - half - chance, 0.0),
        high=value + half,
        share=quotient(value, information(seen.counts)),
        h=quotient(value, entropy_of(seen.by_group)),
        assumed=(INDEPENDENT, "delta method", DOWN),
    )


def _places(units: Labels, wanted: npt.ArrayLike) -> npt.NDArray[np.int64]:
    asked = np.asarray(wanted).ravel()
    missing = asked[~np.isin(asked, units)]
    if missing.size:
        raise ValueError(
            f"no students in unit {missing[0]!r} ({missing.size} such units); give units of the data"
        )
    return np.asarray(np.searchsorted(units, asked), dtype=np.int64)


def _information_without(counts: Floats) -> tuple[float, Floats]:
    by_group, n = counts.sum(axis=1), counts.sum()
    even, others = _evened(counts)
    cells = xlogx(even).sum(axis=0) - xlogx(counts).sum(axis=0)
    totals = xlogx(others).sum(axis=0) - xlogx(by_group).sum()
    now = information(counts)
    return now, np.maximum(now + (cells - totals) / n, 0.0)


def _theil_without(counts: Floats) -> tuple[float, Floats]:
    now, without = _information_without(counts)
    others = _evened(counts)[1]
    mixed = np.log(counts.sum()) - xlogx(others).sum(axis=0) / counts.sum()
    return float(quotient(now, entropy_of(counts.sum(axis=1)))), quotient(without, mixed)


def _without(counts: Floats) -> tuple[float, Floats]:
    """D without each unit's own mix. Sum of |n_ug - n_u q| over units, for each unit's q, from running sums
    over the units in the order of their share of the group: what lies below q and what lies above it.
    """
    by_unit, n = counts.sum(axis=0), counts.sum()
    even, others = _evened(counts)
    apart = np.zeros(by_unit.size)
    for own, own_even, total in zip(counts, even, others, strict=True):
        share, q = own / by_unit, total / n
        order = np.argsort(share)
        below = np.searchsorted(share[order], q)
        sizes, students = (np.append(0.0, np.cumsum(part[order])) for part in (by_unit, own))
        under = q * sizes[below] - students[below]
        over = own.sum() - students[below] - q * (n - sizes[below])
        apart += under + over - np.abs(own - by_unit * q) + np.abs(own_even - by_unit * q)
    most = n - (others**2).sum(axis=0) / n
    return of_table(counts), quotient(apart, 2 * most)


def _evened(counts: Floats) -> tuple[Floats, Floats]:
    """For each unit: its students with the mix of all, and the groups' totals that this would give."""
    by_unit, by_group = counts.sum(axis=0), counts.sum(axis=1, keepdims=True)
    even = by_group / by_group.sum() * by_unit
    return even, by_group - counts + even
