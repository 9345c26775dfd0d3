"""The roster tables of schools: who works there, what is spent, what became of them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from evenground.sources.synthetic.cells import flag, named, same, school_ids
from evenground.sources.synthetic.life import Life
from evenground.sources.synthetic.money import SOURCES
from evenground.sources.synthetic.outcomes import Year
from evenground.sources.synthetic.plan import Plan
from evenground.sources.synthetic.world import World
from evenground.sources.synthetic.zone import ZoneYears

_LETTERS = {"leader": "L", "counselor": "C", "nurse": "N", "police": "P"}


def schools_table(plan: Plan) -> pa.Table:
    names = ("school_id", "school_name", "district_id", "district_name")
    return pa.table(dict(zip(names, map(pa.array, zip(*plan.school_rows(), strict=True)), strict=True)))


def places_table(world: World, plan: Plan) -> pa.Table:
    """Schools that change: one row a school and successor, with the first year of the successor."""
    rows = []
    for zone in plan.zones:
        for change in zone.changes:
            year = world.periods(plan.years)[change.year]
            for old in change.old:
                for new in change.created or (None,):
                    successor = None if new is None else plan.school_id(zone.first_school + new)
                    rows.append((plan.school_id(zone.first_school + old), successor, year, change.kind))
    names = ("school_id", "successor_id", "school_year", "kind")
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    return pa.table(
        {name: pa.array(column, pa.string()) for name, column in zip(names, columns, strict=True)}
    )


def school_tables(
    world: World, plan: Plan, made: ZoneYears, year: Year, life: Life, period: str
) -> Iterator[tuple[str, pa.Table]]:
    """(table, rows) of a zone in a year."""
    yield from (("staff", table) for table in _staff(plan, made, year, life, period))
    there = np.flatnonzero(made.zone.exists(year.year))
    yield (
        "finance",
        pa.table(
            {
                "school_id": school_ids(plan, made, there),
                "school_year": same(period, len(there)),
                "spending": pa.array(made.spending[year.year][there]),
            }
        ),
    )
    budget = life.budget
    yield (
        "budgets",
        pa.table(
            {
                "school_id": school_ids(plan, made, budget.place),
                "school_year": same(period, len(budget.place)),
                "category": named(budget.categories, budget.category),
                "source": named(SOURCES, budget.source),
                "amount": pa.array(budget.amount),
            }
        ),
    )


def _staff(plan: Plan, made: ZoneYears, year: Year, life: Life, period: str) -> Iterator[pa.Table]:
    teachers = made.teachers[year.year]
    n = len(teachers.place)
    yield pa.table(
        {
            "staff_id": pa.array(life.teacher_ids, pa.string()),
            "school_id": school_ids(plan, made, teachers.place),
            "school_year": same(period, n),
            "fte": pa.array(teachers.fte),
            "years_experience": pa.array(teachers.years_experience),
            "fully_certified": flag(teachers.certified),
            "role": same("teacher", n),
            "in_field": flag(teachers.in_field),
            "days_absent": pa.array(teachers.days_absent),
            "returned_next_year": flag(teachers.returns),
            "salary": pa.array(teachers.salary),
        }
    )
    for others in made.others[year.year]:
        n = len(others.place)
        letter = _LETTERS[others.role]
        yield pa.table(
            {
                "staff_id": pa.array(
                    [f"{letter}{made.zone.number:05d}{number:05d}" for number in others.number], pa.string()
                ),
                "school_id": school_ids(plan, made, others.place),
                "school_year": same(period, n),
                "fte": pa.array(others.fte),
                "years_experience": pa.array(others.years_experience),
                "fully_certified": pa.nulls(n, pa.int8()),
                "role": same(others.role, n),
                "in_field": pa.nulls(n, pa.int8()),
                "days_absent": pa.nulls(n, pa.int64()),
                "returned_next_year": pa.nulls(n, pa.int8()),
                "salary": pa.array(others.salary),
            }
        )
