"""Common Core of Data: the long membership file, its siblings, and two small cuts of older years."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.sources.federal.conftest import Read, cell, told

from evenground.definitions import load
from evenground.sources.published import read_published

HEAD = (
    "SCHOOL_YEAR,FIPST,ST,SCH_NAME,LEAID,NCESSCH,GRADE,RACE_ETHNICITY,SEX,STUDENT_COUNT,"
    "TOTAL_INDICATOR,DMS_FLAG"
)
PART = "Derived - Subtotal by Race/Ethnicity and Sex minus Adult Education Count"
ROWS = [
    ("No Category Codes", "Black or African American", "Female", 30, PART),
    ("No Category Codes", "Black or African American", "Male", 30, PART),
    ("No Category Codes", "White", "Female", 40, PART),
    # the same students again, by grade and as a whole
    ("Grade 1", "Black or African American", "Female", 30, "Category Set A - By Race/Ethnicity; Sex; Grade"),
    ("No Category Codes", "No Category Codes", "No Category Codes", 100, "Education Unit Total"),
]
MEMBERSHIP = "\n".join(
    [
        HEAD,
        *(
            f"2017-2018,01,AL,First,0100001,10000100001,{grade},{race},{sex},{count},{total},Reported"
            for grade, race, sex, count, total in ROWS
        ),
    ]
)
LUNCH = """SCHOOL_YEAR,NCESSCH,DATA_GROUP,LUNCH_PROGRAM,STUDENT_COUNT,TOTAL_INDICATOR
2017-2018,010000100001,Free and Reduced-price Lunch Table,Free lunch qualified,35,Category Set A
2017-2018,010000100001,Free and Reduced-price Lunch Table,Reduced-price lunch qualified,5,Category Set A
2017-2018,010000100001,Free and Reduced-price Lunch Table,No Category Codes,40,Education Unit Total"""
STAFF = "SCHOOL_YEAR,NCESSCH,TEACHERS\n2017-2018,010000100001,6.25"
DIRECTORY = "SCHOOL_YEAR,NCESSCH,SCH_NAME,LEA_NAME\n2017-2018,010000100001,First School,First District"


def test_students_count_once(read: Read) -> None:
    dataset = read(
        "ccd",
        {
            "ccd_sch_052_1718_l_1a_083118.csv": MEMBERSHIP,
            "ccd_sch_033_1718_l_1a_083118.csv": LUNCH,
            "ccd_sch_059_1718_l_1a_083118.csv": STAFF,
            "ccd_sch_029_1718_w_1a_083118.csv": DIRECTORY,
        },
    )
    unit = "010000100001"
    assert cell(dataset, "meals", unit) == (100, 40, 0.4, "value")
    assert cell(dataset, "students_per_teacher", unit) == (100, 1600, 16, "value")
    # 60 of 100 are Black: each of the 30 girls has a school with 60 % of her own group
    girls = {"race_ethnicity": "black", "sex": "female"}
    assert cell(dataset, "same_group_share", unit, **girls) == (30, 18, 0.6, "value")
    # everybody: 60 * 0.6 + 40 * 0.4
    assert cell(dataset, "same_group_share", unit) == (100, 52, 0.52, "value")
    assert told(dataset, "rows that are not read") == [2, 1]
    assert told(dataset, "ids that have lost a zero in front") == [5]
    names = {row["unit_id"]: row["unit_name"] for row in dataset.units.to_pylist()}
    assert (names[unit], names["0100001"], names["AL"]) == ("First School", "First District", "Alabama")


def test_schoolmates_of_ones_own_group(shared_data: Callable[[str], Path]) -> None:
    folder = shared_data("ccd-usschools-2000-2005")
    dataset = read_published(folder, "ccd-2000-2005", load())
    schools: dict[str, dict[str, float]] = defaultdict(dict)
    with gzip.open(folder / "usschools05.csv.gz", "rt", encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["state"] == "CT":
                schools[row["school"]][row["race"]] = float(row["n"])
    black = [
        (groups["black"], groups["black"] / sum(groups.values()))
        for groups in schools.values()
        if groups.get("black")
    ]
    found = [
        row
        for row in dataset.leaves.to_pylist()
        if row["period"] == "2005-06" and row["unit_id"][:2] == "09" and row["race_ethnicity"] == "black"
    ]
    assert sum(row["n"] for row in found) == sum(n for n, _ in black)
    assert sum(row["total"] for row in found) == pytest.approx(sum(n * share for n, share in black))
    assert dataset.periods == ("2000-01", "2005-06")


def test_districts_of_the_united_states(shared_data: Callable[[str], Path]) -> None:
    """SOURCE.txt: LAUSD 622710 has 419,929 students and 21,730.24 instructional staff."""
    dataset = read_published(shared_data("us-districts-2023"), "us-districts", load())
    n, _, value, state = cell(dataset, "students_per_teacher", "0622710")
    assert (n, value, state) == (419_929, pytest.approx(419_929 / 21_730.24), "value")
    assert told(dataset, "ids that have lost a zero in front") == [3053]
    assert sum(row["unit_level"] == "district" for row in dataset.units.to_pylist()) == 17_842 - 325
