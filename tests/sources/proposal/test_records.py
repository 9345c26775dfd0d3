"""A file of students is recognised: told which roster it would be, with no value of a student."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from evenground.cli import app
from evenground.sources.proposal import Guide, Proposal, propose

HEADER = (
    "Student Number,Last Name,First Name,DOB,SSN,Country of Birth,Gender,Ethnicity,ELL,IEP,FRL,"
    "School Code,School Name,Grade Level,School Year,Entry Date,Shoe Size"
)
RACES = ("Black", "Hispanic", "White", "Asian", "Two or More")
SECRETS = ("Zyx", "Quux", "1999-05-05", "123-45-6789", "Freedonia", "S1001")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    rows = [
        f"S1{place:03d},Zyx{place},Quux{place},1999-05-05,123-45-6789,Freedonia,{'FM'[place % 2]},"
        f"{RACES[place % 5]},Y,N,Y,0101,Oak,{9 + place % 4},2022-23,2022-08-15,41"
        for place in range(60)
    ]
    path = tmp_path / "students export.csv"
    path.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    return path


def test_a_file_of_students_becomes_a_guide_to_the_roster(file: Path) -> None:
    guide = propose(file)
    assert isinstance(guide, Guide)
    assert (guide.rows, guide.students) == (60, 60)
    found = {
        part.table: {place.column: place.found for place in part.places if place.found}
        for part in guide.parts
    }
    assert found["students"] == {
        "student_id": "Student Number",
        "school_year": "School Year",
        "sex": "Gender",
        "english_learner": "ELL",
        "disability": "IEP",
        "economic_disadvantage": "FRL",
        **dict.fromkeys(("asian", "black", "hispanic", "two_or_more_races", "white"), "Ethnicity"),
    }
    assert found["enrollments"] == {
        "student_id": "Student Number",
        "school_id": "School Code",
        "school_year": "School Year",
        "grade": "Grade Level",
        "entry_date": "Entry Date",
    }
    needed = {part.table: part.missing for part in guide.parts}
    assert needed["students"] == ()
    assert needed["enrollments"] == ()
    assert "Shoe Size" in guide.unused


def test_protected_and_personal_columns_are_named_and_nothing_of_a_student_is_said(file: Path) -> None:
    guide = propose(file)
    assert isinstance(guide, Guide)
    assert dict(guide.unread) == {
        "SSN": "protected",
        "Country of Birth": "protected",
        "Last Name": "personal",
        "First Name": "personal",
        "DOB": "personal",
    }
    said = CliRunner().invoke(app, ["map", str(file)])
    assert said.exit_code == 0
    assert "60 students" in said.output
    assert [secret for secret in SECRETS if secret in said.output or secret in repr(guide)] == []
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_a_mapping_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "grad rates 2022-23.csv"
    path.write_text("School,Group,Cohort,Grad Rate\nOak,All,50,90.0\nOak,Black,20,85.0\nOak,White,30,93.3\n")
    runner = CliRunner()
    assert runner.invoke(app, ["map", str(path)]).exit_code == 0
    mapping = tmp_path / f"{path.name}.mapping.yaml"
    mapping.write_text("edited")
    again = runner.invoke(app, ["map", str(path)])
    assert again.exit_code == 2
    assert "may have been edited" in again.output
    assert mapping.read_text() == "edited"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "found"),
        (b"a,b\n", "found"),
        (b"\x00\x01\x02\x03" * 50, "found"),
        (b"colour,weight\nred,1\nblue,2\n", "no column that says which school a row is of"),
    ],
)
def test_what_cannot_be_mapped_is_one_clear_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "mine.csv"
    path.write_bytes(content)
    result = CliRunner().invoke(app, ["map", str(path)])
    assert result.exit_code == 2
    assert said in result.output
    assert "Traceback" not in result.output
    assert [held.name for held in tmp_path.iterdir()] == ["mine.csv"]


def test_a_name_that_looks_like_a_pattern_is_a_name(tmp_path: Path) -> None:
    path = tmp_path / "grad [final] 2022-23.csv"
    path.write_text("School,Group,Cohort,Grad Rate\nOak,All,50,90.0\nOak,Black,20,85.0\nOak,White,30,93.3\n")
    assert isinstance(propose(path), Proposal)
    result = CliRunner().invoke(app, ["map", str(path)])
    assert result.exit_code == 0
    assert "cells through the mapping" in result.output
