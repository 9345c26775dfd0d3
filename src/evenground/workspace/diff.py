"""From two bundles to what changed between them."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

from evenground.definitions import load, load_wording
from evenground.model import InputProblems
from evenground.press.spreadsheet import harmless
from evenground.report.difference import Difference, compare, page, read_edition, rows
from evenground.report.story.speech import Speech
from evenground.storage import check_place, whole_file

KINDS_OF_FILE = (".html", ".csv")


def diff(old: Path, new: Path, out: Path | None = None) -> tuple[Speech, Difference]:
    """What changed between the bundles in two folders, and the words for it; also written to `out`, a page
    (.html) or a table (.csv). Raises InputProblems with all that is wrong with either bundle.
    """
    if out is not None:
        _check_out(out)
    speech = Speech(load(), load_wording())
    editions, problems = [], []
    for folder in (old, new):
        try:
            editions.append(read_edition(folder, speech))
        except InputProblems as error:
            problems += [replace(problem, file=f"{folder.name}/{problem.file}") for problem in error.problems]
    if problems:
        raise InputProblems(problems)
    found = compare(*editions)
    if out is not None:
        with whole_file(out) as fresh:
            fresh.write_text(_written(speech, found, out.suffix), encoding="utf-8", newline="")
    return speech, found


def _check_out(out: Path) -> None:
    check_place(out)
    if out.suffix not in KINDS_OF_FILE:
        raise InputProblems.one("--out", out.name, "a file .html or .csv", "give it one of these endings")


def _written(speech: Speech, found: Difference, suffix: str) -> str:
    if suffix == ".html":
        return page(speech, found)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(map(harmless, row) for row in rows(speech, found))
    return text.getvalue()
