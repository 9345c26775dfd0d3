"""Two raters: Cohen's kappa, weighted kappa, and kappa adjusted for prevalence and bias."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from evenground.measures.agreement.ratings import rated
from evenground.measures.estimate import (
    Estimate,
    Floats,
    floats,
    normal_quantile,
    quiet,
    quotient,
    seen_error,
)
from evenground.measures.rate import wilson

Weights = Literal["none", "linear", "quadratic"]


@dataclass(frozen=True)
class Kappa(Estimate):
    """A coefficient; `observed` agreement and that by `chance`, the standard `error`, and the `units`."""

    observed: Floats
    chance: Floats
    error: Floats
    units: int


@quiet
def cohen(
    first: npt.ArrayLike,
    second: npt.ArrayLike,
    *,
    weights: Weights = "none",
    categories: npt.ArrayLike | None = None,
    confidence: float = 0.95,
) -> Kappa:
    """(p_o - p_e)/(1 - p_e) of two raters of the same units; units that one did not rate are left out.

    `weights`: "linear" or "quadratic" give part of the agreement to categories that are near each other, in
    the order of `categories` (numbers and words in their own order where none is given). p_e is what raters
    who kept their shares would agree on by chance. Where categories are rare kappa can be low although
    raters nearly always agree: read `observed`, and `pabak`. NaN where both gave one and the same category to
    all. Interval: the large-sample standard error for a true kappa other than 0, within -1..1; none where
    raters agree on every unit, which it would call certain (`pabak` has one).
    Source: Cohen (1960), Educational and Psychological Measurement 20:37-46; Fleiss, Cohen and Everitt
    (1969), Psychological Bulletin 72:323-327.
    """
    table = _table(first, second, categories)
    n, q = float(table.sum()), table.shape[0]
    p = quotient(table, n)
    w = _weights(q, weights)
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    observed, chance = float(np.sum(w * p)), float(rows @ w @ columns)
    value = float(quotient(observed - chance, 1 - chance))
    away = w - (1 - value) * ((w @ columns)[:, None] + (w.T @ rows)[None, :])
    squares = float(np.sum(p * away**2)) - (value - chance * (1 - value)) ** 2
    error = float(seen_error(quotient(np.sqrt(max(squares, 0.0)), (1 - chance) * np.sqrt(n))))
    half = normal_quantile(confidence) * error
    return Kappa(
        low=floats(np.maximum(value - half, -1.0)),
        high=floats(np.minimum(value + half, 1.0)),
        value=floats(value),
        observed=floats(observed),
        chance=floats(chance),
        error=floats(error),
        units=int(n),
        assumed=("units are independent", "many units (normal interval)"),
    )


@quiet
def pabak(first: npt.ArrayLike, second: npt.ArrayLike, *, confidence: float = 0.95) -> Kappa:
    """2 p_o - 1: kappa if the two categories were equally frequent and the raters alike in their shares.

    For two categories (code given, or not). Interval: Wilson's of p_o, on the same scale. Raises ValueError
    for more than two categories: `brennan_prediger` is the same idea for any number.
    Source: Byrt, Bishop and Carlin (1993), Journal of Clinical Epidemiology 46:423-429.
    """
    table = _table(first, second, None)
    if table.shape[0] > 2:
        raise ValueError(
            f"{table.shape[0]} categories occur; pabak is for two, brennan_prediger for any number"
        )
    n = float(table.sum())
    same = float(np.trace(table))
    observed = quotient(same, n)
    bounds = wilson(same, n, confidence)
    return Kappa(
        low=floats(2 * bounds.low - 1),
        high=floats(2 * bounds.high - 1),
        value=floats(2 * observed - 1),
        observed=floats(observed),
        chance=floats(0.5),
        error=floats(2 * np.sqrt(observed * (1 - observed) / n)),
        units=int(n),
        assumed=("units are independent",),
    )


def _table(first: npt.ArrayLike, second: npt.ArrayLike, categories: npt.ArrayLike | None) -> Floats:
    one, two = np.asarray(first), np.asarray(second)
    if one.shape != two.shape:
        raise ValueError(f"one rater has {one.size} ratings, the other {two.size}; both rate the same units")
    ratings = rated(np.column_stack([one, two]), categories)
    both = (ratings.codes >= 0).all(axis=1)
    q = max(ratings.values.size, 1)
    pairs = ratings.codes[both, 0] * q + ratings.codes[both, 1]
    return floats(np.bincount(pairs, minlength=q * q).reshape(q, q))


def _weights(q: int, kind: Weights) -> Floats:
    if kind not in ("none", "linear", "quadratic"):
        raise ValueError(f"weights {kind!r}; write 'none', 'linear' or 'quadratic'")
    if kind == "none" or q < 2:
        return np.eye(q)
    apart = np.abs(np.subtract.outer(np.arange(q), np.arange(q))) / (q - 1)
    return floats(1 - (apart if kind == "linear" else apart**2))
