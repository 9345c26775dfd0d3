"""Places that do better than places like them, from cells made by a system whose truth is known."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from evenground.definitions import load
from evenground.model import CELLS, HIDDEN, UNITS, VALUE, Unit
from evenground.questions import Asked, ask

DEFINITIONS = load()
YEARS = ("2012-13", "2013-14", "2014-15", "2015-16")
POOR = "economic_disadvantage:disadvantaged"
PLANTED = ("007", "033", "060")
SCHOOLS = [f"{number:03}" for number in range(80)]


def row(unit, group, n, total, period) -> dict:
    return {
        "indicator": "graduation", "unit_level": "school" if unit else "district", "unit_id": unit or "01",
        "period": period, "group": group, "n": float(n), "total": float(total), "total_sq": float(total),
        "weight_sq": None, "value": total / n, "state": VALUE,
    }  # fmt: skip


def made(advantage: float = 0.2, seed: int = 3) -> list[dict]:
    """80 schools of 300 in four years; who is poor (10 to 70 of 100) graduates less often; three are
    planted."""
    rng = np.random.default_rng(seed)
    rows, share = [], rng.uniform(0.1, 0.7, len(SCHOOLS))
    for year in YEARS:
        for school, poor in zip(SCHOOLS, share, strict=True):
            more = advantage if school in PLANTED else 0.0
            n = round(300 * poor)
            passed = rng.binomial(
                [n, 300 - n], np.clip([0.55 - 0.2 * poor + more, 0.75 - 0.2 * poor + more], 0, 1)
            )
            rows.append(row(school, POOR, n, passed[0], year))
            rows.append(row(school, "all", 300, passed.sum(), year))
    for year in YEARS:
        for group in ("all", POOR):
            of = [
                one
                for one in rows
                if one["period"] == year and one["group"] == group and one["unit_id"] != "01"
            ]
            rows.append(row("", group, sum(one["n"] for one in of), sum(one["total"] for one in of), year))
    return rows


def found(cells: list[dict]) -> list[dict]:
    units = pa.Table.from_pylist(
        [{"unit_level": "district", "unit_id": "01", "unit_name": "Adair", "parent_id": None}]
        + [
            {"unit_level": "school", "unit_id": one, "unit_name": f"School {one}", "parent_id": "01"}
            for one in SCHOOLS
        ],
        schema=UNITS,
    )
    asked = Asked(Unit("district", "01"), ("economic_disadvantage",), 1, "overall", None)
    table = ask(pa.Table.from_pylist(cells, schema=CELLS), units, asked, DEFINITIONS)
    return [one for one in table.to_pylist() if one["question"] == "bright"]


def of(rows: list[dict], measure: str, group: str = POOR) -> dict[str, dict]:
    return {one["unit_id"]: one for one in rows if (one["measure"], one["group"]) == (measure, group)}


@pytest.fixture(scope="module")
def findings() -> list[dict]:
    return found(made())


def test_the_planted_are_named_and_nobody_else(findings):
    advantage = of(findings, "advantage")
    assert len(advantage) == len(SCHOOLS)
    assert {unit for unit, one in advantage.items() if one["verdict"] == "above"} == set(PLANTED)
    for unit in PLANTED:
        assert advantage[unit]["low"] < 0.2 < advantage[unit]["high"] + 0.03
        assert of(findings, "advantage_luck")[unit]["value"] == DEFINITIONS.parameter("least_luck")
    assert {one["period"] for one in findings} == {YEARS[-1]}


def test_what_is_expected_is_the_mean_of_the_similar_schools_that_are_shown(findings):
    levels = {
        one["unit_id"]: one["value"] for one in made() if one["period"] == YEARS[-1] and one["group"] == POOR
    }
    for unit in PLANTED:
        like = [
            one["reference"].removeprefix("unit:")
            for one in findings
            if (one["measure"], one["unit_id"]) == ("likeness", unit)
        ]
        assert len(like) == DEFINITIONS.parameter("similar_places")
        assert unit not in like
        expected = of(findings, "advantage_expected")[unit]["value"]
        assert expected == pytest.approx(np.mean([levels[other] for other in like]))
    compared = {one["reference"] for one in findings if one["measure"] == "compared_on"}
    assert compared == {"size", f"group:{POOR}"}


def test_without_planted_schools_nobody_is_named():
    assert not [one for one in found(made(0.0)) if one["measure"] == "advantage"]


def test_hidden_schools_are_no_neighbours_and_few_schools_say_nothing():
    cells = made()
    hidden = {"007", "011"}
    for one in cells:
        if one["unit_id"] in hidden and one["group"] == POOR:
            one.update(n=None, total=None, total_sq=None, value=None, state=HIDDEN)
    rows = found(cells)
    assert not {one["unit_id"] for one in rows} & hidden
    assert not {one["reference"] for one in rows} & {f"unit:{unit}" for unit in hidden}
    assert {unit for unit, one in of(rows, "advantage").items() if one["verdict"] == "above"} == {
        "033",
        "060",
    }
    assert not found([one for one in cells if one["unit_id"] in ("01", *SCHOOLS[:30])])
    assert not found([one for one in cells if one["period"] in YEARS[-2:]])
