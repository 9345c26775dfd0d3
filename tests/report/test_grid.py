"""How tables of the page and its lists are set, by hand."""

from __future__ import annotations

from dataclasses import replace

from lxml import html
from tests.report.rows_made import SPEECH

from evenground.model import Released, Unit
from evenground.press import Words
from evenground.report.page.grid import Line, Note, Part, grid
from evenground.report.page.local import Frame, list_page


def test_where_no_line_has_a_number_the_reason_stays() -> None:
    heads = [Words.same(head) for head in ("Group", "Students", "Value")]
    line = Line(Words.same("Black"), [Note(Words.same("hidden to protect students"))])
    table = html.fromstring(str(grid("key", Words.same("Caption"), heads, [Part(None, [line])])))
    rows = [[cell.text_content() for cell in row.xpath("th|td")] for row in table.xpath("//tr")]
    assert rows == [["Group", "Students"], ["Black", "hidden to protect students"]]


def test_places_without_a_known_parent_stand_under_the_whole_review(released: Released) -> None:
    oak, elm = Unit("school", "1", "Oak"), Unit("school", "2", "Elm")
    frame = Frame(SPEECH, replace(released.about, title="Kentucky"), Words.same(""), "schools.html")
    page = html.fromstring(list_page(frame, {oak: "a", elm: "b"}, {oak: "Cedar", elm: ""}))
    assert page.xpath("//main//summary/text()") == ["Cedar", "Kentucky"]
