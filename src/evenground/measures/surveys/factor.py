"""One factor behind several items, fitted to their covariances."""

from __future__ import annotations

import numpy as np

from evenground.measures.estimate import Floats, floats

# The least share of an item's variance that is its own: a factor that is one item is no common factor.
_LEAST = 0.005
_ROUNDS = 200
_TOLERANCE = 1e-9
_STEP = 1e-4


def omega(covariance: Floats) -> tuple[float, Floats]:
    """(omega, loadings) of one factor; NaN where an item does not vary.

    Source: McDonald (1999), Test Theory, chapter 6.
    """
    sd = np.sqrt(np.diag(covariance))
    if not np.all(sd > 0):
        return float("nan"), np.full(sd.size, np.nan)
    loadings, unique = _fitted(covariance / np.outer(sd, sd))
    return _of(loadings * sd, unique * sd**2), floats(loadings * sd)


def slope_of_omega(covariance: Floats) -> Floats:
    """How omega moves with each covariance, by central differences; items x items, symmetric."""
    k = len(covariance)
    sd = np.sqrt(np.diag(covariance))
    slope = np.full((k, k), np.nan)
    if not np.all(sd > 0):
        return slope
    correlation = covariance / np.outer(sd, sd)
    i, j = np.tril_indices(k)
    moved = np.zeros((i.size, k, k))
    moved[np.arange(i.size), i, j] = moved[np.arange(i.size), j, i] = _STEP
    near = correlation + np.concatenate([moved, -moved])
    loadings, unique = (np.tile(part, (len(near), 1)) for part in _fitted(correlation))
    for _ in range(_ROUNDS):
        step = _step(near, loadings, unique)
        loadings, unique = loadings + step[:, :k], np.maximum(unique + step[:, k:], _LEAST)
        if np.max(np.abs(step)) < _TOLERANCE:
            break
    common = (loadings @ sd) ** 2
    above, below = np.split(common / (common + unique @ sd**2), 2)
    # A covariance beside the diagonal stands in the matrix twice.
    slope[i, j] = slope[j, i] = (above - below) / (2 * _STEP) / np.where(i == j, 1, 2)
    return floats(slope / np.outer(sd, sd))


def _of(loadings: Floats, unique: Floats) -> float:
    common = float(loadings.sum()) ** 2
    return common / (common + float(unique.sum()))


def _fitted(correlation: Floats) -> tuple[Floats, Floats]:
    """(loadings, unique variances) of highest likelihood, by Fisher's scoring with halved steps.

    Source: Lawley and Maxwell (1971), Factor Analysis as a Statistical Method, chapter 4.
    """
    k = len(correlation)
    loadings, unique = _first(correlation)
    fit = _misfit(correlation, loadings, unique)
    for _ in range(_ROUNDS):
        step = _step(correlation[None], loadings[None], unique[None])[0]
        size = 1.0
        while True:
            near, own = loadings + size * step[:k], np.maximum(unique + size * step[k:], _LEAST)
            better = _misfit(correlation, near, own)
            if better <= fit + _TOLERANCE or size < 1e-3:
                break
            size /= 2
        moved = max(float(np.max(np.abs(near - loadings))), float(np.max(np.abs(own - unique))))
        loadings, unique, fit = near, own, better
        if moved < _TOLERANCE:
            break
    return (loadings if loadings.sum() >= 0 else -loadings), unique


def _step(correlation: Floats, loadings: Floats, unique: Floats) -> Floats:
    """Fisher's step for a stack of correlations: matrices x (loadings, unique variances)."""
    k = loadings.shape[1]
    inverse = np.linalg.inv(loadings[:, :, None] * loadings[:, None, :] + unique[:, :, None] * np.eye(k))
    rest = inverse @ correlation @ inverse - inverse
    along = (inverse @ loadings[:, :, None])[:, :, 0]
    own = np.diagonal(rest, axis1=1, axis2=2) / 2
    slope = np.concatenate([(rest @ loadings[:, :, None])[:, :, 0], own], axis=1)
    information = np.empty((len(loadings), 2 * k, 2 * k))
    both = np.sum(loadings * along, axis=1)[:, None, None]
    information[:, :k, :k] = inverse * both + along[:, :, None] * along[:, None, :]
    information[:, :k, k:] = inverse * along[:, None, :]
    information[:, k:, :k] = np.swapaxes(information[:, :k, k:], 1, 2)
    information[:, k:, k:] = inverse**2 / 2
    return floats((np.linalg.pinv(information, hermitian=True) @ slope[:, :, None])[:, :, 0])


def _first(correlation: Floats) -> tuple[Floats, Floats]:
    """Loadings of the first principal factor, as a place to start from."""
    unique = np.clip(1 / np.diag(np.linalg.pinv(correlation)), 0.05, 0.95)
    values, vectors = np.linalg.eigh(correlation - np.diag(unique))
    loadings = vectors[:, -1] * np.sqrt(max(float(values[-1]), 0.05))
    return floats(loadings if loadings.sum() >= 0 else -loadings), floats(unique)


def _misfit(correlation: Floats, loadings: Floats, unique: Floats) -> float:
    implied = np.outer(loadings, loadings) + np.diag(unique)
    sign, log = np.linalg.slogdet(implied)
    if sign <= 0:
        return float("inf")
    return float(log + np.trace(np.linalg.solve(implied, correlation)))
