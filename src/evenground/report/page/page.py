"""The review as one self-contained page in every language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from evenground import __version__
from evenground.definitions import remarked, said
from evenground.model import ERROR, Problem, Released
from evenground.press import (
    Html,
    Words,
    bar,
    both,
    contents,
    count,
    element,
    folded,
    join,
    leaf,
    plain_table,
)
from evenground.report.page.aside import to_collect
from evenground.report.page.depth import depth_page
from evenground.report.page.framework import FOLDER, framework_file
from evenground.report.page.glossary import Glossary
from evenground.report.page.local import LISTS
from evenground.report.page.method import FILE as METHOD
from evenground.report.page.perspectives import FILE as WAYS
from evenground.report.page.perspectives import read_by, ways_page, ways_part
from evenground.report.page.section import item_part, section_part
from evenground.report.page.sheet import Sheet
from evenground.report.story.protection import in_one_sentence, protection, replaced
from evenground.report.story.question import Section
from evenground.report.story.unmeasured import unmeasured_of
from evenground.report.story.ways import title_of

_MOST_CHECKS = 60
_HEAVIEST = 200_000
"""Bytes of the page a language. What all languages share counts once: one alone needs less than 300,000."""


def pages(sheet: Sheet, released: Released, receipt: Mapping[str, Any]) -> dict[str, str]:
    """The review as HTML files: `index.html`; where that would be too heavy for a phone, the depth of the
    questions with most to unfold stands on pages of their own."""
    limit = _HEAVIEST * len(sheet.speech.languages)
    deepest = sorted(sheet.story.sections, key=lambda section: -section.foldable)
    apart: list[Section] = []
    while True:
        files = {section.key: f"{FOLDER}/question-{section.key}.html" for section in apart}
        index = _page(replace(sheet, figures=0), released, receipt, files)
        further = [section for section in deepest if section not in apart and section.foldable]
        if len(index.encode()) <= limit or not further:
            break
        apart.append(further[0])
    deeper = {files[part.key]: depth_page(sheet, part) for part in apart}
    return {"index.html": index} | deeper | _ways_page(sheet, released)


def _ways_page(sheet: Sheet, released: Released) -> dict[str, str]:
    if sheet.story.ways is None:
        return {}
    place = released.about.title
    page = ways_page(sheet.speech, sheet.ledger, sheet.story.ways, place, sheet.source)
    return {f"{FOLDER}/{WAYS}": page}


def _page(sheet: Sheet, released: Released, receipt: Mapping[str, Any], depth: Mapping[str, str]) -> str:
    """`depth`: the files of the questions of which the depth stands elsewhere."""
    words = Glossary(sheet.speech.definitions.glossary)
    sections = [
        words.mark(section_part(sheet, section, depth.get(section.key))) for section in sheet.story.sections
    ]
    short, ways = words.mark(_short(sheet)), join()
    if sheet.story.ways is not None:
        ways = words.mark(ways_part(sheet.speech, sheet.ledger, sheet.story.ways, FOLDER))
    main = element("main", short, sections, ways, _about(sheet, released, receipt, words), words.opened())
    content = (_head(sheet, released), main, _foot(sheet, released))
    return leaf(sheet.story.title, sheet.speech.wording.label("skip"), "short", content)


def _head(sheet: Sheet, released: Released) -> Html:
    label, wording, about = sheet.speech.wording.label, sheet.speech.wording, released.about
    newest = max(about.periods, default="")
    fresh = wording.set("page.freshness", period=newest, date=about.made_on, version=__version__)
    links = [
        ("short", label("in_short")),
        *((section.key, section.title) for section in sheet.story.sections),
        *([("ways", title_of(sheet.story.ways))] if sheet.story.ways else []),
        ("about", label("about")),
    ]
    source = wording.set("page.source", publisher=about.publisher, licence=about.licence)
    return element(
        "header",
        bar(label("language"), label("language_name")),
        element("h1", sheet.story.title),
        both("p", wording.set("page.lede", place=about.title), class_="lede"),
        read_by(sheet.story.ways, FOLDER),
        [both("p", line) for line in replaced(sheet.speech, released)],
        [both("p", line, class_="soft") for line in in_one_sentence(sheet.speech, released)],
        both("p", source.then(fresh), class_="soft"),
        element("p", *_parted(_further(sheet, released)), class_="soft"),
        _acts(label("print"), label("open_all")),
        contents(label("contents"), links),
        element("p", label("by_framework"), ": ", *_parted(_frameworks(sheet)), class_="soft"),
        element("p", label("method"), ": ", _how_we_know(sheet), class_="soft"),
    )


def _further(sheet: Sheet, released: Released) -> list[Html]:
    """The print for a meeting, and the lists of pages of places, where there are such."""
    label = sheet.speech.wording.label
    levels = released.pages["unit_level"].unique().to_pylist()
    lists = [element("a", label("all_places"), href=f"{FOLDER}/{LISTS[level]}") for level in levels]
    return [element("a", label("local_print"), href="meeting.pdf"), *lists]


def _frameworks(sheet: Sheet) -> list[Html]:
    """A link to the contents page of each framework."""
    return [
        element("a", said(framework.name), href=f"{FOLDER}/{framework_file(key)}")
        for key, framework in sheet.speech.definitions.frameworks.items()
    ]


def _how_we_know(sheet: Sheet) -> Html:
    return element("a", sheet.speech.wording.label("method_page"), href=f"{FOLDER}/{METHOD}")


def _parted(links: Sequence[Html]) -> Iterator[Html]:
    for at, link in enumerate(links):
        yield join(" · ", link) if at else link


def _acts(print_: Words, open_: Words) -> Html:
    """What only a script can do; without one there are no dead buttons."""
    return element(
        "p",
        element("button", print_, type="button", hidden=True, data_act="print"),
        element("button", open_, type="button", hidden=True, data_act="open", aria_pressed="false"),
        class_="acts",
    )


def _short(sheet: Sheet) -> Html:
    items = [item_part(sheet, item) for item in sheet.story.items]
    if not items:
        items = [both("p", sheet.speech.wording.set("page.nothing", place=sheet.story.place.title))]
    return element(
        "section",
        element("h2", sheet.speech.wording.label("in_short"), id="short"),
        items,
        aria_labelledby="short",
    )


def _foot(sheet: Sheet, released: Released) -> Html:
    return element("footer", element("p", sheet.source, class_="src"))


# --- about the data ---


def _about(sheet: Sheet, released: Released, receipt: Mapping[str, Any], words: Glossary) -> Html:
    wording = sheet.speech.wording
    method = [both("li", wording.entry("method", at)) for at in wording.keys("method")]
    first = join(
        element("h3", wording.label("method")),
        element("ul", method, class_="ask"),
        element("p", _how_we_know(sheet)),
        element("h3", wording.label("checks")),
        _checks(sheet, released),
        _not_measured(sheet, released),
        element("h3", wording.label("privacy")),
        _privacy(sheet, released),
    )
    files = join(
        element("h3", wording.label("by_framework")),
        element("ul", [element("li", link) for link in _frameworks(sheet)], class_="files"),
        element("h3", wording.label("downloads")),
        _downloads(sheet),
        element("h3", wording.label("receipt")),
        _receipt(sheet, released, receipt),
    )
    first, files = words.mark(first), words.mark(files)  # before the list, which holds all that was marked
    title = element("h2", wording.label("about"), id="about")
    meanings = join(element("h3", wording.label("glossary")), words.listed())
    return element("section", title, first, meanings, files, aria_labelledby="about")


def _checks(sheet: Sheet, released: Released) -> Html:
    """What the checks found."""
    label = sheet.speech.wording.label
    if not released.checks:
        return both("p", label("checks_none"))
    ordered = sorted(
        released.checks, key=lambda problem: (problem.severity != ERROR, problem.severity != "warning")
    )
    rows = [_check(sheet, problem) for problem in ordered[:_MOST_CHECKS]]
    heads = [label("file_column"), label("severity"), label("found"), label("todo")]
    table = plain_table("checks", label("checks"), heads, rows, prose=True)
    summary = sheet.speech.wording.set("checks.count", count=count(len(released.checks)))
    return folded(summary, table)


def _check(sheet: Sheet, problem: Problem) -> list[Html | str | Words]:
    place = " · ".join(str(part) for part in (problem.file, problem.column, problem.row) if part)
    rows = f" ({count(problem.count)})" if problem.count > 1 else ""
    found, todo = remarked(problem)
    told = join(found or _english(problem.found), rows)
    severity = sheet.speech.wording.label(f"severity.{problem.severity}")
    return [place, severity, told, todo or _english(problem.todo)]


def _english(text: str) -> Html:
    """What nobody has said in another language yet."""
    return element("span", text, lang="en", class_="keep")


def _not_measured(sheet: Sheet, released: Released) -> Html:
    """Questions that these data cannot answer at all; what else is missing stands beside each answer."""
    told = {section.key for section in sheet.story.sections}
    parts = []
    for key, question in sheet.speech.definitions.questions.items():
        unmeasured = unmeasured_of(sheet.speech, released, key) if key not in told else None
        if unmeasured:
            many = element("span", f" ({count(len(unmeasured.missing))})", class_="soft")
            parts.append(folded(join(said(question.title), many), to_collect(sheet.speech, unmeasured, key)))
    return join(element("h3", sheet.speech.wording.label("not_measured")), parts) if parts else join()


def _privacy(sheet: Sheet, released: Released) -> Html:
    link = element("p", element("a", "disclosure.json", href="disclosure.json"))
    return join(*(both("p", sentence) for sentence in protection(sheet.speech, released)), link)


def _downloads(sheet: Sheet) -> Html:
    wording = sheet.speech.wording
    links = [
        element("li", element("a", name, href=name), " — ", wording.entry("downloads", name))
        for name in wording.keys("downloads")
    ]
    return element("ul", links, class_="files")


def _receipt(sheet: Sheet, released: Released, receipt: Mapping[str, Any]) -> Html:
    wording = sheet.speech.wording
    pairs = [
        ("version", f"evenground {receipt['evenground']}"),
        ("contract", receipt["contract"]),
        ("definitions_hash", receipt["definitions"][:16]),
        ("policy", receipt["policy"]),
    ]
    facts = element(
        "dl",
        [
            join(element("dt", wording.label(key)), element("dd", element("code", str(value))))
            for key, value in pairs
        ],
    )
    if not released.inputs:
        return facts
    summary = wording.set("inputs.some", count=count(len(released.inputs)))
    rows: list[list[Html | str | Words]] = [
        [name, element("code", digest[:16])] for name, digest in sorted(released.inputs.items())
    ]
    table = plain_table(
        "inputs", wording.label("fingerprint"), [wording.label("input"), wording.label("fingerprint")], rows
    )
    return join(facts, folded(summary, table))
