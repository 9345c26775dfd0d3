"""Means of many groups at once, of students or of clusters of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.columns import equal_length, not_negative
from evenground.measures.estimate import (
    Estimate,
    Floats,
    Ints,
    Texts,
    floats,
    quiet,
    quotient,
    student_quantile,
)

STUDENTS = "students are independent"
CLUSTERS = "clusters are as if drawn independently from many like them"


@dataclass(frozen=True)
class Grouped:
    """Rows that have a value, each with the `place` of its group, its weight and its cluster (or itself)."""

    names: Texts
    place: Ints
    weight: Floats
    cluster: Ints
    kept: Ints
    clustered: bool

    @classmethod
    def of(
        cls,
        value: npt.ArrayLike,
        group: npt.ArrayLike,
        weights: npt.ArrayLike | None,
        clusters: npt.ArrayLike | None,
    ) -> Grouped:
        """Rows without a value or of weight 0 are left out; their groups stay, with nobody."""
        known = floats(value)
        weight = np.ones(known.shape) if weights is None else not_negative(weights=weights)[0]
        equal_length(value=known, group=group, weights=weight)
        names, place = np.unique(np.asarray(group).astype(str), return_inverse=True)
        kept = np.flatnonzero(np.isfinite(known) & (weight > 0))
        cluster = np.arange(known.size)
        if clusters is not None:
            equal_length(value=known, clusters=clusters)
            cluster = np.unique(np.asarray(clusters).astype(str), return_inverse=True)[1]
        return cls(names, place[kept], weight[kept], cluster[kept], kept, clusters is not None)

    @property
    def n(self) -> Ints:
        """How many rows each group has."""
        return np.bincount(self.place, minlength=self.names.size)

    @property
    def n_effective(self) -> Floats:
        """Kish's n of each group."""
        return quotient(self.sum(self.weight) ** 2, self.sum(self.weight**2))

    @property
    def assumed(self) -> tuple[str, ...]:
        return (CLUSTERS if self.clustered else STUDENTS,)

    def sum(self, numbers: Floats) -> Floats:
        """The sum of a number over the rows of each group."""
        return floats(np.bincount(self.place, numbers, minlength=self.names.size))

    @quiet
    def mean(self, value: Floats) -> tuple[Floats, Floats, Ints]:
        """Mean of each group, its standard error, and how many independent units stand behind it.

        error^2 = C/(C - 1) sum over units of (sum of w (x - mean))^2 / (sum of w)^2, units being clusters or
        students; NaN with one unit.
        """
        total = self.sum(self.weight)
        mean = quotient(self.sum(self.weight * value), total)
        pairs, unit = np.unique(
            np.column_stack([self.place, self.cluster]), axis=0, return_inverse=True
        )  # a cluster may stand in several groups
        apart = np.bincount(unit.ravel(), self.weight * (value - mean[self.place]), minlength=len(pairs))
        units = np.bincount(pairs[:, 0], minlength=self.names.size)
        squares = np.bincount(pairs[:, 0], apart**2, minlength=self.names.size)
        error = np.sqrt(np.where(units > 1, units / (units - 1), np.nan) * squares) / total
        return mean, np.asarray(error), units

    @quiet
    def estimate(self, value: Floats, confidence: float) -> Estimate:
        """The mean with Student's interval; no bounds where nothing tells how far chance might move it."""
        mean, error, units = self.mean(value)
        half = student_quantile(units - 1, confidence) * np.where(error > 0, error, np.nan)
        return Estimate(low=mean - half, high=mean + half, value=mean, assumed=self.assumed)
