"""The workbook as somebody opens it: a cover that leads on, sheets that filter, sort and print."""

from __future__ import annotations

import pytest
from openpyxl import Workbook, load_workbook

from evenground import report
from evenground.definitions import load, load_wording
from evenground.model import Released
from evenground.report.story.speech import Speech
from evenground.report.story.statistic import subject_of
from evenground.report.workbook import _WHOLE


@pytest.fixture(scope="module")
def book(released: Released, tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    place = tmp_path_factory.mktemp("workbook") / "review"
    report.write(released, place)
    return load_workbook(place / "review.xlsx")


def test_the_cover_leads_to_every_sheet_and_says_how_many_rows_it_has(book: Workbook) -> None:
    cover = book.worksheets[0]
    lines = {
        row[0].value: (row[0].hyperlink.location, row[2].value)
        for row in cover.iter_rows()
        if row[0].hyperlink is not None
    }
    assert list(lines) == book.sheetnames[1:]
    for sheet in book.worksheets[1:]:
        place, rows = lines[sheet.title]
        assert place == f"'{sheet.title}'!A1"
        assert rows == sheet.max_row - 1


def test_every_sheet_prints(book: Workbook) -> None:
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) in ((1, 0), (None, 0))
        assert sheet.oddFooter.left.text.startswith("Source: A <i>publisher")
        assert "&P" in sheet.oddFooter.right.text
    assert all(sheet.print_title_rows == "$1:$1" for sheet in book.worksheets[1:])


def test_every_table_filters_and_keeps_its_head_in_sight(book: Workbook) -> None:
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == f"A1:{sheet.cell(sheet.max_row, sheet.max_column).coordinate}"
        widths = [sheet.column_dimensions[cell.column_letter].width for cell in sheet[1]]
        assert all(width >= 9 for width in widths)
        assert not sheet.merged_cells.ranges


def test_what_to_look_at_first_can_be_sorted(book: Workbook, released: Released) -> None:
    found = []
    for sheet in book.worksheets[1:-1]:
        header = [cell.value for cell in sheet[1]]
        column = header.index("Look here first")
        found += [row[column] for row in sheet.iter_rows(min_row=2, values_only=True) if row[column]]
    assert sorted(found) == sorted(rank for rank in released.findings["rank"].to_pylist() if rank)


def test_every_row_has_its_own_sentence(book: Workbook, released: Released) -> None:
    """The rows are put in another order than the findings; each keeps what it says."""
    for sheet in book.worksheets[1:-1]:
        header = [cell.value for cell in sheet[1]]
        group, measure, value, said = (
            header.index(name) for name in ("Student group", "Measure", "Value", "In words")
        )
        levels = [
            row
            for row in sheet.iter_rows(min_row=2, values_only=True)
            if str(row[measure]).startswith("Share of students, from")
        ]
        for row in levels:
            if row[value] is not None:
                assert f" {round(row[value] * 100)} " in row[said], row
            else:
                assert row[group] in row[said]


def test_properties_say_what_it_is_and_there_is_no_clock_in_them(book: Workbook) -> None:
    told = book.properties
    assert told.title.endswith("an equity review, 2014-15 to 2015-16")
    assert (told.creator, str(told.created)) == ("evenground", "2026-11-21 00:00:00")
    assert {each.name: each.value for each in book.custom_doc_props.props} == {"Language": "en"}


def test_no_cell_is_a_formula_or_leads_out(book: Workbook) -> None:
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert cell.hyperlink is None or not cell.hyperlink.target


def test_a_number_about_the_whole_system_is_written_by_its_own_unit() -> None:
    """A Gini index of dollars is no amount of dollars; how far apart students are is not of teachers."""
    units = {entry.unit for entry in load().statistics.values()} - {"indicator"}
    assert units <= set(_WHOLE)
    speech = Speech(load(), load_wording())
    assert subject_of(speech, "teacher_experience", "dissimilarity").en == "Students"
    assert subject_of(speech, "reading_proficient", "v").en == "Reading"
    assert subject_of(speech, "spending", "gini").en == "Spending for each student"
