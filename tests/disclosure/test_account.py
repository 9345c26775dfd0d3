"""What was hidden, counted by hand on eleven cells."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from evenground.disclosure.account import Account, account
from evenground.disclosure.hidden import conceal
from evenground.model import CELLS

YEARS = ("2014-15", "2015-16")
# indicator, level, unit, period, group, n, why ("" is shown)
ROWS = [
    ("graduation", "district", "D", YEARS[1], "all", 100, ""),
    ("graduation", "district", "D", YEARS[1], "sex:female", 55, ""),
    ("graduation", "district", "D", YEARS[1], "sex:male", 45, ""),
    ("graduation", "school", "A", YEARS[1], "all", 9, "few_students"),
    ("graduation", "school", "B", YEARS[1], "all", 31, "protects"),
    ("graduation", "school", "C", YEARS[1], "all", 30, ""),
    ("graduation", "school", "E", YEARS[1], "all", 30, ""),
    ("suspension", "school", "B", YEARS[0], "race_ethnicity:black+sex:male", 12, "few_reached"),
    ("suspension", "school", "B", YEARS[0], "race_ethnicity:white+sex:male", 19, "protects"),
    ("suspension", "school", "B", YEARS[0], "race_ethnicity:asian+sex:male", 17, "table"),
    ("suspension", "school", "C", YEARS[0], "all", 29, "source"),
]


@pytest.fixture(scope="module")
def found() -> Account:
    rows = [
        {
            **dict(zip(("indicator", "unit_level", "unit_id", "period", "group"), row[:5], strict=True)),
            "n": float(row[5]),
            "total": 1.0,
            "total_sq": 1.0,
            "weight_sq": None,
            "value": 1.0 / row[5],
            "state": "value",
        }
        for row in ROWS
    ]
    cells = pa.Table.from_pylist(rows, schema=CELLS)
    why = [row[6] for row in ROWS]
    return account(cells, conceal(cells, np.array([bool(reason) for reason in why])), why)


def test_all_cells(found: Account) -> None:
    whole = found.whole
    assert (whole.cells, whole.shown, whole.first, whole.source, whole.others) == (11, 5, 2, 1, 3)
    assert dict(whole.hidden) == {
        "few_students": 1, "few_reached": 1, "source": 1, "protects": 2, "table": 1,
    }  # fmt: skip


def test_each_cut_has_every_cell_once(found: Account) -> None:
    for lines in (found.level, found.indicator, found.dimension, found.period):
        assert sum(line.cells for line in lines) == 11
        assert sum(line.shown for line in lines) == 5
    assert {line.key[0]: line.others for line in found.level} == {"district": 0, "school": 3}
    assert {line.key[0]: (line.cells, line.others) for line in found.dimension} == {
        "all": (6, 1),
        "sex": (2, 0),
        "race_ethnicity+sex": (3, 2),
    }
    assert [line.key[0] for line in found.period] == list(YEARS)


def test_where_most_was_hidden_to_protect_few(found: Account) -> None:
    """Both have one cell more for others than for themselves; a table without any hidden for others is not
    named.
    """
    places = [(line.key, line.first, line.others) for line in found.places]
    assert places == [
        (("school", "B", "graduation"), 0, 1),
        (("school", "B", "suspension"), 1, 2),
    ]


def test_the_largest_hidden_only_for_others_and_their_students(found: Account) -> None:
    assert [(cell.unit_id, cell.n) for cell in found.largest] == [("B", 31), ("B", 19), ("B", 17)]
    assert found.students == 31 + 19 + 17
    assert all(cell.n not in (9, 12) for cell in found.largest)  # nothing of what was hidden first


def test_schools_in_quarters_by_size(found: Account) -> None:
    """A has 9 students, C and E 30, B 31: one school a quarter."""
    assert [(quarter.largest, quarter.schools) for quarter in found.quarters] == [
        (9, 1), (30, 1), (30, 1), (31, 1),
    ]  # fmt: skip
    assert [(quarter.line.shown, quarter.line.others) for quarter in found.quarters] == [
        (0, 0), (1, 0), (1, 0), (0, 3),
    ]  # fmt: skip
    assert found.smallest == {("school", "A")}


def test_nothing_hidden_and_nothing_at_all() -> None:
    empty = account(CELLS.empty_table(), CELLS.empty_table(), [])
    assert (empty.whole.cells, empty.places, empty.quarters, empty.students) == (0, (), (), 0)
