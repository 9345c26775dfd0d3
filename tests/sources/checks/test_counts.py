"""Defects planted into clean leaves; what is expected is arithmetic on what was planted."""

from __future__ import annotations

import pyarrow as pa
import pytest

from evenground.definitions import load
from evenground.model import UNITS, leaf_schema
from evenground.sources.checks import Remark, check_counts, in_spanish, said

YEARS = ("2013-14", "2014-15", "2015-16")
DIMENSIONS = ("race_ethnicity",)
PARTS = ("black", "hispanic", "white")
Leaf = dict[str, object]


def leaf(
    indicator: str, level: str, unit: str, period: str, part: str | None, n: float, share: float
) -> Leaf:
    return {
        "indicator": indicator, "unit_level": level, "unit_id": unit, "period": period,
        "race_ethnicity": part, "n": n, "total": round(n * share), "total_sq": None, "weight_sq": None,
        "value": round(n * share) / n, "state": "value",
    }  # fmt: skip


def clean() -> list[Leaf]:
    """24 districts of three groups, with everybody and a state that add up."""
    leaves = []
    for year, period in enumerate(YEARS):
        whole = 0
        for unit in range(24):
            sizes = [40 + 3 * unit + year, 60 + 5 * unit + 2 * year, 90 + unit + year]
            for part, n in zip(PARTS, sizes, strict=True):
                leaves.append(leaf("graduation", "district", f"{unit:02d}", period, part, n, 0.7))
            leaves.append(leaf("graduation", "district", f"{unit:02d}", period, None, sum(sizes), 0.72))
            whole += sum(sizes)
        leaves.append(leaf("graduation", "state", "S", period, None, whole, 0.71))
    return leaves


def found(leaves: list[Leaf]) -> dict[str, Remark]:
    units = [{"unit_level": "state", "unit_id": "S", "unit_name": "Example", "parent_id": None}]
    units += [
        {
            "unit_level": "district",
            "unit_id": f"{unit:02d}",
            "unit_name": f"District {unit}",
            "parent_id": "S",
        }
        for unit in range(24)
    ]
    remarks = check_counts(
        pa.Table.from_pylist(leaves, schema=leaf_schema(DIMENSIONS)),
        pa.Table.from_pylist(units, schema=UNITS),
        DIMENSIONS,
        load(),
        {"graduation": "grads.csv"},
        complete=("race_ethnicity", "sex"),
    )
    return {remark.check: remark for remark in remarks}


def pick(leaves: list[Leaf], unit: str, period: str, part: str | None = None) -> Leaf:
    keys = ("unit_id", "period", "race_ethnicity")
    return next(one for one in leaves if tuple(one[key] for key in keys) == (unit, period, part))


def test_clean_counts_raise_nothing() -> None:
    assert found(clean()) == {}


def test_groups_that_do_not_add_up() -> None:
    leaves = clean()
    pick(leaves, "03", "2014-15", "white")["n"] = 94 + 500.0  # 50 + 77 + 94 students are there
    remark = found(leaves)["parts_and_whole"]
    assert (remark.words["parts"], remark.words["whole"], remark.count) == (50 + 77 + 594, 221, 1)
    assert said(remark).file == "grads.csv"
    pick(leaves, "03", "2014-15", "white").update(n=None, total=None, value=None, state="hidden")
    assert found(leaves) == {}  # what is hidden may be the difference


def test_more_counted_than_there_are() -> None:
    leaves = clean()
    pick(leaves, "05", "2013-14")["total"] = 1000.0
    remark = found(leaves)["numerator_above"]
    assert (remark.words["total"], remark.words["n"], remark.words["unit"]) == (
        1000,
        55 + 85 + 95,
        "District 5",
    )


def test_districts_unlike_the_state() -> None:
    leaves = clean()
    state = pick(leaves, "S", "2015-16")
    districts = state["n"]
    state["n"] = float(districts) * 1.25  # type: ignore[arg-type]
    remark = found(leaves)["state_and_districts"]
    assert remark.words["districts"] == districts
    assert remark.words["change"] == pytest.approx(-0.2)


def test_a_number_ten_times_too_large() -> None:
    leaves = clean()
    for part in (*PARTS, None):
        one = pick(leaves, "07", "2014-15", part)
        one["n"] = float(one["n"]) * 100  # type: ignore[arg-type]
    pick(leaves, "S", "2014-15")["n"] = sum(
        float(one["n"])  # type: ignore[arg-type]
        for one in leaves
        if one["period"] == "2014-15" and one["unit_level"] == "district" and one["race_ethnicity"] is None
    )
    remarks = found(leaves)
    assert set(remarks) == {"outlier", "year_jump"}
    assert remarks["outlier"].words["unit"] == "District 7"
    assert remarks["year_jump"].count == 2  # up, and down again


def test_totals_filed_as_per_pupil() -> None:
    leaves = clean()
    for unit in range(24):
        leaves.append(
            {**leaf("spending", "district", f"{unit:02d}", "2015-16", None, 200, 1), "value": 9000.0 + unit}
        )
    leaves[-1]["value"] = 9000.0 * 200
    remark = found(leaves)["totals_per_pupil"]
    assert (remark.words["value"], remark.words["unit"], remark.count) == (1_800_000, "District 23", 1)


def test_a_group_that_is_no_longer_there() -> None:
    leaves = [one for one in clean() if (one["period"], one["race_ethnicity"]) != ("2015-16", "black")]
    for unit in range(24):  # everybody is the sum of those who are left, so that nothing else is odd
        rest = [float(pick(leaves, f"{unit:02d}", "2015-16", part)["n"]) for part in PARTS[1:]]  # type: ignore[arg-type]
        pick(leaves, f"{unit:02d}", "2015-16")["n"] = sum(rest)
    remarks = found(leaves)
    assert remarks["vanished_group"].words["period"] == "2015-16"
    assert remarks["vanished_group"].words["places"] == 24


def test_a_year_without_numbers_and_a_year_filed_twice() -> None:
    gone = [one for one in clean() if one["period"] != "2014-15"]
    assert found(gone)["missing_year"].words["years"] == "2014-15"
    twice = [one for one in clean() if one["period"] != "2015-16"]
    twice += [{**one, "period": "2015-16"} for one in twice if one["period"] == "2014-15"]
    remark = found(twice)["copied_year"]
    assert (remark.words["same"], remark.words["period"]) == (24, "2015-16")


def test_a_finding_is_said_in_both_languages() -> None:
    leaves = clean()
    pick(leaves, "05", "2013-14")["total"] = 1000.0
    problem = said(found(leaves)["numerator_above"])
    spanish = in_spanish(problem)
    assert problem.found == "1,000 of 235 students for District 5 in 2013-14 (graduation)"
    assert spanish is not None
    assert spanish.found == "1,000 de 235 estudiantes para District 5 en 2013-14 (graduation)"
