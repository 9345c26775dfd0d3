"""From a roster folder to student-years: a small folder by hand, a larger one counted by csv."""

from __future__ import annotations

import csv
import gzip
import hashlib
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
from tests.sources.roster.folders import SOUND, make, replaced

from evenground.definitions import load
from evenground.sources.dataset import Dataset
from evenground.sources.roster import SYSTEM, read_roster
from evenground.sources.synthetic import make_district


def read(folder: Path) -> tuple[Dataset, dict[tuple[str, str], dict[str, Any]]]:
    dataset = read_roster(folder, folder.with_name("private"), load())
    assert dataset.student_years is not None
    rows = pq.read_table(dataset.student_years).to_pylist()
    places = {(row["student_id"], row["period"], row["school_id"]) for row in rows}
    assert len(places) == len(rows)  # one row a student, year and school that counts the student
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: -row["on_census_day"]):
        before = found.setdefault((row["student_id"], row["period"]), row)
        found[row["student_id"], row["period"]] = {
            name: row[name] if value is None else value for name, value in before.items()
        }
    return dataset, found


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> tuple[Dataset, dict[str, dict[str, Any]]]:
    dataset, rows = read(make(tmp_path_factory.mktemp("sound") / "roster"))
    return dataset, {student: row for (student, _), row in rows.items()}


def column(rows: dict[str, dict[str, Any]], name: str) -> list[Any]:
    return [rows[f"007100{number}"][name] for number in range(1, 8)]


def test_a_student_of_two_schools_counts_once_at_the_school_of_census_day(sound: Any) -> None:
    rows = sound[1]
    assert rows["0071001"]["school_id"] == "001"
    assert rows["0071001"]["grade"] == "g09"
    assert column(rows, "on_census_day") == [1, 1, 1, 1, 0, 1, 0]
    assert rows["0071005"]["school_id"] == "002"  # came in November: at the school of the longest stay


def test_race_follows_the_federal_rule_and_the_raw_answers_stay(sound: Any) -> None:
    # Hispanic of any race; two races; both are Asian federally and so one race; Filipino alone
    expected = ["hispanic", "two_or_more", "asian", "filipino", "unknown", "black", "white"]
    assert column(sound[1], "race_ethnicity") == expected
    flags = ["black|hispanic", "black|white", "asian|filipino", "filipino", "", "black", "white"]
    assert column(sound[1], "race_flags") == flags


def test_groups_keep_unknown_apart(sound: Any) -> None:
    assert column(sound[1], "sex") == ["female", "male", "nonbinary", "female", "unknown", "male", "female"]
    poor, rich, unknown = "disadvantaged", "not_disadvantaged", "unknown"
    assert column(sound[1], "economic_disadvantage") == [poor, rich, rich, poor, unknown, poor, rich]
    assert set(column(sound[1], "foster")) == {"unknown"}  # no such column
    assert "foster" not in sound[0].dimensions
    assert "sex" in sound[0].dimensions


def test_outcomes_keep_zero_and_unknown_apart(sound: Any) -> None:
    rows = sound[1]
    assert column(rows, "ap_course") == [1, 0, 0, 0, None, 0, None]  # None: not there on census day
    assert column(rows, "advanced_course") == [1, 1, 0, 0, None, 0, None]
    assert column(rows, "algebra_1") == [0, 0, 0, 1, None, 0, None]
    # 18 of 180 is a tenth; 9 days are too few; no days_absent and no row are unknown, 0 days are none.
    assert column(rows, "chronically_absent") == [1, 0, None, 0, None, None, None]
    assert column(rows, "suspended") == [0, 1, 0, 0, 0, 0, None]
    assert column(rows, "in_school_removal") == [0, 1, 0, 0, 0, 0, None]
    assert column(rows, "expelled") == [0, 0, 0, 0, 0, 0, None]
    assert column(rows, "reading_level") == [None, None, None, 3, None, None, None]
    assert column(rows, "mathematics_level") == [None, None, None, 1, None, None, None]


def test_the_cohort_holds_those_who_had_left(sound: Any) -> None:
    rows = sound[1]
    assert column(rows, "in_cohort") == [0, 0, 1, 0, 0, 0, 1]
    assert column(rows, "graduated") == [None, None, 1, None, None, None, 0]
    assert rows["0071007"]["school_id"] == "001"
    assert rows["0071007"]["grade"] == "g12"
    assert rows["0071007"]["race_ethnicity"] == "white"


def test_teachers_are_weighted_by_full_time_equivalents(sound: Any) -> None:
    # Oak High: (1.0 x 1 + 0.5 x 10) / 1.5 = 4 years; 1.0 of 1.5 is in the first year, 0.5 not certified.
    first = sound[1]["0071001"]
    assert first["teacher_experience"] == pytest.approx(4.0)
    assert first["novice_share"] == pytest.approx(2 / 3)
    assert first["uncertified_share"] == pytest.approx(1 / 3)
    assert first["students_per_teacher"] == pytest.approx(3 / 1.5)  # students 1, 2 and 3 on census day
    assert first["spending"] == 12000
    second = sound[1]["0071004"]  # Elm Middle: nobody's experience is known, nor the spending
    names = ("teacher_experience", "novice_share", "uncertified_share", "spending")
    assert [second[name] for name in names] == [None] * 4
    assert second["students_per_teacher"] == 2


def test_the_dataset_says_what_it_is(sound: Any, tmp_path: Path) -> None:
    dataset = sound[0]
    assert (dataset.title, dataset.source, dataset.policy) == ("Test Unified", "roster", "n10")
    assert dataset.periods == ("2023-24",)
    assert dataset.units.to_pylist() == [
        {"unit_level": "district", "unit_id": "0100", "unit_name": "Test Unified", "parent_id": None},
        {"unit_level": "school", "unit_id": "001", "unit_name": "Oak High", "parent_id": "0100"},
        {"unit_level": "school", "unit_id": "002", "unit_name": "Elm Middle", "parent_id": "0100"},
    ]
    assert dataset.inputs["courses.csv"] == hashlib.sha256(SOUND["courses"].encode()).hexdigest()
    assert set(dataset.inputs) == {f"{table}.csv" for table in SOUND} | {"about.yaml"}
    assert set(dataset.indicators) | {item.indicator for item in dataset.not_measured} == set(
        load().indicators
    )
    assert "ap_exam_success" in {item.indicator for item in dataset.not_measured}


def test_tables_that_are_absent_leave_their_indicators_out(tmp_path: Path) -> None:
    optional = dict.fromkeys(set(SOUND) - {"schools", "students", "enrollments"})
    dataset, rows = read(make(tmp_path / "roster", **optional))
    assert dataset.indicators == ("mobility",)  # enrollments alone tell who changed schools
    assert len(rows) == 6
    (absent,) = [problem for problem in dataset.checks if "no such file" in problem.found]
    assert absent.severity == "note"
    assert {"courses.csv", "staff.csv"} <= set(absent.file.split(", "))


def test_a_year_without_any_incident_is_unknown(tmp_path: Path) -> None:
    students = SOUND["students"] + "0071002,2024-25,M,0,0,0,1,0,0,1,0,0\n"
    enrollments = SOUND["enrollments"] + "0071002,001,2024-25,11,,\n"
    dataset, rows = read(make(tmp_path / "roster", students=students, enrollments=enrollments))
    assert rows["0071002", "2023-24"]["suspended"] == 1
    assert rows["0071002", "2024-25"]["suspended"] is None
    files = [problem.file for problem in dataset.checks if "no row for 2024-25" in problem.found]
    assert sorted(files) == ["courses.csv", "graduates.csv", "incidents.csv"]


def test_rows_that_are_set_aside_are_told_and_not_counted(tmp_path: Path) -> None:
    enrollments = replaced("enrollments", "0071006,002,2023-24,7", "0071006,002,2023-24,PK")
    dataset, rows = read(make(tmp_path / "roster", enrollments=enrollments))
    assert ("0071006", "2023-24") not in rows
    note = next(problem for problem in dataset.checks if problem.column == "grade")
    assert (note.severity, note.file, note.row, note.count) == ("note", "enrollments.csv", 8, 1)


def test_census_day_is_the_systems_own(tmp_path: Path) -> None:
    folder = make(tmp_path / "roster")
    (folder / "about.yaml").write_text(
        'census_day: "12-15"\neconomic_disadvantage: "forms"\n', encoding="utf-8"
    )
    _, rows = read(folder)
    assert rows["0071001", "2023-24"]["school_id"] == "002"
    assert rows["0071005", "2023-24"]["on_census_day"] == 1


def test_csv_gzip_and_parquet_give_the_same(tmp_path: Path, sound: Any) -> None:
    plain, packed, parquet = (make(tmp_path / name / "roster") for name in ("plain", "packed", "parquet"))
    for table, text in SOUND.items():
        (packed / f"{table}.csv").unlink()
        (packed / f"{table}.csv.gz").write_bytes(gzip.compress(text.encode("utf-8-sig")))
        (parquet / f"{table}.csv").unlink()
        ids = {name: pa.string() for name in ("student_id", "school_id", "district_id", "sex")}
        options = pa_csv.ConvertOptions(column_types=ids, strings_can_be_null=True)
        typed = pa_csv.read_csv(
            plain / f"{table}.csv", convert_options=options
        )  # dates, numbers and booleans as types
        pq.write_table(typed, parquet / f"{table}.parquet")
    expected = read(plain)[1]
    assert read(packed)[1] == expected
    assert read(parquet)[1] == expected


def test_several_districts_are_a_system(tmp_path: Path) -> None:
    schools = replaced("schools", "002,Elm Middle,0100,Test Unified", "002,Elm Middle,0200,Other Unified")
    dataset, rows = read(make(tmp_path / "roster", schools=schools))
    assert dataset.units.slice(0, 3).column("parent_id").to_pylist() == [None, SYSTEM, SYSTEM]
    assert rows["0071004", "2023-24"]["district_id"] == "0200"


def test_a_made_up_district_counts_as_csv_counts_it(tmp_path: Path) -> None:
    folder = tmp_path / "roster"
    make_district(folder, students=600, years=2, seed=5)
    dataset, rows = read(folder)

    def lines(table: str) -> list[dict[str, str]]:
        with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    stays = lines("enrollments")
    enrolled = {(line["student_id"], line["school_year"]) for line in stays}
    census = {
        (line["student_id"], line["school_year"]): line
        for line in stays
        if line["entry_date"] <= f"{line['school_year'][:4]}-10-01" <= line["exit_date"]
    }
    cohort = {(line["student_id"], line["cohort_year"]) for line in lines("graduates")}
    assert set(rows) == enrolled | cohort
    assert {key for key, row in rows.items() if row["on_census_day"]} == set(census)
    assert {key: row["school_id"] for key, row in rows.items() if row["on_census_day"]} == {
        key: line["school_id"] for key, line in census.items()
    }

    ap = {
        (line["student_id"], line["school_year"]) for line in lines("courses") if line["course_type"] == "ap"
    }
    races = {(line["student_id"], line["school_year"]): line for line in lines("students")}
    black = {
        key
        for key, line in races.items()
        if line["black"] == "1"
        and line["hispanic"] == "0"
        and all(line[race] == "0" for race in ("white", "asian"))
    }
    by_hand = Counter((key[1], key in ap) for key in set(census) & black)
    counted = Counter(
        (key[1], bool(row["ap_course"]))
        for key, row in rows.items()
        if row["on_census_day"] and row["race_ethnicity"] == "black"
    )
    assert counted == by_hand

    absent = {
        (line["student_id"], line["school_year"]): 10 * int(line["days_absent"]) >= int(line["days_enrolled"])
        for line in lines("attendance")
    }
    assert {
        key: bool(row["chronically_absent"])
        for key, row in rows.items()
        if row["chronically_absent"] is not None
    } == absent
    suspended = {
        (line["student_id"], line["school_year"])
        for line in lines("incidents")
        if line["consequence"] == "out_of_school_suspension"
    }
    assert {key for key, row in rows.items() if row["suspended"]} == suspended
    assert {key for key, row in rows.items() if row["suspended"] == 0} == enrolled - suspended
    assert {problem.severity for problem in dataset.checks} <= {"note"}
