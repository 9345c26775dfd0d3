"""Items that are meant to measure one thing: do they? Alpha and omega."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from evenground.measures.estimate import (
    Estimate,
    Floats,
    Ints,
    floats,
    normal_quantile,
    quiet,
    quotient,
    student_quantile,
)


@dataclass(frozen=True)
class Reliability(Estimate):
    """Reliability of the sum of the items, 0 to 1 where all items go the same way.

    people     how many answered all items and are counted
    without    the coefficient without each item: an item that lowers it shows here
    loadings   (omega) how many points each item moves with one standard deviation of what they share
    """

    people: int
    without: Floats
    loadings: Floats


@quiet
def alpha(
    items: npt.ArrayLike,
    *,
    clusters: npt.ArrayLike | None = None,
    confidence: float = 0.95,
    draws: int = 1000,
    seed: int = 1,
) -> Reliability:
    """Cronbach's alpha, k/(k - 1) (1 - sum of the items' variances/variance of their sum).

    `items`: people x items, all scored in one direction; who left an item out does not count. Interval:
    Feldt's, from the F distribution (items equally good); with `clusters` (schools) Student's, with the
    standard error of `draws` bootstrap samples of whole clusters. NaN with fewer than two items or three
    people.
    Source: Cronbach (1951), Psychometrika 16:297-334; Feldt (1965), Psychometrika 30:357-370.
    """
    answers, group = _complete(items, clusters)
    people, k = answers.shape
    if k < 2 or people < 3:
        return _nothing(people, k)
    covariance = np.cov(answers, rowvar=False)
    value = _alpha(covariance)
    tail = (1 - confidence) / 2
    if group is None:
        df = (people - 1, (people - 1) * (k - 1))
        low, high = (1 - (1 - value) * float(special.fdtri(*df, q)) for q in (1 - tail, tail))
        notes = ("people are independent", "items are equally good")
    else:
        half = _of_clusters(answers, group, confidence, draws, seed)
        low, high = value - half, min(value + half, 1.0)
        notes = ("clusters are independent", "many clusters")
    rest = [_alpha(_without(covariance, i)) for i in range(k)] if k > 2 else [np.nan] * k
    return Reliability(
        low=floats(low),
        high=floats(high),
        value=floats(value),
        people=people,
        without=floats(rest),
        loadings=np.full(k, np.nan),
        assumed=(*notes, "who left an item out is like the others"),
    )


@quiet
def omega(items: npt.ArrayLike, *, confidence: float = 0.95, draws: int = 200, seed: int = 1) -> Reliability:
    """McDonald's omega: (sum of loadings)^2/((sum of loadings)^2 + sum of the unique variances).

    `items` as for `alpha`. One factor is fitted to the covariances by maximum likelihood; unlike for alpha,
    items may be unequally good. Interval: normal, with the standard error of `draws` bootstrap samples of
    people. NaN with fewer than three items. One factor is assumed, not tested: look at the `loadings`.
    Source: McDonald (1999), Test Theory, chapter 6; the fit: Joreskog (1967), Psychometrika 32:443-482.
    """
    answers, _ = _complete(items, None)
    people, k = answers.shape
    if k < 3 or people <= k:
        return _nothing(people, k)
    covariance = np.cov(answers, rowvar=False)
    value, loadings = of_covariance(covariance)
    rng = np.random.default_rng(seed)
    samples = (answers[rng.integers(0, people, people)] for _ in range(draws))
    again = [of_covariance(np.cov(sample, rowvar=False))[0] for sample in samples]
    half = normal_quantile(confidence) * float(np.nanstd(again, ddof=1)) if draws > 1 else float("nan")
    rest = [of_covariance(_without(covariance, i))[0] for i in range(k)] if k > 3 else [np.nan] * k
    return Reliability(
        low=floats(value - half),
        high=floats(np.minimum(value + half, 1.0)),
        value=floats(value),
        people=people,
        without=floats(rest),
        loadings=loadings,
        assumed=("people are independent", "one factor", "who left an item out is like the others"),
    )


def of_covariance(covariance: Floats) -> tuple[float, Floats]:
    """(omega, loadings) of one factor, by maximum likelihood on the unique variances of the correlations."""
    from scipy import optimize

    sd = np.sqrt(np.diag(covariance))
    if not np.all(sd > 0):
        return float("nan"), np.full(sd.size, np.nan)
    correlation = covariance / np.outer(sd, sd)
    start = np.log(np.clip(0.5 / np.diag(np.linalg.pinv(correlation)), 0.005, 1.0))

    def misfit(log_unique: Floats) -> tuple[float, Floats]:
        """Minus the likelihood that is left once the loadings are at their best, and its slope."""
        unique = np.exp(log_unique)
        root = np.sqrt(unique)
        values, vectors = np.linalg.eigh(correlation / np.outer(root, root))
        factor = vectors[:, -1] * np.sqrt(max(values[-1] - 1, 0.0)) * root
        fit = np.outer(factor, factor) + np.diag(unique)
        rest = values[:-1]
        slope = np.diag(fit - correlation) / unique
        return float(np.sum(rest - np.log(np.maximum(rest, 1e-300)) - 1)), floats(slope)

    found = optimize.minimize(
        misfit,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=[(np.log(0.005), 0.0)] * sd.size,
        options={"ftol": 1e-14, "gtol": 1e-9},
    )
    unique = np.exp(found.x)
    values, vectors = np.linalg.eigh(correlation / np.outer(np.sqrt(unique), np.sqrt(unique)))
    loadings = vectors[:, -1] * np.sqrt(max(values[-1] - 1, 0.0)) * np.sqrt(unique) * sd
    loadings = loadings * (1.0 if loadings.sum() >= 0 else -1.0)
    common = float(loadings.sum()) ** 2
    return common / (common + float(np.sum(unique * sd**2))), floats(loadings)


def _alpha(covariance: Floats) -> float:
    k = len(covariance)
    return float(k / (k - 1) * (1 - quotient(np.trace(covariance), covariance.sum())))


def _without(covariance: Floats, item: int) -> Floats:
    return np.delete(np.delete(covariance, item, axis=0), item, axis=1)


def _complete(items: npt.ArrayLike, clusters: npt.ArrayLike | None) -> tuple[Floats, Ints | None]:
    answers = floats(items)
    if answers.ndim != 2:
        raise ValueError(f"items have {answers.ndim} axes; give people x items")
    there = ~np.isnan(answers).any(axis=1)
    if clusters is None:
        return answers[there], None
    group = np.asarray(clusters)
    if group.shape != (len(answers),):
        raise ValueError(f"there are {len(answers)} people and {group.size} clusters; give as many of each")
    return answers[there], np.unique(group[there], return_inverse=True)[1].astype(np.int64)


def _of_clusters(answers: Floats, group: Ints, confidence: float, draws: int, seed: int) -> float:
    """Half an interval: covariances are made anew from the sums and products of the clusters drawn."""
    k, count = answers.shape[1], int(group.max()) + 1
    centred = answers - answers.mean(axis=0)
    products = (centred[:, :, None] * centred[:, None, :]).reshape(len(answers), k * k)
    columns = np.column_stack([np.ones(len(answers)), centred, products])
    sums = np.column_stack([np.bincount(group, weights=column, minlength=count) for column in columns.T])
    times = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), size=draws)
    drawn = times @ sums
    n, mean = drawn[:, :1], drawn[:, 1 : k + 1] / drawn[:, :1]
    second = (drawn[:, k + 1 :] / n).reshape(-1, k, k)
    covariance = second - mean[:, :, None] * mean[:, None, :]
    trace, whole = np.trace(covariance, axis1=1, axis2=2), covariance.sum(axis=(1, 2))
    again = k / (k - 1) * (1 - quotient(trace, whole))
    return float(student_quantile(count - 1, confidence)) * float(np.nanstd(again, ddof=1))


def _nothing(people: int, k: int) -> Reliability:
    nan = floats(np.nan)
    return Reliability(
        low=nan,
        high=nan,
        value=nan,
        people=people,
        without=np.full(k, np.nan),
        loadings=np.full(k, np.nan),
        assumed=("too few people or items",),
    )
