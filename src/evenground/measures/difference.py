"""Differences: how far a student group's rate or mean is from its reference's, with an interval.

A difference is always group minus reference. A reference that holds the group (overall) is not independent of
it, so its interval is computed by way of everybody else: with share = n_g/N,

    r_g - r_all = (1 - share)(r_g - r_others),

and an interval of the right-hand difference, scaled by (1 - share), is one of the left-hand difference. The
share is taken as known: it is counted, not estimated.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from evenground.measures import mean, rate
from evenground.measures.estimate import APART, Estimate, quiet, satterthwaite, student_quantile
from evenground.measures.mean import Mean
from evenground.measures.reference import Reference
from evenground.measures.sums import Sums


@quiet
def combined(first: Estimate, second: Estimate) -> Estimate:
    """first - second for two independent estimates, from their own intervals (MOVER).

    low = d - sqrt((x1 - l1)^2 + (u2 - x2)^2), high = d + sqrt((u1 - x1)^2 + (x2 - l2)^2).
    Source: Zou and Donner (2008), Statistics in Medicine 27:1693-1702.
    """
    value = np.asarray(first.value - second.value)
    below = np.hypot(first.value - first.low, second.high - second.value)
    above = np.hypot(first.high - first.value, second.value - second.low)
    return Estimate(low=value - below, high=value + above, value=value, assumed=_of_two(first, second))


def newcombe(
    successes: npt.ArrayLike,
    n: npt.ArrayLike,
    reference_successes: npt.ArrayLike,
    reference_n: npt.ArrayLike,
    confidence: float = 0.95,
) -> Estimate:
    """Difference of two independent rates with Newcombe's hybrid score interval (his method 10).

    Arrays of one shape; counts may be fractional (effective n). NaN where either group is empty.
    Source: Newcombe (1998), Statistics in Medicine 17:873-890.
    """
    return combined(
        _rate_estimate(successes, n, confidence),
        _rate_estimate(reference_successes, reference_n, confidence),
    )


@quiet
def welch(group: Mean, reference: Mean, confidence: float = 0.95) -> Estimate:
    """Difference of two independent means with Welch's interval (Satterthwaite's degrees of freedom).

    A reference that is exactly known (a target) leaves Student's interval of the group. NaN bounds where
    neither side has any spread.
    Source: Welch (1947), Biometrika 34:28-35.
    """
    value = np.asarray(group.value - reference.value)
    first, second = group.variance, reference.variance
    df = satterthwaite(first, group.n, second, reference.n)
    half = student_quantile(df, confidence) * np.sqrt(first + second)
    return Estimate(low=value - half, high=value + half, value=value, assumed=_of_two(group, reference))


@quiet
def rates_to_reference(groups: Sums, reference: Reference, confidence: float = 0.95) -> Estimate:
    """Rate of each group minus the rate of its reference, with Newcombe's interval.

    By way of everybody else where the reference holds the group; Wilson's interval moved by the target where
    it is a target. A group that is its own reference differs by 0, without an interval (NaN).
    """
    apart = rate.estimate(reference.apart, confidence)
    return _to_whole(
        groups, reference, combined(rate.estimate(groups, confidence), known_where_target(apart, reference))
    )


@quiet
def means_to_reference(groups: Sums, reference: Reference, confidence: float = 0.95) -> Estimate:
    """Mean of each group minus the mean of its reference, with Welch's interval; as `rates_to_reference`."""
    apart = mean_apart(reference, confidence)
    return _to_whole(groups, reference, welch(mean.estimate(groups, confidence), apart, confidence))


def known_where_target(apart: Estimate, reference: Reference) -> Estimate:
    """The estimate of the reference's other students; exactly the target where it is a target."""
    fixed = reference.is_target
    return Estimate(
        low=np.where(fixed, reference.rate, apart.low),
        high=np.where(fixed, reference.rate, apart.high),
        value=np.where(fixed, reference.rate, apart.value),
        assumed=apart.assumed,
    )


def mean_apart(reference: Reference, confidence: float) -> Mean:
    """The mean of the reference's students outside the group; exactly the target where it is a target."""
    apart, fixed = mean.estimate(reference.apart, confidence), reference.is_target
    known = known_where_target(apart, reference)
    return Mean(
        low=known.low,
        high=known.high,
        value=known.value,
        sd=np.where(fixed, 0.0, apart.sd),
        n=np.where(fixed, np.inf, apart.n),
        assumed=apart.assumed,
    )


def _to_whole(groups: Sums, reference: Reference, apart: Estimate) -> Estimate:
    """Scale a difference to everybody else into one to a reference that holds the group."""
    value = groups.rate - reference.rate
    share = reference.apart_share
    return Estimate(low=apart.low * share, high=apart.high * share, value=value, assumed=apart.assumed)


def _rate_estimate(successes: npt.ArrayLike, n: npt.ArrayLike, confidence: float) -> Estimate:
    bounds = rate.wilson(successes, n, confidence)
    return Estimate(low=bounds.low, high=bounds.high, value=rate.rate(successes, n), assumed=bounds.assumed)


def _of_two(first: Estimate, second: Estimate) -> tuple[str, ...]:
    """What each of two rests on, and that they are apart."""
    return tuple(dict.fromkeys((*first.assumed, *second.assumed, APART)))
