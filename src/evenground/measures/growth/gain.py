"""Gains: points between two tests, and how much of one student's gain is error of measurement."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.columns import equal_length
from evenground.measures.estimate import Estimate, Ints, Texts, floats, quiet
from evenground.measures.growth.grouped import Grouped

SCALE = "a point means as much on both tests, in every grade"
APART = "errors of the two tests are independent"


@dataclass(frozen=True)
class Gains(Estimate):
    """A row a group: the mean gain in points with its interval, and `n` students with both scores.

    `reliability`: of one student's gain, over all students; NaN where none was given for the tests.
    """

    groups: Texts
    n: Ints
    reliability: float


@quiet
def gain_reliability(
    sd_before: float, sd_after: float, correlation: float, reliability_before: float, reliability_after: float
) -> float:
    """The share of the variance of gains that is not error of measurement.

    (rb sb^2 + ra sa^2 - 2 r sb sa)/(sb^2 + sa^2 - 2 r sb sa), 0 where it would be below; NaN where gains do
    not vary. Two tests of .9 that correlate .8 leave a gain of .5.
    Source: Lord (1963), in Harris, Problems in Measuring Change; Gulliksen (1950), Theory of Mental Tests.
    """
    for name, one in (("reliability_before", reliability_before), ("reliability_after", reliability_after)):
        if not 0 <= one <= 1:
            raise ValueError(f"{name} is {one}; reliabilities are from 0 to 1")
    b, a, both = sd_before**2, sd_after**2, 2 * correlation * sd_before * sd_after
    varied = b + a - both
    if not varied > 1e-12 * (b + a):
        return float("nan")
    return max((reliability_before * b + reliability_after * a - both) / varied, 0.0)


def gains(
    before: npt.ArrayLike,
    after: npt.ArrayLike,
    group: npt.ArrayLike,
    *,
    reliability_before: float | None = None,
    reliability_after: float | None = None,
    clusters: npt.ArrayLike | None = None,
    weights: npt.ArrayLike | None = None,
    confidence: float = 0.95,
) -> Gains:
    """The mean of after - before in each group, one row a student; a row without both scores counts nowhere.

    The interval holds errors of measurement as well, since they spread the gains; in a mean they shrink with
    the number of students, in one student's gain they do not: see `reliability`.
    """
    equal_length(before=before, after=after, group=group)
    first, second = floats(before), floats(after)
    gain = second - first
    rows = Grouped.of(gain, group, weights, clusters)
    first, second = first[rows.kept], second[rows.kept]
    found = rows.estimate(gain[rows.kept], confidence)
    reliability = float("nan")
    if reliability_before is not None and reliability_after is not None and first.size > 1:
        together = np.cov(first, second, aweights=rows.weight)
        sd_before, sd_after = np.sqrt(np.diag(together))
        correlation = together[0, 1] / (sd_before * sd_after)
        reliability = gain_reliability(
            sd_before, sd_after, correlation, reliability_before, reliability_after
        )
    return Gains(
        low=found.low,
        high=found.high,
        value=found.value,
        groups=rows.names,
        n=rows.n,
        reliability=reliability,
        assumed=(*rows.assumed, SCALE, APART),
    )
