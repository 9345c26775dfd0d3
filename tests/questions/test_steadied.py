"""Small groups, steadied: cells made by hand against the measures called directly."""

from __future__ import annotations

from itertools import product

import numpy as np
import pyarrow as pa
import pytest

from evenground.definitions import load
from evenground.measures import small
from evenground.model import CELLS, HIDDEN, UNITS, VALUE, Unit
from evenground.questions import Asked, ask, ask_places

DEFINITIONS = load()
DISTRICT = {"unit_level": "district", "unit_id": "1", "unit_name": "Cedar", "parent_id": None}
SCHOOLS = [
    {"unit_level": "school", "unit_id": f"1{at}", "unit_name": f"School {at}", "parent_id": "1"}
    for at in range(8)
]
UNIT_TABLE = pa.Table.from_pylist([DISTRICT, *SCHOOLS], schema=UNITS)
RACES, SEXES = ("asian", "black", "hispanic", "white"), ("female", "male")
# Students and those who graduated, race by race, girls then boys: Asian students are few.
COUNTS = dict(
    zip(
        product(RACES, SEXES),
        [(14, 13), (11, 6), (300, 150), (280, 110), (500, 320), (510, 280), (700, 590), (690, 510)],
        strict=True,
    )
)
SMALL = "race_ethnicity:asian+sex:male"


def cell(group: str, n: int, total: int, unit: str = "1") -> dict:
    return {
        "indicator": "graduation",
        "unit_level": "district" if unit == "1" else "school",
        "unit_id": unit,
        "period": "2023-24",
        "group": group,
        "n": n,
        "total": total,
        "total_sq": total,
        "weight_sq": None,
        "value": total / n,
        "state": VALUE,
    }


def crossed() -> list[dict]:
    rows = [cell(f"race_ethnicity:{race}+sex:{sex}", *counts) for (race, sex), counts in COUNTS.items()]
    n, total = np.sum(list(COUNTS.values()), axis=0).tolist()
    return [cell("all", n, total), *rows]


def asked() -> Asked:
    return Asked(Unit("district", "1"), ("race_ethnicity", "sex"), 2, "overall")


def found(rows: list[dict]) -> dict[tuple[str, str], dict]:
    table = ask(pa.Table.from_pylist(rows, schema=CELLS), UNIT_TABLE, asked(), DEFINITIONS)
    return {(row["group"], row["measure"]): row for row in table.to_pylist()}


def test_a_small_crossed_group_leans_on_its_dimensions():
    now = found(crossed())
    counts = np.array(list(COUNTS.values()))
    races, sexes = zip(*COUNTS, strict=True)
    expected = small.of_rates(counts[:, 1], counts[:, 0], [races, sexes])
    row = now[SMALL, "stabilised"]
    at = list(COUNTS).index(("asian", "male"))
    assert row["value"] == pytest.approx(expected.value[at])
    assert (row["low"], row["high"]) == pytest.approx((expected.low[at], expected.high[at]))
    assert now[SMALL, "reliability"]["value"] == pytest.approx(expected.reliability[at])
    assert (row["reference"], row["n"]) == ("parts", 11)
    # 6 of 11 graduated; what the dimensions say together is more, and the number moves that way.
    assert 6 / 11 < row["value"] < expected.prior[at]
    assert {group for group, measure in now if measure == "stabilised"} == {
        SMALL,
        "race_ethnicity:asian+sex:female",
    }


def test_hidden_groups_stay_hidden():
    rows = crossed()
    for row in rows:
        if row["group"] == SMALL:
            row |= {"state": HIDDEN, "n": None, "total": None, "total_sq": None, "value": None}
    now = found(rows)
    assert (SMALL, "stabilised") not in now
    assert ("race_ethnicity:asian+sex:female", "stabilised") in now


def test_one_dimension_alone_is_not_pulled_together():
    """Groups of one dimension are not alike: nothing is borrowed between races."""
    rows = [
        cell("all", 1000, 700),
        cell("race_ethnicity:asian", 12, 5),
        cell("race_ethnicity:white", 988, 695),
    ]
    assert not [key for key in found(rows) if key[1] == "stabilised"]


def test_a_small_group_of_a_school_leans_on_all_there_and_on_the_same_group_elsewhere():
    sizes, done = [12, 40, 55, 60, 35, 48, 70, 15], [4, 30, 45, 40, 30, 37, 61, 14]
    black, all_of = "race_ethnicity:black", "all"
    rows = [cell(all_of, 4000, 3000)]
    for at, (n, total) in enumerate(zip(sizes, done, strict=True)):
        rows += [cell(black, n, total, f"1{at}"), cell(all_of, 500, 380, f"1{at}")]
    table = ask_places(
        pa.Table.from_pylist(rows, schema=CELLS), UNIT_TABLE, asked(), "school", DEFINITIONS
    ).to_pylist()
    now = {row["unit_id"]: row for row in table if row["measure"] == "stabilised" and row["group"] == black}
    # everybody: 380 of 500 at each school, which do not differ
    whole = small.beta_binomial([380] * 8, [500] * 8).value
    expected = small.of_rates(done, sizes, (), known=np.log(whole / (1 - whole)))
    few = np.flatnonzero(expected.reliability < DEFINITIONS.parameter("least_reliability"))
    assert sorted(now) == [f"1{at}" for at in few]
    assert "10" in now
    assert now["10"]["value"] == pytest.approx(expected.value[0])
    assert 4 / 12 < now["10"]["value"] < sum(done) / sum(sizes)
    assert 14 / 15 > now["17"]["value"] > sum(done) / sum(sizes)
    assert now["10"]["reference"] == "elsewhere"
    assert not [row for row in table if row["measure"] == "stabilised" and row["group"] == all_of]


def test_where_nobody_succeeds_a_small_group_is_not_drawn_up():
    """A school in which 1 of 90 succeed: four students of a group are seen in its light, not in others'."""
    black, rows = "race_ethnicity:black", [cell("all", 4000, 2500)]
    for at in range(8):
        low = at == 0
        rows.append(cell("all", 90 if low else 500, 1 if low else 350, f"1{at}"))
        rows.append(cell(black, 4 if low else 60, 0 if low else 36 + at, f"1{at}"))
    table = ask_places(
        pa.Table.from_pylist(rows, schema=CELLS), UNIT_TABLE, asked(), "school", DEFINITIONS
    ).to_pylist()
    now = {row["unit_id"]: row for row in table if row["measure"] == "stabilised" and row["group"] == black}
    assert now["10"]["value"] < 0.1
