"""The roster tables of a zone, as a school system's own system would export them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from evenground.model import period_end
from evenground.sources.synthetic.outcomes import Year
from evenground.sources.synthetic.people import RACE_FLAGS, TWO_VALUED, dimension_values
from evenground.sources.synthetic.plan import Plan
from evenground.sources.synthetic.rows import student_ids
from evenground.sources.synthetic.world import World
from evenground.sources.synthetic.zone import ZoneYears

_GRADES = ("KG", *(f"{grade:02d}" for grade in range(1, 13)))
_SEXES = {"female": "F", "male": "M", "nonbinary": "X", "unknown": ""}
_FIRST_DAY, _LAST_DAY, _BEFORE_CENSUS, _LATE = (8, 14), (6, 6), (9, 9), (1, 16)
_MOVE_AFTER = (1, 29)
_COURSES = (("ap_course", "AP1", "ap"), ("other_advanced", "DE1", "dual_enrollment"))
_CONSEQUENCES = (
    ("suspended", "out_of_school_suspension"),
    ("in_school_removal", "in_school_suspension"),
    ("expelled", "expulsion"),
)

Tables = dict[str, pa.Table]


def zone_tables(world: World, plan: Plan, made: ZoneYears) -> list[tuple[str, pa.Table]]:
    """(table, rows) of a zone, year after year."""
    periods = world.periods(plan.years)
    found: list[tuple[str, pa.Table]] = []
    for year in made.years:
        ids = student_ids(made, year.person)
        period = periods[year.year]
        found.append(("students", _students(world, made, year, ids, period)))
        found.append(("enrollments", _enrollments(plan, made, year, ids, period)))
        found.append(("courses", _courses(year, ids, period)))
        found.extend(("assessments", _assessments(year, ids, period, subject)) for subject in year.levels)
        found.append(("attendance", _attendance(year, ids, period)))
        found.append(("incidents", _incidents(year, ids, period)))
        found.append(("graduates", _graduates(plan, made, year, ids, period)))
        found.append(("staff", _staff(plan, made, year, period)))
        found.append(("finance", _finance(plan, made, year, period)))
    return found


def schools_table(plan: Plan) -> pa.Table:
    names = ("school_id", "school_name", "district_id", "district_name")
    return pa.table(dict(zip(names, map(pa.array, zip(*plan.school_rows(), strict=True)), strict=True)))


def _students(world: World, made: ZoneYears, year: Year, ids: pa.Array, period: str) -> pa.Table:
    rows = year.enrolled | year.in_cohort
    person = year.person[rows]
    sexes = pa.array([_SEXES[value] or None for value in dimension_values(world)["sex"]])
    columns = {"student_id": ids.filter(pa.array(rows)), "school_year": _same(period, len(person))}
    columns["sex"] = sexes.take(pa.array(made.people.codes["sex"][person]))
    flags = made.people.flags[person]
    answered = flags > 0
    for place, name in enumerate(RACE_FLAGS):
        columns[name] = pa.array((flags >> place & 1).astype(np.int8), mask=~answered)
    for dimension in TWO_VALUED:
        code = made.people.codes[dimension][person]
        columns[dimension] = pa.array((code == 0).astype(np.int8), mask=code == 2)
    return pa.table(columns)


def _enrollments(plan: Plan, made: ZoneYears, year: Year, ids: pa.Array, period: str) -> pa.Table:
    """One stay for most; who moves has a second one, before census day or in the spring."""
    start, end = period_end(period) - 1, period_end(period)
    first, last = date(start, *_FIRST_DAY), date(end, *_LAST_DAY)
    early = year.moves & (year.person % 2 == 0)
    spring = year.moves & (year.person % 2 == 1)
    late = year.enrolled & ~year.on_census_day
    one_day = timedelta(days=1)
    settled, moved = date(start, *_BEFORE_CENSUS), date(end, *_MOVE_AFTER)
    other = _neighbor(made, year.place)
    stays = (
        (year.enrolled & ~year.moves & ~late, year.place, first, last),
        (late, year.place, date(end, *_LATE), last),
        (early, other, first, settled - one_day),
        (early, year.place, settled, last),
        (spring, year.place, first, moved),
        (spring, other, moved + one_day, last),
    )
    parts = [_stay(plan, made, year, ids, period, *stay) for stay in stays]
    return pa.concat_tables(parts)


def _neighbor(made: ZoneYears, place: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Another school of the zone: the next elementary one, or the other secondary school."""
    return np.where(
        place < made.zone.elementary,
        (place + 1) % max(made.zone.elementary, 1),
        2 * made.zone.elementary + 1 - place,
    )


def _stay(
    plan: Plan,
    made: ZoneYears,
    year: Year,
    ids: pa.Array,
    period: str,
    rows: npt.NDArray[np.bool_],
    place: npt.NDArray[np.int64],
    entry: date,
    leave: date,
) -> pa.Table:
    n = int(rows.sum())
    return pa.table(
        {
            "student_id": ids.filter(pa.array(rows)),
            "school_id": _schools(plan, made, place[rows]),
            "school_year": _same(period, n),
            "grade": pa.array(_GRADES).take(pa.array(year.grade[rows])),
            "entry_date": pa.array([entry], pa.date32()).take(pa.array(np.zeros(n, np.int8))),
            "exit_date": pa.array([leave], pa.date32()).take(pa.array(np.zeros(n, np.int8))),
        }
    )


def _courses(year: Year, ids: pa.Array, period: str) -> pa.Table:
    kinds = [(year.happened[name] & year.enrolled, code, kind) for name, code, kind in _COURSES]
    mathematics = year.happened["algebra_1"] & year.enrolled
    kinds.append((mathematics & (year.grade <= 9), "M1", "algebra_1"))
    kinds.append((mathematics & (year.grade > 9), "M2", "higher_mathematics"))
    return pa.concat_tables(
        [_events(ids, rows, period, course_code=code, course_type=kind) for rows, code, kind in kinds]
    )


def _assessments(year: Year, ids: pa.Array, period: str, subject: str) -> pa.Table:
    rows = year.levels[subject] > 0
    table = _events(ids, rows, period, subject=subject)
    table = table.append_column("level", pa.array(year.levels[subject][rows]))
    return table.append_column("score", pa.array(year.scores[subject][rows].astype(np.int32)))


def _attendance(year: Year, ids: pa.Array, period: str) -> pa.Table:
    rows = year.enrolled & (year.days_absent >= 0)
    table = _events(ids, rows, period)
    table = table.append_column("days_enrolled", pa.array(year.days_enrolled[rows]))
    return table.append_column("days_absent", pa.array(year.days_absent[rows]))


def _incidents(year: Year, ids: pa.Array, period: str) -> pa.Table:
    first = date(period_end(period), 2, 1)
    parts = []
    for name, consequence in _CONSEQUENCES:
        rows = year.happened[name] & year.enrolled
        days = (year.person[rows] * 7 % 90).astype("timedelta64[D]")
        table = _events(ids, rows, period).append_column("date", pa.array(np.datetime64(first) + days))
        parts.append(table.append_column("consequence", _same(consequence, table.num_rows)))
    return pa.concat_tables(parts)


def _graduates(plan: Plan, made: ZoneYears, year: Year, ids: pa.Array, period: str) -> pa.Table:
    rows = year.in_cohort
    graduated = year.happened["graduated"][rows]
    return pa.table(
        {
            "student_id": ids.filter(pa.array(rows)),
            "cohort_year": _same(period, int(rows.sum())),
            "school_id": _schools(plan, made, year.place[rows]),
            "graduated": pa.array(graduated.astype(np.int8)),
            "ag_complete": pa.array((graduated & year.happened["ag_complete"][rows]).astype(np.int8)),
        }
    )


def _staff(plan: Plan, made: ZoneYears, year: Year, period: str) -> pa.Table:
    teachers = made.teachers[year.year]
    n = len(teachers.place)
    return pa.table(
        {
            "staff_id": pa.array([f"T{made.zone.number:05d}{number:05d}" for number in range(n)]),
            "school_id": _schools(plan, made, teachers.place),
            "school_year": _same(period, n),
            "fte": pa.array(teachers.fte),
            "years_experience": pa.array(teachers.years_experience),
            "fully_certified": pa.array(teachers.certified.astype(np.int8)),
        }
    )


def _finance(plan: Plan, made: ZoneYears, year: Year, period: str) -> pa.Table:
    schools = np.arange(made.zone.schools)
    return pa.table(
        {
            "school_id": _schools(plan, made, schools),
            "school_year": _same(period, len(schools)),
            "spending": pa.array(made.spending[year.year]),
        }
    )


def _events(ids: pa.Array, rows: npt.NDArray[np.bool_], period: str, **same: str) -> pa.Table:
    n = int(rows.sum())
    columns = {"student_id": ids.filter(pa.array(rows)), "school_year": _same(period, n)}
    return pa.table({**columns, **{name: _same(value, n) for name, value in same.items()}})


def _schools(plan: Plan, made: ZoneYears, place: npt.NDArray[np.int64]) -> pa.Array:
    names: Sequence[str] = [
        plan.school_id(made.zone.first_school + school) for school in range(made.zone.schools)
    ]
    return pa.array(names).take(pa.array(place))


def _same(value: str, n: int) -> pa.Array:
    return pa.repeat(pa.scalar(value), n)
