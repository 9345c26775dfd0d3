"""A file with rows of students is a roster by a mapping: the same counts as the roster written by hand."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from evenground.definitions import load
from evenground.model import ERROR, NOTE, WARNING, InputProblems, Problem
from evenground.sources import Dataset, open_source

# Two tests a student and year; the last student's two rows disagree about lunch, race and school.
ROWS = """PUPIL,LAST,SSN,YR,SCHOOL,SCHOOL_NAME,RACE,SEX,LUNCH,GR,TEST,BAND,POINTS
a1,Doe,1,2022_2023,001,Oak,Hisp,F,yes,7,Math,Met,520
a1,Doe,1,2022_2023,001,Oak,Hisp,F,yes,7,Read,Not met,410
a2,Roe,2,2022_2023,001,Oak,Wh,M,no,7,Math,None,
a2,Roe,2,2022_2023,001,Oak,Wh,M,no,7,Read,Met,530
a3,Poe,3,2022_2023,002,Elm,Bl,F,yes,8,Math,Met,540
a3,Poe,3,2022_2023,001,Oak,Wh,F,no,8,Read,Met,545
"""
THIRD = "a3,Poe,3,2022_2023,002,Elm,Bl,F,yes,8,Science,Met,540\n"
MAPPING = """tests:
  title: Two schools
  economic_disadvantage: free lunch
  files: tests*.csv
  roster:
    schools:
      columns: {school_id: SCHOOL, school_name: SCHOOL_NAME, district_id: {always: d1}, district_name: {always: North}}
    students:
      columns:
        student_id: PUPIL
        school_year: YR
        sex: SEX
        race: {column: RACE, words: {Hisp: hispanic, Wh: white, Bl: black, None: ""}}
        economic_disadvantage: LUNCH
    enrollments:
      columns: {student_id: PUPIL, school_id: SCHOOL, school_year: YR, grade: GR}
    assessments:
      columns:
        student_id: PUPIL
        school_year: YR
        subject: {column: TEST, words: {Math: mathematics, Read: reading}}
        level: {column: BAND, words: {Not met: 2, Met: 3, None: ""}}
        score: POINTS
    programs:
      where: {GR: 7}
      columns: {student_id: PUPIL, school_year: YR, program: {always: gifted}}
"""  # noqa: E501  a mapping as people write it


def opened(tmp_path: Path, rows: str = ROWS, mapping: str = MAPPING) -> Dataset:
    folder = tmp_path / "files"
    folder.mkdir(parents=True)
    (folder / "tests_2023.csv").write_text(rows, encoding="utf-8")
    (tmp_path / "own.yaml").write_text(mapping, encoding="utf-8")
    return open_source(folder, None, tmp_path / "private", load(), tmp_path / "own.yaml")


def opened_with(tmp_path: Path, third: str) -> Dataset:
    """A test of no subject of ours would be an empty subject: its row is left out by `where`."""
    mapping = MAPPING.replace("Read: reading}", 'Read: reading, Science: ""}')
    mapping = mapping.replace("    assessments:\n", "    assessments:\n      where: {TEST: [Math, Read]}\n")
    return opened(tmp_path, ROWS + third, mapping)


def problems(tmp_path: Path, rows: str = ROWS, mapping: str = MAPPING) -> tuple[Problem, ...]:
    with pytest.raises(InputProblems) as raised:
        opened(tmp_path, rows, mapping)
    return tuple(one for one in raised.value.problems if one.severity == ERROR)


def test_students_and_tests_are_those_of_the_file(tmp_path: Path) -> None:
    dataset = opened(tmp_path)
    assert dataset.student_years is not None
    rows = {row["student_id"]: row for row in pq.read_table(dataset.student_years).to_pylist()}
    assert {"reading_proficient", "mathematics_proficient", "gifted", "reading_score"} <= set(
        dataset.indicators
    )
    assert (dataset.periods, dataset.source, dataset.title) == (("2022-23",), "tests", "Two schools")
    assert [rows[one]["race_ethnicity"] for one in ("a1", "a2")] == ["hispanic", "white"]
    assert [rows[one]["economic_disadvantage"] for one in ("a1", "a2")] == [
        "disadvantaged",
        "not_disadvantaged",
    ]
    assert [rows[one]["mathematics_level"] for one in ("a1", "a2", "a3")] == [3, None, 3]
    assert [rows[one]["reading_level"] for one in ("a1", "a2", "a3")] == [2, 3, 3]
    assert [rows[one]["gifted"] for one in ("a1", "a2", "a3")] == [1, 1, 0]


def test_rows_that_disagree_are_told_and_their_answer_is_unknown(tmp_path: Path) -> None:
    dataset = opened(tmp_path)
    assert dataset.student_years is not None
    (row,) = [row for row in pq.read_table(dataset.student_years).to_pylist() if row["student_id"] == "a3"]
    assert (row["race_ethnicity"], row["economic_disadvantage"]) == ("unknown", "unknown")
    told = {
        (one.column, one.count)
        for one in dataset.checks
        if one.severity == WARNING and "disagree" in one.found
    }
    assert told == {("RACE", 1), ("LUNCH", 1)}  # two schools in a year are two stays, no contradiction


def test_what_most_rows_say_counts(tmp_path: Path) -> None:
    dataset = opened_with(tmp_path, THIRD)
    assert dataset.student_years is not None
    (row,) = [row for row in pq.read_table(dataset.student_years).to_pylist() if row["student_id"] == "a3"]
    assert (row["race_ethnicity"], row["economic_disadvantage"]) == ("black", "disadvantaged")


def test_a_race_is_one_answer_and_not_one_for_each_race(tmp_path: Path) -> None:
    """Black twice, white and Hispanic once: black is what most rows say, though half of them say no to it."""
    dataset = opened_with(tmp_path, THIRD + THIRD.replace("Bl", "Hisp"))
    assert dataset.student_years is not None
    (row,) = [row for row in pq.read_table(dataset.student_years).to_pylist() if row["student_id"] == "a3"]
    assert row["race_ethnicity"] == "black"
    assert [one.count for one in dataset.checks if one.column == "RACE"] == [1]


def test_a_file_by_several_patterns_is_told_of_once(tmp_path: Path) -> None:
    mapping = MAPPING
    for table, pattern in (("students", "tests_*.csv"), ("enrollments", "*.csv"), ("programs", "t*.csv")):
        mapping = mapping.replace(f"    {table}:\n", f'    {table}:\n      files: "{pattern}"\n')
    dataset = opened(tmp_path, mapping=mapping)
    assert dataset.indicators == opened(Path(str(tmp_path) + "-one")).indicators
    assert [one.found for one in dataset.checks if "columns" in one.found and one.severity == NOTE] == [
        "protected columns: SSN",
        "further columns: LAST",
    ]


def test_two_meanings_of_one_column_each_know_their_words(tmp_path: Path) -> None:
    twice = "        english_learner: {column: SEX, words: {M: yes}}\n"
    twice += "        sex: {column: SEX, words: {M: M, F: F}}\n"
    (told,) = problems(tmp_path, mapping=MAPPING.replace("        sex: SEX\n", twice))
    assert (told.row, told.column, told.allowed) == (2, "SEX", "the mapping's words: M")


def test_a_word_by_which_no_row_is_chosen_is_told(tmp_path: Path) -> None:
    dataset = opened(tmp_path, mapping=MAPPING.replace("where: {GR: 7}", "where: {GR: [7, 9]}"))
    (told,) = [one for one in dataset.checks if one.severity == WARNING and one.column == "GR"]
    assert told.found == "no row with 9"


def test_only_named_columns_are_read_and_protected_ones_never(tmp_path: Path) -> None:
    dataset = opened(tmp_path)
    notes = [one.found for one in dataset.checks if one.severity == NOTE]
    assert {"protected columns: SSN", "further columns: LAST"} <= set(notes)
    mapping = MAPPING.replace("student_id: PUPIL\n", "student_id: SSN\n", 1)
    folder = tmp_path / "again"
    folder.mkdir()
    told = problems(folder, mapping=mapping)
    assert [(one.file, one.found) for one in told] == [("own.yaml", "a column about social security number")]


def test_a_word_without_a_meaning_is_told_without_the_value(tmp_path: Path) -> None:
    told = problems(tmp_path, ROWS.replace("Not met", "Petra Novak"))
    assert [(one.file, one.row, one.column) for one in told] == [("tests_2023.csv", 3, "BAND")]
    assert "Petra" not in str(told)
    assert "Not met, Met" in told[0].allowed


def test_everything_wrong_in_a_mapping_is_told_at_once(tmp_path: Path) -> None:
    mapping = MAPPING.replace("grade: GR}", "grad: GR}").replace("Bl: black", "Bl: blak")
    mapping = mapping.replace("    programs:", "    program:").replace("{always: d1}", "{words: {a: b}}")
    told = {one.found for one in problems(tmp_path, mapping=mapping)}
    assert told == {"`program`", "`grad`", "no `grade`", "`blak`", "both, or neither, of column and always"}


def test_no_words_and_a_race_from_two_columns(tmp_path: Path) -> None:
    mapping = MAPPING.replace("sex: SEX", "sex: {column: SEX, words: {}}\n        white: RACE")
    told = {one.found for one in problems(tmp_path, mapping=mapping)}
    assert told == {"no words", "`white` from two columns"}


def test_a_file_or_a_column_that_is_not_there(tmp_path: Path) -> None:
    told = problems(tmp_path, mapping=MAPPING.replace("tests*.csv", "scores.csv"))
    assert [(one.file, one.found) for one in told] == [("scores.csv", "no such file")]
    folder = tmp_path / "again"
    folder.mkdir()
    told = problems(folder, mapping=MAPPING.replace("score: POINTS", "score: POINT"))
    assert [(one.column, one.todo) for one in told] == [("POINT", "write POINTS")]


def test_problems_of_values_are_told_in_the_files_own_words(tmp_path: Path) -> None:
    told = problems(tmp_path, ROWS.replace("520", "many"))
    assert [(one.file, one.row, one.column) for one in told] == [("tests_2023.csv", 2, "POINTS")]
