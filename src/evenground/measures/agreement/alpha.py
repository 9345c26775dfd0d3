"""Krippendorff's alpha: agreement of any number of raters, any kind of scale, missing ratings and all."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from evenground.measures.agreement.pairs import Kappa
from evenground.measures.agreement.ratings import rated
from evenground.measures.estimate import Floats, Ints, floats, quiet, quotient, seen_error, tails

Level = Literal["nominal", "ordinal", "interval", "ratio"]
Values = npt.NDArray[np.generic]
_LEVELS = ("nominal", "ordinal", "interval", "ratio")
# Draws are made in blocks of about this many numbers.
_BLOCK = 4_000_000


@quiet
def krippendorff(
    ratings: npt.ArrayLike,
    *,
    level: Level = "nominal",
    confidence: float = 0.95,
    draws: int = 1000,
    seed: int = 1,
) -> Kappa:
    """1 - D_o/D_e: disagreement that is there over disagreement that chance would make.

    `ratings`: units x raters, NaN (or None, "") without a rating; units with fewer than two ratings do not
    count. With n_c ratings of category c, n in all, and m_u of a unit: D_o is the mean over ratings of the
    squared distance to the other ratings of the unit, D_e that over all pairs of ratings, n(n - 1). Distance:
    nominal 0 or 1; ordinal the ratings that lie between, ends by half; interval c - k; ratio
    (c - k)/(c + k). For nominal ratings `observed` and `chance` are the agreements 1 - D_o and 1 - D_e;
    NaN for the others, whose distances have no unit. The interval holds the middle `confidence` of `draws`
    bootstrap samples of units, `error` is their standard deviation; there are none where raters agree on
    every unit. NaN where all ratings are one. Raises
    ValueError for categories that are not numbers where distances need them.
    Source: Krippendorff (2019), Content Analysis, 4th edition, chapter 12.
    """
    if level not in _LEVELS:
        raise ValueError(f"level {level!r}; write one of {', '.join(_LEVELS)}")
    ends = tails(confidence)
    given = rated(ratings)
    if level in ("interval", "ratio") and given.values.dtype.kind not in "iufb":
        raise ValueError(f"ratings are words; the level {level!r} needs numbers")
    twice = given.raters >= 2
    counts = given.counts[twice]
    units = len(counts)
    # Units that were rated alike are drawn together: the same chance, in a fraction of the time.
    patterns, often = np.unique(counts, axis=0, return_counts=True)
    observed, chance = (
        float(part[0]) for part in _disagreement(patterns, given.values, level, often[None, :])
    )
    value = float(1 - quotient(observed, chance))
    low = high = error = float("nan")
    if units > 1:
        drawn = _drawn(patterns, often, given.values, level, draws, seed)
        drawn = drawn[~np.isnan(drawn)]
        if drawn.size:
            low, high = (float(q) for q in np.quantile(drawn, ends))
            error = float(seen_error(np.std(drawn, ddof=1))) if drawn.size > 1 else error
        if np.isnan(error):
            low = high = error
    return Kappa(
        low=floats(low),
        high=floats(high),
        value=floats(value),
        observed=floats(1 - observed if level == "nominal" else np.nan),
        chance=floats(1 - chance if level == "nominal" else np.nan),
        error=floats(error),
        units=units,
        assumed=("units are independent", f"distances are {level}", f"bootstrap, {draws} draws, seed {seed}"),
    )


def _drawn(counts: Floats, often: Ints, values: Values, level: Level, draws: int, seed: int) -> Floats:
    rng = np.random.default_rng(seed)
    units = int(often.sum())
    block = max(1, _BLOCK // len(counts))
    parts = []
    for start in range(0, draws, block):
        times = rng.multinomial(units, often / units, size=min(block, draws - start))
        observed, chance = _disagreement(counts, values, level, times)
        parts.append(1 - quotient(observed, chance))
    return floats(np.concatenate(parts))


def _disagreement(counts: Floats, values: Values, level: Level, times: Ints) -> tuple[Floats, Floats]:
    """(D_o, D_e) of each row of `times`, how often each pattern of a unit's ratings is drawn."""
    totals = times @ counts
    n = totals.sum(axis=1)
    if level == "ordinal":
        return _ordinal(counts, times, totals, n)
    raters = counts.sum(axis=1)
    if level == "interval":
        number = values.astype(np.float64)
        number = number - number.mean() if number.size else number
        first, second = counts @ number, counts @ number**2
        # Sum of squared distances of all ordered pairs: 2 (m sum x^2 - (sum x)^2).
        unit = 2 * (raters * second - first**2) / (raters - 1)
        whole = 2 * (n * (totals @ number**2) - (totals @ number) ** 2)
        return quotient(times @ unit, n), quotient(whole, n * (n - 1))
    distance = _distance(values, level)
    unit = np.einsum("uc,ck,uk->u", counts, distance, counts, optimize=True) / (raters - 1)
    whole = np.einsum("bc,ck,bk->b", totals, distance, totals, optimize=True)
    return quotient(times @ unit, n), quotient(whole, n * (n - 1))


def _ordinal(counts: Floats, times: Ints, totals: Floats, n: Floats) -> tuple[Floats, Floats]:
    """Ordinal distances are (middle rank - middle rank)^2, and ranks follow from who is drawn."""
    raters = counts.sum(axis=1)
    middle = np.cumsum(totals, axis=1) - totals / 2
    q = counts.shape[1]
    # Coincidences of each draw: ordered pairs within units, over m - 1.
    pairs = counts[:, :, None] * counts[:, None, :]
    pairs[:, np.arange(q), np.arange(q)] -= counts
    coincidence = (times @ (pairs / (raters - 1)[:, None, None]).reshape(len(counts), q * q)).reshape(
        -1, q, q
    )
    distance = (middle[:, :, None] - middle[:, None, :]) ** 2
    whole = np.einsum("bc,bck,bk->b", totals, distance, totals, optimize=True)
    return quotient((coincidence * distance).sum(axis=(1, 2)), n), quotient(whole, n * (n - 1))


def _distance(values: Values, level: Level) -> Floats:
    if level == "nominal":
        return floats(1 - np.eye(values.size))
    number = values.astype(np.float64)
    if np.any(number < 0):
        raise ValueError("a rating is below 0; the level 'ratio' needs numbers from 0 up")
    sums = np.add.outer(number, number)
    return floats(np.where(sums > 0, np.subtract.outer(number, number) / np.where(sums > 0, sums, 1), 0) ** 2)
