"""Schools that merge, split, close or change their id."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from evenground.definitions import load
from evenground.model import UNITS, WARNING, InputProblems, leaf_schema
from evenground.sources.dataset import Dataset
from evenground.sources.places import PLACES, placed
from evenground.sources.places.crosswalk import read_crosswalk, successors

HEADER = "school_id,successor_id,school_year,kind\n"
NAMES = {
    "001": "Adams",
    "002": "Baker",
    "003": "Baker Community",
    "004": "Cole",
    "005": "Adams School",
    "006": "Dunn",
}


def units(schools: dict[str, str]) -> pa.Table:
    rows = [
        ("district", "01", "District", None),
        *((("school", key, name, "01")) for key, name in schools.items()),
    ]
    return pa.table([list(column) for column in zip(*rows, strict=True)], schema=UNITS)


def leaves(rows: list[tuple[str, str, float | None, float | None, str]]) -> pa.Table:
    """(school, year, n, total, state) of one rate."""
    full = [
        {
            "indicator": "graduation", "unit_level": "school", "unit_id": school, "period": year, "sex": None,
            "n": n, "total": total, "total_sq": None, "weight_sq": None,
            "value": total / n if n and total is not None else None, "state": state,
        }
        for school, year, n, total, state in rows
    ]  # fmt: skip
    return pa.Table.from_pylist(full, schema=leaf_schema(("sex",)))


def dataset(rows: list[tuple[str, str, float | None, float | None, str]], schools: dict[str, str]) -> Dataset:
    years = tuple(sorted({row[1] for row in rows}))
    return Dataset(
        "made",
        "Made",
        "nobody",
        "none",
        "published",
        years,
        ("sex",),
        ("graduation",),
        units(schools),
        leaves(rows),
    )


def told(folder: Path, text: str) -> Path:
    (folder / PLACES).write_text(HEADER + text, encoding="utf-8")
    return folder


def cells(data: Dataset) -> dict[tuple[str, str], tuple[float | None, float | None, str]]:
    assert data.leaves is not None
    return {
        (row["unit_id"], row["period"]): (row["n"], row["total"], row["state"])
        for row in data.leaves.to_pylist()
    }


def test_merged_schools_add_up_in_the_years_before(tmp_path: Path) -> None:
    rows = [
        ("001", "2020-21", 100.0, 80.0, "value"), ("002", "2020-21", 50.0, 30.0, "value"),
        ("002", "2021-22", 140.0, 112.0, "value"),
        ("001", "2019-20", 90.0, 60.0, "value"), ("002", "2019-20", None, None, "hidden"),
    ]  # fmt: skip
    found = placed(dataset(rows, NAMES), told(tmp_path, "001,002,2021-22,merged\n"), load())
    assert cells(found) == {
        ("002", "2020-21"): (150.0, 110.0, "value"),  # 100 + 50, 80 + 30
        ("002", "2021-22"): (140.0, 112.0, "value"),
        ("002", "2019-20"): (None, None, "hidden"),
    }
    assert "001" not in found.units["unit_id"].to_pylist()
    assert PLACES in found.inputs
    assert any("001 merged in 2021-22" in check.found for check in found.checks)


def test_a_renamed_school_is_followed_through_two_changes(tmp_path: Path) -> None:
    rows = [("001", "2019-20", 10.0, 4.0, "value"), ("002", "2020-21", 11.0, 5.0, "value"),
            ("004", "2021-22", 12.0, 6.0, "value")]  # fmt: skip
    crosswalk = "001,002,2020-21,renamed\n002,004,2021-22,renamed\n"
    found = placed(dataset(rows, NAMES), told(tmp_path, crosswalk), load())
    assert set(cells(found)) == {("004", "2019-20"), ("004", "2020-21"), ("004", "2021-22")}


def test_split_and_closed_schools_keep_their_own_years(tmp_path: Path) -> None:
    rows = [("001", "2020-21", 10.0, 4.0, "value"), ("002", "2021-22", 5.0, 5.0, "value"),
            ("004", "2021-22", 6.0, 3.0, "value"), ("006", "2020-21", 7.0, 7.0, "value")]  # fmt: skip
    crosswalk = "001,002,2021-22,split\n001,004,2021-22,split\n006,,2021-22,closed\n"
    found = placed(dataset(rows, NAMES), told(tmp_path, crosswalk), load())
    assert set(cells(found)) == {(school, year) for school, year, *_ in rows}


def test_records_are_counted_with_the_successor(tmp_path: Path) -> None:
    path = tmp_path / "student_years.parquet"
    duckdb.sql(
        "SELECT * FROM (VALUES ('a', '001', '01', '2020-21'), ('a', '002', '02', '2021-22'), "
        "('b', '002', '02', '2020-21')) AS t (student_id, school_id, district_id, period)"
    ).write_parquet(str(path))
    table = pa.table(
        [["district", "district", "school", "school"], ["01", "02", "001", "002"], ["A", "B", "x", "y"],
         [None, None, "01", "02"]], schema=UNITS,
    )  # fmt: skip
    made = Dataset("roster", "Made", "", "", "n10", ("2020-21", "2021-22"), (), (), table, student_years=path)
    found = placed(made, told(tmp_path, "001,002,2021-22,merged\n"), load())
    rows = duckdb.sql(
        f"SELECT student_id, school_id, district_id, period FROM '{found.student_years}'"
    ).fetchall()
    assert sorted(rows) == [
        ("a", "002", "02", "2020-21"),
        ("a", "002", "02", "2021-22"),
        ("b", "002", "02", "2020-21"),
    ]
    assert not path.exists()


def test_a_crosswalk_is_asked_for_when_an_id_breaks(tmp_path: Path) -> None:
    rows = [("001", "2020-21", 10.0, 4.0, "value"), ("005", "2021-22", 5.0, 5.0, "value"),
            ("004", "2021-22", 6.0, 3.0, "value")]  # fmt: skip
    found = placed(dataset(rows, NAMES), tmp_path, load())
    asked = [check for check in found.checks if check.severity == WARNING]
    assert [check.todo for check in asked] == [
        "if it is the same school, add to places.csv: 001,005,2021-22,renamed (or merged, split, closed)"
    ]
    followed = placed(dataset(rows, NAMES), told(tmp_path, "001,005,2021-22,renamed\n"), load())
    assert not [check for check in followed.checks if check.severity == WARNING]


def test_students_show_that_a_school_goes_on_under_another_name(tmp_path: Path) -> None:
    path = tmp_path / "student_years.parquet"
    rows = [(f"s{k}", "001", "2020-21") for k in range(10)] + [(f"s{k}", "004", "2021-22") for k in range(6)]
    rows += [(f"s{k}", "006", "2021-22") for k in range(6, 10)] + [("t", "006", "2020-21")]
    table = pa.table(
        {name: [row[k] for row in rows] for k, name in enumerate(("student_id", "school_id", "period"))}
    )
    duckdb.from_arrow(table).write_parquet(str(path))
    made = Dataset(
        "roster", "Made", "", "", "n10", ("2020-21", "2021-22"), (), (), units(NAMES), student_years=path
    )
    asked = [check for check in placed(made, tmp_path, load()).checks if check.severity == WARNING]
    assert len(asked) == 1
    assert "001,004,2021-22" in asked[0].todo
    assert "60" not in asked[0].found


@pytest.mark.parametrize(
    ("lines", "column"),
    [
        ("001,002,2021-22,marged\n", "kind"),
        ("001,002,twentytwo,merged\n", "school_year"),
        ("1,002,2021-22,merged\n", "school_id"),
        ("001,,2021-22,merged\n", "successor_id"),
        ("001,002,2021-22,closed\n", "successor_id"),
        ("001,001,2021-22,renamed\n", "successor_id"),
        ("001,002,2021-22,merged\n001,004,2022-23,renamed\n", "school_id"),
        ("001,002,2021-22,merged\n002,001,2022-23,renamed\n", None),
    ],
)
def test_lines_that_cannot_be_used_are_told(lines: str, column: str | None) -> None:
    with pytest.raises(InputProblems) as caught:
        read_crosswalk(HEADER + lines, NAMES)
    assert column in {problem.column for problem in caught.value.problems}
    assert all(problem.row for problem in caught.value.problems)


def test_every_wrong_line_is_told_at_once() -> None:
    with pytest.raises(InputProblems) as caught:
        read_crosswalk(HEADER + "001,002,x,y\n9,8,2021-22,merged\n", NAMES)
    assert {problem.row for problem in caught.value.problems} == {2, 3}
    with pytest.raises(InputProblems) as caught:
        read_crosswalk("school_id,kind\n", NAMES)
    assert {problem.column for problem in caught.value.problems} == {"successor_id", "school_year"}


def test_the_order_of_lines_does_not_matter() -> None:
    lines = ["001,002,2020-21,renamed\n", "002,004,2021-22,merged\n", "006,004,2021-22,merged\n"]
    one = successors(read_crosswalk(HEADER + "".join(lines), NAMES))
    other = successors(read_crosswalk(HEADER + "".join(reversed(lines)), NAMES))
    assert one == other == {"001": ("004", "2020-21"), "002": ("004", "2021-22"), "006": ("004", "2021-22")}
