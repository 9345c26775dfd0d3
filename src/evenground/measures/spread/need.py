"""Money against need: what a school has, beside what its mix of students would bring it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.columns import equal_length, not_negative
from evenground.measures.estimate import Floats, floats, quotient


@dataclass(frozen=True)
class NeedIndex:
    """Actual over expected of each school (or district): 1 is its fair share under these weights.

    index                  actual/expected; NaN where either is not known
    expected, actual       in all, in the units of the amount; expected sums to what is there
    expected_per_student, actual_per_student, difference_per_student   actual minus expected
    each                   what one student of weight 1 brings
    """

    index: Floats
    expected: Floats
    actual: Floats
    expected_per_student: Floats
    actual_per_student: Floats
    difference_per_student: Floats
    each: float
    assumed: tuple[str, ...]


def need_index(
    amount: npt.ArrayLike,
    students: npt.ArrayLike,
    needs: npt.ArrayLike,
    weights: npt.ArrayLike,
) -> NeedIndex:
    """actual/expected for this mix of students, the same total shared out by weight.

    One row a school: its `amount` (all of its money, not per student), its `students`, and `needs` (schools,
    k), how many of them are in each of k groups with further needs, which may overlap. `weights` (k) are what
    such a student needs more, as a part of any student's share: .4 is 40 % more. Expected of school s = sum
    of all amounts x (n_s + sum_k weights_k n_sk)/(the same over all schools). Schools with a missing number
    take no part, on either side. There is no interval: the amounts are counted, the weights are a judgement,
    which is why they are an argument. Raises ValueError where a need counts more students than there are.
    Source: the weighted-student index of resource equity (actual over expected dollars).
    """
    equal_length(amount=amount, students=students)
    money, people = not_negative(amount=amount, students=students)
    many, further = floats(needs).reshape(money.size, -1), np.atleast_1d(floats(weights))
    if further.shape != (many.shape[1],):
        raise ValueError(f"{further.size} weights for {many.shape[1]} needs; give one a need")
    beyond = (many < 0) | (many > people[:, None])
    if beyond.any():
        raise ValueError(
            f"{int(beyond.any(axis=1).sum())} schools have a need of fewer than 0 or more than all their "
            f"students, the first is row {int(np.flatnonzero(beyond.any(axis=1))[0])}"
        )
    known = np.isfinite(money) & np.isfinite(people) & np.isfinite(many).all(axis=1)
    weighted = np.where(known, people + many @ further, np.nan)
    total = float(np.sum(money[known]))
    each = float(quotient(total, np.nansum(weighted)))
    expected = each * weighted
    actual = np.where(known, money, np.nan)
    per, mine = quotient(expected, people), quotient(actual, people)
    return NeedIndex(
        index=quotient(actual, expected),
        expected=expected,
        actual=actual,
        expected_per_student=per,
        actual_per_student=mine,
        difference_per_student=mine - per,
        each=each,
        assumed=("the weights are a judgement of need", "the money that is there is shared out, not more"),
    )
