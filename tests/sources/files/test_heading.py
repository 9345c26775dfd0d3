"""Where the columns' names stand: found as a person would find them, and said."""

from __future__ import annotations

import pytest
from tests.sources.files.reading import errors, read, workbook, written

from evenground.sources import files

GROUPED = ",,Hispanic,,White,\nSchool,District,n,pct,n,pct\nAlta,North,5,0.5,7,0.1\nBaja,North,6,0.4,8,0.2\n"


@pytest.mark.parametrize(
    ("text", "rows", "names"),
    [
        ("a,b\n1,2\n", (1, 1), ("a", "b")),
        ("Graduates 2024,,\nof all schools,,\na,b,c\n1,2,3\n", (3, 3), ("a", "b", "c")),
        ("Graduates 2024\n\na,b,c\n1,2,3\n4,5,6\n", (3, 3), ("a", "b", "c")),
        ("\n\n\na,b\n1,2\n", (4, 4), ("a", "b")),
        (
            GROUPED,
            (1, 2),
            ("School", "District", "Hispanic n", "Hispanic pct", "White n", "White pct"),
        ),
        (
            "Enrollment of the state\n" + GROUPED,
            (2, 3),
            ("School", "District", "Hispanic n", "Hispanic pct", "White n", "White pct"),
        ),
        ('"School\nname"," n\n (all) "\nAlta,1\n', (1, 1), ("School name", "n (all)")),
        # not a heading over a heading: an index without a name, a first row with gaps, all text
        (",a,b\n0,x,y\n1,z,w\n", (1, 1), ("", "a", "b")),
        ("a,,c\nx,y,z\nu,v,w\n", (1, 1), ("a", "", "c")),
        ("id,2023,2024\n1,5,6\n", (1, 1), ("id", "2023", "2024")),
        ("id,school\n0102,Alta\n", (1, 1), ("id", "school")),
        ("hsid\t\t\tseniors\t\n1\t2\t3\t4\t5\n6\t7\t8\t9\t0\n", (1, 1), ("hsid", "", "", "seniors", "")),
    ],
)
def test_the_heading_is_found(tmp_path, text, rows, names):
    loaded, _, problems = read(written(tmp_path, "t.csv", text))
    assert (loaded.found.header_rows, loaded.header, errors(problems)) == (rows, names, [])


def test_the_names_that_are_wanted_tell_where_the_heading_is(tmp_path):
    path = written(tmp_path, "t.csv", "All schools,2024,final\nid,n,x\n1,2,3\n")
    assert read(path)[0].found.header_rows == (1, 1)
    assert read(path, ["n", "id"])[1] == [(3, "2", "1")]


def test_a_layout_tells_the_rows_of_the_heading(tmp_path):
    path = written(tmp_path, "t.csv", "Number of,Share of\nstudents,students\n5,0.5\n")
    loaded, rows, _ = read(path, layout=files.Layout(header=(1, 2)))
    assert (loaded.header, rows) == (("Number of students", "Share of students"), [(3, "5", "0.5")])


@pytest.mark.parametrize(
    ("end", "kept", "told"),
    [
        ("\nSource: the state's department\n* fewer than 11\n", 2, "notes under the table, rows 5 to 6"),
        ("Source: the state's department,,\n", 2, "a note under the table"),
        ("\n\n", 2, None),
        ("Total,3,4\n", 3, None),
        ("North Alta,,\n", 2, "a note under the table"),
        ("0102,,\n", 3, None),
    ],
)
def test_notes_under_the_table_are_left_out_and_told(tmp_path, end, kept, told):
    _, rows, problems = read(written(tmp_path, "t.csv", "id,n,m\n0101,1,2\n0102,3,4\n" + end))
    assert len(rows) == kept
    assert [problem.found for problem in problems] == ([told] if told else [])


@pytest.mark.parametrize("end", ["Springfield Elem", "0103"])
def test_a_row_that_is_cut_off_is_no_note(tmp_path, end):
    _, rows, problems = read(written(tmp_path, "t.csv", "id,n,m\n0101,1,2\n0102,3,4\n" + end))
    assert errors(problems) == [(4, "a row with too few columns")]
    assert len(rows) == 2


def test_a_workbook_and_a_text_give_the_same_table(tmp_path):
    rows = [
        ["Enrollment of the state"],
        [],
        ["", "", "Hispanic", "", "White", ""],
        ["School", "Code", "n", "pct", "n", "pct"],
        ["Alta", "0102", 5, 0.5, 7, 0.25],
        [],
        ["Baja, Norte", "0007", 6, None, 8, 1.5],
        [],
        ["Source: the state", "", "", "", "", ""],
    ]
    book = workbook(tmp_path / "t.xlsx", {"Data": rows})
    lines = [",".join("" if cell is None else f'"{cell}"' for cell in row) for row in rows]
    text = written(tmp_path, "t.csv", "\n".join(lines) + "\n")
    one, two = read(book), read(text)
    assert one[1] == two[1] == [
        (5, "Alta", "0102", "5", "0.5", "7", "0.25"),
        (7, "Baja, Norte", "0007", "6", None, "8", "1.5"),
    ]  # fmt: skip
    assert one[0].header == two[0].header
    assert one[0].found.header_rows == two[0].found.header_rows == (3, 4)
    assert [problem.found for problem in one[2]] == [problem.found for problem in two[2]]
