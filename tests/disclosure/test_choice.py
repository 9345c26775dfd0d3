"""Choosing what to hide: the optimum of peers and of brute force, and what a policy's attacker knows."""

from __future__ import annotations

import csv
from collections import Counter
from itertools import combinations, product
from pathlib import Path

import made
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_suppress import (
    DEFINITIONS,
    SCHOOL,
    counts_only,
    doc3x5,
    frequency,
    hidden_groups,
    microdata1,
    policy,
)

from evenground.definitions import Weights
from evenground.disclosure import attack, protect
from evenground.model import HIDDEN

VALUES = Path(__file__).parents[3] / "shared" / "reference" / "values"
SEXES, LANGUAGES = ("female", "male"), ("english_learner", "not_english_learner")


def test_doc3x5_costs_27_to_whom_only_knows_sums_and_41_to_whom_knows_counts():
    """methods.md 8.2: 27 is the optimum where only exact sums are known (2A, 2B, 2C); singletons need 41."""
    sums = protect(doc3x5(), SCHOOL, counts_only(5, attacker="sums", together=False), DEFINITIONS)
    assert sums.report["students_to_protect"] == 27
    assert hidden_groups(sums.cells) == {
        f"grade:{grade}+race_ethnicity:{race}"
        for grade in ("g01", "g02")
        for race in ("asian", "black", "filipino")
    }
    counts = protect(doc3x5(), SCHOOL, counts_only(5, together=False), DEFINITIONS)
    assert counts.report["students_to_protect"] == 41


def test_microdata1_costs_40_to_both():
    for attacker in ("sums", "counts"):
        rules = counts_only(3, attacker=attacker, together=False)
        assert protect(microdata1(), SCHOOL, rules, DEFINITIONS).report["students_to_protect"] == 40


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.integers(1, 5), min_size=4, max_size=4))
def test_the_choice_for_two_by_two_is_the_cheapest_of_all(inner: list[int]):
    """Every choice of cells of a 2 x 2 table with margins is tried, and every table of whole numbers that
    agrees with it: those that leave each hidden cell two values are safe, the cheapest is ours.
    """
    (a, b), (c, d) = inner[:2], inner[2:]
    table = frequency(
        {"f": {"e": a, "n": b}, "m": {"e": c, "n": d}},
        "sex",
        "english_learner",
        dict(zip("fm", SEXES, strict=True)),
        dict(zip("en", LANGUAGES, strict=True)),
    )
    weights = Weights(everybody=1.0, other_side=1.0)
    rules = counts_only(3, together=False, weights=weights)
    ours = protect(table, SCHOOL, rules, DEFINITIONS)
    n = np.array(_with_margins(a, b, c, d))
    first = n < 3
    cost = n[[state == HIDDEN for state in _in_order(ours.cells)]].sum() - n[first].sum()
    assert cost == _cheapest(n, first)


def _with_margins(a: int, b: int, c: int, d: int) -> tuple[int, ...]:
    return a, b, c, d, a + b, c + d, a + c, b + d, a + b + c + d


def _in_order(cells: pa.Table) -> list[str]:
    """The states of a, b, c, d, the rows, the columns and everybody."""
    state = dict(zip(cells["group"].to_pylist(), cells["state"].to_pylist(), strict=True))
    rows, columns = [f"sex:{one}" for one in SEXES], [f"english_learner:{one}" for one in LANGUAGES]
    inner = [f"{column}+{row}" for row in rows for column in columns]
    return [state[key] for key in (*inner, *rows, *columns, "all")]


def _cheapest(n: np.ndarray, first: np.ndarray) -> int:
    """The least cost of a safe choice, by trying all; tables of up to 11 students a cell are thought of."""
    tables = np.array([_with_margins(*inner) for inner in product(range(1, 12), repeat=4)])
    free = np.flatnonzero(~first)
    best = None
    for size in range(len(free) + 1):
        for more in combinations(free, size):
            hidden = first.copy()
            hidden[list(more)] = True
            cost = int(n[hidden].sum() - n[first].sum())
            if best is not None and cost >= best:
                continue
            agree = tables[(tables[:, ~hidden] == n[~hidden]).all(axis=1)]
            if all(len(np.unique(agree[:, cell])) > 1 for cell in np.flatnonzero(hidden)):
                best = cost
    assert best is not None
    return best


def state_of_100_schools() -> tuple[pa.Table, pa.Table]:
    with (VALUES / "suppression-state100-input.csv").open() as file:
        rows = list(csv.DictReader(file))
    races = dict(zip(sorted({row["race"] for row in rows}), made.RACES, strict=False))
    lunch = {"Y": "disadvantaged", "N": "not_disadvantaged"}
    cells: Counter[tuple[str, str, str]] = Counter()
    districts: dict[str, list[str]] = {}
    for row in rows:
        if row["school"] not in districts.setdefault(row["district"], []):
            districts[row["district"]].append(row["school"])
        race, meals = f"race_ethnicity:{races[row['race']]}", f"economic_disadvantage:{lunch[row['frl']]}"
        for level, unit in (("school", row["school"]), ("district", row["district"]), ("state", "ST")):
            for group in ("all", race, meals, f"{meals}+{race}"):
                cells[level, unit, group] += int(row["freq"])
    table = [
        {
            "indicator": "spending",
            "unit_level": level,
            "unit_id": unit,
            "period": "2015-16",
            "group": group,
            "n": n,
            "total": 100.0 * n,
        }
        for (level, unit, group), n in sorted(cells.items())
        if n > 0  # nobody is public: zeros are, in the peer's result
    ]
    return made.cells_table(table), made.units_table(districts)


@pytest.mark.skipif(not VALUES.is_dir(), reason="needs ../shared/reference/values")
def test_a_state_hides_no_more_than_the_peer_does_by_the_same_rule():
    """values/README.md: 921 primary, 1,025 in all; no hidden cell is a linear combination of public ones."""
    cells, units = state_of_100_schools()
    rules = counts_only(10, attacker="sums", together=False)
    protected = protect(cells, units, rules, DEFINITIONS)
    assert protected.report["hidden_first"] == 921
    hidden = np.array([state == HIDDEN for state in protected.cells["state"].to_pylist()])
    assert hidden.sum() <= 1025
    assert not _in_the_span_of_what_is_public(cells, units, hidden)


def _in_the_span_of_what_is_public(cells: pa.Table, units: pa.Table, hidden: np.ndarray) -> list[int]:
    """Hidden cells that are linear combinations of public ones. Over the leaves (school, race, meals), which
    are all there is, a cell is the row of ones of its leaves.
    """
    rows = cells.to_pylist()
    home = dict(zip(units["unit_id"].to_pylist(), units["parent_id"].to_pylist(), strict=True))
    leaves = {
        (row["unit_id"], row["group"]): place
        for place, row in enumerate(
            row for row in rows if row["unit_level"] == "school" and "+" in row["group"]
        )
    }
    place_of = {(row["unit_id"], row["group"]): place for place, row in enumerate(rows)}
    matrix = np.zeros((len(rows), len(leaves)))
    for (school, group), leaf in leaves.items():
        for unit, key in product((school, home[school], "ST"), ("all", *group.split("+"), group)):
            matrix[place_of[unit, key], leaf] = 1.0
    basis = np.linalg.svd(matrix[~hidden], full_matrices=False)
    space = basis.Vh[1e-9 * basis.S[0] < basis.S]
    asked = matrix[hidden]
    left = asked - asked @ space.T @ space
    return np.flatnonzero(np.abs(left).max(axis=1) < 1e-7).tolist()


def test_weights_say_what_is_kept():
    """Nine students at A and 40 at B, a district of two schools: the district's number goes only where it
    weighs less than the larger school's.
    """
    cells = made.cells_table(
        [
            {
                "indicator": "spending",
                "unit_level": level,
                "unit_id": unit,
                "period": "2015-16",
                "group": "all",
                "n": n,
                "total": n,
            }
            for level, unit, n in (("school", "A", 9), ("school", "B", 40), ("district", "D", 49))
        ]
    )
    units = made.units_table({"D": ["A", "B"]}, None)
    for weights, kept in ((Weights(), "D"), (Weights(district=0.1), "B")):
        protected = protect(cells, units, counts_only(10, together=False, weights=weights), DEFINITIONS)
        shown = {row["unit_id"] for row in protected.cells.to_pylist() if row["state"] != HIDDEN}
        assert shown == {kept}


def test_what_is_hidden_of_a_public_sum_is_together_large_enough():
    """Of 105 students 5 and 4 are in two small groups: 105 - 50 - 46 = 9 are in both, fewer than 10; so a
    third group goes.
    """
    groups = {"asian": 5, "black": 4, "hispanic": 50, "white": 46}
    rows = [("all", 105), *((f"race_ethnicity:{race}", n) for race, n in groups.items())]
    cells = made.cells_table(
        [
            {
                "indicator": "spending",
                "unit_level": "school",
                "unit_id": "1",
                "period": "2015-16",
                "group": group,
                "n": n,
                "total": n,
            }
            for group, n in rows
        ]
    )
    alone = protect(cells, SCHOOL, counts_only(10, together=False), DEFINITIONS)
    assert hidden_groups(alone.cells) == {"race_ethnicity:asian", "race_ethnicity:black"}
    together = protect(cells, SCHOOL, counts_only(10, together=True), DEFINITIONS)
    assert hidden_groups(together.cells) == hidden_groups(alone.cells) | {"race_ethnicity:white"}
    found = attack(alone.cells, SCHOOL, counts_only(10, together=True), DEFINITIONS)
    assert found.derivable


@pytest.mark.parametrize("values", [2, 3, 6])
def test_as_many_values_stay_possible_as_the_policy_asks(values: int):
    """An outsider who enumerates all tables of a 2 x 3 table finds at least so many for each hidden cell."""
    rows = {"1": {"A": 2, "B": 14, "C": 11}, "2": {"A": 13, "B": 12, "C": 16}}
    names = dict(zip("ABC", ("asian", "black", "white"), strict=True))
    table = frequency(rows, "sex", "race_ethnicity", dict(zip("12", SEXES, strict=True)), names)
    rules = policy(
        minimum_n=10, minimum_numerator=0, minimum_complement=0, zero_complement="published",
        together=False, possible_values=values,
    )  # fmt: skip
    cells = protect(table, SCHOOL, rules, DEFINITIONS).cells
    n = dict(zip(cells["group"].to_pylist(), cells["n"].to_pylist(), strict=True))
    seen: dict[str, set[int]] = {}
    for inner in product(
        range(1, 28), repeat=3
    ):  # the first row; the second follows where columns are public
        for other in product(range(1, 30), repeat=3) if n["race_ethnicity:asian"] is None else [None]:
            columns = [n[f"race_ethnicity:{race}"] for race in names.values()]
            second = other or tuple(int(total - one) for total, one in zip(columns, inner, strict=True))
            made_up = _two_by_three(inner, second, names)
            if min(second) > 0 and all(n[key] is None or n[key] == value for key, value in made_up.items()):
                for key, value in made_up.items():
                    if n[key] is None:
                        seen.setdefault(key, set()).add(value)
    assert seen
    assert all(len(one) >= values for one in seen.values())


def _two_by_three(first: tuple[int, ...], second: tuple[int, ...], names: dict[str, str]) -> dict[str, int]:
    races = [f"race_ethnicity:{race}" for race in names.values()]
    table = {f"{race}+sex:female": n for race, n in zip(races, first, strict=True)}
    table |= {f"{race}+sex:male": n for race, n in zip(races, second, strict=True)}
    table |= {race: one + other for race, one, other in zip(races, first, second, strict=True)}
    return table | {"sex:female": sum(first), "sex:male": sum(second), "all": sum(first) + sum(second)}
