"""Quantile regression: the plane that a given share of the observations lies below, exactly."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from evenground.measures.estimate import Floats, Ints, floats
from evenground.measures.growth.vertex import Program, pivots


@dataclass(frozen=True)
class QuantileFit:
    """`coefficients` (T, p), one row a tau; `loss` (T): the lowest sum of w rho_tau(residual)."""

    taus: Floats
    coefficients: Floats
    loss: Floats
    assumed: tuple[str, ...] = field(default=(), kw_only=True)

    def curves(self, design: npt.ArrayLike) -> Floats:
        """The predicted quantiles (n, T) of the rows of `design`, in rising order in every row.

        Planes of neighbouring quantiles may cross; sorting removes that without moving them further from
        the truth (Chernozhukov, Fernandez-Val, Galichon 2010, Econometrica 78:1093-1125).
        """
        return np.sort(floats(design) @ self.coefficients.T, axis=1)


def quantile_regression(
    design: npt.ArrayLike,
    outcome: npt.ArrayLike,
    taus: npt.ArrayLike = (0.5,),
    weights: npt.ArrayLike | None = None,
) -> QuantileFit:
    """Linear quantile regressions of `outcome` (n) on the columns of `design` (n, p), one for each tau.

    Each minimises sum of w rho_tau(y - x b) with rho_tau(r) = r (tau - [r < 0]), to the last digit: the
    answer is a vertex of the linear program, never an approximation. The design holds its own column of
    ones. A column that the others make up gets the coefficient 0. Where several planes are equally good,
    one of them is answered. ValueError where a value is missing or a tau is not within 0 and 1.
    Source: Koenker and Bassett (1978), Econometrica 46:33-50.
    """
    X, y = floats(design), floats(outcome)
    w = np.ones(y.shape) if weights is None else floats(weights)
    levels = np.atleast_1d(floats(taus))
    _check(X, y, w, levels)
    X, y, w = _merged(X[w > 0], y[w > 0], w[w > 0])
    columns = _independent(X)
    rising = np.argsort(levels, kind="stable")
    coefficients = np.zeros((levels.size, X.shape[1]))
    if columns.size:
        solved = Program(np.ascontiguousarray(X[:, columns].T), y, w).solve(levels[rising])
        coefficients[np.ix_(rising, columns)] = solved
    residual = y[:, None] - X @ coefficients.T
    loss = (w[:, None] * residual * (levels - (residual < 0))).sum(axis=0)
    return QuantileFit(levels, coefficients, loss, assumed=("each quantile is linear in the columns",))


def _check(X: Floats, y: Floats, w: Floats, taus: Floats) -> None:
    if X.ndim != 2 or y.shape != (X.shape[0],) or w.shape != y.shape:
        raise ValueError(
            f"design has the shape {X.shape}, outcome {y.shape}, weights {w.shape}; "
            "give (n, p), (n,) and (n,)"
        )
    if not (np.isfinite(X).all() and np.isfinite(y).all() and np.isfinite(w).all()):
        raise ValueError("a value is missing or infinite; leave out the rows where one is")
    if (w < 0).any() or not (w > 0).any():
        raise ValueError("weights are not negative, and one at least is above 0")
    if not ((taus > 0) & (taus < 1)).all():
        raise ValueError(f"taus are between 0 and 1, without these two; found {taus.min()} to {taus.max()}")


def _merged(X: Floats, y: Floats, w: Floats) -> tuple[Floats, Floats, Floats]:
    """Equal observations as one with the sum of their weights: they would only stand in each other's way."""
    both, place = np.unique(np.column_stack([X, y]), axis=0, return_inverse=True)
    return both[:, :-1], both[:, -1], floats(np.bincount(place.ravel(), w))


def _independent(X: Floats) -> Ints:
    """Columns that no others make up. Looked at in their products, which are few."""
    length = np.sqrt((X * X).sum(axis=0))
    scaled = X / np.where(length > 0, length, 1.0)
    order, rank = pivots(scaled.T @ scaled)
    return np.sort(order[:rank])
