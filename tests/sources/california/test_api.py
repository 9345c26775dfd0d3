"""Credentials and need in California's schools of 2000."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from tests.sources.california.conftest import Leaves


@pytest.fixture(scope="module")
def leaves(real: Callable[[str, str], Leaves]) -> Leaves:
    return real("cde-api-2000", "ca-api-2000")


@pytest.fixture(scope="module")
def raw(shared_data: Callable[[str], Path]) -> pd.DataFrame:
    return pd.read_csv(shared_data("ca-api-2000") / "apipop.csv.gz", dtype={"cds": str})


def test_exposure_to_emergency_credentials_by_need(leaves: Leaves, raw: pd.DataFrame) -> None:
    """The mean over students of their school's share, with enrolment times the share as the students."""
    known = raw.dropna(subset=["enroll", "emer"])
    groups = {
        "disadvantaged": known.enroll * known.meals / 100,
        "not_disadvantaged": known.enroll * (100 - known.meals) / 100,
    }
    for value, students in groups.items():
        cells = leaves.of("uncertified_teachers", economic_disadvantage=value)
        cells = cells[(cells["state"] == "value") & cells["english_learner"].isna()]
        assert cells["n"].sum() == pytest.approx(students.sum())
        assert cells["total"].sum() == pytest.approx((students * known.emer / 100).sum())
    low, high = ((groups[name] * known.emer).sum() / groups[name].sum() for name in groups)
    assert low > high  # SOURCE.txt: correlation of emergency credentials and meals +0.45


def test_the_two_groups_of_a_split_make_up_everybody(leaves: Leaves) -> None:
    cells = leaves.of("uncertified_teachers")
    cells = cells[cells["state"] == "value"]
    whole = cells[cells["economic_disadvantage"].isna() & cells["english_learner"].isna()]
    for dimension in ("economic_disadvantage", "english_learner"):
        parts = cells[cells[dimension].notna()]
        for column in ("n", "total"):
            together = parts.groupby("unit_id")[column].sum()
            alone = whole.set_index("unit_id")[column]
            pd.testing.assert_series_equal(together, alone, check_names=False, rtol=1e-9)


def test_schools_without_enrolment_are_not_reported(leaves: Leaves, raw: pd.DataFrame) -> None:
    lacking = set(raw[raw.enroll.isna()].cds)
    assert len(lacking) == 37
    cells = leaves.of("meals")
    assert set(cells[cells["n"].isna() & cells["economic_disadvantage"].isna()]["unit_id"]) == lacking


def test_los_angeles_has_552_schools(leaves: Leaves) -> None:
    """SOURCE.txt: 552 Los Angeles Unified schools."""
    units = leaves.dataset.units.to_pandas()
    assert (units["parent_id"] == "1964733").sum() == 552
    assert units.set_index("unit_id").loc["1964733", "unit_name"] == "Los Angeles Unified"
