"""Rates of small groups, pulled towards the rate of all: beta-binomial."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from evenground.measures.estimate import Floats, floats, quiet, quotient, tails
from evenground.measures.shrinkage import Stabilised

# Rates that differ by less than this part of what they could are taken as equal.
_EQUAL = 1e-7
_GRID = 60
_STEPS = 100


@dataclass(frozen=True)
class StabilisedRate(Stabilised):
    """Stabilised rates. True rates scatter as Beta(alpha, beta); both infinite where they do not scatter."""

    alpha: float
    beta: float
    log_likelihood: float


@quiet
def beta_binomial(successes: npt.ArrayLike, n: npt.ArrayLike, confidence: float = 0.95) -> StabilisedRate:
    """Rates of many groups, each pulled towards the rate of all by its lack of students.

    `successes` and `n` (groups,). True rates come from one beta distribution, its two parameters by maximum
    likelihood. The stabilised rate is (s + alpha)/(n + alpha + beta), its reliability n/(n + alpha + beta).
    The interval is that of the beta distribution with this mean and the posterior's variance, averaged over
    all alpha and beta by how likely they are. Groups without students stand at the mean, with reliability
    0; NaN where fewer than two groups have students, no interval where all or none of all students succeed.
    `log_likelihood` has no binomial constant.
    Source: Skellam (1948), JRSS B 10:257-261; Kass and Steffey (1989), JASA 84:717-726, for the interval.
    """
    tails(confidence)  # refuses what is no confidence
    s, size = _checked(successes, n)
    used = size > 0
    raw = quotient(s, size)
    assumed = (
        "students are independent within their group",
        "true rates scatter as a beta distribution",
        "groups borrow strength from each other",
    )
    if used.sum() < 2:
        nothing = np.full(len(s), np.nan)
        return StabilisedRate(
            nothing, nothing, nothing, raw, nothing, nothing, nothing, np.nan, np.nan, np.nan, assumed=assumed
        )
    mean, alike, likelihood = _prior(s[used], size[used])
    strength = (1 - alike) / alike if alike > 0 else np.inf
    value, kept, _ = _posterior(s, size, mean, alike)
    variance = np.zeros(len(s))
    for weight, other_mean, other_alike, chance in _likely(s[used], size[used]):
        moved, own, inside = _posterior(s, size, other_mean, other_alike)
        variance += weight * (inside + (moved - value) ** 2 + (1 - own) ** 2 * chance)
    low, high = _beta_interval(value, variance, confidence)
    return StabilisedRate(
        low,
        high,
        value,
        raw,
        kept,
        np.full(len(s), mean),
        np.sqrt(variance),
        float(mean * strength),
        float((1 - mean) * strength),
        likelihood,
        assumed=assumed,
    )


def _checked(successes: npt.ArrayLike, n: npt.ArrayLike) -> tuple[Floats, Floats]:
    s, size = floats(successes), floats(n)
    if s.shape != size.shape or s.ndim != 1:
        raise ValueError(f"there are {s.shape} successes and {size.shape} sizes; give one number a group")
    s, size = np.where(np.isnan(s) | np.isnan(size), 0.0, s), np.where(np.isnan(s), 0.0, np.nan_to_num(size))
    if np.any((s < 0) | (s > size)):
        raise ValueError("a group has more successes than students, or fewer than 0; give 0 to n")
    return s, size


def _prior(s: Floats, n: Floats) -> tuple[float, float, float]:
    """Mean and likeness of the prior, and the log likelihood.

    The likeness, 1/(1 + alpha + beta), is the correlation of two students of one group: 0 where groups do not
    differ. Newton's method in the log odds of the mean and the logarithm of alpha + beta.
    """
    pooled = float(s.sum() / n.sum())
    if pooled in (0.0, 1.0):
        return pooled, 0.0, 0.0
    flat = float(np.sum(special.xlogy(s, pooled) + special.xlog1py(n - s, -pooled)))
    at = np.array([special.logit(pooled), np.log(max(2.0, float(np.median(n))))])
    reached = _likelihood(s, n, at)
    for _ in range(_STEPS):
        score, curvature = _slopes(s, n, at)
        uphill = np.linalg.eigvalsh(curvature).max() < 0
        step = -np.linalg.solve(curvature, score) if uphill else score / np.abs(score).max()
        step = step / max(1.0, float(np.abs(step).max()) / 2)
        for _ in range(40):
            moved = at + step
            if (higher := _likelihood(s, n, moved)) >= reached - 1e-14 * abs(reached):
                break
            step = step / 2
        at, reached = moved, higher
        if float(np.abs(step).max()) < 1e-10 or at[1] > -np.log(_EQUAL):
            break
    if at[1] > -np.log(_EQUAL) or reached <= flat + 1e-12 * abs(flat):
        return pooled, 0.0, flat
    return float(special.expit(at[0])), float(1 / (1 + np.exp(at[1]))), reached


def _likelihood(s: Floats, n: Floats, at: Floats) -> float:
    mean, strength = special.expit(at[0]), np.exp(at[1])
    a, b = mean * strength, (1 - mean) * strength
    return float(np.sum(special.betaln(s + a, n - s + b) - special.betaln(a, b)))


def _slopes(s: Floats, n: Floats, at: Floats) -> tuple[Floats, Floats]:
    """Slope and curvature of the log likelihood."""
    mean, strength = special.expit(at[0]), np.exp(at[1])
    a, b = mean * strength, (1 - mean) * strength
    rises: list[float] = []
    bends: list[float] = []
    for order in (0, 1):
        f = special.digamma if order == 0 else lambda x: special.polygamma(1, x)
        shared = np.sum(f(strength) - f(n + strength))
        into = rises if order == 0 else bends
        into.extend([np.sum(f(s + a) - f(a)), np.sum(f(n - s + b) - f(b)), shared])
    by_a, by_b = rises[0] + rises[2], rises[1] + rises[2]
    hessian = np.array([[bends[0] + bends[2], bends[2]], [bends[2], bends[1] + bends[2]]])
    tilt = mean * (1 - mean) * strength
    jacobian = np.array([[tilt, a], [-tilt, b]])
    turn = (by_a - by_b) * tilt
    second = np.array([[turn * (1 - 2 * mean), turn], [turn, by_a * a + by_b * b]])
    return jacobian.T @ np.array([by_a, by_b]), jacobian.T @ hessian @ jacobian + second


def _posterior(s: Floats, n: Floats, mean: float, alike: float) -> tuple[Floats, Floats, Floats]:
    """Mean of each group's true rate, its reliability, and its variance, given the prior."""
    kept = n * alike / (1 - alike + n * alike)
    value = np.where(n > 0, kept * quotient(s, np.maximum(n, 1e-300)), 0.0) + (1 - kept) * mean
    return value, kept, value * (1 - value) * alike / (1 + n * alike)


def _likely(s: Floats, n: Floats) -> Iterator[tuple[float, float, float, float]]:
    """Priors by how likely they are: weight, mean, likeness, and the variance of that mean by chance.

    The mean for a given likeness is the best weighted one; every likeness is as good as another beforehand.
    """
    grid = np.concatenate([[0.0], np.geomspace(1e-5, 0.95, _GRID)])
    weight = n / (1 + (n - 1) * grid[:, None])
    mean = (weight @ quotient(s, n)) / weight.sum(axis=1)
    strength = ((1 - grid[1:]) / grid[1:])[:, None]
    a, b = mean[1:, None] * strength, (1 - mean[1:, None]) * strength
    height = np.empty(len(grid))
    height[0] = np.sum(special.xlogy(s, mean[0]) + special.xlog1py(n - s, -mean[0]))
    height[1:] = np.sum(special.betaln(s + a, n - s + b) - special.betaln(a, b), axis=1)
    width = np.gradient(grid)
    chance = np.exp(height - height.max()) * width
    chance /= chance.sum()
    spread = mean * (1 - mean) / weight.sum(axis=1)
    for place in np.flatnonzero(chance > 1e-6):
        yield float(chance[place]), float(mean[place]), float(grid[place]), float(spread[place])


def _beta_interval(mean: Floats, variance: Floats, confidence: float) -> tuple[Floats, Floats]:
    """The middle of the beta distribution of that mean and variance; none without variance."""
    strength = mean * (1 - mean) / np.where(variance > 0, variance, np.nan) - 1
    strength = np.where(strength > 0, strength, np.nan)
    ends = [special.betaincinv(mean * strength, (1 - mean) * strength, q) for q in tails(confidence)]
    low, high = ends
    return low, high
