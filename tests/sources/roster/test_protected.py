"""Columns that no review needs are never read: their values reach neither the output nor a message."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
from tests.sources.roster.folders import SOUND, make

from evenground.definitions import load
from evenground.model import InputProblems
from evenground.sources.roster import read_roster, roster_format

SPELLED = {
    "social_security_number": [
        "SSN", "ssn_last4", "Social Security Number", "Student-SSN", "socialSecurityNumber", "soc_sec",
        "StudentSsn",
    ],
    "immigration_status": [
        "Immigration Status", "visa_type", "VisaStatus", "citizenship", "us_citizen", "Alien Number",
        "refugee",
    ],
    "country_of_birth": [
        "Country of Birth", "birthCountry", "BIRTHPLACE", "place_of_birth", "Birth-City",
        "country_of_origin",
    ],
}  # fmt: skip
CASES = [(kind, name) for kind, names in SPELLED.items() for name in names]
SECRET = "123-45-6789"


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_spellings_are_known(kind: str, name: str) -> None:
    assert roster_format().protects(name) == kind


@pytest.mark.parametrize(
    "name", ["session", "homeroom", "advisor", "assessment_id", "county", "birth_date", "classname"]
)
def test_other_columns_are_not_taken_for_protected(name: str) -> None:
    assert roster_format().protects(name) is None


def test_no_column_of_the_format_is_protected() -> None:
    form = roster_format()
    names = {name for table in form.tables.values() for name in table.columns}
    assert {name for name in names if form.protects(name)} == set()


@pytest.mark.parametrize("kind", SPELLED)
def test_values_reach_neither_output_nor_message(kind: str, tmp_path: Path) -> None:
    first, *rest = SOUND["students"].splitlines()
    lines = [
        f"{SPELLED[kind][0]},{first},{SPELLED[kind][1]}",
        *(f"{SECRET},{line},{SECRET}" for line in rest),
    ]
    folder = make(tmp_path / "roster", students="\n".join(lines) + "\n")
    dataset = read_roster(folder, tmp_path / "private", load())
    assert dataset.student_years is not None
    rows = pq.read_table(dataset.student_years)
    assert SECRET not in str(rows.to_pydict())
    assert SECRET.encode() not in dataset.student_years.read_bytes()
    notes = [problem for problem in dataset.checks if problem.column == kind]
    assert [(note.severity, note.file) for note in notes] == [("note", "students.csv")]
    assert SECRET not in " ".join(problem.sentence() for problem in dataset.checks)


def test_messages_about_a_file_with_protected_columns_are_silent_about_them(tmp_path: Path) -> None:
    first, *rest = SOUND["students"].splitlines()
    lines = [
        f"ssn,{first}",
        *(f"{SECRET},{line}" for line in rest),
        f"{SECRET},too,few",
        f"{SECRET},{rest[0]},{SECRET}",
    ]
    with pytest.raises(InputProblems) as found:
        read_roster(make(tmp_path / "roster", students="\n".join(lines) + "\n"), tmp_path / "private", load())
    assert SECRET not in str(found.value)


def test_a_first_row_that_is_no_header_is_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(InputProblems) as found:
        read_roster(
            make(tmp_path / "roster", students=f"0071001,{SECRET},Maria Lopez\n"),
            tmp_path / "private",
            load(),
        )
    assert SECRET not in str(found.value)
    assert "Maria" not in str(found.value)


def test_protected_columns_of_parquet(tmp_path: Path) -> None:
    folder = make(tmp_path / "roster")
    ids = pa_csv.ConvertOptions(column_types={"student_id": pa.string()})
    table = pa_csv.read_csv(folder / "students.csv", convert_options=ids)
    (folder / "students.csv").unlink()
    pq.write_table(
        table.append_column("SSN", pa.array([SECRET] * table.num_rows)), folder / "students.parquet"
    )
    dataset = read_roster(folder, tmp_path / "private", load())
    assert dataset.student_years is not None
    assert SECRET.encode() not in dataset.student_years.read_bytes()
    assert any(problem.column == "social_security_number" for problem in dataset.checks)
