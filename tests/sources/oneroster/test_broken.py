"""What is wrong with an export is told all at once, by file, row and column, never by a student's values."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.sources.oneroster.district import Row, files, foldered, small, zipped

from evenground.definitions import load
from evenground.model import ERROR, WARNING, InputProblems, Problem
from evenground.sources import open_source

Tables = dict[str, list[Row]]


def checked(path: Path) -> tuple[Problem, ...]:
    try:
        return open_source(path, None, path.parent / "private", load()).checks
    except InputProblems as error:
        return error.problems


def found(path: Path, severity: str = ERROR) -> list[tuple[str, int | None, str | None]]:
    return [(one.file, one.row, one.column) for one in checked(path) if one.severity == severity]


def exported(tmp_path: Path, tables: Tables, version: str = "1.1", **more: Any) -> Path:
    return zipped(tmp_path / "district.zip", files(tables, version, **more))


def changed(file: str, place: int, values: Row, version: str = "1.1") -> Tables:
    tables = small(version)
    tables[file] = [{**row, **values} if n == place else row for n, row in enumerate(tables[file])]
    return tables


CELLS = [
    ("users", 1, "role", "pupil"), ("users", 0, "grades", "9"), ("users", 2, "enabledUser", "perhaps"),
    ("orgs", 1, "type", "campus"), ("academicSessions", 0, "schoolYear", "23-24"),
    ("academicSessions", 0, "endDate", "06/08/2024"), ("enrollments", 0, "endDate", "2023-08-01"),
    ("enrollments", 3, "role", "learner"), ("enrollments", 3, "classSourcedId", "nothing"),
    ("demographics", 0, "sex", "other"), ("demographics", 1, "asian", "maybe"),
    ("classes", 1, "schoolSourcedId", "nowhere"), ("classes", 2, "classType", ""), ("orgs", 1, "name", ""),
    ("classes", 0, "termSourcedIds", "fall,winter"), ("enrollments", 4, "sourcedId", "h3"),
    ("courses", 1, "status", "tobedeleted"), ("users", 3, "metadata.homeless", "Tuesday"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "place", "column", "value"), CELLS)
def test_a_wrong_cell_is_told_with_its_place(
    name: str, place: int, column: str, value: str, tmp_path: Path
) -> None:
    told = found(exported(tmp_path, changed(name, place, {column: value})))
    assert told == [(f"{name}.csv", place + 2, column)]


def test_all_wrong_cells_are_told_at_once(tmp_path: Path) -> None:
    tables = small()
    for name, place, column, value in CELLS[:5]:
        tables[name] = [{**row, column: value} if n == place else row for n, row in enumerate(tables[name])]
    assert len(found(exported(tmp_path, tables))) == 5


def test_an_id_that_lost_its_zeros_is_an_error(tmp_path: Path) -> None:
    tables = small()
    tables["users"] = [{**row, "sourcedId": f"00{row['sourcedId'][1:]}"} for row in tables["users"][:7]]
    tables["demographics"] = []
    tables["enrollments"] = [
        {**row, "userSourcedId": row["userSourcedId"][1:]} for row in tables["enrollments"][:9]
    ]
    told = [one for one in checked(exported(tmp_path, tables)) if one.severity == ERROR]
    assert [(one.file, one.column) for one in told] == [("enrollments.csv", "userSourcedId")]
    assert "zeros" in told[0].found


def test_a_code_of_one_version_is_none_of_the_other(tmp_path: Path) -> None:
    tables = changed("demographics", 0, {"sex": "other"}, "1.2")
    assert found(exported(tmp_path, tables, "1.2")) == []
    tables["roles"] = [
        {**row, "role": "ext:coach"} if n == 8 else row for n, row in enumerate(tables["roles"])
    ]
    assert found(exported(tmp_path, tables, "1.2")) == []


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda text: text.replace("oneroster.version,1.1", "oneroster.version,1.0"), 3),
        (lambda text: text.replace("file.users,bulk", "file.users,absent"), 13 + 3),
        (lambda text: text.replace("file.users,bulk", "file.users,whole"), 13 + 3),
        (lambda text: text.replace("file.lineItems,absent", "file.lineItems,bulk"), None),
        (lambda text: text.replace("file.orgs,bulk\n", ""), None),
        (lambda text: text + "file.orgs,bulk\n", 17),
    ],
)  # fmt: skip
def test_a_manifest_that_says_something_else_than_the_files(
    change: Callable[[str], str], place: int | None, tmp_path: Path
) -> None:
    texts = files(small())
    texts["manifest.csv"] = change(texts["manifest.csv"])
    told = [one for one in checked(zipped(tmp_path / "district.zip", texts)) if one.file == "manifest.csv"]
    assert len(told) == 1
    assert place is None or told[0].row == place


def test_an_export_without_its_manifest_is_one_clear_problem(tmp_path: Path) -> None:
    texts = files(small())
    del texts["manifest.csv"]
    assert found(zipped(tmp_path / "district.zip", texts)) == [("manifest.csv", None, None)]


def test_a_delta_alone_is_one_clear_problem(tmp_path: Path) -> None:
    rows = [
        {**row, "status": "active", "dateLastModified": "2024-02-01T08:00:00Z"} for row in small()["users"]
    ]
    path = exported(tmp_path, {"users": rows}, mode="delta")
    problems = [one for one in checked(path) if one.severity == ERROR]
    assert [one.found for one in problems] == [
        "a delta (what has changed) without the bulk export that it changes"
    ]


def test_a_delta_wants_status_and_time(tmp_path: Path) -> None:
    zipped(tmp_path / "both" / "bulk.zip", files(small()))
    rows = [{**row, "status": "inactive"} for row in small()["users"][:1]]
    zipped(tmp_path / "both" / "delta.zip", files({"users": rows}, mode="delta"))
    assert set(found(tmp_path / "both")) == {
        ("delta.zip/users.csv", 2, "status"), ("delta.zip/users.csv", 2, "dateLastModified"),
    }  # fmt: skip


def test_headers_out_of_order_or_in_other_letters_are_read_and_told(tmp_path: Path) -> None:
    texts = files(small())
    texts["orgs.csv"] = texts["orgs.csv"].replace("name,type", "Name,type", 1)
    lines = [line.split(",") for line in texts["courses.csv"].splitlines()]
    texts["courses.csv"] = "\n".join(",".join([line[4], *line[:4], *line[5:]]) for line in lines)
    told = found(foldered(tmp_path / "district", texts), WARNING)
    assert ("orgs.csv", 1, "name") in told
    assert ("courses.csv", 1, None) in told


def test_a_column_that_is_needed_and_missing_is_an_error(tmp_path: Path) -> None:
    texts = files(small())
    texts["enrollments.csv"] = texts["enrollments.csv"].replace("userSourcedId", "userId", 1)
    assert ("enrollments.csv", 1, "userSourcedId") in found(zipped(tmp_path / "district.zip", texts))


def test_two_exports_of_one_year_are_told(tmp_path: Path) -> None:
    for name in ("a", "b"):
        zipped(tmp_path / "years" / name / "export.zip", files(small()))
    assert [file for file, *_ in found(tmp_path / "years")] == ["b/export.zip/academicSessions.csv"]


@pytest.mark.parametrize("name", ["users", "manifest", "orgs"])
@pytest.mark.parametrize("text", ["", "\x00\x01\x02", "sourcedId\n", '"open\n1,2'])
def test_torn_files_are_problems_and_no_traceback(name: str, text: str, tmp_path: Path) -> None:
    problems = checked(zipped(tmp_path / "district.zip", files(small(), **{name: text})))
    assert any(one.severity == ERROR for one in problems)


def test_no_problem_tells_a_student(tmp_path: Path) -> None:
    tables = changed("users", 0, {"role": "Kim Example", "identifier": "123456789"})
    tables["enrollments"] = [{**row, "userSourcedId": "Kim Example"} for row in tables["enrollments"]]
    words = " ".join(one.sentence() for one in checked(exported(tmp_path, tables)))
    assert "Kim" not in words
    assert "123456789" not in words
