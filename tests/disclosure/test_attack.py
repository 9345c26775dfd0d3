"""The attack against worked examples: what each attacker knows, what several releases and sums tell."""

from __future__ import annotations

import made
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from evenground.definitions import load
from evenground.disclosure import attack
from evenground.model import CELLS, HIDDEN

DEFINITIONS = load()
N10 = DEFINITIONS.policies["n10"]
UNITS = made.units_table({"D": ["A", "B", "C"]}, None)
RACES = ("asian", "black", "hispanic", "white")


def rules(**changes: object):
    return N10.model_copy(update={"together": False, **changes})


def row(unit: str, group: str, n: float, total: float = 0.0, **more: object) -> dict:
    level = "district" if unit == "D" else "school"
    keys = {
        "indicator": "spending",
        "unit_level": level,
        "unit_id": unit,
        "period": "2015-16",
        "group": group,
    }
    return {**keys, "n": n, "total": total, **more}


def hide(cells: pa.Table, hidden: set[tuple[str, str]]) -> pa.Table:
    """The cells of (unit, group) hidden."""
    rows = [
        {**one, **dict.fromkeys(("n", "total", "total_sq", "value")), "state": HIDDEN}
        if (one["unit_id"], one["group"]) in hidden
        else one
        for one in cells.to_pylist()
    ]
    return pa.Table.from_pylist(rows, schema=CELLS)


def schools(counts: dict[str, tuple[int, ...]], period: str = "2015-16") -> pa.Table:
    """Students of four races at schools, with margins over both."""
    rows = []
    for place in (*counts, "D"):
        values = counts.get(place) or tuple(sum(column) for column in zip(*counts.values(), strict=True))
        rows.append(row(place, "all", sum(values), period=period))
        rows += [
            row(place, f"race_ethnicity:{race}", n, period=period)
            for race, n in zip(RACES, values, strict=True)
            if n
        ]
    return made.cells_table(rows)


def found(cells: pa.Table, policy: object, **more: object) -> set[tuple[str, str, str]]:
    """(kind, unit, group)"""
    tried = attack(cells, UNITS, policy, DEFINITIONS, **more)  # type: ignore[arg-type]
    return {(name[0], name[3], name[5]) for name in tried.derivable}


PAIR = {(unit, f"race_ethnicity:{race}") for unit in ("A", "B") for race in ("asian", "black")}


def test_sums_alone_miss_what_whole_counts_find() -> None:
    """A: asian and black are 2 together, so each is 1; who only adds up knows their sum and nothing else."""
    cells = hide(schools({"A": (1, 1, 30, 40), "B": (20, 25, 30, 40), "C": (15, 15, 15, 15)}), PAIR)
    assert ("students", "A", "race_ethnicity:asian") in found(cells, rules(attacker="counts"))
    assert found(cells, rules(attacker="sums")) == set()
    alone = hide(schools({"A": (5, 6, 30, 40), "B": (20, 25, 30, 40), "C": (1, 2, 3, 4)}), {("A", "all")})
    assert ("students", "A", "all") in found(alone, rules(attacker="sums"))


def test_ranges_are_those_of_arithmetic() -> None:
    """Hidden are 5 + 6 = 11 at A, 20 + 25 = 45 at B, asian 25 and black 31 in all: A asian may be 1 to 10."""
    cells = hide(schools({"A": (5, 6, 30, 40), "B": (20, 25, 30, 40), "C": (15, 15, 15, 15)}), PAIR)
    tried = attack(cells, UNITS, rules(), DEFINITIONS, exact=True)
    ends = {
        (name[3], name[5]): (low, high)
        for name, low, high in zip(tried.counts, tried.low.tolist(), tried.high.tolist(), strict=True)
        if name[0] == "students"
    }
    assert tried.exact.all()
    assert ends == {
        ("A", "race_ethnicity:asian"): (1, 10),
        ("A", "race_ethnicity:black"): (1, 10),
        ("B", "race_ethnicity:asian"): (15, 24),
        ("B", "race_ethnicity:black"): (21, 30),
    }


@pytest.mark.parametrize(("values", "is_found"), [(10, False), (11, True)])
def test_fewer_possible_values_than_the_policy_asks_for_are_found(values: int, is_found: bool) -> None:
    cells = hide(schools({"A": (5, 6, 30, 40), "B": (20, 25, 30, 40), "C": (15, 15, 15, 15)}), PAIR)
    assert bool(found(cells, rules(possible_values=values))) == is_found


def test_who_knows_one_of_two_schools_knows_the_other() -> None:
    truth = schools({"A": (5, 6, 30, 40), "B": (20, 25, 30, 40), "C": (15, 15, 15, 15)})
    cells = hide(truth, PAIR)
    assert found(cells, rules()) == set()
    known = found(cells, rules(attacker="own_school"), inside=truth)
    assert {("students", *place) for place in PAIR} <= known


def test_three_schools_protect_each_other() -> None:
    truth = schools({"A": (15, 16, 30, 40), "B": (20, 25, 30, 40), "C": (25, 15, 15, 15)})
    hidden = {(unit, f"race_ethnicity:{race}") for unit in "ABC" for race in ("asian", "black")}
    assert found(hide(truth, hidden), rules(attacker="own_school"), inside=truth) == set()
    assert found(hide(truth, hidden), rules(attacker="own_school")) == set()


def test_hidden_parts_together_are_held_to_the_minimum() -> None:
    """4 + 5 = 9 are too few, 4 + 6 are enough."""
    for black, small in ((5, True), (6, False)):
        truth = schools({"A": (4, black, 30, 40), "B": (20, 25, 30, 40), "C": (15, 15, 15, 15)})
        names = found(hide(truth, PAIR), N10)
        assert (("together", "A", "all") in names) == small


def test_a_student_who_joined_is_found_between_two_releases() -> None:
    before = schools({"A": (24, 30, 30, 40), "B": (20, 25, 30, 40), "C": (15, 15, 15, 15)})
    after = schools({"A": (25, 30, 30, 40), "B": (20, 25, 30, 40), "C": (15, 15, 15, 15)})
    names = found(after, rules(), earlier=[before])
    assert ("changed", "A", "race_ethnicity:asian") in names
    assert ("changed", "B", "race_ethnicity:asian") not in names
    assert found(after, rules(), earlier=[after]) == set()


def test_two_safe_releases_that_are_not_safe_together() -> None:
    """What one hides beside a small cell the other tells."""
    truth = schools({"A": (5, 16, 30, 40), "B": (20, 25, 30, 40), "C": (15, 15, 15, 15)})
    small = ("A", "race_ethnicity:asian")
    others = {("A", "race_ethnicity:black"), ("B", "race_ethnicity:asian"), ("B", "race_ethnicity:black")}
    first, second = (
        hide(truth, {small, *others}),
        hide(
            truth,
            {
                small,
                ("A", "race_ethnicity:white"),
                ("C", "race_ethnicity:asian"),
                ("C", "race_ethnicity:white"),
            },
        ),
    )
    assert found(first, rules()) == found(second, rules()) == set()
    assert ("students", *small) in found(second, rules(), earlier=[first])


def test_years_together_tell_the_third_of_them() -> None:
    """Two years public, one hidden, and all three together: 60 - 20 - 25 = 15."""
    parts = [
        made.cells_table([row("A", "all", n, period=year)])
        for year, n in (("2013-14", 20), ("2014-15", 25), ("2015-16", 15), ("2013-14/2015-16", 60))
    ]
    cells = pa.concat_tables(parts)
    hidden = pa.concat_tables([*parts[:2], hide(parts[2], {("A", "all")}), parts[3]])
    assert found(cells, rules()) == set()
    assert ("students", "A", "all") in found(hidden, rules())


def test_a_coded_share_is_between_its_bounds() -> None:
    """Of 30 students at most 10 % reached: 0 to 3, of whom the policy still lets nobody be picked out."""
    cells = hide(made.cells_table([row("A", "all", 30, 2, indicator="suspension")]), {("A", "all")})
    ends = [pa.array([value], pa.float64()) for value in (0.0, 0.1)]
    coded = cells.append_column("low", ends[0]).append_column("high", ends[1])
    policy = DEFINITIONS.policies["nces"].model_copy(update={"together": False})
    tried = attack(coded, UNITS, policy, DEFINITIONS, exact=True)
    said = dict(zip([name[0] for name in tried.counts], zip(tried.low, tried.high, strict=True), strict=True))
    assert said["students"] == (21, 40)  # the band whose end is 10 % (standards 4.2)
    assert said["reached"] == (0, 4)
    assert not tried.derivable


def test_rounded_numbers_are_known_to_half_a_step() -> None:
    """all 60 (55 to 65), hispanic 30 and white 20 (25 to 35, 15 to 25): the hidden rest is at most 25."""
    cells = made.cells_table(
        [
            row("A", "all", 60),
            row("A", "race_ethnicity:asian", 9),
            row("A", "race_ethnicity:hispanic", 30),
            row("A", "race_ethnicity:white", 20),
        ]
    )
    policy = N10.model_copy(update={"round_n": 10, "together": False})
    tried = attack(hide(cells, {("A", "race_ethnicity:asian")}), UNITS, policy, DEFINITIONS, exact=True)
    ends = dict(zip([name[0] for name in tried.counts], zip(tried.low, tried.high, strict=True), strict=True))
    assert ends["students"] == (1, 25)


def test_rows_told_together_add_nothing() -> None:
    cells = hide(schools({"A": (5, 6, 30, 40), "B": (20, 25, 30, 40), "C": (15, 15, 15, 15)}), PAIR)
    rest = made.cells_table([row("A", "race_ethnicity:not_shown", 11)])
    assert found(pa.concat_tables([cells, rest]), rules()) == set()


def test_a_release_that_contradicts_itself_is_still_attacked() -> None:
    cells = schools({"A": (5, 6, 30, 40), "B": (20, 25, 30, 40), "C": (15, 15, 15, 15)})
    wrong = pc.equal(cells["group"], "race_ethnicity:white")
    more = pc.if_else(wrong, pc.add(cells["n"], 1000.0), cells["n"])
    cells = cells.set_column(cells.schema.get_field_index("n"), CELLS.field("n"), more)
    tried = attack(hide(cells, PAIR), UNITS, rules(), DEFINITIONS)
    assert tried.tried == len(tried.counts)
    assert np.isfinite(tried.low).all()


def test_what_nobody_reported_is_no_secret_even_where_it_follows() -> None:
    """4,400 graduates less 2,157 young men are the young women, whom the source itself leaves out."""
    cells = [
        row("D", "all", 4400, 2695),
        row("D", "sex:male", 2157, 1309),
        row("D", "sex:female", 0, state="not_reported"),
    ]
    table = made.cells_table([{**one, "indicator": "ag_completion"} for one in cells])
    blank = pa.array([one["group"] == "sex:female" for one in table.to_pylist()])
    for name in ("n", "total", "total_sq", "value"):
        column = pc.if_else(blank, pa.scalar(None, pa.float64()), table[name])
        table = table.set_column(table.schema.get_field_index(name), CELLS.field(name), column)
    assert found(table, rules()) == set()
    secret = pc.if_else(blank, HIDDEN, table["state"])
    table = table.set_column(table.schema.get_field_index("state"), CELLS.field("state"), secret)
    assert ("students", "D", "sex:female") in found(table, rules())
