"""What the page says of background and of places that do better follows from rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa
from tests.report.rows_made import BLACK, DISABLED, HERE, SPEECH, row

from evenground.model import ALL, UNITS, Released
from evenground.press import Dots, Lines, Strip
from evenground.report.story.aspect import Scene
from evenground.report.story.aspects.background import background
from evenground.report.story.aspects.bright import bright, bright_others
from evenground.report.story.panel import Place
from evenground.report.story.rows import Row, ledger_of

INCOME, RACE = "dimension:economic_disadvantage", "dimension:race_ethnicity"


def scene(released: Released, rows: Sequence[Row]) -> Scene:
    about = replace(released.about, unit_level=HERE.level, unit_id=HERE.id)
    units = [
        {"unit_level": "school", "unit_id": f"{n:02}", "unit_name": f"School {n}", "parent_id": HERE.id}
        for n in range(30)
    ]
    there = replace(released, about=about, units=pa.Table.from_pylist(units, schema=UNITS))
    return Scene(SPEECH, ledger_of(rows, HERE), Place("Cedar", "district", ("race_ethnicity",)), there)


def order(value: float, reference: str, period: str = "2015-16", indicator: str = "graduation") -> Row:
    more = {"reference": reference, "low": value - 0.01, "high": value + 0.01, "n": 4000.0, "period": period}
    return row(indicator, "background_order", ALL, value, **more)


def test_background_is_led_by_what_tells_most(released: Released) -> None:
    moved = row("graduation", "background_change", ALL, -0.03, reference=INCOME, low=-0.05, high=-0.01,
                verdict="fell", period_from="2013-14")  # fmt: skip
    coin = order(0.505, RACE, indicator="gifted")
    # Two things at once tell more, but they are no one thing alone.
    both = order(0.7, f"{RACE}+sex")
    rows = [order(0.68, INCOME, "2013-14"), order(0.65, INCOME), order(0.58, RACE), both, coin, moved]
    told = background(scene(released, rows))
    assert told is not None
    assert told.finding.en == (
        "65 of 100 guesses would be right from one thing alone: family income. A coin gets 50."
        " The result: Graduating on time."
    )
    sentences = [words.en for words in told.sentences]
    assert "In 2013-14 it was 68: background tells clearly less now." in sentences
    dots, lines = (figure.chart for figure in told.figures)
    assert isinstance(dots, Dots)
    assert [(one.told, one.accent) for one in dots.rows] == [("70", False), ("65", True), ("58", False)]
    assert isinstance(lines, Lines)
    assert lines.periods == ("2013-14", "2015-16")
    assert told.table is not None
    # Of the gifted programme the range holds a coin: nothing is said of it.
    assert [cells[0].en for cells in told.table.rows] == ["Graduating on time"]


def test_background_says_nothing_where_a_coin_does_as_well(released: Released) -> None:
    assert background(scene(released, [order(0.505, RACE)])) is None
    assert background(scene(released, [])) is None


def at_school(number: int, measure: str, value: float, group: str = DISABLED, **more: object) -> Row:
    place: dict[str, object] = {
        "unit_level": "school",
        "unit_id": f"{number:02}",
        "unit_name": f"School {number}",
    }
    place |= {"reference": "similar", "n": 90.0 + number}
    return row("graduation", measure, group, value, **(place | more))


def places(group: str = DISABLED) -> list[Row]:
    rows = [
        at_school(n, "advantage", 0.2 if n in (3, 7) else 0.01 * (n % 5 - 2), group, level=0.6,
                  verdict="above" if n in (3, 7) else "no_clear_difference")
        for n in range(30)
    ]  # fmt: skip
    for n in (3, 7):
        rows.append(at_school(n, "advantage_luck", 0.001 if n == 3 else 0.04, group))
        rows.append(at_school(n, "advantage_expected", 0.41, group))
        rows += [at_school(n, "likeness", 0.1 * k, ALL, reference=f"unit:{10 + k:02}") for k in range(8)]
    return [*rows, row("graduation", "compared_on", ALL, 0.5, reference="size")]


def test_places_are_told_by_name_with_those_like_them(released: Released) -> None:
    told = bright(scene(released, places()))
    assert told is not None
    assert told.finding.en.startswith("At 2 of 30 schools, students with disabilities")
    strip = told.figures[0].chart
    assert isinstance(strip, Strip)
    assert [mark.label.en for mark in strip.marks if mark.label] == ["School 7"]
    assert sum(mark.clear for mark in strip.marks) == 8
    assert told.table is not None
    like = "School 10, School 11, School 12, School 13, School 14"
    assert [[cell.en for cell in cells] for cells in told.table.rows] == [
        ["School 3", "93", "60.0%", "41.0%", "below 1 in 100", like],
        ["School 7", "97", "60.0%", "41.0%", "4 in 100", like],
    ]
    assert "number of students" in told.rests.en


def test_others_are_a_table_and_level_change_and_gap_stay_apart(released: Released) -> None:
    moved = at_school(5, "advantage_gap", 0.03, BLACK, verdict="above")
    told = bright_others(scene(released, [*places(), moved]))
    assert told is not None
    assert told.table is not None
    kinds = [(cells[1].en, cells[2].en, cells[3].en, cells[4].en) for cells in told.table.rows]
    assert kinds == [
        ("With disabilities", "Where it stands", "2", "School 3, School 7"),
        ("Black or African American", "How fast the gap closes", "1", "School 5"),
    ]
    assert bright_others(scene(released, places())) is None


def test_without_a_named_place_nothing_is_said(released: Released) -> None:
    rows = [at_school(n, "advantage", 0.01, verdict="no_clear_difference") for n in range(30)]
    assert bright(scene(released, rows)) is None
    assert bright_others(scene(released, rows)) is None
