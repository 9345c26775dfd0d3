"""The share of students at and above every level, and the gap there: one number hides what the others say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.difference import newcombe
from evenground.measures.estimate import Estimate, Floats, quotient
from evenground.measures.rate import wilson
from evenground.measures.spectrum.cells import above, level_counts, level_pair


@dataclass(frozen=True)
class AtLevels(Estimate):
    """A number at each cut, (..., levels - 1): entry k is of the students in level k + 2 or higher, counting
    levels from 1. `n` (..., 1) are the students behind it."""

    n: Floats


def share_above(counts: npt.ArrayLike, confidence: float = 0.95) -> AtLevels:
    """Share of students at or above each level but the lowest, with Wilson's interval.

    `counts` (..., levels), lowest level first. NaN for a group without students.
    Source of the interval: Wilson (1927), JASA 22:209-212.
    """
    table = level_counts(counts)
    n = table.sum(axis=-1, keepdims=True)
    reached = above(table)
    bounds = wilson(reached, np.broadcast_to(n, reached.shape), confidence)
    return AtLevels(bounds.low, bounds.high, quotient(reached, n), n, assumed=("students are independent",))


def gap_above(counts: npt.ArrayLike, reference: npt.ArrayLike, confidence: float = 0.95) -> AtLevels:
    """Share at or above each level of a group minus that of its reference, with Newcombe's interval.

    `counts` and `reference` (..., levels), lowest level first; two groups without a student in common. `n`
    are the students of the smaller of the two. NaN where either is empty.
    Source of the interval: Newcombe (1998), Statistics in Medicine 17:873-890.
    """
    first, second = level_pair(counts, reference)
    sizes = [table.sum(axis=-1, keepdims=True) for table in (first, second)]
    reached = [above(table) for table in (first, second)]
    gap = newcombe(
        reached[0],
        np.broadcast_to(sizes[0], reached[0].shape),
        reached[1],
        np.broadcast_to(sizes[1], reached[1].shape),
        confidence,
    )
    assumed = ("students are independent", "no student is in both groups")
    return AtLevels(gap.low, gap.high, gap.value, np.minimum(*sizes), assumed=assumed)


@dataclass(frozen=True)
class Pac:
    """Percentage above cut: `reference` and `group`, (..., levels + 1), the shares at or above each cut from
    nobody (0) to everybody (1). Plotted against each other, the diagonal is parity."""

    reference: Floats
    group: Floats


def pac(counts: npt.ArrayLike, reference: npt.ArrayLike) -> Pac:
    """The curve of the shares above every cut, group against reference, from (0, 0) to (1, 1).

    Source: Ho (2008), Educational Researcher 37:351-360.
    """
    curves = []
    for table in level_pair(reference, counts):
        total = np.flip(np.cumsum(np.flip(table, -1), -1), -1)
        shares = quotient(total, total[..., :1])
        curves.append(np.flip(np.concatenate([shares, 0 * shares[..., :1]], axis=-1), -1))
    return Pac(*curves)
