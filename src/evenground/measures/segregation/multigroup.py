"""Other indices for several groups, as PySAL has them, for those who compare with older work."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.estimate import Estimate, Floats, floats, quiet, quotient
from evenground.measures.segregation.draws import Whole, drawn
from evenground.measures.segregation.resampling import percentiles
from evenground.measures.segregation.table import DOWN, INDEPENDENT, table

_NAMES = ("gini", "normalized_exposure", "relative_diversity", "squared_variation", "interaction")


@dataclass(frozen=True)
class Multigroup(Estimate):
    """One entry an index, in the order of `index`."""

    index: tuple[str, ...]


def multigroup(
    count: npt.ArrayLike,
    unit: npt.ArrayLike,
    group: npt.ArrayLike,
    *,
    draws: int = 100,
    seed: int = 1,
    confidence: float = 0.95,
) -> Multigroup:
    """Gini, normalized exposure P, relative diversity R, squared coefficient of variation C, interaction I.

    With p_g the share of a group, p_ug its share in unit u, w_u the share of the unit, G groups: I = sum_g
    p_g (1 - p_g), Gini = sum_g sum_uv w_u w_v |p_ug - p_vg|/(2I), P = sum_u w_u sum_g (p_ug - p_g)^2 / (1 -
    p_g), R = the same over I instead, C = over (G - 1) p_g. Columns of one length, whole students.
    Intervals: percentiles of a bootstrap, moved so that they lie around the value and reach down by what
    small units add; with 0 draws there are none. NaN without two groups. Source: Reardon and Firebaugh
    (2002), Sociological Methodology 32:33-67.
    """
    seen = table(count, unit, group)
    value = np.array(_indices(seen.counts))
    low = high = np.full(value.size, np.nan)
    if draws and seen.n:
        found = drawn(seen.counts, _indices, draws, seed)
        bias = np.maximum(found.mean(axis=0) - value, 0.0)
        low, high = percentiles(found - found.mean(axis=0) + value, confidence)
        low = low - bias
    how = f"bootstrap, {draws} draws" if draws else "no interval asked for"
    assumed = (INDEPENDENT, how, DOWN)
    return Multigroup(np.maximum(low, 0.0), np.minimum(high, 1.0), value, index=_NAMES, assumed=assumed)


@quiet
def _indices(table_of: Floats | Whole) -> tuple[float, ...]:
    counts = floats(table_of)
    kept = counts[:, counts.sum(axis=0) > 0]
    by_unit, by_group, n = kept.sum(axis=0), kept.sum(axis=1), kept.sum()
    p, inside, w = by_group / n, kept / by_unit, by_unit / n
    interaction = float(1 - p @ p)
    square = ((inside - p[:, None]) ** 2) @ w
    there = p > 0
    unlike = float((square[there] / (1 - p[there])).sum())
    variation = float(quotient((square[there] / p[there]).sum(), there.sum() - 1))
    gini = float(quotient(sum(_apart(own, w) for own in inside), 2 * interaction))
    return gini, unlike, float(quotient(square.sum(), interaction)), variation, interaction


def _apart(share: Floats, w: Floats) -> float:
    """Sum over all pairs of units of w_u w_v |p_u - p_v|, from running sums in the order of p."""
    order = np.argsort(share)
    value, weight = share[order], w[order]
    below, mass = np.cumsum(weight) - weight, np.cumsum(weight * value) - weight * value
    return float(2 * (weight * (value * below - mass)).sum())
