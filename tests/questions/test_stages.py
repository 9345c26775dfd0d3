"""Along the way: two steps of which the parts are known by hand."""

from __future__ import annotations

import pytest
from tests.questions.cells_made import asked, cell, found, scene

from evenground.model import Unit
from evenground.press import NARROW, WIDE
from evenground.report.story.aspects.stages import stages

PLACE, BY = Unit("district", "01", "Adair"), ("race_ethnicity",)
BLACK, WHITE = "race_ethnicity:black", "race_ethnicity:white"
MEASURES = ("stage_reached", "stage_part", "stage_gap", "stage_most")
# 100 begin, 80 graduate, 40 of them with the courses; 100, 90, 72
WAYS = {BLACK: (1000, 800, 400), WHITE: (1000, 900, 720)}


def rows(ways=WAYS, among: float = 1.0) -> list[dict]:
    made = []
    everybody = [sum(way[at] for way in ways.values()) for at in range(3)]
    for group, (began, finished, done) in {**ways, "all": everybody}.items():
        made.append(cell("graduation", "district", "01", "2015-16", group, began, finished))
        made.append(cell("ag_completion", "district", "01", "2015-16", group, finished * among, done))
    return made


def test_the_parts_of_two_steps_by_hand() -> None:
    """(.8 - .9)(.5 + .8)/2 = -.065 and (.5 - .8)(.8 + .9)/2 = -.255; .40 - .72 = -.32."""
    table = found(asked(rows(), PLACE, BY), *MEASURES)
    parts = [table["stage_part", "01", BLACK, "others"]["value"]]
    assert parts == pytest.approx([-0.255])  # of the two steps that share a key, the last one stands here
    every = [row for row in asked(rows(), PLACE, BY).to_pylist() if row["measure"] in MEASURES]
    by_step = {
        (row["measure"], row["indicator"], row["reference"]): row for row in every if row["group"] == BLACK
    }
    assert by_step["stage_part", "graduation", "others"]["value"] == pytest.approx(-0.065)
    assert by_step["stage_gap", "ag_completion", "others"]["value"] == pytest.approx(-0.32)
    assert by_step["stage_gap", "ag_completion", "others"]["verdict"] == "below"
    assert by_step["stage_reached", "graduation", "chain:ag_completion"]["value"] == pytest.approx(0.8)
    assert by_step["stage_reached", "ag_completion", "others"]["value"] == pytest.approx(0.72)
    assert ("stage_most", "ag_completion", "others") in by_step
    assert ("stage_most", "graduation", "others") not in by_step


def test_a_step_counted_among_others_is_no_chain() -> None:
    """The courses are known of half of the graduates only."""
    made = rows({BLACK: (1000, 800, 300), WHITE: (1000, 900, 400)}, among=0.5)
    assert not found(asked(made, PLACE, BY), *MEASURES)


def test_words_follow_from_the_rows() -> None:
    made = rows()
    aspect = stages(scene(made, asked(made, PLACE, BY), PLACE, BY))
    assert aspect is not None
    assert aspect.finding.en == (
        "Of every 100 Black students who started grade 9, 40 reach the last step; of every 100 others, 72."
    )
    assert [sentence.en for sentence in aspect.sentences] == [
        "The step that costs the most is “A-G courses completed”.",
        "The parts of the steps sum to the gap: 32.0 in 100.",
    ]
    assert "2,000 students" in aspect.rests.en
    assert aspect.table is not None
    assert [[cell.en for cell in row][1:] for row in aspect.table.rows] == [
        ["80", "90", "−6.5"],
        ["40", "72", "−25.5"],
    ]


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_chart_falls_from_100_and_names_the_step_that_costs_most(width: int) -> None:
    made = rows()
    aspect = stages(scene(made, asked(made, PLACE, BY), PLACE, BY))
    assert aspect is not None
    picture = aspect.figures[0].chart.picture(width)
    curves = [shape for shape in picture.shapes if shape.kind == "curve"]
    assert len(curves) == 2
    for curve in curves:
        heights = [y for _, y in curve.points]
        assert heights == sorted(heights)  # down the page
    # from .9 to .72 the reference falls less than half as far as from .8 to .4
    falls = sorted(curve.points[-1][1] - curve.points[0][1] for curve in curves)
    assert falls[1] / falls[0] == pytest.approx(0.6 / 0.28)
    accents = [words for words in picture.words if words.colour == "accent"]
    assert {words.words.en for words in accents} >= {"−25.5"}
    assert all(shape.box[2] <= width and shape.box[0] >= 0 for shape in picture.shapes)


def test_no_group_behind_is_said_so() -> None:
    made = rows({BLACK: (100, 80, 40), WHITE: (100, 80, 41)})
    aspect = stages(scene(made, asked(made, PLACE, BY), PLACE, BY))
    assert aspect is not None
    assert aspect.finding.en == "No group is clearly behind all others at the last step."
    assert aspect.sentences == ()
