"""Resources for students, as each group meets them: counsellors, nurses, seats, dollars."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.clustered import Clustered
from evenground.measures.columns import equal_length, not_negative
from evenground.measures.estimate import floats, quotient
from evenground.measures.teaching.exposure import Exposure, exposure


@dataclass(frozen=True)
class Resource:
    """What students of each group have in their schools.

    per       the resource per `per` students of their school, as the group's students meet it
    without   the share of the group's students whose school has none at all
    """

    per: Exposure
    without: Exposure

    @property
    def gap(self) -> Clustered:
        """Each group's resource per student minus its reference's."""
        return self.per.gap


def resource(
    students: npt.ArrayLike,
    amount: npt.ArrayLike,
    group: npt.ArrayLike,
    school: npt.ArrayLike,
    *,
    per: float = 1.0,
    reference: str = "others",
    confidence: float = 0.95,
) -> Resource:
    """`amount` of a school over all its students, times `per`, as each group meets it.

    One row a school and group, with the school's `amount` (counsellors, dollars) in each of its rows; the
    school's students are the sum of its rows. Counsellors *per* 1,000 students and not students per
    counsellor: a school without any would make the latter endless, and most means of it are of the schools
    that have one. NaN: not reported. Raises ValueError where a school's rows name two amounts.
    """
    equal_length(students=students, amount=amount, group=group, school=school)
    people, held = not_negative(students=students, amount=amount)
    ids, place = np.unique(np.asarray(school), return_inverse=True)
    most, least = np.full(ids.size, -np.inf), np.full(ids.size, np.inf)
    np.maximum.at(most, place, np.where(np.isnan(held), np.inf, held))
    np.minimum.at(least, place, np.where(np.isnan(held), np.inf, held))
    if (most != least).any():
        raise ValueError(
            f"{int((most != least).sum())} schools have more than one amount, the first is "
            f"{ids[np.flatnonzero(most != least)[0]]}; give the school's amount in each of its rows"
        )
    enrolled = floats(np.bincount(place, weights=people, minlength=ids.size))
    each = quotient(held, enrolled[place]) * per
    none = np.where(np.isnan(held), np.nan, held == 0)
    level, without = (
        exposure(people, column, group, school, reference=reference, confidence=confidence)
        for column in (each, none)
    )
    return Resource(per=level, without=without)
