"""Standardised differences: how far apart two means are, in standard deviations of the students."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from evenground.measures.estimate import Estimate, Floats, floats, quiet, quotient, student_quantile
from evenground.measures.mean import Mean, student
from evenground.measures.spectrum.students import pair
from evenground.measures.sums import kish

Spread = Literal["pooled", "reference", "total"]


@dataclass(frozen=True)
class Standardised(Estimate):
    """A standardised difference with its interval.

    se      standard error          spread   the standard deviation it was divided by
    t, df   what a test of no difference rests on
    """

    se: Floats
    spread: Floats
    t: Floats
    df: Floats


@quiet
def hedges_g(
    group: Mean,
    reference: Mean,
    *,
    spread: Spread = "pooled",
    icc: npt.ArrayLike = 0.0,
    cluster_size: npt.ArrayLike = 1.0,
    confidence: float = 0.95,
) -> Standardised:
    """Hedges' g of two independent means (value, sd and n of each), arrays of one shape.

    g = w (m_a - m_b)/S with w = 1 - 3/(4N - 9), N = n_a + n_b. S: `pooled` within the groups, of the
    `reference`, or `total`, of both together. t = g/sqrt(N/(n_a n_b) + g^2/(2N)).

    Where whole clusters (schools, classes) belong to one of the two groups, `icc` is the part of the variance
    between clusters and `cluster_size` their mean number n of students: g is multiplied by
    sqrt(1 - 2(n - 1)icc/(N - 2)), its variance grows by 1 + (n - 1)icc, and the degrees of freedom shrink
    (WWC 5.0, equation E.21). For students of both groups in the same schools use `g_of_scores` instead.
    Source: Hedges (1981), Journal of Educational Statistics 6:107-128; Hedges (2007), the same 32:341-370;
    What Works Clearinghouse, Procedures and Standards Handbook 5.0, appendix E.
    """
    n, m = group.n, reference.n
    total = n + m
    rho, size = floats(icc), floats(cluster_size)
    sd = _spread(group, reference, spread)
    omega = 1 - 3 / (4 * total - 9)
    g = omega * quotient(group.value - reference.value, sd)
    se = np.sqrt(total / (n * m) + g**2 / (2 * total))
    lost = 2 * (size - 1) * rho
    shrunk = np.sqrt(1 - lost / (total - 2))
    wider = 1 + (size - 1) * rho
    df = (total - 2 - lost) ** 2 / (
        (total - 2) * (1 - rho) ** 2
        + size * (total - 2 * size) * rho**2
        + 2 * (total - 2 * size) * rho * (1 - rho)
    )
    df = np.where(rho > 0, df, total - 2)
    value, error = np.asarray(g * shrunk), np.asarray(se * np.sqrt(wider))
    half = student_quantile(df, confidence) * error
    clustered = bool(np.any(rho > 0))
    assumed = (
        "scores are normal in both groups",
        "clusters are independent, with the part of variance between them that was given"
        if clustered
        else "students are independent",
        f"divided by the {spread} standard deviation",
    )
    return Standardised(
        value - half, value + half, value, error, np.asarray(sd), value / error, df, assumed=assumed
    )


def g_of_scores(
    score: npt.ArrayLike,
    group: npt.ArrayLike,
    *,
    focal: object,
    reference: object,
    weights: npt.ArrayLike | None = None,
    clusters: npt.ArrayLike | None = None,
    spread: Spread = "pooled",
    confidence: float = 0.95,
) -> Standardised:
    """Hedges' g from students' scores, one row a student; no shape of the scores is assumed.

    The standard error follows from how each student moves g (its influence), added up within clusters where
    students share schools, whichever group they are in. The variance of weighted scores is that of the
    students whom the weights stand for. Degrees of freedom: clusters - 1, or students - 2. NaN where a
    group is empty.
    """
    students = pair(score, group, focal, reference, weights, clusters)
    sides = (students.focal, ~students.focal)
    if min(int(side.sum()) for side in sides) < 2:
        nothing = np.asarray(np.nan)
        return Standardised(*(nothing,) * 7, assumed=("a group has fewer than two students",))
    points = students.score - students.score.mean()
    moments = []
    for side in sides:
        weight, values = students.weight[side], points[side]
        size = kish(weight.sum(), weight @ weight)
        moments.append(student(weight.sum(), weight @ values, weight @ values**2, size))
    means, squares, sizes = (
        np.array([float(part) for part in parts])
        for parts in zip(*((m.value, m.sd**2, m.n) for m in moments), strict=True)
    )
    sd = float(_spread(moments[0], moments[1], spread))
    omega = 1 - 3 / (4 * sizes.sum() - 9)
    if not sd > 0:
        nothing = np.asarray(np.nan)
        return Standardised(*(nothing,) * 7, assumed=("scores do not vary",))
    d = (means[0] - means[1]) / sd
    which = np.where(students.focal, 0, 1)
    off = points - means[which]
    variance_moved = _variance_moved(off, which, means, squares, sizes, spread)
    moved = np.where(students.focal, off, -off) / sd - d * variance_moved / (2 * sd**2)
    se = float(omega * np.sqrt(students.variance_of_difference(moved)))
    many = sizes.sum() - 2 if students.cluster is None else float(len(np.unique(students.cluster)) - 1)
    df = np.asarray(float(many))
    g = omega * d
    half = student_quantile(df, confidence) * se
    numbers = (g - half, g + half, g, se, sd, quotient(g, se), df)
    return Standardised(
        *(np.asarray(number) for number in numbers),
        assumed=(students.independence, f"divided by the {spread} standard deviation"),
    )


def _spread(group: Mean, reference: Mean, spread: Spread) -> Floats:
    if spread not in get_args(Spread):
        raise ValueError(f"spread is {spread}; give pooled, reference or total")
    if spread == "reference":
        return reference.sd
    n, m = group.n, reference.n
    inside = (n - 1) * group.sd**2 + (m - 1) * reference.sd**2
    if spread == "pooled":
        return np.asarray(np.sqrt(quotient(inside, n + m - 2)))
    apart = quotient(n * m, n + m) * (group.value - reference.value) ** 2
    return np.asarray(np.sqrt(quotient(inside + apart, n + m - 1)))


def _variance_moved(
    off: Floats, which: npt.NDArray[np.int64], means: Floats, squares: Floats, sizes: Floats, spread: Spread
) -> Floats:
    """How each student, as one of its group, moves the variance that g is divided by."""
    part = sizes / sizes.sum()
    if spread == "reference":
        return np.asarray(np.where(which == 1, off**2 - squares[1], 0.0))
    inside = part[which] * (off**2 - squares[which])
    if spread == "pooled":
        return np.asarray(inside)
    gap = means[0] - means[1]
    return np.asarray(inside + 2 * part[0] * part[1] * gap * np.where(which == 0, off, -off))
