"""Suspensions by race: shares of suspensions, and suspensions per student where enrolment lies beside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from tests.sources.california.conftest import Leaves

from evenground.definitions import load
from evenground.sources.published import read_published

RACES = {"1": "american_indian", "2": "asian", "3": "pacific_islander", "4": "filipino", "5": "hispanic",
         "6": "black", "7": "white", "9": "two_or_more", "0": "unknown"}  # fmt: skip


@pytest.fixture(scope="module")
def raw(shared_data: Callable[[str], Path]) -> pd.DataFrame:
    """The rows of the state and of Los Angeles County, all four years."""
    frame = pd.read_csv(shared_data("ca-suspensions") / "suspensions_1112_1415.csv.gz", dtype=str)
    for name in ("TOTAL", "OTHERDEFIANCE"):
        frame[name] = pd.to_numeric(frame[name]).astype("Int64")
    return frame[frame.CDS.str.startswith(("00", "19"))]


@pytest.fixture(scope="module")
def leaves(raw: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Leaves:
    folder = tmp_path_factory.mktemp("suspensions")
    raw.to_csv(folder / "suspensions_1112_1415.csv", index=False)
    return Leaves(read_published(folder, "cde-suspensions", load()))


def test_the_state_as_its_own_row_says(leaves: Leaves) -> None:
    """2014-15, Black students: 66,277 out-of-school and 14,435 in-school suspensions in the state's rows."""
    cell = leaves("suspension_sent_home", "CA", "2014-15", race_ethnicity="black")
    assert (cell["n"], cell["total"]) == (66_277 + 14_435, 66_277)
    everybody = leaves("suspension_sent_home", "CA", "2014-15")
    assert (everybody["n"], everybody["total"]) == (334_649 + 86_150, 334_649)


@pytest.mark.parametrize("period", ["2011-12", "2014-15"])
def test_defiance_by_race_against_the_raw_rows(leaves: Leaves, raw: pd.DataFrame, period: str) -> None:
    rows = raw[(raw.CDS == "19647330000000") & (period == raw.YEAR) & raw.DISCIPLINETYPE.isin(["I", "O"])]
    for code, race in RACES.items():
        both = rows[code == rows.ETHNICITY]
        cell = leaves("suspension_defiance", "1964733", period, race_ethnicity=race)
        if both[["TOTAL", "OTHERDEFIANCE"]].notna().all(axis=None):
            assert (cell["n"], cell["total"]) == (both.TOTAL.sum(), both.OTHERDEFIANCE.sum())
        else:
            assert cell["state"] == "hidden"


def test_a_hidden_part_hides_the_whole_and_is_never_a_zero(leaves: Leaves, raw: pd.DataFrame) -> None:
    schools = raw[(raw.AGGEGATELEVEL == "S") & raw.DISCIPLINETYPE.isin(["I", "O"])]
    complete = schools[["TOTAL", "OTHERDEFIANCE"]].notna().all(axis=1)
    known = complete.groupby([schools.CDS, schools.ETHNICITY, schools.YEAR]).all()
    shown = leaves.of("suspension_defiance", unit_level="school")
    shown = shown[shown["race_ethnicity"].notna()]
    assert (shown["state"] == "hidden").sum() == (~known).sum()


def test_it_says_what_it_cannot_say(leaves: Leaves) -> None:
    assert "suspension_events" not in set(leaves.frame["indicator"])
    assert "no file for enrolment" in leaves.checks
    issues = load_issues("cde-suspensions")
    assert "no number of students" in issues
    assert "counts suspensions and expulsions, not students" in issues


def test_with_the_meals_file_beside_it_suspensions_per_student_are_known(
    shared_data: Callable[[str], Path], raw: pd.DataFrame, tmp_path: Path
) -> None:
    """The rows of Los Angeles Unified of one year, and its schools' enrolment."""
    here = raw[raw.CDS.str.startswith("1964733") & (raw.YEAR == "2014-15")]
    here.to_csv(tmp_path / "suspensions_1415.csv", index=False)
    meals = pd.read_csv(shared_data("ca-frpm-sat-1415") / "frpm1415.csv.gz", dtype=str)
    meals[meals["District Code"] == "64733"].to_csv(tmp_path / "frpm1415.csv", index=False)
    leaves = Leaves(read_published(tmp_path, "cde-suspensions", load()))
    enrolled = pd.to_numeric(meals["Enrollment (K-12)"])
    meals["CDS"] = meals["County Code"] + meals["District Code"] + meals["School Code"]
    chosen = here[(here.DISCIPLINETYPE == "O") & (here.AGGEGATELEVEL == "S") & here.CDS.isin(meals.CDS)]
    whole = chosen.groupby("CDS").TOTAL.agg(["sum", lambda part: part.notna().all()])
    whole.columns = ["sum", "known"]
    best = whole[whole.known]["sum"].idxmax()  # most suspensions of the schools that hide nothing
    cell = leaves("suspension_events", best, "2014-15")
    assert cell["total"] == whole.loc[best, "sum"] > 0
    assert cell["n"] == enrolled[best == meals.CDS].iloc[0]
    hidden = whole[~whole.known].index[0]
    assert leaves("suspension_events", hidden, "2014-15")["state"] == "hidden"


def load_issues(source: str) -> str:
    from evenground.sources.published import published_sources

    return " ".join(published_sources()[source].known_issues)
