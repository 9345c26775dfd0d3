"""Which circumstance carries how much of what background predicts, where they overlap."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import factorial

import numpy as np

from evenground.measures.estimate import Estimate, Floats, floats, student_quantile, tails
from evenground.measures.predictability.additive import Model
from evenground.measures.predictability.background import Background
from evenground.measures.predictability.explained import (
    Errors,
    folds_of,
    held_out_errors,
    of_model,
    resampled,
)


@dataclass(frozen=True)
class Shares(Estimate):
    """Arrays along `names`: the part of each circumstance; the parts sum to `whole`, to rounding."""

    names: tuple[str, ...]
    whole: float


def shapley(
    background: Background, *, confidence: float = 0.95, folds: int = 10, draws: int = 1000, seed: int = 1
) -> Shares:
    """The Shapley share of each circumstance in the cross-validated R-squared of `explained`.

    The mean, over all orders in which circumstances can be added, of what each adds: exact, over all 2^d
    choices. Parts sum to the whole. A part can be slightly below 0 where a circumstance tells nothing, since
    a prediction that uses it is a little worse for students not seen. Circumstances that go together share
    what they tell together, so a part is no cause. Intervals with clusters only (bootstrap, as `explained`);
    NaN without.
    Source: Shapley (1953); as a decomposition of R-squared: Lindeman, Merenda and Gold (1980), Introduction
    to Bivariate and Multivariate Analysis; Shorrocks (2013), Journal of Economic Inequality 11:99-126.
    """
    tails(confidence)  # refuses what is no confidence
    d = len(background.names)
    choices = [choice for size in range(d + 1) for choice in combinations(range(d), size)]
    errors = _errors(background, choices, folds, seed)
    weights = _weights(choices, d)
    shares = floats([part.share for part in errors])
    value = weights @ shares
    low = high = np.full(d, np.nan)
    if background.clusters is not None:
        columns = np.column_stack([*(part.model for part in errors), errors[0].mean])
        drawn = resampled(columns, draws, seed)
        spread = np.std((1 - drawn[:, :-1] / drawn[:, -1:]) @ weights.T, axis=0, ddof=1)
        half = float(student_quantile(len(background.clusters) - 1, confidence)) * spread
        low, high = value - half, value + half
    assumed = (*errors[-1].assumed, "what circumstances tell together is shared equally between them")
    return Shares(
        low=low, high=high, value=value, names=background.names, whole=float(shares[-1]), assumed=assumed
    )


def _errors(background: Background, choices: list[tuple[int, ...]], folds: int, seed: int) -> list[Errors]:
    if background.clusters is None:
        return [held_out_errors(background, choice, folds, seed) for choice in choices]
    model = Model(background, folds_of(background, folds, seed))
    return [of_model(background, model, choice) for choice in choices]


def _weights(choices: list[tuple[int, ...]], d: int) -> Floats:
    """circumstances x choices: how much each choice's share counts for each circumstance."""
    weights = np.zeros((d, len(choices)))
    for column, choice in enumerate(choices):
        size = len(choice)
        for i in range(d):
            if i in choice:
                weights[i, column] = factorial(size - 1) * factorial(d - size) / factorial(d)
            else:
                weights[i, column] = -factorial(size) * factorial(d - size - 1) / factorial(d)
    return weights
