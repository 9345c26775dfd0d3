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

    `noise`: variance of the chance that was added to the count of those who reached a 0/1 outcome, and as
    much again to that of those who did not (see noise.py); None where none was added.
    """

    n: Floats
    total: Floats
    total_sq: Floats
    weight_sq: Floats
    noise: Floats | None = None

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
        """How many equal students tell as much: n without weights, fewer with unequal weights (Kish), fewer
        again with noise.

        With noise the m for which p(1 - p)/m is the variance of the rate by chance and noise together. In
        this p is taken two students of either side nearer to the middle (Agresti, Coull 1998).
        """
        plain = kish(self.n, self.weight_sq)
        if self.noise is None:
            return plain
        p = quotient(self.total + 2, self.n + 4)
        return quotient(1.0, quotient(1.0, plain) + quotient(self.noise_of(p), p * (1 - p)))

    def noise_of(self, p: Floats) -> Floats:
        """Variance of a rate p by its noise: noise ((1 - p)^2 + p^2)/n^2."""
        noise = np.zeros_like(self.n) if self.noise is None else self.noise
        return quotient(noise * ((1 - p) ** 2 + p**2), self.n**2)

    @quiet
    def minus(self, part: Sums) -> Sums:
        """Everybody who is in these sums but not in `part`, which must be contained in them."""
        n = self.n - part.n
        nobody = np.abs(n) <= _ROUNDING * self.n
        total, total_sq = self.total - part.total, self.total_sq - part.total_sq
        kept = [n, total, total_sq, self.weight_sq - part.weight_sq]
        if self.noise is not None and part.noise is not None:
            kept.append(self.noise - part.noise)
        return Sums(*(np.asarray(np.where(nobody, 0.0, field)) for field in kept))

    def emptied(self, rows: Bools) -> Sums:
        """The same sums with nobody in the rows that `rows` marks."""
        return Sums(*(np.asarray(np.where(rows, 0.0, field)) for field in self._fields()))

    def take(self, index: Ints) -> Sums:
        """The sums of the rows at `index`; NaN where the index is -1."""
        absent = index < 0
        if self.n.size == 0:
            empty = np.full(index.shape, np.nan)
            return Sums(*(empty for _ in self._fields()))
        return Sums(*(np.asarray(np.where(absent, np.nan, field[index])) for field in self._fields()))

    def _fields(self) -> list[Floats]:
        fields = [self.n, self.total, self.total_sq, self.weight_sq]
        return fields if self.noise is None else [*fields, self.noise]


def kish(weight: npt.ArrayLike, weight_sq: npt.ArrayLike) -> Floats:
    """Kish's effective n, (sum of weights)^2 / (sum of squared weights); NaN where there is no weight.

    Source: Kish, Survey Sampling (1965), 11.7.
    """
    total = floats(weight)
    return quotient(total * total, weight_sq)
