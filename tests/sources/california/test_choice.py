"""School choice in Los Angeles 2018-19: applications and offers by where families live and by program."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from tests.sources.california.conftest import Leaves

from evenground.sources.published import published_sources

ZIP = "ApplicationsandSeatOffersbyApplicantZipCode20182019.csv.gz"


@pytest.fixture(scope="module")
def leaves(real: Callable[[str, str], Leaves]) -> Leaves:
    return real("lausd-choice", "lausd-choice-2018")


@pytest.fixture(scope="module")
def raw(shared_data: Callable[[str], Path]) -> pd.DataFrame:
    frame = pd.read_csv(shared_data("lausd-choice-2018") / ZIP, dtype=str, keep_default_na=False)
    return frame.astype({"Applications": int, "SeatOffers": int})


def test_both_files_hold_all_applications_that_name_a_school(leaves: Leaves, raw: pd.DataFrame) -> None:
    """161,428 applications and 31,785 offers in each file, by our own sum; 16 applications have no school."""
    assert (raw.Applications.sum(), raw.SeatOffers.sum()) == (161_428, 31_785)
    cells = leaves.of("application_offer")
    for column in ("local_district", "dual_language_status"):
        part = cells[cells[column].notna()]
        assert (part["n"].sum(), part["total"].sum()) == (161_412, 31_785)


def test_programs_by_kind(leaves: Leaves, raw: pd.DataFrame) -> None:
    cells = leaves.of("application_offer", program_type="dual_language")
    rows = raw[raw.ApplySchoolType == "DUAL LANGUAGE (DLC) - ELEM"]
    assert (cells["n"].sum(), cells["total"].sum()) == (rows.Applications.sum(), rows.SeatOffers.sum())
    assert round(cells["total"].sum() / cells["n"].sum(), 4) == 0.1226


def test_a_zip_code_is_in_the_local_district_of_most_of_its_programs(raw: pd.DataFrame) -> None:
    codes = published_sources()["lausd-choice"].codes["zip"]
    short = {"C": "central", "E": "east", "NE": "northeast", "NW": "northwest", "S": "south", "W": "west"}
    programs = raw[raw.ApplyCDSCode != "NA"].drop_duplicates("ApplyProgramLocationCode")
    for zip_code, there in programs.groupby("ApplyZipCode").ApplyLocalDistrict:
        counts = there.value_counts()
        tied = (counts == counts.iloc[0]).sum() > 1
        expected = "unknown" if tied else short[counts.index[0]]
        assert codes[zip_code] == f"local_district:{expected}", zip_code
    assert set(raw.ApplicantZipCode) <= set(codes)


def test_small_numbers_that_the_publisher_showed_are_hidden_by_us() -> None:
    source = published_sources()["lausd-choice"]
    assert source.policy == "n10"
    assert any("hid nothing" in issue for issue in source.known_issues)


def test_a_program_is_a_place_with_its_name(leaves: Leaves) -> None:
    units = leaves.dataset.units.to_pandas().set_index("unit_id")
    assert units.loc["196473360157132768", "unit_name"] == "Aldama Elementary DL Two-Way Im Spanish"
    assert units.loc["196473360157132768", "parent_id"] == "1964733"
    cells = leaves.of("application_offer", unit_id="196473360157132768")
    marked = cells[cells["dual_language_status"] == "dual_language"].iloc[0]
    assert (marked["n"], marked["total"]) == (30, 9)  # the second row of the file
