"""Cells of several releases under common numbers, so that they can be compared at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from evenground.definitions.known import Definitions
from evenground.model import KEYS, group_dimensions

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_NAMES = pa.schema([pa.field(name, pa.string()) for name in KEYS])
_CLOSE = 1e-6


@dataclass(frozen=True)
class Vintage:
    """The cells of one release, an entry a row in each array; the numbers are those of all the releases.

    `cell`: the whole key; `cut`: the key with the dimensions of the group in place of the group; `table`:
    indicator, unit and period; `place`: unit and period; `count`: the cell with the population in place of
    the indicator. `kind`: 0 rate, 1 mean, 2 exposure. `n`, `total`: true counts, NaN where not known.
    """

    cell: Ints
    cut: Ints
    table: Ints
    place: Ints
    period: Ints
    count: Ints
    kind: Ints
    n: Floats
    total: Floats

    def find(self, cells: Ints) -> Ints:
        """For each cell the row of this release that holds it, -1 where none does."""
        order = np.argsort(self.cell, kind="stable")
        at = np.searchsorted(self.cell, cells, sorter=order)
        at = order[np.minimum(at, len(order) - 1)] if len(order) else np.full(len(cells), -1)
        return np.where(self.cell[at] == cells, at, -1) if len(order) else at

    def seen_in(self, other: Vintage) -> tuple[Floats, Floats]:
        """The counts (n, total) that `other` has for these cells: nobody where it tells the groups of that
        cut and has no such row, NaN where it does not tell them or does not know.
        """
        at = other.find(self.cell)
        told = np.where(np.isin(self.cut, other.cut), 0.0, np.nan)
        if not len(other.cell):
            return told, told.copy()
        return np.where(at >= 0, other.n[at], told), np.where(at >= 0, other.total[at], told)

    def same_in(self, other: Vintage) -> Bools:
        """Which cells have the same known counts there."""
        n, total = self.seen_in(other)
        return np.asarray(_near(self.n, n) & _near(self.total, total))

    def differs_in(self, other: Vintage) -> Bools:
        """Which cells the other has too, with other counts, or with counts known in only one of the two."""
        both = np.isin(self.cut, other.cut)
        n, total = self.seen_in(other)
        return np.asarray(both & ~(_alike(self.n, n) & _alike(self.total, total)))

    def rows(self, chosen: Bools) -> Vintage:
        return Vintage(*(getattr(self, field.name)[chosen] for field in fields(self)))

    def with_rows(self, other: Vintage) -> Vintage:
        both = ((getattr(self, field.name), getattr(other, field.name)) for field in fields(self))
        return Vintage(*(np.concatenate(pair) for pair in both))


RATE, MEAN, EXPOSURE = range(3)
_KINDS = {"rate": RATE, "mean": MEAN, "exposure": EXPOSURE}


def _near(one: Floats, other: Floats) -> Bools:
    with np.errstate(invalid="ignore"):
        return np.asarray(np.abs(one - other) <= _CLOSE * np.maximum(1.0, np.abs(one)))


def _alike(one: Floats, other: Floats) -> Bools:
    return np.asarray(_near(one, other) | (np.isnan(one) & np.isnan(other)))


def vintages(tables: Sequence[pa.Table], definitions: Definitions) -> tuple[Vintage, ...]:
    """One for each table; every table has at least model.KEYS, n and total."""
    joined = pa.concat_tables([table.select(KEYS).cast(_NAMES) for table in tables])
    indicator, indicators = _numbered(joined["indicator"])
    place, _ = _numbered(pc.binary_join_element_wise(joined["unit_level"], joined["unit_id"], ":"))
    period, periods = _numbered(joined["period"])
    group, groups = _numbered(joined["group"])
    over = _renumbered([definitions.indicators[key].over for key in indicators])
    dims = _renumbered(["+".join(group_dimensions(key)) for key in groups])
    kinds = np.array([_KINDS[definitions.indicators[key].kind] for key in indicators], dtype=np.int64)
    places = place * len(periods) + period
    table = indicator * (int(places.max(initial=0)) + 1) + places
    population = over[indicator] * (int(places.max(initial=0)) + 1) + places
    arrays = {
        "cell": table * len(groups) + group,
        "cut": table * len(groups) + dims[group],
        "table": table,
        "place": places,
        "period": period,
        "count": population * len(groups) + group,
        "kind": kinds[indicator],
        "n": _floats(tables, "n"),
        "total": _floats(tables, "total"),
    }
    ends = np.cumsum([len(table) for table in tables])[:-1]
    parts = {name: np.split(array, ends) for name, array in arrays.items()}
    return tuple(Vintage(**{name: parts[name][one] for name in arrays}) for one in range(len(tables)))


def _numbered(column: pa.ChunkedArray) -> tuple[Ints, list[str]]:
    coded = column.combine_chunks().dictionary_encode()
    if isinstance(coded, pa.ChunkedArray):
        coded = coded.combine_chunks()
    return coded.indices.to_numpy(zero_copy_only=False).astype(np.int64), coded.dictionary.to_pylist()


def _renumbered(names: list[str]) -> Ints:
    number = {name: index for index, name in enumerate(dict.fromkeys(names))}
    return np.array([number[name] for name in names], dtype=np.int64)


def _floats(tables: Sequence[pa.Table], name: str) -> Floats:
    parts = [table[name].to_numpy(zero_copy_only=False).astype(float) for table in tables]
    return np.concatenate(parts)
