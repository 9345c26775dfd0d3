"""Growth of schools beside everybody, on cells made by hand, against scipy and arithmetic."""

from __future__ import annotations

import math

import pyarrow as pa
import pytest
from scipy import stats

from evenground.definitions import load
from evenground.model import CELLS, HIDDEN, UNITS, VALUE, Unit
from evenground.questions import Asked, ask

DEFINITIONS = load()
SD = 0.29
SCHOOLS = {"1": (200, 0.60), "2": (200, 0.50), "3": (200, 0.49), "4": (200, 0.41), "5": (8, 0.9)}
UNIT_TABLE = pa.Table.from_pylist(
    [
        {"unit_level": "district", "unit_id": "D", "unit_name": "Adair", "parent_id": None},
        *(
            {"unit_level": "school", "unit_id": each, "unit_name": f"School {each}", "parent_id": "D"}
            for each in (*SCHOOLS, "6")
        ),
    ],
    schema=UNITS,
)


def cell(level, unit, indicator, n, total, total_sq, state=VALUE, period="2015-16"):
    return {
        "indicator": indicator, "unit_level": level, "unit_id": unit, "period": period, "group": "all",
        "n": n, "total": total, "total_sq": total_sq, "weight_sq": n,
        "value": total / n if n else None, "state": state,
    }  # fmt: skip


def growth_cells(hidden=(), goals=True, period="2015-16"):
    """Schools of so many students with this mean growth; everybody is all of them."""
    rows, sums = [], [0.0, 0.0, 0.0]
    for school, (n, mean) in SCHOOLS.items():
        parts = [n, n * mean, (n - 1) * SD**2 + n * mean**2]
        sums = [a + b for a, b in zip(sums, parts, strict=True)]
        state = HIDDEN if school in hidden else VALUE
        told = [None] * 3 if school in hidden else parts
        rows.append(cell("school", school, "reading_growth", *told, state=state, period=period))
    rows.append(cell("district", "D", "reading_growth", *sums, period=period))
    if goals:
        reached = {"1": 80, "2": 120, "3": 120, "4": 120, "5": 4}
        for school, count in reached.items():
            rows.append(cell("school", school, "reading_proficient", SCHOOLS[school][0], count, count))
        rows.append(cell("district", "D", "reading_proficient", 808, 444, 444))
    return rows


def found(cells):
    asked = Asked(Unit("district", "D"), ("race_ethnicity",), 1, "overall", None)
    table = ask(pa.Table.from_pylist(cells, schema=CELLS), UNIT_TABLE, asked, DEFINITIONS)
    ids = table["finding_id"].to_pylist()
    assert len(set(ids)) == len(ids)
    return {(row["unit_id"], row["measure"]): row for row in table.to_pylist()}


def test_a_school_is_set_beside_everybody_else_by_welch():
    """School 1: 200 students with .60; the other 608 have 200 (.50 + .49 + .41) + 8 * .9 = 287.2, .472368;
    everybody (120 + 287.2)/808 = .503960. Its share is 200/808, so value = .608/.808 of the difference.
    """
    row = found(growth_cells())["1", "growth_beside_all"]
    others = (200 * (0.50 + 0.49 + 0.41) + 8 * 0.9) / 608
    assert row["value"] == pytest.approx(0.60 - (120 + 287.2) / 808)
    assert row["value"] == pytest.approx((0.60 - others) * 608 / 808)
    squares = sum((n - 1) * SD**2 + n * m**2 for n, m in (SCHOOLS[each] for each in "2345"))
    other_sd = math.sqrt((squares - 608 * others**2) / 607)
    peer = stats.ttest_ind_from_stats(0.60, SD, 200, others, other_sd, 608, equal_var=False)
    v1, v2 = SD**2 / 200, other_sd**2 / 608
    df = (v1 + v2) ** 2 / (v1**2 / 199 + v2**2 / 607)
    half = stats.t.ppf(0.975, df) * (0.60 - others) / peer.statistic * 608 / 808
    assert row["high"] - row["value"] == pytest.approx(half)
    assert (row["reference"], row["question"], row["n"]) == ("overall", "learning", 200)


def test_verdicts_are_earned_and_few_students_earn_none():
    rows = found(growth_cells())
    said = {school: rows[school, "growth_beside_all"]["verdict"] for school in SCHOOLS}
    assert said == {
        "1": "above",
        "2": "no_clear_difference",
        "3": "no_clear_difference",
        "4": "below",
        "5": "too_few",
    }


def test_the_goal_is_told_beside_it():
    """School 1: 80 of 200 at the goal, everybody 444 of 808."""
    row = found(growth_cells())["1", "goal_beside_all"]
    assert row["value"] == pytest.approx(0.4 - 444 / 808)
    assert row["verdict"] == "below"
    assert ("1", "goal_beside_all") not in found(growth_cells(goals=False))


def test_hidden_places_are_left_out_and_too_few_say_nothing():
    rows = found(growth_cells(hidden=("5",)))
    assert ("5", "growth_beside_all") not in rows
    assert rows["1", "growth_beside_all"]["verdict"] == "above"
    few = found(growth_cells(hidden=("3", "5")))
    assert not any(measure == "growth_beside_all" for _, measure in few)
