"""Where a room of people stands among ideas of fairness, from paired choices; without names.

Paired comparisons (Thurstone 1927; Kendall and Babington Smith 1940): each idea meets each other one equally
often, and what is counted is how often it is chosen when it is offered. It is for talking, not for sorting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures import Estimate, agreement

FIRST, SECOND = 0.0, 1.0
_STEP = 20  # shares are told in steps of 5 in 100, so that no hidden count can be worked back from them
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Standing:
    """How often an idea is chosen when it is offered: the mean of the people, and between what the middle
    half of them lies. `nearest`: of how many it is the nearest idea; None where that is not told."""

    idea: str
    share: float
    low: float
    high: float
    nearest: int | None


@dataclass(frozen=True)
class Answers:
    """One item: how many chose each answer; None where so few chose one of them that it is not told.
    `ahead` is then the answer (0 first, 1 second) that all or nearly all chose; None where too few answered.
    """

    item: str
    first: int | None
    second: int | None
    ahead: int | None

    @property
    def told(self) -> bool:
        return self.first is not None

    @property
    def majority(self) -> float:
        """The share of the larger side; 1 where all or nearly all chose it."""
        if self.first is None or self.second is None:
            return 1.0 if self.ahead is not None else 0.0
        return max(self.first, self.second) / (self.first + self.second)


@dataclass(frozen=True)
class Room:
    """People, each idea, each item, and how alike the choices are (1: all the same; 0: as if by coin).

    `between`: people of whom no single idea is nearest, with those of whom it is not told; None: not told.
    """

    people: int
    standings: tuple[Standing, ...]
    between: int | None
    answers: tuple[Answers, ...]
    alike: Estimate


def room_of(
    choices: npt.ArrayLike,
    items: Sequence[tuple[str, str, str]],
    ideas: Sequence[str],
    *,
    smallest: int,
) -> Room:
    """The room that `choices` (people x items; 0 first answer, 1 second, NaN none) make.

    `items`: (key, idea of the first answer, idea of the second); `smallest`: fewer people than this are not
    counted out loud. Raises ValueError where the shape is another.
    """
    table = np.asarray(choices, dtype=float)
    if table.ndim != 2 or table.shape[1] != len(items):
        raise ValueError(f"choices have the shape {table.shape}; give people x {len(items)} items")
    shares = np.column_stack([_chosen(table, items, idea) for idea in ideas])
    nearest, between = _protected(_nearest(shares), smallest)
    standings = tuple(Standing(idea, *_spread(shares[:, at]), nearest[at]) for at, idea in enumerate(ideas))
    answers = tuple(_answers(key, table[:, at], smallest) for at, (key, _, _) in enumerate(items))
    alike = agreement.brennan_prediger(table.T, categories=[FIRST, SECOND])
    return Room(len(table), standings, between, answers, alike)


def _chosen(
    table: npt.NDArray[np.float64], items: Sequence[tuple[str, str, str]], idea: str
) -> npt.NDArray[np.float64]:
    """Of each person, how often the idea was chosen among the answered items that offer it."""
    offered = np.array([idea in (first, second) for _, first, second in items], dtype=bool)
    side = np.array([FIRST if first == idea else SECOND for _, first, _ in items])
    answered = ~np.isnan(table) & offered
    chosen = (answered & (table == side)).sum(axis=1)
    many = answered.sum(axis=1)
    return np.asarray(np.where(many > 0, chosen / np.maximum(many, 1), np.nan))


def _spread(share: npt.NDArray[np.float64]) -> tuple[float, float, float]:
    """Mean, and the ends of the middle half, in steps."""
    known = share[~np.isnan(share)]
    if not known.size:
        return np.nan, np.nan, np.nan
    told = (float(known.mean()), *np.quantile(known, [0.25, 0.75]).tolist())
    mean, low, high = (float(np.round(number * _STEP) / _STEP) for number in told)
    return mean, low, high


def _nearest(shares: npt.NDArray[np.float64]) -> list[int]:
    """Of how many people each idea is the nearest, and last of how many no single one is."""
    known = np.nan_to_num(shares, nan=-1.0)
    best = known.max(axis=1, keepdims=True)
    is_best = (known >= best - _ROUNDING) & (best >= 0)
    single = is_best.sum(axis=1) == 1
    counts = [int((is_best[:, at] & single).sum()) for at in range(shares.shape[1])]
    return [*counts, int(len(shares) - sum(counts))]


def _protected(counts: list[int], smallest: int) -> tuple[list[int | None], int | None]:
    """The counts of the ideas, small ones not told; those who are left are told with `between`, where they
    are enough: a single small count that is left out could be worked back from the sum."""
    order = sorted(range(len(counts) - 1), key=lambda at: (counts[at], at))
    told: list[int | None] = [count if count >= smallest else None for count in counts[:-1]]
    for at in order:
        rest = sum(counts) - sum(count for count in told if count is not None)
        if rest == 0 or rest >= smallest:
            break
        told[at] = None
    rest = sum(counts) - sum(count for count in told if count is not None)
    return told, rest


def _answers(key: str, column: npt.NDArray[np.float64], smallest: int) -> Answers:
    first, second = int((column == FIRST).sum()), int((column == SECOND).sum())
    if min(first, second) >= smallest:
        return Answers(key, first, second, None)
    enough = first + second >= 2 * smallest
    return Answers(key, None, None, int(second > first) if enough else None)
