"""Districts and their money a student, ready to be measured, and how chance would move a measure of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.columns import equal_length, not_negative
from evenground.measures.estimate import Estimate, Floats, floats, quiet, seen_error, student_quantile, tails
from evenground.measures.sums import kish

DRAWN = "districts are as if drawn independently from many like them"
# Draws times districts that are held at once.
_HELD = 4_000_000


@dataclass(frozen=True)
class Spread(Estimate):
    """A measure of spread with the `districts` and `students` it rests on; `left_out` rows had no number."""

    districts: int
    students: float
    left_out: int


@dataclass(frozen=True)
class Districts:
    """Money a student, rising, and the students of each district; rows without either are left out."""

    amount: Floats
    students: Floats
    left_out: int
    kept: npt.NDArray[np.int64]

    @classmethod
    def of(cls, amount: npt.ArrayLike, students: npt.ArrayLike) -> Districts:
        """Raises ValueError for numbers below 0 and columns of different lengths."""
        equal_length(amount=amount, students=students)
        money, people = not_negative(amount=amount, students=students)
        used = np.flatnonzero(np.isfinite(money) & (people > 0))
        kept = used[np.argsort(money[used], kind="stable")]
        return cls(money[kept], people[kept], money.size - used.size, kept)

    @quiet
    def measured(
        self,
        measure: Callable[[Floats], Floats],
        *,
        draws: int,
        seed: int,
        confidence: float,
        least: float = 0.0,
        most: float = np.inf,
    ) -> Spread:
        """`measure` of the students, with an interval from `draws` bootstrap samples of the districts.

        `measure` takes weights (k, districts), how many students each district stands for, and answers k
        values, above 0 and from `least` to `most`. The interval is on the log scale, value times or over
        exp(t se/value): se the standard deviation of the samples, t Student's with as many districts less one
        as tell as much as these if all had the same students (Kish). Percentiles of the samples would lie too
        low, since a sample repeats districts and so is less spread than all. Fewer than three districts, and
        districts that are all alike, have no interval.
        """
        tails(confidence)  # refuses what is no confidence
        value = measure(self.students[None, :])[0] if self.amount.size else np.nan
        low = high = floats(np.nan)
        assumed: tuple[str, ...] = ("the number of a full count, without a model of chance",)
        if self.amount.size > 2 and draws > 1:
            drawn = self._drawn(measure, draws, seed)
            error = seen_error(np.std(drawn[~np.isnan(drawn)], ddof=1), value) if value > 0 else np.nan
            alike = kish(self.students.sum(), self.students @ self.students)
            factor = np.exp(student_quantile(alike - 1, confidence) * error / value)
            low, high = np.maximum(value / factor, least), np.minimum(value * factor, most)
            assumed = (DRAWN, f"standard error of {draws} bootstrap draws, seed {seed}")
        return Spread(
            low=floats(low),
            high=floats(high),
            value=floats(value),
            districts=int(self.amount.size),
            students=float(self.students.sum()),
            left_out=self.left_out,
            assumed=assumed,
        )

    def _drawn(self, measure: Callable[[Floats], Floats], draws: int, seed: int) -> Floats:
        random, many = np.random.default_rng(seed), self.amount.size
        chances = np.full(many, 1 / many)
        step = max(1, _HELD // many)
        parts = []
        for first in range(0, draws, step):
            times = random.multinomial(many, chances, size=min(step, draws - first))
            parts.append(measure(times * self.students))
        return np.concatenate(parts)
