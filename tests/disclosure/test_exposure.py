"""Means of what students meet at their school must not tell how many hidden students are at which school."""

from __future__ import annotations

import made
import numpy as np
import pyarrow as pa
import pytest

from evenground.definitions import load
from evenground.disclosure import attack, protect
from evenground.disclosure.hiding.exposure import digits, rounded
from evenground.model import HIDDEN, VALUE

DEFINITIONS = load()
N10 = DEFINITIONS.policies["n10"]
UNITS = made.units_table({"D": ["A", "B", "C"]}, None)
YEARS = {"A": 10.0, "B": 14.0, "C": 12.0}


def district(group: dict[str, int], everybody: dict[str, int]) -> pa.Table:
    """Years of experience of the teachers whom students of two groups meet at three schools."""
    rows = []
    others = {school: n - group.get(school, 0) for school, n in everybody.items()}
    for name, sizes in (
        ("race_ethnicity:black", group),
        ("race_ethnicity:white", others),
        ("all", everybody),
    ):
        schools = [
            (school, n, n * YEARS[school], n * YEARS[school] ** 2, n**2) for school, n in sizes.items()
        ]
        sums = [sum(school[column] for school in schools) for column in range(1, 5)]
        for level, unit, n, total, squares, sizes_sq in [("school", *one) for one in schools] + [
            ("district", "D", *sums)
        ]:
            rows.append(
                {
                    "indicator": "teacher_experience",
                    "unit_level": level,
                    "unit_id": unit,
                    "period": "2015-16",
                    "group": name,
                    "n": n,
                    "total": total,
                    "total_sq": squares,
                    "weight_sq": float(sizes_sq),
                }
            )
    return made.cells_table(rows)


def cell(cells: pa.Table, unit: str, group: str) -> dict:
    return next(row for row in cells.to_pylist() if row["unit_id"] == unit and row["group"] == group)


SMALL = district({"A": 4, "B": 6}, {"A": 100, "B": 100, "C": 100})
LARGE = district({"A": 4, "B": 6, "C": 990}, {"A": 100, "B": 100, "C": 1200})


def careless(cells: pa.Table) -> pa.Table:
    rows = cells.to_pylist()
    for row in rows:
        if row["n"] < 10 or (row["unit_id"] in "AB" and row["group"] == "race_ethnicity:white"):
            row.update(dict.fromkeys(("n", "total", "total_sq", "weight_sq", "value")), state=HIDDEN)
    return pa.Table.from_pylist(rows, schema=cells.schema)


@pytest.mark.parametrize("cells", [SMALL, LARGE])
def test_the_attack_solves_for_the_schools_where_the_mean_stands(cells: pa.Table):
    """Small: nA + nB = 10 and 10 nA + 14 nB = 124, so nB = (124 - 100) / 4 = 6."""
    found = attack(careless(cells), UNITS, N10, DEFINITIONS)
    assert {(name[0], name[3]) for name in found.derivable} == {("students", "A"), ("students", "B")}


def test_a_mean_that_tells_too_much_is_hidden():
    """Two digits of 12.4 leave half a year either way: 5 student-years for 10 students, but a swap moves 4,
    twice is 8.
    """
    protected = protect(SMALL, UNITS, N10, DEFINITIONS)
    assert cell(protected.cells, "D", "race_ethnicity:black")["state"] == HIDDEN
    assert attack(protected.cells, UNITS, N10, DEFINITIONS).derivable == ()


def test_a_mean_over_many_students_is_rounded():
    """12.004 over 1,000: a step of .01 leaves 5 student-years (fewer than 8), one of .1 leaves 50: three
    digits, 12.0.
    """
    hidden = np.array([row["state"] == HIDDEN for row in careless(LARGE).to_pylist()])
    shown = digits(LARGE, hidden, UNITS, DEFINITIONS)
    few = dict(
        zip(((row["unit_id"], row["group"]) for row in LARGE.to_pylist()), shown.tolist(), strict=True)
    )
    assert few.pop(("D", "race_ethnicity:black")) == 3
    assert few.pop(("D", "race_ethnicity:white")) > 0  # the same two schools are hidden there
    assert set(few.values()) == {-1}
    assert cell(LARGE, "D", "race_ethnicity:black")["value"] == pytest.approx(12.004)
    after = cell(rounded(LARGE, shown), "D", "race_ethnicity:black")
    assert (after["n"], after["value"], after["total"]) == (1000, 12.0, 12000.0)
    # variance: (4*100 + 6*196 + 990*144)/1000 - 12.004^2 = 144.136 - 144.096016 = .039984; sd .19996, up: .2
    assert after["total_sq"] / 1000 - 144 == pytest.approx(0.2**2, abs=1e-9)


def test_the_rounded_release_stands_the_attack():
    protected = protect(LARGE, UNITS, N10, DEFINITIONS)
    assert attack(protected.cells, UNITS, N10, DEFINITIONS).derivable == ()
    row = cell(protected.cells, "D", "race_ethnicity:black")
    assert (row["state"], row["value"]) == (VALUE, 12.0)


def test_means_of_schools_are_facts_and_stay():
    protected = protect(LARGE, UNITS, N10, DEFINITIONS).cells
    assert cell(protected, "A", "all")["value"] == 10.0
