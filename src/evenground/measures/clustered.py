"""Means of student groups where students share schools: the error comes from the schools, not the students.

A weighted mean is linear enough in what each cluster adds to it that its variance, and that of differences
and ratios of such means, follows from one small number a cluster (Taylor linearisation; Binder 1983,
International Statistical Review 51:279-292; Särndal, Swensson, Wretman, Model Assisted Survey Sampling, 1992,
5.5-5.7).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

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

CLUSTERS = "clusters are as if drawn independently from many like them"
# An error that is this small beside its value is the rounding of a sum of zeros.
_ROUNDING = 1e-13
COUNTED = "who belongs to which cluster is counted, not estimated"


@dataclass(frozen=True)
class Clustered(Estimate):
    """An estimate with its standard `error` and the number of `clusters` that it rests on."""

    error: Floats
    clusters: Ints


@dataclass(frozen=True)
class Linear:
    """k values and what each cluster adds to the error of each: influence has a row a cluster, k columns.

    `clusters` counts for each value the clusters in which anybody counts towards it.
    """

    value: Floats
    influence: Floats
    clusters: Ints

    @quiet
    def estimate(self, confidence: float, assumed: tuple[str, ...] = ()) -> Clustered:
        """Student's interval with C - 1 degrees of freedom.

        NaN bounds where there is one cluster only, and where all clusters are alike (a group against itself):
        nothing tells how far chance might move that.
        """
        error = self._error()
        half = student_quantile(self.clusters - 1, confidence) * error
        return Clustered(
            low=self.value - half,
            high=self.value + half,
            value=self.value,
            error=error,
            clusters=self.clusters,
            assumed=_said(assumed),
        )

    @quiet
    def minus(self, base: Linear) -> Linear:
        """These values less those of `base`, of one shape and of the same clusters."""
        return Linear(
            self.value - base.value, self.influence - base.influence, np.minimum(self.clusters, base.clusters)
        )

    @quiet
    def over(self, base: Linear, confidence: float, assumed: tuple[str, ...] = ()) -> Clustered:
        """These values over those of `base`, interval on the log scale; NaN unless both are positive."""
        own, other = (
            np.where(one.value > 0, one.value, np.nan) for one in (self, base)
        )  # the log of a share of 0 has no value
        logs = Linear(
            np.log(own) - np.log(other),
            self.influence / own - base.influence / other,
            np.minimum(self.clusters, base.clusters),
        )
        error = logs._error()
        factor = np.exp(student_quantile(logs.clusters - 1, confidence) * error)
        factor = np.where(np.isnan(logs.value), np.nan, factor)
        value = quotient(self.value, base.value)
        return Clustered(
            low=value / factor,
            high=value * factor,
            value=value,
            error=value * error,
            clusters=logs.clusters,
            assumed=_said(assumed),
        )

    def take(self, columns: npt.ArrayLike) -> Linear:
        """The values at these places; a single place answers arrays of length 1."""
        which = np.atleast_1d(np.asarray(columns, dtype=np.int64))
        return Linear(self.value[which], self.influence[:, which], self.clusters[which])

    @quiet
    def _error(self) -> Floats:
        count = self.clusters
        factor = np.where(count > 1, count / np.maximum(count - 1, 1), np.nan)
        error = np.sqrt(factor * np.einsum("ck,ck->k", self.influence, self.influence))
        return np.asarray(np.where(error > _ROUNDING * np.abs(self.value), error, np.nan))


def means(weight: npt.ArrayLike, value: npt.ArrayLike, cluster: npt.ArrayLike) -> Linear:
    """Weighted means of one value under k sets of weights: `weight` (rows, k), `value` and `cluster` (rows).

    A row without a value counts nowhere; a mean of nobody is NaN.
    """
    heavy, number = floats(weight), floats(value)
    known = np.isfinite(number)
    heavy = np.where(known[:, None], np.nan_to_num(heavy), 0.0)
    _, place = np.unique(np.asarray(cluster), return_inverse=True)
    columns = np.arange(heavy.shape[1])
    flat = (place[:, None] * columns.size + columns).ravel()
    shape = (int(place.max(initial=-1)) + 1, columns.size)
    number = np.where(known, number, 0.0)[:, None]
    return linear(_summed(flat, heavy.ravel(), shape), _summed(flat, (heavy * number).ravel(), shape))


@dataclass(frozen=True)
class Counted:
    """Rows of one group each, summed by cluster and group, (clusters, groups).

    `people` and `total` are of the rows with a value, `everybody` of all rows.
    """

    groups: Texts
    people: Floats
    total: Floats
    everybody: Floats

    @classmethod
    def of(
        cls, students: npt.ArrayLike, value: npt.ArrayLike, group: npt.ArrayLike, cluster: npt.ArrayLike
    ) -> Counted:
        """Columns of one length; a row of an unknown number of students counts nowhere."""
        heavy, number = np.nan_to_num(floats(students)), floats(value)
        known = np.isfinite(number)
        names, column = np.unique(np.asarray(group).astype(str), return_inverse=True)
        ids, place = np.unique(np.asarray(cluster), return_inverse=True)
        flat, shape = place * names.size + column, (ids.size, names.size)
        counted = np.where(known, heavy, 0.0)
        total = counted * np.where(known, number, 0.0)
        return cls(names, *(_summed(flat, sums, shape) for sums in (counted, total, heavy)))


@quiet
def linear(people: Floats, total: Floats) -> Linear:
    """Means total/people over all clusters, from the sums of each cluster, both (clusters, k)."""
    everybody = people.sum(axis=0)
    mean = quotient(total.sum(axis=0), everybody)
    influence = quotient(total - mean * people, everybody)
    return Linear(mean, np.nan_to_num(influence), np.count_nonzero(people, axis=0))


def _summed(place: Ints, column: Floats, shape: tuple[int, int]) -> Floats:
    return floats(np.bincount(place, weights=column, minlength=shape[0] * shape[1])).reshape(shape)


def _said(assumed: tuple[str, ...]) -> tuple[str, ...]:
    return (CLUSTERS, COUNTED, *assumed)
