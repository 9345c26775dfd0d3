"""Weights that make those who answered look like those who were asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.estimate import Floats, floats, quotient

_ROUNDS = 1000


@dataclass(frozen=True)
class Raked:
    """`weights` of the rows, mean 1 over the people; `apart`, the largest share by which a margin is still
    off (0 but for rounding, unless weights were capped or a margin cannot be met); `capped` rows;
    `design_effect` and `n_effective` of the weights (Kish)."""

    weights: Floats
    apart: float
    capped: int
    design_effect: float
    n_effective: float
    assumed: tuple[str, ...]


def rake(
    categories: Mapping[str, npt.ArrayLike],
    margins: Mapping[str, Mapping[object, float]],
    *,
    count: npt.ArrayLike | None = None,
    cap: tuple[float, float] = (0.3, 3.0),
    tolerance: float = 1e-8,
) -> Raked:
    """Iterative proportional fitting: weights that give every margin its known share, margin after margin.

    `categories`: name -> column, one entry a person (or a cell of `count` people); `margins`: name ->
    category -> its share (or number) in the population. Weights are kept within `cap`, as multiples of the
    mean weight, after each round; what a cap cuts off shows in `apart`. Ends when nothing moves by more than
    `tolerance`. Raises ValueError for a category without a margin, or a margin that nobody who answered is
    in.
    Source: Deming and Stephan (1940), Annals of Mathematical Statistics 11:427-444; caps: Kalton and
    Flores-Cervantes (2003), Journal of Official Statistics 19:81-97.
    """
    people, coded = _coded(categories, margins, count)
    weights = np.ones_like(people)
    low, high = cap
    for _ in range(_ROUNDS):
        before = weights
        for code, share in coded:
            weights = weights * quotient(share, _shares(weights * people, code, share.size))[code]
        weights = _capped(weights, people, low, high)
        if np.max(np.abs(weights - before), initial=0.0) <= tolerance:
            break
    off = [np.max(np.abs(_shares(weights * people, code, share.size) - share)) for code, share in coded]
    edge = (weights <= low * (1 + 1e-6)) | (weights >= high * (1 - 1e-6))
    effect = design_effect(weights, people)
    return Raked(
        weights=floats(weights),
        apart=float(max(off)),
        capped=int(edge.sum()),
        design_effect=effect,
        n_effective=float(people.sum() / effect),
        assumed=("within the categories, who answered is like who did not", "effects of categories multiply"),
    )


def design_effect(weights: npt.ArrayLike, count: npt.ArrayLike | None = None) -> float:
    """How many times unequal weights multiply the variance of a mean: n sum w^2/(sum w)^2, 1 for equal ones.

    `count` people (1 each) have each weight. n over it is the effective n. NaN without any weight.
    Source: Kish (1992), Journal of Official Statistics 8:183-200.
    """
    w = floats(weights)
    people = np.ones_like(w) if count is None else floats(count)
    if np.any(w < 0):
        raise ValueError("a weight is negative; weights are 0 or more")
    return float(quotient(people.sum() * (people @ w**2), (people @ w) ** 2))


def _coded(
    categories: Mapping[str, npt.ArrayLike],
    margins: Mapping[str, Mapping[object, float]],
    count: npt.ArrayLike | None,
) -> tuple[Floats, list[tuple[npt.NDArray[np.intp], Floats]]]:
    if set(categories) != set(margins) or not margins:
        raise ValueError(f"columns {sorted(categories)}, margins {sorted(margins)}; give one margin a column")
    coded = []
    for name, column in categories.items():
        found, code = np.unique(np.asarray(column), return_inverse=True)
        known = {str(key): value for key, value in margins[name].items()}
        unknown = [str(value) for value in found if str(value) not in known]
        empty = [key for key, share in known.items() if share > 0 and key not in {str(v) for v in found}]
        if unknown or empty:
            raise ValueError(
                f"{name}: without a margin {unknown}, with a margin and nobody who answered {empty};"
                " join such categories with others"
            )
        share = floats([known[str(value)] for value in found])
        coded.append((code.ravel(), share / share.sum()))
    lengths = {code.size for code, _ in coded}
    people = np.ones(max(lengths)) if count is None else floats(count)
    if lengths != {people.size}:
        raise ValueError(f"columns have {sorted(lengths | {people.size})} entries; give as many of each")
    return people, coded


def _capped(weights: Floats, people: Floats, low: float, high: float) -> Floats:
    """The weights times one factor, cut at the caps, with mean 1: what is cut off goes to all others."""
    if not low < 1 < high:
        raise ValueError(f"caps {low} and {high}; the mean weight 1 must lie between them")
    small, large = 0.0, high / float(np.min(weights[weights > 0]))
    for _ in range(100):
        factor = (small + large) / 2
        if np.clip(factor * weights, low, high) @ people < people.sum():
            small = factor
        else:
            large = factor
    return floats(np.clip((small + large) / 2 * weights, low, high))


def _shares(weight: Floats, code: npt.NDArray[np.intp], size: int) -> Floats:
    found = floats(np.bincount(code, weights=weight, minlength=size))
    return floats(found / found.sum())
