"""The LCFF funding snapshot of 2018-19: a title block, a header of two lines, dashes for zero, a total."""

from __future__ import annotations

import csv
import gzip
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from tests.sources.california.conftest import Leaves

from evenground.definitions import load
from evenground.sources.published import read_published

LAUSD = "19647330000000"


@pytest.fixture(scope="module")
def leaves(real: Callable[[str, str], Leaves]) -> Leaves:
    return real("cde-lcff", "ca-lcff-2018")


@pytest.fixture(scope="module")
def raw(shared_data: Callable[[str], Path]) -> pd.DataFrame:
    """The places of the file as numbers: four ADA columns, share, supplemental, concentration, target."""
    with gzip.open(
        shared_data("ca-lcff-2018") / "lcffsnapshot18an.csv.gz", "rt", encoding="utf-8", newline=""
    ) as file:
        rows = list(csv.reader(file))[9:]
    frame = pd.DataFrame([row for row in rows if row[1]])
    frame.index = frame[0].str.strip() + frame[1] + frame[2]
    numbers = frame[[5, 6, 7, 8, 9, 11, 12, 17]].apply(
        lambda column: pd.to_numeric(column.str.replace(r"[$, ]", "", regex=True).replace("-", "0"))
    )
    return numbers.rename(columns={9: "share", 11: "supplemental", 12: "concentration", 17: "target"})


def test_the_places_add_up_to_the_files_own_totals(leaves: Leaves) -> None:
    """STATE TOTALS of the file: ADA by span, supplemental $6,189,112,345, concentration $3,473,165,908."""
    cells = leaves.of("lcff_supplemental")
    everybody = cells[cells["high_need"].isna() & (cells["state"] == "value")]
    ada = 1_813_000.84 + 1_361_446.53 + 923_799.16 + 1_855_585.57
    assert everybody["n"].sum() == pytest.approx(ada, abs=0.01)
    assert everybody["total"].sum() == pytest.approx(6_189_112_345 + 3_473_165_908, abs=10)
    target = leaves.of("revenue")
    target = target[target["high_need"].isna() & (target["state"] == "value")]
    assert target["total"].sum() == pytest.approx(60_652_337_507, abs=25)


def test_los_angeles_by_hand(leaves: Leaves) -> None:
    """612,100,240 + 545,533,354 dollars over 431,350.72 students; 85.47 % of them with high need."""
    cell = leaves("lcff_supplemental", LAUSD)
    assert cell["value"] == pytest.approx((612_100_240 + 545_533_354) / 431_350.72)
    assert leaves("lcff_supplemental", LAUSD, high_need="high_need")["n"] == pytest.approx(
        431_350.72 * 0.8547
    )
    assert leaves("unduplicated", LAUSD)["value"] == pytest.approx(0.8547, abs=1e-5)
    assert leaves("revenue", LAUSD)["value"] == pytest.approx(5_276_442_723 / 431_350.72)


def test_money_for_students_by_need_against_the_raw_rows(leaves: Leaves, raw: pd.DataFrame) -> None:
    ada = raw[[5, 6, 7, 8]].sum(axis=1)
    each = (raw.supplemental + raw.concentration) / ada
    in_need = ada * raw.share
    cells = leaves.of("lcff_supplemental", high_need="high_need")
    cells = cells[cells["state"] == "value"]
    expected = (in_need * each)[ada > 0].sum() / in_need[ada > 0].sum()
    assert cells["total"].sum() / cells["n"].sum() == pytest.approx(expected, rel=1e-9)


def test_the_students_without_the_grants_are_no_group_that_lacks_them(leaves: Leaves) -> None:
    assert set(leaves.frame["high_need"].dropna()) == {"high_need"}


def test_formula_of_the_law_explains_the_supplemental_grant(raw: pd.DataFrame, leaves: Leaves) -> None:
    """EC 42238.02: a fifth of the base times the share; here 3,580,790,986 dollars of base."""
    row = raw.loc[LAUSD]
    assert row.supplemental == pytest.approx(0.2 * 3_580_790_986 * row.share, rel=1e-4)
    assert row.concentration == pytest.approx(0.5 * 3_580_790_986 * (row.share - 0.55), rel=1e-3)


def test_closed_charter_schools_have_no_figure_and_are_no_zero(leaves: Leaves, raw: pd.DataFrame) -> None:
    closed = set(raw.index[raw[[5, 6, 7, 8]].sum(axis=1) == 0])
    assert len(closed) == 19
    cells = leaves.of("lcff_supplemental")
    shown = cells[(cells["state"] == "value") & (cells["n"] > 0)]
    assert not closed & set(shown["unit_id"])


def test_notes_under_the_table_are_no_places(leaves: Leaves, raw: pd.DataFrame) -> None:
    units = leaves.dataset.units.to_pandas()
    assert (units["unit_level"] == "district").sum() <= len(raw) == 2_242
    assert units.set_index("unit_id").loc[LAUSD, "unit_name"] == "Los Angeles Unified"


def test_the_workbook_alone_gives_the_same(
    shared_data: Callable[[str], Path], tmp_path: Path, leaves: Leaves
) -> None:
    name = "lcffsnapshot18an.xlsx"
    shutil.copy(shared_data("ca-lcff-2018") / name, tmp_path / name)
    alone = Leaves(read_published(tmp_path, "cde-lcff", load()))
    keys = ["indicator", "unit_id", "high_need"]
    ours, theirs = (one.frame.set_index(keys).sort_index()["value"] for one in (leaves, alone))
    pd.testing.assert_series_equal(ours, theirs, rtol=1e-4)
