"""Two groups of students with their scores: checked rows, weights, and what clusters do to a variance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.estimate import Bools, Floats, Ints, floats


@dataclass(frozen=True)
class Pair:
    """Students of a group (`focal`) and of its reference: score, weight, and the number of their cluster."""

    score: Floats
    focal: Bools
    weight: Floats
    cluster: Ints | None

    @property
    def independence(self) -> str:
        if self.cluster is None:
            return "students are independent"
        return "clusters are independent, students within them are not"

    @property
    def relative(self) -> Floats:
        """Weights that add up to 1 in each group."""
        totals = np.where(self.focal, self.weight[self.focal].sum(), self.weight[~self.focal].sum())
        return np.asarray(self.weight / totals)

    def variance_of_difference(self, moved: Floats) -> float:
        """Variance of a sum of two weighted means, `moved` what each student adds to its group's, mean 0.

        Added up within clusters first where there are any, with C/(C - 1); n/(n - 1) in each group otherwise.
        NaN where a group (or the clusters) is a single one.
        """
        parts = self.relative * moved
        if self.cluster is not None:
            sums = np.bincount(self.cluster, parts)
            return float(np.sum(sums**2) * len(sums) / (len(sums) - 1)) if len(sums) > 1 else float("nan")
        total = 0.0
        for side in (self.focal, ~self.focal):
            n = int(side.sum())
            total += float(np.sum(parts[side] ** 2)) * n / (n - 1) if n > 1 else float("nan")
        return total


def pair(
    score: npt.ArrayLike,
    group: npt.ArrayLike,
    focal: object,
    reference: object,
    weights: npt.ArrayLike | None = None,
    clusters: npt.ArrayLike | None = None,
) -> Pair:
    """The students of the two groups who have a score and a weight above 0.

    Raises ValueError for columns of different lengths, a negative weight, or a group equal to its reference.
    """
    values, groups = floats(score), np.asarray(group)
    weight = np.ones(len(values)) if weights is None else floats(weights)
    columns = {"score": values, "group": groups, "weights": weight}
    if clusters is not None:
        columns["clusters"] = np.asarray(clusters)
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"the columns have the lengths {lengths}; give one row a student")
    if np.any(weight < 0):
        raise ValueError(f"the smallest weight is {np.nanmin(weight):g}; weights are 0 or more")
    if focal == reference:
        raise ValueError(f"the group and its reference are both {focal}; give two groups")
    kept = ((groups == focal) | (groups == reference)) & ~np.isnan(values) & (weight > 0)
    cluster = None
    if clusters is not None:
        cluster = np.unique(columns["clusters"][kept], return_inverse=True)[1].astype(np.int64)
    return Pair(values[kept], np.asarray(groups[kept] == focal), weight[kept], cluster)
