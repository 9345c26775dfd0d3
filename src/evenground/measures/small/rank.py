"""Probability of rank: how sure is it that a school or a group is among the lowest, or above the middle?

A list ordered by noisy numbers says who was lucky as much as who is high. Instead of a rank, each entry
gets the probability of every statement that one would read from a rank.
Source: Laird and Louis (1989), Journal of Educational Statistics 14:29-46; Goldstein and Spiegelhalter
(1996), JRSS A 159:385-443.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.estimate import Estimate, Floats, floats, tails

# Draws are made in parts so that many entries do not fill the memory.
_AT_ONCE = 4_000_000


@dataclass(frozen=True)
class Ranks(Estimate):
    """The expected rank of each entry, 1 the lowest, with the interval that holds its rank.

    lowest, highest   probability of being among the `k` lowest, the `k` highest
    above_middle      probability of being above the median of the true values
    """

    lowest: Floats
    highest: Floats
    above_middle: Floats
    k: int


def ranks(
    value: npt.ArrayLike,
    sd: npt.ArrayLike,
    *,
    k: int,
    draws: int = 4000,
    seed: int = 1,
    confidence: float = 0.95,
) -> Ranks:
    """Ranks of true values of which N(value, sd^2) is known, independent of each other; arrays (entries,).

    Give stabilised values (`empirical_bayes`) with their sd: raw ones overstate how far entries lie apart.
    True values are drawn `draws` times, and every statement's probability is how often it held (its own
    chance error is at most 0.008 with 4,000 draws). An entry with NaN is left out, and has NaN.
    """
    center, width = floats(value), floats(sd)
    if center.shape != width.shape or center.ndim != 1:
        raise ValueError(f"there are {center.shape} values and {width.shape} deviations; give one an entry")
    if np.any(width < 0):
        raise ValueError(f"the smallest sd is {np.nanmin(width):g}; give 0 or more")
    known = np.isfinite(center) & np.isfinite(width)
    entries = int(known.sum())
    if not 0 < k <= max(entries, 1):
        raise ValueError(f"k is {k}; among {entries} entries it is 1 to {entries}")
    places = _drawn(center[known], width[known], draws, seed)
    ends = tails(confidence)
    found = np.full((6, len(center)), np.nan)
    if entries:
        bounds = np.quantile(places, ends, axis=0, method="inverted_cdf")
        found[:, known] = [
            *bounds,
            places.mean(axis=0),
            (places <= k).mean(axis=0),
            (places > entries - k).mean(axis=0),
            (places > (entries + 1) / 2).mean(axis=0) + 0.5 * (places == (entries + 1) / 2).mean(axis=0),
        ]
    assumed = ("true values are normal and independent, given the data", f"{draws} draws, seed {seed}")
    low, high, mean, lowest, highest, above = found
    return Ranks(low, high, mean, lowest, highest, above, k, assumed=assumed)


def _drawn(center: Floats, width: Floats, draws: int, seed: int) -> npt.NDArray[np.int32]:
    """(draws, entries) ranks, 1 the lowest."""
    rng = np.random.default_rng(seed)
    found = np.empty((draws, len(center)), dtype=np.int32)
    part = max(1, _AT_ONCE // max(1, len(center)))
    for first in range(0, draws, part):
        rows = min(part, draws - first)
        order = np.argsort(center + width * rng.standard_normal((rows, len(center))), axis=1)
        np.put_along_axis(
            found[first : first + rows], order, np.arange(1, len(center) + 1, dtype=np.int32)[None, :], axis=1
        )
    return found
