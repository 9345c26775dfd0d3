"""Ratings of units by raters, counted: who gave which of the categories."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.estimate import Floats, Ints


@dataclass(frozen=True)
class Ratings:
    """`codes`: units x raters, the category of each rating, -1 without one. `values`: what the categories are
    called (numbers where all are), in order. `counts`: units x categories, how many raters gave it."""

    codes: Ints
    values: npt.NDArray[np.generic]
    counts: Floats

    @property
    def raters(self) -> Floats:
        """How many ratings each unit has."""
        return np.asarray(self.counts.sum(axis=1))


def rated(ratings: npt.ArrayLike, categories: npt.ArrayLike | None = None) -> Ratings:
    """Ratings from units x raters; None, NaN and "" are no rating. Categories are those that occur, or given.

    Raises ValueError where there are not two axes or a rating is none of the categories.
    """
    table = np.asarray(ratings)
    if table.ndim != 2:
        raise ValueError(f"ratings have {table.ndim} axes; give units x raters")
    missing = _missing(table)
    kept = table[~missing]
    if table.dtype.kind == "O" and kept.size and all(isinstance(v, (int, float, np.number)) for v in kept):
        kept = kept.astype(np.float64)
    elif table.dtype.kind == "O":
        kept = kept.astype(np.str_)
    values = np.unique(kept) if categories is None else np.asarray(categories)
    order = np.argsort(values, kind="stable")
    place = np.searchsorted(values[order], kept) if values.size else np.zeros(kept.size, dtype=np.int64)
    place = order[np.minimum(place, values.size - 1)] if values.size else place
    if kept.size and np.any(values[place] != kept):
        strange = kept[values[place] != kept][0]
        raise ValueError(f"a rating is {strange}; the categories are {', '.join(str(v) for v in values)}")
    codes = np.full(table.shape, -1, dtype=np.int64)
    codes[~missing] = place
    q = max(values.size, 1)
    units = np.repeat(np.arange(table.shape[0]), table.shape[1]).reshape(table.shape)
    counts = np.bincount(units[~missing] * q + codes[~missing], minlength=table.shape[0] * q).reshape(
        table.shape[0], q
    )
    return Ratings(codes=codes, values=values, counts=counts.astype(np.float64))


def _missing(table: npt.NDArray[np.generic]) -> npt.NDArray[np.bool_]:
    if table.dtype.kind == "f":
        return np.asarray(np.isnan(table))
    if table.dtype.kind in "US":
        return np.asarray(table == "")
    if table.dtype.kind == "O":
        return np.asarray((table == None) | (table != table) | (table == ""), dtype=bool)  # noqa: E711
    return np.zeros(table.shape, dtype=bool)
