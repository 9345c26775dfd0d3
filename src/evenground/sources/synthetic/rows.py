"""Student-years of a made-up system as Arrow tables: the fast path that needs no roster folder."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from evenground.sources.roster import roster_format
from evenground.sources.synthetic.outcomes import Year
from evenground.sources.synthetic.people import RACE_FLAGS, TWO_VALUED, dimension_values
from evenground.sources.synthetic.plan import GRADES, Plan
from evenground.sources.synthetic.world import World
from evenground.sources.synthetic.zone import ZoneYears

_PEOPLE_A_ZONE = 10_000_000
GRADE_KEYS = ("kg", *(f"g{grade:02d}" for grade in range(1, GRADES)))
_FLAG_TEXTS = pa.array(
    [
        "|".join(name for place, name in enumerate(RACE_FLAGS) if bits >> place & 1)
        for bits in range(1 << len(RACE_FLAGS))
    ]
)


def student_ids(made: ZoneYears, person: npt.NDArray[np.int64]) -> pa.Array:
    """Made-up ids with leading zeros."""
    number = made.zone.number * _PEOPLE_A_ZONE + person + 1
    return pc.utf8_lpad(pc.cast(pa.array(number), pa.string()), 12, "0")


def zone_rows(world: World, plan: Plan, made: ZoneYears) -> Iterator[pa.Table]:
    """The student-years of a zone: one table a school, in order, sorted by year and student."""
    periods = world.periods(plan.years)
    orders = [_order(year) for year in made.years]
    tables = [
        _year_rows(world, plan, made, year, rows, periods)
        for year, rows in zip(made.years, orders, strict=True)
    ]
    schools = np.arange(made.zone.schools + 1)
    starts = [
        np.searchsorted(year.place[rows], schools) for year, rows in zip(made.years, orders, strict=True)
    ]
    for place in range(made.zone.schools):
        yield pa.concat_tables(
            table.slice(int(start[place]), int(start[place + 1] - start[place]))
            for table, start in zip(tables, starts, strict=True)
        )


def _order(year: Year) -> npt.NDArray[np.int64]:
    """Places of the students who are in the file, school by school."""
    rows = np.flatnonzero(year.enrolled | year.in_cohort)
    return rows[np.argsort(year.place[rows], kind="stable")]


def _year_rows(
    world: World,
    plan: Plan,
    made: ZoneYears,
    year: Year,
    rows: npt.NDArray[np.int64],
    periods: tuple[str, ...],
) -> pa.Table:
    person, place = year.person[rows], year.place[rows]
    n = len(person)
    census, enrolled, cohort = year.on_census_day[rows], year.enrolled[rows], year.in_cohort[rows]
    school_ids = [plan.school_id(made.zone.first_school + school) for school in range(made.zone.schools)]
    columns: dict[str, pa.Array] = {
        "student_id": student_ids(made, person),
        "period": _coded(np.full(n, year.year), periods),
        "district_id": _coded(np.zeros(n, np.int8), (plan.district_id(made.zone.district),)),
        "school_id": _coded(place, school_ids),
        "grade": _coded(year.grade[rows], GRADE_KEYS),
        "grade_band": _coded(*_bands(year.grade[rows])),
    }
    values = dimension_values(world)
    columns["race_ethnicity"] = _coded(year.codes["race_ethnicity"][rows], values["race_ethnicity"])
    columns["race_flags"] = pa.DictionaryArray.from_arrays(
        pa.array(made.people.flags[person].astype(np.int16)), _FLAG_TEXTS
    )
    for dimension in ("sex", *TWO_VALUED):
        columns[dimension] = _coded(year.codes[dimension][rows], values[dimension])
    happened = {name: value[rows] for name, value in year.happened.items()}
    columns["on_census_day"] = _small(census, np.ones(n, bool))
    columns["ap_course"] = _small(happened["ap_course"], census)
    columns["advanced_course"] = _small(happened["ap_course"] | happened["other_advanced"], census)
    columns["algebra_1"] = _small(happened["algebra_1"], census)
    columns["in_cohort"] = _small(cohort, np.ones(n, bool))
    columns["graduated"] = _small(happened["graduated"], cohort)
    columns["ag_complete"] = _small(happened["graduated"] & happened["ag_complete"], cohort)
    columns["chronically_absent"] = _small(
        happened["chronically_absent"], enrolled & (year.days_absent[rows] >= 0)
    )
    for name in ("suspended", "expelled", "in_school_removal"):
        columns[name] = _small(happened[name], enrolled)
    for subject in ("reading", "mathematics"):
        columns[f"{subject}_level"] = _small(year.levels[subject][rows], year.levels[subject][rows] > 0)
    for name, by_school in school_values(made, year).items():
        columns[name] = pa.array(by_school[place], pa.float64(), mask=~census)
    return pa.table(columns)


def school_values(made: ZoneYears, year: Year) -> dict[str, npt.NDArray[np.float64]]:
    """What each school of a zone has in a year: column of the student-years -> one number a school."""
    teachers, schools = made.teachers[year.year], made.zone.schools
    students = np.bincount(year.place[year.on_census_day], minlength=schools)
    novice = teachers.years_experience <= roster_format().rule("novice_years")
    return {
        "teacher_experience": teachers.mean(teachers.years_experience.astype(np.float64), schools),
        "novice_share": teachers.mean(novice.astype(np.float64), schools),
        "uncertified_share": teachers.mean((~teachers.certified).astype(np.float64), schools),
        "students_per_teacher": students / np.maximum(teachers.total(schools), np.finfo(float).tiny),
        "spending": made.spending[year.year],
    }


def _coded(code: npt.NDArray[np.generic], values: tuple[str, ...] | list[str]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(code.astype(np.int16)), pa.array(values))


def _small(value: npt.NDArray[np.generic], known: npt.NDArray[np.bool_]) -> pa.Array:
    return pa.array(value.astype(np.int8), pa.int8(), mask=~known)


def _bands(grade: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    bands = roster_format().grade_bands
    of_grade = {key: place for place, keys in enumerate(bands.values()) for key in keys}
    return np.array([of_grade[key] for key in GRADE_KEYS])[grade], tuple(bands)
