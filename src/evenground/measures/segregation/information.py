"""Information: how much the unit that a student attends tells of the student's group (M, H)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.estimate import Estimate, Floats, floats, normal_quantile, quiet, quotient
from evenground.measures.segregation.table import DOWN, INDEPENDENT, Table, standard_error, table, xlogx


@dataclass(frozen=True)
class Information(Estimate):
    """M or H with its interval.

    bias    how much chance alone is expected to add where units are small (Miller and Madow); `value` and
            the interval are without it where `correct` was asked for
    se      standard error
    entropy of the groups, in the unit of M
    n, units, groups   students, units and groups that count
    """

    bias: Floats
    se: Floats
    entropy: Floats
    n: Floats
    units: int
    groups: int


def entropy(
    count: npt.ArrayLike, group: npt.ArrayLike, *, base: float | None = None, confidence: float = 0.95
) -> Estimate:
    """How mixed all students are: E = -sum p_g log p_g; 0 with one group, log G with G equal groups.

    `count` and `group` are columns of one length; natural logarithms, unless a base is given. Interval by
    the delta method. NaN without students. Source: Theil (1972), Statistical Decomposition Analysis.
    """
    by_group = table(count, np.zeros(np.size(count)), group).by_group
    value, scale = entropy_of(by_group), _scale(base)
    se = standard_error(by_group, -(np.log(by_group / by_group.sum()) + value) / by_group.sum())
    half = normal_quantile(confidence) * se
    low, high = max(value - half, 0.0) / scale, min(value + half, np.log(max(by_group.size, 1))) / scale
    return Estimate(floats(low), floats(high), floats(value / scale), assumed=(INDEPENDENT, "delta method"))


def mutual_information(
    count: npt.ArrayLike,
    unit: npt.ArrayLike,
    group: npt.ArrayLike,
    *,
    base: float | None = None,
    correct: bool = False,
    confidence: float = 0.95,
) -> Information:
    """M = sum p_ug log(p_ug / (p_u p_g)): 0 where every unit has the mix of all, E where no unit is mixed.

    Columns of one length, a row a unit and group; in nats, unless a base is given (2 for bits). With
    `correct`, less the bias (cells with students - units - groups + 1)/(2N), never below 0. The interval is
    that of the delta method; without `correct` it reaches down by the bias too, since what chance adds to
    small units is no segregation. None where all units are alike or none is mixed. NaN without students.
    Source: Frankel and Volij (2011), Journal of Economic Theory 146:1-38; Miller (1955), in Information
    Theory in Psychology 95-100.
    """
    seen = table(count, unit, group)
    scale = _scale(base)
    se = standard_error(seen.counts, information_gradient(seen.counts))
    return _result(
        seen, information(seen.counts) / scale, se / scale, scale, scale, np.inf, correct, confidence
    )


def theil_h(
    count: npt.ArrayLike,
    unit: npt.ArrayLike,
    group: npt.ArrayLike,
    *,
    correct: bool = False,
    confidence: float = 0.95,
) -> Information:
    """H = M/E, the information theory index: 0 where every unit has the mix of all, 1 where no unit is
    mixed.

    As `mutual_information`; NaN where there is only one group. `entropy` is in nats.
    Source: Theil and Finizza (1971), Journal of Mathematical Sociology 1:187-193.
    """
    seen = table(count, unit, group)
    mixed = entropy_of(seen.by_group)
    h = float(quotient(information(seen.counts), mixed))
    se = standard_error(seen.counts, theil_gradient(seen.counts))
    return _result(seen, h, se, mixed, 1.0, 1.0, correct, confidence)


def information(counts: Floats) -> float:
    """M in nats of a table of shape (groups, units)."""
    n = counts.sum()
    sums = xlogx(counts).sum() - xlogx(counts.sum(axis=0)).sum() - xlogx(counts.sum(axis=1)).sum()
    return max(float(quotient(sums + xlogx(n), n)), 0.0) if n > 0 else float("nan")


@quiet
def information_gradient(counts: Floats) -> Floats:
    """dM/dn_ug = (log(p_ug/(p_u p_g)) - M)/N; 0 where a cell is empty."""
    told = surprise(counts)
    return np.asarray(np.where(counts > 0, (told - information(counts)) / counts.sum(), 0.0))


@quiet
def theil_gradient(counts: Floats) -> Floats:
    """dH/dn_ug = (log(p_ug/(p_u p_g)) + H log p_g)/(N E); 0 where a cell is empty."""
    n, by_group = counts.sum(), counts.sum(axis=1, keepdims=True)
    mixed = entropy_of(by_group.ravel())
    h = quotient(information(counts), mixed)
    return np.asarray(np.where(counts > 0, (surprise(counts) + h * np.log(by_group / n)) / (n * mixed), 0.0))


@quiet
def surprise(counts: Floats) -> Floats:
    """log(p_ug/(p_u p_g)), 0 where a cell is empty: how far a group is over its share in a unit."""
    by_unit, by_group = counts.sum(axis=0, keepdims=True), counts.sum(axis=1, keepdims=True)
    return np.asarray(np.where(counts > 0, np.log(counts * counts.sum() / (by_unit * by_group)), 0.0))


def miller_madow(counts: Floats) -> float:
    """First-order bias of M, in nats: (cells with students - units - groups + 1)/(2N), never below 0."""
    groups, units = counts.shape
    return max(float(quotient(np.count_nonzero(counts) - units - groups + 1, 2 * counts.sum())), 0.0)


def entropy_of(by_group: Floats) -> float:
    n = by_group.sum()
    return float(np.log(n) - xlogx(by_group).sum() / n) if n > 0 else float("nan")


def _scale(base: float | None) -> float:
    if base is not None and not base > 1:
        raise ValueError(f"base is {base}; give a number above 1, such as 2 for bits")
    return 1.0 if base is None else float(np.log(base))


def _result(
    seen: Table,
    index: float,
    se: float,
    divisor: float,
    scale: float,
    most: float,
    correct: bool,
    confidence: float,
) -> Information:
    bias = float(quotient(miller_madow(seen.counts), divisor))
    value = max(index - bias, 0.0) if correct else index
    # What chance adds is part of what is not known: without it the interval would lie above the truth.
    half = normal_quantile(confidence) * se
    down = half if correct else half + bias
    small = "the bias of small units is taken off" if correct else DOWN
    return Information(
        value=floats(value),
        low=floats(max(value - down, 0.0)),
        high=floats(min(value + half, most)),
        bias=floats(bias),
        se=floats(se),
        entropy=floats(entropy_of(seen.by_group) / scale),
        n=floats(seen.n),
        units=seen.units.size,
        groups=seen.groups.size,
        assumed=(INDEPENDENT, "delta method", small),
    )
