"""Told together: every number here is a subtraction that the test writes out."""

from __future__ import annotations

import made
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenground.definitions import load
from evenground.disclosure.hidden import conceal
from evenground.disclosure.suppress import protect
from evenground.disclosure.telling.rest import with_rest
from evenground.model import HIDDEN, NOT_REPORTED, NOT_SHOWN, VALUE

DEFINITIONS = load()
N10 = DEFINITIONS.policies["n10"]
UNITS = made.units_table({"D1": ["1", "2", "3", "4"], "D2": ["5"]})
RACE = f"race_ethnicity:{NOT_SHOWN}"


def cell(group: str, n: float, total: float, state: str = VALUE, unit: str = "1", **more: object) -> dict:
    keys = {"indicator": "chronic_absence", "unit_level": "school", "unit_id": unit, "period": "2015-16"}
    return {**keys, "group": group, "n": n, "total": total, "state": state, **more}


def rest_of(rows: list[dict], policy=N10) -> list[dict]:
    """The rows that were added, all but the first place's keys."""
    cells = made.cells_table(rows)
    hidden = np.array([row["state"] == HIDDEN for row in rows])
    found, _ = with_rest(conceal(cells, hidden), UNITS, policy, DEFINITIONS)
    return found.slice(len(rows)).to_pylist()


RACES = [
    cell("all", 100, 40),
    cell("race_ethnicity:hispanic", 60, 20),
    cell("race_ethnicity:white", 15, 7),
    cell("race_ethnicity:black", 7, 5, HIDDEN),
    cell("race_ethnicity:asian", 18, 8, HIDDEN),
]


def test_hidden_groups_together_are_everybody_less_the_shown_ones():
    (row,) = rest_of(RACES)
    assert (row["group"], row["n"], row["total"]) == (RACE, 100 - 60 - 15, 40 - 20 - 7)
    assert row["value"] == pytest.approx(13 / 25)
    assert (row["state"], row["unit_id"], row["total_sq"]) == (VALUE, "1", 13)


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([cell("all", 100, 40, HIDDEN), *RACES[1:]], id="the whole is hidden"),
        pytest.param([RACES[0], *RACES[1:4], cell("race_ethnicity:asian", 18, 8)], id="only one is hidden"),
        pytest.param([RACES[0], *(dict(row, state=HIDDEN) for row in RACES[1:])], id="all are hidden"),
        pytest.param(
            [*RACES, cell("race_ethnicity:filipino", 1, 0, NOT_REPORTED)], id="one was not reported"
        ),
        pytest.param([cell("all", 84, 40), *RACES[1:]], id="9 students are left"),
        pytest.param([cell("all", 100, 36), *RACES[1:]], id="9 reached it"),
        pytest.param([cell("all", 100, 43), *RACES[1:]], id="9 did not reach it"),
        pytest.param([cell("all", 100, 52), *RACES[1:]], id="all of them reached it"),
        pytest.param([cell("all", 100, 20), *RACES[1:]], id="the numbers contradict each other"),
    ],
)
def test_nothing_is_told_together_where(rows: list[dict]):
    assert rest_of(rows) == []


def test_none_of_those_left_may_be_told_as_zeros_are_published():
    (row,) = rest_of([cell("all", 100, 27), *RACES[1:]])
    assert (row["n"], row["total"]) == (25, 0)


def test_in_a_cross_the_wider_group_is_the_whole():
    rows = [
        cell("sex:female", 80, 40),
        cell("race_ethnicity:hispanic+sex:female", 50, 20),
        cell("race_ethnicity:black+sex:female", 9, 6, HIDDEN),
        cell("race_ethnicity:asian+sex:female", 21, 14, HIDDEN),
    ]
    (row,) = rest_of(rows)
    assert (row["group"], row["n"], row["total"]) == (f"{RACE}+sex:female", 30, 20)


def test_overlapping_dimensions_have_no_rest():
    overlapping = next(key for key, entry in DEFINITIONS.dimensions.items() if entry.overlapping)
    values = list(DEFINITIONS.dimensions[overlapping].values)[:3]
    states = (VALUE, HIDDEN, HIDDEN)
    rows = [
        cell(f"{overlapping}:{value}", 30, 15, state) for value, state in zip(values, states, strict=True)
    ]
    assert rest_of([cell("all", 100, 40), *rows]) == []


SCHOOLS = [
    cell("all", 500, 250, unit_level="district", unit="D1"),
    cell("all", 200, 90, unit="1"),
    cell("all", 250, 130, unit="2"),
    cell("all", 30, 14, HIDDEN, unit="3"),
    cell("all", 20, 16, HIDDEN, unit="4"),
]


def district(row: dict) -> dict:
    return {**row, "unit_id": row.pop("unit")} if "unit" in row else row


def test_hidden_schools_together_are_the_district_less_the_shown_ones():
    cells = made.cells_table([district(dict(row)) for row in SCHOOLS])
    found, units = with_rest(
        conceal(cells, np.array([False, False, False, True, True])), UNITS, N10, DEFINITIONS
    )
    (row,) = found.slice(len(SCHOOLS)).to_pylist()
    assert (row["unit_level"], row["unit_id"], row["group"]) == ("school", "D1/not_shown", "all")
    assert (row["n"], row["total"]) == (500 - 200 - 250, 250 - 90 - 130)
    assert units.slice(len(UNITS)).to_pylist() == [
        {"unit_level": "school", "unit_id": "D1/not_shown", "unit_name": NOT_SHOWN, "parent_id": "D1"}
    ]


def test_a_school_without_the_dimension_leaves_nothing_to_subtract():
    """School 4 publishes everybody, but nobody by sex: the district's girls less those shown may be there."""
    rows = [district(dict(row, group="sex:female")) for row in SCHOOLS[:3]]
    rows += [cell("sex:female", 30, 14, HIDDEN, unit="3"), cell("sex:female", 20, 16, HIDDEN, unit="4")]
    assert [row["unit_id"] for row in rest_of([district(dict(row)) for row in rows])] == ["D1/not_shown"]
    without = [*rows[:-1], cell("all", 20, 16, HIDDEN, unit="4")]
    assert rest_of(without) == []


def test_means_are_told_together_with_their_spread():
    """Scores 1..10 shown of all scores 1..40: left are 11..40, sum 765, squares 22,140 - 385."""
    scores = {"indicator": "reading_score"}
    rows = [
        cell("all", 40, 820, total_sq=22_140, **scores),
        cell("race_ethnicity:white", 10, 55, total_sq=385, **scores),
        cell("race_ethnicity:black", 15, 270, HIDDEN, **scores),
        cell("race_ethnicity:asian", 15, 495, HIDDEN, **scores),
    ]
    assert DEFINITIONS.indicators["reading_score"].kind == "mean"
    (row,) = rest_of(rows)
    assert (row["n"], row["total"], row["total_sq"]) == (30, 765, 22_140 - 385)


def test_what_schools_have_is_left_out_where_a_mean_may_have_been_rounded():
    rows = [
        cell("all", 40, 40 * 11.23456789, indicator="teacher_experience"),
        cell("race_ethnicity:white", 10, 10 * 9.87654321, indicator="teacher_experience"),
        cell("race_ethnicity:black", 15, 1, HIDDEN, indicator="teacher_experience"),
        cell("race_ethnicity:asian", 15, 1, HIDDEN, indicator="teacher_experience"),
    ]
    (row,) = rest_of(rows)
    assert row["total"] == pytest.approx(40 * 11.23456789 - 10 * 9.87654321)
    assert row["total_sq"] is None, "its students are not independent: no interval is told"
    assert rest_of([dict(rows[0], total=40 * 11.23), *rows[1:]]) == []


@pytest.mark.parametrize("key", ["published", "noise"])
def test_a_policy_that_does_not_tell_together_adds_nothing(key: str):
    cells = made.cells_table(RACES)
    found, units = with_rest(cells, UNITS, DEFINITIONS.policies[key], DEFINITIONS)
    assert found is cells
    assert units is UNITS


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_rest_is_a_function_of_what_is_released(data: st.DataObject):
    """Whatever stands in hidden rows, the rest is the same; and it is the sum of what they hid."""
    races = ["hispanic", "white", "black", "asian", "filipino"]
    truth, rows = {"D1": np.zeros((5, 2)), "1": None, "2": None, "3": None}, []
    for unit in ("1", "2", "3"):
        n = np.array(data.draw(st.lists(st.integers(1, 60), min_size=5, max_size=5)))
        reached = np.array([data.draw(st.integers(0, int(size))) for size in n])
        truth[unit] = np.stack([n, reached], axis=1)
        truth["D1"] = truth["D1"] + truth[unit]
    for unit, table in truth.items():
        level = "district" if unit == "D1" else "school"
        for group, (n, total) in zip(
            ["all", *(f"race_ethnicity:{race}" for race in races)], [table.sum(axis=0), *table], strict=True
        ):
            rows.append(cell(group, n, total, unit=unit, unit_level=level))
    rows = [district(row) for row in rows]
    cells = made.cells_table(rows)
    hidden = np.array(data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows))))
    kept = cells.set_column(
        cells.schema.get_field_index("state"), "state", [np.where(hidden, HIDDEN, VALUE).tolist()]
    ).cast(cells.schema)
    released, _ = with_rest(conceal(cells, hidden), UNITS, N10, DEFINITIONS)
    known, _ = with_rest(kept, UNITS, N10, DEFINITIONS)
    assert released.slice(len(rows)).equals(known.slice(len(rows)))
    state = {(row["unit_id"], row["group"]): is_hidden for row, is_hidden in zip(rows, hidden, strict=True)}
    for row in released.slice(len(rows)).to_pylist():
        parts = [
            (n, total)
            for (unit, group), (n, total) in (
                ((one["unit_id"], one["group"]), (one["n"], one["total"])) for one in rows
            )
            if state[unit, group]
            and (
                (unit == row["unit_id"] and group != "all")
                if row["group"] == RACE
                else (group == row["group"] and unit != "D1")
            )
        ]
        assert len(parts) >= 2
        assert (row["n"], row["total"]) == tuple(np.sum(parts, axis=0))


def test_a_protected_district_has_rests_and_they_hold_the_minimums():
    cells, units = made.system(3, schools=6, size=120, dimensions=("race_ethnicity",), depth=1)
    wanted = pa.compute.is_in(cells["indicator"], pa.array(["chronic_absence", "suspension"]))
    protected = protect(cells.filter(wanted), units, N10, DEFINITIONS)
    found, _ = with_rest(protected.cells, units, N10, DEFINITIONS)
    added = found.slice(len(protected.cells)).to_pylist()
    assert added
    for row in added:
        assert row["n"] >= 10
        assert row["total"] == 0 or row["total"] >= 10
        assert row["n"] - row["total"] >= 10
