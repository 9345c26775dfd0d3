"""Inequality: how unevenly money lies over all students, in one number, and between and within regions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.columns import equal_length
from evenground.measures.estimate import Floats, Texts, floats, quiet, quotient
from evenground.measures.spread.districts import Districts, Spread


def coefficient_of_variation(
    amount: npt.ArrayLike,
    students: npt.ArrayLike,
    *,
    draws: int = 500,
    seed: int = 1,
    confidence: float = 0.95,
) -> Spread:
    """Standard deviation over mean of the students' money, sqrt(sum p (x - mu)^2)/mu; 0 is equal.

    Students, not districts, are counted. Source: the equity factor of ESEA 1125A is built on it.
    """
    places = Districts.of(amount, students)

    def measure(weights: Floats) -> Floats:
        total = weights.sum(axis=1)
        mean = quotient(weights @ places.amount, total)
        around = np.einsum("kd,kd->k", weights, (places.amount - mean[:, None]) ** 2)
        return quotient(np.sqrt(quotient(around, total)), mean)

    return places.measured(measure, draws=draws, seed=seed, confidence=confidence)


def gini(
    amount: npt.ArrayLike,
    students: npt.ArrayLike,
    *,
    draws: int = 500,
    seed: int = 1,
    confidence: float = 0.95,
) -> Spread:
    """1 - sum (L_i + L_(i-1))(P_i - P_(i-1)) along the Lorenz curve: 0 is equal, 1 is all for one.

    Source: Gini (1912); Berne and Stiefel (1984).
    """
    places = Districts.of(amount, students)

    def measure(weights: Floats) -> Floats:
        money = np.cumsum(weights * places.amount, axis=1)
        before = money - weights * places.amount
        area = np.einsum("kd,kd->k", money + before, weights)
        # Equal money is 0, and not the rounding beside it.
        return np.maximum(1 - quotient(area, money[:, -1] * weights.sum(axis=1)), 0.0)

    return places.measured(measure, draws=draws, seed=seed, confidence=confidence, most=1.0)


@dataclass(frozen=True)
class Theil(Spread):
    """Theil's T = `between` + `within`, and by `groups`: mean money, share of the money, T inside, what adds.

    between_by_group, within_by_group   sum to the two parts
    """

    between: Spread
    within: Spread
    groups: Texts
    mean: Floats
    share: Floats
    inside: Floats
    between_by_group: Floats
    within_by_group: Floats


def theil(
    amount: npt.ArrayLike,
    students: npt.ArrayLike,
    group: npt.ArrayLike | None = None,
    *,
    draws: int = 500,
    seed: int = 1,
    confidence: float = 0.95,
) -> Theil:
    """sum p (x/mu) ln(x/mu), split between and within groups of districts (regions, kinds, counties).

    T = sum s_g ln(mu_g/mu) + sum s_g T_g, s_g the group's share of the money. 0 is equal; natural logarithms;
    a district without money adds 0. Source: Theil (1967), Economics and Information Theory; Shorrocks (1980).
    """
    places = Districts.of(amount, students)
    label = np.zeros(np.size(amount)) if group is None else np.asarray(group)
    equal_length(amount=amount, group=label)
    names, place = np.unique(label[places.kept].astype(str), return_inverse=True)
    inside = np.eye(names.size)[place]

    def parts(weights: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """Mean money, share of the money, T between and T inside, each (k, groups)."""
        people, money = weights @ inside, (weights * places.amount) @ inside
        mean = quotient(money, people)
        share = quotient(money, money.sum(axis=1, keepdims=True))
        whole = quotient(money.sum(axis=1, keepdims=True), people.sum(axis=1, keepdims=True))
        between = share * _log(quotient(mean, whole))
        logs = (weights * places.amount * _log(places.amount)[None, :]) @ inside
        within = quotient(logs, money) - _log(mean)
        return mean, share, np.nan_to_num(between), np.where(money > 0, within, 0.0)

    found = parts(places.students[None, :])
    mean, share, between, within = (column[0] for column in found)

    def of(which: str) -> Spread:
        def measure(weights: Floats) -> Floats:
            _, shares, across, among = parts(weights)
            total = {"between": across, "within": shares * among, "all": across + shares * among}[which]
            return np.asarray(np.maximum(np.nansum(total, axis=1), 0.0))

        return places.measured(measure, draws=draws, seed=seed, confidence=confidence)

    total = of("all")
    return Theil(
        low=total.low,
        high=total.high,
        value=total.value,
        districts=total.districts,
        students=total.students,
        left_out=total.left_out,
        assumed=total.assumed,
        between=of("between"),
        within=of("within"),
        groups=names,
        mean=mean,
        share=share,
        inside=within,
        between_by_group=between,
        within_by_group=floats(np.nan_to_num(share * within)),
    )


@quiet
def _log(value: Floats) -> Floats:
    """Natural logarithm; 0 where there is no money, which x ln x counts as nothing."""
    return np.asarray(np.where(value > 0, np.log(value), 0.0))
