"""The workbook: a cover, a sheet a topic, the codebook. Real numbers with formats; nothing in it can run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from evenground import __version__
from evenground.model import ALL, Released
from evenground.press import Wording, Words, count
from evenground.report.codebook import Line
from evenground.report.page.sheet import Sheet
from evenground.report.story.rows import Row
from evenground.report.story.statistic import subject_of
from evenground.report.story.ways import title_of

SHEET_ROWS = 1_048_575
"""Rows of a sheet below its header; what does not fit is in findings.csv."""

_SHARES = ("rate", "difference", "change", "gap_change", "ppg", "gap_between", "gap_within", "mean")
_STUDENTS = ("needed_fixed", "needed_moving")
_FORMATS = {"percent": "0.0%", "count": "#,##0", "decimal": "#,##0.00", "dollars": '"$"#,##0'}
_WHOLE = {
    "share": "percent", "probability": "percent", "dollars": "dollars", "count": "count", "index": "decimal",
    "ratio": "decimal",
}  # fmt: skip
"""How a number about the whole system is written, by its unit; others are written as their indicator is."""

_COLUMNS = {
    "place": 34,
    "indicator": 30,
    "year": 9,
    "dimension": 30,
    "group": 38,
    "measure": 32,
    "value": 12,
    "low": 12,
    "high": 12,
    "students_n": 12,
    "state": 20,
    "verdict": 26,
    "look_first": 12,
    "sentence": 90,
}
"""The columns of a topic's sheet, by their labels, and their widths."""

_CODEBOOK = {"file": 16, "column": 24, "code": 40, "meaning": 80}
_PAPER_A4 = 9


@dataclass(frozen=True)
class Book:
    """The open workbook with what its sheets share: words in one language, formats, the line at the foot."""

    file: Any
    lang: str
    wording: Wording
    formats: dict[str, Any]
    foot: str

    def say(self, words: Words) -> str:
        return words.of(self.lang)

    def label(self, key: str) -> str:
        return self.say(self.wording.label(key))


@dataclass(frozen=True)
class Topic:
    """A sheet: its name, the question that it answers, and its rows, each with its sentence."""

    name: str
    title: str
    rows: Sequence[tuple[Row, str]]


def write_workbook(
    file: Path,
    sheet: Sheet,
    released: Released,
    rows: Sequence[Row],
    sentences: Sequence[str],
    codes: Sequence[Line],
    lang: str,
) -> None:
    """Writes `file` in one language: findings of the unit in focus and the differences of its parts, by
    topic. `sentences` are those of `rows`, in their order."""
    import xlsxwriter

    about = released.about
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
    }
    with xlsxwriter.Workbook(str(file), options) as written:
        written.set_properties(
            {
                "title": sheet.story.title.of(lang),
                "author": "evenground",
                "comments": sheet.source.of(lang),
                "created": datetime.fromisoformat(about.made_on),
            }
        )
        written.set_custom_property("Language", lang)
        foot = f"&L{_plain(sheet.source.of(lang))}&R&P / &N"
        book = Book(written, lang, sheet.speech.wording, _formats(written), foot)
        topics = _topics(sheet, released, rows, sentences, lang)
        left_out = len(rows) - sum(len(topic.rows) for topic in topics)
        _cover(book, sheet, released, topics, len(codes), left_out)
        for topic in topics:
            _topic(book, sheet, topic)
        _codebook(book, codes)


def _topics(
    sheet: Sheet, released: Released, rows: Sequence[Row], sentences: Sequence[str], lang: str
) -> list[Topic]:
    """Rows by question in the order of the page; the unit in focus first, no more than a sheet can hold. How
    each idea of fairness reads them has a sheet of its own."""
    found: dict[str, list[tuple[Row, str]]] = {key: [] for key in sheet.speech.definitions.questions}
    focus = released.about.unit_level, released.about.unit_id
    pairs = list(zip(rows, sentences, strict=True))
    read = [pair for pair in pairs if pair[0].perspective and pair[0].measure == "reading"]
    core = [pair for pair in pairs if not pair[0].perspective]
    for pair in sorted(core, key=lambda pair: (pair[0].unit_level, pair[0].unit_id) != focus):
        found[pair[0].question].append(pair)
    filled = [key for key, some in found.items() if some]
    told = [(sheet.speech.question_title(key).of(lang), found[key]) for key in filled]
    if sheet.story.ways is not None:
        told.append((title_of(sheet.story.ways).of(lang), read))
    return [
        Topic(_sheet_name(title, at), title, some[:SHEET_ROWS])
        for at, (title, some) in enumerate(told, start=1)
    ]


def _sheet_name(title: str, at: int) -> str:
    """At most 31 signs, none that a sheet may not have, different for every sheet."""
    plain = "".join(sign for sign in title if sign not in "[]:*?/\\'¿?")
    return f"{at} {plain}"[:31].rstrip()


def _formats(file: Any) -> dict[str, Any]:
    formats = {key: file.add_format({"num_format": form}) for key, form in _FORMATS.items()}
    formats["head"] = file.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    formats["title"] = file.add_format({"bold": True, "font_size": 16})
    formats["bold"] = file.add_format({"bold": True, "valign": "top"})
    formats["text"] = file.add_format({"text_wrap": True, "valign": "top"})
    formats["link"] = file.add_format({"font_color": "#0072B2", "underline": 1, "valign": "top"})
    return formats


def _cover(
    book: Book, sheet: Sheet, released: Released, topics: Sequence[Topic], codes: int, left_out: int
) -> None:
    """What the workbook is of, and what is in each sheet: a link, the question, how many rows."""
    about, formats = released.about, book.formats
    page = book.file.add_worksheet(book.label("sheet_cover"))
    page.hide_gridlines(2)
    page.set_column(0, 0, 36)
    page.set_column(1, 1, 90, formats["text"])
    page.set_column(2, 2, 12)
    lines = [
        ("place", about.title),
        ("year", ", ".join(about.periods)),
        ("source", f"{about.publisher} ({about.licence})"),
        ("version", f"evenground {__version__}"),
        ("made_on", about.made_on),
    ]
    page.write_string(0, 0, book.say(sheet.story.title), formats["title"])
    page.write_string(1, 0, book.label("cover_lead"))
    for at, (key, text) in enumerate(lines, start=3):
        page.write_string(at, 0, book.label(key), formats["bold"])
        page.write_string(at, 1, text, formats["text"])
    at = 4 + len(lines)
    for column, key in enumerate(("sheet", "what", "rows")):
        page.write_string(at, column, book.label(key), formats["head"])
    about_codes = book.say(book.wording.entry("downloads", "codebook.csv"))
    sheets = [(topic.name, topic.title, len(topic.rows)) for topic in topics]
    for name, title, rows in [*sheets, (book.label("sheet_codebook"), about_codes, codes)]:
        at += 1
        page.write_url(at, 0, f"internal:'{name}'!A1", formats["link"], name)
        page.write_string(at, 1, title, formats["text"])
        page.write_number(at, 2, rows, formats["count"])
    if left_out:
        page.write_string(at + 2, 0, book.say(book.wording.set("workbook.left_out", count=count(left_out))))
    _on_paper(book, page)


def _topic(book: Book, sheet: Sheet, topic: Topic) -> None:
    """One sheet: a row a finding."""
    page = book.file.add_worksheet(topic.name)
    _heads(book, page, _COLUMNS, len(topic.rows))
    texts = _texts(book, sheet)
    columns = list(_COLUMNS)
    numbers, last = columns.index("value"), columns.index("state")
    known = sheet.speech.definitions
    units = {key: entry.unit for key, entry in known.indicators.items()}
    whole = {key: entry.unit for key, entry in known.statistics.items()}
    for at, (row, sentence) in enumerate(topic.rows, start=1):
        named, judged = texts(row)
        for column, text in enumerate(named):
            if text:
                page.write_string(at, column, text)
        unit = whole.get(row.measure, "indicator")
        form = book.formats[_WHOLE.get(unit) or _format(units[row.indicator], row.measure)]
        for column, number in enumerate((row.value, row.low, row.high), start=numbers):
            if number is not None:
                page.write_number(at, column, number, form)
        if row.n is not None:
            page.write_number(at, numbers + 3, row.n, book.formats["count"])
        for column, text in enumerate(judged, start=last):
            if text:
                page.write_string(at, column, text)
        if row.rank is not None:
            page.write_number(at, last + 2, row.rank, book.formats["count"])
        page.write_string(at, last + 3, sentence)


def _texts(book: Book, sheet: Sheet) -> Callable[[Row], tuple[Sequence[str], Sequence[str]]]:
    """What stands in the columns of words before and after the numbers. The same few names come in every row,
    so each is set once."""
    speech, say = sheet.speech, book.say

    @cache
    def named(kind: str, key: str) -> str:
        return say(getattr(speech, kind)(key))

    @cache
    def subject(indicator: str, measure: str) -> str:
        return say(subject_of(speech, indicator, measure))

    @cache
    def code(key: str) -> str:
        return say(book.wording.entry("codes", key))

    places: dict[tuple[str, str], str] = {}

    def texts(row: Row) -> tuple[Sequence[str], Sequence[str]]:
        unit = row.unit_level, row.unit_id
        if unit not in places:
            places[unit] = say(speech.place(row))
        names = (
            places[unit],
            subject(row.indicator, row.measure),
            named("period", row.period),
            named("dimension", row.dimension) if row.dimension != ALL else "",
            named("name", row.group),
            named("measure", row.measure),
        )
        return names, (code(f"state.{row.state}"), code(f"verdict.{row.verdict}") if row.verdict else "")

    return texts


def _format(unit: str, measure: str) -> str:
    if measure in _STUDENTS:
        return "count"
    if measure in _SHARES and unit == "share":
        return "percent"
    return "dollars" if unit == "dollars" and measure != "ratio" else "decimal"


def _codebook(book: Book, codes: Sequence[Line]) -> None:
    page = book.file.add_worksheet(book.label("sheet_codebook"))
    _heads(book, page, _CODEBOOK, len(codes))
    for at, (file, column, code, meaning) in enumerate(codes, start=1):
        for place, text in enumerate((file, column, code, book.say(meaning))):
            if text:
                page.write_string(at, place, text)


def _heads(book: Book, page: Any, columns: dict[str, int], rows: int) -> None:
    """A frozen, filtered header that is repeated on paper, and the widths of the columns."""
    for column, (key, width) in enumerate(columns.items()):
        page.set_column(column, column, width)
        page.write_string(0, column, book.label(key), book.formats["head"])
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, max(rows, 1), len(columns) - 1)
    page.repeat_rows(0)
    _on_paper(book, page)


def _on_paper(book: Book, page: Any) -> None:
    """Landscape, as wide as the paper, with source and page at the foot."""
    page.set_landscape()
    page.set_paper(_PAPER_A4)
    page.fit_to_pages(1, 0)
    page.set_footer(book.foot)


def _plain(text: str) -> str:
    """For a footer, where & starts a command and 255 signs are the most."""
    return text.replace("&", "&&")[:200]
