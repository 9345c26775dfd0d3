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

from evenground.definitions.known import Definitions
from evenground.definitions.schema import Band, Policy
from evenground.disclosure.hidden import conceal
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

    Means keep their value; the sums behind them shrink or grow with n. A share at an end that is still a
    value is hidden.
    """
    if not policy.bands and policy.round_n == 1:
        return cells
    n, total, total_sq, weight_sq, value = (
        cells[name].to_numpy(zero_copy_only=False).astype(float)
        for name in ("n", "total", "total_sq", "weight_sq", "value")
    )
    told = np.asarray(pc.equal(cells["state"], VALUE)) & ~np.isnan(n) & ~np.isnan(value)
    is_rate = told & _is_rate(cells, definitions)
    at_end = is_rate & extreme(n, total, policy)
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
    return conceal(cells, at_end)


def coded(cells: pa.Table, truth: pa.Table, policy: Policy, definitions: Definitions) -> pa.Table:
    """BOUNDS of the shares that the bands put at an end: of hidden rows of `cells` whose n (in `truth`, the
    cells with all their numbers) the policy would show.
    """
    if not policy.bands:
        return BOUNDS.empty_table()
    hidden = cells.filter(pc.equal(cells["state"], HIDDEN)).select(KEYS)
    known = truth.filter(pc.equal(truth["state"], VALUE)).select([*KEYS, "n", "total"])
    known = known.join(hidden, keys=list(KEYS), join_type="left semi").combine_chunks()
    n, total = (known[name].to_numpy(zero_copy_only=False).astype(float) for name in ("n", "total"))
    at_end = _is_rate(known, definitions) & (n >= policy.minimum_n) & extreme(n, total, policy)
    low, high = _ends(n, policy)
    below = total <= low * n + _NEAR
    ends = {"low": np.where(below, 0.0, high), "high": np.where(below, low, 1.0)}
    for name, end in ends.items():
        known = known.append_column(name, pa.array(end, pa.float64()))
    found = known.filter(pa.array(at_end)).select(BOUNDS.names)
    return found.sort_by([(key, "ascending") for key in KEYS]).cast(BOUNDS)


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
