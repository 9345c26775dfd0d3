"""Ed-Fi exports to student-years: a small district by hand, and what is wrong with an export."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from tests.sources.edfi.district import small, write

from evenground.definitions import load
from evenground.model import ERROR, WARNING, InputProblems, Problem
from evenground.sources import Dataset, open_source
from evenground.sources.edfi.read import export_tables


def opened(path: Path) -> Dataset:
    return open_source(path, None, path.parent / f"private-{path.stem}", load())


def rows(dataset: Dataset) -> list[dict[str, Any]]:
    assert dataset.student_years is not None
    return pq.read_table(dataset.student_years).to_pylist()


def known(dataset: Dataset, column: str) -> dict[str, Any]:
    """What is known of a student, at whichever school it is told."""
    return {row["student_id"]: row[column] for row in rows(dataset) if row[column] is not None}


@pytest.fixture(scope="module", params=[4, 6])
def sound(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    folder = tmp_path_factory.mktemp("edfi") / "export"
    return opened(write(folder, small(request.param), lines=request.param == 6))


def test_an_export_is_recognised(sound: Dataset) -> None:
    assert (sound.source, sound.title, sound.periods) == ("edfi", "Test Unified", ("2023-24",))
    assert [(unit["unit_level"], unit["unit_id"]) for unit in sound.units.to_pylist()] == [
        ("district", "1"), ("school", "10"), ("school", "20"),
    ]  # fmt: skip


def test_students_stand_where_they_were_on_census_day(sound: Dataset) -> None:
    found = {
        row["student_id"]: (row["school_id"], row["grade"]) for row in rows(sound) if row["on_census_day"]
    }
    # 5 is in preschool, which a review leaves out
    assert found == {"1": ("10", "g09"), "2": ("10", "g10"), "3": ("20", "g08"), "4": ("20", "g08")}


def test_groups_come_from_descriptors_of_any_namespace(sound: Dataset) -> None:
    # Middle Eastern or North African is White by the rule of 2007
    races = {"1": "hispanic", "2": "two_or_more", "3": "white", "4": "unknown"}
    assert known(sound, "race_ethnicity") == races
    assert known(sound, "race_flags")["3"] == "middle_eastern"
    assert known(sound, "sex") == {"1": "female", "2": "male", "3": "nonbinary", "4": "unknown"}
    assert known(sound, "english_learner")["1"] == "english_learner"
    assert known(sound, "english_learner")["2"] == "not_english_learner"


def test_a_characteristic_is_no_where_the_export_tells_of_others(sound: Dataset) -> None:
    assert known(sound, "economic_disadvantage") == {
        "1": "disadvantaged", "2": "not_disadvantaged", "3": "not_disadvantaged", "4": "not_disadvantaged",
    }  # fmt: skip
    assert known(sound, "homeless")["2"] == "homeless"
    assert set(known(sound, "foster").values()) == {"unknown"}  # nobody has it: nothing is told
    # 3 left the program in 2022
    disability = known(sound, "disability")
    assert [number for number in sorted(disability) if disability[number] == "with_disability"] == ["2"]
    assert disability["3"] == "without_disability"


def test_absence_is_counted_against_the_days_of_instruction(sound: Dataset) -> None:
    # September 1 to 21 without Labor Day: 20 days. 1 missed 1.5 of 20, 2 missed 2 of 20 (a tardy is none):
    # a tenth or more is chronic. At school 20 nobody reported any event: unknown.
    assert known(sound, "chronically_absent") == {"1": 0, "2": 1}


def test_courses_discipline_tests_and_teachers(sound: Dataset) -> None:
    assert known(sound, "ap_course") == {"1": 0, "2": 1, "3": 0, "4": 0}
    assert known(sound, "suspended")["2"] == 1
    assert known(sound, "reading_level") == {"3": 3}
    assert known(sound, "mathematics_level") == {}  # a quiz is no test of the state
    assert known(sound, "reading_score") == {"3": 2540}
    # 4 prior years and this one; half a post for the two students of census day
    assert known(sound, "teacher_experience") == {"1": 5, "2": 5}
    assert known(sound, "students_per_teacher") == {"1": 4, "2": 4}


def test_arrays_and_lines_are_the_same(tmp_path: Path) -> None:
    array = opened(write(tmp_path / "array", small()))
    assert rows(array) == rows(opened(write(tmp_path / "lines", small(), lines=True)))


def test_no_name_birth_date_or_citizenship_is_kept(tmp_path: Path) -> None:
    engine = duckdb.connect()
    export_tables(engine, write(tmp_path / "export", small()), [])
    never = {"Given", "Family", "2009-01-01", "secret"}
    for (name,) in engine.execute("SHOW TABLES").fetchall():
        values = {str(value) for row in engine.execute(f'SELECT * FROM "{name}"').fetchall() for value in row}
        assert not values & never, name


def test_an_exit_is_the_first_day_after_the_stay(tmp_path: Path) -> None:
    engine = duckdb.connect()
    export_tables(engine, write(tmp_path / "export", small()), [])
    found = engine.execute(
        "SELECT school_id, entry_date, exit_date FROM roster_enrollments WHERE student_id = '1' ORDER BY 1"
    ).fetchall()
    assert found == [("10", "2023-08-14", "2024-01-08"), ("20", "2024-01-09", "2024-06-30")]


def problems(tmp_path: Path, **changes: Any) -> tuple[Problem, ...]:
    resources: dict[str, Any] = {**small(), **changes}
    folder = write(tmp_path / "export", {name: held for name, held in resources.items() if held is not None})
    try:
        return opened(folder).checks
    except InputProblems as error:
        return error.problems


def test_an_unknown_race_is_a_warning_with_its_object(tmp_path: Path) -> None:
    held = small()["studentEducationOrganizationAssociations"]
    held[2]["races"] = [{"raceDescriptor": "uri://state.example/RaceDescriptor#Martian"}]
    said = [
        one
        for one in problems(tmp_path, studentEducationOrganizationAssociations=held)
        if "martian" in one.found
    ]
    assert [(one.severity, one.file, one.row) for one in said] == [
        (WARNING, "studentEducationOrganizationAssociations.json", 3)
    ]


def test_all_errors_are_told_at_once(tmp_path: Path) -> None:
    stays = small()["studentSchoolAssociations"]
    stays[0]["entryGradeLevelDescriptor"] = "uri://ed-fi.org/GradeLevelDescriptor#Year 9"
    stays[1]["entryDate"] = "08/14/2023"
    stays[2]["schoolReference"] = {"schoolId": 99}
    del stays[3]["studentReference"]
    found = {
        (one.row, one.column)
        for one in problems(tmp_path, studentSchoolAssociations=stays)
        if one.severity == ERROR
    }
    assert found == {
        (1, "entryGradeLevelDescriptor"), (2, "entryDate"), (3, "schoolReference.schoolId"),
        (4, "studentReference.studentUniqueId"),
    }  # fmt: skip


@pytest.mark.parametrize("text", ["{", '[{"schoolId": 1}', "[1, 2]", "not json", "[[", '{"a": ]}'])
def test_what_is_no_json_is_one_clear_problem(tmp_path: Path, text: str) -> None:
    folder = write(tmp_path / "export", small())
    (folder / "schools.json").write_text(text)
    with pytest.raises(InputProblems) as error:
        opened(folder)
    assert any(one.file == "schools.json" for one in error.value.problems)
