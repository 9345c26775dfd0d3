"""What is said of a test at every level, and how a small group is drawn: words and dots follow from rows."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from tests.report.rows_made import HERE, SPEECH, everybody, level, row

from evenground.press import WIDE, Dots
from evenground.report.story.aspect import Aspect, Scene
from evenground.report.story.aspects.levels import mathematics, reading
from evenground.report.story.figures import groups_figure, pair_figure
from evenground.report.story.panel import Place
from evenground.report.story.rows import Row, ledger_of

BASIC, GOAL, TOP = "reading_basic", "reading_proficient", "reading_advanced"
DISABLED, LEARNERS = "disability:with_disability", "english_learner:english_learner"
PLACE = Place("Cedar", "district", ("disability",))
THEN = "2011-12"


def at_levels(
    group: str, shares: tuple[float, ...], gaps: tuple[float, ...], v: float, n: float
) -> list[Row]:
    """A group at every level now: its shares, its gaps to all others, and V."""
    rows = []
    for key, share, gap in zip((BASIC, GOAL, TOP), shares, gaps, strict=True):
        told = {"reference": "others", "low": gap - 0.01, "high": gap + 0.01, "verdict": "below", "n": n}
        rows += [level(key, group, share, n), row(key, "level_gap", group, gap, level=share, **told)]
    told = {"reference": "others", "low": v - 0.02, "high": v + 0.02, "verdict": "below", "n": n}
    return [*rows, row(GOAL, "v", group, v, **told)]


def moved(
    group: str, steps: tuple[float, ...], change: float, verdict: str, shares: tuple[float, ...] = ()
) -> list[Row]:
    """How the gaps and V moved since the first year, with the shares then."""
    told = {"reference": "others", "period_from": THEN}
    rows = []
    for at, (key, step) in enumerate(zip((BASIC, GOAL, TOP), steps, strict=True)):
        side = "rose" if step > 0 else "fell"
        bounds = {"low": step - 0.002, "high": step + 0.002, "verdict": side}
        rows.append(row(key, "level_gap_change", group, step, **bounds, **told))
        if shares:
            rows.append(level(key, group, shares[at], 900)._replace(period=THEN))
    bounds = {"low": change - 0.01, "high": change + 0.01, "verdict": verdict}
    return [*rows, row(GOAL, "v_change", group, change, **bounds, **told)]


def tell(rows: list[Row], teller: Any = reading) -> Aspect | None:
    about = SimpleNamespace(unit_level=HERE.level, unit_id=HERE.id)
    released: Any = SimpleNamespace(about=about)
    return teller(Scene(SPEECH, ledger_of(rows, HERE), PLACE, released))


@pytest.fixture
def oddly() -> Aspect:
    """Kentucky's middle school reading: further behind at the goal, nearer below, above and over all."""
    aspect = tell([
        *everybody(reading_basic=0.81, reading_proficient=0.57, reading_advanced=0.17),
        *at_levels(DISABLED, (0.54, 0.26, 0.05), (-0.298, -0.346, -0.135), -0.87, 17849),
        *moved(DISABLED, (0.061, -0.010, 0.014), 0.084, "misleads_opposite", (0.39, 0.17, 0.04)),
        *at_levels(LEARNERS, (0.5, 0.2, 0.02), (-0.3, -0.35, -0.15), -0.95, 900),
        *moved(LEARNERS, (-0.05, -0.05, -0.05), -0.1, "fell"),
    ])  # fmt: skip
    assert aspect
    return aspect


def test_the_finding_pictures_v_as_pairs_of_students(oddly: Aspect) -> None:
    # Phi(.87/sqrt 2) = .7308
    assert oddly.finding.en == (
        "73 times in 100, a student picked from all others is above one picked from "
        "students with disabilities who took the test."
    )
    assert "73 de cada 100 veces" in oddly.finding.of("es")


def test_the_warning_says_what_moved_which_way(oddly: Aspect) -> None:
    assert [sentence.en for sentence in oddly.sentences] == [
        "Since 2011-12 the gap at the goal grew. Over all levels it got smaller.",
        "So the share who reach the goal misleads here: look at every level.",
    ]


def test_both_years_stand_in_the_chart_with_the_others_as_marks(oddly: Aspect) -> None:
    chart = oddly.figures[0].chart
    assert isinstance(chart, Dots)
    assert [each.heading.en if each.heading else None for each in chart.rows] == [
        THEN,
        None,
        None,
        "2015-16",
        None,
        None,
    ]
    assert [round(each.reference or 0, 3) for each in chart.rows] == [
        0.749,
        0.506,
        0.189,
        0.838,
        0.606,
        0.185,
    ]
    assert [each.told for each in chart.rows] == ["39", "17", "4", "54", "26", "5"]
    assert chart.picture(WIDE).height > 0


def test_the_table_has_every_group_at_every_level(oddly: Aspect) -> None:
    table = oddly.table
    assert table
    assert [[cell.en for cell in line[1:]] for line in table.rows] == [
        ["−30", "−35", "−14", "−0.87", "smaller gap; the goal misleads"],
        ["−30", "−35", "−15", "−0.95", "larger gap"],
    ]
    assert len(table.heads) == 6
    assert "17,849" in oddly.rests.en


@pytest.mark.parametrize(
    ("verdict", "steps", "change", "said"),
    [
        ("misleads_turns", (-0.06, 0.05, 0.01), 0.001, "At the level Basic it grew."),
        ("misleads_only_here", (0.0, -0.05, 0.0), -0.001, "Over all levels it hardly moved."),
        ("misleads_not_here", (0.06, 0.001, 0.05), 0.09, "the gap over all levels got smaller."),
    ],
)  # fmt: skip
def test_each_way_to_mislead_has_its_words(
    verdict: str, steps: tuple[float, ...], change: float, said: str
) -> None:
    aspect = tell([
        *at_levels(DISABLED, (0.5, 0.2, 0.02), (-0.3, -0.35, -0.15), -0.95, 900),
        *moved(DISABLED, steps, change, verdict),
    ])  # fmt: skip
    assert aspect
    assert said in aspect.sentences[0].en


def test_where_the_goal_tells_the_same_it_says_so_and_one_year_is_enough() -> None:
    aspect = tell(at_levels(DISABLED, (0.5, 0.2, 0.02), (-0.3, -0.35, -0.15), -0.95, 900))
    assert aspect
    assert aspect.sentences[0].en == "Here the goal tells the same story as all levels together."
    assert aspect.table
    assert len(aspect.table.heads) == 5


def test_nothing_is_told_of_a_test_that_is_not_there() -> None:
    rows = at_levels(DISABLED, (0.5, 0.2, 0.02), (-0.3, -0.35, -0.15), -0.95, 900)
    assert tell(rows, mathematics) is None
    assert tell([]) is None


def small_group() -> list[Row]:
    steadied = row(
        "graduation", "stabilised", DISABLED, 0.62, n=12.0, low=0.44, high=0.78, reference="elsewhere"
    )
    return [*everybody(graduation=0.8), level("graduation", DISABLED, 0.42, 12), steadied]


def test_a_small_group_is_a_hollow_dot_with_a_note() -> None:
    figure = groups_figure(SPEECH, ledger_of(small_group(), HERE), PLACE, "graduation", None, 20)
    assert figure
    assert isinstance(figure.chart, Dots)
    drawn = figure.chart.rows[0]
    assert (drawn.value, drawn.low, drawn.high, drawn.told, drawn.hollow) == (0.62, 0.44, 0.78, "62", True)
    assert "A hollow dot stands for few students." in figure.subtitle.en
    assert "Un punto hueco" in figure.subtitle.of("es")
    assert any(shape.hollow for shape in figure.chart.picture(WIDE).shapes)


def test_other_groups_stay_as_they_are_counted() -> None:
    rows = [each for each in small_group() if each.measure != "stabilised"]
    figure = groups_figure(SPEECH, ledger_of(rows, HERE), PLACE, "graduation", None, 20)
    assert figure
    assert isinstance(figure.chart, Dots)
    assert (figure.chart.rows[0].value, figure.chart.rows[0].hollow) == (0.42, False)
    assert "hollow" not in figure.subtitle.en


def test_a_finding_in_short_tells_what_was_counted() -> None:
    """Sentences and their small charts keep the counted number; only the group chart steadies it."""
    ledger = ledger_of(small_group(), HERE)
    difference = row("graduation", "difference", DISABLED, -0.38, n=12.0, level=0.42)
    figure = pair_figure(SPEECH, ledger, PLACE, difference)
    assert isinstance(figure.chart, Dots)
    assert (figure.chart.rows[0].value, figure.chart.rows[0].hollow) == (0.42, False)
