"""Workbooks, Parquet and JSON: every cell as people see it, as text."""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.sources.files.reading import errors, packed, read, workbook, written

from evenground.sources import files


def test_cells_of_a_workbook_come_as_people_see_them(tmp_path):
    rows = [
        ["code", "n", "share", "day", "at", "yes", "blank"],
        ["0102", 5.0, 0.1, dt.date(2024, 10, 2), dt.datetime(2024, 10, 2, 8, 30), True, None],
        ["0007", 1e20, -3, None, None, False, ""],
    ]
    _, found, problems = read(workbook(tmp_path / "t.xlsx", {"one": rows}))
    assert found == [
        (2, "0102", "5", "0.1", "2024-10-02", "2024-10-02 08:30:00", "True", None),
        (3, "0007", "1e+20", "-3", None, None, "False", None),
    ]
    assert problems == []


def test_which_sheet_is_read(tmp_path):
    sheets = {
        "Notes": [["About these data"], ["Call us"]],
        "Schools": [["id", "n"], ["1", 2]],
        "Districts": [["district", "n", "m"], ["9", 8, 7]],
    }
    path = workbook(tmp_path / "t.xlsx", sheets)
    loaded, rows, problems = read(path)
    assert (loaded.found.sheet, rows) == ("Schools", [(2, "1", "2")])
    assert [problem.found for problem in problems] == ["further sheets with tables: Districts"]
    assert read(path, ["m"])[0].found.sheet == "Districts"
    assert read(path, layout=files.Layout(sheet="Districts"))[1] == [(2, "9", "8", "7")]
    assert errors(read(path, layout=files.Layout(sheet="Counties"))[2]) == [(None, "no sheet Counties")]


def test_a_workbook_with_cells_beside_the_table(tmp_path):
    path = workbook(tmp_path / "t.xlsx", {"one": [["a", "b"], [1, 2], [3, 4, 5], [6]]})
    _, rows, problems = read(path)
    assert errors(problems) == [(3, "a row with more cells than there are column names")]
    assert rows[-1] == (4, "6", None)


@pytest.mark.parametrize("name", ["t.xlsx", "t.xls"])
@pytest.mark.parametrize("content", [b"PK\x03\x04 no", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600])
def test_a_workbook_that_is_none(tmp_path, name, content):
    _, _, problems = read(written(tmp_path, name, content))
    assert errors(problems) == [(None, "a file that is not an Excel workbook, or not whole")]


def test_a_sheet_whose_last_row_is_said_to_be_far_away(tmp_path, monkeypatch):
    monkeypatch.setattr("evenground.sources.files.workbook._ROWS", 10_000)
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<dimension ref="A1:XFD1048576"/>'
        '<sheetData><row r="1"><c r="A1" t="str"><v>a</v></c><c r="B1" t="str"><v>b</v></c></row>'
        '<row r="900000000"><c r="A900000000"><v>1</v></c></row></sheetData></worksheet>'
    )
    path = workbook(tmp_path / "t.xlsx", {"one": [["a", "b"], [1, 2]]})
    with zipfile.ZipFile(path) as book:
        parts = {info.filename: book.read(info) for info in book.infolist()}
    parts["xl/worksheets/sheet1.xml"] = sheet.encode()
    _, _, problems = read(packed(path, parts))
    assert errors(problems) == [(None, "a sheet without end")]


def test_parquet_as_text(tmp_path):
    table = pa.table(
        {
            "id": ["0102", None],
            "grade": [9.0, float("nan")],
            "share": [0.25, None],
            "n": pa.array([1, None], pa.int8()),
            "day": [dt.date(2024, 10, 2), None],
            "yes": [True, None],
        }
    )
    pq.write_table(table, tmp_path / "t.parquet")
    loaded, rows, problems = read(tmp_path / "t.parquet")
    assert rows == [(2, "0102", "9", "0.25", "1", "2024-10-02", "true"), (3, *[None] * 6)]
    assert (loaded.header, problems) == (tuple(table.column_names), [])
    assert read(tmp_path / "t.parquet", ["n", "id"])[1][0] == (2, "1", "0102")


def test_a_parquet_file_that_claims_more_than_it_can_hold(tmp_path, monkeypatch):
    monkeypatch.setattr("evenground.sources.files.limits.SPARSE_ROWS", 1_000)
    monkeypatch.setattr("evenground.sources.files.limits.SPARSE_RATIO", 10)
    pq.write_table(pa.table({"a": pa.nulls(5_000_000)}), tmp_path / "t.parquet")
    assert errors(read(tmp_path / "t.parquet")[2]) == [(None, "a file that claims 5,000,000 rows")]


OBJECTS = [
    {"studentUniqueId": "0102", "n": 5.0, "share": 0.5, "yes": True, "races": [{"race": "Asian"}]},
    {"studentUniqueId": "0007", "n": None, "extra": "Bañuelos"},
]
JSON_ROWS = [
    (1, "0102", "5", "0.5", "true", '[{"race": "Asian"}]', None),
    (2, "0007", None, None, None, None, "Bañuelos"),
]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.json", json.dumps(OBJECTS)),
        ("t.json", json.dumps(OBJECTS, indent=2, ensure_ascii=False)),
        ("t.jsonl", "\n".join(map(json.dumps, OBJECTS))),
        ("t.ndjson", "\ufeff" + "\n\n".join(map(json.dumps, OBJECTS)) + "\n"),
    ],
)
def test_json_as_text(tmp_path, name, content):
    path = written(tmp_path, name, content)
    loaded, rows, problems = read(path)
    assert (rows, problems) == (JSON_ROWS, [])
    preview, _ = files.preview(files.open_place(path).entries[0])
    assert (preview.header, preview.rows) == (
        loaded.header,
        tuple((row, tuple(cells)) for row, *cells in JSON_ROWS),
    )


def test_json_longer_than_what_is_read_at_once(tmp_path):
    objects = [{"id": str(number), "text": "ñ" * 100} for number in range(40_000)]
    _, rows, _ = read(written(tmp_path, "t.json", json.dumps(objects, ensure_ascii=False)), ["id"])
    assert [row[1] for row in rows] == [str(number) for number in range(40_000)]


@pytest.mark.parametrize(
    ("content", "row"),
    [
        ('[{"a": 1}, {"a": ', 2),
        ('[{"a": 1}', 2),
        ('{"a": 1}\n7\n', 2),
        ("[1, 2]", 1),
        ("words", 1),
        ("[" * 100_000, 1),
        ('{"a": ' * 100_000, 1),
        ('[{"a": 1' + "0" * 5000 + "}]", 1),
        ("[]", None),
    ],
)
def test_json_that_is_none(tmp_path, content, row):
    _, _, problems = read(written(tmp_path, "t.json", content))
    assert [place for place, _ in errors(problems)] == [row]


def test_half_a_letter_in_json(tmp_path):
    assert read(written(tmp_path, "t.json", '[{"a\\ud800": "\\udc00"}]'))[1] == [(1, "?")]


@pytest.mark.parametrize("name", ["t.docx", "graduates", "t.sav", "t.gz"])
def test_a_file_of_another_kind(tmp_path, name):
    ((_, found),) = errors(read(written(tmp_path, name, "words"))[2])
    assert found.startswith("a file that ends in")


class TestReal:
    """Files as their publishers wrote them; counts are those of the folders' SOURCE.txt."""

    def test_the_funding_snapshot_is_the_same_in_both_formats(
        self, shared_data: Callable[[str], Path]
    ) -> None:
        text, book = (
            read(shared_data("ca-lcff-2018") / f"lcffsnapshot18an{end}") for end in (".csv.gz", ".xlsx")
        )
        assert text[0].header == book[0].header
        assert text[0].found.header_rows == book[0].found.header_rows == (9, 9)
        assert text[0].header[:2] == ("County Code", "District Code")
        assert "Unduplicated Pupil Percentage Target, D-1" in text[0].header
        assert text[0].header[-1] == "Additional SA for MSA Guarantee Transition, H-1/H-2"
        keys = [[row[:6] for row in rows] for _, rows, _ in (text, book)]
        assert keys[0] == keys[1]
        assert len(keys[0]) == 2243  # "~2,270 LEAs"
        assert errors(text[2]) == errors(book[2]) == []
        upp = text[0].header.index("Unduplicated Pupil Percentage Target, D-1") + 1
        for one, two in zip(text[1], book[1], strict=True):
            if one[upp] and two[upp] and one[upp].strip() != "-":
                assert float(one[upp]) == pytest.approx(float(two[upp]), abs=6e-5)

    @pytest.mark.parametrize(
        ("name", "rows"), [("gradaf15", 2490), ("Eth_grad_1415", 2490), ("Eth_grad_1516", 2521)]
    )
    def test_old_workbooks(self, shared_data: Callable[[str], Path], name: str, rows: int) -> None:
        loaded, found, problems = read(shared_data("ca-frpm-sat-1415") / f"{name}.xls")
        assert (len(found), len(loaded.header), problems) == (rows, 15, [])
        assert all(len(row[1]) == 14 and row[1].isdigit() for row in found)  # zeros are kept

    def test_the_civil_rights_collection(self, shared_data: Callable[[str], Path]) -> None:
        place = files.open_place(shared_data("crdc-2013-sample") / "crdc201314csv.zip")
        with duckdb.connect() as connection:
            loaded, problems = files.load(
                connection, place.find("CRDC2013_14.csv")[0], "held", ["COMBOKEY", "LEA_STATE"]
            )
            assert (loaded.rows, len(loaded.header), problems) == (1000, 1929, [])
            states = dict(connection.execute("SELECT LEA_STATE, count(*) FROM held GROUP BY 1").fetchall())
            assert (states["CA"], states["TX"]) == (126, 88)
