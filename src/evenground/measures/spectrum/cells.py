"""Counts of students per achievement level: checked, added up from above, and seen through a normal curve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from evenground.measures.estimate import Floats, floats

_ROOT_TAU = float(np.sqrt(2 * np.pi))
# A level that a curve calls impossible is still counted as this likely, so that a logarithm exists.
_LEAST = 1e-300


def level_counts(counts: npt.ArrayLike, least: int = 2) -> Floats:
    """The counts as floats, lowest level first along the last axis.

    Raises ValueError where there are fewer than `least` levels or a count is negative.
    """
    found = floats(counts)
    if found.ndim == 0 or found.shape[-1] < least:
        raise ValueError(f"counts have the shape {found.shape}; the last axis holds {least} levels or more")
    if np.any(found < 0):
        raise ValueError(f"the smallest count is {np.nanmin(found):g}; counts are 0 or more")
    return found


def level_pair(counts: npt.ArrayLike, reference: npt.ArrayLike) -> tuple[Floats, Floats]:
    """The counts of groups and of whom they are compared with, brought to one shape. Raises ValueError."""
    first, second = level_counts(counts), level_counts(reference)
    try:
        shape = np.broadcast_shapes(first.shape, second.shape)
    except ValueError:
        shape = ()
    if not shape or first.shape[-1] != second.shape[-1]:
        raise ValueError(
            f"counts have the shape {first.shape}, those of the reference {second.shape}; "
            "give the same levels, and one row of the reference or one for each group"
        )
    return np.broadcast_to(first, shape), np.broadcast_to(second, shape)


def above(counts: Floats) -> Floats:
    """Students at or above every level but the lowest, (..., levels) -> (..., levels - 1)."""
    return np.asarray(np.flip(np.cumsum(np.flip(counts, -1), -1), -1)[..., 1:])


@dataclass(frozen=True)
class Curve:
    """What normal curves give each level, and how that moves with each parameter.

    share            (..., levels) the part of the curve within each level
    by_mean          its derivative by the mean
    by_log_spread    its derivative by the logarithm of the standard deviation
    by_cut           (..., levels, cuts) its derivative by each cut
    """

    share: Floats
    by_mean: Floats
    by_log_spread: Floats
    by_cut: Floats


def curve(cuts: Floats, mean: Floats, spread: Floats) -> Curve:
    """The curves N(mean, spread^2) over the levels that `cuts` (..., levels - 1), in order, divide."""
    z = (cuts - mean[..., None]) / spread[..., None]
    density = np.exp(-(z**2) / 2) / _ROOT_TAU
    upper, lower = density / spread[..., None], _edge(density)
    levels = np.arange(z.shape[-1] + 1)
    at = levels[:, None] == levels[None, :-1]
    after = levels[:, None] == levels[None, 1:]
    return Curve(
        share=shares(z),
        by_mean=-np.diff(lower, axis=-1) / spread[..., None],
        by_log_spread=-np.diff(_edge(z * density), axis=-1),
        by_cut=upper[..., None, :] * (at.astype(float) - after),
    )


def shares(z: Floats) -> Floats:
    """Part of the standard normal curve between neighbouring z, (..., cuts) -> (..., cuts + 1).

    Far above the middle it is the difference of what lies above, which keeps its digits.
    """
    ends = np.full((*z.shape[:-1], 1), np.inf)
    low, high = np.concatenate([-ends, z], -1), np.concatenate([z, ends], -1)
    right = low > 0
    difference = special.ndtr(np.where(right, -low, high)) - special.ndtr(np.where(right, -high, low))
    return np.asarray(np.maximum(difference, _LEAST))


def _edge(inner: Floats) -> Floats:
    """The values at the cuts with a 0 at either end of the scale."""
    none = np.zeros((*inner.shape[:-1], 1))
    return np.concatenate([none, inner, none], -1)
