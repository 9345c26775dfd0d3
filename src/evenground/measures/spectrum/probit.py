"""Newton's method for many groups that share cuts: the machinery of `hetop`, without a loop over groups.

Given the cuts, groups do not know of each other, so the information matrix is an arrow: a block of two
(mean, log spread) a group, and a border for what all share (the free cuts, and the spread of groups too
sparse for one of their own). Each step costs in proportion to the number of groups.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from evenground.measures.estimate import Bools, Floats, Ints
from evenground.measures.spectrum.cells import curve, shares

_STEPS = 500
# Steps end when the next would move the parameters by less than 1e-8 of their own standard errors.
_CLOSE = 1e-16


@dataclass(frozen=True)
class Roles:
    """Which parameters a group brings: its own spread, its own mean, or a place beside others' means.

    own       spread and mean estimated       pooled    mean estimated, spread shared
    highest   at the largest mean             lowest    at the smallest mean, both with the shared spread
    """

    own: Bools
    pooled: Bools
    highest: Bools
    lowest: Bools

    @property
    def shared(self) -> bool:
        return bool((~self.own).any())

    def home(self, mean: Floats) -> Ints:
        """Whose mean each group has."""
        placed = self.own | self.pooled
        found = np.arange(len(mean))
        found[self.highest] = int(np.argmax(np.where(placed, mean, -np.inf)))
        found[self.lowest] = int(np.argmin(np.where(placed, mean, np.inf)))
        return found


@dataclass(frozen=True)
class Point:
    """Parameters: a mean a group, log spreads (the shared one filled in), all cuts in order."""

    mean: Floats
    log_spread: Floats
    cuts: Floats

    def log_likelihood(self, counts: Floats) -> float:
        z = (self.cuts - self.mean[:, None]) * np.exp(-self.log_spread)[:, None]
        return float(np.sum(counts * np.log(shares(z))))


@dataclass(frozen=True)
class Arrow:
    """Information and score at a point.

    inverse (groups, 2, 2) inverse blocks; border (groups, 2, shared) what ties a group to the shared
    parameters; tip (shared, shared); score_groups (groups, 2); score_shared (shared,). Where a spread is
    shared, the last two shared parameters are that spread and the multiplier that keeps it at the mean of
    the own.
    """

    inverse: Floats
    border: Floats
    tip: Floats
    score_groups: Floats
    score_shared: Floats
    home: Ints

    def solve(self, groups: Floats, shared: Floats) -> tuple[Floats, Floats]:
        """The matrix's inverse times a vector, given in its two parts."""
        inner = np.einsum("gij,gj->gi", self.inverse, groups)
        outer = np.linalg.solve(self._complement, shared - np.einsum("gis,gi->s", self.border, inner))
        return inner - np.einsum("gij,gjs,s->gi", self.inverse, self.border, outer), outer

    def blocks(self) -> Floats:
        """(groups, 2, 2) covariance of each group's mean and log spread, that of the shared included."""
        sides = np.einsum("gij,gjs->gis", self.inverse, self.border)
        rows = np.moveaxis(sides, -1, 0).reshape(len(self.tip), 2 * len(sides))
        middle = np.linalg.solve(self._complement, rows).reshape(len(self.tip), len(sides), 2)
        return np.asarray(self.inverse + np.einsum("gis,sgj->gij", sides, middle))

    @property
    def _complement(self) -> Floats:
        return np.asarray(
            self.tip - np.einsum("gis,gij,gjt->st", self.border, self.inverse, self.border, optimize=True)
        )


def arrow(counts: Floats, point: Point, roles: Roles) -> Arrow:
    """The expected information and the score. Cuts beyond the second move by the logs of their distances."""
    groups, levels = counts.shape
    free = levels - 3
    at = curve(point.cuts, point.mean, np.exp(point.log_spread))
    gaps = np.diff(point.cuts)[1:]
    # Widening one distance moves every later cut with it.
    moves = np.tril(np.ones((free, free))) * gaps
    slopes = np.concatenate(
        [at.by_mean[..., None], at.by_log_spread[..., None], at.by_cut[..., 2:] @ moves], axis=-1
    )
    n = counts.sum(axis=1)
    score = np.einsum("gk,gkp->gp", counts / at.share, slopes)
    scaled = slopes * np.sqrt(n[:, None] / at.share)[..., None]
    information = np.swapaxes(scaled, 1, 2) @ scaled

    size = free + 2 * roles.shared
    home, own = roles.home(point.mean), roles.own
    block, border = np.zeros((groups, 2, 2)), np.zeros((groups, 2, size))
    tip, score_groups, score_shared = np.zeros((size, size)), np.zeros((groups, 2)), np.zeros(size)
    np.add.at(block[:, 0, 0], home, information[:, 0, 0])
    np.add.at(border[:, 0, :free], home, information[:, 0, 2:])
    np.add.at(score_groups[:, 0], home, score[:, 0])
    tip[:free, :free] = information[:, 2:, 2:].sum(axis=0)
    score_shared[:free] = score[:, 2:].sum(axis=0)
    block[own, 0, 1] = block[own, 1, 0] = information[own, 0, 1]
    block[own, 1, 1] = information[own, 1, 1]
    border[own, 1, :free] = information[own, 1, 2:]
    score_groups[own, 1] = score[own, 1]
    if roles.shared:
        sparse = ~own
        np.add.at(border[:, 0, free], home[sparse], information[sparse, 0, 1])
        tip[free, free] = information[sparse, 1, 1].sum()
        tip[free, :free] = tip[:free, free] = information[sparse, 1, 2:].sum(axis=0)
        score_shared[free] = score[sparse, 1].sum()
        border[own, 1, -1] = 1 / own.sum()
        tip[free, -1] = tip[-1, free] = -1.0
    # A parameter that a group does not have stays where it is.
    block[~(own | roles.pooled), 0, 0] = 1.0
    block[~own, 1, 1] = 1.0
    return Arrow(_inverse(block), border, tip, score_groups, score_shared, home)


def fit(counts: Floats, start: Point, roles: Roles) -> tuple[Point, Arrow, int]:
    """The point of the largest likelihood, the information there, and how many steps led to it.

    Fisher scoring, each step halved until the likelihood does not fall. Raises ValueError where it does not
    settle, which means that some parameter has no finite best value.
    """
    point, likelihood = start, start.log_likelihood(counts)
    for steps in range(_STEPS):
        there = arrow(counts, point, roles)
        groups, shared = there.solve(there.score_groups, there.score_shared)
        gain = float(np.sum(groups * there.score_groups) + shared @ there.score_shared)
        if gain <= _CLOSE * len(counts):
            return point, there, steps
        for halvings in range(40):
            part = 0.5**halvings
            trial = _moved(point, part * groups, part * shared, roles)
            reached = trial.log_likelihood(counts)
            if reached >= likelihood - 1e-13 * abs(likelihood):
                break
        else:
            return point, there, steps
        point, likelihood = trial, reached
    raise ValueError(f"no best fit after {_STEPS} steps; some group or level is too sparse for it")


def start(counts: Floats, fixed_cuts: tuple[float, float] | None, roles: Roles) -> Point:
    """A first guess: lines through the cumulative shares of each group, a little of everybody mixed in."""
    everybody = counts.sum(axis=0) / counts.sum()
    z = special.ndtri(np.cumsum(everybody)[:-1])
    first, second = (float(z[0]), float(z[1])) if fixed_cuts is None else fixed_cuts
    cuts = first + (z - z[0]) * (second - first) / (z[1] - z[0])
    cuts[1] = second
    mixed = counts + 2 * everybody
    part = special.ndtri(np.cumsum(mixed, axis=1)[:, :-1] / mixed.sum(axis=1, keepdims=True))
    middle = part.mean(axis=1, keepdims=True)
    slope = ((part - middle) * (cuts - cuts.mean())).sum(axis=1) / ((part - middle) ** 2).sum(axis=1)
    unit = (second - first) / (z[1] - z[0])
    spread = np.clip(slope, unit / 4, unit * 4)
    mean = cuts.mean() - spread * middle[:, 0]
    return _shared(Point(mean, np.log(spread), cuts), roles)


def _moved(point: Point, groups: Floats, shared: Floats, roles: Roles) -> Point:
    free = len(point.cuts) - 2
    steps = np.diff(point.cuts)[1:] * np.exp(shared[:free])
    cuts = np.concatenate([point.cuts[:2], point.cuts[1] + np.cumsum(steps)])
    return _shared(Point(point.mean + groups[:, 0], point.log_spread + groups[:, 1], cuts), roles)


def _shared(point: Point, roles: Roles) -> Point:
    """The point with the means and spreads filled in that groups take over from others."""
    spread = np.where(roles.own, point.log_spread, point.log_spread[roles.own].mean())
    return Point(point.mean[roles.home(point.mean)], spread, point.cuts)


def _inverse(blocks: Floats) -> npt.NDArray[np.float64]:
    """Inverse of many symmetric matrices of two rows, much faster written out."""
    a, b, d = blocks[:, 0, 0], blocks[:, 0, 1], blocks[:, 1, 1]
    determinant = a * d - b * b
    return np.stack([np.stack([d, -b], -1), np.stack([-b, a], -1)], -2) / determinant[:, None, None]
