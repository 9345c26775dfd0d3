"""The page of one school or district, and the list of all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evenground.model import About, Unit
from evenground.press import Html, Words, bar, both, contents, count, element, framed, inline, join, leaf
from evenground.report.page.glossary import Glossary
from evenground.report.page.section import item_part
from evenground.report.page.sheet import Sheet, figure_part
from evenground.report.page.table import figure_of, groups_table
from evenground.report.story.local import Beside, Local
from evenground.report.story.question import Block, Section
from evenground.report.story.speech import Speech

LISTS = {"school": "schools.html", "district": "districts.html"}
"""The file, in the folder of pages, that lists the pages of a level."""


@dataclass(frozen=True)
class Frame:
    """What the pages of one bundle have in common."""

    speech: Speech
    about: About
    source: Words
    list: str  # file of the list of all pages


def local_page(frame: Frame, local: Local, print_: str) -> str:
    """The whole HTML file of one place; `print_` is the file of its print."""
    sheet = Sheet(frame.speech, local.ledger, local.story, frame.source)
    sections = [section for section in local.story.sections if section.blocks]
    links = [("short", frame.speech.wording.label("in_short"))]
    if local.beside and local.above:
        links.append(("beside", frame.speech.wording.label("beside")))
    if local.mentions:
        links.append(("mentions", frame.speech.wording.label("mentions")))
    links += [(section.key, section.title) for section in sections]
    words = Glossary(frame.speech.definitions.glossary)
    questions = [words.mark(_section(sheet, section, local)) for section in sections]
    short, mentions = words.mark(_short(sheet)), words.mark(_mentions(frame.speech, local))
    main = element("main", short, _beside(frame.speech, local), mentions, questions, words.opened())
    foot = element("footer", _ways(frame, print_), element("p", frame.source, class_="src"))
    content = (_head(frame, local, print_, links), main, foot)
    return leaf(local.story.title, frame.speech.wording.label("skip"), "short", content)


def _head(frame: Frame, local: Local, print_: str, links: Sequence[tuple[str, Words]]) -> Html:
    wording = frame.speech.wording
    lede = wording.set("local.lede", place=local.unit.name, whole=frame.about.title)
    return element(
        "header",
        bar(wording.label("language"), wording.label("language_name")),
        element("h1", local.story.title),
        both("p", lede, class_="lede"),
        _ways(frame, print_),
        [both("p", line, class_="soft") for line in local.hidden],
        element("button", wording.label("print"), type="button", hidden=True),
        contents(wording.label("contents"), links),
    )


def _ways(frame: Frame, print_: str) -> Html:
    """Where to go from here."""
    label = frame.speech.wording.label
    ways = [("../index.html", "whole_review"), (frame.list, "all_places"), (print_, "local_print")]
    linked = [element("a", label(name), href=file) for file, name in ways]
    return element("p", linked[0], " · ", linked[1], " · ", linked[2])


def _short(sheet: Sheet) -> Html:
    items = [item_part(sheet, item) for item in sheet.story.items]
    if not items:
        nothing = sheet.speech.wording.set("local.nothing", place=sheet.story.place.title)
        items = [both("p", nothing)]
    title = element("h2", sheet.speech.wording.label("in_short"), id="short")
    return element("section", title, items, aria_labelledby="short")


def _beside(speech: Speech, local: Local) -> Html:
    """Everybody's numbers here and in the wider places, question by question."""
    if not local.beside or not local.above:
        return join()
    label = speech.wording.label
    widest = local.above[-1].name
    lead = speech.wording.set(
        "local.beside",
        place=local.unit.name,
        above=", ".join(unit.name for unit in local.above),
        widest=widest,
    )
    heads = [
        label("indicator"),
        label("year"),
        label("here"),
        *(Words.same(unit.name) for unit in local.above),
        label("verdict"),
        label("over_time"),
    ]
    words = (0, len(heads) - 2, len(heads) - 1)
    head = element(
        "tr",
        [
            element("th", text, scope="col", class_="w" if at in words else None)
            for at, text in enumerate(heads)
        ],
    )
    bodies = []
    for key in speech.definitions.questions:
        rows = [row for row in local.beside if speech.indicator(row.indicator).question == key]
        if rows:
            title = element("th", speech.question_title(key), scope="rowgroup", colspan=str(len(heads)))
            bodies.append(element("tbody", element("tr", title), [_row(speech, row) for row in rows]))
    table = framed("beside-all", label("beside_all"), element("thead", head), bodies)
    return element(
        "section",
        element("h2", label("beside"), id="beside"),
        both("p", lead),
        table,
        aria_labelledby="beside",
    )


def _mentions(speech: Speech, local: Local) -> Html:
    """What the questions about the whole system found here."""
    if not local.mentions:
        return join()
    title = element("h2", speech.wording.label("mentions"), id="mentions")
    told = [both("p", sentence) for sentence in local.mentions]
    return element("section", title, told, aria_labelledby="mentions")


def _row(speech: Speech, row: Beside) -> Html:
    wider = [figure_of(speech, level) if level and level.told else Words.same("") for level in row.above]
    cells: list[Words] = [Words.same(row.here.period), figure_of(speech, row.here), *wider]
    reading = speech.wording.label(row.reading) if row.reading else Words.same("")
    moved = speech.wording.label(f"moved.{row.moved}") if row.moved else Words.same("")
    return element(
        "tr",
        element("th", speech.title(row.indicator), scope="row"),
        [element("td", cell) for cell in cells],
        [element("td", words, class_="w") for words in (reading, moved)],
    )


def _section(sheet: Sheet, section: Section, local: Local) -> Html:
    """A question: its answer and the chart of what answers it; the rest folded, tables only."""
    lead, *others = section.blocks
    figure = figure_part(sheet, lead.figure) if lead.figure else join()
    finding = both("p", lead.finding) if lead.lead else join()
    among = local.among.get(section.key)
    where = [element("h3", sheet.speech.wording.label("where"))] if among or lead.where else []
    where += [figure_part(sheet, each) for each in (among, lead.where.figure if lead.where else None) if each]
    return element(
        "section",
        element("h2", section.title, id=section.key),
        both("p", section.answer, class_="answer"),
        element("h3", lead.heading),
        finding,
        figure,
        _folded(sheet, lead, sheet.speech.wording.label("numbers"), None),
        [_folded(sheet, block, block.heading, block.finding) for block in others],
        where,
        element("h3", sheet.speech.wording.label("ask")),
        element("ul", [both("li", ask) for ask in section.ask], class_="ask"),
        aria_labelledby=section.key,
    )


def _folded(sheet: Sheet, block: Block, title: Words, say: Words | None) -> Html:
    tables = [
        groups_table(sheet.speech, sheet.ledger, sheet.story.place, key, crosses=False)
        for key in block.tables
    ]
    told = element("span", say, class_="say") if say else join()
    return element("details", element("summary", inline(title), told), element("div", tables, class_="in"))


# --- the list of all pages ---


def list_page(frame: Frame, files: Mapping[Unit, str], parents: Mapping[Unit, str]) -> str:
    """Every page by name, under the place that it is part of: the whole review's where no other is known."""
    wording = frame.speech.wording
    title = wording.set("local.list", count=count(len(files)))
    groups: dict[str, list[Unit]] = {}
    for unit in files:
        groups.setdefault(parents[unit] or frame.about.title, []).append(unit)
    parts = [
        _group(parent, groups[parent], files, folded=len(groups) > 1)
        for parent in sorted(groups, key=str.lower)
    ]
    back = element("p", element("a", wording.label("whole_review"), href="../index.html"))
    lede = wording.set("local.list.lede", place=frame.about.title)
    content = (
        element(
            "header",
            bar(wording.label("language"), wording.label("language_name")),
            element("h1", title),
            both("p", lede, class_="lede"),
            back,
        ),
        element("main", parts, id="list"),
        element("footer", element("p", frame.source, class_="src")),
    )
    return leaf(title, wording.label("skip"), "list", content)


def _group(parent: str, units: Sequence[Unit], files: Mapping[Unit, str], folded: bool) -> Html:
    ordered = sorted(units, key=lambda unit: (unit.name.lower(), unit.id))
    links = element(
        "ul",
        [element("li", element("a", unit.name, href=f"{files[unit]}.html")) for unit in ordered],
        class_="files",
    )
    if not folded:
        return links
    return element("details", element("summary", parent), element("div", links, class_="in"))
