"""Ratios: how many times the reference's rate or mean a student group's is, with an interval.

Against a reference that holds the group the interval is computed by way of everybody else. With
share = n_g/N and theta = r_g/r_others,

    r_g / r_all = theta / (share theta + 1 - share),

which rises with theta, so that the bounds of theta map onto bounds of the ratio and cover exactly as often.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from evenground.measures import mean, rate
from evenground.measures.difference import mean_apart
from evenground.measures.estimate import (
    APART,
    STUDENTS_INDEPENDENT,
    Estimate,
    Floats,
    floats,
    normal_quantile,
    quiet,
    quotient,
    satterthwaite,
    student_quantile,
)
from evenground.measures.mean import Mean
from evenground.measures.reference import Reference
from evenground.measures.sums import Sums

_ASSUMED = (STUDENTS_INDEPENDENT, APART, "the log of the ratio is nearly normal")


@quiet
def katz(
    successes: npt.ArrayLike,
    n: npt.ArrayLike,
    reference_successes: npt.ArrayLike,
    reference_n: npt.ArrayLike,
    confidence: float = 0.95,
) -> Estimate:
    """Ratio of two independent rates with Katz's interval on the log scale.

    exp(ln(p1/p2) -/+ z sqrt(1/s1 - 1/n1 + 1/s2 - 1/n2)); arrays of one shape. The ratio is NaN where the
    reference's rate is 0. The bounds are NaN where they are undefined: no success on one side (the log has
    no value), or nothing but successes on both (the formula would claim a width of 0).
    Source: Katz et al. (1978), Biometrics 34:469-474.
    """
    first = _relative_variance(floats(successes), floats(n))
    second = _relative_variance(floats(reference_successes), floats(reference_n))
    value = quotient(rate.rate(successes, n), rate.rate(reference_successes, reference_n))
    return _on_log_scale(value, first + second, np.asarray(normal_quantile(confidence)))


@quiet
def of_means(group: Mean, reference: Mean, confidence: float = 0.95) -> Estimate:
    """Ratio of two independent positive means, interval by the delta method on the log scale.

    exp(ln(m1/m2) -/+ t sqrt(v1/m1^2 + v2/m2^2)), v the variance of each mean and t with Satterthwaite's
    degrees of freedom of that sum. The log scale keeps the bounds positive and bounded, which Fieller's
    interval is not when the reference's mean is poorly known. NaN where a mean is not positive.
    """
    first, second = group.variance / group.value**2, reference.variance / reference.value**2
    positive = (group.value > 0) & (reference.value > 0)
    df = satterthwaite(first, group.n, second, reference.n)
    value = np.where(positive, quotient(group.value, reference.value), np.nan)
    return _on_log_scale(value, first + second, student_quantile(df, confidence))


@quiet
def rates_to_reference(groups: Sums, reference: Reference, confidence: float = 0.95) -> Estimate:
    """Rate of each group over the rate of its reference, with Katz's interval.

    By way of everybody else where the reference holds the group. A group that is its own reference has the
    ratio 1 without an interval (NaN). Weights count through Kish's effective n.
    """
    effective, apart_n = groups.n_effective, reference.apart.n_effective
    apart = np.where(reference.is_target, reference.rate, reference.apart.rate)
    first = _relative_variance(groups.rate * effective, effective)
    second = _relative_variance(apart * apart_n, apart_n)
    second = np.where(reference.is_target, 0.0, second)
    z = np.asarray(normal_quantile(confidence))
    theta = _on_log_scale(quotient(groups.rate, apart), first + second, z)
    return _to_whole(groups, reference, theta)


@quiet
def means_to_reference(groups: Sums, reference: Reference, confidence: float = 0.95) -> Estimate:
    """Mean of each group over the mean of its reference; as `rates_to_reference`, with `of_means`."""
    theta = of_means(mean.estimate(groups, confidence), mean_apart(reference, confidence), confidence)
    return _to_whole(groups, reference, theta)


def _to_whole(groups: Sums, reference: Reference, theta: Estimate) -> Estimate:
    """Map a ratio to everybody else onto one to a reference that holds the group."""
    apart = reference.apart_share

    def of_whole(bound: Floats) -> Floats:
        mapped = quotient(bound, (1 - apart) * bound + apart)
        return np.asarray(np.where(reference.holds_group, mapped, bound))

    value = quotient(groups.rate, reference.rate)
    return Estimate(low=of_whole(theta.low), high=of_whole(theta.high), value=value, assumed=theta.assumed)


def _relative_variance(successes: Floats, n: Floats) -> Floats:
    """Variance of the log of a rate, 1/s - 1/n; NaN where no one succeeded or the counts contradict."""
    usable = (successes > 0) & (successes <= n)
    return np.asarray(np.where(usable, 1 / successes - 1 / n, np.nan))


def _on_log_scale(value: Floats, variance: Floats, quantile: Floats) -> Estimate:
    defined = (value > 0) & (variance > 0)
    factor = np.where(defined, np.exp(quantile * np.sqrt(variance)), np.nan)
    return Estimate(low=value / factor, high=value * factor, value=value, assumed=_ASSUMED)
