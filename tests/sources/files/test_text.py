"""Tables in text: the same table comes back however it is written, each row with its number."""

from __future__ import annotations

import gzip
import hashlib
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.sources.files.reading import errors, packed, read, written

from evenground.sources import files
from evenground.sources.files import limits

TEXT = "id,school,n\n0102,Alta,5\n0007,Bañuelos,12\n"
ROWS = [(2, "0102", "Alta", "5"), (3, "0007", "Bañuelos", "12")]


@pytest.mark.parametrize(
    ("name", "content", "encoding", "delimiter"),
    [
        ("t.csv", TEXT, "UTF-8", ","),
        ("t.csv", "\ufeff" + TEXT, "UTF-8", ","),
        ("t.csv", TEXT.replace("\n", "\r\n"), "UTF-8", ","),
        ("t.csv", TEXT.replace("\n", "\r"), "UTF-8", ","),
        ("t.csv", TEXT.replace(",", ";"), "UTF-8", ";"),
        ("t.tsv", TEXT.replace(",", "\t"), "UTF-8", "\t"),
        ("t.txt", TEXT.replace(",", "^"), "UTF-8", "^"),
        ("t.txt", TEXT.replace(",", "|"), "UTF-8", "|"),
        ("t.xls", TEXT.replace(",", "\t"), "UTF-8", "\t"),
        ("t.CSV.gz", gzip.compress(TEXT.encode(), mtime=0), "UTF-8", ","),
        ("t.csv", TEXT.encode("latin-1"), "Latin-1", ","),
        ("t.csv", TEXT.replace("Alta", "Alta – B").encode("cp1252"), "Windows-1252", ","),
        ("t.csv", TEXT.encode("utf-16"), "UTF-16", ","),
        ("t.csv", TEXT.encode("utf-16-le"), "UTF-16", ","),
        ("t.txt.gz", gzip.compress(TEXT.replace(",", "\t").encode("utf-16-be"), mtime=0), "UTF-16", "\t"),
    ],
)
def test_the_same_table_however_it_is_written(tmp_path, name, content, encoding, delimiter):
    path = written(tmp_path, name, content)
    loaded, rows, problems = read(path)
    assert [(row, key, school.removesuffix(" – B"), n) for row, key, school, n in rows] == ROWS
    assert loaded.header == loaded.columns == ("id", "school", "n")
    assert (loaded.found.encoding, loaded.found.delimiter, loaded.found.header_rows) == (
        encoding,
        delimiter,
        (1, 1),
    )
    assert loaded.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert [problem.found for problem in problems] == ([] if encoding == "UTF-8" else [f"text in {encoding}"])


def test_a_file_of_an_archive_is_read_as_it_lies_there(tmp_path):
    path = packed(tmp_path / "state.zip", {"data 2024/t.csv": TEXT.encode("latin-1")})
    loaded, rows, _ = read(path)
    assert (loaded.name, rows) == ("t.csv", ROWS)
    assert loaded.sha256 == hashlib.sha256(TEXT.encode("latin-1")).hexdigest()


@pytest.mark.parametrize(
    ("content", "numbers"),
    [
        ("a,b\n1,2\n\n3,4\n", [2, 4]),
        ("a,b\n\n\n1,2\n3,4\n\n\n", [4, 5]),
        ('a,b\n"x\ny",2\n3,4\n', [2, 3]),
        ('a,b\n"x\n\ny",2\n\n3,4\n', [2, 4]),
        ("a,b\r\n1,2\r\n\r\n3,4\r\n", [2, 4]),
        ("a,b\n1,2\n,\n ,  \n3,4\n", [2, 5]),
        ("a\n1\n\n3\n\n", [2, 4]),
        ("a,b\r\n1,2\r\n\n3,4\r\n", [2, 4]),
        ("Graduates of 2024\n\na,b\n1,2\n3,4\n", [4, 5]),
        ('a,b\n5" pipe,2\n\n3" pipe,4\n', [2, 4]),
    ],
)
def test_rows_have_the_numbers_that_a_spreadsheet_shows(tmp_path, content, numbers):
    _, rows, problems = read(written(tmp_path, "t.csv", content))
    assert [row[0] for row in rows] == numbers
    assert errors(problems) == []


cells = st.text(st.characters(codec="utf-8", exclude_categories=("C",)), max_size=5).map(str.strip)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    table=st.lists(st.tuples(cells, cells, cells).filter(any), min_size=1, max_size=6),
    blank=st.lists(st.integers(0, 6), max_size=4),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_what_is_written_with_quotes_comes_back_at_its_row(tmp_path, table, blank, end):
    lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in table]
    expected, number = [], 1
    text = "first name,second name,third name" + end
    for place, (line, row) in enumerate(zip(lines, table, strict=True)):
        text, number = text + end * blank.count(place) + line + end, number + blank.count(place) + 1
        expected.append((number, *(cell or None for cell in row)))
    path = written(tmp_path, "t.csv", text)
    _, rows, problems = read(path, layout=files.Layout(delimiter=","))
    below = any("under the table" in problem.found for problem in problems)
    assert rows == expected or (below and rows == expected[: len(rows)])


def test_only_what_is_asked_for_is_loaded(tmp_path):
    loaded, rows, _ = read(written(tmp_path, "t.csv", "id,ssn,n\n1,123-45-6789,2\n"), ["n", "id"])
    assert (loaded.columns, rows) == (("n", "id"), [(2, "2", "1")])
    assert loaded.header == ("id", "ssn", "n")


def test_a_column_that_is_not_there_or_there_twice(tmp_path):
    loaded, _, problems = read(written(tmp_path, "t.csv", "n,n,school\n1,2,3\n"), ["n", "shool", "school"])
    assert loaded is None
    assert [(problem.column, problem.found) for problem in problems] == [
        ("n", "two columns of this name"),
        ("shool", "no such column"),
    ]
    assert problems[1].todo == "write school"


def test_names_that_an_engine_takes_for_one(tmp_path):
    loaded, rows, problems = read(written(tmp_path, "t.csv", "Year,YEAR,row,n,n,\n1,2,3,4,5,6\n"))
    assert loaded.columns == ("Year", "YEAR (2)", "row (2)", "n", "n (2)", "column 6")
    assert rows == [(2, "1", "2", "3", "4", "5", "6")]
    assert [(problem.severity, problem.column) for problem in problems] == [("warning", "n")]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("a,b\n1\n1,2\n1,2,3\n", [(2, "a row with too few columns"), (4, "a row with too many columns")]),
        ('a,b\n1,"2"x\n1,2\n', [(2, "a quote that is not closed, or stands inside a cell")]),
        ('a,b\n\n1,"2\n1,2\n', [(3, "a quote that is not closed, or stands inside a cell")]),
        ("a,b\n1,\x002\n", [(2, "bytes that are not text")]),
        ("a,b\n1,ñ\n".encode() + "2,ñ\n".encode("latin-1"), [(3, "characters that are not UTF-8")]),
        ("aaa,b\n1,2\naaa,b\n", [(3, "the columns' names a second time")]),
        ("aaa,b\naaa,bc\naaa,b\n1,2\naaa,b\n", [(row, "the columns' names a second time") for row in (3, 5)]),
        ('aaa,b\n1,"\naaa,b\n"\n', []),
        ("a,b\n", [(1, "a header without rows")]),
        ("", [(None, "an empty file")]),
        ("\ufeff\n \n", [(None, "an empty file")]),
        ("a,b\n1,2\n1\r2,3\n", [(3, "a row that cannot be read")]),
    ],
)
def test_what_is_wrong_is_told_with_its_row(tmp_path, content, told):
    _, _, problems = read(written(tmp_path, "t.csv", content))
    assert [(row, found.partition(", among")[0]) for row, found in errors(problems)] == told


def test_torn_rows_do_not_shift_the_others(tmp_path):
    _, rows, problems = read(written(tmp_path, "t.csv", "a,b\n1,2\n\nx\n3,4\n\n5,6,7\n8,9\n"))
    assert [row[0] for row in rows] == [2, 5, 8]
    assert [row for row, _ in errors(problems)] == [4, 7]


def test_so_many_torn_rows_are_listed_and_the_rest_counted(tmp_path):
    _, _, problems = read(written(tmp_path, "t.csv", "a,b\n1,2\n" + "x\n" * 500))
    assert len(problems) == limits.LISTED
    assert sum(problem.count for problem in problems) == 500


def test_a_row_without_end(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "RECORD", 10_000)
    content = 'a,b\n1,2\n3,"' + "x\n" * 20_000
    _, rows, problems = read(written(tmp_path, "t.csv", content))
    assert errors(problems)[0][0] == 3
    assert rows in ([], [(2, "1", "2")])


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (b"PK\x03\x04 ...", "an Excel workbook or a zip archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook"),
        (b"PAR1....", "a Parquet file"),
        (b"%PDF-1.7", "a PDF document"),
        (b"\n<!DOCTYPE html><html>", "a web page"),
        (b"\xff\xfe\x00\x00a\x00\x00\x00", "UTF-32"),
    ],
)
def test_a_file_that_is_something_else_under_the_name_of_text(tmp_path, start, said):
    _, _, problems = read(written(tmp_path, "t.csv", start))
    ((_, found),) = errors(problems)
    assert said in found


@pytest.mark.parametrize("letter", ["ñ", "9", " x", "("])
def test_a_name_or_cell_of_a_million_letters_is_told_at_once(tmp_path, letter):
    begun = time.monotonic()
    _, _, problems = read(written(tmp_path, "t.csv", f"a,{letter * 800_000}\n1,2\n"))
    ((row, found),) = errors(problems)
    assert row == 1
    assert "letters over column 2" in found
    read(written(tmp_path, "u.csv", f"a,b\n1,{letter * 900_000}\n"))
    assert time.monotonic() - begun < 20


def test_a_layout_goes_before_what_would_be_found(tmp_path):
    path = written(tmp_path, "t.txt", "x;y,z;w\nname;n\nBañuelos;1,5\n".encode("cp1252"))
    layout = files.Layout(delimiter=";", header=2, encoding="cp1252")
    loaded, rows, _ = read(path, layout=layout)
    assert (loaded.columns, rows) == (("name", "n"), [(3, "Bañuelos", "1,5")])
    for wrong in (
        files.Layout(delimiter=";;"),
        files.Layout(header=40),
        files.Layout(encoding="klingon"),
        files.Layout(encoding="utf-8"),
    ):
        assert errors(read(path, layout=wrong)[2]), wrong


def test_nothing_is_left_behind(tmp_path, monkeypatch):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    path = written(tmp_path, "t.csv.gz", gzip.compress(("Title\n\n" + TEXT).encode("cp1252")))
    assert read(path)[1] == [(row + 2, *cells) for row, *cells in ROWS]
    assert list(scratch.iterdir()) == []


def test_a_preview_reads_only_the_start(tmp_path):
    path = written(tmp_path, "t.csv", "Title\n" + TEXT + "9,Ñ,1\n" * 100_000 + "torn\n")
    entry = files.open_place(path).entries[0]
    preview, problems = files.preview(entry, rows=2)
    assert problems == []
    assert preview.rows == tuple((row + 1, tuple(cells)) for row, *cells in ROWS)
    assert (preview.header, preview.found.header_rows) == (("id", "school", "n"), (2, 2))


def test_a_name_that_is_a_pattern_is_one_file(tmp_path):
    (tmp_path / "d [20]").mkdir()
    written(tmp_path, "d [20]/t 1.csv", "a,b\nwrong,1\n")
    path = written(tmp_path, "d [20]/t ?.csv", "a,b\n1,2\n")
    assert read(path)[1] == [(2, "1", "2")]


def test_a_long_file_is_read_in_its_order(tmp_path: Path) -> None:
    lines = "".join(f'{number},"x\ny"\n' + "\n" * (number % 3 == 0) for number in range(60_000))
    _, rows, _ = read(written(tmp_path, "t.csv", "a,b\n" + lines))
    assert [row[1] for row in rows] == [str(number) for number in range(60_000)]
    assert [row[0] for row in rows] == [number + 2 + (number + 2) // 3 for number in range(60_000)]
