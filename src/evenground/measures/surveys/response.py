"""Who answered, and whether they stand for all who were asked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.estimate import (
    Estimate,
    Floats,
    floats,
    normal_quantile,
    quiet,
    quotient,
    seen_error,
)
from evenground.measures.rate import wilson


@quiet
def response_rate(
    complete: npt.ArrayLike,
    partial: npt.ArrayLike = 0,
    refused: npt.ArrayLike = 0,
    not_reached: npt.ArrayLike = 0,
    other: npt.ArrayLike = 0,
    unknown: npt.ArrayLike = 0,
    confidence: float = 0.95,
) -> Estimate:
    """RR1, the strictest response rate: complete answers over all who were or may have been eligible.

    I/((I + P) + (R + NC + O) + UO), arrays of one shape; `unknown`: people of whom it is not known whether
    they should have been asked. Wilson's interval: for those asked as a sample of those who could be.
    Source: American Association for Public Opinion Research (2023), Standard Definitions, 10th edition.
    """
    parts = (complete, partial, refused, not_reached, other, unknown)
    counts = [floats(part) for part in parts]
    if len({part.shape for part in counts if part.ndim}) > 1:
        raise ValueError(f"numbers of the shapes {[part.shape for part in counts]}; give arrays of one shape")
    counts = list(np.broadcast_arrays(*counts))
    if any(np.any(part < 0) for part in counts):
        raise ValueError("a number of people is negative; counts are 0 or more")
    asked = sum(counts[1:], counts[0])
    bounds = wilson(counts[0], asked, confidence)
    return Estimate(
        low=bounds.low,
        high=bounds.high,
        value=quotient(counts[0], asked),
        assumed=("people answer independently of each other",),
    )


@dataclass(frozen=True)
class Representativeness(Estimate):
    """R: 1 where all groups answer alike often, lower the more they differ.

    plain    R without the correction for chance
    part     for each group sqrt(its share) (its rate - rate of all): below 0, the group is heard too little
    rate     response rate of each group
    """

    plain: float
    part: Floats
    rate: Floats


@quiet
def representativeness(
    asked: npt.ArrayLike, answered: npt.ArrayLike, confidence: float = 0.95
) -> Representativeness:
    """The R-indicator, 1 - 2 S: S the standard deviation, over people, of the chance to answer.

    One row a group (or a cross of groups) of those asked. The chance to answer is the rate of the group, so R
    sees only what these groups tell. The variance of the rates is corrected for what chance alone makes of
    it, sum w p (1 - p)/(n - 1) less its part in the mean, and not let below 0. Interval: delta method. A
    group with one person cannot be corrected for and counts as it is. Raises ValueError where more answered
    than were asked.
    Source: Schouten, Cobben and Bethlehem (2009), Survey Methodology 35:101-113; Shlomo, Skinner and Schouten
    (2012), Journal of Statistical Planning and Inference 142:201-211.
    """
    n, s = floats(asked), floats(answered)
    if n.shape != s.shape:
        raise ValueError(f"there are {n.size} groups asked and {s.size} that answered; give as many of each")
    if np.any((s < 0) | (s > n)):
        raise ValueError("in a group more people answered than were asked")
    people = n.sum()
    w = quotient(n, people)
    p = quotient(s, n)
    w, p_known = np.where(n > 0, w, 0.0), np.where(n > 0, p, 0.0)
    mean = float(w @ p_known)
    variance = float(w @ (p_known - mean) ** 2)
    noise = np.where(n > 1, p_known * (1 - p_known) / (n - 1), 0.0)
    by_chance = float(w @ noise - w**2 @ noise)
    corrected = np.sqrt(max(variance - by_chance, 0.0))
    slope = np.where(corrected > 0, w * (p_known - mean) / corrected, 0.0)
    half = float(normal_quantile(confidence) * 2 * seen_error(np.sqrt(float(slope**2 @ noise))))
    value = 1 - 2 * corrected
    bounded = corrected > 0
    return Representativeness(
        low=floats(value - half if bounded else np.nan),
        high=floats(min(value + half, 1.0) if bounded else np.nan),
        value=floats(value if people > 0 else np.nan),
        plain=float(1 - 2 * np.sqrt(variance)),
        part=np.sqrt(w) * (p - mean),
        rate=p,
        assumed=("people answer independently of each other", "within these groups all answer alike often"),
    )
