"""Gaps on any table under a disclosure policy: what is hidden cannot be worked out from what is shown."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from scipy.optimize import linprog

from evenground.definitions import load
from evenground.model import HIDDEN, VALUE, InputProblems, parse_group
from evenground.questions.gaps import COLUMNS, Wanted, gaps

DEFINITIONS = load()
BY = ("race", "sex")
NUMBERS = [
    field.name for field in COLUMNS if pa.types.is_floating(field.type) or pa.types.is_integer(field.type)
]


def school(*counts: tuple[str, str, int, int]) -> pa.Table:
    """One row a student: (race, sex, students, of whom graduated)."""
    rows = [
        {"race": race, "sex": sex, "y": int(student < s)}
        for race, sex, n, s in counts
        for student in range(n)
    ]
    return pa.Table.from_pylist(rows)


def protected(table: pa.Table) -> list[dict]:
    return gaps(table, Wanted("y", BY), DEFINITIONS, DEFINITIONS.policies["n10"]).to_pylist()


def possible(rows: list[dict], table: pa.Table, of: str, column: str) -> tuple[float, float]:
    """The least and the most that a reader can hold possible for a hidden number, by what is shown.

    Unknown are the students (n, then successes) of every cross of race and sex; every shown row is a sum.
    """
    races, sexes = (sorted(set(table[name].to_pylist())) for name in BY)
    crosses = [{"race": race, "sex": sex} for race in races for sex in sexes]
    size = len(crosses)

    def sums(group: str, offset: int) -> list[float]:
        inside = [dict(parse_group(group)).items() <= cross.items() for cross in crosses]
        return [0.0] * offset + [float(there) for there in inside] + [0.0] * (size - offset)

    shown = [row for row in rows if row["state"] == VALUE]
    equal = [sums(row["group"], 0) for row in shown] + [sums(row["group"], size) for row in shown]
    to = [row["n"] for row in shown] + [row["successes"] for row in shown]
    no_more = np.hstack([-np.eye(size), np.eye(size)])
    aim = np.array(sums(of, 0 if column == "n" else size))
    ends = []
    for sign in (1, -1):
        found = linprog(sign * aim, A_ub=no_more, b_ub=np.zeros(size), A_eq=equal, b_eq=to, bounds=(0, None))
        assert found.status in (0, 3), found.message
        ends.append(sign * found.fun if found.status == 0 else np.inf)
    return ends[0], ends[1]


SCHOOLS = [
    school(("black", "f", 40, 20), ("black", "m", 4, 2), ("white", "f", 60, 30), ("white", "m", 50, 25)),
    school(
        ("asian", "f", 30, 15), ("asian", "m", 3, 3), ("black", "f", 40, 20), ("black", "m", 35, 15),
        ("white", "f", 60, 30), ("white", "m", 50, 25),
    ),
    school(("black", "f", 40, 38), ("black", "m", 30, 15), ("white", "f", 60, 30), ("white", "m", 50, 45)),
]  # fmt: skip


@pytest.mark.parametrize("table", SCHOOLS, ids=["few students", "three groups", "few without"])
def test_no_hidden_number_can_be_worked_out(table):
    rows = protected(table)
    hidden = [row["group"] for row in rows if row["state"] == HIDDEN]
    assert hidden
    for group in hidden:
        for column in ("n", "successes"):
            least, most = possible(rows, table, group, column)
            assert most - least >= 1, (group, column)


def test_the_attack_would_find_what_is_only_left_out():
    """The same attack on a table from which only the small cell is taken: 4 = 94 - 40 - 50."""
    table = SCHOOLS[0]
    rows = gaps(table, Wanted("y", BY), DEFINITIONS).to_pylist()
    for row in rows:
        if row["group"] == "race:black+sex:m":
            row["state"] = HIDDEN
    assert possible(rows, table, "race:black+sex:m", "n") == pytest.approx((4, 4))


@pytest.mark.parametrize("table", SCHOOLS, ids=["few students", "three groups", "few without"])
def test_a_hidden_row_holds_no_number_and_a_shown_one_is_what_it_was(table):
    before = {row["group"]: row for row in gaps(table, Wanted("y", BY), DEFINITIONS).to_pylist()}
    rows = protected(table)
    assert [row["group"] for row in rows] == list(before), "a hidden group is a row that says so"
    for row in rows:
        if row["state"] == HIDDEN:
            assert {row[name] for name in NUMBERS} == {None} or {
                name for name in NUMBERS if row[name] is not None
            } == {"reference_rate"}
        else:
            same = ("n", "successes", "rate", "low", "high", "ppg_moe")
            assert [row[name] for name in same] == [before[row["group"]][name] for name in same]


def test_groups_of_fewer_than_ten_are_hidden_and_large_tables_are_not_touched():
    states = {row["group"]: row["state"] for row in protected(SCHOOLS[0])}
    assert states["race:black+sex:m"] == HIDDEN
    assert states["all"] == VALUE
    large = school(
        ("black", "f", 40, 20), ("black", "m", 40, 20), ("white", "f", 60, 30), ("white", "m", 50, 25)
    )
    assert {row["state"] for row in protected(large)} == {VALUE}


def test_a_hidden_group_serves_as_nobodys_highest():
    """The 9 of whom all graduated would be the best group; nothing may be compared with them."""
    table = school(
        ("asian", "f", 9, 9), ("black", "f", 40, 20), ("white", "f", 60, 20), ("latino", "f", 50, 20)
    )
    wanted = Wanted("y", ("race",), reference="highest")
    rows = gaps(table, wanted, DEFINITIONS, DEFINITIONS.policies["n10"]).to_pylist()
    assert all(row["reference_group"] != "race:asian" for row in rows)


def test_numbers_are_protected_by_their_students():
    table = pa.table({"race": ["black"] * 5 + ["white"] * 30, "y": [float(score) for score in range(35)]})
    rows = gaps(table, Wanted("y", ("race",)), DEFINITIONS, DEFINITIONS.policies["n10"]).to_pylist()
    states = {row["group"]: row["state"] for row in rows}
    assert states["race:black"] == states["race:white"] == HIDDEN, (
        "with one of them the other is a subtraction"
    )


def test_a_policy_with_bands_tells_steps_and_tens_here_too():
    """40 women of whom 19 graduated: 47.5 percent, told as 48; 104 men of whom 51 did: 49.04, told as 49."""
    table = school(("black", "f", 40, 19), ("white", "m", 104, 51))
    wanted = Wanted("y", ("sex",))
    rows = {
        row["group"]: row
        for row in gaps(table, wanted, DEFINITIONS, DEFINITIONS.policies["nces"]).to_pylist()
    }
    assert {key: (row["n"], row["rate"], row["successes"]) for key, row in rows.items()} == {
        "all": (140, pytest.approx(0.49), None),
        "sex:f": (40, pytest.approx(0.48), None),
        "sex:m": (100, pytest.approx(0.49), None),
    }
    assert rows["sex:f"]["difference"] == pytest.approx(-0.01)


def test_a_policy_that_rounds_takes_no_weights():
    table = school(("black", "f", 40, 19)).append_column("w", pa.array([1.0] * 40))
    with pytest.raises(InputProblems, match="no weights"):
        gaps(table, Wanted("y", ("sex",), weight="w"), DEFINITIONS, DEFINITIONS.policies["nces"])
