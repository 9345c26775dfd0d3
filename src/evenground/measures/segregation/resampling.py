"""Small units: how much of an index is chance, by drawing the students again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from evenground.measures.estimate import Estimate, Floats, floats, middle, quiet, quotient
from evenground.measures.segregation.draws import Whole, drawn
from evenground.measures.segregation.table import INDEPENDENT, table, xlogx

Index = Literal["information", "theil", "dissimilarity"]
INDICES: tuple[Index, ...] = ("information", "theil", "dissimilarity")


@dataclass(frozen=True)
class Resampled(Estimate):
    """Indices after the bootstrap, one entry each; `value` is counted - bias.

    index     their names
    counted   the indices of the table as it is
    bias      mean of the draws less counted: what small units add by chance
    se        standard deviation of the draws
    """

    index: tuple[Index, ...]
    counted: Floats
    bias: Floats
    se: Floats


@dataclass(frozen=True)
class Expected(Estimate):
    """Indices as chance alone would make them, with the range in which chance leaves them.

    index     their names
    counted   the indices of the table as it is
    """

    index: tuple[Index, ...]
    counted: Floats


@quiet
def bootstrap(
    count: npt.ArrayLike,
    unit: npt.ArrayLike,
    group: npt.ArrayLike,
    *,
    index: tuple[Index, ...] = ("information", "theil"),
    draws: int = 100,
    seed: int = 1,
    confidence: float = 0.95,
) -> Resampled:
    """M, H and D without the bias of small units, with percentile intervals.

    Columns of one length, a row a unit and group; whole students. Each draw draws as many students, with
    replacement, from the cells. Value: counted - bias; interval: the percentiles of the draws, less twice
    the bias, so that they lie around the value. Use 1,000 draws for a published interval. Raises ValueError
    where counts are not whole. Source: Elbers (2023), Sociological Methods and Research 52:5-42; Efron and
    Tibshirani (1993), An Introduction to the Bootstrap 10.
    """
    counts = table(count, unit, group).counts
    if np.any(counts != np.floor(counts)):
        raise ValueError("some counts are not whole; the bootstrap draws students, give whole counts of them")
    counted = np.array(_measured(counts, index))
    found = drawn(counts, lambda again: _measured(again, index), draws, seed)
    bias = found.mean(axis=0) - counted
    low, high = percentiles(found - 2 * bias, confidence)
    return Resampled(
        value=np.maximum(counted - bias, 0.0),
        low=np.maximum(low, 0.0),
        high=np.maximum(high, 0.0),
        index=index,
        counted=counted,
        bias=bias,
        se=floats(found.std(axis=0, ddof=1)),
        assumed=(INDEPENDENT, f"bootstrap, {draws} draws", "the bias of small units is taken off"),
    )


@quiet
def expected(
    count: npt.ArrayLike,
    unit: npt.ArrayLike,
    group: npt.ArrayLike,
    *,
    index: tuple[Index, ...] = INDICES,
    draws: int = 100,
    seed: int = 1,
    confidence: float = 0.95,
) -> Expected:
    """M, H and D as they would come out if nothing but chance placed students.

    Units keep their sizes and groups their shares, up to chance. Value: the mean of the draws; interval:
    their percentiles. An index inside the interval cannot be told from chance. Columns as for `bootstrap`.
    Source: Carrington and Troske (1997), Journal of Business and Economic Statistics 15:402-409.
    """
    seen = table(count, unit, group)
    even = seen.by_group[:, None] * seen.by_unit / seen.n
    found = drawn(even, lambda again: _measured(again, index), draws, seed)
    low, high = percentiles(found, confidence)
    return Expected(
        value=floats(found.mean(axis=0)),
        low=low,
        high=high,
        index=index,
        counted=np.array(_measured(seen.counts, index)),
        assumed=("students placed independently, with the same chances everywhere", f"{draws} draws"),
    )


def percentiles(found: Floats, confidence: float) -> tuple[Floats, Floats]:
    """The middle `confidence` of the draws (rows), for each measure."""
    return middle(found, confidence)


def _measured(counts: Floats | Whole, index: tuple[Index, ...]) -> tuple[float, ...]:
    """The indices of one table of shape (groups, units), which may have empty units and groups."""
    by_unit, by_group = counts.sum(axis=0), counts.sum(axis=1)
    n = by_group.sum()
    share = by_group / n
    mixed = float(np.log(n) - _xlogx(by_group) / n)
    m = float((_xlogx(counts) - _xlogx(by_unit)) / n + mixed)
    d = float("nan")
    if "dissimilarity" in index:
        d = float(np.abs(counts - share[:, None] * by_unit).sum() / (2 * n * (1 - share @ share)))
    return tuple(
        {"information": m, "theil": float(quotient(m, mixed)), "dissimilarity": d}[name] for name in index
    )


def _xlogx(counts: Floats | Whole) -> float:
    """Sum of x ln x; of many whole counts by looking up each different one."""
    most = int(counts.max(initial=0))
    if np.issubdtype(counts.dtype, np.integer) and most < counts.size:
        return float(xlogx(np.arange(most + 1)).take(counts.astype(np.intp, copy=False)).sum())
    return float(xlogx(counts).sum())
