"""Coarse numbers: shares near none and near all are only said to be near, the others are told in steps, and
numbers of students are rounded.

Two halves. Before anything is hidden, `extreme` says which shares the policy's bands put at an end: they
are hidden as values. After protection `coarsened` rounds what is left and `coded` says between what a hidden
share is; rounding is a function of protected cells alone and cannot tell more than they do. A bound can, so
it has to pass the attack.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from evenground.definitions.loader import Definitions
from evenground.definitions.schema import Band, Policy
from evenground.model import CELLS, HIDDEN, KEYS, VALUE

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

_NEAR = 1e-9
_PLACES = 12  # what rounding to a step leaves beside it in floating point

BOUNDS = pa.schema([*(CELLS.field(key) for key in KEYS), ("low", pa.float64()), ("high", pa.float64())])
"""Between what a hidden share is."""


def extreme(n: npt.ArrayLike, total: npt.ArrayLike, policy: Policy) -> Bools:
    """Which shares total / n the policy's bands put at an end: not above `low` or not below `high` of the
    band that their n is in. Arrays of one shape; False without a band, without bands and where n is 0 or NaN.

    Source of the bands: definitions/policies.yaml.
    """
    size, reached = np.asarray(n, dtype=float), np.asarray(total, dtype=float)
    low, high = _ends(size, policy)
    return np.asarray((reached <= low * size + _NEAR) | (reached >= high * size - _NEAR))


def coarsened(cells: pa.Table, policy: Policy, definitions: Definitions) -> pa.Table:
    """The protected cells (model.CELLS) as they are told: shares in the steps of their band, n to the nearest
    multiple of `round_n` (never 0), the sums made to match, so that what is computed from them is coarse too.

    Means keep their value; the sums behind them shrink or grow with n.
    """
    if not policy.bands and policy.round_n == 1:
        return cells
    n, total, total_sq, weight_sq, value = (
        cells[name].to_numpy(zero_copy_only=False).astype(float)
        for name in ("n", "total", "total_sq", "weight_sq", "value")
    )
    told = np.asarray(pc.equal(cells["state"], VALUE)) & ~np.isnan(n) & ~np.isnan(value)
    is_rate = told & _is_rate(cells, definitions)
    value = np.where(is_rate, _stepped(n, value, policy), value)
    size = np.where(told, np.maximum(np.floor(n / policy.round_n + 0.5), 1.0) * policy.round_n, n)
    size = np.where(told & (n == 0), 0.0, size)
    grown = np.divide(size, n, out=np.ones_like(n), where=told & (n > 0))
    columns = {
        "n": size,
        "total": np.where(told, size * value, total),
        "total_sq": np.where(is_rate, size * value, total_sq * grown),
        "weight_sq": weight_sq * grown**2,
        "value": value,
    }
    for name, numbers in columns.items():
        column = pa.array(numbers, pa.float64(), mask=np.isnan(numbers))
        cells = cells.set_column(cells.schema.get_field_index(name), CELLS.field(name), column)
    return cells


def coded(cells: pa.Table, truth: pa.Table, policy: Policy, definitions: Definitions) -> pa.Table:
    """BOUNDS of the shares that the bands put at an end: of hidden rows of `cells` whose n (in `truth`, row
    by row the same cells with all their numbers) the policy would show.
    """
    if not policy.bands:
        return BOUNDS.empty_table()
    n, total = (truth[name].to_numpy(zero_copy_only=False).astype(float) for name in ("n", "total"))
    low, high = _ends(n, policy)
    hidden = np.asarray(pc.equal(cells["state"], HIDDEN)) & np.asarray(pc.equal(truth["state"], VALUE))
    at_end = hidden & _is_rate(cells, definitions) & (n >= policy.minimum_n) & extreme(n, total, policy)
    rows = np.flatnonzero(at_end)
    below = total[rows] <= low[rows] * n[rows] + _NEAR
    columns = [cells[key].take(pa.array(rows)) for key in KEYS]
    ends = (np.where(below, 0.0, high[rows]), np.where(below, low[rows], 1.0))
    return pa.table([*columns, *(pa.array(end, pa.float64()) for end in ends)], schema=BOUNDS)


def _is_rate(cells: pa.Table, definitions: Definitions) -> Bools:
    kinds = {key: definitions.indicators[key].kind for key in cells["indicator"].unique().to_pylist()}
    return np.array([kinds[key] == "rate" for key in cells["indicator"].to_pylist()], dtype=bool)


def _ends(n: Floats, policy: Policy) -> tuple[Floats, Floats]:
    """(low, high) of the band that each n is in; NaN without a band."""
    low, high = np.full(n.shape, np.nan), np.full(n.shape, np.nan)
    for band in policy.bands:
        inside = _inside(n, band)
        low, high = np.where(inside, band.low, low), np.where(inside, band.high, high)
    return low, high


def _stepped(n: Floats, value: Floats, policy: Policy) -> Floats:
    """The shares to the nearest step of their band, never beyond its ends."""
    for band in policy.bands:
        steps = np.round(np.floor(value / band.step + 0.5) * band.step, _PLACES)
        value = np.where(_inside(n, band), np.clip(steps, band.low, band.high), value)
    return value


def _inside(n: Floats, band: Band) -> Bools:
    return np.asarray((n >= band.students_from) & (n <= (band.students_to or np.inf)))
