"""Closing, seen four ways: each reading by hand, and the flag where a gap closed because those ahead fell."""

from __future__ import annotations

import pytest
from tests.report.rows_made import (
    BLACK,
    GIRLS,
    HERE,
    SPEECH,
    WHITE,
    everybody,
    gap,
    level,
    moved,
    row,
    school,
)

from evenground.model import ALL
from evenground.report.story.lenses import Closing, closing_of, elsewhere, progress
from evenground.report.story.rows import Row, ledger_of

THEN = "2011-12"


def told(gap_change: str, change: float = 0.1, more: list[Row] | None = None) -> Closing | None:
    """Black students went from 30 to 50 of 100 while everybody went from 60 to 70."""
    rows = [
        *everybody(ap_participation=0.7),
        *gap("ap_participation", BLACK, 0.5, 0.7, 200, verdict="below", rank=1),
        row("ap_participation", "difference", BLACK, -0.3, period=THEN, level=0.3),
        row("ap_participation", "rate", BLACK, 0.3, period=THEN),
        moved("ap_participation", BLACK, 0.3, 0.5, "rose"),
        row(
            "ap_participation", "gap_change", BLACK, change, verdict=gap_change, period_from=THEN, n=200,
            level=0.5, level_from=0.3, reference="others",
        ),
        *(more or []),
    ]  # fmt: skip
    ledger = ledger_of(rows, HERE)
    return closing_of(SPEECH, ledger, "ap_participation", ledger.get("ap_participation", BLACK, "difference"))


def reading(closing: Closing | None, key: str) -> tuple[str, str]:
    assert closing
    (lens,) = (lens for lens in closing.lenses if lens.key == key)
    return lens.seen.en, lens.reading.en


def test_the_gap_then_and_now() -> None:
    closing = told("closed_behind_rose")
    assert reading(closing, "gap") == (
        "The gap was 30 in 100 in 2011-12. It is 20 in 100 in 2015-16.",
        "smaller",
    )
    assert closing
    assert closing.flag is None
    assert closing.group.en == "Black students in grades 9 to 12"


def test_a_gap_that_moved_the_other_way_against_everybody_tells_the_move_against_the_others() -> None:
    """Against everybody 30 became 20; where the gap to all others grew by 4, that is what is told."""
    assert reading(told("widened_ahead_rose", -0.04), "gap") == (
        "Beside all others, it grew by 4 in 100.",
        "larger",
    )


@pytest.mark.parametrize(
    ("verdict", "flag"),
    [
        (
            "closed_ahead_fell",
            "The gap closed because those ahead lost ground. Nobody is clearly better off for it.",
        ),
        ("closed_both", "Part of this is that those ahead lost ground. That part helps nobody."),
        ("closed_behind_rose", None),
        ("widened_both", None),
        ("no_clear_change", None),
    ],
)
def test_levelling_down_is_flagged(verdict: str, flag: str | None) -> None:
    closing = told(verdict)
    assert closing
    assert (closing.flag.en if closing.flag else None) == flag


def test_progress_of_all_counts_every_group_once() -> None:
    more = [
        level("ap_participation", WHITE, 0.8, 400),
        moved("ap_participation", WHITE, 0.9, 0.8, "fell"),
        level("ap_participation", GIRLS, 0.7, 500),
        moved("ap_participation", GIRLS, 0.7, 0.7, "no_clear_change"),
        moved("ap_participation", ALL, 0.6, 0.7, "rose"),  # everybody is no group
    ]
    assert reading(told("closed_both", more=more), "all") == (
        "Groups that can be compared: 3. Clear gains: 1. Clear losses: 1.",
        "some gained, some lost",
    )


def test_where_lower_is_better_a_fall_is_a_gain() -> None:
    rows = [
        *everybody(suspension=0.05),
        *gap("suspension", BLACK, 0.07, 0.05, 200, verdict="above"),
        moved("suspension", BLACK, 0.1, 0.07, "fell"),
        level("suspension", WHITE, 0.04, 400),
        moved("suspension", WHITE, 0.05, 0.04, "fell"),
        moved("suspension", BLACK, 0.0, 0.0, "closed_behind_rose", measure="gap_change"),
    ]
    ledger = ledger_of(rows, HERE)
    closing = closing_of(SPEECH, ledger, "suspension", ledger.get("suspension", BLACK, "difference"))
    assert reading(closing, "all")[1] == "every group that can be compared gained"
    assert reading(closing, "level")[1] == "still behind"


def test_the_same_group_in_other_places() -> None:
    """Levels 10, 20, 30, 40 and 50 of 100: the middle half lies between 20 and 40."""
    verdicts = ["below", "below", "below", "no_clear_difference", "above"]
    more = [
        school(at, "ap_participation", BLACK, verdict, level=0.1 + at / 10)
        for at, verdict in enumerate(verdicts)
    ]
    assert reading(told("closed_behind_rose", more=more), "places") == (
        "Of 5 schools: clearly behind in 3, clearly ahead in 1. "
        "In the middle half of them it is 20 to 40 of every 100.",
        "behind in most places shown",
    )


def test_nothing_is_read_where_no_verdict_was_earned() -> None:
    assert told("too_few") is None
    without = ledger_of(everybody(ap_participation=0.7), HERE)
    assert closing_of(SPEECH, without, "ap_participation", None) is None


def test_without_a_gap_now_the_one_that_closed_is_told() -> None:
    rows = [
        *everybody(ap_participation=0.7),
        *gap("ap_participation", BLACK, 0.69, 0.7, 200, verdict="no_clear_difference"),
        moved("ap_participation", BLACK, -0.3, -0.01, "closed_behind_rose", measure="gap_change"),
    ]
    closing = closing_of(SPEECH, ledger_of(rows, HERE), "ap_participation", None)
    assert reading(closing, "level")[1] == "no clear gap now"


@pytest.mark.parametrize(
    ("groups", "better", "worse", "said"),
    [
        (5, 5, 0, "all_gained"),
        (5, 2, 0, "some_gained"),
        (5, 2, 1, "some_lost"),
        (5, 0, 2, "none_gained"),
        (5, 0, 0, "no_change"),
    ],
)
def test_progress(groups: int, better: int, worse: int, said: str) -> None:
    assert progress(groups, better, worse) == said


@pytest.mark.parametrize(
    ("places", "behind", "ahead", "said"),
    [
        (10, 6, 4, "behind_in_most"),
        (10, 5, 0, "behind_in_some"),
        (10, 1, 1, "mixed"),
        (10, 0, 1, "ahead_in_some"),
        (10, 0, 0, "even_everywhere"),
    ],
)
def test_elsewhere(places: int, behind: int, ahead: int, said: str) -> None:
    assert elsewhere(places, behind, ahead) == said
