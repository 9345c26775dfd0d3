"""A number that jumps within a year; what the questions about the whole system tell of one place."""

from __future__ import annotations

import pytest
from tests.report.rows_made import DISABLED, HERE, SPEECH, row

from evenground.model import ALL
from evenground.report.story.jump import jump_of
from evenground.report.story.mention import mentions_of
from evenground.report.story.rows import Row, ledger_of

INCOME = "group:economic_disadvantage:disadvantaged"


def over_years(indicator: str, measure: str, **values: float) -> str | None:
    rows = [
        row(indicator, measure, ALL, value, n=1_000.0, period=name[1:].replace("_", "-"))
        for name, value in values.items()
    ]
    told = jump_of(SPEECH, ledger_of(rows, HERE), indicator)
    return told.en if told else None


def test_the_farthest_step_of_a_year_is_told() -> None:
    """Los Angeles: 47.3, 26.3, 46.8 of every 100; Cohen's h of the first step is 0.44, by hand."""
    told = over_years("ag_completion", "rate", y2006_07=0.473, y2007_08=0.263, y2008_09=0.468)
    assert told == (
        "In one year, 2006-07 to 2007-08, all together moved far: from 47 to 26 of every 100 graduates. "
        "Ask if the way of counting changed."
    )


def test_an_average_that_doubles_is_told() -> None:
    told = over_years("in_school_removal_events", "mean", y2012_13=0.14, y2013_14=0.30)
    assert told == (
        "In one year, 2012-13 to 2013-14, all students moved far: from 0.14 times to 0.30 times. "
        "Ask if the way of counting changed."
    )


@pytest.mark.parametrize(
    "values",
    [
        {"y2011_12": 0.446, "y2012_13": 0.506, "y2013_14": 0.571},  # h 0.12 and 0.13
        {"y2007_08": 0.263, "y2009_10": 0.541},  # far, but two years apart
        {"y2007_08": 0.263},
    ],
)
def test_small_steps_and_years_apart_are_no_jump(values: dict[str, float]) -> None:
    assert over_years("ag_completion", "rate", **values) is None


def found(measure: str, value: float, **more: object) -> Row:
    return row("reading_proficient", measure, DISABLED, value, n=200.0, **more)


RESULT = [
    found("advantage", 0.2, level=0.58, verdict="above"),
    found("advantage_expected", 0.31),
    found("likeness", 0.4, reference="unit:8"),
    found("likeness", 0.2, reference="unit:9"),
]
ON_INCOME = [found("compared_on", 1.0, reference=INCOME)]


def test_a_place_that_does_better_than_places_like_it() -> None:
    told = mentions_of(SPEECH, RESULT, {"8": "Birch", "9": "Aspen"}, ON_INCOME)
    assert [sentence.en for sentence in told] == [
        "Of every 100 students with disabilities who took the test here, 58 met the state's goal in reading; "
        "at places like this one, about 31. It has been clearly more year after year.",
        "Reading: proficient or above: most like this place are Aspen, Birch.",
    ]


def test_places_that_differ_in_income_are_not_set_beside_each_other() -> None:
    assert not mentions_of(SPEECH, RESULT, {}, [])


def test_what_is_not_clearly_better_is_not_mentioned() -> None:
    same = RESULT[0]._replace(verdict="no_clear_difference")
    assert not mentions_of(SPEECH, [same, *RESULT[1:]], {}, ON_INCOME)


def test_a_group_over_the_line_for_years_and_money_by_need() -> None:
    of = {"group": "race_ethnicity:black"}
    sent_out = [
        row("suspension_events", "risk_ratio", of["group"], 4.4),
        row("suspension_events", "years_over", of["group"], 3.0),
    ]
    money = [row("spending", "expected_money", ALL, 14_239.0, level=14_846.0)]
    told = [sentence.en for sentence in mentions_of(SPEECH, [*sent_out, *money], {}, [])]
    assert told[0].startswith(
        "Suspensions for each student: for Black students here it is 4.4 times what it is"
    )
    assert told[1].startswith("Spending for each student: $14,846 here in 2015-16.")
    assert "it would be $14,239" in told[1]
