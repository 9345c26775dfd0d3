"""Tables of a person's own: what is in the file comes back, and what is wrong is named where it is."""

from __future__ import annotations

import gzip
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenground.model import InputProblems
from evenground.sources.table import read_table

TEXT = "graduated,school,race\n1,0102,Black\n0,0007,\n1,0102,White\n"
READ = {"graduated": ["1", "0", "1"], "school": ["0102", "0007", "0102"]}


def written(folder: Path, name: str, content: str | bytes) -> Path:
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def problems(file: Path, *columns: str) -> list[str]:
    with pytest.raises(InputProblems) as raised:
        read_table(file, columns)
    return [problem.sentence() for problem in raised.value.problems]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.csv", TEXT),
        ("t.csv", "\ufeff" + TEXT),
        ("t.csv", TEXT.replace("\n", "\r\n")),
        ("t.csv", TEXT.replace(",", ";")),
        ("t.tsv", TEXT.replace(",", "\t")),
        ("t.txt", TEXT.replace(",", "|")),
        ("t.CSV.gz", gzip.compress(TEXT.encode(), mtime=0)),
        ("t.csv", TEXT.replace("school", '"school"').replace("0102", '"0102"')),
        ("t.csv", TEXT.replace("graduated,school", " graduated , school ")),
    ],
)
def test_text_files_keep_their_zeros_however_they_are_written(tmp_path, name, content):
    assert read_table(written(tmp_path, name, content), ("graduated", "school")).to_pydict() == READ


def test_an_empty_field_is_missing(tmp_path):
    table = read_table(written(tmp_path, "t.csv", TEXT), ("race",))
    assert table["race"].to_pylist() == ["Black", None, "White"]


def test_a_table_of_one_column(tmp_path):
    table = read_table(written(tmp_path, "t.csv", "graduated\n1\n0\n"), ("graduated",))
    assert table["graduated"].to_pylist() == ["1", "0"]


def test_text_with_commas_quotes_and_lines_in_it(tmp_path):
    content = 'graduated,school\n1,"North, ""Old""\nBuilding"\n0,South\n'
    table = read_table(written(tmp_path, "t.csv", content), ("school", "graduated"))
    assert table.to_pydict() == {"school": ['North, "Old"\nBuilding', "South"], "graduated": ["1", "0"]}


def test_excel_cells_come_as_people_see_them(tmp_path):
    book = openpyxl.Workbook()
    for row in (
        ["graduated", "school", "score"],
        [1, "0102", 2.5],
        [0.0, "0007", None],
        [None, None, None],
        [True, "9", 3],
    ):
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    table = read_table(tmp_path / "t.xlsx", ("graduated", "school", "score"))
    assert table.to_pydict() == {
        "graduated": ["1", "0", None, "True"],
        "school": ["0102", "0007", None, "9"],
        "score": ["2.5", None, None, "3"],
    }


def test_parquet_keeps_its_types_and_reads_only_what_is_asked_for(tmp_path):
    table = pa.table({"graduated": [True, None], "school": ["0102", "7"], "secret": [1, 2]})
    parquet.write_table(table, tmp_path / "t.parquet")
    assert read_table(tmp_path / "t.parquet", ("school", "graduated")).equals(
        table.select(["school", "graduated"])
    )


@settings(max_examples=30, deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            *[st.text(st.characters(codec="utf-8", exclude_characters='\r\n\0"'), min_size=1, max_size=6)] * 2
        ),
        min_size=1,
        max_size=8,
    )
)
def test_what_is_quoted_comes_back(tmp_path_factory, rows):
    lines = ["a,b", *(f'"{one}","{other}"' for one, other in rows)]
    file = written(tmp_path_factory.mktemp("quoted"), "t.csv", "\n".join(lines) + "\n")
    table = read_table(file, ("a", "b"))
    assert list(zip(table["a"].to_pylist(), table["b"].to_pylist(), strict=True)) == rows


def test_the_rows_of_a_long_file_stay_in_their_order(tmp_path):
    numbers = [str(number) for number in range(300_000)]
    file = written(
        tmp_path, "t.csv", "number,padding\n" + "".join(f"{number},{'x' * 40}\n" for number in numbers)
    )
    assert read_table(file, ("number",))["number"].to_pylist() == numbers


def test_a_column_that_is_not_there_names_the_nearest(tmp_path):
    (said,) = problems(written(tmp_path, "t.csv", TEXT), "graduate")
    assert "column graduate: found no such column" in said
    assert "allowed: one of graduated, school, race" in said
    assert "write graduated" in said


def test_every_missing_column_is_told_at_once(tmp_path):
    assert len(problems(written(tmp_path, "t.csv", TEXT), "x", "graduated", "y")) == 2


@pytest.mark.parametrize("name", ["t.csv", "t.xlsx"])
def test_a_column_that_is_there_twice_is_a_problem(tmp_path, name):
    if name == "t.csv":
        written(tmp_path, name, "graduated,graduated,school\n1,0,0102\n")
    else:
        book = openpyxl.Workbook()
        book.active.append(["graduated", "graduated"])
        book.active.append([1, 0])
        book.save(tmp_path / name)
    (said,) = problems(tmp_path / name, "graduated")
    assert "row 1, column graduated: found two columns of this name" in said


def test_lines_of_another_length_are_listed_with_their_place(tmp_path):
    said = problems(written(tmp_path, "t.csv", "graduated,school\n1,0102\n0\n1,0102\n1,2,3\n"), "graduated")
    assert [line.partition(":")[0] for line in said] == ["t.csv, row 3", "t.csv, row 5"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("t.csv", "", "an empty file"),
        ("t.csv", "graduated,school\n", "a header without rows"),
        (
            "t.csv",
            "graduated\nEspañol\n".encode() + "Año\n".encode("cp1252"),
            "row 3: found characters that are not UTF-8",
        ),
        ("t.csv", b"graduated\n\x00\n", "bytes that are not text"),
        ("t.csv.gz", gzip.compress(TEXT.encode(), mtime=0)[:-9], "damaged or cut-off archive"),
        ("t.csv.gz", TEXT, "damaged or cut-off archive"),
        ("t.xlsx", "not a workbook", "not an Excel workbook"),
        ("t.parquet", "not parquet at all", "not Parquet"),
        ("t.docx", "words", "a file that ends in .docx"),
        ("graduates", "words", "a file that ends in nothing"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path, name, content, said):
    (sentence,) = problems(written(tmp_path, name, content), "graduated")
    assert said in sentence
    assert sentence.startswith(name)


def test_a_file_that_is_not_there(tmp_path):
    (sentence,) = problems(tmp_path / "none.csv", "graduated")
    assert sentence.startswith("none.csv: found no such file")
