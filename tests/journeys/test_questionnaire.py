"""A room of people: the form on paper, their answers, the page; as somebody does it."""

from __future__ import annotations

import re
from pathlib import Path

import pikepdf
import pytest
from pypdf import PdfReader
from tests.quality.structure import problems
from typer.testing import CliRunner

from evenground.cli import app
from evenground.definitions import load, phrases
from evenground.definitions.questionnaire import questionnaire
from evenground.workspace.questionnaire import read_answers

HEAD = ",".join(f"q{number}" for number in range(1, 13))
IDEAS = {idea.name.en for idea in load().perspectives.values()}


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert "Traceback" not in result.output
    return result.exit_code, result.output


def written(file: Path, *lines: str, head: str = HEAD) -> Path:
    file.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("form") / "out"
    assert run("questionnaire", "--out", folder)[0] == 0
    return folder


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_form_has_every_choice_on_two_pages_at_most_and_names_no_idea(form: Path, lang: str) -> None:
    file = form / f"which-is-fairer-{lang}.pdf"
    pages = PdfReader(file).pages
    assert len(pages) <= 2
    text = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))
    for item in questionnaire().values():
        for said in (item.ask, item.first.text, item.second.text):
            assert getattr(said, lang).split(" ")[0] in text
    assert len(re.findall(r"\b\d{1,2}\. ", text)) >= 12
    for idea in load().perspectives.values():
        assert getattr(idea.name, lang) not in text
        assert getattr(idea.term, lang) not in text.replace("liberal arts", "")
    with pikepdf.open(file) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == lang


def test_the_table_has_the_numbers_of_the_paper(form: Path) -> None:
    assert (form / "answers.csv").read_text(encoding="utf-8") == f"{HEAD}\n"


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    code, said = run("questionnaire", "--out", tmp_path)
    assert (code, "mine.txt" in said) == (2, True)
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


def test_a_room_by_hand(tmp_path: Path) -> None:
    """Eight of ten choose A everywhere but in question 2, where all choose B; two leave question 1 out.

    A speaks three times for each idea, B as often, so eight people choose each idea 3 of 6 times but the two
    of question 2: democratic liberal 2 of 6, liberal 4 of 6. The two with B everywhere: 3 of 6, but
    transformative 3 of 5 and democratic liberal 2 of 5 without question 1 (B there is democratic liberal).
    """
    lines = [f"Ana {number},A,B" + ",A" * 10 for number in range(8)] + ["Eva,,B" + ",B" * 10] * 2
    file = written(tmp_path / "answers.csv", *lines, head=f"name,{HEAD}")
    code, said = run("questionnaire", file, "--out", tmp_path / "room")
    assert (code, "10 people" in said) == (0, True), said
    # transformative (8 * 3/6 + 2 * 3/5)/10 = .52, democratic liberal (8 * 2/6 + 2 * 2/5)/10 = .347,
    # liberal (8 * 4/6 + 2 * 3/6)/10 = .633, libertarian .5; told in steps of .05.
    room = read_answers(file, load())
    assert [one.share for one in room.standings] == pytest.approx([0.50, 0.35, 0.65, 0.50])
    page = (tmp_path / "room" / "room-private.html").read_text(encoding="utf-8")
    assert problems(tmp_path / "room" / "room-private.html") == []
    assert page.startswith("<!doctype html>\n<!-- private")
    assert "Ana" not in page
    assert "Eva" not in page
    assert phrases("questionnaire")["private"].en in page
    assert all(idea in page for idea in IDEAS)
    # Eight against two: the two are not told, nor that all chose alike in question 2.
    assert "8\u00a0chose\u00a0A" not in page
    assert "all or nearly all chose A" in page
    assert "all or nearly all chose B" in page


def test_ideas_that_are_chosen_as_often_are_named_together(tmp_path: Path) -> None:
    """Each idea stands three times first, so all who choose A everywhere choose each in 3 of 6 times."""
    file = written(tmp_path / "answers.csv", *[",".join("A" * 12)] * 10)
    assert run("questionnaire", file, "--out", tmp_path / "room")[0] == 0
    page = (tmp_path / "room" / "room-private.html").read_text(encoding="utf-8")
    assert "4 ideas were chosen most, 50 of 100 times each" in page


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    good = ",".join("A" * 12)
    file = written(
        tmp_path / "answers.csv", good, good.replace("A,A", "C,x", 1), *[good] * 7, ",,yes" + "," * 9
    )
    code, said = run("questionnaire", file, "--out", tmp_path / "room")
    assert code == 2
    for place in ("row 3, column q1", "row 3, column q2", "row 11, column q3", "3 problems"):
        assert place in said
    assert not (tmp_path / "room").exists()


def test_a_name_in_the_wrong_column_does_not_come_out_and_many_are_counted(tmp_path: Path) -> None:
    """20 rows of 12 wrong answers: 50 are told one by one, 190 counted; none of them is repeated."""
    file = written(tmp_path / "answers.csv", *[",".join(["Rosa Lark"] * 12)] * 20)
    code, said = run("questionnaire", file, "--out", tmp_path / "room")
    assert (code, said.count("column q"), "190 more like these" in said) == (2, 50, True)
    assert "Rosa" not in said
    assert "Lark" not in said


def test_columns_that_are_not_there_are_told_once_and_without_what_stands_there(tmp_path: Path) -> None:
    file = written(tmp_path / "answers.csv", "A,B", head="Rosa Lark,q3")
    code, said = run("questionnaire", file, "--out", tmp_path)
    assert (code, said.count("answers.csv, row 1"), "1 problem" in said) == (2, 1, True)
    assert "no column q1, q2, q4" in said
    assert "Rosa" not in said


def test_the_numbers_of_the_paper_may_be_written_large(tmp_path: Path) -> None:
    file = written(tmp_path / "answers.csv", *[",".join("A" * 12)] * 8, head=HEAD.upper())
    assert run("questionnaire", file, "--out", tmp_path / "room")[0] == 0


@pytest.mark.parametrize("people", [0, 1, 7])
def test_a_small_room_is_refused(tmp_path: Path, people: int) -> None:
    lines = [",".join("A" * 12)] * people + ["," * 11] * 5  # empty sheets are nobody
    code, _ = run("questionnaire", written(tmp_path / "answers.csv", *lines), "--out", tmp_path / "room")
    assert code == 2
    assert not (tmp_path / "room").exists()


def test_letters_may_be_small_and_have_spaces(tmp_path: Path) -> None:
    file = written(tmp_path / "answers.csv", *[" a ," + ",".join("b" * 11)] * 8)
    assert run("questionnaire", file, "--out", tmp_path / "room")[0] == 0
