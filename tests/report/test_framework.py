"""Contents pages of frameworks: each entry has what the review says on it, or why it says nothing."""

from __future__ import annotations

from dataclasses import replace

import pyarrow.compute as pc
import pytest
from tests.report.rows_made import BLACK, HERE, level

from evenground.definitions import load, load_wording
from evenground.model import ALL, Released
from evenground.press import Words
from evenground.report.page.framework import framework_page
from evenground.report.story.framework import Entry, Framework, framework_of
from evenground.report.story.rows import ledger_of, rows_of
from evenground.report.story.speech import Speech

SPEECH = Speech(load(), load_wording())


def told(released: Released, key: str) -> Framework:
    rows = list(rows_of(released.findings, released.cells))
    return framework_of(SPEECH, ledger_of(rows, released.about.unit), released, key)


def entry(framework: Framework, label: str) -> Entry:
    (found,) = (entry for entry in framework.entries if entry.label == label)
    return found


def test_an_entry_says_the_lead_finding_and_where_more_is_said(released: Released) -> None:
    rigor = entry(told(released, "nasem"), "11")  # A-G completion speaks to advanced courses
    assert rigor.sentence
    assert rigor.sentence.en.startswith("Of every 100 Black graduates, 47 had completed the A-G courses;")
    assert (rigor.question, rigor.note) == ("doors", None)
    assert [name.en for name in rigor.indicators] == ["A-G courses completed"]


def test_what_is_not_measured_says_what_to_collect(released: Released) -> None:
    graduation = entry(told(released, "nasem"), "6")
    assert graduation.sentence is None
    assert graduation.note
    assert graduation.note.en.startswith("Not measured here.")
    assert [name.en for name, _ in graduation.collect] == [SPEECH.title("graduation").en]


def test_what_is_answered_for_the_whole_system_is_not_called_unmeasured(released: Released) -> None:
    """Schools apart is entry 8; graduation, entry 6, has nothing of the kind."""
    rows = list(rows_of(released.findings, released.cells))
    answer = Words("Of every 100 students, 3 would have to change schools.")
    ledger = ledger_of(rows, released.about.unit)
    framework = framework_of(SPEECH, ledger, released, "nasem", {"together": answer})
    apart = entry(framework, "8")
    assert (apart.sentence, apart.question, apart.note, apart.indicators) == (answer, "together", None, ())
    assert answer.en in framework_page(SPEECH, framework, "Cedar", Words("Source: x."))
    assert entry(framework, "6").sentence is None


def test_what_nobody_measures_and_what_was_not_asked_are_not_the_same(released: Released) -> None:
    nasem = told(released, "nasem")
    kindergarten, tests = entry(nasem, "2"), entry(nasem, "5")
    assert kindergarten.note
    assert kindergarten.note.en.startswith("No measure here")
    assert tests.note
    assert tests.note.en.startswith("Left out")  # the fixture's source does not say that it lacks tests


def test_hidden_numbers_are_not_called_unmeasured(released: Released) -> None:
    hidden = released.findings.filter(
        pc.and_(
            pc.equal(released.findings["state"], "hidden"),
            pc.equal(released.findings["indicator"], "ag_completion"),
        )
    )
    rigor = entry(told(replace(released, findings=hidden), "nasem"), "11")
    assert rigor.sentence is None
    assert rigor.note
    assert "hidden to protect students" in rigor.note.en


def test_a_group_that_is_told_speaks_where_everybody_is_not(released: Released) -> None:
    rows = [level("ap_participation", group, value, 200) for group, value in ((ALL, None), (BLACK, 0.2))]
    rigor = entry(framework_of(SPEECH, ledger_of(rows, HERE), released, "nasem"), "11")
    assert rigor.sentence
    assert rigor.sentence.en.startswith("Of every 100 Black students in grades 9 to 12, 20 took")


def test_a_question_that_is_left_out_is_not_linked(released: Released) -> None:
    asked = replace(released, settings={**released.settings, "questions": ["teachers"]})
    assert entry(told(asked, "nasem"), "11").question is None
    assert entry(told(asked, "nasem"), "10").question == "teachers"


@pytest.mark.parametrize("key", list(SPEECH.definitions.frameworks))
def test_every_entry_says_something_and_the_count_is_right(released: Released, key: str) -> None:
    framework = told(released, key)
    assert len(framework.entries) == len(SPEECH.definitions.frameworks[key].entries)
    assert all((each.sentence is None) != (each.note is None) for each in framework.entries)
    with_sentence = sum(each.sentence is not None for each in framework.entries)
    assert f"on {with_sentence} of the {len(framework.entries)} entries" in framework.counts.en
    assert all(each.name.en and each.name.es for each in framework.entries)
