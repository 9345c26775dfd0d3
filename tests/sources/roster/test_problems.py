"""What is wrong with a roster folder: each planted fault gives its problem, with file, row and column."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from tests.sources.roster.folders import SOUND, make, replaced, with_line

from evenground.definitions import load
from evenground.model import InputProblems, Problem
from evenground.sources.roster import read_roster

FIRST = "0071001,2023-24,F"
TWICE = SOUND["students"] + "0071002,2024,F,,,,,,,,,\n"
STRANGERS = SOUND["assessments"].replace("00710", "99710")
EMPTY = "\n0071002,2023-24,C,zz"
# name -> (table; its text, or what is replaced by what, or None; row, column, part of what was found)
ERRORS: dict[str, tuple[str, str | tuple[str, str] | None, int | None, str | None, str]] = {
    "no table": ("students", None, None, None, "no such file"),
    "no rows": ("students", SOUND["students"].splitlines()[0] + "\n", None, None, "no row"),
    "no header": ("schools", "001,Oak High,0100,Test Unified\n", 1, None, "without any known column name"),
    "no column": ("enrollments", ("grade", "grade_level"), 1, "grade", "no such column"),
    "column twice": ("attendance", ("days_absent", "Days Enrolled"), 1, "days_enrolled", "same column twice"),
    "empty file": ("finance", "", None, None, "an empty file"),
    "blank file": ("finance", "\n\n  \n", None, None, "an empty file"),
    "empty cell": ("enrollments", ("0071002,001", "0071002,"), 4, "school_id", "an empty cell"),
    "no such code": ("students", ("0071002,2023-24,M", "0071002,2023-24,W"), 3, "sex", "'W'"),
    "no flag": ("students", (FIRST + ",1", FIRST + ",maybe"), 2, "hispanic", "shape aaaaa"),
    "no grade": ("enrollments", ("2023-24,10", "2023-24,14"), 4, "grade", "'14'"),
    "no year": ("attendance", ("0071002,2023-24", "0071002,2023-25"), 3, "school_year", "9999-99"),
    "no number": ("attendance", ("180,17", "180,n/a"), 3, "days_absent", "'n/a'"),
    "not finite": ("finance", ("12000", "inf"), 2, "spending", "'inf'"),
    "not whole": ("assessments", ("reading,3", "reading,2.5"), 2, "level", "'2.5'"),
    "level 5": ("assessments", ("reading,3", "reading,5"), 2, "level", "'5'"),
    "level 0": ("assessments", ("math,1", "math,0"), 3, "level", "'0'"),
    "below zero": ("staff", ("0.5,10", "-1,10"), 3, "fte", "'-1'"),
    "no date": ("incidents", ("2023-10-05", "10/05/2023"), 2, "date", "99/99/9999"),
    "no such day": ("incidents", ("2023-10-05", "2023-02-30"), 2, "date", "9999-99-99"),
    "other year": ("incidents", ("2023-11-05", "2024-11-05"), 3, "date", "outside the school year"),
    "absences": ("attendance", ("180,17", "180,181"), 3, "days_absent", "more days absent"),
    "leaves first": ("enrollments", ("2023-12-01", "2023-08-01"), 2, "exit_date", "before the entry"),
    "twice": ("students", TWICE, 9, "student_id", "key of an earlier row"),
    "no such school": ("staff", ("T3,002", "T3,009"), 4, "school_id", "schools does not have"),
    "zeros lost at school": ("finance", ("\n002", "\n2"), 3, "school_id", "other zeros in front"),
    "zeros lost": ("attendance", ("0071002", "71002"), 3, "student_id", "other zeros in front"),
    "strangers": ("assessments", STRANGERS, 2, "student_id", "without enrollment"),
    "too few columns": ("courses", ("0071002,2023-24,D1,dual", "0071002,2023-24,dual"), 4, None, "too few"),
    "too many columns": ("courses", ("D1,", "D,1,"), 4, None, "too many columns"),
    "open quote": ("schools", ("Elm Middle", '"Elm Middle'), 3, None, "quote"),
    "cut off": ("students", SOUND["students"][:-20], 8, None, "too few columns"),
    "after empty row": ("courses", ("0071002,2023-24,D1,dual_enrollment", EMPTY), 5, "course_type", "'zz'"),
}  # fmt: skip


def problems(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(InputProblems) as found:
        read_roster(folder, folder.with_name("private"), load())
    return found.value.problems


def errors(folder: Path) -> list[Problem]:
    return [problem for problem in problems(folder) if problem.severity == "error"]


@pytest.mark.parametrize("name", ERRORS)
def test_a_planted_fault_gives_its_problem(name: str, tmp_path: Path) -> None:
    table, change, row, column, found = ERRORS[name]
    text = replaced(table, *change) if isinstance(change, tuple) else change
    told = errors(make(tmp_path / "roster", **{table: text}))
    assert [(problem.file, problem.row, problem.column) for problem in told] == [
        (f"{table}.csv", row, column)
    ]
    first = told[0]
    assert found in first.found
    assert first.allowed
    assert first.todo


def test_the_sound_folder_has_no_problem(tmp_path: Path) -> None:
    dataset = read_roster(make(tmp_path / "roster"), tmp_path / "private", load())
    assert [problem.severity for problem in dataset.checks] == ["note"] * 4


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    folder = make(
        tmp_path / "roster",
        students=replaced("students", "0071002,2023-24,M", "0071002,2023-24,W"),
        staff=replaced("staff", "0.5,10", "half,10"),
        courses=replaced("courses", "course_type", "kind"),
        finance=None,
    )
    told = {(problem.file, problem.row, problem.column) for problem in errors(folder)}
    assert told == {("students.csv", 3, "sex"), ("staff.csv", 3, "fte"), ("courses.csv", 1, "course_type")}


def test_many_rows_of_one_kind_are_one_problem(tmp_path: Path) -> None:
    text = SOUND["attendance"] + "".join(f"00710{number:02d},2023-24,10,none\n" for number in range(10, 60))
    told = [
        problem
        for problem in errors(make(tmp_path / "roster", attendance=text))
        if problem.column == "days_absent"
    ]
    assert [(problem.row, problem.count) for problem in told] == [(7, 50)]
    assert "also rows 8, 9" in told[0].found


def test_the_nearest_name_is_suggested(tmp_path: Path) -> None:
    folder = make(tmp_path / "roster", enrollments=None, finance=replaced("finance", "spending", "spendings"))
    (folder / "enrolments.csv").write_text(SOUND["enrollments"], encoding="utf-8")
    assert "rename enrolments.csv to enrollments.csv" in errors(folder)[0].todo
    folder = make(tmp_path / "other", staff=replaced("staff", "school_id", "school"))
    assert "rename school to school_id" in errors(folder)[0].todo


def test_a_table_twice(tmp_path: Path) -> None:
    folder = make(tmp_path / "roster")
    (folder / "staff.csv.gz").write_bytes(gzip.compress(SOUND["staff"].encode()))
    assert [(problem.file, problem.row) for problem in errors(folder)] == [("staff.csv.gz", None)]


def test_students_without_a_partner_are_warned_about(tmp_path: Path) -> None:
    folder = make(
        tmp_path / "roster",
        students=with_line("students", "0079999,2023-24,F,0,0,0,0,0,0,1,0,0"),
        enrollments=with_line("enrollments", "0078888,001,2023-24,9,,"),
        courses=with_line("courses", "0077777,2023-24,A1,ap"),
    )
    dataset = read_roster(folder, tmp_path / "private", load())
    warned = {
        (problem.file, problem.row, problem.column)
        for problem in dataset.checks
        if problem.severity == "warning"
    }
    assert warned == {
        ("students.csv", 9, "student_id"),
        ("enrollments.csv", 9, "student_id"),
        ("courses.csv", 6, "student_id"),
    }


def test_the_measure_of_economic_disadvantage_has_to_be_named(tmp_path: Path) -> None:
    folder = make(tmp_path / "roster")
    (folder / "about.yaml").unlink()
    dataset = read_roster(folder, tmp_path / "private", load())
    warning = next(problem for problem in dataset.checks if problem.severity == "warning")
    assert (warning.file, warning.column) == ("about.yaml", "economic_disadvantage")


@pytest.mark.parametrize(
    ("text", "row", "column"),
    [
        ("economic_disadvantage: forms\ncensus_day: October 1\n", 2, "census_day"),
        ("census_day: '13-01'\n", 1, "census_day"),
        ("census_dya: '10-01'\n", 1, None),
        ("title: [a]\n", 1, "title"),
        ("title: 5: 6\n", None, None),
        ("- just words\n", None, None),
    ],
)
def test_about_yaml_is_checked(text: str, row: int | None, column: str | None, tmp_path: Path) -> None:
    folder = make(tmp_path / "roster")
    (folder / "about.yaml").write_text(text, encoding="utf-8")
    told = errors(folder)
    assert [(problem.file, problem.row, problem.column) for problem in told] == [("about.yaml", row, column)]


def test_a_value_in_the_wrong_place_is_not_shown(tmp_path: Path) -> None:
    """Columns that slid by one: ids and names stand where codes should be, and no message repeats them."""
    students = replaced("students", "0071002,2023-24,M,0", "0071002,2023-24,Maria Lopez,0071002")
    enrollments = replaced("enrollments", "0071006,002,2023-24,7,,", "0071006,002,2023-24,0071006,0071006,")
    text = " ".join(
        problem.sentence()
        for problem in problems(make(tmp_path / "roster", students=students, enrollments=enrollments))
    )
    assert "Maria" not in text
    assert "00710" not in text
    assert "shape 9999999" in text


def test_a_short_id_in_the_wrong_place_is_not_shown(tmp_path: Path) -> None:
    short = {table: text.replace("00710", "") for table, text in SOUND.items()}
    short["students"] = short["students"].replace("02,2023-24,M", "02,2023-24,03")
    text = " ".join(problem.sentence() for problem in errors(make(tmp_path / "roster", **short)))
    assert "shape 99" in text
    assert "'03'" not in text


def test_a_column_of_nearly_a_known_name_is_warned_about(tmp_path: Path) -> None:
    students = replaced("students", "economic_disadvantage", "Econ. Disadvantage")
    dataset = read_roster(make(tmp_path / "roster", students=students), tmp_path / "private", load())
    warning = next(problem for problem in dataset.checks if problem.severity == "warning")
    place = (warning.file, warning.row, warning.column)
    assert place == ("students.csv", 1, "economic_disadvantage")
    assert "Econ. Disadvantage" in warning.found
    assert "economic_disadvantage" not in dataset.dimensions
