"""Counting against two other ways of counting: a loop over the rows in plain Python, and grouping sets in
SQL."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from itertools import combinations
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenground.cube import Cube, Plan, count, crossings
from evenground.definitions import FromRecords, Indicator, load
from evenground.engine import DuckEngine
from evenground.model import CELLS, KEYS

DIMENSIONS = ("economic_disadvantage", "race_ethnicity", "sex")
LEVELS = ("state", "district", "school")
_DEFINED = load().indicators


def defined(key: str, **records: object) -> Indicator:
    """An indicator of the definitions, counted as this test says, so that the oracle can say it too."""
    return _DEFINED[key].model_copy(update={"records": FromRecords.model_validate(records)})


INDICATORS = {
    "graduation": defined("graduation", over="in_cohort", counted="graduated"),
    "algebra_grade_8": defined("algebra_grade_8", grades=("g08",), counted="algebra_1"),
    "reading_proficient": defined("reading_proficient", counted="reading_level", at_least=3),
    "score": defined("graduation", counted="score").model_copy(update={"kind": "mean"}),
    "teacher_experience": defined("teacher_experience", counted="teacher_experience"),
}
SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("period", "district_id", "school_id", "grade", *DIMENSIONS)]
    + [(name, pa.int8()) for name in ("in_cohort", "graduated", "algebra_1", "reading_level")]
    + [("score", pa.float64()), ("teacher_experience", pa.float64())]
)
yes_no = st.sampled_from([0, 1, None])
student = st.fixed_dictionaries(
    {
        "period": st.sampled_from(["2014-15", "2015-16"]),
        "place": st.sampled_from([("01", "0101"), ("01", "0102"), ("02", "0201"), ("02", "0101")]),
        "grade": st.sampled_from(["g08", "g12", None]),
        "economic_disadvantage": st.sampled_from(["disadvantaged", "not_disadvantaged", None]),
        "race_ethnicity": st.sampled_from(["black", "white", "unknown", None]),
        "sex": st.sampled_from(["female", "male"]),
        "in_cohort": yes_no,
        "graduated": yes_no,
        "algebra_1": yes_no,
        "reading_level": st.sampled_from([1, 2, 3, 4, None]),
        "score": st.one_of(st.none(), st.integers(-8, 8).map(lambda eighths: eighths / 8)),
        "teacher_experience": st.one_of(st.none(), st.integers(0, 40).map(lambda quarters: quarters / 4)),
    }
)


def rows_of(drawn: list[dict]) -> list[dict]:
    return [{**row, "district_id": row["place"][0], "school_id": row["place"][1]} for row in drawn]


def counted(rows: list[dict], plan: Plan) -> Cube:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "students.parquet"
        parquet.write_table(pa.Table.from_pylist(rows, schema=SCHEMA), file)
        return count(DuckEngine(), file, plan, "KY")


def outcome(key: str, row: dict) -> float | None:
    """What one student adds to an indicator, None where the student is not counted."""
    if key == "graduation":
        return row["graduated"] if row["in_cohort"] == 1 else None
    if key == "algebra_grade_8":
        return row["algebra_1"] if row["grade"] == "g08" else None
    if key == "reading_proficient":
        return None if row["reading_level"] is None else float(row["reading_level"] >= 3)
    return row[key]


def by_hand(rows: list[dict], plan: Plan) -> dict[tuple[str, ...], list]:
    """(indicator, level, unit, period, group) -> [n, total, total_sq, weight_sq], student by student."""
    cells: dict[tuple[str, ...], list] = defaultdict(lambda: [0, 0.0, 0.0, defaultdict(int)])
    for row in rows:
        for key in plan.indicators:
            x = outcome(key, row)
            if x is None or (plan.periods and row["period"] not in plan.periods):
                continue
            for level in plan.levels:
                unit = "KY" if level == "state" else row[f"{level}_id"]
                for cut in plan.cuts:
                    group = "+".join(f"{name}:{row[name] or 'unknown'}" for name in cut) or "all"
                    cell = cells[key, level, unit, row["period"], group]
                    cell[0] += 1
                    cell[1] += x
                    cell[2] += x * x
                    cell[3][row["district_id"], row["school_id"]] += 1
    return cells


def spelled(cube: Cube) -> dict[tuple[str, ...], dict]:
    table = cube.cells()
    assert table.schema == CELLS
    cells = {tuple(row[key] for key in KEYS): row for row in table.to_pylist()}
    assert len(cells) == table.num_rows, "a cell twice"
    return cells


def unique_schools(rows: list[dict]) -> list[dict]:
    """A school belongs to one district: its id says which."""
    return [{**row, "school_id": row["district_id"] + row["school_id"]} for row in rows]


@settings(max_examples=60, deadline=None)
@given(
    drawn=st.lists(student, min_size=1, max_size=40),
    cuts=st.sampled_from(
        [crossings(DIMENSIONS, 3), crossings(DIMENSIONS, 1), ((),), (("race_ethnicity", "sex"),)]
    ),
    levels=st.sampled_from([LEVELS, ("state",), ("district",), ("state", "school")]),
    periods=st.sampled_from([(), ("2015-16",), ("2014-15", "2015-16")]),
    keys=st.sampled_from(
        [tuple(INDICATORS), ("graduation",), ("teacher_experience",), ("score", "graduation")]
    ),
)
def test_every_cell_is_what_counting_by_hand_gives(drawn, cuts, levels, periods, keys):
    rows = unique_schools(rows_of(drawn))
    plan = Plan({key: INDICATORS[key] for key in keys}, cuts, levels, periods)
    found, expected = spelled(counted(rows, plan)), by_hand(rows, plan)
    assert set(found) == set(expected)
    for place, (n, total, total_sq, sizes) in expected.items():
        cell = found[place]
        assert (cell["n"], cell["total"], cell["total_sq"]) == (n, total, total_sq), place
        assert cell["value"] == pytest.approx(total / n)
        assert cell["state"] == "value"
        exposure = place[0] == "teacher_experience"
        assert cell["weight_sq"] == (sum(size**2 for size in sizes.values()) if exposure else None), place


@settings(max_examples=20, deadline=None)
@given(drawn=st.lists(student, min_size=2, max_size=30), data=st.data())
def test_the_order_of_the_rows_does_not_matter(drawn, data):
    rows = unique_schools(rows_of(drawn))
    mixed = data.draw(st.permutations(rows))
    plan = Plan(INDICATORS, crossings(DIMENSIONS, 2), LEVELS)
    assert counted(rows, plan).cells().equals(counted(mixed, plan).cells())


@settings(max_examples=20, deadline=None)
@given(drawn=st.lists(student, min_size=1, max_size=40))
def test_parts_sum_to_wholes(drawn):
    """Values of one more dimension sum to the group, schools to the district, districts to the state."""
    rows = unique_schools(rows_of(drawn))
    cells = spelled(counted(rows, Plan(INDICATORS, crossings(DIMENSIONS, 2), LEVELS)))
    groups, units = defaultdict(float), defaultdict(float)
    for (key, level, unit, period, group), cell in cells.items():
        if group != "all" and "+" not in group:
            groups[key, level, unit, period, group.partition(":")[0]] += cell["n"]
        if level != "state":
            above = ("district", unit[:2]) if level == "school" else ("state", "KY")
            units[key, *above, period, group] += cell["n"]
    for (key, level, unit, period, _), n in groups.items():
        assert cells[key, level, unit, period, "all"]["n"] == n
    for place, n in units.items():
        assert cells[place]["n"] == n


def test_a_school_number_used_in_two_districts_is_two_schools_of_one_id():
    """Ids that are not unique are kept apart as far as sizes go, so no cell is counted twice."""
    rows = [_row("01", "0101", teacher_experience=4.0), _row("02", "0101", teacher_experience=8.0)]
    plan = Plan({"teacher_experience": INDICATORS["teacher_experience"]}, ((),), ("state",))
    (cell,) = counted(rows, plan).cells().to_pylist()
    assert (cell["n"], cell["value"], cell["weight_sq"]) == (2, 6.0, 2)


def test_sizes_of_exposures_are_the_squares_of_the_schools_group_by_group():
    """School 1 has 3 students of whom 2 are Black, school 2 has 1: squares 9 + 1 for all, 4 + 1 for Black
    students."""
    rows = [
        _row("01", "0101", race_ethnicity=race, teacher_experience=10.0)
        for race in ("black", "black", "white")
    ]
    rows.append(_row("02", "0201", race_ethnicity="black", teacher_experience=2.0))
    plan = Plan(
        {"teacher_experience": INDICATORS["teacher_experience"]}, crossings(("race_ethnicity",), 1), LEVELS
    )
    found = {place[1:]: cell["weight_sq"] for place, cell in spelled(counted(rows, plan)).items()}
    assert found["state", "KY", "2015-16", "all"] == 10
    assert found["state", "KY", "2015-16", "race_ethnicity:black"] == 5
    assert found["district", "01", "2015-16", "race_ethnicity:black"] == 4
    assert found["school", "0101", "2015-16", "all"] == 9


def test_nothing_in_the_periods_asked_for_is_no_cell():
    plan = Plan({"graduation": INDICATORS["graduation"]}, crossings(DIMENSIONS, 1), LEVELS, ("2020-21",))
    assert counted([_row("01", "0101", in_cohort=1, graduated=1)], plan).cells().num_rows == 0


def _row(district: str, school: str, **values: object) -> dict:
    return {"period": "2015-16", "district_id": district, "school_id": school, "grade": "g12", **values}


def test_many_students_equal_grouping_sets_over_the_rows(tmp_path):
    file = tmp_path / "students.parquet"
    parquet.write_table(_many(20_000), file)
    cube = count(DuckEngine(), file, Plan(INDICATORS, crossings(DIMENSIONS, 3), LEVELS), "KY")
    found = {
        (cell["unit_level"], cell["unit_id"], cell["group"], cell["indicator"]): (cell["n"], cell["total"])
        for cell in cube.cells().to_pylist()
    }
    expected = {}
    for level, unit in (("state", "'KY'"), ("district", "district_id"), ("school", "school_id")):
        expected.update(_grouping_sets(file, level, unit))
    assert set(found) == set(expected)
    assert np.array(list(found.values())) == pytest.approx(np.array([expected[place] for place in found]))


def _many(students: int) -> pa.Table:
    rng = np.random.default_rng(5)

    def drawn(values, size=students):
        return [values[place] for place in rng.integers(0, len(values), size)]

    school = rng.integers(0, 40, students)
    columns = {
        "period": ["2015-16"] * students,
        "district_id": [f"{place // 8:02d}" for place in school],
        "school_id": [f"{place:04d}" for place in school],
        "grade": drawn(["g08", "g12", None]),
        "economic_disadvantage": drawn(["disadvantaged", "not_disadvantaged", None]),
        "race_ethnicity": drawn(["asian", "black", "hispanic", "white", None]),
        "sex": drawn(["female", "male", "nonbinary"]),
        **{name: drawn([0, 1, None]) for name in ("in_cohort", "graduated", "algebra_1")},
        "reading_level": drawn([1, 2, 3, 4, None]),
        "score": rng.normal(250, 40, students),
        "teacher_experience": [8 + place / 4 for place in school],
    }
    return pa.table([pa.array(columns[field.name], field.type) for field in SCHEMA], schema=SCHEMA)


def _grouping_sets(file: Path, level: str, unit: str) -> dict[tuple[str, ...], tuple[float, float]]:
    """Every group of up to three dimensions by one statement over the rows."""
    sets = [cut for size in range(4) for cut in combinations(DIMENSIONS, size)]
    filled = ", ".join(f"COALESCE({name}, 'unknown') AS {name}" for name in DIMENSIONS)
    outcomes = {
        "graduation": "CASE WHEN in_cohort = 1 THEN graduated END",
        "algebra_grade_8": "CASE WHEN grade = 'g08' THEN algebra_1 END",
        "reading_proficient": "(reading_level >= 3)::INT",
        "score": "score",
        "teacher_experience": "teacher_experience",
    }
    sums = ", ".join(f"COUNT({sql}), SUM({sql})" for sql in outcomes.values())
    grouped = ", ".join("(" + ", ".join(("unit", *cut)) + ")" for cut in sets)
    rows = duckdb.sql(
        f"SELECT unit, {', '.join(DIMENSIONS)}, {sums} FROM (SELECT {unit} AS unit, {filled}, "
        f"* EXCLUDE ({', '.join(DIMENSIONS)}) FROM read_parquet('{file}')) GROUP BY GROUPING SETS ({grouped})"
    ).fetchall()
    cells = {}
    for row in rows:
        values = zip(DIMENSIONS, row[1:4], strict=True)
        group = "+".join(f"{name}:{value}" for name, value in values if value is not None) or "all"
        for place, key in enumerate(outcomes):
            n, total = row[4 + 2 * place : 6 + 2 * place]
            if n:
                cells[level, row[0], group, key] = (n, total)
    return cells
