"""Sufficient statistics of many groups at once: what is kept of the students once they are counted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.estimate import Bools, Floats, Ints, floats, quiet, quotient

# Subtracting the same weights in another order leaves rounding, not people.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Sums:
    """Per group: `n` students (sum of weights), `total` and `total_sq` of the outcome, `weight_sq`.

    All arrays have one shape. For a 0/1 outcome `total` counts the students who reached it and equals
    `total_sq`; without weights `weight_sq` (the sum of squared weights) equals `n`. `Sums.of` fills both in.
    """

    n: Floats
    total: Floats
    total_sq: Floats
    weight_sq: Floats

    @classmethod
    def of(
        cls,
        n: npt.ArrayLike,
        total: npt.ArrayLike,
        total_sq: npt.ArrayLike | None = None,
        weight_sq: npt.ArrayLike | None = None,
    ) -> Sums:
        """Sums of unweighted 0/1 outcomes, unless `total_sq` or `weight_sq` say otherwise."""
        parts = (n, total, total if total_sq is None else total_sq, n if weight_sq is None else weight_sq)
        return cls(*(np.array(part) for part in np.broadcast_arrays(*(floats(part) for part in parts))))

    @property
    def rate(self) -> Floats:
        """total / n: a rate for 0/1 outcomes, a mean for numbers; NaN where nobody is."""
        return quotient(self.total, self.n)

    @property
    def n_effective(self) -> Floats:
        """Kish's effective number of students: n without weights, fewer with unequal weights."""
        return kish(self.n, self.weight_sq)

    @quiet
    def minus(self, part: Sums) -> Sums:
        """Everybody who is in these sums but not in `part`, which must be contained in them."""
        n = self.n - part.n
        nobody = np.abs(n) <= _ROUNDING * self.n
        total, total_sq = self.total - part.total, self.total_sq - part.total_sq
        weight_sq = self.weight_sq - part.weight_sq
        return Sums(*(np.asarray(np.where(nobody, 0.0, kept)) for kept in (n, total, total_sq, weight_sq)))

    def emptied(self, rows: Bools) -> Sums:
        """The same sums with nobody in the rows that `rows` marks."""
        fields = (self.n, self.total, self.total_sq, self.weight_sq)
        return Sums(*(np.asarray(np.where(rows, 0.0, field)) for field in fields))

    def take(self, index: Ints) -> Sums:
        """The sums of the rows at `index`; NaN where the index is -1."""
        absent = index < 0
        if self.n.size == 0:
            empty = np.full(index.shape, np.nan)
            return Sums(empty, empty, empty, empty)
        fields = (self.n, self.total, self.total_sq, self.weight_sq)
        return Sums(*(np.asarray(np.where(absent, np.nan, field[index])) for field in fields))


def kish(weight: npt.ArrayLike, weight_sq: npt.ArrayLike) -> Floats:
    """Kish's effective n, (sum of weights)^2 / (sum of squared weights); NaN where there is no weight.

    Source: Kish, Survey Sampling (1965), 11.7.
    """
    total = floats(weight)
    return quotient(total * total, weight_sq)
