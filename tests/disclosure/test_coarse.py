"""Bands, steps and rounding against the table of NCES 2011-603 as standards transcribe it: groups of 10 to 20
students are coded at 20 and 80 percent and told in tens, 21 to 40 at 10 and 90, 41 to 100 at 5 and 95, 101 to
200 at 2 and 98, more than 200 at 1 and 99.
"""

from __future__ import annotations

import made
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenground.definitions import load
from evenground.disclosure.hidden import conceal
from evenground.disclosure.telling.coarse import coarsened, coded, extreme
from evenground.model import HIDDEN, VALUE

DEFINITIONS = load()
NCES, N10 = DEFINITIONS.policies["nces"], DEFINITIONS.policies["n10"]


@pytest.mark.parametrize(
    ("n", "most_below", "least_above"),
    [  # the last share that is "20 percent or fewer", the first that is "80 percent or more"
        (10, 2, 8),
        (20, 4, 16),
        (21, 2, 19),  # 10 percent of 21 is 2.1
        (40, 4, 36),
        (41, 2, 39),  # 5 percent of 41 is 2.05
        (100, 5, 95),
        (101, 2, 99),  # 2 percent of 101 is 2.02
        (200, 4, 196),
        (201, 2, 199),  # 1 percent of 201 is 2.01
        (5000, 50, 4950),
    ],
)
def test_the_bands_of_the_brief(n: int, most_below: int, least_above: int):
    reached = np.arange(n + 1)
    at_end = extreme(np.full(n + 1, n), reached, NCES)
    assert reached[~at_end].tolist() == list(range(most_below + 1, least_above))


def test_without_a_band_nothing_is_coded():
    assert not extreme([9, 0, np.nan], [0, 0, np.nan], NCES).any(), "the minimum hides these"
    assert not extreme([10, 100], [0, 100], N10).any()


def cell(n: float, total: float, group: str = "all", state: str = VALUE, **more: object) -> dict:
    keys = {"unit_level": "school", "unit_id": "1", "period": "2015-16", "group": group, "state": state}
    return {"indicator": "chronic_absence", **keys, "n": n, "total": total, **more}


@pytest.mark.parametrize(
    ("n", "total", "told_n", "told"),
    [
        (14, 5, 10, 0.4),  # 35.7 percent, in tens
        (15, 4, 20, 0.3),  # 26.7 percent
        (38, 13, 40, 0.34),  # 34.2 percent
        (94, 37, 90, 0.39),  # 39.4 percent
        (1234, 617, 1230, 0.5),
        (1234, 430, 1230, 0.35),  # 34.8 percent
    ],
)
def test_shares_are_told_in_steps_and_students_in_tens(n: int, total: int, told_n: int, told: float):
    (row,) = coarsened(made.cells_table([cell(n, total)]), NCES, DEFINITIONS).to_pylist()
    assert (row["n"], row["value"]) == (told_n, pytest.approx(told, abs=1e-12))
    assert row["total"] == row["total_sq"] == pytest.approx(told_n * told)


def test_means_keep_their_value_and_their_spread():
    """Scores of 10, 20 and so on to 130: mean 70, variance 1,400; told as of ten students."""
    scores = np.arange(10.0, 131.0, 10.0)
    row = cell(13, scores.sum(), indicator="reading_score", total_sq=(scores**2).sum())
    (told,) = coarsened(made.cells_table([row]), NCES, DEFINITIONS).to_pylist()
    assert (told["n"], told["value"], told["total"]) == (10, 70, 700)
    assert told["total_sq"] / told["n"] - told["value"] ** 2 == pytest.approx(1400)


def test_hidden_and_policies_without_bands_are_left_alone():
    cells = made.cells_table([cell(14, 5), cell(14, 5, "sex:female", HIDDEN)])
    hidden = conceal(cells, np.array([False, True]))
    told = coarsened(hidden, NCES, DEFINITIONS).to_pylist()[1]
    assert [told[name] for name in ("n", "total", "total_sq", "value", "state")] == [None] * 4 + [HIDDEN]
    assert coarsened(cells, N10, DEFINITIONS) is cells


def test_coded_shares_have_the_ends_of_their_band():
    rows = [
        cell(30, 2, "race_ethnicity:black"),  # 6.7 percent: 10 or fewer
        cell(150, 149, "race_ethnicity:white"),  # 99.3 percent: 98 or more
        cell(150, 75, "race_ethnicity:asian"),  # hidden to protect others: nothing is said
        cell(9, 0, "race_ethnicity:filipino"),  # too few students: nothing is said
        cell(30, 1, "race_ethnicity:hispanic"),  # shown
    ]
    cells = made.cells_table(rows)
    protected = conceal(cells, np.array([True, True, True, True, False]))
    found = coded(protected, cells, NCES, DEFINITIONS)
    assert [(row["group"], row["low"], row["high"]) for row in found.to_pylist()] == [
        ("race_ethnicity:black", 0.0, 0.1),
        ("race_ethnicity:white", 0.98, 1.0),
    ]
    assert coded(protected, cells, N10, DEFINITIONS).num_rows == 0


@given(st.integers(10, 3000), st.data())
def test_no_told_share_is_none_or_all_and_all_are_near_the_truth(n: int, data: st.DataObject):
    total = data.draw(st.integers(0, n))
    if extreme(n, total, NCES):
        return
    (row,) = coarsened(made.cells_table([cell(n, total)]), NCES, DEFINITIONS).to_pylist()
    step = 0.1 if n <= 20 else 0.01
    assert 0 < row["value"] < 1
    assert abs(row["value"] - total / n) <= step / 2 + 1e-9
    assert abs(row["n"] - n) <= 5
    assert row["n"] % 10 == 0
