"""A review that reads by one idea of fairness: the command, the receipt, the recomputation."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from pptx import Presentation
from pypdf import PdfReader
from tests.perspectives.test_perspective_definitions import OWN
from tests.quality.structure import problems
from typer.testing import CliRunner

from evenground.cli import app
from evenground.definitions import load
from evenground.report import read

QUICK = ("review", "--example", "--policy", "published")  # what is hidden is looked at elsewhere
SOME = ("--indicators", "suspension,reading_proficient,teacher_experience")
ONE = ("--indicators", "reading_proficient")
IDEAS = load().perspectives


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert "Traceback" not in result.output
    return result.exit_code, result.output


@pytest.fixture(scope="module")
def liberal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("liberal") / "review"
    assert run(*QUICK, *SOME, "--perspective", "liberal", "--out", folder)[0] == 0
    return folder


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("own")
    (base / "ours.yaml").write_text(OWN, encoding="utf-8")
    assert run(*QUICK, *ONE, "--perspective", base / "ours.yaml", "--out", base / "review")[0] == 0
    (base / "ours.yaml").unlink()
    return base / "review"


def test_the_top_says_which_idea_it_reads_by_and_that_there_are_others(liberal: Path) -> None:
    page = (liberal / "index.html").read_text(encoding="utf-8")
    head = page[: page.index("<main")]
    assert IDEAS["liberal"].name.en in head
    assert "There are others, and none of them is the right one." in head
    assert 'href="pages/perspectives.html"' in head


def test_what_it_counts_as_unfair_comes_first_and_its_questions_before_others(liberal: Path) -> None:
    """The liberal idea looks at teachers first; of results only by background, never by race."""
    released = read(liberal)
    rows = released.findings.to_pylist()
    first = {(row["indicator"], row["group"]) for row in rows if row["rank"] is not None}
    counted = {
        (row["indicator"], row["group"])
        for row in rows
        if row["perspective"] == "liberal" and row["measure"] == "reading" and row["verdict"] == "counts"
    }
    assert first <= counted
    assert not any(group.startswith("race") for _, group in first)
    assert {
        row["reference"] for row in rows if row["perspective"] is None and row["measure"] == "difference"
    } == {"others"}
    page = (liberal / "index.html").read_text(encoding="utf-8")
    places = [page.index(f"<h2 id={key}>") for key in ("teachers", "here", "learning", "ways", "about")]
    assert places == sorted(places)


def test_the_receipt_holds_it_and_the_recomputation_differs_in_nothing(liberal: Path, own: Path) -> None:
    for folder, key in ((liberal, "liberal"), (own, "our_district")):
        settings = json.loads((folder / "receipt.json").read_text(encoding="utf-8"))["settings"]
        assert (settings["perspective"], settings["reference"]) == (key, "others")
    code, said = run("verify", own)
    assert code == 0, said


def test_an_idea_of_ones_own_stands_beside_the_four(own: Path) -> None:
    page = own / "pages" / "perspectives.html"
    assert problems(page) == []
    text = page.read_text(encoding="utf-8")
    assert all(idea.name.en in text for idea in IDEAS.values())
    assert "La nuestra" in text
    rows = read(own).findings.to_pylist()
    found = {row["indicator"] for row in rows if row["perspective"] == "our_district"}
    assert found == {"reading_proficient"}
    assert any(row["reference"] == "target:0.8" for row in rows if row["perspective"] == "our_district")


def test_a_reference_beside_an_idea_has_to_be_its_own(tmp_path: Path) -> None:
    code, said = run(*QUICK, "--perspective", "liberal", "--reference", "highest", "--out", tmp_path / "x")
    assert (code, "compares with others" in said) == (2, True)
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("name", ["libral", "nowhere.yaml"])
def test_what_is_no_idea_is_said(tmp_path: Path, name: str) -> None:
    code, _ = run(*QUICK, "--perspective", tmp_path / name if "." in name else name, "--out", tmp_path / "x")
    assert code == 2


def test_the_ideas_are_listed_and_those_of_a_file_checked(tmp_path: Path) -> None:
    code, said = run("perspectives")
    assert code == 0
    assert all(key in said for key in IDEAS)
    assert "None of them is the right one." in said
    (tmp_path / "ours.yaml").write_text(OWN.replace("at: 0.8", "at: 8"), encoding="utf-8")
    code, said = run("perspectives", tmp_path / "ours.yaml")
    assert (code, "row 14" in said) == (2, True)


@pytest.mark.parametrize("name", ["kentucky", "completion", "example"])
def test_the_picture_counts_what_the_findings_say(name: str, bundle: Callable[[str], Path]) -> None:
    """Every comparison of an idea is in one field of the table under the picture, and in its bar on the
    slide: counted here from the rows of findings."""
    folder = bundle(name)
    rows = [
        row
        for row in read(folder).findings.to_pylist()
        if row["measure"] == "reading" and not (row["reference"] or "").startswith("target:")
    ]
    judged = {key: [row for row in rows if row["perspective"] == key] for key in IDEAS}
    unfair = [sum(row["verdict"] == "counts" for row in judged[key]) for key in IDEAS]
    fair = [sum(row["verdict"] == "does_not_count" for row in judged[key]) for key in IDEAS]
    page = (folder / "pages" / "perspectives.html").read_text(encoding="utf-8")
    table = page[page.index("t-side") : page.index("</table>", page.index("t-side"))]
    told = [
        [
            re.match(r"([\d,]+) of ([\d,]+)", cell)
            for cell in re.findall(r"<td[^>]*><span lang=en>([^<]*)", line)
        ]
        for line in table.split("<tr>")[2:]
    ]
    for at, column in enumerate(zip(*told, strict=True)):
        said = [tuple(int(part.replace(",", "")) for part in cell.groups()) for cell in column if cell]
        assert (sum(one for one, _ in said), sum(all_ for _, all_ in said)) == (
            unfair[at],
            unfair[at] + fair[at],
        )
    slides = Presentation(str(folder / "review.pptx")).slides
    (slide,) = [one for one in slides if one.shapes.title.text_frame.text.startswith("Four ways to see it")]
    (chart,) = [shape.chart for shape in slide.shapes if shape.has_chart]
    assert [[value or 0 for value in series.values] for series in chart.plots[0].series] == [unfair, fair]


@pytest.mark.parametrize("name", ["kentucky", "completion", "example"])
def test_a_meeting_has_two_pages_and_something_to_settle(name: str, bundle: Callable[[str], Path]) -> None:
    pages = PdfReader(bundle(name) / "meeting.pdf").pages
    assert len(pages) == 2
    text = " ".join(pages[1].extract_text().split())
    for said in ("Four ways to see it", "Unfair by:", "To settle in this room:", "What we decide"):
        assert said in text


def test_every_review_shows_all_of_them(bundle: Callable[[str], Path]) -> None:
    folder = bundle("completion")
    index = (folder / "index.html").read_text(encoding="utf-8")
    assert "<h2 id=ways>" in index
    assert IDEAS["liberal"].name.en not in index[: index.index("<main")]
    page = (folder / "pages" / "perspectives.html").read_text(encoding="utf-8")
    assert all(idea.name.es in page for idea in IDEAS.values())
    # Nobody can say who was ready: the libertarian idea has nothing to judge here, and says what to collect.
    assert "These data have no number that this idea can judge." in page
