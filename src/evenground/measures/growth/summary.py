"""Growth of groups and schools: the mean and the middle percentile, and the share that grew a lot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.estimate import Estimate, Floats, Ints, Texts, floats, quiet, quotient
from evenground.measures.growth.grouped import Grouped
from evenground.measures.rate import wilson

_HIGHEST = 99
PEERS = "percentiles are taken as known; their curves were drawn from the same students"


@dataclass(frozen=True)
class Summary:
    """A row a group, in the order of `groups`: students, mean and median percentile, and the share of
    students at `high` or above, each with its interval.
    """

    groups: Texts
    n: Ints
    mean: Estimate
    median: Estimate
    high: Estimate
    assumed: tuple[str, ...]


@quiet
def summary(
    percentile: npt.ArrayLike,
    group: npt.ArrayLike,
    *,
    clusters: npt.ArrayLike | None = None,
    weights: npt.ArrayLike | None = None,
    high: int = 66,
    confidence: float = 0.95,
) -> Summary:
    """Growth of each group from the growth percentiles (1 to 99) of its students, one row a student.

    Mean with Student's interval; median with Woodruff's, the percentiles at Wilson's bounds around one half;
    share of high growth with Wilson's. `clusters` (classes, schools) are what is independent where students
    share them; without it students are. A row without a percentile counts nowhere. 50 is the growth of the
    middle student of those who started in the same place; 66 to 99 was called high growth by Colorado.
    ValueError where a percentile is not a whole number from 1 to 99.
    Source: Betebenner (2009), Educational Measurement 28(4):42-51; Castellano and Ho (2013), A Practitioner's
    Guide to Growth Models, chapter 6; Woodruff (1952), JASA 47:635-646.
    """
    given = floats(percentile)
    rows = Grouped.of(given, group, weights, clusters)
    known = given[rows.kept]
    if ((known < 1) | (known > _HIGHEST) | (known % 1 != 0)).any():
        raise ValueError("growth percentiles are whole numbers from 1 to 99, NaN where there is none")
    steps = _steps(rows, known)
    median = _at(steps, np.full(rows.names.size, 0.5), middle=True)
    beneath = (known < median[rows.place]) + 0.5 * (known == median[rows.place])
    around = wilson(0.5 * (n := _independent(rows, beneath)), n, confidence)
    above = (known >= high).astype(float)
    share = quotient(rows.sum(rows.weight * above), rows.sum(rows.weight))
    bounds = wilson(share * (n := _independent(rows, above)), n, confidence)
    assumed = (*rows.assumed, PEERS)
    return Summary(
        groups=rows.names,
        n=rows.n,
        mean=rows.estimate(known, confidence),
        median=Estimate(
            value=median, low=_at(steps, around.low), high=_at(steps, around.high), assumed=assumed
        ),
        high=Estimate(value=share, low=bounds.low, high=bounds.high, assumed=assumed),
        assumed=assumed,
    )


def _steps(rows: Grouped, known: Floats) -> Floats:
    """(groups, 99): the share of each group at or below 1, 2 ... 99."""
    shape = (rows.names.size, _HIGHEST)
    flat = rows.place * _HIGHEST + known.astype(np.int64) - 1
    weight = np.bincount(flat, rows.weight, minlength=shape[0] * shape[1]).reshape(shape)
    return quotient(weight.cumsum(axis=1), weight.sum(axis=1, keepdims=True))


def _at(steps: Floats, share: Floats, *, middle: bool = False) -> Floats:
    """The lowest percentile at or below which this share of each group is; with `middle` halfway to the next
    one where exactly that share is below it.
    """
    near = 1e-12
    lowest = (steps < share[:, None] - near).sum(axis=1) + 1.0
    if middle:
        lowest = (lowest + (steps <= share[:, None] + near).sum(axis=1) + 1.0) / 2
    return np.where(np.isnan(steps[:, 0]) | np.isnan(share), np.nan, np.minimum(lowest, _HIGHEST))


@quiet
def _independent(rows: Grouped, marked: Floats) -> Floats:
    """For how many independent students the share of `marked` counts; never more than there are."""
    n = rows.n_effective
    if not rows.clustered:
        return n
    share, error, units = rows.mean(marked)
    return np.asarray(np.where(error > 0, np.minimum(n, quotient(share * (1 - share), error**2)), units))
