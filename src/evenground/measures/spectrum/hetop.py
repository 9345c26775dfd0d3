"""Means and spreads of many groups when only counts per level are known: heteroskedastic ordered probit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.estimate import Estimate, Floats, Texts, normal_quantile, quiet
from evenground.measures.spectrum import probit
from evenground.measures.spectrum.cells import level_counts
from evenground.measures.spectrum.probit import Arrow, Point, Roles

_ASSUMED = (
    "scores are normal in each group, after one stretching of the scale for all",
    "the cuts mean the same in every group",
    "students are independent",
    "groups with fewer than three levels take the others' average spread",
)


@dataclass(frozen=True)
class Scale:
    """Means and standard deviations of all groups on one scale.

    mean, spread         estimates, an entry a group; their standard errors `mean_se`, `spread_se` are NaN
                         where a group's number was taken over from others
    cuts                 the borders of the levels on this scale
    """

    mean: Estimate
    spread: Estimate
    mean_se: Floats
    spread_se: Floats
    cuts: Floats


@dataclass(frozen=True)
class Hetop:
    """What `hetop` found, on four scales that are linear maps of each other.

    fixed_cuts   two cuts where they were put
    zero         mean of the means 0, mean of the log spreads 0, over students
    star         mean 0 and standard deviation 1 of all students; `icc`: part of the variance between groups
    corrected    as star, with the chance in small groups taken out; `icc_corrected` its part between groups
    role         own, pooled (spread taken over), highest, lowest (mean taken over too), nobody
    """

    fixed_cuts: Scale
    zero: Scale
    star: Scale
    corrected: Scale
    icc: float
    icc_corrected: float
    log_likelihood: float
    role: Texts
    steps: int
    assumed: tuple[str, ...]


def hetop(
    counts: npt.ArrayLike,
    *,
    fixed_cuts: tuple[float, float] | None = None,
    smallest: float = 0,
    confidence: float = 0.95,
) -> Hetop:
    """Means and spreads of groups whose scores are normal and seen only as counts in ordered levels.

    `counts`: (groups, levels), lowest level first, three levels or more. P(level <= k | g) =
    Phi((c_k - mu_g)/sigma_g), one set of cuts for all groups, by maximum likelihood; the first two cuts are
    `fixed_cuts`, or those of everybody as one standard normal curve.

    A group with students in three levels or more has its own spread; one with fewer, or with fewer than
    `smallest` students, takes the mean of the others' log spreads; one whose students are all in the top
    (bottom) level takes the largest (smallest) mean as well. Standard errors are those of the expected
    information, the chance in the cuts included, carried to each scale by the delta method.

    Raises ValueError where a level is empty over all groups or no group has a spread of its own. Groups
    without students are NaN.
    Source: Reardon, Shear, Castellano and Ho (2017), Journal of Educational and Behavioral Statistics
    42:3-45.
    """
    table = level_counts(counts, least=3)
    if table.ndim != 2:
        raise ValueError(f"counts have the shape {table.shape}; give a row a group and a column a level")
    n = np.nan_to_num(table.sum(axis=1))
    there = n > 0
    empty = np.flatnonzero(table[there].sum(axis=0) == 0)
    if len(empty):
        raise ValueError(f"nobody is in level {empty[0] + 1}; leave a level that nobody reached out")
    if fixed_cuts is not None and not fixed_cuts[0] < fixed_cuts[1]:
        raise ValueError(f"the fixed cuts are {fixed_cuts}; the first is below the second")
    roles = _roles(table[there], smallest)
    if not roles.own.any():
        raise ValueError("no group has students in three levels; spreads need one that has")
    point, information, steps = probit.fit(table[there], probit.start(table[there], fixed_cuts, roles), roles)
    return _result(point, information, steps, table[there], roles, there, confidence)


def _roles(counts: Floats, smallest: float) -> Roles:
    used = counts > 0
    levels = used.sum(axis=1)
    own = (levels >= 3) & (counts.sum(axis=1) >= smallest)
    highest, lowest = (levels == 1) & used[:, -1], (levels == 1) & used[:, 0]
    return Roles(own, ~(own | highest | lowest), highest, lowest)


def _result(
    point: Point,
    information: Arrow,
    steps: int,
    counts: Floats,
    roles: Roles,
    there: npt.NDArray[np.bool_],
    confidence: float,
) -> Hetop:
    n = counts.sum(axis=1)
    share = n / n.sum()
    mean, spread = point.mean, np.exp(point.log_spread)
    center = float(share @ mean)
    within, between = share * spread**2, share * (mean - center) ** 2
    total = float(within.sum() + between.sum())
    # What chance in groups of the average (harmonic) size takes off the spreads and adds between groups.
    harmonic = 1 / np.mean(1 / (n - 1)) if n.min() > 1 else np.nan
    kept = harmonic / (1 + harmonic) * spread**2
    between_true = float(between.sum() - np.sum(kept * (1 - share)) / n.sum())
    total_true = between_true + float(share @ kept)

    scales = _Scales(point, information, share, roles, there, confidence)
    by_mean, by_spread = 2 * share * (mean - center), 2 * within
    true_by_spread = 2 * kept * (share - (1 - share) / n.sum())
    return Hetop(
        fixed_cuts=scales.at(0.0, 1.0, 0 * share, 0 * share, 0 * share),
        zero=scales.at(center, float(np.exp(share @ point.log_spread)), 0 * share, share, share),
        star=scales.at(center, total**0.5, by_mean / (2 * total), by_spread / (2 * total), share),
        corrected=scales.at(
            center,
            total_true**0.5 if total_true > 0 else np.nan,
            by_mean / (2 * total_true),
            true_by_spread / (2 * total_true),
            share,
        ),
        icc=float(between.sum()) / total,
        icc_corrected=between_true / total_true,
        log_likelihood=point.log_likelihood(counts),
        role=_texts(roles, there),
        steps=steps,
        assumed=_ASSUMED,
    )


@dataclass(frozen=True)
class _Scales:
    """Linear maps of a fit with the standard errors that follow from its information."""

    point: Point
    information: Arrow
    share: Floats
    roles: Roles
    there: npt.NDArray[np.bool_]
    confidence: float

    @quiet
    def at(self, center: float, unit: float, by_mean: Floats, by_spread: Floats, weight: Floats) -> Scale:
        """The scale (x - center)/unit; `by_mean` and `by_spread` say how ln unit moves with each group's mean
        and log spread, `weight` how center moves with the means."""
        mean = (self.point.mean - center) / unit
        spread = np.exp(self.point.log_spread) / unit
        blocks = self.information.blocks()
        # d mean* = (d mean - d center)/unit - mean* d ln unit, and d ln spread* = d ln spread - d ln unit
        c, c_self = self._carried(weight / unit, 0 * weight)
        u, u_self = self._carried(by_mean, by_spread)
        cc, uu = float(np.sum(c_self * c)), float(np.sum(u_self * u))
        cu = float(np.sum(c_self * u))
        variance = blocks[:, 0, 0] / unit**2 + cc + mean**2 * uu + 2 * mean * cu
        variance -= 2 * (c[:-1, 0] + mean * u[:-1, 0]) / unit
        mean_se = np.where(self.roles.own | self.roles.pooled, np.sqrt(np.maximum(variance, 0)), np.nan)
        log_se = np.sqrt(np.maximum(blocks[:, 1, 1] + uu - 2 * u[:-1, 1], 0))
        log_se = np.where(self.roles.own, log_se, np.nan)
        z = normal_quantile(self.confidence)
        return Scale(
            mean=self._estimate(mean - z * mean_se, mean + z * mean_se, mean),
            spread=self._estimate(spread * np.exp(-z * log_se), spread * np.exp(z * log_se), spread),
            mean_se=self._all(mean_se),
            spread_se=self._all(spread * log_se),
            cuts=(self.point.cuts - center) / unit,
        )

    def _carried(self, by_mean: Floats, by_spread: Floats) -> tuple[Floats, Floats]:
        """The covariance matrix times a gradient, and that gradient: by (group, parameter), padded by a
        last row for the shared spread, whose gradient is that of all groups which take it over."""
        gradient = np.zeros((len(by_mean), 2))
        np.add.at(gradient[:, 0], self.information.home, by_mean)
        gradient[self.roles.own, 1] = by_spread[self.roles.own]
        shared = np.zeros(len(self.information.tip))
        if self.roles.shared:
            shared[-2] = by_spread[~self.roles.own].sum()
        groups, outer = self.information.solve(gradient, shared)
        last = np.array([[outer[-2], 0.0]]) if self.roles.shared else np.zeros((1, 2))
        own = np.array([[shared[-2], 0.0]]) if self.roles.shared else np.zeros((1, 2))
        return np.concatenate([groups, last]), np.concatenate([gradient, own])

    def _estimate(self, low: Floats, high: Floats, value: Floats) -> Estimate:
        return Estimate(low=self._all(low), high=self._all(high), value=self._all(value), assumed=_ASSUMED)

    def _all(self, values: Floats) -> Floats:
        found = np.full(len(self.there), np.nan)
        found[self.there] = values
        return found


def _texts(roles: Roles, there: npt.NDArray[np.bool_]) -> Texts:
    found = np.full(len(there), "nobody", dtype="<U7")
    found[there] = np.select(
        [roles.own, roles.pooled, roles.highest], ["own", "pooled", "highest"], default="lowest"
    )
    return found
