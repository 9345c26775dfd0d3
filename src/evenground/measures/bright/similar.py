"""Which schools are alike, by characteristics that are stated and shown."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.estimate import Bools, Floats, Ints, floats, quiet


@dataclass(frozen=True)
class Similar:
    """For each school (row) the k schools most like it, the nearest first.

    index, distance    schools x k: which rows, and how far in units of spread; -1 and NaN where a school has
                       no known characteristics
    spread             what one unit of distance is, for each characteristic
    """

    index: Ints
    distance: Floats
    spread: Floats

    def among(self, school: int) -> Bools:
        """True at the schools similar to `school`."""
        marks = np.zeros(self.index.shape[0], dtype=bool)
        chosen = self.index[school]
        marks[chosen[chosen >= 0]] = True
        return marks


@quiet
def similar(characteristics: npt.ArrayLike, k: int, *, importance: npt.ArrayLike | None = None) -> Similar:
    """The k nearest schools of each school, itself left out.

    `characteristics`: schools x characteristics (shares, size: take the logarithm of a size). Distance is
    Euclidean after each characteristic is divided by its standard deviation over all schools, times the root
    of its `importance` (1 each where none is given). A characteristic that does not vary does not count.
    Schools with a NaN are nobody's neighbours. Of equal distances the lower row comes first. Raises
    ValueError where there are not more than k schools.
    Source: nearest neighbours by scaled distance: Abadie and Imbens (2006), Econometrica 74:235-267.
    """
    from scipy.spatial import KDTree

    x = floats(characteristics)
    x = x[:, None] if x.ndim == 1 else x
    known = ~np.isnan(x).any(axis=1)
    rows = np.flatnonzero(known)
    if k < 1 or rows.size <= k:
        raise ValueError(f"{rows.size} schools with all characteristics, {k} to be found; give more schools")
    spread = x[rows].std(axis=0, ddof=1)
    weight = np.ones(x.shape[1]) if importance is None else floats(importance)
    scaled = np.where(spread > 0, x[rows] / spread, 0.0) * np.sqrt(weight)
    # One more than wanted, since the school finds itself; twins may be found in its stead.
    distance, found = KDTree(scaled).query(scaled, k=k + 1)
    itself = found == np.arange(rows.size)[:, None]
    itself[~itself.any(axis=1), -1] = True
    others = ~itself
    place = np.full((x.shape[0], k), -1, dtype=np.int64)
    apart = np.full((x.shape[0], k), np.nan)
    found, distance = found[others].reshape(-1, k), distance[others].reshape(-1, k)
    order = np.lexsort((found, distance), axis=1)
    place[rows] = rows[np.take_along_axis(found, order, axis=1)]
    apart[rows] = np.take_along_axis(distance, order, axis=1)
    return Similar(index=place, distance=apart, spread=floats(spread))
