"""The cells of one indicator as arrays, each with everybody of its unit and period beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from evenground.definitions import Definitions, Indicator
from evenground.measures import Direction, Estimate, Reference, Sums, choose, difference, mean, rate, ratio
from evenground.model import ALL, VALUE, group_dimensions


@dataclass(frozen=True)
class Block:
    """Protected cells of one indicator; all arrays have one row a cell.

    `dimension` is `all`, a dimension or dimensions joined by +; `place` numbers (unit, period), `family`
    (unit, period, dimension); `sums` and `whole` (everybody of the place) are NaN where a cell is not a
    value or has no n.
    """

    key: str
    indicator: Indicator
    level: np.ndarray
    unit: np.ndarray
    period: np.ndarray
    group: np.ndarray
    dimension: np.ndarray
    state: np.ndarray
    value: np.ndarray
    sums: Sums
    whole: Sums
    whole_value: np.ndarray
    place: np.ndarray
    family: np.ndarray

    @property
    def counts_people(self) -> bool:
        """A rate: its numerator is students, so students to parity can be counted."""
        return self.indicator.kind == "rate"

    @property
    def direction(self) -> Direction:
        return "lower" if self.indicator.direction == "lower" else "higher"

    def can_meet(self, reference: str) -> bool:
        """Whether a target is one of this indicator: up to 1 it is a share, above 1 a number of another
        unit."""
        kind, _, number = reference.partition(":")
        return kind != "target" or (float(number) <= 1) == (self.indicator.unit == "share")

    def alike(self, rows: np.ndarray) -> np.ndarray:
        """Of each row whether its group has what everybody of its place has, since the place gives all the
        same: a difference of 0 that says nothing."""
        same = np.isclose(self.value[rows], self.whole_value[rows], rtol=1e-9, atol=0)
        return np.asarray(same & (self.indicator.kind == "exposure"))

    def estimate(self, sums: Sums, confidence: float) -> Estimate:
        return rate.estimate(sums, confidence) if self.counts_people else mean.estimate(sums, confidence)

    def reference(self, name: str, minimum: float) -> Reference:
        """The reference of each row. `group:black` is short for the one group of a single dimension that
        has this value."""
        return choose(
            full_reference(name, self.group),
            self.sums,
            whole=self.whole,
            block=self.family,
            keys=self.group,
            minimum=minimum,
            direction=self.direction,
        )

    def difference(self, reference: Reference, confidence: float) -> Estimate:
        measure = difference.rates_to_reference if self.counts_people else difference.means_to_reference
        return measure(self.sums, reference, confidence)

    def ratio(self, reference: Reference, confidence: float) -> Estimate:
        measure = ratio.rates_to_reference if self.counts_people else ratio.means_to_reference
        return measure(self.sums, reference, confidence)


def full_reference(name: str, groups: np.ndarray) -> str:
    """`group:black` -> `group:race_ethnicity:black`; every other reference as it is."""
    kind, _, detail = name.partition(":")
    if kind != "group" or ":" in detail:
        return name
    matches = sorted({key for key in set(groups.tolist()) if "+" not in key and key.endswith(f":{detail}")})
    return f"group:{matches[0]}" if len(matches) == 1 else name


def block_of(cells: pa.Table, key: str, definitions: Definitions) -> Block:
    """The cells of one indicator, in a fixed order."""
    indicator = definitions.indicators[key]
    cells = cells.filter(pc.equal(cells["indicator"], key)).sort_by(
        [(name, "ascending") for name in ("unit_level", "unit_id", "period", "group")]
    )
    level, unit, period, group, state = (
        _texts(cells, name) for name in ("unit_level", "unit_id", "period", "group", "state")
    )
    n, total, total_sq, weight_sq, value = (
        _numbers(cells, name) for name in ("n", "total", "total_sq", "weight_sq", "value")
    )
    known = (state == VALUE) & ~np.isnan(n)
    total_sq = np.where(np.isnan(total_sq) & (indicator.kind == "rate"), total, total_sq)
    weight_sq = np.where(np.isnan(weight_sq), n, weight_sq)
    columns = [n, total, total_sq, weight_sq]
    if "noise" in cells.column_names:
        columns.append(_numbers(cells, "noise"))
    sums = Sums(*(np.where(known, column, np.nan) for column in columns))
    distinct, inverse = np.unique(group, return_inverse=True)
    dimension = (
        np.array(["+".join(group_dimensions(text)) or ALL for text in distinct], dtype=object)[inverse]
        if len(group)
        else group
    )
    place = _numbered(level, unit, period)
    whole_row = _row_of_everybody(place, group)
    return Block(
        key,
        indicator,
        level,
        unit,
        period,
        group,
        dimension,
        state,
        np.where(state == VALUE, value, np.nan),
        sums,
        sums.take(whole_row),
        np.where(whole_row >= 0, value[whole_row] if len(value) else value, np.nan),
        place,
        _numbered(place.astype(str), dimension),
    )


def _row_of_everybody(place: np.ndarray, group: np.ndarray) -> np.ndarray:
    """For each row the row of group `all` at its place, or -1."""
    rows = np.full(int(place.max()) + 1 if len(place) else 0, -1)
    everybody = np.flatnonzero(group == ALL)
    rows[place[everybody]] = everybody
    return rows[place] if len(place) else rows


def _numbered(*columns: np.ndarray) -> np.ndarray:
    """Equal rows get equal numbers."""
    number = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        _, code = np.unique(column.astype(str), return_inverse=True)
        _, number = np.unique(number * (int(code.max(initial=0)) + 1) + code, return_inverse=True)
    return number


def _texts(cells: pa.Table, name: str) -> np.ndarray:
    return np.asarray(cells[name].to_pylist(), dtype=object)


def _numbers(cells: pa.Table, name: str) -> np.ndarray:
    return np.asarray(cells[name].combine_chunks().to_numpy(zero_copy_only=False), dtype=float)
