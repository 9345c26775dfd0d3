"""Straight lines through points that weigh differently: coefficients, and what each point adds to them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.estimate import Floats

# Columns whose part of their own is smaller than this, of 1, say nothing of their own.
_DEPENDENT = 1e-10


@dataclass(frozen=True)
class Line:
    """Coefficients (k), and the influence of each point or cluster on each of them (points, k).

    The influences of all points sum to 0; the sum of their products is the sandwich variance.
    """

    coefficients: Floats
    influence: Floats

    def covariance(self) -> Floats:
        """C/(C - 1) sum u u': heteroskedasticity-robust, or by cluster where points were summed."""
        count = self.influence.shape[0]
        scale = count / (count - 1) if count > 1 else np.nan
        return np.asarray(scale * self.influence.T @ self.influence)


def fit(design: Floats, outcome: Floats, weights: Floats) -> Line:
    """Weighted least squares of `outcome` (n) on `design` (n, k). NaN where the columns are not independent.

    Influence of point i: (X'WX)^-1 x_i w_i e_i. Source: White (1980), Econometrica 48:817-838.
    """
    root = np.sqrt(weights)[:, None]
    count = design.shape[1]
    scale = np.sqrt(np.einsum("nk,nk->k", root * design, root * design))
    with np.errstate(all="ignore"):
        scaled = root * design / scale
    usable = design.shape[0] >= count and np.isfinite(scaled).all()
    if not usable or np.linalg.matrix_rank(scaled, tol=_DEPENDENT) < count:
        return Line(np.full(count, np.nan), np.full(design.shape, np.nan))
    orthogonal, triangle = np.linalg.qr(scaled)
    coefficients = np.linalg.solve(triangle, orthogonal.T @ (root[:, 0] * outcome)) / scale
    inverse = np.linalg.inv(triangle) / scale[:, None]
    rest = outcome - design @ coefficients
    return Line(coefficients, np.asarray((design * (weights * rest)[:, None]) @ (inverse @ inverse.T)))


def by_cluster(influence: Floats, cluster: npt.ArrayLike) -> Floats:
    """The influences of the points of each cluster, summed."""
    ids, place = np.unique(np.asarray(cluster), return_inverse=True)
    total = np.zeros((ids.size, influence.shape[1]))
    np.add.at(total, place, influence)
    return total
