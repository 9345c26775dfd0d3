"""Empirical Bayes: what is measured in few students leans on what is measured in all.

A noisy value y with standard error s is pulled towards the mean of its kind by how little it is worth: with
tau^2 the variance of the true values, its reliability is lambda = tau^2/(tau^2 + s^2), and the stabilised
value lambda y + (1 - lambda) mean. Good for reading and comparing many groups; never the input of a
regression.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from evenground.measures.estimate import Estimate, Floats, floats, normal_quantile, quiet, quotient

Method = Literal["reml", "dl"]
_STEPS = 200
_GRID = 60


@dataclass(frozen=True)
class Stabilised(Estimate):
    """Stabilised values with intervals; arrays with an entry a group.

    raw           what was measured               sd      standard deviation of the stabilised value
    reliability   part of the value that is its own; 1 - reliability is borrowed from the others
    prior         the value that it is pulled towards
    """

    raw: Floats
    reliability: Floats
    prior: Floats
    sd: Floats

    @property
    def borrowed(self) -> Floats:
        """Part of each value that comes from the other groups, 0 to 1."""
        return np.asarray(1 - self.reliability)


@dataclass(frozen=True)
class Between:
    """How much groups truly differ: `tau_sq`, its standard error, and the line that they scatter around.

    coefficients, covariance   of the columns of the design; one, the mean, without covariates
    q                          Cochran's Q, the scatter in units of chance       n   groups used
    """

    tau_sq: float
    tau_sq_se: float
    coefficients: Floats
    covariance: Floats
    q: float
    n: int
    assumed: tuple[str, ...]


def reliability(tau: npt.ArrayLike, se: npt.ArrayLike) -> Floats:
    """tau^2/(tau^2 + se^2): the part of the variance of what is measured that is not chance."""
    true, noise = floats(tau) ** 2, floats(se) ** 2
    return quotient(true, true + noise)


def between(
    value: npt.ArrayLike, se: npt.ArrayLike, *, design: npt.ArrayLike | None = None, method: Method = "reml"
) -> Between:
    """The variance of true values behind noisy ones, never below 0.

    `value` and `se` (groups,); `design` (groups, columns), with its column of ones, where groups are
    expected to lie on a line; the mean alone otherwise. `reml`, restricted maximum likelihood; `dl`,
    DerSimonian and Laird's moments. Groups with NaN or without a positive, finite se are left out; NaN where
    no more groups are left than columns.
    Source: DerSimonian and Laird (1986), Controlled Clinical Trials 7:177-188; Raudenbush (2009), in The
    Handbook of Research Synthesis and Meta-Analysis, 2nd edition, chapter 16.
    """
    if method not in get_args(Method):
        raise ValueError(f"method is {method}; give reml or dl")
    y, s, x = _columns(value, se, design)
    used = np.isfinite(y) & (s > 0) & np.isfinite(s) & np.all(np.isfinite(x), axis=1)
    y, v, x = y[used], s[used] ** 2, x[used]
    n, columns = x.shape
    assumed = ("errors are normal and independent, with known standard errors", "true values are normal")
    if n <= columns or np.linalg.matrix_rank(x) < columns:
        nothing = np.full(columns, np.nan)
        return Between(np.nan, np.nan, nothing, np.full((columns, columns), np.nan), np.nan, n, assumed)
    moments, q = _moments(y, v, x)
    tau_sq = moments if method == "dl" else _restricted(y, v, x, moments)
    weight = 1 / (v + tau_sq)
    covariance = np.linalg.inv((x.T * weight) @ x)
    coefficients = covariance @ ((x.T * weight) @ y)
    error = float(np.sqrt(2 / _trace(weight, x, covariance)))
    return Between(tau_sq, error, coefficients, covariance, q, n, assumed)


@quiet
def empirical_bayes(
    value: npt.ArrayLike,
    se: npt.ArrayLike,
    *,
    design: npt.ArrayLike | None = None,
    method: Method = "reml",
    confidence: float = 0.95,
) -> Stabilised:
    """Every group's value, pulled towards the mean (or the line of `design`) by its lack of reliability.

    Arguments as in `between`. The interval counts the chance in the group, in the mean and in tau^2: it is
    normal, with the mean squared distance from the stabilised value averaged over every tau by its
    restricted likelihood. A group with a design but without a value, or without a positive, finite se, is
    given its place on the line with reliability 0; one without a design is NaN.
    Source: Morris (1983), JASA 78:47-55; Gelman (2006), Bayesian Analysis 1:515-534, for the flat prior of
    tau.
    """
    y, s, x = _columns(value, se, design)
    found = between(y, s, design=x, method=method)
    measured = np.isfinite(y) & (s > 0) & np.isfinite(s) & np.all(np.isfinite(x), axis=1)
    noise = np.where(measured, s**2, np.inf)
    known = np.isfinite(found.tau_sq)
    kept = np.where(measured & known, quotient(found.tau_sq, found.tau_sq + noise), 0.0)
    prior = np.asarray(x @ found.coefficients)
    stabilised = np.where(measured, kept * y + (1 - kept) * prior, prior)
    variance = np.zeros(len(y))
    for weight, tau_sq, line, covariance in _likely(y[measured], s[measured] ** 2, x[measured]):
        own = np.where(measured, quotient(tau_sq, tau_sq + noise), 0.0)
        middle = np.asarray(x @ line)
        moved = np.where(measured, own * y + (1 - own) * middle, middle) - stabilised
        inside = np.where(measured, quotient(tau_sq * noise, tau_sq + noise), tau_sq)
        loose = (1 - own) ** 2 * np.einsum("ij,jk,ik->i", x, covariance, x)
        variance += weight * (inside + loose + np.nan_to_num(moved) ** 2)
    sd = np.where(np.isfinite(stabilised), np.sqrt(variance), np.nan)
    half = normal_quantile(confidence) * sd
    return Stabilised(
        stabilised - half,
        stabilised + half,
        stabilised,
        y,
        np.where(known, kept, np.nan),
        prior,
        sd,
        assumed=(*found.assumed, "groups borrow strength from each other"),
    )


def _columns(
    value: npt.ArrayLike, se: npt.ArrayLike, design: npt.ArrayLike | None
) -> tuple[Floats, Floats, Floats]:
    y, s = floats(value), floats(se)
    x = np.ones((len(y), 1)) if design is None else floats(design)
    if not len(y) == len(s) == len(x) or x.ndim != 2:
        raise ValueError(
            f"there are {len(y)} values, {len(s)} standard errors and a design of the shape {x.shape}; "
            "give one row a group"
        )
    if np.any(s < 0):
        raise ValueError(f"the smallest standard error is {np.nanmin(s):g}; they are above 0")
    return y, s, x


def _moments(y: Floats, v: Floats, x: Floats) -> tuple[float, float]:
    """DerSimonian and Laird's tau^2, and Q."""
    weight = 1 / v
    bread = np.linalg.inv((x.T * weight) @ x)
    off = y - x @ (bread @ ((x.T * weight) @ y))
    q = float(weight @ off**2)
    spare = float(weight.sum() - np.trace(bread @ ((x.T * weight**2) @ x)))
    return max(0.0, (q - (len(y) - x.shape[1])) / spare), q


def _restricted(y: Floats, v: Floats, x: Floats, start: float) -> float:
    """REML's tau^2 by Fisher scoring, held at 0 where the likelihood falls from there on."""
    tau_sq = start
    for _ in range(_STEPS):
        weight = 1 / (v + tau_sq)
        bread = np.linalg.inv((x.T * weight) @ x)
        off = y - x @ (bread @ ((x.T * weight) @ y))
        squares = bread @ ((x.T * weight**2) @ x)
        score = float(weight**2 @ off**2) - float(weight.sum()) + float(np.trace(squares))
        moved = max(0.0, tau_sq + score / _trace(weight, x, bread))
        if abs(moved - tau_sq) <= 1e-12 * (tau_sq + float(v.min())):
            return moved
        tau_sq = moved
    return tau_sq


def _trace(weight: Floats, x: Floats, bread: npt.NDArray[Any]) -> float:
    """Trace of P P, twice the expected information of tau^2."""
    squares = bread @ ((x.T * weight**2) @ x)
    cubes = float(np.sum(((x.T * weight**3) @ x) * bread))
    return float(np.sum(weight**2)) - 2 * cubes + float(np.trace(squares @ squares))


def _likely(y: Floats, v: Floats, x: Floats) -> Iterator[tuple[float, float, Floats, Floats]]:
    """Every tau by how likely it is: weight, tau^2, the line there, and its covariance by chance."""
    if len(y) <= x.shape[1] or np.linalg.matrix_rank(x) < x.shape[1]:
        return
    scale = float(np.sqrt(v.min() + np.var(y)))
    taus = np.concatenate([[0.0], scale * np.geomspace(1e-3, 10, _GRID)])
    found, height = [], np.empty(len(taus))
    for place, tau in enumerate(taus):
        weight = 1 / (v + tau**2)
        covariance = np.linalg.inv((x.T * weight) @ x)
        line = covariance @ ((x.T * weight) @ y)
        off = y - x @ line
        height[place] = (np.sum(np.log(weight)) + np.linalg.slogdet(covariance)[1] - weight @ off**2) / 2
        found.append((float(tau**2), line, covariance))
    chance = np.exp(height - height.max()) * np.gradient(taus)
    chance /= chance.sum()
    for at in np.flatnonzero(chance > 1e-6):
        yield (float(chance[at]), *found[at])
