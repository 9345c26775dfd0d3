"""The answer to a question is true, and has a number, in every state of the data."""

from __future__ import annotations

import pytest
from tests.report.rows_made import BLACK, HERE, LEARNERS, SPEECH, WHITE, everybody, gap, level, row

from evenground.report.story.answer import answer_of
from evenground.report.story.rows import Row, ledger_of, ranked

SHOWN = "Of every 100 students in grades 9 to 12, 40 took at least one AP course."


def answer(rows: list[Row], indicator: str = "ap_participation") -> str:
    ledger = ledger_of(rows, HERE)
    first = ranked(ledger)
    return answer_of(SPEECH, ledger, first[0] if first else None, [indicator]).en


def ap(**more: object) -> list[Row]:
    return [*everybody(ap_participation=0.4), *gap("ap_participation", BLACK, 0.2, 0.4, 200, **more)]


def test_the_gap_to_look_at_first_answers() -> None:
    assert answer(ap(verdict="below", rank=1)).startswith(
        "Of every 100 Black students in grades 9 to 12, 20 took"
    )


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            ap(verdict="below"),
            f"{SHOWN} Some groups look behind, but with so many comparisons chance can do that.",
        ),
        (
            ap(verdict="no_clear_difference"),
            f"{SHOWN} No student group is clearly behind in what these data show.",
        ),
        (everybody(ap_participation=0.4), f"{SHOWN} These data do not tell it for each student group."),
        (ap()[:2], f"{SHOWN} Student groups are shown, but not compared."),
        (
            [*everybody(ap_participation=0.4), level("ap_participation", BLACK, None, None)],
            f"{SHOWN} Numbers of student groups are hidden to protect students.",
        ),
        (ap(verdict="too_few"), f"{SHOWN} The student groups are too small to say more."),
        (
            [level("ap_participation", "all", None, None)],
            "The numbers that would answer this are hidden to protect students.",
        ),
        (
            [level("ap_participation", "all", None, None)._replace(state="not_reported")],
            "The source does not report the numbers that would answer this.",
        ),
        (
            [level("ap_participation", "all", None, None)._replace(state="not_applicable")],
            "These data cannot answer this question.",
        ),
    ],
)
def test_every_state_has_its_answer(rows: list[Row], said: str) -> None:
    assert answer(rows) == said


def test_a_gap_without_a_range_is_told_with_that() -> None:
    assert answer(ap(low=None, high=None)).endswith("These data do not let us say how sure this is.")


def test_a_difference_that_the_told_numbers_do_not_show_is_no_answer() -> None:
    """24.71 and 24.68 students are both told as 24.7."""
    rows = [
        *everybody(class_size=24.68),
        *gap("class_size", BLACK, 24.71, 24.68, 200, low=None, high=None),
    ]
    assert answer(rows, "class_size") == (
        "All students sit in classes of 24.7 students on average. These data do not let us say how sure the "
        "differences are."
    )


def test_what_is_mostly_hidden_is_not_called_even() -> None:
    hidden = [level("ap_participation", group, None, None) for group in (WHITE, LEARNERS)]
    assert answer([*ap(verdict="no_clear_difference"), *hidden]).endswith(
        "No group that is shown is clearly behind. Most are hidden to protect students."
    )


def test_a_group_that_is_nearly_everybody_is_told_as_it_is() -> None:
    """900 of 1,000 are behind: chance does not do that, and it is nobody's group to look at first."""
    rows = [*everybody(ap_participation=0.4), *gap("ap_participation", WHITE, 0.3, 0.4, 900, verdict="below")]
    assert answer(rows).startswith("Of every 100 white students in grades 9 to 12, 30 took")


def test_of_what_schools_give_it_says_who_gets_more() -> None:
    rows = [
        *everybody(spending=10_000.0),
        *gap("spending", LEARNERS, 11_000.0, 10_000.0, 200, verdict="above", low=900.0, high=1100.0),
    ]
    assert "$11,000 a year is spent on each student; all students, $10,000." in answer(rows, "spending")


def test_neither_good_nor_bad_has_its_number_too() -> None:
    rows = [*everybody(police_presence=0.3), *gap("police_presence", BLACK, 0.5, 0.3, 200, verdict="above")]
    first, second = answer(rows, "police_presence").split(". ")
    assert first == "Of every 100 students, 30 have a police officer at their school"
    assert second == "These data show differences that are neither good nor bad in themselves."


@pytest.mark.parametrize(
    ("idea", "code", "said"),
    [
        ("liberal", "counts", "chance can do that"),
        ("liberal", "does_not_count", "does not ask about it, or does not call it unfair"),
        ("libertarian", "counts", "does not ask about it, or does not call it unfair"),
        (None, "does_not_count", "chance can do that"),
    ],
)
def test_what_an_idea_does_not_count_is_not_put_down_to_chance(
    idea: str | None, code: str, said: str
) -> None:
    """The liberal idea alone reads this gap; a review by it, by another idea, and by none."""
    read = row("ap_participation", "reading", BLACK, 0.0, verdict=code, perspective="liberal")
    ledger = ledger_of([*ap(verdict="below"), read], HERE, idea=idea)
    assert said in answer_of(SPEECH, ledger, None, ["ap_participation"]).en
