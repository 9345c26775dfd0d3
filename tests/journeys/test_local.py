"""`review --pages schools`: a page and a print for every school, with numbers counted here by hand."""

from __future__ import annotations

import math
import re
import shutil
from dataclasses import replace
from html import escape
from pathlib import Path

import numpy as np
import pikepdf
import pypdf
import pytest

from evenground import report
from evenground.definitions import load, load_wording
from evenground.model import InputProblems, Released
from evenground.report import locals as pages_of
from evenground.report.page.local import Frame
from evenground.report.story.local import Locals
from evenground.report.story.speech import Speech
from evenground.workspace import Request
from evenground.workspace.review import release
from evenground.workspace.verify import verify

INDICATORS = ("suspension", "chronic_absence")
SPEECH = Speech(load(), load_wording())
YEARS = ("2022-23", "2023-24")
RACES = ("hispanic", "white", "black", "asian")
SCHOOLS = {"001": 0.30, "002": 0.05, "003": 0.12, "004": 0.10, "005": 0.02, "006": 0.14}
"""Six schools of 100 to 300 students, and how often each sends students home."""

Row = tuple[str, str, str, str, bool, bool]
"""Id, school year, school, race; whether suspended, whether chronically absent."""


def students() -> list[Row]:
    random = np.random.default_rng(11)
    rows: list[Row] = []
    for year in YEARS:
        for size, (school, rate) in zip((300, 260, 220, 180, 140, 100), SCHOOLS.items(), strict=True):
            for race in random.choice(RACES, size, p=(0.45, 0.25, 0.2, 0.1)):
                chance = rate * (1.6 if race == "black" else 0.85)
                flags = bool(random.random() < chance), bool(random.random() < 0.22)
                rows.append((f"{len(rows):07d}", year, school, str(race), *flags))
    return rows


STUDENTS = students()


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same students as a folder of records."""
    folder = tmp_path_factory.mktemp("local") / "records"
    folder.mkdir()
    tables = {
        "schools": ["school_id,school_name,district_id,district_name"]
        + [f"{school},School <b>{school}</b>,0100,Local Unified" for school in SCHOOLS],
        "students": ["student_id,school_year,sex," + ",".join((*RACES, "american_indian"))]
        + [
            f"{key},{year},{'FM'[int(key) % 2]},{','.join(str(int(one == race)) for one in RACES)},0"
            for key, year, _, race, _, _ in STUDENTS
        ],
        "enrollments": ["student_id,school_id,school_year,grade,entry_date,exit_date"]
        + [f"{key},{school},{year},9,," for key, year, school, _, _, _ in STUDENTS],
        "attendance": ["student_id,school_year,days_enrolled,days_absent"]
        + [f"{key},{year},180,{30 if absent else 4}" for key, year, _, _, _, absent in STUDENTS],
        "incidents": ["student_id,school_year,date,consequence"]
        + [f"{key},{year},{year[:4]}-10-05,OSS" for key, year, _, _, sent, _ in STUDENTS if sent],
    }
    for name, lines in tables.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "about.yaml").write_text('title: "Local Unified"\n', encoding="utf-8")
    return folder


def suspended(school: str | None = None) -> tuple[int, int]:
    """(suspended, students) of one school, or of all, in the last year, counted row by row."""
    rows = [row for row in STUDENTS if row[1] == YEARS[-1] and school in (None, row[2])]
    return sum(row[4] for row in rows), len(rows)


@pytest.fixture(scope="module")
def released(records: Path) -> Released:
    request = Request(
        input=records,
        source="roster",
        indicators=INDICATORS,
        by=("race_ethnicity", "sex"),
        depth=1,
        pages="schools",
        made_on="2026-11-22",
    )
    return release(request)


@pytest.fixture(scope="module")
def bundle(released: Released, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("local") / "review"
    report.write(released, folder)
    return folder


def wilson(k: int, n: int) -> tuple[float, float]:
    """The score interval by hand, z = 1.959964."""
    z, p = 1.959964, k / n
    middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)


def test_a_school_stands_beside_its_district_and_the_reading_is_earned(released: Released) -> None:
    found = Locals(released, "school", load())
    sent, students = suspended()
    readings = set()
    for unit in found.units():
        local = found.of(unit, SPEECH)
        assert [above.level for above in local.above] == ["district"]
        for row in (row for row in local.beside if row.indicator == "suspension"):
            k, n = suspended(unit.id)
            low, high = wilson(k, n)
            assert (row.here.n, row.here.value) == (n, pytest.approx(k / n))
            assert row.above[0] is not None
            assert row.above[0].value == pytest.approx(sent / students)
            whole = sent / students
            assert row.reading == (
                "above" if low > whole else "below" if high < whole else "no_clear_difference"
            )
            readings.add(row.reading)
    assert readings == {"above", "below", "no_clear_difference"}


def test_every_school_has_its_page_and_a_print_of_two_pages(bundle: Path, released: Released) -> None:
    names = {unit.name for unit in Locals(released, "school", load()).units()}
    pages = sorted((bundle / "pages").glob("school-*.html"))
    assert len(pages) == len(names) == 6
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert any(f">{escape(name)}:" in text for name in names)
        assert "<b>" not in text
        assert "../index.html" in text
        paper = page.with_suffix(".pdf")
        assert len(pypdf.PdfReader(paper).pages) == 2
        with pikepdf.open(paper) as pdf:
            assert pdf.Root.MarkInfo.Marked
            assert str(pdf.Root.Lang) == "en"
    listed = (bundle / "pages" / "schools.html").read_text(encoding="utf-8")
    assert all(page.name in listed for page in pages)
    assert len(pypdf.PdfReader(bundle / "meeting.pdf").pages) == 2


def test_no_page_tells_a_hidden_number(bundle: Path, released: Released) -> None:
    """What a page says of a school rests on its published cells: a hidden cell gives no finding a value."""
    public = {
        tuple(row[name] for name in ("indicator", "unit_id", "period", "group"))
        for row in released.cells.to_pylist()
        if row["state"] == "value"
    }
    hidden = 0
    for row in released.pages.to_pylist():
        for when in filter(None, (row["period"], row["period_from"])):
            if (row["indicator"], row["unit_id"], when, row["group"]) not in public:
                assert row["value"] is None
                hidden += 1
    assert hidden > 0


def test_the_bundle_is_read_back_and_made_again(bundle: Path, released: Released, records: Path) -> None:
    again = report.read(bundle)
    assert again.pages.equals(released.pages)
    assert verify(bundle, records) == []


def test_two_processes_write_what_one_writes(
    released: Released, bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages_of, "_ALONE", 3)
    monkeypatch.setattr(pages_of, "cpu_count", lambda: 2)
    pages_of.write_locals(released, SPEECH, tmp_path / "pages", "en", lambda step: None)
    for file in (tmp_path / "pages").iterdir():
        assert file.read_bytes() == (bundle / "pages" / file.name).read_bytes(), file.name


def test_another_process_knows_the_idea_of_ones_own_that_the_review_reads_by(
    released: Released, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    idea = next(iter(load().perspectives.values())).model_dump(mode="json")
    own = replace(released, settings={**released.settings, "perspective": "ours", "idea": idea})
    frames: list[Frame] = []
    monkeypatch.setattr(pages_of, "_write", lambda frame, *rest: frames.append(frame))
    pages_of._share(own, {Locals(own, "school", load()).units()[0]: "one"}, tmp_path, "en")
    assert "ours" in frames[0].speech.definitions.perspectives


def test_ids_become_names_of_files_that_nothing_overwrites(released: Released) -> None:
    units = Locals(released, "school", load()).units()
    odd = [replace(units[0], id=key) for key in ("a/b", "a b", "../x", "A-B")]
    names = pages_of._names("school", odd)
    assert len({name.lower() for name in names.values()}) == len(odd)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]+", name) for name in names.values())


def test_pages_of_a_level_that_is_not_there_are_refused(records: Path) -> None:
    with pytest.raises(InputProblems) as caught:
        release(Request(input=records, source="roster", indicators=("suspension",), pages="districts"))
    problem = caught.value.problems[0]
    assert (problem.file, problem.found, problem.allowed) == ("--pages", "districts", "schools")


def test_a_bundle_with_pages_takes_the_place_of_an_earlier_one(
    released: Released, bundle: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "review"
    shutil.copytree(bundle, copy)
    report.write(replace(released, pages=released.pages[:0]), copy)
    assert not list(copy.glob("pages/school-*"))


def test_somebodys_own_file_among_the_pages_is_not_lost(
    released: Released, bundle: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "review"
    shutil.copytree(bundle, copy)
    (copy / "pages" / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputProblems) as caught:
        report.write(released, copy)
    assert "pages/notes.txt" in caught.value.problems[0].found
    assert (copy / "pages" / "notes.txt").read_text(encoding="utf-8") == "mine"
