"""What others have written does not run in a spreadsheet."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from typer.testing import CliRunner

from evenground.cli import app
from evenground.press.spreadsheet import harmless, harmless_table

# the starts that OWASP lists under "CSV Injection", and blanks before them
FORMULAS = (
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\xa0=1", "＝1", "＋1", "－1", "＠A1",
    "=cmd|' /C calc'!A0", '=HYPERLINK("http://x","y")',
)  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_becomes_text(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Oak High", "5 = 5", "a-b", "'=1", "Ünal", "(-1)", "1"])
def test_other_text_stays(text: str) -> None:
    assert harmless(text) == text


def test_a_table_keeps_its_numbers_and_its_gaps() -> None:
    table = pa.table(
        {"=name": ["=1", None, "Oak"], "n": [-1, 2, None], "kind": pa.array(["+x"] * 3).dictionary_encode()}
    )
    safe = harmless_table(table)
    assert safe.to_pydict() == {
        "'=name": ["'=1", None, "Oak"],
        "n": [-1, 2, None],
        "kind": ["'+x"] * 3,
    }


def test_groups_of_gaps_are_harmless(tmp_path: Path) -> None:
    rows = [[f"{number % 2}", FORMULAS[number % len(FORMULAS)].strip() or "x"] for number in range(300)]
    with (tmp_path / "t.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["passed", "=group"], *rows])
    words = [
        "gaps",
        str(tmp_path / "t.csv"),
        "--outcome",
        "passed",
        "--by",
        "=group",
        "--out",
        str(tmp_path / "out.csv"),
    ]
    assert CliRunner().invoke(app, words).exit_code == 0
    (written,) = tmp_path.glob("out*.csv")
    cells = [cell for row in csv.reader(written.open(encoding="utf-8")) for cell in row]
    assert any(cell.startswith("'=") for cell in cells)
    numbers = [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@", "＝"))]
    assert all(_is_number(cell) for cell in numbers), numbers


def test_formulas_of_a_workbook_are_read_as_their_results(tmp_path: Path) -> None:
    from evenground.sources.table import read_table

    book = openpyxl.Workbook()
    for row in (["name", "n"], ["'=1+1", 1], ["=1+1", 2]):
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    # a formula without a stored result is an empty cell; it is not worked out, and its text is not taken
    assert read_table(tmp_path / "t.xlsx", ("name", "n")).to_pydict() == {
        "name": ["'=1+1", None],
        "n": ["1", "2"],
    }


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
