"""Local segregation: how much each group, or each unit, adds to M."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.estimate import Estimate, Floats, floats, normal_quantile, quiet, seen_error
from evenground.measures.segregation.information import surprise
from evenground.measures.segregation.table import DOWN, INDEPENDENT, Labels, table


@dataclass(frozen=True)
class Local(Estimate):
    """Local segregation L of each group or unit, in nats; sum of `share` times `value` is M.

    labels         the groups or units
    share          their share of all students
    contribution   share times value: the part of M that each adds, the parts sum to M
    n              their students
    bias           what chance alone is expected to add to `value` (first order); it is not taken off
    """

    labels: Labels
    share: Floats
    contribution: Floats
    n: Floats
    bias: Floats


def local_groups(
    count: npt.ArrayLike, unit: npt.ArrayLike, group: npt.ArrayLike, *, confidence: float = 0.95
) -> Local:
    """L_g = sum_u p_u|g log(p_u|g / p_u): how far the units that a group attends are from those of all.

    Columns of one length, a row a unit and group. Intervals by the delta method. Source: Mora and
    Ruiz-Castillo (2011), Sociological Methodology 41:159-194; Alonso-Villar and Del Rio (2010).
    """
    seen = table(count, unit, group)
    return _local(seen.counts.T, seen.groups, confidence)


def local_units(
    count: npt.ArrayLike, unit: npt.ArrayLike, group: npt.ArrayLike, *, confidence: float = 0.95
) -> Local:
    """L_u = sum_g p_g|u log(p_g|u / p_g): how far the mix of a unit is from the mix of all.

    As `local_groups`. A unit with the mix of all has 0; which groups are many in it is not said.
    """
    seen = table(count, unit, group)
    return _local(seen.counts, seen.units, confidence)


@quiet
def _local(counts: Floats, labels: Labels, confidence: float) -> Local:
    """Of each column of `counts`, over its rows. With a = (log r - L)/n_u and b = 1/N - p_g|u/N_g,

    variance = sum_g n_ug (a + b)^2 + (N_g - n_ug) b^2:  what is outside the column moves only the mix of
    all.
    """
    n, by_column, by_row = counts.sum(), counts.sum(axis=0), counts.sum(axis=1, keepdims=True)
    told, inside = surprise(counts), counts / by_column
    value = (inside * told).sum(axis=0)
    a, b = (told - value) / by_column, 1 / n - inside / by_row
    variance = (counts * (a + b) ** 2 + (by_row - counts) * b**2).sum(axis=0)
    half = normal_quantile(confidence) * seen_error(np.sqrt(variance))
    bias = (np.count_nonzero(counts, axis=0) - 1) / (2 * by_column)
    return Local(
        value=floats(value),
        low=floats(np.maximum(value - half - bias, 0.0)),
        high=floats(value + half),
        labels=labels,
        share=by_column / n,
        contribution=by_column / n * value,
        n=by_column,
        bias=bias,
        assumed=(INDEPENDENT, "delta method", DOWN),
    )
