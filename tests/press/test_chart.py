"""Charts: marks stand where the numbers say, words are in both languages, hidden rows stay."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest

from evenground.press import Chart, DotRow, LevelRow, Line, Mark, Words, dots, draw_all, levels, lines, strip
from evenground.press.chart import NARROW, WIDE
from evenground.press.picture import Picture, Shape

HIDDEN = Words("hidden to protect students", "oculto para proteger a estudiantes")
AXIS = Words("Out of 100", "De cada 100")
ROWS = [
    DotRow(Words("Asian", "Asiática"), Words.same("n = 40"), 0.75, 0.6, 0.9, 0.5, "75"),
    DotRow(Words("Black", "Negra"), Words.same("n = 50"), 0.25, 0.15, 0.35, 0.5, "25", accent=True),
    DotRow(Words("Filipino", "Filipina"), Words.same(""), None, note=HIDDEN),
]


def drawn(chart: Chart) -> tuple[Picture, Picture]:
    wide, narrow = draw_all([chart.wide, chart.narrow])
    return wide, narrow


def of_kind(picture: Picture, kind: str, **look: object) -> list[Shape]:
    return [s for s in picture.shapes if s.kind == kind and all(getattr(s, k) == v for k, v in look.items())]


@pytest.fixture(scope="module")
def plot() -> tuple[Picture, Picture]:
    return drawn(dots(ROWS, 1.0, 0.0, 100, AXIS, Words("All: 50", "Todos: 50")))


def test_dots_stand_at_their_values(plot: tuple[Picture, Picture]) -> None:
    wide, narrow = plot
    # wide: the axis runs from 350 to 720 - 56 = 664, so 314 points are 100; narrow: from 4 to 340 - 52 = 288
    assert [s.at[0] for s in of_kind(wide, "circle", fill="ink")] == [
        pytest.approx(350 + 0.75 * 314, abs=0.1)
    ]
    assert [s.at[0] for s in of_kind(wide, "circle", fill="accent")] == [
        pytest.approx(350 + 0.25 * 314, abs=0.1)
    ]
    assert [s.at[0] for s in of_kind(narrow, "circle", fill="accent")] == [
        pytest.approx(4 + 0.25 * 284, abs=0.1)
    ]


def test_intervals_run_from_low_to_high(plot: tuple[Picture, Picture]) -> None:
    (bar,) = of_kind(plot[0], "line", stroke="accent")
    ends = sorted([bar.at[0], bar.at[0] + float(bar.given["dx"])])
    assert ends == [pytest.approx(350 + 0.15 * 314, abs=0.1), pytest.approx(350 + 0.35 * 314, abs=0.1)]


def test_the_reference_is_a_labelled_line(plot: tuple[Picture, Picture]) -> None:
    (line,) = of_kind(plot[0], "line", stroke="ink", dash=True)
    assert line.at[0] == pytest.approx(350 + 0.5 * 314, abs=0.1)
    assert Words("All: 50", "Todos: 50") in [s.text for s in plot[0].shapes]


def test_a_hidden_group_keeps_its_row_and_says_why(plot: tuple[Picture, Picture]) -> None:
    for picture in plot:
        words = [s.text for s in of_kind(picture, "text")]
        assert Words("Filipino", "Filipina") in words
        assert HIDDEN in words
        assert len(of_kind(picture, "circle")) == 2


def test_a_page_has_both_languages_and_no_colour_of_its_own(plot: tuple[Picture, Picture]) -> None:
    svg = plot[0].page(role="img", aria_labelledby="f1")
    ET.fromstring(svg)  # well-formed
    assert '<text x="0" y="' in svg
    assert re.search(r'lang="es"[^>]*>Asiática<', svg)
    assert "#" not in svg
    assert 'role="img" aria-labelledby="f1"' in svg


def test_paper_has_one_language_and_colours(plot: tuple[Picture, Picture]) -> None:
    svg = plot[0].paper("es", "Libertinus Serif")
    ET.fromstring(svg)
    assert "Asiática" in svg
    assert ">Asian<" not in svg
    assert "#0072b2" in svg
    assert "lang=" not in svg


def test_words_cannot_become_markup() -> None:
    bad = Words.same('<a href="javascript:alert(1)">x</a> & more')
    wide, narrow = drawn(dots([DotRow(bad, bad, 0.5, told="5")], 1, 0, 100, bad, None))
    for svg in (wide.page(), narrow.page(), wide.paper("en", 'x"')):
        assert "<a" not in svg
        ET.fromstring(svg)


def test_references_that_differ_are_marked_row_by_row() -> None:
    rows = [
        DotRow(Words.same(k), Words.same(""), 0.5, reference=r, told="50")
        for k, r in (("a", 0.4), ("b", 0.6))
    ]
    wide, _ = drawn(dots(rows, 1, 0, 100, AXIS, Words("Others", "Los demás")))
    marks = of_kind(wide, "line", stroke="ink", dash=False)
    assert [mark.at[0] for mark in marks] == [pytest.approx(350 + v * 314, abs=0.1) for v in (0.4, 0.6)]


def test_levels_diverge_around_the_standard_and_tell_their_shares() -> None:
    names = [Words.same(name) for name in ("one", "two", "three", "four")]
    row = LevelRow(Words.same("All"), (0.1, 0.3, 0.4, 0.2))
    wide, narrow = drawn(levels([row, LevelRow(Words.same("B"), None, HIDDEN)], names, 2, AXIS))
    for picture in (wide, narrow):
        assert {"10", "30", "40", "20"} <= {s.text.en for s in of_kind(picture, "text") if s.text}
        assert HIDDEN in [s.text for s in picture.shapes]
        fills = [s.fill for s in of_kind(picture, "path") if s.stroke == "ground"]
        assert fills == ["deep1", "deep2", "deep3", "deep4"]


def test_a_year_without_a_number_breaks_the_line() -> None:
    line = Line(Words.same("A"), (0.2, 0.3, None, 0.5, 0.6), accent=True)
    wide, _ = drawn(lines([line], ["1", "2", "3", "4", "5"], 1, 0, 100, AXIS))
    paths = of_kind(wide, "path", stroke="accent")
    assert len(paths) == 2
    assert all(path.given["d"].count("L") == 1 for path in paths)
    assert len(of_kind(wide, "circle", fill="accent")) == 4


def test_names_at_the_ends_of_lines_do_not_touch() -> None:
    series = [Line(Words.same(f"Group {n}"), (0.5, 0.5 + n / 1000)) for n in range(8)]
    for picture in drawn(lines(series, ["1", "2"], 1, 0, 100, AXIS)):
        heights = sorted(
            s.at[1] for s in of_kind(picture, "text") if s.text and s.text.en.startswith("Group")
        )
        assert len(heights) == 8
        assert min(b - a for a, b in pairwise(heights)) >= 14.9
        assert heights[0] > 0
        assert heights[-1] < picture.height


def test_a_strip_marks_every_place_and_fills_the_certain_ones() -> None:
    marks = [Mark(-0.2, True), Mark(-0.1, False), Mark(0.05, False), Mark(0.2, True)]
    wide, narrow = drawn(strip(marks, AXIS, 100, Words.same("same")))
    for picture, width in ((wide, WIDE), (narrow, NARROW)):
        assert picture.width == width
        assert len(of_kind(picture, "circle", fill="accent")) == 2
        assert len(of_kind(picture, "circle", fill="ground")) == 2
