"""The bundle: everything that leaves, written whole or not at all, and read back with its receipt checked."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from evenground.definitions import load, load_wording
from evenground.definitions.own_perspective import with_own
from evenground.model import FINDINGS, About, InputProblems, NotMeasured, Problem, Released
from evenground.report import receipt, schema, slides, tidy, workbook
from evenground.report.codebook import codebook, write_codebook
from evenground.report.locals import write_locals
from evenground.report.page.framework import FOLDER, framework_file, framework_page
from evenground.report.page.method import FILE as METHOD
from evenground.report.page.method import method_page
from evenground.report.page.page import pages
from evenground.report.page.sheet import Sheet
from evenground.report.paper.meeting import print_meeting
from evenground.report.paper.review import print_review
from evenground.report.story.framework import framework_of
from evenground.report.story.protection import in_one_sentence
from evenground.report.story.rows import ledger_of, rows_of
from evenground.report.story.speech import Speech
from evenground.report.story.story import story_of
from evenground.report.story.together import together_of
from evenground.report.story.ways import talk
from evenground.report.story.worked import worked
from evenground.storage import check_place, whole_folder

Progress = Callable[[str], None]

FILES = (
    "index.html",
    "review.pdf",
    "meeting.pdf",
    "review.pptx",
    "review.xlsx",
    "findings.parquet",
    "findings.csv",
    "cells.parquet",
    "codebook.csv",
    "schema.json",
    "disclosure.json",
    "receipt.json",
)
"""Every file of a bundle."""

PAGES = FOLDER
"""The folder of a bundle for further pages: the method, the frameworks, and those of schools or districts."""


def write(
    released: Released,
    folder: Path,
    lang: str = "en",
    progress: Progress | None = None,
    before: Callable[[Path], None] = lambda fresh: None,
) -> None:
    """Writes the bundle of DESIGN.md section 5 to `folder`: all of it, or nothing.

    It is written beside the folder and moved into place in one step; an earlier bundle is replaced then.
    `lang` (en, es) is the language of PDF, slides and workbook. `before` is called with the finished files,
    right before they appear; where it raises, they do not. Raises InputProblems where the folder holds
    something else.
    """
    folder = Path(folder)
    check_folder(folder)
    with whole_folder(folder) as fresh:
        _fill(released, fresh, lang, progress or (lambda step: None))
        before(fresh)


def check_folder(folder: Path) -> None:
    """Raises InputProblems where a bundle cannot be written without losing somebody's files, OSError where
    nothing can be written."""
    folder = Path(folder)
    name = folder.name or str(folder)  # "." and "/" have no name
    check_place(folder)
    if not folder.exists():
        return
    if not folder.is_dir():
        raise InputProblems.one(name, "a file", "a folder", "choose another place with --out")
    others = strangers(folder)
    bundle = (folder / receipt.NAME).is_file()
    if others or (not bundle and any(folder.iterdir())):
        found = ", ".join(others[:5]) or "files without a receipt"
        raise InputProblems.one(
            name,
            f"a folder with other files ({found})",
            "a new or empty folder, or an earlier bundle and nothing else",
            "choose another place with --out, or move these files away",
        )


def strangers(folder: Path) -> list[str]:
    """What stands in the folder and is not of a bundle: further pages are those that its receipt names."""
    try:
        paid = json.loads((folder / receipt.NAME).read_text(encoding="utf-8"))
        known = {*FILES, PAGES, *paid["files"]}
    except (OSError, ValueError, KeyError, TypeError):
        known = {*FILES, PAGES}
    inside = folder.rglob("*") if (folder / PAGES).is_dir() else folder.iterdir()
    return sorted(name for path in inside if (name := path.relative_to(folder).as_posix()) not in known)


def _fill(released: Released, folder: Path, lang: str, progress: Progress) -> None:
    speech = Speech(with_own(load(), released.settings), load_wording())
    progress("Setting the sentences")
    rows = list(rows_of(released.findings, released.cells))
    together = together_of(released, speech.definitions)
    ledger = ledger_of(rows, released.about.unit, together, released.settings.get("perspective"))
    findings = tidy.findings_with_sentences(released.findings, rows, speech)
    codes = codebook(speech, released)
    tidy.write_parquet(findings, folder / "findings.parquet")
    tidy.write_csv(findings, folder / "findings.csv")
    tidy.write_cells(released.cells, released.units, folder / "cells.parquet")
    write_codebook(codes, folder / "codebook.csv")
    (folder / schema.NAME).write_text(schema.kept(), encoding="utf-8")
    (folder / "disclosure.json").write_text(receipt.written(released.disclosure), encoding="utf-8")
    paid = receipt.receipt_of(released)

    story = story_of(released, ledger, speech)
    source = speech.wording.set(
        "source.line", publisher=released.about.publisher, period=max(released.about.periods, default="")
    )
    sheet = Sheet(speech, ledger, story, source)
    progress("Writing the page")
    (folder / PAGES).mkdir()
    for name, text in pages(sheet, released, paid).items():
        (folder / name).write_text(text, encoding="utf-8")
    wholes = {section.key: section.answer for section in story.sections if not section.blocks}
    for key in speech.definitions.frameworks:
        framework = framework_of(speech, ledger, released, key, wholes)
        text = framework_page(speech, framework, released.about.title, source)
        (folder / PAGES / framework_file(key)).write_text(text, encoding="utf-8")
    hidden = in_one_sentence(speech, released)
    examples = worked(speech, ledger, story, hidden)
    method = method_page(speech, examples, released.about.title, source)
    (folder / PAGES / METHOD).write_text(method, encoding="utf-8")
    progress("Writing the print")
    (folder / "review.pdf").write_bytes(print_review(sheet, released, lang))
    told = talk(speech, ledger, story.ways) if story.ways else None
    meeting = print_meeting(speech, released.about, story, hidden, lang, talk=told)
    (folder / "meeting.pdf").write_bytes(meeting)
    progress("Writing the slides")
    slides.write_slides(folder / "review.pptx", sheet, released, lang)
    progress("Writing the workbook")
    every, said = [*rows, *together.rows], findings[f"sentence_{lang}"].to_pylist()
    said += [speech.sentence(row).of(lang) for row in together.rows]
    workbook.write_workbook(folder / "review.xlsx", sheet, released, every, said, codes, lang)
    if released.pages.num_rows:
        tidy.write_parquet(released.pages, folder / PAGES / "findings.parquet")
        write_locals(released, speech, folder / PAGES, lang, progress)
    (folder / receipt.NAME).write_text(receipt.written(receipt.with_files(paid, folder)), encoding="utf-8")


def read(folder: Path) -> Released:
    """The released review of a bundle. Raises InputProblems where a file is missing or is not as the
    receipt says."""
    folder = Path(folder)
    try:
        paid = json.loads((folder / receipt.NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputProblems.one(
            receipt.NAME, "no readable receipt", "a bundle of `evenground review`", "name the bundle's folder"
        ) from error
    if not isinstance(paid, dict) or not {"files", "about"} <= set(paid):
        found = "a receipt without what a receipt has"
        raise InputProblems.one(receipt.NAME, found, "a bundle of `evenground review`", "name its folder")
    if "withdrawn" in paid:
        raise InputProblems.one(
            folder.name,
            f"a review that was withdrawn on {paid['withdrawn']['date']}",
            "a review that stands",
            "read the notice in its place, index.html",
        )
    receipt.check_contract(folder, paid)
    problems = receipt.changed(folder, paid)
    if problems:
        raise InputProblems(problems)
    about = {**paid["about"], "periods": tuple(paid["about"]["periods"]), "by": tuple(paid["about"]["by"])}
    cells, units = tidy.read_cells(folder / "cells.parquet")
    pages = folder / PAGES / "findings.parquet"
    return Released(
        about=About(**about),
        cells=cells,
        findings=tidy.read_findings(folder / "findings.parquet"),
        units=units,
        disclosure=json.loads((folder / "disclosure.json").read_text(encoding="utf-8")),
        checks=tuple(Problem(**problem) for problem in paid["checks"]),
        not_measured=tuple(NotMeasured(**entry) for entry in paid["not_measured"]),
        inputs=paid["inputs"],
        settings=paid["settings"],
        corrects=paid.get("corrects", {}),
        pages=tidy.read_findings(pages) if pages.is_file() else FINDINGS.empty_table(),
    )
