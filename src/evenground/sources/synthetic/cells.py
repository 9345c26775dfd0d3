"""Columns that many tables share: students, schools, one value in every row."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from evenground.sources.synthetic.plan import Plan
from evenground.sources.synthetic.zone import ZoneYears


def of_students(ids: pa.Array, rows: npt.NDArray[np.int64], period: str, **repeated: str) -> pa.Table:
    """student_id and school_year of the students at `rows`, and columns that are the same in every row."""
    columns = {"student_id": ids.take(pa.array(rows)), "school_year": same(period, len(rows))}
    return pa.table({**columns, **{name: same(value, len(rows)) for name, value in repeated.items()}})


def school_ids(plan: Plan, made: ZoneYears, place: npt.NDArray[np.int64]) -> pa.Array:
    names = [plan.school_id(made.zone.first_school + school) for school in range(made.zone.schools)]
    return pa.array(names).take(pa.array(place))


def named(names: list[str] | tuple[str, ...], code: npt.NDArray[np.int64]) -> pa.Array:
    """Names by their places; -1 is empty."""
    return pa.array([*names, None], pa.string()).take(pa.array(np.where(code < 0, len(names), code)))


def flag(value: npt.NDArray[np.bool_]) -> pa.Array:
    return pa.array(value.astype(np.int8))


def same(value: str, n: int) -> pa.Array:
    return pa.repeat(pa.scalar(value), n)
