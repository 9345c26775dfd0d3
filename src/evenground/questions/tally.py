"""Any table of a person's own, counted: one pass to the finest groups, every wider group from those."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pyarrow as pa

from evenground.measures import Sums
from evenground.model import InputProblems, group_dimensions, group_key
from evenground.questions.columns import Codes, groups, numbers, periods

_DENSE = 1 << 22
"""Up to this many possible groups are counted in one array; beyond, only those that occur."""


@dataclass(frozen=True)
class Tally:
    """One row a (period, group): its key and period, unweighted n and successes, weighted sums.

    `binary`: every outcome was 0 or 1. Arrays are ordered by period, then by how many columns are crossed.
    """

    period: np.ndarray
    group: np.ndarray
    n: np.ndarray
    successes: np.ndarray
    sums: Sums
    binary: bool

    def without(self, hidden: np.ndarray) -> Tally:
        """The same with no number in the hidden rows."""
        n, successes, w, wy, wyy, ww = (
            np.where(hidden, np.nan, column)
            for column in (
                self.n, self.successes, self.sums.n, self.sums.total, self.sums.total_sq, self.sums.weight_sq,
            )
        )  # fmt: skip
        return Tally(self.period, self.group, n, successes, Sums(w, wy, wyy, ww), self.binary)


@dataclass(frozen=True)
class Leaves:
    """The finest groups that occur: codes of the period and of every column, their labels, and the sums.

    `stats` has the columns n, sum of the outcome, then with weights w: sum of w, w^2, w y and w y^2.
    """

    codes: tuple[np.ndarray, ...]
    labels: tuple[list[str], ...]
    stats: np.ndarray
    binary: bool


def tally(
    table: pa.Table,
    outcome: str,
    by: Sequence[str],
    depth: int,
    period: str | None = None,
    weight: str | None = None,
    file: str = "table",
) -> Tally:
    """Counts and sums of every group of up to `depth` of the columns `by`, period by period.

    Rows without an outcome or without a weight are left out; a row without a group counts as `unknown`.
    Raises InputProblems for values that are not numbers, negative weights and a table without outcomes.
    """
    y = numbers(table, outcome, file)
    w = numbers(table, weight, file) if weight else None
    if w is not None and (w < 0).any():
        raise InputProblems.one(
            file, "a negative weight", "weights of 0 or more", "correct the weights", column=weight
        )
    counts = ~np.isnan(y) if w is None else ~np.isnan(y) & (w > 0)
    if not counts.any():
        raise InputProblems.one(
            file, "no row with an outcome", "at least one", "check the outcome column", column=outcome
        )
    coded = [periods(table, period), *(groups(table, column) for column in by)]
    if not counts.all():
        y, w = y[counts], None if w is None else w[counts]
        coded = [(codes[counts], labels) for codes, labels in coded]
    return rolled(_leaves(y, w, coded), by, depth)


def _leaves(y: np.ndarray, w: np.ndarray | None, coded: Sequence[Codes]) -> Leaves:
    """One pass over the rows."""
    code, width = np.zeros(len(y), dtype=np.int64), 1
    for codes, labels in coded:
        code, width = code * len(labels) + codes, width * len(labels)
    if width > _DENSE:
        distinct, code = np.unique(code, return_inverse=True)
    else:
        distinct = np.arange(width)

    def summed(column: np.ndarray) -> np.ndarray:
        return np.bincount(code, weights=column, minlength=len(distinct))

    n, s = np.bincount(code, minlength=len(distinct)), summed(y)
    binary = bool(((y == 0) | (y == 1)).all())
    if w is None:
        stats = [n, s, n, n, s, s if binary else summed(y * y)]
    else:
        stats = [n, s, summed(w), summed(w * w), summed(w * y), summed(w * y * y)]
    there = np.flatnonzero(n)
    left, parts = distinct[there], []
    for _, labels in reversed(coded):
        left, part = np.divmod(left, len(labels))
        parts.append(part)
    kept = np.column_stack(stats)[there].astype(float)
    return Leaves(tuple(reversed(parts)), tuple(labels for _, labels in coded), kept, binary)


def rolled(leaves: Leaves, by: Sequence[str], depth: int) -> Tally:
    """Every group of up to `depth` columns from the finest ones."""
    period: list[str] = []
    group: list[str] = []
    sums: list[np.ndarray] = []
    for cut in _cuts(len(by), depth):
        code, width = leaves.codes[0].astype(np.int64), 1
        for place in cut:
            size = len(leaves.labels[place])
            code, width = code * size + leaves.codes[place], width * size
        distinct, row = np.unique(code, return_inverse=True)
        sums.append(np.column_stack([np.bincount(row, weights=column) for column in leaves.stats.T]))
        period.extend(leaves.labels[0][place] for place in distinct // width)
        group.extend(_spelled(int(value), cut, leaves.labels, by) for value in distinct % width)
    crossed = np.array([len(group_dimensions(key)) for key in group])
    order = np.lexsort((np.array(group), crossed, np.array(period)))
    n, s, w, ww, wy, wyy = np.vstack(sums)[order].T
    periods_of, keys = (np.array(texts, dtype=object)[order] for texts in (period, group))
    return Tally(periods_of, keys, n, s, Sums(w, wy, wyy, ww), leaves.binary)


def _cuts(columns: int, depth: int) -> list[tuple[int, ...]]:
    """Sets of up to `depth` of the columns, numbered from 1 (0 is the period)."""
    return [
        cut for size in range(min(columns, depth) + 1) for cut in combinations(range(1, columns + 1), size)
    ]


def _spelled(code: int, cut: tuple[int, ...], labels: Sequence[list[str]], by: Sequence[str]) -> str:
    pairs = []
    for place in reversed(cut):
        code, value = divmod(code, len(labels[place]))
        pairs.append((by[place - 1], labels[place][value]))
    return group_key(pairs)
