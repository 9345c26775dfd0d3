"""The same system as OneRoster, schools that change, and files that stream."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from evenground.definitions import load
from evenground.sources import open_source
from evenground.sources.synthetic import make_district

# What OneRoster has no field for, in the export or beside it.
LOST = {"ninth_grade_on_track", "instructional_hours"}


def rows(folder: Path, into: Path) -> pa.Table:
    dataset = open_source(folder, None, into, load())
    assert dataset.student_years is not None
    assert "error" not in {problem.severity for problem in dataset.checks}
    return pq.read_table(dataset.student_years).sort_by(
        [("period", "ascending"), ("student_id", "ascending")]
    )


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_a_roster_and_its_oneroster_exports_say_the_same(version: str, tmp_path: Path) -> None:
    arguments = {"students": 700, "years": 2, "seed": 6}
    roster = make_district(tmp_path / "roster", **arguments)
    export = make_district(tmp_path / "export", **arguments, written=f"oneroster-{version}")
    assert export.rates.equals(roster.rates)
    mine, theirs = rows(tmp_path / "roster", tmp_path / "a"), rows(tmp_path / "export", tmp_path / "b")
    assert mine.num_rows == theirs.num_rows
    # Of members of a cohort who had left before, an export of the year says nothing.
    there = pa.compute.is_in(mine["grade"], pa.array(["unknown"]))
    enrolled = pa.compute.invert(pa.compute.or_(there, pa.compute.is_null(mine["suspended"])))
    mine, theirs = mine.filter(enrolled), theirs.filter(enrolled)
    for name in set(mine.column_names) - LOST - ({"sex"} if version == "1.1" else set()):
        assert mine[name].to_pylist() == theirs[name].to_pylist(), name
    sexes = dict(zip(mine["sex"].to_pylist(), theirs["sex"].to_pylist(), strict=True))
    assert sexes["nonbinary"] == ("unknown" if version == "1.1" else "nonbinary")  # 1.1 knows two sexes


def test_an_export_is_packed_as_the_standard_says(tmp_path: Path) -> None:
    for name in ("a", "b"):
        make_district(tmp_path / name, students=500, years=1, seed=3, written="oneroster-1.2")
    first, second = ((tmp_path / name / "oneroster-2024-25.zip").read_bytes() for name in ("a", "b"))
    assert hashlib.sha256(first).digest() == hashlib.sha256(second).digest()
    with zipfile.ZipFile(tmp_path / "a" / "oneroster-2024-25.zip") as packed:
        texts = {name: packed.read(name).decode() for name in packed.namelist()}
    manifest = dict(line.split(",") for line in texts["manifest.csv"].splitlines())
    bulk = {name.removeprefix("file.") + ".csv" for name, mode in manifest.items() if mode == "bulk"}
    assert bulk == set(texts) - {"manifest.csv"}
    assert manifest["oneroster.version"] == "1.2"
    assert sum(name.startswith("file.") for name in manifest) == 21
    # Of enrollments, as standards say: columns in this order, and status and date blank in a bulk file.
    header, first_row, *_ = texts["enrollments.csv"].splitlines()
    assert header == (
        "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate"
    )
    assert first_row.split(",")[1:3] == ["", ""]


def test_schools_change_and_students_are_where_they_went(tmp_path: Path) -> None:
    truth = make_district(tmp_path / "roster", students=9000, years=3, seed=2, changes=True)
    told = {story["kind"]: story for story in truth.planted if story["story"] == "places"}
    assert set(told) == {"renamed", "closed", "merged", "split"}
    engine = duckdb.connect()
    stays = engine.execute(
        f"SELECT school_id, school_year, count(*) FROM read_csv('{tmp_path}/roster/enrollments.csv',"
        " all_varchar=true) GROUP BY ALL"
    ).fetchall()
    students = {(school, year): count for school, year, count in stays}
    lines = engine.execute(
        f"SELECT kind, school_id, successor_id, school_year FROM read_csv('{tmp_path}/roster/places.csv',"
        " all_varchar=true)"
    ).fetchall()
    for kind, story in told.items():
        assert story["from"] == "2023-24"
        for school in story["schools"]:
            assert (school, "2022-23") in students
            assert (school, "2023-24") not in students
        for school in story["successors"]:
            assert (school, "2022-23") not in students
            assert (school, "2024-25") in students
        pairs = {(school, new) for school in story["schools"] for new in story["successors"] or [None]}
        assert {(old, new) for what, old, new, _ in lines if what == kind} == pairs
    (merged,) = told["merged"]["successors"]
    before = sum(students[school, "2022-23"] for school in told["merged"]["schools"])
    assert students[merged, "2023-24"] == pytest.approx(before, rel=0.15)
    rows(tmp_path / "roster", tmp_path / "private")


def test_there_is_no_fourth_way_to_write(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"none of roster, oneroster-1\.1, oneroster-1\.2"):
        make_district(tmp_path / "x", students=500, written="excel")


def test_pieces_in_memory_do_not_show_in_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_district(tmp_path / "whole", students=4000, years=2, seed=8)
    monkeypatch.setattr("evenground.sources.synthetic.make._ROWS_AT_ONCE", 700)
    make_district(tmp_path / "pieces", students=4000, years=2, seed=8)
    files = sorted(path.name for path in (tmp_path / "whole").iterdir())
    assert len(files) > 15
    for name in files:
        assert (tmp_path / "whole" / name).read_bytes() == (tmp_path / "pieces" / name).read_bytes(), name


def test_what_stands_in_the_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "students.csv").write_text("student_id\n1\n")
    with pytest.raises(FileExistsError):
        make_district(tmp_path / "mine", students=500)
    assert [path.name for path in tmp_path.rglob("*")] == ["mine", "students.csv"]


def test_the_command_says_what_is_wrong(tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from evenground.cli import app

    said = CliRunner().invoke(app, ["synthetic", str(tmp_path / "x"), "--schools", "5", "--districts", "2"])
    assert said.exit_code == 2
    assert "needs at least 3 schools" in said.output
    assert not list(tmp_path.iterdir())
