"""What is known about students before school begins, and an outcome, as sums over students who are alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.estimate import Floats, Ints, floats


@dataclass(frozen=True)
class Background:
    """Students who share all circumstances (and a cluster), one row each such type; no student is kept.

    names       the circumstances, in the order of the columns of `codes`
    codes       rows x circumstances; the level of each, numbered from 0
    levels      how many levels each circumstance has
    n, total, total_sq    students, sum of the outcome, sum of its squares
    cluster     number of the cluster of each row, and `clusters`, their names; None where there are none
    area        which circumstance has many small levels (a home area) and is used shrunken; None without
    rate        whether the outcome is 0 or 1 for each student
    """

    names: tuple[str, ...]
    codes: Ints
    levels: tuple[int, ...]
    n: Floats
    total: Floats
    total_sq: Floats
    cluster: Ints | None
    clusters: npt.NDArray[np.generic] | None
    area: int | None
    rate: bool

    @property
    def students(self) -> float:
        return float(self.n.sum())

    @property
    def mean(self) -> float:
        return float(self.total.sum() / self.n.sum())


def of_students(
    circumstances: Mapping[str, npt.ArrayLike],
    outcome: npt.ArrayLike,
    *,
    clusters: npt.ArrayLike | None = None,
    area: str | None = None,
) -> Background:
    """One entry a student in every column; a student whose outcome is NaN is left out.

    `circumstances`: name -> column of categories (numbers are taken as categories); `outcome`: 0 and 1, or a
    score; `clusters`: the school of each student, or whatever students share; `area`: the name of the
    circumstance that has many small levels, such as the home area. Raises ValueError where lengths differ.
    """
    score = floats(outcome)
    one = np.ones_like(score)
    rate = bool(np.isin(score[~np.isnan(score)], (0.0, 1.0)).all())
    return _merged(circumstances, one, score, score**2, clusters, area, rate)


def of_counts(
    circumstances: Mapping[str, npt.ArrayLike],
    n: npt.ArrayLike,
    total: npt.ArrayLike,
    total_sq: npt.ArrayLike | None = None,
    *,
    clusters: npt.ArrayLike | None = None,
    area: str | None = None,
) -> Background:
    """One entry a counted cell in every column: `n` students, `total` their successes or the sum of scores.

    `total_sq` is the sum of squared scores; without it the outcome is 0 or 1. A cell with a missing count is
    left out. `n` may be a sum of weights where `clusters` are given. Raises ValueError where lengths differ,
    a count is negative, or more students succeed than there are.
    """
    size, sums = floats(n), floats(total)
    rate = total_sq is None
    squares = sums if total_sq is None else floats(total_sq)
    if np.any(size < 0):
        raise ValueError("a number of students is negative; counts are 0 or more")
    if rate and np.any((sums < 0) | (sums > size)):
        raise ValueError(
            "more students succeed than there are in a cell; give total_sq where totals are scores"
        )
    return _merged(circumstances, size, sums, squares, clusters, area, rate)


def _merged(
    circumstances: Mapping[str, npt.ArrayLike],
    n: Floats,
    total: Floats,
    total_sq: Floats,
    clusters: npt.ArrayLike | None,
    area: str | None,
    rate: bool,
) -> Background:
    names = tuple(circumstances)
    if not names:
        raise ValueError("no circumstance is given; give at least one, such as {'race': [...]}")
    if area is not None and area not in names:
        raise ValueError(f"no circumstance {area!r}; there are {', '.join(names)}")
    columns = [np.asarray(circumstances[name]) for name in names]
    if clusters is not None:
        columns.append(np.asarray(clusters))
    lengths = {len(column) for column in (*columns, n, total, total_sq)}
    if len(lengths) > 1:
        raise ValueError(f"columns have {sorted(lengths)} entries; all must have the same number")
    there = ~np.isnan(n + total + total_sq) & (n > 0)
    coded = [np.unique(column[there], return_inverse=True) for column in columns]
    key = np.zeros(int(there.sum()), dtype=np.int64)
    for found, code in coded:
        key = key * max(len(found), 1) + code.ravel()
        # Numbered anew after each column, so that the product of many levels cannot overflow.
        key = np.unique(key, return_inverse=True)[1].ravel()
    rows = int(key.max()) + 1 if key.size else 0
    first = np.zeros(rows, dtype=np.int64)
    first[key[::-1]] = np.arange(key.size)[::-1]
    codes = np.column_stack([code.ravel()[first] for _, code in coded])
    size, sums, squares = (
        floats(np.bincount(key, weights=column[there], minlength=rows)) for column in (n, total, total_sq)
    )
    d = len(names)
    return Background(
        names,
        codes[:, :d],
        tuple(len(found) for found, _ in coded[:d]),
        size,
        sums,
        squares,
        cluster=codes[:, d] if clusters is not None else None,
        clusters=coded[d][0] if clusters is not None else None,
        area=names.index(area) if area is not None else None,
        rate=rate,
    )
