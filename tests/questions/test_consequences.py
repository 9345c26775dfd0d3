"""Who is sent out more often: five districts over three years, by hand."""

from __future__ import annotations

from math import exp, sqrt

import pytest
from tests.questions.cells_made import asked, cell, found, scene

from evenground.model import Unit
from evenground.report.story.aspects.consequences import consequences

PLACE, BY = Unit("state", "KY", "Kentucky"), ("race_ethnicity",)
BLACK, WHITE = "race_ethnicity:black", "race_ethnicity:white"
YEARS = ("2013-14", "2014-15", "2015-16")
# Of 100 Black students 36, 34, 32 are suspended in the first district, where 10 of 100 white students are; in
# the third there are 20 Black students: too few.
FIRST = (36, 34, 32)


def rows(indicator: str = "suspension", first=FIRST, years=YEARS, hidden: str = "") -> list[dict]:
    made = []
    for year, top in zip(years, first, strict=True):
        counts = {
            "01": ((top, 100), (10, 100)), "02": ((20, 100), (20, 100)), "03": ((5, 20), (20, 100)),
            "04": ((20, 100), (20, 100)), "05": ((20, 100), (20, 100)),
        }  # fmt: skip
        every = [(unit, *counts[unit]) for unit in counts]
        sums = [tuple(sum(row[at][part] for row in every) for part in (0, 1)) for at in (1, 2)]
        for level, unit, black, white in [("district", *row) for row in every] + [("state", "KY", *sums)]:
            whole = [black[part] + white[part] for part in (0, 1)]
            gone = unit == hidden
            made += [
                cell(indicator, level, unit, year, BLACK, black[1], black[0], gone),
                cell(indicator, level, unit, year, WHITE, white[1], white[0], gone),
                cell(indicator, level, unit, year, "all", whole[1], whole[0]),
            ]
    return made


MEASURES = ("risk_ratio", "years_over", "places_over", "places_judged")


def test_the_ratio_and_the_places_over_the_line_for_years() -> None:
    table = found(asked(rows(), PLACE, BY), *MEASURES)
    # 32 + 20 + 5 + 20 + 20 = 97 of 420; 10 + 4 x 20 = 90 of 500
    state = table["risk_ratio", "KY", BLACK, "others"]
    assert state["value"] == pytest.approx((97 / 420) / (90 / 500))
    assert (state["verdict"], state["n"]) == ("no_clear_difference", 420)
    assert state["low"] < state["value"] < state["high"]
    over = [key for key in table if key[0] == "years_over"]
    assert over == [("years_over", "01", BLACK, "others")]
    assert table[over[0]]["value"] == 3
    assert table[over[0]]["period_from"] == "2013-14"
    assert table["risk_ratio", "01", BLACK, "others"]["value"] == pytest.approx(3.2)
    counts = table["places_over", "KY", BLACK, "others"], table["places_judged", "KY", BLACK, "others"]
    assert [(row["value"], row["n"]) for row in counts] == [(1, 4), (4, 5)]  # 20 students are too few
    # white students of the third district stand beside the state's, since the 20 there are too few
    assert table["places_judged", "KY", WHITE, "others"]["value"] == 5


def test_exactly_the_line_is_not_over_it_and_years_have_to_follow_each_other() -> None:
    exact = found(asked(rows(first=(36, 30, 32)), PLACE, BY), *MEASURES)
    assert not [key for key in exact if key[0] == "years_over"]
    assert exact["places_over", "KY", BLACK, "others"]["value"] == 0
    gone = found(asked(rows(years=("2012-13", "2014-15", "2015-16")), PLACE, BY), *MEASURES)
    assert {key[0] for key in gone} == {"risk_ratio"}
    assert {key[1] for key in gone} == {"KY"}


def test_hidden_numbers_are_no_zeros() -> None:
    table = found(asked(rows(hidden="02"), PLACE, BY), *MEASURES)
    assert ("places_judged", "KY", BLACK, "others") not in table  # three are fewer than what is asked for
    assert table["places_judged", "KY", WHITE, "others"]["value"] == 4


def test_events_are_as_sure_as_places_are_alike() -> None:
    made = asked(rows("suspension_events", first=(360, 340, 320)), PLACE, BY)
    table = found(made, *MEASURES)
    row = table["risk_ratio", "KY", BLACK, "others"]
    assert row["value"] == pytest.approx((385 / 420) / (90 / 500))
    # what each district adds to the log of the ratio, by hand; Student's t of 3 by table, since 420 students
    # in one 20 and four 100s count for 420^2 / 40,400 = 4.4 districts
    black, white = ((320, 100), (20, 100), (5, 20), (20, 100), (20, 100)), (10, 20, 20, 20, 20)
    own, others = 385 / 420, 90 / 500
    added = [
        (events - own * n) / 420 / own - (more - others * 100) / 500 / others
        for (events, n), more in zip(black, white, strict=True)
    ]
    factor = exp(3.182446 * sqrt(4 / 3 * sum(one**2 for one in added)))
    assert (row["low"], row["high"]) == pytest.approx((row["value"] / factor, row["value"] * factor))
    gap = found(made, "difference")["difference", "KY", BLACK, "overall"]
    assert gap["high"] == pytest.approx((own * factor - others) * 500 / 920)
    assert (gap["low"], gap["verdict"]) == (
        pytest.approx((own / factor - others) * 500 / 920),
        row["verdict"],
    )


def test_too_few_public_places_do_not_tell_how_sure_events_are() -> None:
    few = asked(rows("suspension_events", first=(360, 340, 320), hidden="01"), PLACE, BY)
    row = found(few, *MEASURES)["risk_ratio", "KY", BLACK, "others"]
    assert (row["low"], row["high"], row["verdict"]) == (None, None, None)
    table = found(asked(rows("suspension_events", first=(360, 340, 320)), PLACE, BY), *MEASURES)
    assert table["risk_ratio", "01", BLACK, "others"]["value"] == pytest.approx(32)


def test_words_follow_from_the_rows() -> None:
    made = rows(first=(60, 60, 60))
    aspect = consequences(scene(made, asked(made, PLACE, BY), PLACE, BY))
    assert aspect is not None
    assert aspect.finding.en.startswith("Of every 100 Black students, 30 were sent home")
    assert aspect.finding.en.endswith("of every 100 others, 18.")
    assert [sentence.en for sentence in aspect.sentences] == [
        "That is 1.7 times as often.",
        "In 1 of 4 districts it was over 3 times as often, 3 years in a row.",
        "Such a number asks how we decide. It does not say why.",
    ]
    assert "In 4 of 5 districts the group has enough students" in aspect.rests.en
    assert aspect.table is not None
    assert aspect.table.rows[-1][0].en == "Black or African American, Place 01"
    assert aspect.figures[0].chart.picture(360) is not None


def test_where_nothing_is_clear_no_group_is_named() -> None:
    made = rows(first=(20, 20, 20))
    aspect = consequences(scene(made, asked(made, PLACE, BY), PLACE, BY))
    assert aspect is not None
    assert aspect.finding.en == "For no group is it clearly more often than for all others."
    assert aspect.sentences == ()
