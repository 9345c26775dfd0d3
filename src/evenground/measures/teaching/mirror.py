"""Mirror: do the adults in a school come from the same groups as its students?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures import rate
from evenground.measures.columns import equal_length, not_negative
from evenground.measures.estimate import Estimate, Floats, floats, quotient


@dataclass(frozen=True)
class Mirror(Estimate):
    """Teachers' share over students' share of each row's group, 1 where the staff mirrors the students.

    teacher_share, student_share   of each row's group in its unit
    students_per_teacher           students of the group for each teacher of it; NaN where there is none
    """

    teacher_share: Floats
    student_share: Floats
    students_per_teacher: Floats


def mirror(
    teachers: npt.ArrayLike,
    students: npt.ArrayLike,
    group: npt.ArrayLike,
    unit: npt.ArrayLike | None = None,
    *,
    confidence: float = 0.95,
) -> Mirror:
    """(t_g/T)/(s_g/S) of each row. One row a unit and group; `teachers` may be full-time equivalents.

    Interval: Wilson's of the teachers' share, over the students' share, which is counted; so there is one
    where a group has no teacher. NaN where a group has no student. A unit in which a group is missing (NaN)
    has no answer. Source: the "representation" or "teacher-student racial parity" ratio of state equity
    plans.
    """
    equal_length(teachers=teachers, students=students, group=group, unit=group if unit is None else unit)
    staff, people = not_negative(teachers=teachers, students=students)
    places = np.zeros(staff.size) if unit is None else np.asarray(unit)
    _, place = np.unique(places, return_inverse=True)
    all_staff, all_people = (
        floats(np.bincount(place, weights=column))[place] if column.size else column
        for column in (staff, people)
    )
    bounds = rate.wilson(staff, all_staff, confidence)
    share, of_students = quotient(staff, all_staff), quotient(people, all_people)
    return Mirror(
        low=quotient(bounds.low, of_students),
        high=quotient(bounds.high, of_students),
        value=quotient(share, of_students),
        teacher_share=share,
        student_share=of_students,
        students_per_teacher=quotient(people, staff),
        assumed=("teachers are hired independently of each other", "students' shares are counted"),
    )
