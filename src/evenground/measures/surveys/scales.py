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
    quiet,
    quotient,
    student_quantile,
    tails,
)
from evenground.measures.surveys import factor


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
    items: npt.ArrayLike, *, clusters: npt.ArrayLike | None = None, confidence: float = 0.95
) -> Reliability:
    """Cronbach's alpha, k/(k - 1) (1 - sum of the items' variances/variance of their sum).

    `items`: people x items, all scored in one direction; who left an item out does not count. Interval:
    Feldt's, from the F distribution (items equally good); with `clusters` (schools) Student's, with the
    linearised standard error, summed over clusters. NaN with fewer than two items or three people.
    Source: Cronbach (1951), Psychometrika 16:297-334; Feldt (1965), Psychometrika 30:357-370.
    """
    answers, group = _complete(items, clusters)
    people, k = answers.shape
    if k < 2 or people < 3:
        return _nothing(people, k)
    covariance = np.cov(answers, rowvar=False)
    value = _alpha(covariance)
    if group is None:
        df = (people - 1, (people - 1) * (k - 1))
        low, high = (1 - (1 - value) * float(special.fdtri(*df, q)) for q in tails(confidence)[::-1])
        notes = ("people are independent", "items are equally good")
    else:
        whole = covariance.sum()
        slope = k / (k - 1) * (np.trace(covariance) / whole**2 - np.eye(k) / whole)
        half = _half(answers, slope, group, confidence)
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
def omega(
    items: npt.ArrayLike, *, clusters: npt.ArrayLike | None = None, confidence: float = 0.95
) -> Reliability:
    """McDonald's omega: (sum of loadings)^2/((sum of loadings)^2 + sum of the unique variances).

    `items` as for `alpha`. One factor is fitted to the covariances by maximum likelihood; unlike for alpha,
    items may be unequally good. Interval: from the linearised standard error, which needs no normal answers;
    normal, or Student's where `clusters` are given. NaN with fewer than three items. One factor is assumed,
    not tested: look at the `loadings`.
    Source: McDonald (1999), Test Theory, chapter 6; Yuan and Bentler (2002), Psychometrika 67:251-259.
    """
    answers, group = _complete(items, clusters)
    people, k = answers.shape
    if k < 3 or people <= k:
        return _nothing(people, k)
    covariance = np.cov(answers, rowvar=False)
    value, loadings = factor.omega(covariance)
    half = _half(answers, factor.slope_of_omega(covariance), group, confidence)
    rest = [factor.omega(_without(covariance, i))[0] for i in range(k)] if k > 3 else [np.nan] * k
    who = "people are independent" if group is None else "clusters are independent"
    return Reliability(
        low=floats(value - half),
        high=floats(np.minimum(value + half, 1.0)),
        value=floats(value),
        people=people,
        without=floats(rest),
        loadings=loadings,
        assumed=(who, "one factor", "who left an item out is like the others"),
    )


def _half(answers: Floats, slope: Floats, group: Ints | None, confidence: float) -> float:
    """Half an interval of a coefficient that moves by `slope` with the covariances, from what each adds."""
    centred = answers - answers.mean(axis=0)
    part = np.einsum("pi,ij,pj->p", centred, slope, centred, optimize=True)
    part = part - part.mean()
    people = part.size
    if group is not None:
        part = np.bincount(group, weights=part)
    count = part.size
    error = float(np.sqrt(np.sum(part**2) * count / (count - 1))) / people
    df = np.inf if group is None else count - 1.0
    return float(student_quantile(df, confidence) * error)


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
