"""Slides: native charts with the review's numbers, a title each, notes, alternatives, the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pptx import Presentation

from evenground import report
from evenground.model import Released
from evenground.press import DotRow, Dots, LevelRow, Levels, Line, Lines, Mark, Strip, Words
from evenground.press.deck import Deck, Slide
from evenground.press.deck.native import MOST_BARS, native

MADE = datetime(2026, 11, 21)
WIDE = 16 / 9


def said(text: str) -> Words:
    return Words(text, f"{text} (es)")


def dots(*rows: DotRow, reference: str | None = "All students: 54") -> Dots:
    return Dots(rows, 0.0, 1.0, 100, said("Out of 100"), Words.same(reference) if reference else None)


BLACK = DotRow(said("Black"), said("n = 200"), 0.47, 0.42, 0.52, 0.54, "47", None, True)
WHITE = DotRow(said("White"), said("n = 400"), 0.6, 0.55, 0.65, 0.54, "60")
HIDDEN = DotRow(said("Pacific Islander"), Words.same(""), None, note=said("hidden to protect students"))


@pytest.fixture(scope="module")
def folder(released: Released, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("slides") / "review"
    report.write(released, place, "es")
    return place


@pytest.fixture(scope="module")
def deck(folder: Path) -> Any:
    return Presentation(str(folder / "review.pptx"))


def charts(deck: Any) -> list[Any]:
    return [shape for slide in deck.slides for shape in slide.shapes if shape.has_chart]


# --- the deck of a review ---


def test_it_is_wide_and_says_what_it_is(deck: Any) -> None:
    assert deck.slide_width / deck.slide_height == pytest.approx(WIDE)
    told = deck.core_properties
    assert (told.author, told.language) == ("evenground", "es-US")
    assert "revisión de equidad" in told.title
    assert told.created == MADE
    assert {layout.name for layout in deck.slide_layouts} == {"Title Slide", "Title and Content"}


def test_every_slide_has_a_title_of_its_own_and_nothing_empty(deck: Any) -> None:
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert 4 <= len(titles) <= 15
    assert len(set(titles)) == len(titles)
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                assert shape.text_frame.text.strip(), shape.name


def test_what_is_read_first_stands_first(deck: Any) -> None:
    for slide in list(deck.slides)[1:-1]:
        names = [shape.name for shape in slide.shapes]
        assert names[:2] == [slide.shapes.title.name, "Subtitle"]
        assert names[-2:] == ["Source", "Slide number"]


def test_every_chart_has_an_alternative_and_stays_on_the_slide(deck: Any) -> None:
    found = charts(deck)
    assert len(found) >= 2
    for shape in found:
        said = shape._element.nvGraphicFramePr.cNvPr.get("descr")
        assert said.endswith("Las notas de la diapositiva tienen cada número.")
        assert shape.left >= 0
        assert shape.left + shape.width <= deck.slide_width
        assert shape.top + shape.height <= deck.slide_height


def test_the_numbers_of_a_chart_are_those_of_the_review(deck: Any) -> None:
    bars = next(
        shape.chart
        for shape in charts(deck)
        if "Todo el estudiantado" in str(list(shape.chart.plots[0].categories))
    )
    numbers = dict(zip(bars.plots[0].categories, bars.plots[0].series[0].values, strict=True))
    black = next(name for name in numbers if name.startswith("Negra"))
    assert numbers[black] == 47  # 94 of 200, see conftest.py
    assert numbers["Todo el estudiantado"] == pytest.approx(54)
    workbook = load_workbook(io.BytesIO(bars.part.chart_workbook.xlsx_part.blob))
    cells = {row[0]: row[1] for row in workbook.active.iter_rows(values_only=True)}
    assert cells[black] == 47, "the numbers that somebody edits"


def test_the_speaker_reads_how_sure_what_is_hidden_and_what_to_ask(deck: Any) -> None:
    notes = "\n".join(slide.notes_slide.notes_text_frame.text for slide in list(deck.slides)[1:-1])
    for heading in ("Qué tan segura es la cuenta", "Qué se oculta", "Preguntas"):
        assert heading[:9] in notes
    assert "n = 200" in notes


def test_every_run_is_in_the_language_of_the_slides(folder: Path) -> None:
    with zipfile.ZipFile(folder / "review.pptx") as archive:
        for name in archive.namelist():
            if re.match(r"ppt/(slides|notesSlides)/[^/]+\.xml", name):
                text = archive.read(name).decode("utf-8")
                runs = re.findall(r"<a:r>(<a:rPr[^>]*>)?", text)
                assert runs
                assert all('lang="es-US"' in run for run in runs), name


def test_the_same_review_is_the_same_file_with_no_clock_in_it(
    folder: Path, released: Released, tmp_path: Path
) -> None:
    report.write(released, tmp_path / "again", "es")
    first, second = (place / "review.pptx" for place in (folder, tmp_path / "again"))
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as archive:
        inside = [name for name in archive.namelist() if name.endswith(".xlsx")]
        assert inside
        for name in inside:
            with zipfile.ZipFile(io.BytesIO(archive.read(name))) as workbook:
                assert "2026-11-21T00:00:00Z" in workbook.read("docProps/core.xml").decode()
        assert not [name for name in archive.namelist() if "thumbnail" in name or "printer" in name]


def test_one_font_that_every_machine_has(folder: Path) -> None:
    with zipfile.ZipFile(folder / "review.pptx") as archive:
        fonts = {
            font
            for name in archive.namelist()
            if name.endswith(".xml")
            for font in re.findall(r'<a:latin typeface="([^"]*)"', archive.read(name).decode("utf-8"))
        }
    assert fonts <= {"Arial", "+mj-lt", "+mn-lt"}


# --- charts ---


def test_groups_become_bars_with_the_reference_as_a_bar_and_a_reason_for_what_is_hidden() -> None:
    found = native(dots(BLACK, WHITE, HIDDEN), "en")
    assert found
    assert found.categories == (
        "Black (n = 200)",
        "White (n = 400)",
        "Pacific Islander (hidden to protect students)",
        "All students",
    )
    (series,) = found.series
    assert series.values == (47.0, 60.0, None, 54.0)
    assert (series.accents, series.reference) == ((0,), 3)
    assert series.margins[0] == pytest.approx((5.0, 5.0))
    assert found.told[2] == "Pacific Islander: hidden to protect students"


def test_a_reference_of_each_group_is_a_series_beside_it() -> None:
    other = DotRow(said("White"), said("n = 400"), 0.6, None, None, 0.5, "60")
    found = native(dots(BLACK, other, reference="All other students"), "en")
    assert found
    assert [series.values for series in found.series] == [(47.0, 60.0), (54.0, 50.0)]


def test_only_the_groups_that_the_sentence_is_about_are_drawn() -> None:
    first = DotRow(said("Female"), said("n = 1"), 0.5, told="50", heading=said("Gender"))
    second = DotRow(said("Black"), said("n = 2"), 0.4, told="40", heading=said("Race"), accent=True)
    found = native(dots(first, second, reference=None), "es")
    assert found
    assert found.categories == ("Black (es) (n = 2 (es))",)
    assert len(native(dots(*[WHITE] * 40), "en").categories) == MOST_BARS + 1  # type: ignore[union-attr]


def test_levels_are_stacked_and_add_up() -> None:
    rows = (
        LevelRow(said("Black"), (0.1, 0.2, 0.3, 0.4), accent=True),
        LevelRow(said("White"), None, note=said("hidden to protect students")),
    )
    names = tuple(said(name) for name in ("Low", "Mid", "High", "Top"))
    found = native(Levels(rows, names, 2, said("Out of 100")), "en")
    assert found
    assert found.form == "stacked"
    assert [series.values for series in found.series] == [(10, None), (20, None), (30, None), (40, None)]
    assert found.categories[1] == "White (hidden to protect students)"


def test_a_break_in_a_line_stays_and_names_do_not_stand_on_each_other() -> None:
    series = (
        Line(said("Black"), (0.4, None, 0.50), accent=True, written=("40", "", "50")),
        Line(said("All students"), (0.5, 0.5, 0.51), reference=True, written=("50", "50", "51")),
    )
    chart = Lines(series, ("2013-14", "2014-15", "2015-16"), 0.0, 1.0, 100, said("Out of 100"))
    found = native(chart, "en")
    assert found
    assert found.series[0].values == (40.0, None, 50.0)
    deck = Deck("Title", "en", "Source", MADE)
    deck.add(Slide("A rise", chart=found, alternative="Lines."))
    (shape,) = charts(Presentation(io.BytesIO(deck.written())))
    moved = [
        float(at) for at in re.findall(r'<c:y val="([-.\d]+)"/></c:manualLayout></c:layout>', _xml(shape))
    ]
    ends = [1 - 0.50, 1 - 0.51]
    places = sorted(end * 0.78 + nudge for end, nudge in zip(ends, moved[-2:], strict=True))
    assert places[1] - places[0] >= 0.05


def test_small_numbers_of_a_line_keep_their_places() -> None:
    line = Line(said("Black"), (0.0004, None, 0.004), accent=True, written=("0.04", "", "0.40"))
    found = native(Lines((line,), ("2013", "2014", "2015"), 0.0, 0.005, 100, said("Out of 100")), "en")
    assert found
    assert found.told == ("Black: 2013 0.04, 2014 –, 2015 0.40",)
    deck = Deck("Title", "en", "Source", MADE)
    deck.add(Slide("A rise", chart=found, alternative="Lines."))
    (shape,) = charts(Presentation(io.BytesIO(deck.written())))
    assert "Black 0.40" in _xml(shape)


def test_the_bar_that_the_sentence_is_about_is_never_cut() -> None:
    found = native(dots(*[WHITE] * MOST_BARS, BLACK, reference=None), "en")
    assert found
    assert len(found.categories) == MOST_BARS
    assert found.categories[-1] == "Black (n = 200)"
    assert found.series[0].accents == (MOST_BARS - 1,)
    rows = (
        *[LevelRow(said("White"), (0.1, 0.2, 0.3, 0.4))] * MOST_BARS,
        LevelRow(said("Black"), None, accent=True),
    )
    names = tuple(said(name) for name in ("Low", "Mid", "High", "Top"))
    stacked = native(Levels(rows, names, 2, said("Out of 100")), "en")
    assert stacked
    assert stacked.categories[-1] == "Black"


def _xml(shape: Any) -> str:
    return str(shape.chart.part.blob.decode("utf-8"))


def test_a_strip_of_places_stays_on_the_page() -> None:
    assert native(Strip((Mark(0.1, True),), 100, said("Difference"), said("same")), "en") is None


def test_a_slide_without_words_has_no_empty_box() -> None:
    deck = Deck("Title", "en", "Source", MADE)
    deck.add(Slide("Only a chart", chart=native(dots(BLACK), "en"), alternative="Bars."))
    (slide,) = Presentation(io.BytesIO(deck.written())).slides
    assert [shape.name for shape in slide.placeholders] == [slide.shapes.title.name]
