"""Exposure: who is in the same unit as whom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.estimate import Estimate, Floats, floats, normal_quantile, quiet, seen_error
from evenground.measures.segregation.table import INDEPENDENT, Labels, table


@dataclass(frozen=True)
class Exposure(Estimate):
    """`value[i, j]`: the share of group j in the unit of an average student of group i; rows sum to 1.

    groups   the labels of both axes
    share    share of each group among all: what every row would be with the same mix everywhere
    n        students of each group
    """

    groups: Labels
    share: Floats
    n: Floats


@dataclass(frozen=True)
class Isolation(Estimate):
    """`value[i]`: the share of its own group in the unit of an average student of group i.

    groups   the labels
    share    share of each group among all: its isolation with the same mix everywhere
    beyond   (value - share)/(1 - share): 0 with the same mix everywhere, 1 where the group is by itself
    """

    groups: Labels
    share: Floats
    beyond: Floats


def exposure(
    count: npt.ArrayLike, unit: npt.ArrayLike, group: npt.ArrayLike, *, confidence: float = 0.95
) -> Exposure:
    """x_ij = sum_u n_ui n_uj/(n_u N_i), for all pairs of groups; a student counts among those of the own
    unit.

    Columns of one length, a row a unit and group. Intervals by the delta method.
    Source: Lieberson (1981), in Ethnic Segregation in Cities 61-82; Massey and Denton (1988), Social Forces
    67:281-315.
    """
    seen = table(count, unit, group)
    by_unit, by_group = seen.by_unit, seen.by_group
    shares = seen.counts / by_unit
    value = seen.counts @ shares.T / by_group[:, None]
    half = normal_quantile(confidence) * seen_error(np.sqrt(_variance(seen.counts, shares, by_group, value)))
    return Exposure(
        value=value,
        low=np.clip(value - half, 0.0, 1.0),
        high=np.clip(value + half, 0.0, 1.0),
        groups=seen.groups,
        share=by_group / seen.n,
        n=by_group,
        assumed=(INDEPENDENT, "delta method"),
    )


@quiet
def isolation(
    count: npt.ArrayLike, unit: npt.ArrayLike, group: npt.ArrayLike, *, confidence: float = 0.95
) -> Isolation:
    """The exposure of each group to itself, sum_u n_ui^2/(n_u N_i); as `exposure`.

    `beyond` is the correlation ratio, eta squared. Source: Massey and Denton (1988), Social Forces
    67:281-315.
    """
    found = exposure(count, unit, group, confidence=confidence)
    value = np.diagonal(found.value).copy()
    beyond = np.where(found.share < 1, (value - found.share) / (1 - found.share), np.nan)
    low, high = np.diagonal(found.low).copy(), np.diagonal(found.high).copy()
    return Isolation(low, high, value, found.groups, found.share, floats(beyond), assumed=found.assumed)


def _variance(counts: Floats, shares: Floats, by_group: Floats, value: Floats) -> Floats:
    """Sum over all cells (h, u) of n_uh g^2, g = -c + [h = i] a + [h = j] b:

    c = n_ui n_uj/(n_u^2 N_i), a = (n_uj/n_u - x_ij)/N_i, b = n_ui/(n_u N_i).
    """
    by_unit = counts.sum(axis=0)
    variance = np.empty_like(value)
    for i in range(by_group.size):
        own = shares[i]
        c = own * shares / by_group[i]
        a, b = (shares - value[i][:, None]) / by_group[i], own / by_group[i]
        cells = by_unit * c**2 + counts[i] * (a**2 - 2 * a * c) + counts * (b**2 - 2 * b * c)
        cells[i] += 2 * counts[i] * a[i] * b
        variance[i] = cells.sum(axis=1)
    return np.maximum(variance, 0.0)
