"""What people's files are really like: every problem at once, with its place, no traceback of the engine."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from tests.sources.published.tiny import FILES, MAPPING, lines, problems, read, write

from evenground.definitions import load
from evenground.model import InputProblems
from evenground.sources.published import read_published

STAFF = FILES["staff.csv"]


def places(found) -> set[tuple[str, int | None, str | None]]:
    return {(problem.file, problem.row, problem.column) for problem in found}


def test_all_missing_files_and_columns_at_once(tmp_path: Path) -> None:
    folder = write(
        tmp_path, staff=None, tests=None, graduates="id,year,group,graduates,prepared\n0101,2015-16,All,1,1"
    )
    found = problems(folder)
    assert places(found) == {
        ("staff.csv", None, None),
        ("tests.csv", None, None),
        ("graduates.csv", 1, "ready"),
        ("graduates.csv", 1, "rate"),
    }
    assert (
        "id, year, group, graduates, prepared"
        in next(problem for problem in found if problem.column == "ready").allowed
    )


def test_problems_of_rows_at_once(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        graduates=FILES["graduates.csv"]
        .replace("All,40,25,0.912", "Everyone,40,25,0.912")
        .replace("Black,10,4", "Black,ten,-4"),
        tests=FILES["tests.csv"].replace("0.333,0.467,0.2", "33.3,46.7,20"),
        staff=STAFF.replace("0102,2015-2016", "102,autumn"),
        events=FILES["events.csv"].replace("All,in,8", "All,inside,8"),
    )
    found = problems(folder)
    assert places(found) == {
        ("graduates.csv", 2, "group"),
        ("graduates.csv", 3, "graduates"),
        ("graduates.csv", 3, "ready"),
        ("tests.csv", 2, "low"),
        ("tests.csv", 2, "middle"),
        ("tests.csv", 2, "high"),
        ("staff.csv", 3, "id"),
        ("staff.csv", 3, "year"),
        ("events.csv", 5, "kind"),
    }
    by_place = {(problem.file, problem.column): problem for problem in found}
    assert by_place["graduates.csv", "group"].found == "'Everyone'"
    assert "Black" in by_place["graduates.csv", "group"].allowed
    assert by_place["graduates.csv", "graduates"].found == "'ten'"
    assert by_place["tests.csv", "low"].todo == "write 54 % as 0.54"
    assert "leading zero" in by_place["staff.csv", "id"].todo
    assert by_place["events.csv", "kind"].found == "'inside'"


def test_many_unknown_words_are_shortened(tmp_path: Path) -> None:
    rows = "\n".join(f"0101,2015-2016,Group {number},1,1,1" for number in range(50))
    found = problems(write(tmp_path, graduates=f"{FILES['graduates.csv']}\n{rows}"))
    assert len(found) == 20
    assert sum(problem.count for problem in found) == 50


def test_conflicting_rows(tmp_path: Path) -> None:
    folder = write(tmp_path, graduates=FILES["graduates.csv"] + "\n0101,2015-2016,Black,10,5,0.9")
    (problem,) = problems(folder)
    assert (problem.file, problem.row) == ("graduates.csv", 7)
    assert "10.0 | 0.9 | 5.0" in problem.found
    assert "10.0 | 0.9 | 4.0" in problem.found


def test_a_giant_field_is_not_printed_whole(tmp_path: Path) -> None:
    (problem,) = problems(write(tmp_path, staff=STAFF.replace("12", "x" * 300_000)))
    assert len(problem.sentence()) < 300


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "an empty file"),
        (b"id,year,years,uncertified\n", "without rows"),
        (b"\x00\x01\x02\x03id,year\n", "no such column"),
        (b"<!DOCTYPE html>\n<html><body>Not found</body></html>\n", "web page"),
        (b"id,year,years,uncertified\n0101,2015-2016,12,0,7,8\n", "too many columns"),
        (b"id,year,years,uncertified\n0101,2015-2016\n", "too few columns"),
        (b'id,year,years,uncertified\n0101,2015-2016,"12,0\n', "a quote that is not closed"),
        (b"id,year,years,uncertified,years\n0101,2015-2016,12,0,1\n", "two columns"),
    ],
)
def test_files_that_are_no_tables(tmp_path: Path, content: bytes, words: str) -> None:
    found = problems(write(tmp_path, staff=content))
    assert {problem.file for problem in found} == {"staff.csv"}
    assert words in " ".join(problem.found for problem in found)


def test_a_file_however_it_is_packed_and_written(tmp_path: Path) -> None:
    plain = read(write(tmp_path)).leaves
    staff = lines(STAFF)
    (tmp_path / "staff.csv").write_text(staff.replace(",", ";"), encoding="utf-16")
    assert read(tmp_path).leaves.equals(plain)
    (tmp_path / "staff.csv").unlink()
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("more/staff.csv", staff)
    dataset = read(tmp_path)
    assert dataset.leaves.equals(plain)
    assert any(name.startswith("all.zip/") for name in dataset.inputs)
    (tmp_path / "all.zip").write_bytes((tmp_path / "all.zip").read_bytes()[:60])
    assert {problem.file for problem in problems(tmp_path)} >= {"all.zip"}


def test_dirty_and_renamed_words_are_warnings(tmp_path: Path) -> None:
    dataset = read(write(tmp_path, events=FILES["events.csv"] + "\n0101,2015-2016,All,in out,52"))
    (problem,) = [problem for problem in dataset.checks if problem.found == "'in out'"]
    assert (problem.severity, problem.row, problem.column) == ("warning", 12, "kind")
    assert "is a total of both" in problem.todo
    renamed = MAPPING.replace("where: {subject: [R]}", "where: {subject: [Reading]}")
    checks = read(tmp_path, renamed).checks
    assert any(
        problem.found == "no row with 'Reading'" and problem.severity == "warning" for problem in checks
    )


def test_ids_and_columns_are_never_code(tmp_path: Path) -> None:
    """Quotes, semicolons and SQL words in names and values are only names and values."""
    column = 'years"; DROP TABLE leaves; --'
    mapping = MAPPING.replace("{each: years,", "{each: '" + column + "',").replace(
        "needs: years", "needs: '" + column + "'"
    )
    header = '"id","year","years""; DROP TABLE leaves; --","uncertified"'
    folder = write(tmp_path, staff=f"{header}\n0101,2015-2016,12,0.1\n'); --,2015-2016,1,0")
    (problem,) = problems(folder, mapping)
    assert (problem.row, problem.found) == (3, repr("'); --"))
    write(tmp_path, staff=f"{header}\n0101,2015-2016,12,0.1\n0'--,2015-2016,1,0")
    assert read(tmp_path, mapping).leaves.num_rows > 0


def test_an_unknown_source_and_an_absent_folder(tmp_path: Path) -> None:
    with pytest.raises(InputProblems, match="kentucky"):
        read_published(tmp_path, "texas", load())
    with pytest.raises(InputProblems, match="no such file or folder"):
        read_published(tmp_path / "nowhere", "kentucky", load())
    with pytest.raises(InputProblems) as caught:
        read_published(tmp_path, "kentucky", load())
    assert len(caught.value.problems) == 18  # every file of the source
