"""Which chart a finding gets, and what stands in it: numbers from the rows of tests/report/conftest.py."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pyarrow.compute as pc
import pytest
from tests.report.rows_made import HERE, everybody, level
from tests.report.rows_made import gap as made_gap

from evenground.definitions import load, load_wording
from evenground.model import ALL, Released, Unit
from evenground.press import WIDE, Dots, Hundred, Lines, Multiples, Strip
from evenground.report.story.crosses import crosses_figure
from evenground.report.story.figures import groups_figure
from evenground.report.story.hundred import hundred_figure
from evenground.report.story.local import Locals
from evenground.report.story.panel import Place, Wider
from evenground.report.story.rows import Ledger, Row, ledger_of, rows_of
from evenground.report.story.speech import Speech
from evenground.report.story.trend import time_figure
from evenground.report.story.where import places_figure, where_of

AG = "ag_completion"
BLACK = "race_ethnicity:black"
PLACE = Place("Cedar", "district", ("race_ethnicity", "sex"))


@pytest.fixture(scope="module")
def speech() -> Speech:
    return Speech(load(), load_wording())


@pytest.fixture(scope="module")
def ledger(released: Released) -> Ledger:
    return ledger_of(list(rows_of(released.findings, released.cells)), released.about.unit)


def gap(ledger: Ledger, group: str = BLACK) -> Row:
    row = ledger.get(AG, group, "difference")
    assert row
    return row


def test_groups_stand_in_the_order_of_their_values_the_hidden_one_last(
    speech: Speech, ledger: Ledger
) -> None:
    figure = groups_figure(speech, ledger, PLACE, AG, gap(ledger), 20)
    assert figure
    assert isinstance(figure.chart, Dots)
    assert [(row.label.en, row.told, row.accent) for row in figure.chart.rows] == [
        ("White", "60", False),
        ("Black or African American", "47", True),
        ("Native Hawaiian or Pacific Islander", "", False),
    ]
    assert figure.chart.rows[-1].note
    assert figure.chart.rows[-1].note.en == "hidden to protect students"
    assert figure.chart.reference
    assert figure.chart.reference.en == "All students: 54"
    assert (figure.chart.start, figure.chart.end) == (0, 1)


def test_a_finding_about_two_dimensions_stands_above_the_plain_groups(speech: Speech, ledger: Ledger) -> None:
    latina = gap(ledger, "race_ethnicity:hispanic+sex:female")
    figure = groups_figure(speech, ledger, PLACE, AG, latina, 20)
    assert figure
    assert isinstance(figure.chart, Dots)
    first, *others = figure.chart.rows
    assert first.accent
    assert (first.told, len(others)) == ("60", 3)
    assert not any(row.accent for row in others)


def test_a_wider_place_stands_beside_its_groups(speech: Speech, ledger: Ledger) -> None:
    wider = Wider("Kentucky", {(AG, "2015-16", BLACK): 0.52})
    figure = groups_figure(speech, ledger, replace(PLACE, wider=wider), AG, gap(ledger), 20)
    assert figure
    assert isinstance(figure.chart, Dots)
    assert [row.wider for row in figure.chart.rows] == [None, 0.52, None]
    assert figure.chart.wider
    assert "Kentucky" in figure.chart.wider.es


def test_out_of_100_is_what_the_sentence_says(speech: Speech, ledger: Ledger) -> None:
    figure = hundred_figure(speech, ledger, PLACE, gap(ledger))
    assert figure
    assert isinstance(figure.chart, Hundred)
    assert [(share.told.en, share.accent) for share in figure.chart.shares] == [
        ("47 in 100", True),
        ("54 in 100", False),
    ]
    experience = ledger.get("teacher_experience", BLACK, "difference")
    assert experience
    assert hundred_figure(speech, ledger, PLACE, experience) is None  # years cannot be counted out of 100


def test_lines_say_their_last_value(speech: Speech, ledger: Ledger) -> None:
    figure = time_figure(speech, ledger, PLACE, AG, gap(ledger))
    assert figure
    assert isinstance(figure.chart, Lines)
    assert {line.label.en: (line.values, line.told) for line in figure.chart.series} == {
        "White": ((0.58, 0.60), "60"),
        "Black or African American": ((0.35, 0.47), "47"),
        "All students": ((0.50, 0.54), "54"),
    }


# --- two dimensions ---

CROSS = {
    ("asian", "female"): 0.8,
    ("asian", "male"): 0.7,
    ("black", "female"): 0.5,
    ("black", "male"): 0.4,
    ("white", "female"): 0.6,
    ("white", "male"): None,
    ("white", "nonbinary"): None,
}


def crossed(ledger: Ledger, values: dict[tuple[str, str], float | None]) -> Ledger:
    """The ledger with these levels beside those of everybody."""
    model = ledger.level(AG, ALL)
    assert model
    focus, made = {(AG, "2015-16", ALL, "rate"): model}, []
    for (race, sex), value in values.items():
        group = f"race_ethnicity:{race}+sex:{sex}"
        told: dict[str, Any] = {"value": value, "low": None, "high": None}
        told["state"] = "hidden" if value is None else "value"
        focus[AG, "2015-16", group, "rate"] = model._replace(
            group=group, dimension="race_ethnicity+sex", **told
        )
        made.append(group)
    return replace(ledger, focus=focus, groups={(AG, "race_ethnicity+sex"): tuple(made)})


def test_two_dimensions_are_small_multiples(speech: Speech, ledger: Ledger) -> None:
    figure = crosses_figure(speech, crossed(ledger, CROSS), PLACE, AG, None)
    assert figure
    assert isinstance(figure.chart, Multiples)
    assert {
        panel.title.en: {row.label.en: row.told for row in panel.rows} for panel in figure.chart.panels
    } == {
        "Female": {"Asian": "80", "White": "60", "Black or African American": "50"},
        "Male": {"Asian": "70", "White": "", "Black or African American": "40"},
    }  # nobody is told of a third gender: no panel, but the table says why
    hidden = next(row for row in figure.chart.panels[1].rows if row.label.en == "White")
    assert hidden.note
    assert hidden.note.en == "hidden to protect students"


def test_a_cross_of_which_little_is_told_is_left_to_the_table(speech: Speech, ledger: Ledger) -> None:
    few = {key: value for key, value in CROSS.items() if key[0] == "asian"}
    assert crosses_figure(speech, crossed(ledger, few), PLACE, AG, None) is None
    hidden = {key: value if key[1] == "female" else None for key, value in CROSS.items()}
    assert crosses_figure(speech, crossed(ledger, hidden), PLACE, AG, None) is None


# --- where ---


def test_a_place_in_focus_is_marked_and_named_among_all(speech: Speech, ledger: Ledger) -> None:
    row, parts = gap(ledger), ledger.parts[AG, BLACK]
    figure = places_figure(speech, row, parts, Unit("school", "000", "A name of its page"))
    assert figure
    assert isinstance(figure.chart, Strip)
    assert [mark.label.en for mark in figure.chart.marks if mark.label] == ["=cmd|' /C calc'!A0"]
    assert figure.title.en.endswith("are clearly below the comparison here")
    other = places_figure(speech, row, parts, Unit("school", "002"))
    assert other
    assert other.title.en == "Elm among all schools: no clear difference for Black graduates"
    alone = places_figure(speech, row, parts)
    assert alone
    assert isinstance(alone.chart, Strip)
    assert not any(mark.label for mark in alone.chart.marks)
    assert [mark.value for mark in alone.chart.marks] == pytest.approx([-0.10, -0.08, -0.06, -0.04, -0.02])


def test_a_state_shows_its_schools_below_its_districts(speech: Speech, ledger: Ledger) -> None:
    parts = ledger.parts[AG, BLACK]
    state = replace(
        ledger,
        parts={(AG, BLACK): [part._replace(unit_level="district") for part in parts]},
        schools={(AG, BLACK): parts},
    )
    where = where_of(speech, state, gap(state))
    assert where
    assert where.schools
    assert "5 districts" in where.figure.title.en
    assert "5 schools" in where.schools.figure.title.en
    assert len(where.schools.largest) == 5


def test_where_all_places_are_even_there_is_no_strip(speech: Speech, ledger: Ledger) -> None:
    even = [part._replace(value=1e-16) for part in ledger.parts[AG, BLACK]]
    assert places_figure(speech, gap(ledger), even) is None


def test_the_page_of_a_school_has_the_whole_place_beside_it(released: Released, speech: Speech) -> None:
    schools = released.findings.filter(pc.equal(released.findings["unit_level"], "school"))
    places = Locals(replace(released, pages=schools), "school", speech.definitions)
    local = places.of(Unit("school", "001", "Oak"), speech)
    assert local.story.place.wider
    assert local.story.place.wider.name == released.about.title
    assert local.story.place.wider.values[AG, "2015-16", BLACK] == 0.47
    assert (AG, "2015-16", "race_ethnicity:pacific_islander") not in local.story.place.wider.values  # hidden


def test_a_hidden_value_is_drawn_as_the_range_in_which_it_lies(speech: Speech, ledger: Ledger) -> None:
    group = "race_ethnicity:pacific_islander"
    row = ledger.level(AG, group)
    assert row
    focus = {**ledger.focus, (AG, "2015-16", group, "rate"): row._replace(low=0.95, high=1.0)}
    figure = groups_figure(speech, replace(ledger, focus=focus), PLACE, AG, None, 20)
    assert figure
    assert isinstance(figure.chart, Dots)
    last = figure.chart.rows[-1]
    assert (last.value, last.low, last.high, last.told) == (None, 0.95, 1.0, "95–100")


def test_groups_too_small_to_compare_are_not_called_even(speech: Speech) -> None:
    rows = [
        *everybody(ap_participation=0.4),
        *made_gap("ap_participation", BLACK, 0.2, 0.4, 5, verdict="too_few"),
    ]
    figure = groups_figure(speech, ledger_of(rows, HERE), PLACE, "ap_participation", None, 20)
    assert figure
    assert figure.title.en == "How student groups compare"


def test_a_combination_in_no_data_is_not_called_unreported(speech: Speech, ledger: Ledger) -> None:
    some = {key: value for key, value in CROSS.items() if key != ("white", "male")}
    figure = crosses_figure(speech, crossed(ledger, some), PLACE, AG, None)
    assert figure
    assert isinstance(figure.chart, Multiples)
    nobody = next(row for row in figure.chart.panels[1].rows if row.label.en == "White")
    assert (nobody.value, nobody.note) == (None, None)
    assert "not reported" not in str(figure.chart.picture(WIDE))


def test_lines_hold_the_whole_range_and_count_the_years_between(speech: Speech) -> None:
    """The range goes up to 0.19: the axis ends at 0.2. From 2011-12 to 2015-16 there are five years."""
    rows = [
        level("ap_participation", group, value, 200)._replace(period=period, low=0.01, high=high)
        for group in (ALL, BLACK)
        for period, value, high in (("2011-12", 0.05, 0.19), ("2015-16", 0.09, 0.15))
    ]
    made = ledger_of([*rows, *made_gap("ap_participation", BLACK, 0.09, 0.09, 200)[1:]], HERE)
    accent = made.get("ap_participation", BLACK, "difference")
    figure = time_figure(speech, made, PLACE, "ap_participation", accent)
    assert figure
    assert isinstance(figure.chart, Lines)
    assert figure.chart.end == 0.2
    assert figure.title.en.endswith("over 5 years")
    assert figure.chart.series[0].written == ("5.0", "9.0")
