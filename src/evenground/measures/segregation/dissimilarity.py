"""Dissimilarity: what share of students would have to change units for every unit to have the mix of all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

from evenground.measures.estimate import Estimate, Floats, floats, normal_quantile, quiet, quotient
from evenground.measures.segregation.table import (
    DOWN,
    INDEPENDENT,
    Table,
    standard_error,
    table,
    without_empty,
)


@dataclass(frozen=True)
class Dissimilarity(Estimate):
    """D with its interval.

    moving   students who would have to change units, D times the most that could have to: sum of
             |n_ug - n_u p_g| / 2, when the students of each unit are exchanged one for one
    n        students
    """

    moving: Floats
    n: Floats


def dissimilarity(
    count: npt.ArrayLike,
    unit: npt.ArrayLike,
    group: npt.ArrayLike,
    *,
    between: tuple[Any, Any] | None = None,
    confidence: float = 0.95,
) -> Dissimilarity:
    """D = sum |n_ug - n_u p_g| / (2 N sum p_g (1 - p_g)): 0 with the mix of all everywhere, 1 with no mix.

    Columns of one length, a row a unit and group. With two groups (or with `between`, which leaves out the
    students of all others) this is sum |n_ua/N_a - n_ub/N_b| / 2: the share of either group that would have
    to move to units where it has less than its share, the other staying where it is. Interval: delta
    method, with what is over and under its share taken as it is; small units raise D, so it reaches down by
    about what they add (see `bootstrap` and `expected`), and there is none where no unit is mixed. NaN
    without two groups. Source: Duncan and Duncan (1955), American Sociological Review 20:210-217; more than
    two groups: Sakoda (1981), Demography 18:245-250.
    """
    seen = table(count, unit, group)
    if between is not None:
        seen = only(seen, between)
    d = of_table(seen.counts)
    half = normal_quantile(confidence) * standard_error(seen.counts, dissimilarity_gradient(seen.counts))
    return Dissimilarity(
        value=floats(d),
        low=floats(max(d - half - _chance(seen.counts), 0.0)),
        high=floats(min(d + half, 1.0)),
        moving=floats(np.abs(_over(seen.counts)).sum() / 2),
        n=floats(seen.n),
        assumed=(INDEPENDENT, "delta method", DOWN),
    )


def of_table(counts: Floats) -> float:
    """D of a table of shape (groups, units)."""
    return float(quotient(np.abs(_over(counts)).sum(), 2 * _most(counts)))


@quiet
def dissimilarity_gradient(counts: Floats) -> Floats:
    """dD/dn_vh, with sides s = sign(n_ug - n_u p_g) held:

    (s_vh - sum_g s_vg p_g - (S_h - sum_g S_g p_g)/N - 2D(1 - 2 p_h + sum_g p_g^2)) / (2 N I),
    S_g = sum_u s_ug n_u, I = sum_g p_g (1 - p_g).
    """
    n, by_unit = counts.sum(), counts.sum(axis=0)
    share = counts.sum(axis=1) / n
    side = np.sign(_over(counts))
    pull = side @ by_unit
    of_sum = side - share @ side - ((pull - share @ pull) / n)[:, None]
    of_most = (1 - 2 * share + share @ share)[:, None]
    return np.asarray((of_sum - 2 * of_table(counts) * of_most) / (2 * _most(counts)))


def only(seen: Table, groups: tuple[Any, ...]) -> Table:
    """The table of these groups alone. Raises ValueError where one has no students."""
    rows = []
    for name in groups:
        place = np.flatnonzero(seen.groups == name)
        if not place.size:
            there = ", ".join(str(group) for group in seen.groups)
            raise ValueError(f"no students in group {name!r}; there are students in {there}")
        rows.append(int(place[0]))
    return without_empty(Table(np.ascontiguousarray(seen.counts[rows]), seen.units, seen.groups[rows]))


@quiet
def _chance(counts: Floats) -> float:
    """About how much chance adds to D: by how much the mean size of a normal number around o exceeds o, o
    what a group is over its share in a unit, its square less half of what chance makes of it."""
    by_unit = counts.sum(axis=0)
    chance = np.sqrt(counts * (1 - counts / by_unit))
    over = np.sqrt(np.maximum(_over(counts) ** 2 - chance**2 / 2, 0.0))
    far = quotient(over, chance)
    size = np.sqrt(2 / np.pi) * np.exp(-(far**2) / 2) - 2 * far * special.ndtr(-far)
    return float(np.nansum(chance * size) / (2 * _most(counts)))


@quiet
def _over(counts: Floats) -> Floats:
    """Students of a group in a unit beyond the group's share of all."""
    share = counts.sum(axis=1, keepdims=True) / counts.sum()
    return np.asarray(counts - share * counts.sum(axis=0, keepdims=True))


@quiet
def _most(counts: Floats) -> float:
    """N sum p_g (1 - p_g): half of what `_over` could sum to."""
    by_group = counts.sum(axis=1)
    return float(by_group.sum() - (by_group**2).sum() / by_group.sum())
