"""Answers within schools: how alike they are, and whether a school's mean can be told from others'."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from evenground.measures.columns import equal_length, not_negative
from evenground.measures.estimate import Estimate, Floats, floats, quiet, quotient, tails


@dataclass(frozen=True)
class Icc(Estimate):
    """ICC(1): the share of the differences between people that lies between schools. `mean_reliability` is
    ICC(2), how reliably a school's mean tells schools apart, with its interval; `size` the size of a school
    that the formulas use, `schools` how many have answers."""

    mean_reliability: Estimate
    size: Floats
    schools: int


@quiet
def icc(n: npt.ArrayLike, total: npt.ArrayLike, total_sq: npt.ArrayLike, confidence: float = 0.95) -> Icc:
    """ICC(1) = (MSB - MSW)/(MSB + (m - 1) MSW), ICC(2) = (MSB - MSW)/MSB, by one-way analysis of variance.

    One row a school: people, the sum of their answers, the sum of the squares. m = (N - sum n^2/N)/(k - 1) is
    the mean size where sizes are equal. Intervals from the F distribution, exact for equal sizes and normal
    answers. Below 0: schools are more alike than chance would make them. NaN with fewer than two schools.
    Source: Shrout and Fleiss (1979), Psychological Bulletin 86:420-428; Bliese (2000), in Klein and
    Kozlowski, Multilevel Theory, Research, and Methods in Organizations.
    """
    equal_length(n=n, total=total, total_sq=total_sq)
    sums = floats(total)
    size, squares = not_negative(n=n, total_sq=total_sq)
    there = (size > 0) & ~np.isnan(sums + squares)
    size, sums, squares = size[there], sums[there], squares[there]
    people, k = float(size.sum()), int(size.size)
    mean = float(quotient(sums.sum(), people))
    between = float(np.sum(size * (sums / size - mean) ** 2))
    within = float(squares.sum() - np.sum(sums**2 / size))
    df = (k - 1, people - k)
    if df[0] < 1 or df[1] < 1 or not within > 0:
        nan = floats(np.nan)
        why = ("two schools and a spread within them are needed",)
        none = Estimate(low=nan, high=nan, value=nan, assumed=why)
        return Icc(nan, nan, nan, mean_reliability=none, size=nan, schools=k, assumed=why)
    m = (people - float(np.sum(size**2)) / people) / df[0]
    f = between / df[0] / (within / df[1])
    # F over its own quantiles is what F would be without chance.
    bounds = [f / float(special.fdtri(*df, q)) for q in tails(confidence)[::-1]]
    first = [(x - 1) / (x + m - 1) for x in bounds]
    second = [quotient(x - 1, x) for x in bounds]
    notes = ("people are independent within schools", "answers are normal with one spread")
    return Icc(
        low=floats(first[0]),
        high=floats(first[1]),
        value=floats((f - 1) / (f + m - 1)),
        mean_reliability=Estimate(low=second[0], high=second[1], value=quotient(f - 1, f), assumed=notes),
        size=floats(m),
        schools=k,
        assumed=notes,
    )


@dataclass(frozen=True)
class WithinAgreement(Estimate):
    """r_wg of each group of people, in the order of `groups`; `people` who answered all items."""

    groups: npt.NDArray[np.generic]
    people: Floats


@quiet
def r_wg(group: npt.ArrayLike, items: npt.ArrayLike, *, options: int) -> WithinAgreement:
    """How far the people of a school agree with each other, for a scale of J items with `options` answers.

    r_wg(J) = J (1 - v/e)/(J (1 - v/e) + v/e): v the mean over items of the variance in the group, e = (A^2 -
    1)/12 the variance if all A answers were given alike often. 1: all answer the same. 0 where v > e, as
    usual; NaN for one person. `items`: people x items (or one column); who left an item out does not count.
    No interval: it describes those who answered.
    Source: James, Demaree and Wolf (1984), Journal of Applied Psychology 69:85-98.
    """
    answers = floats(items)
    answers = answers[:, None] if answers.ndim == 1 else answers
    which = np.asarray(group)
    if which.shape != (len(answers),):
        raise ValueError(f"there are {len(answers)} people and {which.size} groups; give as many of each")
    if options < 2:
        raise ValueError(f"{options} answers are possible; agreement needs two or more")
    groups, code = np.unique(which, return_inverse=True)
    there = ~np.isnan(answers).any(axis=1)
    code, answers = code[there], answers[there]
    answers = answers - answers.mean(axis=0, keepdims=True) if answers.size else answers
    people = floats(np.bincount(code, minlength=groups.size))
    j = answers.shape[1]
    spread = np.zeros(groups.size)
    for item in answers.T:
        first = np.bincount(code, weights=item, minlength=groups.size)
        second = np.bincount(code, weights=item**2, minlength=groups.size)
        spread += np.maximum(second - quotient(first**2, people), 0.0)
    spread = quotient(spread, (people - 1) * j)
    part = spread / ((options**2 - 1) / 12)
    value = np.where(part > 1, 0.0, j * (1 - part) / (j * (1 - part) + part))
    value = np.where(people > 1, value, np.nan)
    nan = np.full(groups.size, np.nan)
    notes = ("who answers without thought gives all answers alike often", "those who answered are meant")
    return WithinAgreement(low=nan, high=nan, value=value, groups=groups, people=people, assumed=notes)
