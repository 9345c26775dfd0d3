"""`evenground check`: exit codes, the private page and table, real files of ../shared/data."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from tests.sources.checks.made import HEADER, Rows, clean, write
from typer.testing import CliRunner

from evenground.cli import app
from evenground.workspace import check

PRIVATE = ("checks.private.csv", "checks.private.html")


def folder_of(place: Path, rows: Rows) -> Path:
    place.mkdir()
    write(place / "counts.csv", HEADER, rows)
    return place


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    rows = clean()
    rows[20][1] = "1.96473E+13"
    rows[30][2] = "=Niños".encode().decode("cp1252")
    rows[40][6] = "1.372"
    return folder_of(tmp_path / "broken", rows)


def test_clean_files_pass_with_exit_code_0(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["check", str(folder_of(tmp_path / "clean", clean()))])
    assert done.exit_code == 0
    assert "0 errors, 0 warnings, 0 notes" in done.stdout


def test_errors_come_first_and_end_with_exit_code_2(broken: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["check", str(broken), "--out", str(tmp_path / "out")])
    assert done.exit_code == 2
    assert done.stdout.index("error: counts.csv") < done.stdout.index("warning: counts.csv")
    assert "row 22, column school_id: found 1.96473E+13" in done.stdout
    assert sorted(each.name for each in (tmp_path / "out").iterdir()) == list(PRIVATE)


def test_the_table_has_a_row_for_each_problem_and_no_formula(broken: Path, tmp_path: Path) -> None:
    CliRunner().invoke(app, ["check", str(broken), "--out", str(tmp_path / "out")])
    lines = (tmp_path / "out" / PRIVATE[0]).read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# private")
    rows = list(csv.DictReader(lines[1:]))
    assert [(row["check"], row["row"], row["count"]) for row in rows] == [
        ("scientific_id", "22", "1"), ("garbled_text", "32", "1"), ("share_above_whole", "42", "1"),
        ("name_changes", "32", "1"),
    ]  # fmt: skip
    assert rows[1]["found"] == "'=NiÃ±os"


def test_a_file_and_an_archive_are_checked_as_well(broken: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.write(broken / "counts.csv", "counts.csv")
    for place in (broken / "counts.csv", tmp_path / "all.zip"):
        assert {problem.check for problem in check(place).problems} >= {"scientific_id", "garbled_text"}


def test_other_peoples_files_are_left_alone(broken: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    done = CliRunner().invoke(app, ["check", str(broken), "--out", str(tmp_path)])
    assert done.exit_code == 2
    assert not any((tmp_path / name).exists() for name in PRIVATE)


def test_protected_columns_are_not_read(tmp_path: Path) -> None:
    rows = [[*row, "078-05-1120"] for row in clean()]
    (tmp_path / "p").mkdir()
    write(tmp_path / "p" / "counts.csv", [*HEADER, "SSN"], rows)
    told = check(tmp_path / "p")
    assert any("social security number" in problem.found for problem in told.problems)
    assert "078-05-1120" not in "".join(problem.sentence() for problem in told.problems)


def test_of_persons_only_the_shape_is_told(tmp_path: Path) -> None:
    rows = clean()
    rows[5][1] = "1.96473E+13"
    (tmp_path / "p").mkdir()
    write(tmp_path / "p" / "pupils.csv", [HEADER[0], "student_id", *HEADER[2:]], rows)
    found = next(one for one in check(tmp_path / "p").problems if one.check == "scientific_id").found
    assert found == "9.99999a+99 where an id should be"


def test_the_page_in_a_browser(broken: Path, tmp_path: Path, chromium: Path) -> None:
    CliRunner().invoke(app, ["check", str(broken), "--out", str(tmp_path / "out")])
    place = tmp_path / "out" / PRIVATE[1]
    text = place.read_text(encoding="utf-8")
    assert text.splitlines()[1].startswith("<!-- private")
    assert "http://" not in text
    assert "https://" not in text
    levels = [int(level) for level in re.findall(r"<h([1-6])", text)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(chromium), args=["--no-sandbox", "--disable-gpu"])
        for locale, heading in (("en-US", "Mend this first"), ("es-MX", "Corrija esto primero")):
            page = browser.new_context(locale=locale, viewport={"width": 320, "height": 700}).new_page()
            said: list[str] = []
            page.on("console", lambda message, said=said: said.append(message.text))
            page.on(
                "request",
                lambda asked, said=said: said.append(asked.url) if "file:" not in asked.url else None,
            )
            page.goto(place.as_uri())
            page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
            assert page.get_by_role("heading", name=heading).is_visible()
            assert page.evaluate("document.documentElement.scrollWidth") <= 320
            assert said == []
        browser.close()


# --- real files ---


def test_five_contradictory_rows_of_the_ap_file(shared_data: Callable[[str], Path]) -> None:
    """SOURCE.txt: 10,918 schools do not offer AP; 5 rows say ap=No yet have type=ap."""
    file = shared_data("crdc-2015-ap-by-race") / "school_ap_enrollment_by_race.csv.gz"
    found = next(one for one in check(file).problems if one.check == "odd_pair")
    assert (found.column, found.count) == ("type", 5)
    assert "10,918 other rows" in found.found


def test_districts_whose_ids_lost_a_zero(shared_data: Callable[[str], Path]) -> None:
    """SOURCE.txt: district_id is the NCES leaid without its leading 0."""
    told = check(shared_data("us-districts-2023") / "districts_2023_24_nces.csv.gz")
    found = next(one for one in told.problems if one.check == "lost_zeros")
    assert found.column == "district_id"
    assert "6 digits" in found.found


def test_the_total_below_the_poverty_file(shared_data: Callable[[str], Path]) -> None:
    told = check(shared_data("ca-frpm-sat-1415") / "frpm1415.csv.gz")
    assert [one.row for one in told.problems if one.check == "footer_row"] == [10396]


def test_the_school_survey_file_is_clean(shared_data: Callable[[str], Path]) -> None:
    told = check(shared_data("timss15-us-belonging") / "timss15_us_grade8_school_belonging_items.csv.gz")
    assert [one for one in told.problems if one.severity != "note"] == []
