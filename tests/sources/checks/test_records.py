"""A made-up district raises no warning; what is planted into its rows is found, at the right row."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from evenground.definitions import load
from evenground.model import WARNING, Problem
from evenground.sources import open_source
from evenground.sources.synthetic import make_district

Table = list[dict[str, str]]


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "district"
    make_district(folder, students=1500, years=2, seed=3)
    return folder


def read(folder: Path, into: Path) -> dict[str, Problem]:
    dataset = open_source(folder, "roster", into, load())
    return {problem.check: problem for problem in dataset.checks if problem.check}


def rows(folder: Path, table: str) -> Table:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(folder: Path, table: str, kept: Table) -> None:
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(kept[0]))
        writer.writeheader()
        writer.writerows(kept)


def test_the_made_up_district_is_clean(district: Path, tmp_path: Path) -> None:
    assert [p for p in read(district, tmp_path).values() if p.severity == WARNING] == []


def test_planted_defects_are_found_where_they_are(district: Path, tmp_path: Path) -> None:
    folder = tmp_path / "district"
    shutil.copytree(district, folder)
    stays = rows(folder, "enrollments")
    first, last = min(row["school_year"] for row in stays), max(row["school_year"] for row in stays)
    twice = {row["student_id"] for row in stays if row["school_year"] == first}
    grades = {row["student_id"]: row["grade"] for row in stays if row["school_year"] == first}
    jumper = next(
        place
        for place, row in enumerate(stays)
        if row["school_year"] == last and row["student_id"] in twice and row["grade"] == "03"
        and grades[row["student_id"]] == "02"
    )  # fmt: skip
    stays[jumper]["grade"] = "09"
    whole = next(row for row in stays if row["school_year"] == last and row["grade"] == "06")
    other = next(row["school_id"] for row in stays if row["school_id"] != whole["school_id"])
    stays.append({**whole, "school_id": other})
    write(folder, "enrollments", stays)
    days = rows(folder, "attendance")
    days[17]["days_enrolled"] = "300"
    write(folder, "attendance", days)
    people = rows(folder, "students")
    newest = [row for row in people if row["school_year"] == last]
    for row in newest[: len(newest) // 2]:
        row["english_learner"] = ""
    write(folder, "students", people)

    found = read(folder, tmp_path / "into")
    assert (found["grade_jump"].row, found["grade_jump"].count) == (jumper + 2, 1)
    assert (found["two_schools"].row, found["two_schools"].count) == (len(stays) + 1, 1)
    assert (found["calendar"].row, found["calendar"].count) == (19, 1)
    assert found["calendar"].found.startswith("300 days")
    assert found["unknown_share"].column == "english_learner"
    assert last in found["unknown_share"].found
    assert {key for key, problem in found.items() if problem.severity == WARNING} == {
        "grade_jump", "two_schools", "calendar", "unknown_share",
    }  # fmt: skip


def test_ids_that_are_all_new_and_a_school_without_rows(district: Path, tmp_path: Path) -> None:
    folder = tmp_path / "district"
    shutil.copytree(district, folder)
    last = max(row["school_year"] for row in rows(folder, "enrollments"))
    for file in folder.glob("*.csv"):
        kept = rows(folder, file.stem)
        if kept and {"student_id", "school_year"} <= set(kept[0]):
            for row in kept:
                row["student_id"] = (
                    f"9{row['student_id']}" if row["school_year"] == last else row["student_id"]
                )
            write(folder, file.stem, kept)
    stays = rows(folder, "enrollments")
    places = {row["student_id"]: row["school_id"] for row in stays}
    young = [row["school_id"] for row in stays if row["grade"] == "02"]  # schools of which there are several
    empty = max(set(young), key=young.count)
    days = rows(folder, "attendance")
    write(folder, "attendance", [row for row in days if places.get(row["student_id"]) != empty])
    found = read(folder, tmp_path / "into")
    assert found["ids_break"].found.startswith("0%")
    assert found["school_without_rows"].file == "attendance.csv"
