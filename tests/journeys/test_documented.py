"""What the documentation quotes from real reviews is what they say."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

import evenground
from evenground.definitions import load, load_wording
from evenground.model import Released
from evenground.report import read
from evenground.report.story.mention import MENTIONED, mentions_of
from evenground.report.story.perspectives import Ways, sentence
from evenground.report.story.rows import Ledger, ledger_of, rows_of
from evenground.report.story.speech import Speech
from evenground.report.story.story import story_of
from evenground.report.story.together import together_of
from evenground.report.story.ways import in_short, verdicts

DOCS = Path(__file__).parents[2] / "docs" / "reviews"
HIGHLANDS = "176010"


def said(released: Released) -> set[str]:
    """The findings in short, the answers, what is said of the system, the four ways; in English."""
    speech = Speech(load(), load_wording())
    ledger = ledger_of(
        list(rows_of(released.findings, released.cells)),
        released.about.unit,
        together_of(released, speech.definitions),
    )
    story = story_of(released, ledger, speech)
    found = {text.en for item in story.items for text in (item.headline, item.detail)}
    for section in story.sections:
        found.add(section.answer.en)
        for aspect in section.aspects:
            found |= {text.en for text in (aspect.finding, *aspect.sentences)}
        if section.blocks and (closing := section.blocks[0].closing):
            found |= {f"| {lens.name.en} | {lens.seen.en} | {lens.reading.en} |" for lens in closing.lenses}
    return found | (ways_said(speech, ledger, story.ways) if story.ways else set())


def ways_said(speech: Speech, ledger: Ledger, ways: Ways) -> set[str]:
    """Four ways to see it: in short, the cases that are told, why each idea reads one so; in English."""
    found = {in_short(ways).en}
    for case in (*ways.parting, *ways.agreed, *ways.alone):
        found.add(sentence(speech, ledger, case).en)
        for one in verdicts(speech, ways, case):
            found.add(f"{one.name.en}: {one.told.en}. {one.reason.en}")
    return found


def at_place(released: Released, unit_id: str) -> set[str]:
    """What the page of a place tells of what the whole review found there; in English."""
    rows = [
        row
        for row in rows_of(released.findings, released.cells)
        if row.measure in (*MENTIONED, "compared_on")
    ]
    compared_on = [row for row in rows if row.measure == "compared_on"]
    own = [row for row in rows if row.unit_id == unit_id]
    return {each.en for each in mentions_of(Speech(load(), load_wording()), own, {}, compared_on)}


def quoted(page: str) -> set[str]:
    text = (DOCS / page).read_text(encoding="utf-8")
    return {*re.findall(r"^> (.+)$", text, re.M), *re.findall(r"^\| [^|]+\? \|.+\|$", text, re.M)}


def test_los_angeles(shared_data: Callable[[str], Path]) -> None:
    released = evenground.review(
        shared_data("ca-graduates-ag"),
        source="cde-graduates",
        unit="district:1964733",
        period=2016,
        by=("race_ethnicity", "sex"),
    )
    wanted = quoted("los-angeles.md")
    assert len(wanted) > 10
    assert wanted <= said(released)


def test_kentucky(bundle: Callable[[str], Path]) -> None:
    released, wanted = read(bundle("kentucky")), quoted("kentucky.md")
    assert len(wanted) > 20
    assert wanted <= said(released) | at_place(released, HIGHLANDS)


@pytest.mark.parametrize("page", ["los-angeles.md", "kentucky.md"])
def test_a_review_in_the_documentation_names_its_command(page: str) -> None:
    assert re.search(r"^evenground review \S+ .*--out \S+$", (DOCS / page).read_text(encoding="utf-8"), re.M)
