"""Meals, SAT, graduates and A-G completion by school, 2014-15: five files in one folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import xlrd
from tests.sources.california.conftest import Leaves

YEAR = "2014-15"


@pytest.fixture(scope="module")
def leaves(real: Callable[[str, str], Leaves]) -> Leaves:
    return real("cde-schools", "ca-frpm-sat-1415")


@pytest.fixture(scope="module")
def folder(shared_data: Callable[[str], Path]) -> Path:
    return shared_data("ca-frpm-sat-1415")


@pytest.mark.parametrize(
    ("race", "completers"), [("hispanic", 73_318), ("black", 8_612), ("white", 58_231), ("asian", 29_919)]
)
def test_completers_by_race_as_the_other_file_of_the_publisher_says(
    leaves: Leaves, race: str, completers: int
) -> None:
    """SOURCE.txt of ca-graduates-ag: 2014-15 UC_GRADS by code."""
    cells = leaves.of("ag_completion", race_ethnicity=race, period=YEAR)
    assert cells["total"].sum() == completers


def test_graduates_of_both_years_are_a_count_and_only_the_first_has_completers(leaves: Leaves) -> None:
    assert set(leaves.of("ag_completion")["period"]) == {YEAR}


def test_everybody_is_the_files_own_total(leaves: Leaves) -> None:
    cells = leaves.of("ag_completion", period=YEAR)
    everybody = cells[cells["race_ethnicity"].isna()]
    assert (everybody["n"].sum(), everybody["total"].sum()) == (
        426_950,
        185_179,
    )  # the column TOTAL, added up


def test_meals_of_the_schools_add_up_to_the_nameless_last_row(leaves: Leaves, folder: Path) -> None:
    last = pd.read_csv(folder / "frpm1415.csv.gz").iloc[-1]
    cells = leaves.of("meals")
    assert cells["total"].sum() == last["FRPM Count (K-12)"] == 3_655_624
    assert (cells["state"] == "not_reported").sum() == 188
    assert "rows without an id" in leaves.checks  # the row above the total, and the total itself


def test_sat_of_the_state_and_of_hidden_schools(leaves: Leaves, folder: Path) -> None:
    """The file's state row: 210,706 of 496,901 seniors, 44.3 % of them with 1500 points."""
    taking, reaching = leaves("sat_taking", "CA"), leaves("sat_benchmark", "CA")
    assert (taking["n"], taking["total"]) == (496_901, 210_706)
    assert round(100 * reaching["value"], 1) == 44.3
    raw = pd.read_csv(folder / "sat1415.csv.gz", dtype={"cds": str})
    without = raw[raw.NumGE1500.isna()]
    assert without.NumTstTakr.max() == 10  # scores are left out up to 10 takers
    cells = leaves.of("sat_benchmark")
    assert (cells["state"] == "hidden").sum() == without.rtype.isin(["S", "D"]).sum()


def test_more_takers_than_seniors_are_not_used(leaves: Leaves) -> None:
    cells = leaves.of("sat_taking")
    assert (cells["state"] == "not_reported").sum() == 35  # 34 schools and a district
    assert leaves("sat_taking", "19647330106864")["state"] == "not_reported"  # 111 takers, 105 seniors


def test_graduates_by_race_in_schools_where_three_in_four_get_meals(leaves: Leaves, folder: Path) -> None:
    graduates = old_excel(folder / "Eth_grad_1415.xls")
    meals = pd.read_csv(folder / "frpm1415.csv.gz", dtype=str)
    meals["CDS_CODE"] = meals["County Code"] + meals["District Code"] + meals["School Code"]
    meals["share"] = pd.to_numeric(meals["Percent (%) Eligible FRPM (K-12)"])
    joined = graduates.merge(meals[["CDS_CODE", "share"]].dropna(), on="CDS_CODE")
    for race, column in (("black", "AFRICAN_AM"), ("white", "WHITE"), ("hispanic", "HISPANIC")):
        cells = leaves.of("high_poverty_school_graduates", race_ethnicity=race, period=YEAR)
        cells = cells[cells["state"] == "value"]
        assert cells["n"].sum() == joined[column].sum()
        assert cells["total"].sum() == joined.loc[joined.share >= 0.75, column].sum()


def old_excel(path: Path) -> pd.DataFrame:
    sheet = xlrd.open_workbook(path).sheet_by_index(0)
    frame = pd.DataFrame(
        [sheet.row_values(row) for row in range(1, sheet.nrows)], columns=sheet.row_values(0)
    )
    counts = frame.columns[4:-1]
    frame[counts] = frame[counts].apply(pd.to_numeric)
    return frame


def test_names_come_from_the_files(leaves: Leaves) -> None:
    units = leaves.dataset.units.to_pandas().set_index("unit_id")
    assert units.loc["1964733", "unit_name"] == "Los Angeles Unified"
