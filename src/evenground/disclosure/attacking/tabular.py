"""The attack on a table of counts with margins, wherever it comes from.

Part of the attack: it imports nothing from the rooms that hide. What it can write down: in every column a
total is the sum of the rows that are alike in all other columns, and those who reached something are among
those counted.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from evenground.definitions.schema import Policy
from evenground.disclosure.attacking.ends import exact_ranges
from evenground.disclosure.attacking.linear import linear_ranges
from evenground.disclosure.attacking.ranges import seen_ranges
from evenground.disclosure.attacking.system import NEAR, Bools, Floats, Ints, Rows, System

KINDS = ("students", "reached", "not reached")


@dataclass(frozen=True)
class Counts:
    """One number a row: `value` (NaN: hidden), and for hidden ones the least and the most that it may be."""

    value: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True)
class Tabular:
    """A table with margins: the codes of its dimensions ([row, dimension]; 0 is the total), the counts and,
    where there is one, those who reached; `shares`: (row, least, most share of the count that reached).
    """

    codes: Ints
    counts: Counts
    reached: Counts | None = None
    shares: Sequence[tuple[int, float, float]] = ()


@dataclass(frozen=True)
class TableAttack:
    """A line a hidden count: its `row` and `kind` (of KINDS), the range an outsider can find possible,
    whether these are its ends, and whether it is found. `sums`: equations used; `untrue`: dimensions that
    were not used, as their public sums are not true.
    """

    row: Ints
    kind: Ints
    low: Floats
    high: Floats
    exact: Bools
    found: Bools
    sums: int
    untrue: tuple[int, ...]
    seconds: float


@dataclass
class _Book:
    """Unknowns: a number each, by (which counts, row)."""

    number: dict[tuple[int, int], int] = field(default_factory=dict)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)


def attack_table(table: Tabular, policy: Policy) -> TableAttack:
    """Attacks a table for what the policy's attacker knows (`sums` or `counts`).

    An outsider who sees a zero published takes every hidden count for at least 1.
    """
    start = time.perf_counter()
    series = [table.counts, *([table.reached] if table.reached is not None else [])]
    book = _unknowns(series)
    sums, untrue = _sums(table.codes, series[0].value)
    system, row, kind = _system(table, series, book, sums)
    if policy.attacker == "sums":
        low, high = linear_ranges(system)
        exact, found = np.ones(len(low), dtype=bool), high - low < NEAR
    else:
        low, high = seen_ranges(system, policy.smallest_range)
        low, high, exact = exact_ranges(system, low, high)
        found = np.floor(high + NEAR) - np.ceil(low - NEAR) < policy.smallest_range
    seconds = time.perf_counter() - start
    return TableAttack(row, kind, low, high, exact, np.asarray(found), len(sums), untrue, seconds)


def _unknowns(series: Sequence[Counts]) -> _Book:
    book = _Book()
    for which, counts in enumerate(series):
        zeros = 0.0 if which or not (counts.value == 0).any() else 1.0
        for row in np.flatnonzero(np.isnan(counts.value)).tolist():
            book.number[which, row] = len(book.low)
            book.low.append(max(counts.low[row], zeros if np.isnan(counts.high[row]) else 0.0, 0.0))
            book.high.append(np.inf if np.isnan(counts.high[row]) else float(counts.high[row]))
    return book


def _sums(codes: Ints, value: Floats) -> tuple[list[tuple[int, Ints]], tuple[int, ...]]:
    """(row of a total, rows that add up to it), but for dimensions whose public sums are mostly not true:
    their groups overlap, or are not all there.
    """
    found, untrue = [], []
    for dimension in range(codes.shape[1]):
        lines = list(_lines(codes, dimension))
        known = [one for one in lines if not np.isnan(value[[one[0], *one[1]]]).any()]
        true = sum(abs(value[total] - value[parts].sum()) < NEAR for total, parts in known)
        if known and true < len(known) / 2:
            untrue.append(dimension)
        else:
            found += lines
    return found, tuple(untrue)


def _lines(codes: Ints, dimension: int) -> Iterator[tuple[int, Ints]]:
    others = np.delete(codes, dimension, axis=1)
    _, alike = (
        np.unique(others, axis=0, return_inverse=True) if others.shape[1] else (None, np.zeros(len(codes)))
    )
    order = np.lexsort((codes[:, dimension], np.ravel(alike)))
    ends = np.flatnonzero(np.diff(np.ravel(alike)[order])) + 1
    for rows in np.split(order, ends):
        if len(rows) > 1 and codes[rows[0], dimension] == 0:
            yield int(rows[0]), rows[1:]


def _system(
    table: Tabular, series: Sequence[Counts], book: _Book, sums: Sequence[tuple[int, Ints]]
) -> tuple[System, Ints, Ints]:
    """The table as matrices, and for each asked count its row and kind."""
    size = len(book.low)
    low, high = np.array(book.low), np.array(book.high)
    equations, totals = Rows(size), []
    for which, counts in enumerate(series):
        for total, parts in sums:
            signs = [(total, -1.0), *((part, 1.0) for part in parts.tolist())]
            unknown = [(book.number[which, row], sign) for row, sign in signs if (which, row) in book.number]
            if unknown:
                equations.add(unknown)
                totals.append(
                    -sum(sign * counts.value[row] for row, sign in signs if (which, row) not in book.number)
                )
    gaps, slack = Rows(size), []
    for row, least, most in [*((row, 0.0, 1.0) for row in _both(table)), *table.shares]:
        for sign, share in ((1.0, most), (-1.0, least)):
            terms = [(1, sign), (0, -sign * share)]
            unknown = [
                (book.number[which, row], weight) for which, weight in terms if (which, row) in book.number
            ]
            if unknown:
                gaps.add(unknown)
                slack.append(
                    -sum(
                        weight * series[which].value[row]
                        for which, weight in terms
                        if (which, row) not in book.number
                    )
                )
    asked, offset, rows, kinds = Rows(size), [], [], []
    for row, kind, terms in _asked(table, book):
        asked.add([(book.number[which, row], sign) for which, sign in terms if (which, row) in book.number])
        offset.append(
            sum(sign * series[which].value[row] for which, sign in terms if (which, row) not in book.number)
        )
        rows.append(row)
        kinds.append(kind)
    system = System(
        equations.matrix(),
        np.array(totals, dtype=float),
        gaps.matrix(),
        np.array(slack, dtype=float),
        low,
        high,
        asked.matrix(),
        np.array(offset, dtype=float),
    )
    return system, np.array(rows, dtype=np.int64), np.array(kinds, dtype=np.int64)


def _both(table: Tabular) -> list[int]:
    return [] if table.reached is None else list(range(len(table.codes)))


def _asked(table: Tabular, book: _Book) -> Iterator[tuple[int, int, list[tuple[int, float]]]]:
    """(row, kind, its counts with their signs): each hidden count, and those who did not reach."""
    touched: defaultdict[int, set[int]] = defaultdict(set)
    for which, row in book.number:
        touched[row].add(which)
        yield row, which, [(which, 1.0)]
    for row, hidden in touched.items():
        if table.reached is not None and 1 in hidden:
            yield row, 2, [(0, 1.0), (1, -1.0)]
