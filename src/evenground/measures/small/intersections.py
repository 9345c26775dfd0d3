"""Groups where two or more dimensions cross (Black girls with disabilities): few students, many groups.

Each group starts from what its parts say together, the main effects, and keeps as much of its own
difference from that as its students can vouch for: partial pooling. What it does not keep is borrowed, and
marked as such.
Source: Gelman and Hill (2007), Data Analysis Using Regression and Multilevel/Hierarchical Models, chapter
14; Evans, Williams, Onnela and Subramanian (2018), Social Science & Medicine 203:64-73.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import special

from evenground.measures.estimate import Floats, floats, normal_quantile, quiet, quotient
from evenground.measures.shrinkage import Stabilised, between, empirical_bayes

_TAUS = 30
_STEPS = 200
_WIDE = 2.5  # standard deviation of main effects in log odds


@dataclass(frozen=True)
class Intersections(Stabilised):
    """Stabilised values of crossed groups.

    `prior` is what the main effects alone say, `interaction` what the stabilised value adds to that (on the
    scale of the model: log odds for rates), `tau` the standard deviation of the true interactions.
    """

    interaction: Floats
    tau: float


def main_effects(*dimensions: npt.ArrayLike) -> Floats:
    """The design of main effects: a column of ones and one for every value but the first of every dimension.

    Each dimension is a column with the value of every group; columns of equal length.
    """
    columns = [np.asarray(dimension) for dimension in dimensions]
    lengths = {len(column) for column in columns}
    if len(lengths) != 1:
        raise ValueError(f"the dimensions have the lengths {sorted(lengths)}; give one value a group")
    found = [np.ones((lengths.pop(), 1))]
    for column in columns:
        values = np.unique(column)
        found.append((column[:, None] == values[None, 1:]).astype(np.float64))
    return np.concatenate(found, axis=1)


def of_means(
    value: npt.ArrayLike, se: npt.ArrayLike, dimensions: Sequence[npt.ArrayLike], confidence: float = 0.95
) -> Intersections:
    """Means of crossed groups: `value` and `se` (groups,), and for each dimension every group's value.

    Main effects by weighted least squares, interactions N(0, tau^2) by restricted maximum likelihood; see
    `empirical_bayes`. A group without a value stands where the main effects put it, with reliability 0.
    """
    design = main_effects(*dimensions)
    found = empirical_bayes(value, se, design=design, confidence=confidence)
    return Intersections(
        found.low,
        found.high,
        found.value,
        found.raw,
        found.reliability,
        found.prior,
        found.sd,
        np.asarray(found.value - found.prior),
        float(np.sqrt(between(value, se, design=design).tau_sq)),
        assumed=(*found.assumed, "groups scatter around what their dimensions add up to"),
    )


@quiet
def of_rates(
    successes: npt.ArrayLike,
    n: npt.ArrayLike,
    dimensions: Sequence[npt.ArrayLike],
    confidence: float = 0.95,
    *,
    known: npt.ArrayLike | None = None,
) -> Intersections:
    """Rates of crossed groups: `successes` and `n` (groups,), and for each dimension every group's value.

    `known`: log odds that each group starts from before all that, such as those of everybody at its place; 0
    where it is not given.

    log odds = level + main effects + interaction. Main effects of every value of every dimension are N(0,
    2.5^2), so wide that they matter only where a value has few students or no success; interactions are
    N(0, tau^2). For each tau the best of all of them together (Laplace), and everything averaged over tau
    by how likely it makes the counts; `tau` is the mean of that. Reliability is tau^2/(tau^2 + 1/(n p (1 -
    p))). The interval is normal in log odds and counts the chance in the group, in the main effects and in
    tau. A group without students stands where the main effects put it, with reliability 0. NaN where nobody
    is in any group.
    Source of the prior: Gelman, Jakulin, Pittau and Su (2008), Annals of Applied Statistics 2:1360-1383.
    """
    s, size = floats(successes), floats(n)
    design = _every_value(dimensions, len(s))
    start = np.zeros(len(s)) if known is None else floats(known)
    lengths = {len(s), len(size), len(design), len(start)}
    if len(lengths) > 1:
        raise ValueError(f"the columns have the lengths {sorted(lengths)}; give one number a group")
    if np.any((s < 0) | (s > size)):
        raise ValueError("a group has more successes than students, or fewer than 0; give 0 to n")
    fits = _fits(s, size, design, start)
    weight = np.array([fit.weight for fit in fits])
    log_odds = weight @ np.array([fit.log_odds for fit in fits])
    prior = weight @ np.array([fit.prior for fit in fits])
    apart = np.array([fit.log_odds for fit in fits]) - log_odds
    variance = weight @ (np.array([fit.variance for fit in fits]) + apart**2)
    half = normal_quantile(confidence) * np.sqrt(variance)
    p = special.expit(log_odds)
    return Intersections(
        special.expit(log_odds - half),
        special.expit(log_odds + half),
        p,
        quotient(s, size),
        weight @ np.array([fit.reliability for fit in fits]),
        special.expit(prior),
        p * (1 - p) * np.sqrt(variance),
        log_odds - prior,
        float(weight @ np.array([fit.tau for fit in fits])),
        assumed=(
            "students are independent within their group",
            "interactions are normal in log odds",
            "groups borrow strength from those that share a dimension with them",
        ),
    )


def _every_value(dimensions: Sequence[npt.ArrayLike], groups: int) -> Floats:
    """A column of ones, and one for every value of every dimension: none of them is the one that others are
    measured from."""
    if not dimensions:
        return np.ones((groups, 1))
    ones = main_effects(*dimensions)[:, :1]
    columns = [np.asarray(dimension) for dimension in dimensions]
    every = [(column[:, None] == np.unique(column)[None, :]).astype(np.float64) for column in columns]
    return np.concatenate([ones, *every], axis=1)


@dataclass(frozen=True)
class _Fit:
    """What one tau says, for all groups; `weight` is how likely it is."""

    tau: float
    weight: float
    log_odds: Floats
    prior: Floats
    variance: Floats
    reliability: Floats


def _fits(s: Floats, n: Floats, design: Floats, start: Floats) -> list[_Fit]:
    used = n > 0
    taus = np.concatenate([[0.0], np.geomspace(1e-3, 4, _TAUS)])
    found = [_fit(s, n, design, start, used, float(tau)) for tau in taus]
    height = np.array([fit.weight for fit in found])
    if not np.any(np.isfinite(height)):
        return [replace(found[0], weight=1.0)]
    chance = np.exp(height - np.nanmax(height)) * np.gradient(taus)
    chance = np.nan_to_num(chance / np.nansum(chance))
    return [replace(fit, weight=float(part)) for fit, part in zip(found, chance, strict=True) if part > 0]


def _fit(
    s: Floats, n: Floats, design: Floats, start: Floats, used: npt.NDArray[np.bool_], tau: float
) -> _Fit:
    """The best main effects and interactions given tau; `weight` is the log of how likely the counts are."""
    x, y, size, given = design[used], s[used], n[used], start[used]
    nothing = np.full(len(s), np.nan)
    lost = _Fit(tau, float("nan"), nothing, nothing, nothing, nothing)
    if not len(y):
        return lost
    # The level is held by nothing but the counts; a trace keeps it finite where all or none succeed.
    held = np.full(x.shape[1], 1 / _WIDE**2)
    held[0] = 1 / (10 * _WIDE) ** 2
    log_odds = special.logit((y + 0.5) / (size + 1))
    for _ in range(_STEPS):
        p = special.expit(log_odds)
        known = np.maximum(size * p * (1 - p), 1e-10)
        working = log_odds - given + (y - size * p) / known
        weight = 1 / (1 / known + tau**2)
        covariance = np.linalg.inv((x.T * weight) @ x + np.diag(held))
        line = covariance @ ((x.T * weight) @ working)
        kept = tau**2 * weight
        moved = given + x @ line + kept * (working - x @ line)
        step = np.clip(moved - log_odds, -2, 2)
        log_odds = log_odds + step
        if np.max(np.abs(step)) < 1e-9:
            break
    else:
        return lost
    off = log_odds - given - x @ line
    likelihood = np.sum(y * log_odds - size * np.logaddexp(0, log_odds)) - held @ line**2 / 2
    if tau > 0:
        likelihood += -np.sum(off**2) / (2 * tau**2) - np.sum(np.log1p(known * tau**2)) / 2
    likelihood += np.linalg.slogdet(covariance)[1] / 2
    prior = np.asarray(start + design @ line)
    loose = np.einsum("ij,jk,ik->i", design, covariance, design)
    everywhere, own, inside = prior.copy(), np.zeros(len(s)), np.full(len(s), tau**2)
    everywhere[used], own[used], inside[used] = log_odds, kept, kept / known
    return _Fit(tau, float(likelihood), everywhere, prior, inside + (1 - own) ** 2 * loose, own)
