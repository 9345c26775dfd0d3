"""The wide school file of 2013-14: 1,000 real schools, against the file itself counted by hand."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.sources.federal.conftest import cell, sums, told

from evenground.definitions import load
from evenground.sources.dataset import Dataset
from evenground.sources.published import read_published

RACES = ("HI", "AM", "AS", "HP", "BL", "WH", "TR")
GROUPS = [f"{race}_{sex}" for race in RACES for sex in "MF"]
BELOW = ["PS", "KG", *(f"G{grade:02d}" for grade in range(1, 9))]


@pytest.fixture(scope="module")
def folder(shared_data: Callable[[str], Path]) -> Path:
    return shared_data("crdc-2013-sample")


@pytest.fixture(scope="module")
def schools(folder: Path) -> list[dict[str, str]]:
    with zipfile.ZipFile(folder / "crdc201314csv.zip") as archive:
        content = archive.read("CRDC2013_14.csv").decode("latin-1")
    return list(csv.DictReader(io.StringIO(content)))


@pytest.fixture(scope="module")
def dataset(folder: Path) -> Dataset:
    return read_published(folder, "crdc-2013", load())


def counted(schools: list[dict[str, str]], n: str, parts: list[str]) -> tuple[int, int, int]:
    """Schools with students and every part, and not more counted than there are; their n and total."""
    found = []
    for school in schools:
        numbers = [int(school[part]) for part in parts]
        whole = int(school[n])
        if whole > 0 and min(numbers) >= 0 and sum(numbers) <= whole:
            found.append((whole, sum(numbers)))
    return len(found), sum(n for n, _ in found), sum(total for _, total in found)


@pytest.mark.parametrize(
    ("race", "sex", "group"),
    [
        ("BL", "F", {"race_ethnicity": "black", "sex": "female"}),
        ("HI", "M", {"race_ethnicity": "hispanic", "sex": "male"}),
    ],
)
def test_students_suspended(dataset: Dataset, schools: list, race: str, sex: str, group: dict) -> None:
    parts = [f"SCH_DISCWODIS_{kind}_{race}_{sex}" for kind in ("SINGOOS", "MULTOOS")]
    parts += [f"SCH_DISCWDIS_{kind}_IDEA_{race}_{sex}" for kind in ("SINGOOS", "MULTOOS")]
    assert sums(dataset, "suspension", **group) == counted(schools, f"SCH_ENR_{race}_{sex}", parts)


def test_advanced_placement_where_it_is_not_offered(dataset: Dataset, schools: list) -> None:
    """-9 is nobody where the school says No, and unknown where it says nothing."""
    high = [
        school
        for school in schools
        if school["SCH_GRADE_G12"] == "YES" and all(school[f"SCH_GRADE_{grade}"] == "NO" for grade in BELOW)
    ]
    assert len(high) == 157
    given = [dict(school) for school in high]
    for school in given:
        if school["SCH_APENR_IND"] == "NO":
            school |= {f"SCH_APENR_{group}": "0" for group in GROUPS}
    expected = counted(given, "SCH_ENR_WH_F", ["SCH_APENR_WH_F"])
    assert sums(dataset, "ap_participation", race_ethnicity="white", sex="female") == expected
    assert counted(high, "SCH_ENR_WH_F", ["SCH_APENR_WH_F"])[0] < expected[0]
    no = next(school for school in high if school["SCH_APENR_IND"] == "NO" and int(school["SCH_ENR_WH_F"]))
    n = int(no["SCH_ENR_WH_F"])
    white = {"race_ethnicity": "white", "sex": "female"}
    assert cell(dataset, "ap_participation", no["COMBOKEY"], **white) == (n, 0, 0, "value")


def test_teachers_of_a_school(dataset: Dataset, schools: list) -> None:
    school = next(one for one in schools if one["COMBOKEY"] == "481674008530")
    students = sum(int(school[f"SCH_ENR_{group}"]) for group in GROUPS)
    assert students == int(school["TOT_ENR_M"]) + int(school["TOT_ENR_F"])
    teachers = float(school["SCH_FTETEACH_TOT"])
    n, total, value, state = cell(dataset, "students_per_teacher", "481674008530")
    assert (n, value, state) == (students, pytest.approx(students / teachers), "value")
    assert total == pytest.approx(students * students / teachers)
    new = float(school["SCH_FTETEACH_FY"]) + float(school["SCH_FTETEACH_SY"])
    assert cell(dataset, "novice_teachers", "481674008530")[2] == pytest.approx(new / teachers)


def test_reserve_codes_keep_their_reasons(dataset: Dataset, schools: list) -> None:
    columns = [f"SCH_IDEAENR_{group}" for group in GROUPS]
    hidden = sum(school[column] == "-2" for school in schools for column in columns)
    notes = [check for check in dataset.checks if "'-2'" in check.found and "by_race" in check.found]
    assert hidden <= notes[0].count
    assert "a small number, hidden by the publisher" in notes[0].found
    hiding = sum(
        any(
            school[f"TOT_IDEAENR_{sex}"] >= "0" and school[f"SCH_IDEAENR_{race}_{sex}"] == "-2"
            for race in RACES
        )
        for school in schools
        for sex in "MF"
    )
    (rows,) = told(dataset, "a total although parts of it are missing")
    assert 0 < rows <= hiding  # a school is one row, whichever sex


def test_counts_are_rounded_to_the_middle_of_three(schools: list) -> None:
    """The first known issue of the source."""
    numbers = [int(school[f"SCH_ENR_{group}"]) for school in schools for group in GROUPS]
    assert {number % 3 for number in numbers if number > 0} == {2}


def test_units_of_several_states(dataset: Dataset, schools: list) -> None:
    units = dataset.units.to_pylist()
    states = {unit["unit_id"]: unit["unit_name"] for unit in units if unit["unit_level"] == "state"}
    assert set(states) == {school["LEA_STATE"] for school in schools}
    assert states["CA"] == "California"
    names = {unit["unit_id"]: (unit["unit_name"], unit["parent_id"]) for unit in units}
    assert names["481674008530"] == ("RYAN EL", "4816740")
    assert names["4816740"] == ("DENTON ISD", "TX")
    assert dataset.complete == ("race_ethnicity", "sex")  # disability and language name one value each
