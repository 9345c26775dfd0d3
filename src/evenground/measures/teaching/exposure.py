"""Exposure: what the schools (or classes) that a group attends have, as its students meet it.

Of the teachers of the average Black student, how many are new? Rows are classes or schools by group; a
school's number counts for a group as often as the group has students there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.clustered import Clustered, Counted, linear
from evenground.measures.columns import equal_length, known_name, not_negative
from evenground.measures.estimate import Floats, Texts, quotient


@dataclass(frozen=True)
class Exposure(Clustered):
    """The mean as each group's students meet it; arrays by `groups`.

    students   of each group in rows with a known value
    covered    their share of all the group's students: below 1 where a school did not report
    gap        each group minus its reference, with interval; ratio: over it
    reference  the group compared with, "others" for everybody but the group
    """

    groups: Texts
    students: Floats
    covered: Floats
    gap: Clustered
    ratio: Clustered
    reference: str

    def of(self, group: str) -> int:
        """The place of a group; ValueError with the groups that are there."""
        return known_name(group, self.groups, "group")


def exposure(
    students: npt.ArrayLike,
    value: npt.ArrayLike,
    group: npt.ArrayLike,
    cluster: npt.ArrayLike,
    *,
    reference: str = "others",
    weights: npt.ArrayLike | None = None,
    confidence: float = 0.95,
) -> Exposure:
    """sum N_gs q_s / sum N_gs: a share or number `value` of schools or classes as each group meets it.

    One row a school (or class) and group: its `students`, the `value` there (the share of teachers who are
    new, out of field, without full certificate, often absent, leaving; or any number), and the `cluster` that
    is drawn as one: the school, or the district where schools of a district go together. A NaN value is a
    school that did not report: its students count in `covered` only. `weights` are a survey's, one a row.

    Intervals by linearisation over clusters, Student's t with the clusters of the group; the ratio's on the
    log scale. All of a school's students share its value unless rows are classes: gaps inside a school need
    those. Source: ESEA 1111(g)(1)(B) asks the question; the variance is that of a ratio mean (Särndal,
    Swensson, Wretman 1992, 5.7).
    """
    equal_length(students=students, value=value, group=group, cluster=cluster)
    (people,) = not_negative(students=students)
    heavy = people
    if weights is not None:
        equal_length(students=students, weights=weights)
        heavy = people * not_negative(weights=weights)[0]
    sums = Counted.of(heavy, value, group, cluster)
    found = linear(sums.people, sums.total)
    if reference == "others":
        base = linear(*(column.sum(axis=1, keepdims=True) - column for column in (sums.people, sums.total)))
    else:
        base = found.take(np.full(sums.groups.size, known_name(reference, sums.groups, "group")))
    assumed = () if weights is None else ("weights are inverse chances of being drawn",)
    level = found.estimate(confidence, assumed)
    reported = sums.people.sum(axis=0)
    return Exposure(
        low=level.low,
        high=level.high,
        value=level.value,
        error=level.error,
        clusters=level.clusters,
        groups=sums.groups,
        students=reported,
        covered=quotient(reported, sums.everybody.sum(axis=0)),
        gap=found.minus(base).estimate(confidence, assumed),
        ratio=found.over(base, confidence, assumed),
        reference=reference,
        assumed=level.assumed,
    )
