"""The bundle: whole, the same bytes for the same input, refused where it would overwrite, checked when
it is read."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook

from evenground import report
from evenground.model import InputProblems, Released
from evenground.report import bundle as bundle_module


@pytest.fixture(scope="module")
def folder(released: Released, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("bundle") / "review"
    report.write(released, place, "es")
    return place


def held(folder: Path) -> dict[str, bytes]:
    """Every file beneath a folder."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_all_files_and_no_others(folder: Path) -> None:
    assert {file.name for file in folder.iterdir()} == {*report.FILES, report.PAGES}
    assert [entry.name for entry in folder.parent.iterdir()] == ["review"]


def test_what_is_read_is_what_was_written(folder: Path, released: Released) -> None:
    again = report.read(folder)
    assert again.findings.equals(released.findings)
    assert again.cells.to_pylist() == [
        {name: row[name] for name in again.cells.column_names} for row in released.cells.to_pylist()
    ]
    assert sorted(map(str, again.units.to_pylist())) == sorted(map(str, released.units.to_pylist()))
    for part in ("about", "disclosure", "checks", "not_measured", "inputs", "settings"):
        assert getattr(again, part) == getattr(released, part), part


def test_the_same_review_is_the_same_bytes(folder: Path, released: Released, tmp_path: Path) -> None:
    report.write(released, tmp_path / "again", "es")
    assert held(tmp_path / "again") == held(folder)


def test_a_read_bundle_writes_the_same_bundle(folder: Path, tmp_path: Path) -> None:
    report.write(report.read(folder), tmp_path / "again", "es")
    assert held(tmp_path / "again") == held(folder)


def test_the_receipt_holds_hashes_and_no_path(folder: Path) -> None:
    text = (folder / "receipt.json").read_text(encoding="utf-8")
    receipt = json.loads(text)
    assert set(receipt["files"]) == set(held(folder)) - {"receipt.json"}
    for name, digest in receipt["files"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert receipt["contract"] == "1.1"
    assert receipt["policy"] == "n10"
    assert len(receipt["definitions"]) == 64
    assert str(folder.parent) not in text


@pytest.mark.parametrize(
    "name", ["findings.csv", "cells.parquet", "index.html", "review.pdf", "pages/framework-are.html"]
)
def test_a_changed_file_is_found(name: str, released: Released, folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    (copy / name).write_bytes((copy / name).read_bytes() + b" ")
    with pytest.raises(InputProblems) as caught:
        report.read(copy)
    assert [problem.file for problem in caught.value.problems] == [name]
    (copy / name).unlink()
    with pytest.raises(InputProblems, match="no such file"):
        report.read(copy)


def test_a_folder_that_is_not_a_bundle_is_left_alone(
    released: Released, folder: Path, tmp_path: Path
) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "index.html").write_text("my page", encoding="utf-8")
    with pytest.raises(InputProblems, match="without a receipt"):
        report.write(released, mine)
    assert (mine / "index.html").read_text(encoding="utf-8") == "my page"
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(InputProblems, match="a file"):
        report.write(released, tmp_path / "file")
    with pytest.raises(InputProblems, match="no readable receipt"):
        report.read(mine)


def test_the_folder_that_one_stands_in_is_named(
    released: Released, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputProblems, match=r"^\.: found a folder with other files \(mine\.txt\)"):
        report.write(released, Path(""))


def test_what_fails_halfway_leaves_the_earlier_bundle(
    released: Released, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "review"
    report.write(released, place)
    before = held(place)

    def breaks(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(bundle_module.workbook, "write_workbook", breaks)
    with pytest.raises(OSError, match="full"):
        report.write(released, place)
    assert held(place) == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["review"]


def test_progress_is_told(released: Released, tmp_path: Path) -> None:
    steps: list[str] = []
    report.write(released, tmp_path / "review", progress=steps.append)
    assert len(steps) >= 4


def test_findings_are_the_same_in_csv_and_parquet(folder: Path, released: Released) -> None:
    table = pq.read_table(folder / "findings.parquet")
    assert table.column_names == [*released.findings.column_names, "sentence_en", "sentence_es"]
    rows = list(csv.DictReader((folder / "findings.csv").open(encoding="utf-8", newline="")))
    assert [row["finding_id"] for row in rows] == table["finding_id"].to_pylist()
    assert {row["unit_id"] for row in rows} >= {"0012345", "000"}  # leading zeros are kept
    assert all(row["value"] == "" for row in rows if row["state"] == "hidden")


def test_a_formula_in_a_name_does_not_run_in_a_spreadsheet(folder: Path) -> None:
    rows = list(csv.DictReader((folder / "findings.csv").open(encoding="utf-8", newline="")))
    assert any(row["unit_name"] == "'=cmd|' /C calc'!A0" for row in rows)
    for row in rows:
        assert not any(str(text).startswith(("=", "+", "@")) for text in row.values())
    book = load_workbook(folder / "review.xlsx")
    for sheet in book:
        assert all(cell.data_type != "f" for line in sheet.iter_rows() for cell in line)


def test_the_codebook_explains_every_column_and_every_code(folder: Path) -> None:
    rows = list(csv.DictReader((folder / "codebook.csv").open(encoding="utf-8", newline="")))
    assert all(row["meaning_en"] and row["meaning_es"] for row in rows)
    for file in ("findings", "cells"):
        table = pq.read_table(folder / f"{file}.parquet")
        explained = {row["column"] for row in rows if row["file"] == file and not row["code"]}
        assert explained == set(table.column_names)
        for column in (
            "state",
            "measure",
            "verdict",
            "direction",
            "indicator",
            "question",
            "group",
            "unit_level",
            "reason",
        ):
            if column in table.column_names:
                codes = {row["code"] for row in rows if row["column"] == column and row["code"]}
                used = {code for code in table[column].to_pylist() if code and "+" not in code}
                assert used <= codes, (column, used - codes)


def test_the_workbook_is_a_workbook(folder: Path) -> None:
    book = load_workbook(folder / "review.xlsx")
    assert book.sheetnames[0] == "Empiece aquí"
    assert book.sheetnames[-1] == "Libro de códigos"
    assert len(book.sheetnames) == 4  # cover, two topics, codebook
    topic = book[book.sheetnames[1]]
    assert topic.freeze_panes == "A2"
    assert topic.auto_filter.ref
    assert all(not sheet.merged_cells.ranges for sheet in book)
    header = [cell.value for cell in topic[1]]
    value = header.index("Valor") + 1
    rate = next(row for row in topic.iter_rows(min_row=2) if row[value - 1].value is not None)
    assert isinstance(rate[value - 1].value, float)
    assert rate[value - 1].number_format == "0.0%"
    hidden = [
        row
        for row in topic.iter_rows(min_row=2, values_only=True)
        if row[header.index("Estado")] == "Oculto para proteger a estudiantes"
    ]
    assert hidden
    assert all(
        row[header.index(name)] is None for row in hidden for name in ("Valor", "Margen desde", "Estudiantes")
    )


def test_what_does_not_fit_into_a_sheet_is_said(
    released: Released, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle_module.workbook, "SHEET_ROWS", 20)
    report.write(released, tmp_path / "review")
    book = load_workbook(tmp_path / "review" / "review.xlsx")
    doors = [row[0] for row in book[book.sheetnames[1]].iter_rows(min_row=2, values_only=True)]
    assert len(doors) == 20
    assert set(doors) == {released.about.title}  # the unit in focus comes first
    everything = sum(question == "doors" for question in released.findings["question"].to_pylist())
    cover = [cell for row in book.worksheets[0].iter_rows(values_only=True) for cell in row if cell]
    assert f"Rows that do not fit into a sheet: {everything - 20}. They are in findings.csv." in cover
