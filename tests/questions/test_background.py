"""How much background predicts, from cells made by hand."""

from __future__ import annotations

import pyarrow as pa
import pytest

from evenground.definitions import load
from evenground.model import CELLS, HIDDEN, UNITS, VALUE, Unit
from evenground.questions import Asked, ask

DEFINITIONS = load()
POOR = "economic_disadvantage:disadvantaged"
SCHOOLS = [f"{number:03}" for number in range(1, 51)]
UNIT_TABLE = pa.Table.from_pylist(
    [{"unit_level": "district", "unit_id": "01", "unit_name": "Adair", "parent_id": None}]
    + [
        {"unit_level": "school", "unit_id": f"01{one}", "unit_name": f"School {one}", "parent_id": "01"}
        for one in SCHOOLS
    ],
    schema=UNITS,
)


def cell(unit, group, n, total, *, period="2015-16", indicator="graduation", state=VALUE) -> dict:
    return {
        "indicator": indicator, "unit_level": "district" if unit == "01" else "school", "unit_id": unit,
        "period": period, "group": group, "n": n, "total": total, "total_sq": total, "weight_sq": None,
        "value": None if n is None else total / n, "state": state,
    }  # fmt: skip


def found(cells: list[dict]) -> dict[tuple, dict]:
    """(measure, reference) -> finding of the last year, of those about background."""
    asked = Asked(Unit("district", "01"), ("race_ethnicity",), 1, "overall", None)
    table = ask(pa.Table.from_pylist(cells, schema=CELLS), UNIT_TABLE, asked, DEFINITIONS)
    rows = [row for row in table.to_pylist() if row["question"] == "background"]
    rows.sort(key=lambda row: row["period"])
    return {(row["measure"], row["reference"]): row for row in rows}


def test_the_worked_table():
    """500 of each, 300 and 400 graduate: eta squared .01/.21, and .619 of the pairs are put right."""
    findings = found(
        [
            cell("01", "all", 1000, 700),
            cell("01", "race_ethnicity:black", 500, 300),
            cell("01", "race_ethnicity:white", 500, 400),
        ]
    )
    share = findings["background_share", "dimension:race_ethnicity"]
    order = findings["background_order", "dimension:race_ethnicity"]
    assert share["value"] == pytest.approx(0.01 / 0.21)
    assert order["value"] == pytest.approx(0.5 + (4 / 7 - 1 / 3) / 2)
    assert share["low"] < share["value"] < share["high"]
    assert (order["group"], order["unit_id"], order["n"]) == ("all", "01", 1000)


def test_a_group_alone_stands_against_all_others():
    """Only families with low income are published: 400 of 1,000, 200 graduate; of the 600 others 500."""
    findings = found([cell("01", "all", 1000, 700), cell("01", POOR, 400, 200)])
    # Of graduates 200/700 are poor, of the others 200/300: .5 + (500/700 - 100/300)/2.
    order = findings["background_order", "dimension:economic_disadvantage"]
    assert order["value"] == pytest.approx(0.5 + (5 / 7 - 1 / 3) / 2)


def test_hidden_groups_are_one_and_too_many_are_nothing():
    everybody = cell("01", "all", 1000, 700)
    small = [cell("01", "race_ethnicity:asian", None, None, state=HIDDEN)]
    most = [cell("01", "race_ethnicity:white", 600, 450), cell("01", "race_ethnicity:black", 350, 210)]
    order = found([everybody, *most, *small])["background_order", "dimension:race_ethnicity"]
    # By rate .6 (350), .75 (600), .8 (50 others, 40): pairs of 700 x 300 in order, ties by half.
    right = 450 * 140 + 40 * (140 + 150) + (210 * 140 + 450 * 150 + 40 * 10) / 2
    assert order["value"] == pytest.approx(right / (700 * 300))
    few = [cell("01", "race_ethnicity:white", 500, 400), cell("01", "race_ethnicity:black", 350, 210)]
    assert ("background_order", "dimension:race_ethnicity") not in found([everybody, *few, *small])


def test_groups_that_overlap_tell_nothing():
    findings = found(
        [
            cell("01", "all", 1000, 700),
            cell("01", "race_any:black", 600, 400),
            cell("01", "race_any:white", 700, 500),
        ]
    )
    assert not findings


def test_a_change_needs_the_same_groups_and_follows_from_its_interval():
    def year(period, black, white, extra=()):
        groups = [
            cell("01", "race_ethnicity:black", 2000, black, period=period),
            cell("01", "race_ethnicity:white", 2000, white, period=period),
        ]
        return [cell("01", "all", 4000, black + white, period=period), *groups, *extra]

    key = ("background_change", "dimension:race_ethnicity")
    fell = found([*year("2013-14", 1000, 1600), *year("2015-16", 1200, 1400)])[key]
    assert (fell["verdict"], fell["period_from"]) == ("fell", "2013-14")
    assert fell["high"] < 0
    still = found([*year("2013-14", 1200, 1400), *year("2015-16", 1210, 1400)])[key]
    assert still["verdict"] == "no_clear_change"
    other = [cell("01", "race_ethnicity:black", 2000, 1000, period="2013-14")]
    assert key not in found(
        [cell("01", "all", 4000, 2600, period="2013-14"), *other, *year("2015-16", 1200, 1400)]
    )


def test_schools_and_their_poverty():
    """Fifty schools of 100: the n-th has n in poverty and 90 - n of 100 who graduate: ranks turn around."""
    cells = [
        cell("01", "all", 5000, sum(90 - number for number in range(1, 51))),
        cell("01", POOR, 1275, 600),
    ]
    for number, school in enumerate(SCHOOLS, start=1):
        cells += [cell(f"01{school}", "all", 100, 90 - number), cell(f"01{school}", POOR, number, 0)]
    findings = found(cells)
    assert findings["background_poverty", "level:school"]["value"] == pytest.approx(-1)
    assert findings["background_poverty", "level:school"]["n"] == 50
    schools = findings["background_schools", "level:school"]
    # Rates .40 to .89 one hundredth apart: variance (50^2 - 1)/12 hundredths squared, of .645 * .355.
    assert schools["value"] == pytest.approx((2499 / 12 / 1e4) / (0.645 * 0.355), abs=0.01)


def test_few_students_means_and_resources_say_nothing():
    assert not found([cell("01", "all", 60, 30), cell("01", POOR, 30, 10)])
    spending = [
        cell("01", "all", 1000, 9e6, indicator="spending"),
        cell("01", POOR, 400, 4e6, indicator="spending"),
    ]
    assert not found(spending)
