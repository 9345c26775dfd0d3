"""Charts: marks stand where the numbers say, hidden rows stay, words are in all languages and never touch."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenground.press import (
    NARROW,
    PRINT,
    WIDE,
    Chart,
    DotRow,
    Dots,
    Hundred,
    LevelRow,
    Levels,
    Line,
    Lines,
    Mark,
    Matrix,
    MatrixRow,
    Multiples,
    Panel,
    Share,
    Strip,
    Tally,
    Words,
)
from evenground.press.canvas import Axis
from evenground.press.chart.lines import spread
from evenground.press.picture import Lettering, Picture, Shape

HIDDEN = Words("hidden to protect students", "oculto para proteger a estudiantes")
DIFFERENCES = st.floats(-0.5, 0.5).map(lambda value: round(value, 3))
AXIS = Words("Out of 100", "De cada 100")
EVERYBODY = Words("All students: 50", "Todo el estudiantado: 50")
ROWS = (
    DotRow(Words("Asian", "Asiática"), Words.same("n = 40"), 0.75, 0.6, 0.9, 0.5, "75"),
    DotRow(Words("Black", "Negra"), Words.same("n = 50"), 0.25, 0.15, 0.35, 0.5, "25", accent=True),
    DotRow(Words("Filipino", "Filipina"), Words.same(""), None, note=HIDDEN),
)
PLOT = Dots(ROWS, 0.0, 1.0, 100, AXIS, EVERYBODY)
BOTH = pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "narrow"])


def of_kind(picture: Picture, kind: str, **look: object) -> list[Shape]:
    return [s for s in picture.shapes if s.kind == kind and all(getattr(s, k) == v for k, v in look.items())]


def said(picture: Picture, text: str) -> Lettering:
    (found,) = [each for each in picture.words if each.words.en == text]
    return found


def scale(picture: Picture, *labels: str) -> list[float]:
    """Where the labels of the axis stand."""
    return [said(picture, label).x for label in labels]


# --- the axis ---


def test_an_axis_puts_a_value_where_its_share_of_the_way_is() -> None:
    axis = Axis(0, 1, 350, 670)
    assert [axis.at(value) for value in (0, 0.25, 0.5, 1)] == [350, 430, 510, 670]


@pytest.mark.parametrize(
    ("axis", "most", "labels"),
    [
        (Axis(0, 1, 0, 1, 100), 5, ["0", "20", "40", "60", "80", "100"]),
        (Axis(0, 0.25, 0, 1, 100), 5, ["0", "5", "10", "15", "20", "25"]),
        (Axis(0, 0.02, 0, 1, 100), 4, ["0", "0.5", "1.0", "1.5", "2.0"]),
        (Axis(0, 15000, 0, 1), 5, ["0", "5,000", "10,000", "15,000"]),
        (Axis(-0.31, 0.31, 0, 1, 100, signed=True), 6, ["−20", "0", "+20"]),
        (Axis(-0.6, 0.8, 0, 1, 100), 5, ["50", "0", "50"]),  # to both sides of the standard
    ],
)
def test_labels_are_round_numbers(axis: Axis, most: int, labels: list[str]) -> None:
    assert [label for _, label in axis.ticks(most)] == labels


# --- dot plots ---


@BOTH
def test_dots_stand_at_their_values(width: int) -> None:
    picture = PLOT.picture(width)
    zero, hundred = scale(picture, "0", "100")
    (ink,), (accent,) = of_kind(picture, "dot", colour="ink"), of_kind(picture, "dot", colour="accent")
    assert ink.points[0][0] == pytest.approx(zero + 0.75 * (hundred - zero))
    assert accent.points[0][0] == pytest.approx(zero + 0.25 * (hundred - zero))
    assert accent.points[0][1] == pytest.approx(said(picture, "25").y)  # the value stands beside its dot


@BOTH
def test_intervals_run_from_low_to_high(width: int) -> None:
    picture = PLOT.picture(width)
    zero, hundred = scale(picture, "0", "100")
    (bar,) = of_kind(picture, "line", colour="accent")
    assert [x for x, _ in bar.points] == [
        pytest.approx(zero + share * (hundred - zero)) for share in (0.15, 0.35)
    ]


def test_the_reference_is_a_labelled_line() -> None:
    picture = PLOT.picture(WIDE)
    (line,) = [s for s in of_kind(picture, "line", colour="ink") if s.dash]
    zero, hundred = scale(picture, "0", "100")
    assert {x for x, _ in line.points} == {(zero + hundred) / 2}
    assert said(picture, EVERYBODY.en).x == (zero + hundred) / 2


def test_references_that_differ_are_marked_row_by_row() -> None:
    rows = tuple(
        DotRow(Words.same(k), Words.same(""), 0.5, reference=r, told="50")
        for k, r in (("a", 0.4), ("b", 0.6))
    )
    picture = Dots(rows, 0, 1, 100, AXIS, Words("Others", "Los demás")).picture(WIDE)
    zero, hundred = scale(picture, "0", "100")
    marks = of_kind(picture, "line", colour="ink")
    assert not any(mark.dash for mark in marks)
    assert [mark.points[0][0] for mark in marks] == [
        pytest.approx(zero + v * (hundred - zero)) for v in (0.4, 0.6)
    ]


@BOTH
def test_a_hidden_group_keeps_its_row_and_says_why(width: int) -> None:
    picture = PLOT.picture(width)
    assert said(picture, "Filipino").y <= said(picture, HIDDEN.en).y
    assert len(of_kind(picture, "dot")) == 2


@BOTH
def test_a_hidden_value_that_lies_in_a_range_is_that_range(width: int) -> None:
    row = DotRow(Words.same("A"), Words.same(""), None, 0.0, 0.1, told="0–10", note=HIDDEN)
    picture = Dots((row,), 0, 1, 100, AXIS).picture(width)
    zero, hundred = scale(picture, "0", "100")
    bar = max(of_kind(picture, "line", colour="rule"), key=lambda s: s.points[1][0] - s.points[0][0])
    assert [x for x, _ in bar.points] == [zero, pytest.approx(zero + 0.1 * (hundred - zero))]
    assert not of_kind(picture, "dot")
    assert said(picture, HIDDEN.en).x > bar.points[1][0]
    assert said(picture, "0–10")


@BOTH
def test_the_same_group_in_a_wider_place_is_a_small_ring(width: int) -> None:
    row = DotRow(Words.same("A"), Words.same(""), 0.5, told="50", wider=0.4)
    picture = Dots((row,), 0, 1, 100, AXIS, wider=Words("in the state", "en el estado")).picture(width)
    zero, hundred = scale(picture, "0", "100")
    key, ring = sorted(of_kind(picture, "dot", hollow=True), key=lambda s: s.points[0][1])
    assert key.points[0][1] == said(picture, "in the state").y  # the name says it with the same ring
    assert ring.points[0][0] == pytest.approx(zero + 0.4 * (hundred - zero))


def test_money_is_joined_to_what_it_is_compared_with() -> None:
    row = DotRow(Words.same("A"), Words.same(""), 9000, reference=12000, told="$9,000")
    picture = Dots((row,), 0, 15000, 1, AXIS, EVERYBODY, joined=True).picture(WIDE)
    zero, most = scale(picture, "0", "15,000")
    (line,) = of_kind(picture, "line", colour="rule")
    assert [x for x, _ in line.points] == [
        pytest.approx(zero + dollars / 15000 * (most - zero)) for dollars in (12000, 9000)
    ]
    actual, key, compared = sorted(of_kind(picture, "dot"), key=lambda s: (s.hollow, s.points[0][1]))
    assert [one.points[0][0] for one in (actual, compared)] == [x for x, _ in reversed(line.points)]
    assert key.points[0][1] == said(picture, EVERYBODY.en).y


# --- the other forms ---


@BOTH
def test_levels_diverge_around_the_standard_and_tell_their_shares(width: int) -> None:
    names = tuple(Words.same(name) for name in ("one", "two", "three", "four"))
    rows = (LevelRow(Words.same("All"), (0.1, 0.3, 0.4, 0.2)), LevelRow(Words.same("B"), None, HIDDEN))
    picture = Levels(rows, names, 2, AXIS).picture(width)
    (standard,) = {x for s in of_kind(picture, "line", colour="ink") for x, _ in s.points}
    bars = {level: of_kind(picture, "bar", colour=f"deep{level}")[-1] for level in (1, 2, 3, 4)}
    assert bars[2].points[1][0] == pytest.approx(standard, abs=1.01)
    assert bars[3].points[0][0] == pytest.approx(standard, abs=0.01)
    widths = [bars[level].points[1][0] - bars[level].points[0][0] + 1 for level in (1, 2, 3, 4)]
    assert [w / sum(widths) for w in widths] == [pytest.approx(share) for share in (0.1, 0.3, 0.4, 0.2)]
    assert {"10", "30", "40", "20"} <= {each.words.en for each in picture.words}
    assert said(picture, HIDDEN.en)


def test_the_number_of_a_small_segment_stands_beside_the_bar() -> None:
    names = tuple(Words.same(name) for name in ("one", "two", "three", "four"))
    row = LevelRow(Words.same("All"), (0.01, 0.49, 0.48, 0.02))
    picture = Levels((row,), names, 2, AXIS).picture(NARROW)
    left, right = said(picture, "1"), said(picture, "2")
    assert left.x < of_kind(picture, "bar", colour="deep1")[-1].points[0][0]
    assert right.x > of_kind(picture, "bar", colour="deep4")[-1].points[1][0]


def test_a_year_without_a_number_breaks_the_line() -> None:
    line = Line(Words.same("A"), (0.2, 0.3, None, 0.5, 0.6, None, 0.4), accent=True, told="40")
    picture = Lines((line,), tuple("1234567"), 0, 1, 100, AXIS).picture(WIDE)
    assert [len(curve.points) for curve in of_kind(picture, "curve", colour="accent")] == [2, 2]
    assert len(of_kind(picture, "dot", colour="accent")) == 5  # the year that stands alone is a dot
    assert said(picture, "A\u00a040").y == pytest.approx(of_kind(picture, "dot")[-1].points[0][1])


def test_a_ribbon_is_as_wide_as_the_interval() -> None:
    line = Line(Words.same("A"), (0.5, 0.5), (0.4, 0.3), (0.6, 0.7), accent=True)
    picture = Lines((line,), ("1", "2"), 0, 1, 100, AXIS).picture(WIDE)
    (area,) = of_kind(picture, "area")
    top, bottom = said(picture, "100").y, said(picture, "0").y
    heights = [(bottom - y) / (bottom - top) for _, y in area.points]
    assert heights == [pytest.approx(share) for share in (0.6, 0.7, 0.3, 0.4)]


@given(st.lists(st.tuples(st.floats(0, 300), st.floats(10, 40)), min_size=1, max_size=12))
def test_names_pushed_apart_never_overlap(entries: list[tuple[float, float]]) -> None:
    entries.sort()
    middles = spread(entries, 0, 300)
    tops = [middle - height / 2 for middle, (_, height) in zip(middles, entries, strict=True)]
    ends = [middle + height / 2 for middle, (_, height) in zip(middles, entries, strict=True)]
    assert all(end <= top + 1e-6 for end, top in zip(ends, tops[1:], strict=False))
    assert tops[0] >= -1e-6
    assert ends[-1] <= max(300, sum(height for _, height in entries)) + 1e-6


def dots_of(picture: Picture) -> list[tuple[float, float, str, bool]]:
    """Every dot, those of a row one by one."""
    found = []
    for shape in picture.shapes:
        if shape.kind == "dot":
            found.append((*shape.points[0], shape.colour, shape.hollow))
        elif shape.kind == "row":
            (x, y), (x2, y2) = shape.points
            pitch = sum(map(float, shape.dash.split()))
            many = round(max(abs(x2 - x), abs(y2 - y)) / pitch) + 1
            steps = [(x2 - x) / (many - 1), (y2 - y) / (many - 1)]
            found += [
                (x + steps[0] * at, y + steps[1] * at, shape.colour, shape.hollow) for at in range(many)
            ]
    return found


@BOTH
@settings(max_examples=30, deadline=None)
@given(
    marks=st.lists(st.tuples(DIFFERENCES, st.booleans()), min_size=1, max_size=200),
)
def test_a_strip_has_a_mark_for_every_place_and_fills_the_certain_ones(
    width: int, marks: list[tuple[float, bool]]
) -> None:
    strip = Strip(tuple(Mark(*mark) for mark in marks), 100, AXIS, Words.same("same"))
    found = dots_of(strip.picture(width))
    assert len(found) == len({(x, y) for x, y, _, _ in found}) == len(marks)
    assert sum(colour == "accent" for _, _, colour, _ in found) == sum(clear for _, clear in marks)
    assert sum(hollow for *_, hollow in found) == sum(not clear for _, clear in marks)


@BOTH
def test_the_place_in_focus_is_marked_and_named(width: int) -> None:
    marks = (Mark(-0.2, True), Mark(0.1, False), Mark(-0.1, True, Words.same("Oak School")))
    picture = Strip(marks, 100, AXIS, Words.same("same")).picture(width)
    ((x, _, _, hollow),) = [dot for dot in dots_of(picture) if dot[2] == "accent"]
    less, zero = scale(picture, "−20", "0")
    assert x == pytest.approx((less + zero) / 2, abs=5.5)  # within half a mark
    assert not hollow
    assert said(picture, "Oak School").y > max(y for _, y, _, _ in dots_of(picture))


@BOTH
@pytest.mark.parametrize("value", [0.0, 0.004, 0.47, 0.475, 0.99, 1.0])
def test_out_of_100_marks_as_many_as_it_says(width: int, value: float) -> None:
    full = {0.0: 0, 0.004: 0, 0.47: 47, 0.475: 48, 0.99: 99, 1.0: 100}[value]
    shares = (
        Share(Words.same("A"), value, Words.same("x"), True),
        Share(Words.same("B"), 0.54, Words.same("y")),
    )
    found = dots_of(Hundred(shares).picture(width))
    assert len(found) == 200
    assert sum(colour == "accent" for _, _, colour, _ in found) == full
    assert sum(colour == "ink" for _, _, colour, _ in found) == 54


def matrix(*tallies: tuple[int, int] | None) -> Matrix:
    """One row; a tally for each reader, None for one who does not ask."""
    passed = Tally(Words("does not ask", "no pregunta"))
    cells = tuple(
        passed if one is None else Tally(Words(f"{one[0]} of {sum(one)}", f"{one[0]} de {sum(one)}"), *one)
        for one in tallies
    )
    readers = tuple(Words(f"Reader {at}", f"Lector {at}") for at in range(len(cells)))
    row = MatrixRow(Words("Who teaches whom?", "¿Quién enseña a quién?"), cells)
    return Matrix((row,), readers, Words("unfair", "injusto"), Words("not unfair", "no injusto"))


def marks(picture: Picture, *, hollow: bool) -> int:
    """How many marks are drawn, without the one of the key: a dot, or a row of as many as its dashes make."""
    found = [s for s in picture.shapes if s.kind in ("dot", "row") and s.hollow == hollow]
    pitches = [float(s.dash.split()[1]) + 0.01 if s.dash else 1.0 for s in found]
    wide = [(s.points[-1][0] - s.points[0][0]) / pitch for s, pitch in zip(found, pitches, strict=True)]
    return sum(round(steps) + 1 for steps in wide) - 1


@BOTH
@settings(max_examples=30, deadline=None)
@given(cells=st.lists(st.none() | st.tuples(st.integers(0, 90), st.integers(0, 90)), min_size=1, max_size=5))
def test_a_matrix_has_a_mark_for_every_case(width: int, cells: list[tuple[int, int] | None]) -> None:
    picture = matrix(*cells).picture(width)
    assert marks(picture, hollow=False) == sum(one[0] for one in cells if one)
    assert marks(picture, hollow=True) == sum(one[1] for one in cells if one)
    rows = [s for s in picture.shapes if s.kind in ("dot", "row")]
    assert all(s.box[0] >= 0 and s.box[2] <= width and s.box[3] <= picture.height for s in rows)


def test_the_fields_of_a_matrix_stand_beside_each_other_and_below_each_other_on_a_phone() -> None:
    wide, narrow = (matrix((2, 1), None, (0, 4)).picture(width) for width in (WIDE, NARROW))
    assert len({said(wide, text).y for text in ("2 of 3", "does not ask", "0 of 4")}) == 1
    heights = [said(narrow, text).y for text in ("2 of 3", "does not ask", "0 of 4")]
    assert heights == sorted(set(heights))
    assert (said(wide, "2 of 3").colour, said(wide, "0 of 4").colour) == ("accent", "ink")


def test_the_line_of_a_row_of_dots_ends_after_its_last_dot() -> None:
    """47 of 100: lines of ten dots 13 points apart, from the first to the last 117, and 78 for seven. A line
    that ends right there loses the last dot on paper."""
    share = Share(Words.same("Black"), 0.47, Words.same("47 in 100"))
    drawn = Hundred((share,)).picture(NARROW).paper("en", "serif")
    assert {float(step) for step in re.findall(r"h(\d+\.?\d*)", drawn)} >= {117.1, 78.1}


def test_small_multiples_share_rows_and_scale() -> None:
    panels = tuple(
        Panel(
            Words.same(name),
            tuple(DotRow(Words.same(k), Words.same(""), v, told=f"{v * 100:.0f}") for k, v in rows),
        )
        for name, rows in {"Female": [("a", 0.5), ("b", 0.25)], "Male": [("a", 0.4), ("b", 1.0)]}.items()
    )
    wide = Multiples(panels, 0, 1, 100, AXIS).picture(WIDE)
    assert len([each for each in wide.words if each.words.en == "a"]) == 1  # rows are named once
    zeros, ends = ([each.x for each in wide.words if each.words.en == label and each.colour == "soft"]
                   for label in ("0", "100"))  # fmt: skip
    dots = sorted(s.points[0] for s in of_kind(wide, "dot"))
    shares = [(x - zeros[at // 2]) / (ends[at // 2] - zeros[at // 2]) for at, (x, _) in enumerate(dots)]
    assert sorted(shares[:2]) == [pytest.approx(0.25), pytest.approx(0.5)]
    assert sorted(shares[2:]) == [pytest.approx(0.4), pytest.approx(1.0)]
    assert len({y for _, y in dots}) == 2
    narrow = Multiples(panels, 0, 1, 100, AXIS).picture(NARROW)
    assert said(narrow, "Female").y < said(narrow, "Male").y


# --- what holds for every form ---

NAMES = st.sampled_from(
    [
        Words("Asian", "Asiática"),
        Words("Students experiencing homelessness", "Estudiantes sin hogar fijo"),
        Words("Native Hawaiian or Other Pacific Islander", "Nativa de Hawái o de otras islas del Pacífico"),
        Words("Multilingual learners (English learners)", "Estudiantes multilingües (que aprenden inglés)"),
        Words("Black or African American × Female", "Negra o afroamericana × Femenino"),
    ]
)
SHARES = st.floats(0, 1).map(lambda value: round(value, 3))


@st.composite
def dot_rows(draw: st.DrawFn) -> DotRow:
    name, value = draw(NAMES), draw(st.none() | SHARES)
    heading = draw(st.none() | st.just(Words("Race and ethnicity", "Raza y origen étnico")))
    if value is None:
        low, high = draw(st.sampled_from([(None, None), (0.0, 0.05), (0.95, 1.0), (0.3, 0.6)]))
        written = "" if low is None or high is None else f"{low * 100:.0f}–{high * 100:.0f}"
        return DotRow(name, Words.same(""), None, low, high, told=written, note=HIDDEN, heading=heading)
    low, high = max(value - 0.1, 0), min(value + 0.1, 1)
    n = Words.same(f"n = {draw(st.integers(1, 10**6)):,}")
    told = f"{value * 100:.0f}"
    wider = draw(st.none() | SHARES)
    return DotRow(name, n, value, low, high, draw(st.sampled_from([0.5, 0.7])), told, None,
                  draw(st.booleans()), heading, wider)  # fmt: skip


PLOTS = st.lists(dot_rows(), min_size=1, max_size=12).map(
    lambda rows: Dots(tuple(rows), 0, 1, 100, AXIS, EVERYBODY, Words("in Kentucky", "en Kentucky"))
)
STACKS = st.lists(
    st.builds(
        lambda name, cuts: LevelRow(name, (cuts[0], cuts[1] - cuts[0], cuts[2] - cuts[1], 1 - cuts[2])),
        NAMES,
        st.tuples(SHARES, SHARES, SHARES).map(sorted),
    ),
    min_size=1,
    max_size=12,
).map(
    lambda rows: Levels(
        tuple(rows), tuple(map(Words.same, ["Novice", "Apprentice", "Proficient", "Distinguished"])), 2, AXIS
    )
)
TRENDS = st.lists(
    st.builds(
        lambda name, values: Line(name, (*values, 0.5), told="50"),
        NAMES,
        st.lists(st.none() | SHARES, min_size=4, max_size=4),
    ),
    min_size=1,
    max_size=9,
).map(
    lambda lines: Lines(
        tuple(lines), ("2014-15", "2015-16", "2016-17", "2017-18", "2018-19"), 0, 1, 100, AXIS
    )
)
PLACES = (
    st.lists(
        st.builds(
            Mark,
            DIFFERENCES,
            st.booleans(),
            st.none() | st.sampled_from(["Jefferson County", "Fayette County"]).map(Words.same),
        ),
        min_size=1,
        max_size=40,
    )
    .filter(lambda marks: sum(mark.label is not None for mark in marks) < 6)
    .map(lambda marks: Strip(tuple(marks), 100, AXIS, Words("same as everyone", "igual que el resto")))
)
MATRICES = st.lists(
    st.lists(st.none() | st.tuples(st.integers(0, 200), st.integers(0, 200)), min_size=4, max_size=4),
    min_size=1,
    max_size=8,
).map(lambda rows: replace(matrix(), rows=tuple(matrix(*cells).rows[0] for cells in rows), columns=IDEAS))
IDEAS = (
    Words("End what holds groups back", "Acabar con lo que frena a los grupos"),
    Words("Everyone reaches the standard", "Todo el mundo llega a la norma"),
    Words("Equal chances at the start", "Las mismas oportunidades al empezar"),
    Words("The same rules for all", "Las mismas reglas para todo el mundo"),
)
CHARTS = st.one_of(PLOTS, STACKS, TRENDS, PLACES, MATRICES)


@pytest.mark.parametrize("width", [WIDE, PRINT, NARROW], ids=["wide", "print", "narrow"])
@settings(max_examples=60, deadline=None)
@given(chart=CHARTS)
def test_nothing_leaves_the_picture_and_no_words_touch(width: int, chart: Chart) -> None:
    picture = chart.picture(width)
    for shape in picture.shapes:
        left, top, right, bottom = shape.box
        assert left >= -0.6, shape
        assert right <= width + 0.6, shape
        assert top >= -0.6, shape
        assert bottom <= picture.height + 0.6, shape
    for lang in ("en", "es"):
        boxes = [(each.box(lang), each.words.of(lang)) for each in picture.words]
        for (left, top, right, bottom), words in boxes:
            assert left >= -0.6, words
            assert right <= width + 0.6, words
            assert top >= -0.6, words
            assert bottom <= picture.height + 0.6, words
        for (one, words), (other, others) in combinations(boxes, 2):
            apart = one[2] <= other[0] + 0.1 or other[2] <= one[0] + 0.1
            apart = apart or one[3] <= other[1] + 2 or other[3] <= one[1] + 2  # lines of words may come close
            assert apart, (words, others)


@settings(max_examples=20, deadline=None)
@given(chart=CHARTS)
def test_the_same_chart_is_the_same_bytes_and_well_formed(chart: Chart) -> None:
    for width in (WIDE, NARROW):
        svg = chart.picture(width).page(role="img", aria_labelledby="f1")
        assert svg == chart.picture(width).page(role="img", aria_labelledby="f1")
        ET.fromstring(svg)
        ET.fromstring(chart.picture(width).paper("es", "Libertinus Serif"))


def test_a_page_has_all_languages_and_no_colour_of_its_own() -> None:
    svg = PLOT.picture(WIDE).page(role="img", aria_labelledby="f1")
    for lang, words in (("en", "Asian"), ("es", "Asiática")):
        (group,) = [g for g in ET.fromstring(svg) if words in "".join(g.itertext())]
        assert group.get("lang") == lang
    assert "#" not in svg
    assert 'role="img" aria-labelledby="f1"' in svg


def test_paper_has_one_language_and_colours() -> None:
    svg = PLOT.picture(WIDE).paper("es", "Libertinus Serif")
    assert "Asiática" in svg
    assert ">Asian<" not in svg
    assert "#0072b2" in svg
    assert "lang=" not in svg


def test_words_cannot_become_markup() -> None:
    bad = Words.same('<a href="javascript:alert(1)">x</a> & more')
    chart = Dots((DotRow(bad, bad, 0.5, told="5"),), 0, 1, 100, bad)
    for width in (WIDE, NARROW):
        for svg in (chart.picture(width).page(), chart.picture(width).paper("en", 'x"')):
            assert not re.search("<a", svg)
            ET.fromstring(svg)


def test_a_chart_is_small() -> None:
    """Twelve groups in two languages, at both widths: it was 8.5 kB."""
    rows = tuple(
        DotRow(Words(f"Group {n}", f"Grupo {n}"), Words.same("n = 1,234"), 0.5, 0.4, 0.6, 0.5, "50")
        for n in range(12)
    )
    chart = Dots(rows, 0, 1, 100, AXIS, EVERYBODY)
    assert sum(len(chart.picture(width).page()) for width in (WIDE, NARROW)) < 6500
