"""The model behind: one effect for each level of each circumstance, judged on students whom it has not seen.

Least squares on sums, so millions of students cost what their types cost. A home area is a random effect,
shrunken toward 0 by what the data say of its spread; an area that the model has not seen adds nothing. The
effects stay inside this module: what leaves it are errors of whole types, never a number for a student.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from evenground.measures.estimate import Bools, Floats, Ints, floats, quiet
from evenground.measures.predictability.background import Background

# A student whose leverage is this near to 1 alone makes up an effect: nothing else tells about it.
_ALONE = 1 - 1e-9


@dataclass(frozen=True)
class Fold:
    """Per row: the prediction for its students, made without their fold, and that of the mean."""

    prediction: Floats
    average: Floats


class Model:
    """Sums of products of the design, by fold, from which any choice of circumstances is fitted at once."""

    def __init__(self, background: Background, fold: Ints | None) -> None:
        self._back = background
        self._fold = np.zeros(background.n.size, dtype=np.int64) if fold is None else fold
        self._folds = int(self._fold.max()) + 1 if self._fold.size else 0
        plain = [i for i in range(len(background.names)) if i != background.area]
        self._owner = np.array([-1] + [i for i in plain for _ in range(background.levels[i])])
        self._x = np.column_stack(
            [np.ones(background.n.size)]
            + [np.eye(background.levels[i])[background.codes[:, i]] for i in plain]
        )
        self._area = None if background.area is None else background.codes[:, background.area]
        self._sum()

    def _sum(self) -> None:
        b, x, k = self._back, self._x, self._folds
        weighted = x * b.n[:, None]
        parts = [self._fold == f for f in range(k)]
        self._xx = np.stack([x[part].T @ weighted[part] for part in parts])
        self._xy = np.stack([x[part].T @ b.total[part] for part in parts])
        self._yy = np.bincount(self._fold, weights=b.total_sq, minlength=k)
        if self._area is None or b.area is None:
            return
        q = b.levels[b.area]
        key = self._fold * q + self._area
        self._zn = np.bincount(key, weights=b.n, minlength=k * q).reshape(k, q)
        self._zy = np.bincount(key, weights=b.total, minlength=k * q).reshape(k, q)
        columns = [np.bincount(key, weights=w, minlength=k * q).reshape(k, q) for w in weighted.T]
        self._zx = np.stack(columns, axis=-1)

    def held_out(self, chosen: Collection[int]) -> Fold:
        """Predictions of each fold by a fit to all other folds, from the circumstances in `chosen`."""
        prediction, average = np.empty(self._fold.size), np.empty(self._fold.size)
        for f in range(self._folds):
            seen, rows = np.arange(self._folds) != f, self._fold == f
            columns, effects, areas, _, _ = self._fit(chosen, seen)
            prediction[rows] = self._x[rows][:, columns] @ effects
            if areas is not None and self._area is not None:
                prediction[rows] += areas[self._area[rows]]
            average[rows] = self._xy[seen][:, 0].sum() / self._xx[seen][:, 0, 0].sum()
        return Fold(prediction, average)

    def fitted(self, chosen: Collection[int]) -> tuple[Floats, Floats]:
        """(fitted value, leverage of one student) of each row, from all students."""
        columns, effects, areas, inverse, shrink = self._fit(chosen, np.ones(self._folds, dtype=bool))
        x = self._x[:, columns]
        value = x @ effects
        if areas is None or shrink is None or self._area is None:
            return value, np.einsum("rp,pq,rq->r", x, inverse, x)
        away = x - (shrink[:, None] * self._zx.sum(axis=0)[:, columns])[self._area]
        leverage = shrink[self._area] + np.einsum("rp,pq,rq->r", away, inverse, away)
        return value + areas[self._area], leverage

    @quiet
    def _fit(
        self, chosen: Collection[int], seen: Bools
    ) -> tuple[Bools, Floats, Floats | None, Floats, Floats | None]:
        """Henderson's equations of the mixed model, the area effects swept out.

        With D = 1/(n_a + sigma^2/tau^2): (X'X - X'Z D Z'X) b = X'y - X'Z D Z'y, u = D (Z'y - Z'X b).
        Source: Henderson (1975), Biometrics 31:423-447.
        """
        columns = (self._owner == -1) | np.isin(self._owner, list(chosen))
        xx = self._xx[seen].sum(axis=0)[np.ix_(columns, columns)]
        xy = self._xy[seen].sum(axis=0)[columns]
        inverse = np.linalg.pinv(xx, hermitian=True)
        effects = inverse @ xy
        if self._area is None or self._back.area not in chosen:
            return columns, effects, None, inverse, None
        n, zy = self._zn[seen].sum(axis=0), self._zy[seen].sum(axis=0)
        zx = self._zx[seen].sum(axis=0)[:, columns]
        squares = float(self._yy[seen].sum() - 2 * effects @ xy + effects @ xx @ effects)
        shrink = _shrink(n, zy - zx @ effects, squares)
        inverse = np.linalg.pinv(xx - zx.T @ (shrink[:, None] * zx), hermitian=True)
        effects = inverse @ (xy - zx.T @ (shrink * zy))
        return columns, effects, shrink * (zy - zx @ effects), inverse, shrink


def _shrink(n: Floats, residual: Floats, squares: float) -> Floats:
    """1/(n + sigma^2/tau^2) of each area, the spreads by the analysis of variance of the residuals."""
    there = n > 0
    between = float(np.sum(residual[there] ** 2 / n[there]))
    students, areas = float(n.sum()), int(there.sum())
    within = max(squares - between, 0.0) / max(students - areas, 1.0)
    spread = (between - (areas - 1) * within) / (students - float(np.sum(n**2)) / students)
    if not spread > 0:
        return np.zeros_like(n)
    return floats(1 / (n + within / spread))


def squared_errors(background: Background, prediction: Floats) -> Floats:
    """Sum over the students of each row of (outcome - prediction)^2."""
    b = background
    return floats(b.total_sq - 2 * prediction * b.total + prediction**2 * b.n)


def alone(leverage: Floats) -> Bools:
    """Rows in which a student alone makes up an effect, so that nobody else can tell what it is."""
    return np.asarray(leverage >= _ALONE)
