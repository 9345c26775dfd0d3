"""Rolling published counts up, against hand arithmetic and against the sum of the schools."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenground.cube import roll_up
from evenground.definitions import load
from evenground.model import HIDDEN, NOT_REPORTED, UNITS, VALUE, leaf_schema

DIMENSIONS = ("race_ethnicity", "sex")
CUTS = ((), ("race_ethnicity",), ("sex",), ("race_ethnicity", "sex"))
DEFINITIONS = load()
PLACES = {
    ("state", "KY"): None,
    ("district", "01"): "KY",
    ("district", "02"): "KY",
    ("school", "11"): "01",
    ("school", "12"): "01",
    ("school", "21"): "02",
}
LEVELS = {"11": "school", "12": "school", "21": "school", "01": "district", "02": "district", "KY": "state"}
UNIT_TABLE = pa.Table.from_pylist(
    [
        {"unit_level": level, "unit_id": key, "unit_name": key, "parent_id": above}
        for (level, key), above in PLACES.items()
    ],
    schema=UNITS,
)


def leaf(unit: str, n=None, total=None, *, race=None, sex=None, state=VALUE, value=None, **more) -> dict:
    figure = value if value is not None or not n else total / n
    row = {"indicator": "graduation", "unit_level": LEVELS[unit], "unit_id": unit, "period": "2015-16"}
    row |= {"race_ethnicity": race, "sex": sex, "n": n, "total": total, "total_sq": total, "state": state}
    return row | {"weight_sq": None, "value": figure} | more


def rolled(*leaves: dict, complete: bool = True, cuts=CUTS, periods=()):
    table = pa.Table.from_pylist(list(leaves), schema=leaf_schema(DIMENSIONS))
    return roll_up(table, UNIT_TABLE, cuts, DEFINITIONS, DIMENSIONS if complete else (), periods)


def cells(*leaves: dict, **options) -> dict[tuple[str, str], dict]:
    """(unit, group) -> cell."""
    rows = rolled(*leaves, **options).cells.to_pylist()
    found = {(row["unit_id"], row["group"]): row for row in rows}
    assert len(found) == len(rows), "a cell twice"
    return found


def test_a_published_row_wins_over_the_sum_of_its_parts():
    """The publisher's 100 stay 100, though its groups sum to 90 and its schools to 80."""
    found = cells(
        leaf("01", 100, 80), leaf("01", 60, 50, race="black"), leaf("01", 30, 20, race="white"),
        leaf("11", 50, 40), leaf("12", 30, 20),
    )  # fmt: skip
    assert (found["01", "all"]["n"], found["01", "all"]["total"]) == (100, 80)
    assert (found["KY", "all"]["n"], found["KY", "all"]["value"]) == (100, 0.8)


def test_a_hidden_row_is_published_too_and_is_not_worked_back():
    found = cells(leaf("11", state=HIDDEN), leaf("11", 6, 5, race="black"), leaf("11", 4, 3, race="white"))
    assert found["11", "all"]["state"] == HIDDEN
    assert found["11", "all"]["n"] is None
    assert ("01", "all") not in found


def test_a_family_is_summed_when_all_of_it_is_there():
    """Black girls 6 + Black boys 4 = 10 Black students; with 5 white girls 15 students, 11 girls and 4
    boys."""
    found = cells(
        leaf("11", 6, 5, race="black", sex="female"),
        leaf("11", 4, 1, race="black", sex="male"),
        leaf("11", 5, 5, race="white", sex="female"),
    )
    sums = {group: (cell["n"], cell["total"]) for (unit, group), cell in found.items() if unit == "11"}
    assert sums["race_ethnicity:black"] == (10, 6)
    assert sums["sex:female"] == (11, 10)
    assert sums["sex:male"] == (4, 1)
    assert sums["all"] == (15, 11)
    assert found["KY", "all"]["value"] == pytest.approx(11 / 15)


def test_a_family_is_not_summed_when_absent_rows_may_be_anything():
    found = cells(leaf("11", 6, 5, race="black"), leaf("11", 5, 5, race="white"), complete=False)
    groups = ("race_ethnicity:black", "race_ethnicity:white")
    assert set(found) == {(unit, group) for unit in ("11", "01", "KY") for group in groups}


@pytest.mark.parametrize("state", [HIDDEN, NOT_REPORTED])
def test_a_family_with_a_part_that_is_no_value_is_not_summed(state):
    found = cells(leaf("11", 6, 5, race="black"), leaf("11", race="white", state=state))
    assert ("11", "all") not in found
    assert ("KY", "all") not in found


def test_a_rate_without_n_is_never_summed():
    found = cells(leaf("11", race="black", value=0.9), leaf("11", 10, 5, race="white"), leaf("12", value=0.7))
    assert found["11", "race_ethnicity:black"]["value"] == 0.9
    assert ("11", "all") not in found
    assert ("01", "all") not in found
    assert ("01", "race_ethnicity:black") not in found


def test_a_dimension_of_which_one_value_is_named_is_not_summed():
    """Students with disabilities alone are not everybody: only a complete dimension adds up."""
    table = pa.Table.from_pylist(
        [leaf("11", 6, 5, sex="female", race="black")], schema=leaf_schema(DIMENSIONS)
    )
    found = roll_up(table, UNIT_TABLE, CUTS, DEFINITIONS, ("race_ethnicity",)).cells
    assert set(found["group"].to_pylist()) == {"race_ethnicity:black+sex:female", "sex:female"}


def test_an_overlapping_family_is_not_summed():
    several = DEFINITIONS.dimensions["race_ethnicity"].model_copy(update={"overlapping": True})
    definitions = replace(DEFINITIONS, dimensions={**DEFINITIONS.dimensions, "race_ethnicity": several})
    table = pa.Table.from_pylist([leaf("11", 6, 5, race="black")], schema=leaf_schema(DIMENSIONS))
    found = roll_up(table, UNIT_TABLE, CUTS, definitions, DIMENSIONS).cells
    assert set(found["group"].to_pylist()) == {"race_ethnicity:black"}


def test_a_unit_sums_the_parts_that_publish_and_says_how_many_sums_are_partial():
    """School 12 hides: its district is the sum of one school and partial, and so is the state above it."""
    result = rolled(leaf("11", 20, 15), leaf("12", state=HIDDEN), leaf("21", 30, 10))
    found = {row["unit_id"]: row for row in result.cells.to_pylist()}
    assert (found["01"]["n"], found["01"]["total"]) == (20, 15)
    assert (found["02"]["n"], found["KY"]["n"], found["KY"]["total"]) == (30, 50, 25)
    assert result.partial == 2


def test_nothing_is_partial_where_everything_is_published():
    assert rolled(leaf("11", 20, 15), leaf("12", 5, 5), leaf("21", 30, 10)).partial == 0


def test_a_district_whose_schools_all_hide_has_no_cell():
    found = cells(leaf("11", state=HIDDEN), leaf("12", state=HIDDEN))
    assert set(found) == {("11", "all"), ("12", "all")}


def test_exposures_add_sizes_across_schools_and_join_groups_within_one():
    """Schools of 30 (20 + 10) and 5 students: squared sizes 900 and 25, in the district 925; Black students
    400 + 25."""
    found = cells(
        leaf("11", 20, 200.0, race="black", weight_sq=400.0),
        leaf("11", 10, 100.0, race="white", weight_sq=100.0),
        leaf("12", 5, 20.0, race="black", weight_sq=25.0),
    )  # fmt: skip
    assert found["11", "all"]["weight_sq"] == 900
    assert found["12", "all"]["weight_sq"] == 25
    assert found["01", "all"]["weight_sq"] == 925
    assert found["01", "race_ethnicity:black"]["weight_sq"] == 425
    assert found["KY", "all"]["value"] == pytest.approx(320 / 35)


def test_a_sum_does_not_know_more_than_its_parts():
    """One school without sum of squares or sizes: the district has neither, rather than too little of
    them."""
    found = cells(leaf("11", 20, 200.0, total_sq=2010.0, weight_sq=400.0), leaf("12", 5, 20.0, total_sq=None))
    assert found["01", "all"]["n"] == 25
    assert found["01", "all"]["total_sq"] is None
    assert found["01", "all"]["weight_sq"] is None


def test_nobody_is_a_count_without_a_rate():
    found = cells(leaf("11", 0, 0), leaf("12", 0, 0))
    assert found["01", "all"]["n"] == 0
    assert found["01", "all"]["value"] is None


def test_periods_narrow_and_stay_apart():
    rows = (leaf("11", 20, 15), leaf("11", 10, 1, period="2014-15"))
    assert rolled(*rows, periods=("2014-15",)).cells.to_pylist()[0]["n"] == 10
    both = {(row["unit_id"], row["period"]): row["n"] for row in rolled(*rows).cells.to_pylist()}
    assert both["KY", "2014-15"] == 10
    assert both["KY", "2015-16"] == 20


def test_only_the_wanted_cuts_come_back():
    rows = (leaf("11", 6, 5, race="black"), leaf("11", 9, 5, sex="female"))
    groups = set(rolled(*rows, cuts=((), ("sex",), ("disability",))).cells["group"].to_pylist())
    assert groups == {"all", "sex:female"}


def test_counts_without_any_dimension():
    table = pa.Table.from_pylist([leaf("11", 6, 5), leaf("12", 4, 4)], schema=leaf_schema(()))
    found = roll_up(table, UNIT_TABLE, ((),), DEFINITIONS, DIMENSIONS).cells.to_pylist()
    assert {row["unit_id"]: row["n"] for row in found} == {"11": 6, "12": 4, "01": 10, "KY": 10}
    assert {row["group"] for row in found} == {"all"}


cell_keys = st.tuples(
    st.sampled_from(["11", "12", "21"]),
    st.sampled_from(["asian", "black", "unknown"]),
    st.sampled_from(["female", "male"]),
)
cell_counts = st.integers(0, 30).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))
schools = st.dictionaries(cell_keys, cell_counts, min_size=1)


@settings(max_examples=30, deadline=None)
@given(counts=schools, random=st.randoms(use_true_random=False))
def test_complete_leaves_sum_to_every_group_and_unit_in_any_order(counts, random):
    expected = defaultdict(lambda: [0, 0])
    for (school, race, sex), (n, total) in counts.items():
        district = PLACES["school", school]
        for unit in (school, district, "KY"):
            for group in ("all", f"race_ethnicity:{race}", f"sex:{sex}", f"race_ethnicity:{race}+sex:{sex}"):
                expected[unit, group][0] += n
                expected[unit, group][1] += total
    leaves = [
        leaf(school, n, total, race=race, sex=sex) for (school, race, sex), (n, total) in counts.items()
    ]
    first = rolled(*leaves)
    found = {(row["unit_id"], row["group"]): [row["n"], row["total"]] for row in first.cells.to_pylist()}
    assert found == expected
    random.shuffle(leaves)
    assert rolled(*leaves).cells.equals(first.cells)


def test_a_sum_that_may_miss_most_of_a_group_is_not_reported():
    """School 11 publishes 20 Black students of 100; school 12 publishes everybody, 60, and hides its groups.

    Of the 60 all could be Black: 20 of up to 80 is less than half, so the district's sum is not told.
    White students: 80 of up to 140 is more than half.
    """
    found = cells(
        leaf("11", 100, 50), leaf("11", 20, 5, race="black"), leaf("11", 80, 45, race="white"),
        leaf("12", 60, 30), leaf("12", race="black", state=HIDDEN), leaf("12", race="white", state=HIDDEN),
        complete=False,
    )  # fmt: skip
    black, white = found["01", "race_ethnicity:black"], found["01", "race_ethnicity:white"]
    assert (black["state"], black["n"], black["value"]) == (NOT_REPORTED, None, None)
    assert (white["state"], white["value"]) == (VALUE, 45 / 80)
