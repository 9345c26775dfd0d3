"""CAASPP research files, made in their four layouts."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from tests.sources.california.conftest import Leaves

from evenground.definitions import load
from evenground.sources.published import read_published

# year: group id, test id, students with scores, delimiter
LAYOUTS = {
    2016: ("Subgroup ID", "Test Id", "Students with Scores", ","),
    2018: ("Subgroup ID", "Test Id", "Students with Scores", ","),
    2022: ("Student Group ID", "Test ID", "Students with Scores", "^"),
    2024: ("Student Group ID", "Test ID", "Total Students Tested with Scores", "^"),
}
PLACES = {
    "CA": ("00", "00000", "0000000"),
    "1964733": ("19", "64733", "0000000"),
    "19647331931039": ("19", "64733", "1931039"),
}


def write(folder: Path, year: int, *, whole: bool = False) -> None:
    """The files of a year: state, county, district and school; three groups, two tests, grades 3 and 13."""
    group, test, scored, by = LAYOUTS[year]
    quote = '"' if by == "," else ""
    met, exceeded, nearly = ("51", "21", "22") if whole else ("51.25", "21.25", "22.50")
    header = [
        "County Code",
        "District Code",
        "School Code",
        "Filler",
        "Test Year",
        group,
        test,
        "Grade",
        scored,
        "Mean Scale Score",
        "Percentage Standard Exceeded",
        "Percentage Standard Met",
        "Percentage Standard Met and Above",
        "Percentage Standard Nearly Met",
        "Percentage Standard Not Met",
    ]
    lines = [header]
    for place in (*PLACES.values(), ("19", "00000", "0000000")):
        for subject in ("1", "2"):
            for grade, score in (("13", ""), ("3" if by == "," else "03", "2432.5")):
                figures = [score, exceeded, "30.00", met, nearly, "26.25"]
                for student_group, students in (("1", "400"), ("74", "*"), ("90", "100")):
                    shown = ["*"] * 6 if students == "*" else figures
                    lines.append([*place, "", str(year), student_group, subject, grade, students, *shown])
    body = "\r\n".join(by.join(f"{quote}{value}{quote}" for value in line) for line in lines) + "\r\n"
    names = [["County Code", "District Code", "School Code", "Test Year", "District Name", "School Name"]]
    names += [[*place, str(year), "Los Angeles Unified", "Belmont Senior High"] for place in PLACES.values()]
    entities = "\r\n".join(by.join(f"{quote}{value}{quote}" for value in line) for line in names) + "\r\n"
    with zipfile.ZipFile(folder / f"sb_ca{year}_all_csv_v1.zip", "w") as archive:
        archive.writestr(f"sb_ca{year}_all_csv_v1.txt", body)
        archive.writestr(f"sb_ca{year}entities_csv.txt", entities)


@pytest.fixture(scope="module")
def leaves(tmp_path_factory: pytest.TempPathFactory) -> Leaves:
    """A year of each layout in one folder."""
    folder = tmp_path_factory.mktemp("caaspp")
    for year in LAYOUTS:
        write(folder, year, whole=year == 2016)
    return Leaves(read_published(folder, "cde-caaspp", load()))


@pytest.mark.parametrize("year", LAYOUTS)
def test_a_year_of_each_layout(leaves: Leaves, year: int) -> None:
    period = f"{year - 1}-{year % 100:02d}"
    for unit in PLACES:
        cell = leaves("reading_proficient", unit, period)
        assert (cell["n"], cell["total"]) == (400, 204 if year == 2016 else 205)
        assert leaves("mathematics_advanced", unit, period)["value"] == pytest.approx(0.2125, abs=0.003)
        assert leaves("reading_basic", unit, period)["value"] == pytest.approx(0.7375, abs=0.008)
        assert leaves("reading_proficient", unit, period, race_ethnicity="black")["state"] == "hidden"


def test_counties_are_left_out_and_names_come_from_the_entities(leaves: Leaves) -> None:
    assert leaves.dataset.periods == ("2015-16", "2017-18", "2021-22", "2023-24")
    units = leaves.dataset.units.to_pandas().set_index("unit_id")
    assert set(units.index) == set(PLACES)
    assert units.loc["19647331931039", "unit_name"] == "Belmont Senior High"
    assert units.loc["1964733", "unit_name"] == "Los Angeles Unified"


def test_scores_are_by_grade_and_never_of_all_grades(leaves: Leaves) -> None:
    score = leaves("reading_score", "CA", "2023-24", grade="g03")
    assert (score["n"], score["value"]) == (400, 2432.5)
    assert leaves.of("reading_score")["grade"].notna().all()
    assert leaves("reading_grade_3", "CA", "2023-24")["total"] == 205
