"""Two normal curves under counts per level: the maximum likelihood behind V, for many pairs at once."""

from __future__ import annotations

import numpy as np
from scipy import special

from evenground.measures.estimate import Floats
from evenground.measures.spectrum.cells import curve, shares

_ROOT2 = float(np.sqrt(2))
_STEPS = 100
# Steps end when the next would move the parameters by less than 1e-8 of their own standard errors.
_CLOSE = 1e-16


def binormal(counts: Floats, single: bool) -> tuple[Floats, Floats, Floats]:
    """Mean, log spread and variance of V, for (rows, 2, levels) counts in which every level is used."""
    point = _start(counts, single)
    unsettled = np.arange(len(counts))
    for _ in range(_STEPS):
        rows, there = counts[unsettled], point[unsettled]
        score, information = _slopes(rows, there, single)
        step = np.linalg.solve(information, score[..., None])[..., 0]
        going = np.sum(step * score, axis=1) > _CLOSE
        unsettled, rows, there, step = unsettled[going], rows[going], there[going], step[going]
        if not len(unsettled):
            break
        point[unsettled] = _climbed(rows, there, step)
    found = point[:, 0], point[:, 1], _variance_of_v(counts, point, single)
    # Where all of one group are in levels at or beyond all of the other's, the two move apart for ever.
    levels = np.arange(counts.shape[2])
    top = np.where(counts > 0, levels, -1).max(axis=2)
    bottom = np.where(counts > 0, levels, len(levels)).min(axis=2)
    lost = (top[:, 0] <= bottom[:, 1]) | (top[:, 1] <= bottom[:, 0])
    lost[unsettled] = True
    return found[0], found[1], np.where(lost | ~(found[2] > 0), np.nan, found[2])


def _climbed(counts: Floats, point: Floats, step: Floats) -> Floats:
    """The point after the step, or after half of it, a quarter ... until the likelihood does not fall."""
    before = _log_likelihood(counts, point)
    part = np.ones(len(point))
    for _ in range(40):
        moved = point + part[:, None] * step
        worse = ~(_log_likelihood(counts, moved) >= before - 1e-13 * np.abs(before))
        if not worse.any():
            break
        part = np.where(worse, part / 2, part)
    return moved


def _variance_of_v(counts: Floats, point: Floats, single: bool) -> Floats:
    mean, spread = point[:, 0], np.exp(point[:, 1])
    slope = np.zeros_like(point)
    slope[:, 0] = _ROOT2 / np.sqrt(1 + spread**2)
    slope[:, 1] = 0.0 if single else -_ROOT2 * mean * spread**2 / (1 + spread**2) ** 1.5
    usable = np.all(np.isfinite(information := _observed(counts, point, single)), axis=(1, 2))
    covariance = np.full_like(information, np.nan)
    covariance[usable] = np.linalg.pinv(information[usable])
    return np.asarray(np.einsum("ri,rij,rj->r", slope, covariance, slope))


def _start(counts: Floats, single: bool) -> Floats:
    """A line through the two cumulative curves on normal paper, a little of both groups mixed in."""
    mixed = counts + counts.sum(axis=1, keepdims=True) / counts.sum(axis=(1, 2), keepdims=True)
    z = special.ndtri(np.cumsum(mixed, axis=2)[..., :-1] / mixed.sum(axis=2, keepdims=True))
    group, cuts = z[:, 0], z[:, 1]
    middle = group.mean(axis=1, keepdims=True)
    spread = np.ones(len(counts))
    if not single and cuts.shape[1] > 1:
        rise = ((cuts - cuts.mean(axis=1, keepdims=True)) * (group - middle)).sum(axis=1)
        spread = np.clip(rise / ((group - middle) ** 2).sum(axis=1), 0.25, 4)
    mean = cuts.mean(axis=1) - spread * middle[:, 0]
    return np.concatenate([np.stack([mean, np.log(spread)], axis=1), cuts], axis=1)


def _log_likelihood(counts: Floats, point: Floats) -> Floats:
    mean, log_spread, cuts = point[:, :1], point[:, 1:2], point[:, 2:]
    group = shares((cuts - mean) * np.exp(-log_spread))
    found = np.sum(counts[:, 0] * np.log(group) + counts[:, 1] * np.log(shares(cuts)), axis=1)
    return np.asarray(np.where(np.all(np.diff(cuts, axis=1) > 0, axis=1), found, -np.inf))


def _slopes(counts: Floats, point: Floats, single: bool) -> tuple[Floats, Floats]:
    """Score and expected information of (mean, log spread, cuts)."""
    rows, size = point.shape
    mean, spread, cuts = point[:, 0], np.exp(point[:, 1]), point[:, 2:]
    score, information = np.zeros((rows, size)), np.zeros((rows, size, size))
    for side, (middle, width, moves) in enumerate(((mean, spread, 1.0), (0 * mean, 0 * mean + 1, 0.0))):
        at = curve(cuts, middle, width)
        widens = 0.0 if single else moves
        slopes = np.concatenate(
            [moves * at.by_mean[..., None], widens * at.by_log_spread[..., None], at.by_cut], axis=-1
        )
        n = counts[:, side].sum(axis=1)
        score += np.einsum("rk,rkp->rp", counts[:, side] / at.share, slopes)
        scaled = slopes * np.sqrt(n[:, None] / at.share)[..., None]
        information += np.swapaxes(scaled, 1, 2) @ scaled
    if single:
        information[:, 1, 1] = 1.0
    # A trace of ridge, so that a row without a best value does not stop the others.
    information += 1e-10 * np.eye(size) * np.trace(information, axis1=1, axis2=2)[:, None, None]
    return score, information


def _observed(counts: Floats, point: Floats, single: bool) -> Floats:
    """The observed information, by differences of the score."""
    size, width = point.shape[1], 1e-5
    columns = []
    for parameter in range(size):
        step = width * (np.arange(size) == parameter)
        ahead, behind = (_slopes(counts, point + sign * step, single)[0] for sign in (1, -1))
        columns.append((behind - ahead) / (2 * width))
    found = np.stack(columns, axis=-1)
    if single:
        found[:, 1, :] = found[:, :, 1] = 0.0
        found[:, 1, 1] = 1.0
    return np.asarray((found + np.swapaxes(found, 1, 2)) / 2)
