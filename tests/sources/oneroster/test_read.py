"""OneRoster exports to student-years: by hand, as zip and folder, in both versions, bulk and delta."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.sources.oneroster import from_roster
from tests.sources.oneroster.district import Row, files, foldered, small, zipped
from tests.sources.roster.folders import make, replaced

from evenground.definitions import load
from evenground.model import ERROR, NOTE, WARNING, InputProblems
from evenground.sources import Dataset, open_source
from evenground.sources.oneroster.read import export_tables
from evenground.sources.roster import read_roster
from evenground.sources.synthetic import make_district

VERSIONS = ("1.1", "1.2")


def opened(path: Path) -> Dataset:
    return open_source(path, None, path.parent / f"private-{path.stem}", load())


def rows(dataset: Dataset) -> list[dict[str, Any]]:
    assert dataset.student_years is not None
    return pq.read_table(dataset.student_years).to_pylist()


def by_student(dataset: Dataset) -> dict[str, dict[str, Any]]:
    """The row of the school of census day."""
    return {row["student_id"]: row for row in rows(dataset) if row["on_census_day"]}


@pytest.fixture(scope="module", params=VERSIONS)
def sound(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    texts = files(small(request.param), request.param)
    return opened(zipped(tmp_path_factory.mktemp("sound") / "district.zip", texts))


def test_an_export_is_recognised_and_titled_by_its_district(sound: Dataset) -> None:
    assert (sound.source, sound.title, sound.periods) == ("oneroster", "Test Unified", ("2023-24",))
    assert sound.units.select(["unit_level", "unit_id", "unit_name", "parent_id"]).to_pylist() == [
        {"unit_level": "district", "unit_id": "d", "unit_name": "Test Unified", "parent_id": None},
        {"unit_level": "school", "unit_id": "001", "unit_name": "Oak High", "parent_id": "d"},
        {"unit_level": "school", "unit_id": "002", "unit_name": "Elm Middle", "parent_id": "d"},
    ]


def test_students_stand_at_their_school_in_their_grade(sound: Dataset) -> None:
    found = by_student(sound)
    # s7 is in PK, which a review leaves out; s1 was at the high school on census day (1 October)
    assert {student: (row["school_id"], row["grade"]) for student, row in found.items()} == {
        "s1": ("001", "g09"), "s2": ("001", "g10"), "s3": ("001", "g12"),
        "s4": ("002", "g08"), "s5": ("002", "g08"), "s6": ("002", "g07"),
    }  # fmt: skip


def test_race_follows_the_federal_rule(sound: Dataset) -> None:
    found = {
        student: (row["race_ethnicity"], row["race_flags"]) for student, row in by_student(sound).items()
    }
    assert found == {
        "s1": ("hispanic", "black|hispanic"), "s2": ("two_or_more", "black|white"), "s3": ("asian", "asian"),
        "s4": ("white", "white"), "s5": ("unknown", ""),
        "s6": ("two_or_more", ""),  # the export says only that there are two or more
    }  # fmt: skip
    assert [row["sex"] for row in by_student(sound).values()].count("unknown") == 1


def test_courses_are_told_from_their_titles_and_that_is_said(sound: Dataset) -> None:
    found = by_student(sound)
    assert [student for student in sorted(found) if found[student]["ap_course"]] == ["s2"]
    assert [student for student in sorted(found) if found[student]["algebra_1"]] == ["s4"]
    said = [problem.found for problem in sound.checks if problem.column == "title"]
    assert said == ["kinds of courses told from their titles: algebra_1 1, ap 1"]


def test_protected_columns_are_not_read_and_that_is_said(sound: Dataset) -> None:
    said = [problem for problem in sound.checks if problem.found.startswith("protected columns")]
    assert [(problem.severity, problem.file) for problem in said] == [(NOTE, "demographics.csv")]
    assert "countryOfBirthCode" in said[0].found


@pytest.mark.parametrize("version", VERSIONS)
def test_no_name_mail_telephone_or_password_is_loaded(version: str, tmp_path: Path) -> None:
    path = zipped(tmp_path / "district.zip", files(small(version), version))
    engine = duckdb.connect()
    export_tables(engine, path, tmp_path / "private", [])
    never = {"Given", "Family", "someone@example.org", "555-0100", "secret", "US", "Anytown", "2009-01-01"}
    names = [name for (name,) in engine.execute("SHOW TABLES").fetchall()]
    assert "roster_students" in names
    for name in names:
        values = {str(value) for row in engine.execute(f'SELECT * FROM "{name}"').fetchall() for value in row}
        assert not values & never, name


@pytest.mark.parametrize("version", VERSIONS)
def test_a_folder_is_read_as_its_zip_is(version: str, tmp_path: Path) -> None:
    texts = files(small(version), version)
    packed = opened(zipped(tmp_path / "zip" / "district.zip", texts))
    inside = opened(
        zipped(tmp_path / "inside" / "district.zip", {f"export/{k}": v for k, v in texts.items()})
    )
    unpacked = opened(foldered(tmp_path / "folder" / "district", texts))
    assert rows(packed) == rows(unpacked) == rows(inside)
    assert packed.inputs == unpacked.inputs
    assert set(packed.inputs) >= {"manifest.csv", "users.csv", "demographics.csv"}


def test_seats_with_a_break_between_terms_are_one_stay(tmp_path: Path) -> None:
    tables = small()
    tables["classes"] = [
        *tables["classes"],
        {**tables["classes"][0], "sourcedId": "hf", "termSourcedIds": "fall"},
        {**tables["classes"][0], "sourcedId": "hs", "termSourcedIds": "spring"},
    ]
    tables["enrollments"] = [seat for seat in tables["enrollments"] if seat["userSourcedId"] != "s3"] + [
        _seat("x1", "hf", "s3"),
        _seat("x2", "hs", "s3"),
    ]
    found = _stays(zipped(tmp_path / "district.zip", files(tables)))
    # From the first day of fall to the last of spring; endDate 2024-06-08 is the day after.
    assert found["s3"] == [("001", "2023-08-14", "2024-06-07")]
    assert found["s1"] == [("001", "2023-08-14", "2023-12-01"), ("002", "2023-12-02", "2024-06-07")]


def test_a_class_at_another_school_is_no_stay_there(tmp_path: Path) -> None:
    for version in VERSIONS:
        tables = small(version)
        tables["enrollments"] = [
            *tables["enrollments"],
            {**_seat("x1", "bio", "s4"), "schoolSourcedId": "high"},
        ]
        path = zipped(tmp_path / version / "district.zip", files(tables, version))
        assert [stay[0] for stay in _stays(path)["s4"]] == ["002"]
        assert by_student(opened(path))["s4"]["ap_course"] == 1


def _seat(number: str, group: str, user: str) -> Row:
    return {
        "sourcedId": number, "classSourcedId": group, "schoolSourcedId": "high", "userSourcedId": user,
        "role": "student",
    }  # fmt: skip


def _stays(path: Path) -> dict[str, list[tuple[str, str, str]]]:
    engine = duckdb.connect()
    export_tables(engine, path, path.parent / "private", [])
    found: dict[str, list[tuple[str, str, str]]] = {}
    query = "SELECT student_id, school_id, entry_date, exit_date FROM roster_enrollments ORDER BY ALL"
    for student, *stay in engine.execute(query).fetchall():
        found.setdefault(student, []).append(tuple(stay))
    return found


def test_a_year_is_the_one_in_which_it_ends(tmp_path: Path) -> None:
    tables = small()
    tables["academicSessions"] = [{**row, "schoolYear": "2023"} for row in tables["academicSessions"]]
    dataset = opened(zipped(tmp_path / "district.zip", files(tables)))
    assert dataset.periods == ("2023-24",)
    said = [problem for problem in dataset.checks if problem.column == "schoolYear"]
    assert [(problem.severity, problem.file, problem.row) for problem in said] == [
        (WARNING, "academicSessions.csv", 2)
    ]


def test_a_side_file_tells_what_oneroster_lacks(tmp_path: Path) -> None:
    tables = small()
    tables["users"] = [{**row, "userIds": f"{{SSID:90{n}}}"} for n, row in enumerate(tables["users"])]
    path = zipped(tmp_path / "beside" / "district.zip", files(tables))
    (path.parent / "students.csv").write_text(
        "student_id,english_learner,Economic Disadvantage,SSN\n900,1,yes,1\n901,0,no,2\n903,,yes,3\n"
    )
    (path.parent / "attendance.csv").write_text(
        "student_id,days_enrolled,days_absent\n900,100,10\n901,100,9\n"
    )
    (path.parent / "about.yaml").write_text('economic_disadvantage: "meal forms"\ntitle: "Ours"\n')
    dataset = opened(path)
    found = by_student(dataset)
    assert [found[f"s{n}"]["english_learner"] for n in (1, 2, 3, 4)] == [
        "english_learner", "not_english_learner", "unknown", "unknown",
    ]  # fmt: skip
    assert found["s4"]["economic_disadvantage"] == "disadvantaged"
    known = {(row["student_id"], row["chronically_absent"]) for row in rows(dataset)}
    assert {pair for pair in known if pair[1] is not None} == {("s1", 1), ("s2", 0)}
    assert dataset.title == "Ours"
    said = " ".join(problem.sentence() for problem in dataset.checks)
    assert "userIds of the type SSID" in said
    assert "protected columns: SSN" in said
    assert {"students.csv", "attendance.csv", "about.yaml"} <= set(dataset.inputs)


def test_metadata_columns_are_recognised(tmp_path: Path) -> None:
    tables = small()
    tables["demographics"] = [
        {**row, "metadata.ell": "true" if n == 0 else "false", "metadata.countryOfBirth": "US"}
        for n, row in enumerate(tables["demographics"])
    ]
    dataset = opened(zipped(tmp_path / "district.zip", files(tables)))
    found = by_student(dataset)
    assert found["s1"]["english_learner"] == "english_learner"
    assert found["s2"]["english_learner"] == "not_english_learner"
    assert any("metadata.countryOfBirth" in p.found and "protected" in p.found for p in dataset.checks)


CHANGED = "2024-02-01T08:00:00.000Z"
_FATES = {
    "users": ["added", "changed"],
    "enrollments": ["added", "changed", "deleted"],
    "demographics": ["added", "changed", "deleted"],
    "classes": [
        "added",
        "changed",
    ],  # without its class an enrollment is an error, in the bulk as in the delta
}


@settings(max_examples=6, deadline=None, phases=(Phase.generate,))
@given(st.data())
def test_a_bulk_and_its_delta_are_the_bulk_that_results(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Law: whatever rows a delta adds, changes or deletes."""
    whole = small()
    before: dict[str, list[Row]] = {name: list(held) for name, held in whole.items()}
    after: dict[str, list[Row]] = {name: list(held) for name, held in whole.items()}
    delta: dict[str, list[Row]] = {}
    for name in _FATES:
        fates = {
            row["sourcedId"]: data.draw(st.sampled_from(["kept"] * 5 + _FATES[name])) for row in whole[name]
        }
        before[name] = [
            {**row, **_changed(name)} if fates[row["sourcedId"]] == "changed" else row
            for row in whole[name]
            if fates[row["sourcedId"]] != "added"
        ]
        after[name] = [row for row in whole[name] if fates[row["sourcedId"]] != "deleted"]
        told = {"added": "active", "changed": "active", "deleted": "tobedeleted"}
        delta[name] = [
            {**row, "status": told[fate], "dateLastModified": CHANGED}
            for row in whole[name]
            if (fate := fates[row["sourcedId"]]) != "kept"
        ]
    folder = tmp_path_factory.mktemp("delta")
    zipped(folder / "both" / "bulk.zip", files(before))
    zipped(folder / "both" / "delta.zip", files({k: v for k, v in delta.items() if v}, mode="delta"))
    zipped(folder / "whole.zip", files(after))
    if any(delta.values()):
        assert _tables(folder / "both") == _tables(folder / "whole.zip")


def _changed(name: str) -> Row:
    return {
        "users": {"grades": "11"}, "enrollments": {"beginDate": "2023-11-15"},
        "demographics": {"sex": "female"}, "classes": {"termSourcedIds": "spring"},
    }[name]  # fmt: skip


def _tables(path: Path) -> Mapping[str, list[tuple[Any, ...]]] | str:
    """What goes to the roster; or that the export is refused, which both have to be."""
    engine = duckdb.connect()
    try:
        made = export_tables(engine, path, path.with_name("private"), [])
    except InputProblems as error:
        return " ".join(sorted({one.column or "" for one in error.problems if one.severity == ERROR}))
    return {
        name: sorted(engine.execute(f"SELECT * EXCLUDE (part, row) FROM roster_{name}").fetchall(), key=str)
        for name in made.origins
    }


@pytest.mark.parametrize("version", VERSIONS)
def test_a_roster_and_its_export_give_the_same_student_years(version: str, tmp_path: Path) -> None:
    # OneRoster knows one grade of a student, not one of each stay.
    stays = replaced("enrollments", "0071001,002,2023-24,8", "0071001,002,2023-24,9")
    roster = make(tmp_path / "roster", enrollments=stays)
    _assert_same(roster, from_roster.write(roster, tmp_path / "export", version), tmp_path)


def test_a_made_up_district_and_its_export_give_the_same_student_years(tmp_path: Path) -> None:
    make_district(tmp_path / "roster", students=900, years=2, schools=5, seed=4)
    for path in (tmp_path / "roster").iterdir():
        if path.stem not in (*from_roster._KEPT, "schools", "students", "enrollments", "courses", "about"):
            path.unlink()
    export = from_roster.write(tmp_path / "roster", tmp_path / "export", "1.2")
    _assert_same(tmp_path / "roster", export, tmp_path)


# What needs to know which class a course was, or a course's subject and credits, which the writer leaves out.
_OTHER_WAY = {"class_size", "ap_offered", "calculus", "physics", "computer_science", "advanced_mathematics",
              "ninth_grade_on_track"}  # fmt: skip


def _assert_same(roster: Path, export: Path, tmp_path: Path) -> None:
    direct = rows(read_roster(roster, tmp_path / "private-direct", load()))
    found = rows(opened(export))
    kept = [name for name in direct[0] if name not in _OTHER_WAY]
    assert len(found) == len(direct) > 0
    for one, other in zip(found, direct, strict=True):
        assert {name: one[name] for name in kept} == {name: other[name] for name in kept}
