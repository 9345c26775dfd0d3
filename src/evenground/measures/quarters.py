"""Quarters of the students: those in the schools with the most need against those with the least.

A quarter of the *students*, not of the schools. A school on a cut lies in both parts, with the share of its
students that it takes to fill the first; schools of equal need are one block, divided alike, so that the
order of the rows changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.clustered import Clustered, means
from evenground.measures.columns import equal_length, not_negative
from evenground.measures.estimate import Floats, Ints, floats, quotient


@dataclass(frozen=True)
class Contrast:
    """A number in each part of the students, and how far the last part is from the first.

    mean        the number as students of each part meet it, first the least need
    difference  last minus first (length 1); ratio: last over first
    need        the mean need in each part; students: how many are in each
    """

    mean: Clustered
    difference: Clustered
    ratio: Clustered
    need: Floats
    students: Floats


def contrast(
    students: npt.ArrayLike,
    need: npt.ArrayLike,
    value: npt.ArrayLike,
    *,
    parts: int = 4,
    clusters: npt.ArrayLike | None = None,
    confidence: float = 0.95,
) -> Contrast:
    """`value` in equal parts of the students, ordered by the `need` of their school or district.

    One row a school (or district). Rows in which a number is missing are left out before the parts are made.
    `clusters`: what is drawn together, such as the district of a school; by default each row for itself. The
    cuts between the parts are taken as known. Source: the quartile contrasts of state equity plans under
    ESEA 1111(g)(1)(B), with a school on a cut divided.
    """
    if parts < 2:
        raise ValueError(f"parts is {parts}; give 2 or more")
    equal_length(students=students, need=need, value=value)
    (people,) = not_negative(students=students)
    by, number = floats(need), floats(value)
    used = np.isfinite(by) & np.isfinite(number) & (people > 0)
    share = membership(by[used], people[used], np.arange(1, parts) / parts)
    heavy = share * people[used, None]
    drawn = np.arange(people.size) if clusters is None else np.asarray(clusters)
    found = means(heavy, number[used], drawn[used])
    first, last = found.take(0), found.take(parts - 1)
    assumed = ("the cuts between the parts are known",)
    return Contrast(
        mean=found.estimate(confidence, assumed),
        difference=last.minus(first).estimate(confidence, assumed),
        ratio=last.over(first, confidence, assumed),
        need=quotient(heavy.T @ by[used], heavy.sum(axis=0)),
        students=heavy.sum(axis=0),
    )


def membership(order: npt.ArrayLike, size: npt.ArrayLike, cuts: npt.ArrayLike) -> Floats:
    """The share of each row that lies in each part, (rows, cuts + 1), rows ranked by `order`, lowest first.

    `cuts` are shares of all of `size`, rising: [.5] makes two halves. Rows of equal order are one block.
    Each row sums to 1, a row of size 0 has its block's shares, and the parts hold exactly what the cuts say.
    """
    values, block = np.unique(floats(order), return_inverse=True)
    width = np.bincount(block, weights=floats(size), minlength=values.size)
    end = np.cumsum(width)
    start = end - width
    total = end[-1] if end.size else 0.0
    edges = np.concatenate(([0.0], floats(cuts) * total, [total]))
    inside = np.minimum(end[:, None], edges[None, 1:]) - np.maximum(start[:, None], edges[None, :-1])
    share = quotient(np.maximum(inside, 0.0), width[:, None])
    # Nobody's block lies where it starts.
    nobody = np.eye(edges.size - 1)[_part(floats(start), edges)]
    return np.asarray(np.where(width[:, None] > 0, share, nobody)[block])


def _part(place: Floats, edges: Floats) -> Ints:
    return np.asarray(np.clip(np.searchsorted(edges, place, side="right") - 1, 0, edges.size - 2))
