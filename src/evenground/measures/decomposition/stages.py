"""Stages: along a chain (offered, enrolled, tested, passed), which step makes how much of a gap?

A chain's end is the product of its steps: of those who reached one stage, the share that reached the next.
Each step's part of the gap is its Shapley value: what it adds, averaged over every order in which the two
groups' steps could be exchanged. For a product that mean is an integral,

    part_k = (a_k - b_k) integral from 0 to 1 of prod over j != k of (t a_j + (1 - t) b_j) dt,

of a polynomial in t, which a few Gauss points give exactly: any number of stages, no list of orders. The
parts sum to the gap, since the integrand of their sum is the derivative of the product. Source: Shapley
(1953); Owen (1972), Management Science 18:P64-P79, for the integral.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.columns import not_negative
from evenground.measures.estimate import (
    Bools,
    Estimate,
    Floats,
    Ints,
    normal_quantile,
    quiet,
    quotient,
    seen_error,
)

COMPARED = "students are independent of each other"
CHAIN = "the students of a stage are among those of the stage before"


@dataclass(frozen=True)
class Stages:
    """Arrays over the groups' shape, with a last axis for the steps where there is one.

    steps, reference_steps   the share of each stage that reached the next
    reached                  the group's share of its first stage at the end; reference_reached likewise
    gap                      reached minus the reference's
    parts                    of each step; they sum to the gap
    costliest                the step with the lowest part (the most lost), -1 where no step loses anything
    clearly                  it loses clearly more than any other step does
    """

    steps: Floats
    reference_steps: Floats
    reached: Floats
    reference_reached: Floats
    gap: Estimate
    parts: Estimate
    costliest: Ints
    clearly: Bools


@quiet
def stages(reached: npt.ArrayLike, reference: npt.ArrayLike, *, confidence: float = 0.95) -> Stages:
    """Split the gap at the end of a chain into the parts of its steps, for many groups at once.

    `reached` (..., stages): how many of the group are at each stage, the first being everybody, each stage
    among the one before; `reference` the same of whom the group is compared with, broadcast. Two or more
    stages. NaN where a count is missing or a stage that is gone on from is empty. Intervals by the delta
    method, students independent; none where everybody or nobody of both goes on. Raises ValueError where a
    stage has more students than the one before.
    """
    own, other = (_chain(np.asarray(counts, dtype=np.float64)) for counts in (reached, reference))
    own, other = (np.broadcast_to(c, np.broadcast_shapes(own.shape, other.shape)) for c in (own, other))
    a, b = (quotient(c[..., 1:], c[..., :-1]) for c in (own, other))
    variances = [p * (1 - p) / c[..., :-1] for p, c in ((a, own), (b, other))]
    points, weights = _gauss(a.shape[-1])
    # (..., steps, points): the mixed step at each point.
    mixed = a[..., None] * points + b[..., None] * (1 - points)
    alone = _products_without(mixed) @ weights
    parts = (a - b) * alone
    slopes = [_slopes(a, b, mixed, alone, points, weights, first=first) for first in (True, False)]
    quantile = normal_quantile(confidence)
    # (..., steps, steps): covariance of the parts, from the independent steps of both sides.
    covariance = sum(
        np.einsum("...ki,...i,...li->...kl", slope, variance, slope)
        for slope, variance in zip(slopes, variances, strict=True)
    )
    errors = np.sqrt(np.einsum("...kk->...k", covariance))
    gap = a.prod(axis=-1) - b.prod(axis=-1)
    gap_error = np.sqrt(np.asarray(covariance).sum(axis=(-1, -2)))
    costliest, clearly = _costliest(parts, np.asarray(covariance), quantile)
    said = (COMPARED, CHAIN, "delta method")
    return Stages(
        steps=a,
        reference_steps=b,
        reached=a.prod(axis=-1),
        reference_reached=b.prod(axis=-1),
        gap=_around(gap, gap_error * quantile, said),
        parts=_around(parts, errors * quantile, said),
        costliest=costliest,
        clearly=clearly,
    )


def _chain(counts: Floats) -> Floats:
    if counts.ndim == 0 or counts.shape[-1] < 2:
        raise ValueError("a chain has two or more stages; give the number at each, the first being everybody")
    not_negative(reached=counts.ravel())
    rises = np.argwhere(counts[..., 1:] > counts[..., :-1])
    if rises.size:
        stage = int(rises[0][-1]) + 1
        raise ValueError(
            f"{len(rises)} stages hold more students than the stage before, the first is stage {stage + 1}; "
            "count the students of a stage among those of the stage before"
        )
    return counts


def _gauss(steps: int) -> tuple[Floats, Floats]:
    """Points and weights on 0 to 1 that integrate polynomials of degree steps - 1 (and below) exactly."""
    points, weights = np.polynomial.legendre.leggauss((steps + 1) // 2 + 1)
    return (points + 1) / 2, weights / 2


def _products_without(mixed: Floats) -> Floats:
    """For each step the product of all other steps, along the axis before the last; zeros divide nothing."""
    ones = np.ones_like(mixed[..., :1, :])
    before = np.concatenate([ones, np.cumprod(mixed[..., :-1, :], axis=-2)], axis=-2)
    after = np.concatenate([ones, np.cumprod(mixed[..., :0:-1, :], axis=-2)], axis=-2)[..., ::-1, :]
    return np.asarray(before * after)


def _slopes(
    a: Floats, b: Floats, mixed: Floats, alone: Floats, points: Floats, weights: Floats, *, first: bool
) -> Floats:
    """d part_k / d step_i of the group (`first`) or its reference, (..., k, i)."""
    steps = a.shape[-1]
    lean = points if first else 1 - points
    found = np.empty((*a.shape, steps))
    for k in range(steps):
        rest = np.delete(mixed, k, axis=-2)
        others = _products_without(rest) @ (weights * lean) if steps > 1 else np.empty((*a.shape[:-1], 0))
        slope = (a - b)[..., k, None] * others
        found[..., k, :k], found[..., k, k + 1 :] = slope[..., :k], slope[..., k:]
        found[..., k, k] = alone[..., k] if first else -alone[..., k]
    return found


def _costliest(parts: Floats, covariance: Floats, quantile: float) -> tuple[Ints, Bools]:
    known = np.asarray(np.isfinite(parts).all(axis=-1))
    lowest = np.argmin(np.where(known[..., None], parts, 0.0), axis=-1)
    own = np.take_along_axis(parts, lowest[..., None], axis=-1)
    row = np.take_along_axis(covariance, lowest[..., None, None], axis=-2)[..., 0, :]
    diagonal = np.einsum("...kk->...k", covariance)
    own_variance = np.take_along_axis(diagonal, lowest[..., None], axis=-1)
    apart = np.sqrt(np.maximum(own_variance + diagonal - 2 * row, 0.0))
    itself = np.asarray(np.arange(parts.shape[-1]) == np.asarray(lowest)[..., None])
    further = itself | (parts - own > quantile * apart)
    loses = np.asarray(own[..., 0] + quantile * seen_error(np.sqrt(own_variance[..., 0])) < 0)
    found = known & (own[..., 0] < 0)
    return np.where(found, lowest, -1), np.asarray(found & loses & np.all(further, axis=-1))


def _around(value: Floats, half: Floats, assumed: tuple[str, ...]) -> Estimate:
    half = seen_error(half)
    return Estimate(low=value - half, high=value + half, value=value, assumed=assumed)
