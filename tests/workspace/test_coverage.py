"""What a folder can show, said by the command and by its files, against folders of which we know it."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.sources.roster.folders import SOUND, make
from typer.testing import CliRunner

from evenground.cli import app
from evenground.definitions import load
from evenground.workspace.coverage import Coverage, Seen, coverage
from evenground.workspace.coverage_page import FILES, write

SHOWN = {
    "ap_participation", "advanced_course", "dual_enrollment", "algebra_grade_8", "ap_offered",
    "ag_completion", "ag_completion_cohort", "reading_basic", "reading_proficient", "reading_advanced",
    "mathematics_basic",
    "mathematics_proficient", "mathematics_advanced", "reading_score", "mathematics_score", "graduation",
    "chronic_absence", "suspension", "in_school_removal", "expulsion", "mobility", "teacher_experience",
    "novice_teachers", "uncertified_teachers", "students_per_teacher", "spending",
}  # fmt: skip
"""By hand, from the tables of the small folder of tests/sources/roster/folders.py."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("coverage") / "roster")


@pytest.fixture(scope="module")
def found(folder: Path) -> Coverage:
    return coverage(folder)


def test_what_the_tables_of_a_roster_can_show(found: Coverage) -> None:
    assert set(found.seen) == SHOWN
    assert set(found.seen) | set(found.missing) == set(load().indicators)
    assert not set(found.seen) & set(found.missing)
    dimensions = ("race_ethnicity", "sex", "economic_disadvantage", "english_learner", "grade", "grade_band")
    seen = found.seen["algebra_grade_8"]
    assert (seen.periods, seen.level) == (("2023-24",), "school")
    assert set(dimensions) <= set(seen.dimensions)
    assert "foster" not in seen.dimensions  # the folder has no such column


def test_a_year_that_a_table_does_not_tell_of_is_not_shown(tmp_path: Path) -> None:
    students = SOUND["students"] + "0071002,2024-25,M,0,0,0,1,0,0,1,0,0\n"
    enrollments = SOUND["enrollments"] + "0071002,001,2024-25,11,,\n"
    found = coverage(make(tmp_path / "roster", students=students, enrollments=enrollments))
    assert found.seen["mobility"].periods == ("2023-24", "2024-25")
    assert found.seen["suspension"].periods == ("2023-24",)


def test_how_far_a_framework_is_covered(found: Coverage) -> None:
    places = {(place.framework, place.entry): place for place in found.places}
    definitions = load()
    assert len(places) == sum(len(one.entries) for one in definitions.frameworks.values())
    assert places["are", "funding"].shown == ("spending",)
    assert "instruction_spending" in places["are", "funding"].others
    assert places["are", "facilities"].shown == places["are", "facilities"].others == ()
    assert places["nasem", "graduation"].shown == ("graduation",)
    assert places["lcff", "course_access"].shown == (
        "ap_participation", "advanced_course", "algebra_grade_8", "ap_offered", "dual_enrollment",
    )  # fmt: skip


def test_without_a_folder_the_catalogue_alone() -> None:
    found = coverage(None)
    assert found.seen == {}
    assert found.missing == tuple(load().indicators)


def test_published_counts(shared_data: Callable[[str], Path]) -> None:
    """../data/ca-graduates-ag: California's graduates by race and sex, 2014 to 2016, for every school."""
    found = coverage(shared_data("ca-graduates-ag"))
    seen = found.seen["ag_completion"]
    assert isinstance(seen, Seen)
    assert seen.level == "school"
    assert {"race_ethnicity", "sex"} <= set(seen.dimensions)


def test_the_command_says_what_to_collect(folder: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["indicators", str(folder), "--out", str(tmp_path / "out")])
    assert result.exit_code == 0, result.output
    every = len(load().indicators)
    assert f"Test Unified: {len(SHOWN)} of {every} indicators can be shown." in result.output
    lines = {
        line.split()[1]: line for line in result.output.splitlines() if line.startswith(("  x ", "  - "))
    }
    assert "2023-24; down to school; by race_ethnicity" in lines["ap_participation"]
    assert f"to collect: {load().indicators['belonging'].collect.en}" in lines["belonging"]
    assert {path.name for path in (tmp_path / "out").iterdir()} == set(FILES)
    with (tmp_path / "out" / "indicators.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["indicator"]: row for row in csv.DictReader(file)}
    assert {key for key, row in rows.items() if row["shown"] == "yes"} == SHOWN
    assert rows["graduation"]["nasem"] == "graduation"
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    for name in ("Feeling at home at school", "Sentirse parte de la escuela", "Learning-ready facilities"):
        assert name in page


def test_a_folder_with_other_files_is_left_alone(found: Coverage, tmp_path: Path) -> None:
    from evenground.model import InputProblems

    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputProblems, match="a folder with other files"):
        write(found, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["indicators", str(tmp_path / "nowhere")])
    assert result.exit_code == 2
    assert "Traceback" not in result.output
