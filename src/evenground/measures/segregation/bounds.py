"""Bounds: what segregation can be where some counts are only known within limits.

A hidden count is not 0. Everything here is true of every table that the limits and totals allow, so it
holds for the true one; the bounds are those of a linear program, at most a little wider than the narrowest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from evenground.measures.estimate import Floats, Interval, floats, quotient
from evenground.measures.segregation.box import Box, boxed
from evenground.measures.segregation.program import Program
from evenground.measures.segregation.table import xlogx

_TANGENTS = 8
_ASSUMED = ("the limits and totals given are true", "bounds of a linear program")


@dataclass(frozen=True)
class Bounds(Interval):
    """The lowest and the highest that an index can be; no value in between is likelier than another.

    hidden    cells of which only limits are known, after what the totals tell of them
    """

    hidden: int


def dissimilarity_bounds(
    low: npt.ArrayLike,
    high: npt.ArrayLike,
    unit: npt.ArrayLike,
    group: npt.ArrayLike,
    *,
    between: tuple[Any, Any],
    unit_total: npt.ArrayLike | None = None,
    group_total: npt.ArrayLike | None = None,
) -> Bounds:
    """The range of D between two groups: each count lies between `low` and `high`.

    Columns of one length, a row a unit and group (once); a count that is known has low = high, a unit and
    group without a row has nobody. `unit_total` and `group_total` give, in each row, all students of its
    unit and of its group where they are known, else NaN; they narrow the range. With x, y the shares of the
    two groups' students that each unit has, D = sum |x - y|/2 is convex: its minimum is exact, its maximum
    that of its concave envelope over what each unit may hold. NaN where a group may be empty. Raises
    ValueError where limits contradict each other. Source: Charnes and Cooper (1962), Naval Research
    Logistics 9:181-186 (shares of unknown totals); McCormick (1976), Mathematical Programming 10:147-175.
    """
    box = boxed(low, high, unit, group, unit_total, group_total)
    rows = [box.row_of(name) for name in between]
    if any(box.group_low[row] <= 0 for row in rows):
        return Bounds(floats(np.nan), floats(np.nan), box.hidden, assumed=_ASSUMED)
    lows, highs = box.low[rows], box.high[rows]
    least, most = box.group_low[rows], box.group_high[rows]
    rest = _together(box, rows)
    lowest, highest = (end(lows, highs, least, most, rest) for end in (_lowest_d, _highest_d))
    return Bounds(floats(min(lowest, highest)), floats(highest), box.hidden, assumed=_ASSUMED)


def information_bounds(
    low: npt.ArrayLike,
    high: npt.ArrayLike,
    unit: npt.ArrayLike,
    group: npt.ArrayLike,
    *,
    unit_total: npt.ArrayLike | None = None,
    group_total: npt.ArrayLike | None = None,
) -> Bounds:
    """The range of M in nats, as `dissimilarity_bounds`.

    N M = sum f(n_ug) - sum f(n_u) - sum f(N_g) + f(N) with f(x) = x ln x, which is convex: each f is
    replaced by its chord from above and by tangents from below, and the sum is a linear program over all
    counts together. Where N itself is not known, the sum is divided by its lowest and its highest. Source:
    McCormick (1976), Mathematical Programming 10:147-175.
    """
    box = boxed(low, high, unit, group, unit_total, group_total)
    lowest, highest = _information(box)
    return Bounds(floats(lowest), floats(highest), box.hidden, assumed=_ASSUMED)


def theil_bounds(
    low: npt.ArrayLike,
    high: npt.ArrayLike,
    unit: npt.ArrayLike,
    group: npt.ArrayLike,
    *,
    unit_total: npt.ArrayLike | None = None,
    group_total: npt.ArrayLike | None = None,
) -> Bounds:
    """The range of H: that of M (`information_bounds`) over what the groups' totals leave for E."""
    box = boxed(low, high, unit, group, unit_total, group_total)
    least, most = _entropy(box)
    lowest, highest = _information(box)
    if not least > 0:
        return Bounds(floats(np.nan), floats(np.nan), box.hidden, assumed=_ASSUMED)
    return Bounds(floats(lowest / most), floats(min(highest / least, 1.0)), box.hidden, assumed=_ASSUMED)


def _together(box: Box, rows: list[int]) -> tuple[Floats, Floats]:
    """For each unit the lowest and highest number of students of these groups together."""
    others_low, others_high = (np.delete(part, rows, axis=0).sum(axis=0) for part in (box.low, box.high))
    return box.unit_low - others_high, box.unit_high - others_low


def _lowest_d(lows: Floats, highs: Floats, least: Floats, most: Floats, rest: tuple[Floats, Floats]) -> float:
    """The least sum of |x - y|/2: x and y lie between low t and high t with t = 1/N, and sum to 1."""
    program = Program()
    apart = program.variables(np.full(lows.shape[1], 0.5), 0.0, np.inf)
    shares = _shares(program, np.zeros(lows.shape), lows, highs, least, most)
    for sign in (1.0, -1.0):
        program.rows([(apart, 1.0), (shares[0], sign), (shares[1], -sign)], 0.0, np.inf)
    if np.array_equal(least, most):
        program.rows([(shares[0], most[0]), (shares[1], most[1])], *rest)
    return max(program.least(), 0.0)


def _shares(
    program: Program, cost: Floats, lows: Floats, highs: Floats, least: Floats, most: Floats
) -> list[npt.NDArray[np.int64]]:
    """For each of two groups the shares of its students by unit, as variables."""
    shares = []
    for row in range(2):
        share = program.variables(cost[row], 0.0, 1.0)
        _shares_fit(program, share, 1.0, lows[row], highs[row], least[row], most[row])
        shares.append(share)
    return shares


def _shares_fit(
    program: Program,
    terms: npt.NDArray[np.int64],
    factor: Any,
    low: Floats,
    high: Floats,
    least: float,
    most: float,
) -> None:
    """Rows: the share of each unit, `terms` times `factor`, is a count within limits over one same total."""
    over = program.variables(np.zeros(1), 1 / most, 1 / least)
    every = np.repeat(over, low.size)
    program.rows([(terms, factor), (every, -high)], -np.inf, 0.0)
    program.rows([(terms, factor), (every, -low)], 0.0, np.inf)
    program.rows([(terms[None], factor)], 1.0, 1.0)


def _highest_d(
    lows: Floats, highs: Floats, least: Floats, most: Floats, rest: tuple[Floats, Floats]
) -> float:
    """The most that sum of |x - y|/2 can be, where each (x, y) is a mean of the corners that it may have."""
    corners, allowed = _corners(lows, highs, least, most, rest)
    program = Program()
    cost = -0.5 * np.abs(corners[0] - corners[1])
    weights = program.variables(cost, 0.0, allowed.astype(np.float64))
    program.rows([(weights, 1.0)], 1.0, 1.0)
    for row in range(2):
        _shares_fit(program, weights, corners[row], lows[row], highs[row], least[row], most[row])
    return min(-program.least(), 1.0)


def _corners(
    lows: Floats, highs: Floats, least: Floats, most: Floats, rest: tuple[Floats, Floats]
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Shares at the corners, shape (2, units, corners), and which of them a unit may have.

    Where both totals are known, what the two groups have together cuts the rectangle of their shares.
    """
    # a unit's share follows from its own count and what the others may hold
    others_low, others_high = (part.sum(axis=1, keepdims=True) - part for part in (lows, highs))
    x_low, y_low = np.maximum(lows / most[:, None], np.nan_to_num(quotient(lows, lows + others_high)))
    x_high, y_high = np.minimum(highs / least[:, None], np.nan_to_num(quotient(highs, highs + others_low)))
    points = [(x, y) for x in (x_low, x_high) for y in (y_low, y_high)]
    if not np.array_equal(least, most):
        corners = np.array(points).transpose(1, 2, 0)
        return corners, np.ones(corners.shape[1:], dtype=bool)
    for together in rest:
        points += [(x, (together - most[0] * x) / most[1]) for x in (x_low, x_high)]
        points += [((together - most[1] * y) / most[0], y) for y in (y_low, y_high)]
    corners = np.nan_to_num(np.array(points).transpose(1, 2, 0), posinf=2.0, neginf=-2.0)
    x, y = corners
    sums, slack = most[0] * x + most[1] * y, 1e-9
    inside = (x >= x_low[:, None] - slack) & (x <= x_high[:, None] + slack)
    inside &= (y >= y_low[:, None] - slack) & (y <= y_high[:, None] + slack)
    scale = slack * np.maximum(most.max(), 1.0)
    inside &= (sums >= rest[0][:, None] - scale) & (sums <= rest[1][:, None] + scale)
    return np.asarray(np.where(inside, corners, 0.0)), np.asarray(inside)


def _entropy(box: Box) -> tuple[float, float]:
    """Limits of E: each group's share lies between N_g/(N_g + the most of the others) and the contrary."""
    low, high = box.group_low, box.group_high
    with np.errstate(invalid="ignore"):
        share_low = np.nan_to_num(low / (low + high.sum() - high))
        share_high = np.nan_to_num(high / (high + low.sum() - low))
    ends = -np.array([xlogx(share_low), xlogx(share_high)])
    peak = (share_low < np.exp(-1)) & (share_high > np.exp(-1))
    most = np.where(peak, np.exp(-1), ends.max(axis=0)).sum()
    return float(ends.min(axis=0).sum()), float(min(most, np.log(low.size)))


def _information(box: Box) -> tuple[float, float]:
    """Limits of M."""
    all_low, all_high = box.group_low.sum(), box.group_high.sum()
    all_low, all_high = max(all_low, box.unit_low.sum()), min(all_high, box.unit_high.sum())
    if not all_low > 0:
        return float("nan"), float("nan")
    limits = [
        (box.low, box.high, 1.0),
        (box.unit_low, box.unit_high, -1.0),
        (box.group_low, box.group_high, -1.0),
        (np.array([all_low]), np.array([all_high]), 1.0),
    ]
    least, most = (_extreme(limits, side) for side in (1.0, -1.0))
    return max(least, 0.0) / all_high, max(most, 0.0) / all_low


def _extreme(limits: list[tuple[Floats, Floats, float]], side: float) -> float:
    """The least (side 1) or the most (side -1) of the sum of sign f over cells, units, groups and all."""
    program = Program()
    numbers = [_terms(program, low, high, sign * side) for low, high, sign in limits]
    cells, units, groups, whole = numbers
    program.rows([(cells.T, 1.0), (units, -1.0)], 0.0, 0.0)
    program.rows([(cells, 1.0), (groups, -1.0)], 0.0, 0.0)
    program.rows([(units[None], 1.0), (whole, -1.0)], 0.0, 0.0)
    return side * program.least()


def _terms(program: Program, low: Floats, high: Floats, sign: float) -> npt.NDArray[np.int64]:
    """Counts between limits as variables; adds sign f of each to what is minimised.

    f itself is held up by tangents; -f by its chord.
    """
    known = high - low <= 1e-9
    with np.errstate(invalid="ignore", divide="ignore"):
        slope = np.where(known, 0.0, (xlogx(high) - xlogx(low)) / (high - low))
    chord = xlogx(low) - slope * low
    if sign < 0:
        numbers = program.variables(-slope, low, high)
        program.constant -= float(chord.sum())
        return numbers
    numbers = program.variables(np.zeros(low.shape), low, high)
    program.constant += float(xlogx(low)[known].sum())
    free = numbers[~known]
    if free.size:
        bottom, top = low[~known], high[~known]
        value = program.variables(np.ones(free.size), -np.inf, np.inf)
        for part in np.linspace(0.0, 1.0, _TANGENTS):
            at = np.maximum(bottom, top / 64) ** (1 - part) * top**part
            steep = np.log(at) + 1
            program.rows([(value, 1.0), (free, -steep)], xlogx(at) - steep * at, np.inf)
    return numbers
