"""The roster tables of a zone, as a school system's own system would export them: who the students are."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from evenground.model import period_end
from evenground.sources.synthetic.after import After
from evenground.sources.synthetic.cells import of_students, same, school_ids
from evenground.sources.synthetic.learning_tables import learning_tables
from evenground.sources.synthetic.life import Life
from evenground.sources.synthetic.outcomes import Year
from evenground.sources.synthetic.people import RACE_FLAGS, TWO_VALUED, dimension_values
from evenground.sources.synthetic.plan import Plan
from evenground.sources.synthetic.rows import student_ids
from evenground.sources.synthetic.school_tables import school_tables
from evenground.sources.synthetic.world import World
from evenground.sources.synthetic.zone import ZoneYears

_GRADES = ("KG", *(f"{grade:02d}" for grade in range(1, 13)))
_SEXES = {"female": "F", "male": "M", "nonbinary": "X", "unknown": ""}
_FIRST_DAY, _LAST_DAY, _BEFORE_CENSUS, _LATE = (8, 14), (6, 6), (9, 9), (1, 16)
_MOVE_AFTER = (1, 29)


def year_tables(
    world: World, plan: Plan, made: ZoneYears, year: Year, life: Life
) -> list[tuple[str, pa.Table]]:
    """(table, rows) of a zone in a year."""
    ids = student_ids(made, year.person)
    period = world.periods(plan.years)[year.year]
    return [
        ("students", _students(world, made, year, ids, period)),
        ("enrollments", _enrollments(plan, made, year, ids, period)),
        *(("assessments", _assessments(year, ids, period, subject)) for subject in year.levels),
        ("attendance", _attendance(year, ids, period)),
        ("graduates", _graduates(plan, made, year, life.after, ids, period)),
        *learning_tables(world, plan, made, year, life, ids, period),
        *school_tables(world, plan, made, year, life, period),
    ]


def _students(world: World, made: ZoneYears, year: Year, ids: pa.Array, period: str) -> pa.Table:
    rows = year.enrolled | year.in_cohort
    person = year.person[rows]
    sexes = pa.array([_SEXES[value] or None for value in dimension_values(world)["sex"]])
    columns = {"student_id": ids.filter(pa.array(rows)), "school_year": same(period, len(person))}
    columns["sex"] = sexes.take(pa.array(made.people.codes["sex"][person]))
    flags = made.people.flags[person]
    answered = flags > 0
    for place, name in enumerate(RACE_FLAGS):
        columns[name] = pa.array((flags >> place & 1).astype(np.int8), mask=~answered)
    for dimension in TWO_VALUED:
        code = year.codes[dimension][rows]
        columns[dimension] = pa.array((code == 0).astype(np.int8), mask=code == 2)
    grades, places = year.grade[rows], year.place[rows]
    columns["direct_certified"] = pa.array(made.poverty.direct_certified[person].astype(np.int8))
    columns["meals"] = pa.array(made.poverty.meals(world, person, grades, places).astype(np.int8))
    columns["neighborhood_poverty"] = pa.array(np.round(made.people.area_poverty[person], 4))
    areas = [f"{made.zone.number + 1:05d}-{area + 1:03d}" for area in range(int(made.people.area.max()) + 1)]
    columns["home_area"] = pa.array(areas).take(pa.array(made.people.area[person]))
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
    other = _neighbor(made, year)
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


def _neighbor(made: ZoneYears, year: Year) -> npt.NDArray[np.int64]:
    """Another school of the zone: the next elementary one, or the other secondary school."""
    zone = made.zone
    beside = (made.people.elementary[year.person] + 1) % max(zone.elementary, 1)
    elementary = zone.place_in(beside, year.person, year.year)
    return np.where(year.grade <= 5, elementary, 2 * zone.elementary + 1 - year.place)


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
            "school_id": school_ids(plan, made, place[rows]),
            "school_year": same(period, n),
            "grade": pa.array(_GRADES).take(pa.array(year.grade[rows])),
            "entry_date": pa.array([entry], pa.date32()).take(pa.array(np.zeros(n, np.int8))),
            "exit_date": pa.array([leave], pa.date32()).take(pa.array(np.zeros(n, np.int8))),
            "exit_reason": _exit_reason(year, rows, leave),
        }
    )


def _exit_reason(year: Year, rows: npt.NDArray[np.bool_], leave: date) -> pa.Array:
    if (leave.month, leave.day) != _LAST_DAY:
        return same("transferred", int(rows.sum()))
    diploma = year.in_cohort[rows] & year.happened["graduated"][rows]
    return pa.array(["graduated", None], pa.string()).take(pa.array(np.where(diploma, 0, 1)))


def _assessments(year: Year, ids: pa.Array, period: str, subject: str) -> pa.Table:
    rows = year.levels[subject] > 0
    table = of_students(ids, np.flatnonzero(rows), period, subject=subject)
    table = table.append_column("level", pa.array(year.levels[subject][rows]))
    return table.append_column("score", pa.array(year.scores[subject][rows].astype(np.int32)))


def _attendance(year: Year, ids: pa.Array, period: str) -> pa.Table:
    rows = year.enrolled & (year.days_absent >= 0)
    table = of_students(ids, np.flatnonzero(rows), period)
    table = table.append_column("days_enrolled", pa.array(year.days_enrolled[rows]))
    return table.append_column("days_absent", pa.array(year.days_absent[rows]))


def _graduates(plan: Plan, made: ZoneYears, year: Year, after: After, ids: pa.Array, period: str) -> pa.Table:
    rows = year.in_cohort
    graduated = year.happened["graduated"][rows]
    return pa.table(
        {
            "student_id": ids.filter(pa.array(rows)),
            "cohort_year": same(period, int(rows.sum())),
            "school_id": school_ids(plan, made, year.place[rows]),
            "graduated": pa.array(graduated.astype(np.int8)),
            "ag_complete": pa.array((graduated & year.happened["ag_complete"][rows]).astype(np.int8)),
            "dropped_out": pa.array(after.dropped_out[rows].astype(np.int8)),
            "seal_of_biliteracy": pa.array(after.seal[rows].astype(np.int8)),
            "college_enrolled": pa.array(after.college[rows].astype(np.int8)),
        }
    )
