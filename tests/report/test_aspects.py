"""Aspects: what is said of a whole system, on page, print, slides and in the files."""

from __future__ import annotations

import csv
from dataclasses import replace
from functools import partial
from pathlib import Path

import pikepdf
import pyarrow as pa
import pytest
from tests.quality.structure import problems
from tests.report.conftest import BLACK

from evenground import report
from evenground.model import FINDINGS, Released
from evenground.press import Words
from evenground.report.story import aspects
from evenground.report.story.aspect import Aspect, Scene, Table

NUMBER = 0.4217


def apart(scene: Scene, key: str) -> Aspect | None:
    """An aspect as a room would tell it: of the one row that it finds."""
    found = scene.ledger.further.get("dissimilarity")
    if not found:
        return None
    say, row = scene.speech, found[0]
    table = Table(
        say.measure(row.measure),
        [say.wording.label("group"), say.measure(row.measure)],
        [[say.name(row.group), Words.same(say.statistic(row, row.value or 0))]],
    )
    title = Words("Mixed or apart?", es="¿Juntos o aparte?")
    return Aspect(key, title, say.sentence(row), (), (), table, Words("By hand.", es="A mano."))


@pytest.fixture
def bundle(released: Released, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A statistic of the courses, told in their question and in one that has no indicators here."""
    told = {key: (partial(apart, key=f"{key}-apart"),) for key in ("doors", "money")}
    monkeypatch.setattr(aspects, "ASPECTS", told)
    row = next(row for row in released.findings.to_pylist() if row["group"] == BLACK)
    more = {"finding_id": "apart", "measure": "dissimilarity", "value": NUMBER, "verdict": None, "rank": None}
    findings = [*released.findings.to_pylist(), row | more | {"low": 0.40, "high": 0.44, "state": "value"}]
    report.write(
        replace(released, findings=pa.Table.from_pylist(findings, schema=FINDINGS)), tmp_path / "review"
    )
    return tmp_path / "review"


def test_an_aspect_stands_in_its_question_and_alone_where_nothing_else_answers(bundle: Path) -> None:
    page = (bundle / "index.html").read_text(encoding="utf-8")
    doors, money = page.partition("id=doors>")[2], page.partition("id=money>")[2]
    assert "How far apart two groups are" in doors
    assert "42.2%" in doors.partition("<section")[0]
    assert "42.2%" in money.partition("<section")[0]
    assert "The system as a whole" in doors.partition("<section")[0]
    assert "The system as a whole" not in money.partition("<section")[0]  # it is the answer itself
    assert problems(bundle / "index.html") == []


def test_an_aspect_is_printed_and_its_number_is_in_every_file(bundle: Path) -> None:
    with pikepdf.open(bundle / "review.pdf") as pdf:
        assert len(pdf.pages) >= 2
    with (bundle / "findings.csv").open(encoding="utf-8") as file:
        rows = {row["finding_id"]: row for row in csv.DictReader(file)}
    assert float(rows["apart"]["value"]) == NUMBER
    assert ", 42 would have to change schools" in rows["apart"]["sentence_en"]
    assert ", 42 tendrían que cambiar de escuela" in rows["apart"]["sentence_es"]
    codes = (bundle / "codebook.csv").read_text(encoding="utf-8")
    assert "findings,measure,dissimilarity,How far apart two groups are" in codes


def test_a_statistic_is_no_gap_of_a_group(bundle: Path, released: Released) -> None:
    """The rest of the page does not know of it: no rank, no chart, no count of comparisons."""
    again = report.read(bundle)
    assert again.findings.num_rows == released.findings.num_rows + 1
    before = [row for row in again.findings.to_pylist() if row["finding_id"] != "apart"]
    assert before == released.findings.to_pylist()
