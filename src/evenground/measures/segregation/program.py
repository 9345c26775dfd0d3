"""A linear program put together in blocks of variables and rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from evenground.measures.estimate import Floats

Index = npt.NDArray[np.int64]


@dataclass
class Program:
    """Minimise cost @ x + constant subject to lower <= A x <= upper and bounds on x."""

    constant: float = 0.0
    _cost: list[Floats] = field(default_factory=list)
    _low: list[Floats] = field(default_factory=list)
    _high: list[Floats] = field(default_factory=list)
    _entries: list[tuple[Index, Index, Floats]] = field(default_factory=list)
    _row_low: list[Floats] = field(default_factory=list)
    _row_high: list[Floats] = field(default_factory=list)
    _columns: int = 0
    _rows: int = 0

    def variables(self, cost: npt.ArrayLike, low: npt.ArrayLike, high: npt.ArrayLike) -> Index:
        """New variables; their numbers, in the shape of the arguments together."""
        parts = np.broadcast_arrays(np.asarray(cost, float), np.asarray(low, float), np.asarray(high, float))
        for kept, part in zip((self._cost, self._low, self._high), parts, strict=True):
            kept.append(part.ravel())
        numbers = np.arange(parts[0].size) + self._columns
        self._columns += numbers.size
        return numbers.reshape(parts[0].shape)

    def rows(self, terms: list[tuple[Index, Any]], low: npt.ArrayLike, high: npt.ArrayLike) -> None:
        """New rows, low <= sum of the terms <= high.

        A term is numbers of variables, an entry a row (further axes are summed in it), and their factors.
        """
        count = terms[0][0].shape[0]
        for numbers, factor in terms:
            row = np.broadcast_to(np.arange(count).reshape(-1, *[1] * (numbers.ndim - 1)), numbers.shape)
            value = np.broadcast_to(np.asarray(factor, float), numbers.shape)
            self._entries.append((row.ravel() + self._rows, numbers.ravel(), value.ravel()))
        self._row_low.append(np.array(np.broadcast_to(np.asarray(low, float), count)))
        self._row_high.append(np.array(np.broadcast_to(np.asarray(high, float), count)))
        self._rows += count

    def least(self) -> float:
        """The minimum. Raises ValueError where no x fits."""
        from scipy import optimize, sparse

        row, column, value = (np.concatenate(part) for part in zip(*self._entries, strict=True))
        matrix = sparse.csr_array((value, (row, column)), shape=(self._rows, self._columns))
        found = optimize.milp(
            np.concatenate(self._cost),
            constraints=optimize.LinearConstraint(
                matrix, np.concatenate(self._row_low), np.concatenate(self._row_high)
            ),
            bounds=optimize.Bounds(np.concatenate(self._low), np.concatenate(self._high)),
        )
        if found.fun is None:
            raise ValueError(f"limits and totals contradict each other ({found.message})")
        return float(found.fun) + self.constant
