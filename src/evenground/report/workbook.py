"""The workbook: a cover, a sheet a topic, the codebook. Real numbers with formats; nothing in it can run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evenground import __version__
from evenground.model import Released
from evenground.press import Words, count
from evenground.report.page.section import Sheet
from evenground.report.story.rows import Row

SHEET_ROWS = 1_048_575
"""Rows of a sheet below its header; what does not fit is in findings.csv."""

_SHARES = ("rate", "difference", "change", "gap_change", "ppg", "gap_between", "gap_within")
_WIDTHS = (34, 30, 9, 30, 38, 32, 12, 12, 12, 12, 20, 26, 90)
_HEADS = (
    "place",
    "indicator",
    "year",
    "dimension",
    "group",
    "measure",
    "value",
    "low",
    "high",
    "students_n",
    "state",
    "verdict",
    "sentence",
)


def write_workbook(
    file: Path,
    sheet: Sheet,
    released: Released,
    rows: Sequence[Row],
    codes: Sequence[tuple[str, str, str, Words]],
    lang: str,
) -> None:
    """Writes `file` in one language: findings of the unit in focus and the differences of its parts,
    by topic."""
    import xlsxwriter

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
    }
    with xlsxwriter.Workbook(str(file), options) as book:
        book.set_properties(
            {
                "title": sheet.story.title.of(lang),
                "author": "evenground",
                "created": _moment(released.about.made_on),
            }
        )
        topics = _topics(sheet, released, rows)
        left_out = len(rows) - sum(map(len, topics.values()))
        names = {
            key: _sheet_name(sheet.speech.question_title(key).of(lang), at)
            for at, key in enumerate(topics, start=1)
        }
        _cover(book, sheet, released, names, left_out, lang)
        for key, found in topics.items():
            _topic(book, sheet, names[key], found, lang)
        _codebook(book, sheet, codes, lang)


def _topics(sheet: Sheet, released: Released, rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Rows by question in the order of the page; the unit in focus first, no more than a sheet can hold."""
    found: dict[str, list[Row]] = {key: [] for key in sheet.speech.definitions.questions}
    focus = released.about.unit_level, released.about.unit_id
    for row in sorted(rows, key=lambda row: (row.unit_level, row.unit_id) != focus):
        found[row.question].append(row)
    return {key: rows[:SHEET_ROWS] for key, rows in found.items() if rows}


def _sheet_name(title: str, at: int) -> str:
    """At most 31 signs, none that a sheet may not have, different for every sheet."""
    plain = "".join(sign for sign in title if sign not in "[]:*?/\\'¿?")
    return f"{at} {plain}"[:31].rstrip()


def _moment(made_on: str) -> Any:
    from datetime import datetime

    return datetime.fromisoformat(made_on)


def _cover(
    book: Any,
    sheet: Sheet,
    released: Released,
    names: dict[str, str],
    left_out: int,
    lang: str,
) -> None:
    """What is in the workbook, and what did not fit."""
    wording = sheet.speech.wording
    bold, title = book.add_format({"bold": True}), book.add_format({"bold": True, "font_size": 16})
    page = book.add_worksheet(wording.label("sheet_cover").of(lang))
    page.hide_gridlines(2)
    page.set_column(0, 0, 36)
    page.set_column(1, 1, 90, book.add_format({"text_wrap": True, "valign": "top"}))
    about = released.about
    lines: list[tuple[str, str]] = [
        (wording.label("place").of(lang), about.title),
        (wording.label("year").of(lang), ", ".join(about.periods)),
        (wording.label("source").of(lang), f"{about.publisher} ({about.licence})"),
        (wording.label("version").of(lang), f"evenground {__version__}"),
        (wording.label("made_on").of(lang), about.made_on),
    ]
    page.write_string(0, 0, sheet.story.title.of(lang), title)
    page.write_string(1, 0, wording.label("cover_lead").of(lang))
    for at, (name, text) in enumerate(lines, start=3):
        page.write_string(at, 0, name, bold)
        page.write_string(at, 1, text)
    at = 4 + len(lines)
    page.write_string(at, 0, wording.label("sheet").of(lang), bold)
    page.write_string(at, 1, wording.label("what").of(lang), bold)
    for key, name in names.items():
        at += 1
        page.write_string(at, 0, name)
        page.write_string(at, 1, sheet.speech.question_title(key).of(lang))
    page.write_string(at + 1, 0, wording.label("sheet_codebook").of(lang))
    page.write_string(at + 1, 1, wording.entry("downloads", "codebook.csv").of(lang))
    if left_out:
        page.write_string(at + 3, 0, wording.set("workbook.left_out", count=count(left_out)).of(lang))


def _topic(book: Any, sheet: Sheet, name: str, rows: Sequence[Row], lang: str) -> None:
    """One sheet: a row a finding. xlsxwriter keeps one row in memory at a time."""
    speech = sheet.speech
    page = book.add_worksheet(name)
    formats = {
        key: book.add_format({"num_format": form})
        for key, form in {
            "percent": "0.0%",
            "count": "#,##0",
            "decimal": "#,##0.00",
            "dollars": '"$"#,##0',
        }.items()
    }
    _heads(book, page, [speech.wording.label(head).of(lang) for head in _HEADS], _WIDTHS, len(rows))
    measures = {row.measure: speech.wording.entry("codes", f"measure.{row.measure}").of(lang) for row in rows}
    for at, row in enumerate(rows, start=1):
        told = [
            speech.place(row).of(lang),
            speech.title(row.indicator).of(lang),
            speech.period(row.period).of(lang),
            speech.dimension(row.dimension).of(lang) if row.dimension != "all" else "",
        ]
        told += [speech.name(row.group).of(lang), measures[row.measure]]
        for column, text in enumerate(told):
            page.write_string(at, column, text)
        form = formats[_format(speech.indicator(row.indicator).unit, row.measure)]
        for column, number in enumerate((row.value, row.low, row.high), start=6):
            if number is not None:
                page.write_number(at, column, number, form)
        if row.n is not None:
            page.write_number(at, 9, row.n, formats["count"])
        page.write_string(at, 10, speech.wording.entry("codes", f"state.{row.state}").of(lang))
        page.write_string(
            at, 11, speech.wording.entry("codes", f"verdict.{row.verdict}").of(lang) if row.verdict else ""
        )
        page.write_string(at, 12, speech.sentence(row).of(lang))


def _format(unit: str, measure: str) -> str:
    if measure in ("needed_fixed", "needed_moving"):
        return "count"
    if measure in (*_SHARES, "mean") and unit == "share":
        return "percent"
    return "dollars" if unit == "dollars" and measure not in ("ratio",) else "decimal"


def _codebook(book: Any, sheet: Sheet, codes: Sequence[tuple[str, str, str, Words]], lang: str) -> None:
    label = sheet.speech.wording.label
    page = book.add_worksheet(label("sheet_codebook").of(lang))
    _heads(
        book,
        page,
        [label(head).of(lang) for head in ("file", "column", "code", "meaning")],
        (12, 20, 40, 80),
        len(codes),
    )
    for at, (file, column, code, meaning) in enumerate(codes, start=1):
        for place, text in enumerate((file, column, code, meaning.of(lang))):
            page.write_string(at, place, text)


def _heads(book: Any, page: Any, heads: Sequence[str], widths: Sequence[int], rows: int) -> None:
    """A frozen, filtered header and the widths of the columns."""
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    for column, width in enumerate(widths):
        page.set_column(column, column, width)
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, max(rows, 1), len(heads) - 1)
    for column, head in enumerate(heads):
        page.write_string(0, column, head, bold)
