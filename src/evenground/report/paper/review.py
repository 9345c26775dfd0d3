"""The review on paper: findings in short, then a question at a time, as tagged PDF."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import resources
from typing import Any

from evenground.definitions import said
from evenground.model import VALUE, Released
from evenground.press import NARROW, PRINT, Wording, Words, count, typeset
from evenground.press.paper import FONT
from evenground.report.page.sheet import Sheet
from evenground.report.page.table import figure_of, gap_of, needed_of, over_years, rest_of
from evenground.report.paper.perspectives import printed
from evenground.report.story.aspect import Aspect
from evenground.report.story.figures import Figure
from evenground.report.story.item import Item
from evenground.report.story.lenses import Closing
from evenground.report.story.panel import FEW_ROWS, drawn, panels
from evenground.report.story.parity import parity
from evenground.report.story.protection import protection, replaced
from evenground.report.story.question import Block, Section
from evenground.report.story.rows import Row
from evenground.report.story.ways import board, read_by_words


class _Press:
    """Collects the pictures while the words are put together, in one language."""

    def __init__(self, sheet: Sheet, lang: str):
        self.sheet, self.lang = sheet, lang
        self.pictures: dict[str, str] = {}

    def say(self, text: Words) -> str:
        return text.of(self.lang)

    def label(self, key: str) -> str:
        return self.say(self.wording.label(key))

    @property
    def wording(self) -> Wording:
        return self.sheet.speech.wording

    def figure(self, figure: Figure | None, narrow: bool = False) -> dict[str, Any] | None:
        if figure is None:
            return None
        picture = figure.chart.picture(NARROW if narrow else PRINT)
        name = f"picture{len(self.pictures) + 1}.svg"
        self.pictures[name] = picture.paper(self.lang, FONT)
        words = {
            "title": self.say(figure.title),
            "subtitle": self.say(figure.subtitle),
            "alt": self.say(figure.alt),
        }
        return {"file": name, "width": picture.width, "height": picture.height, **words}


def print_review(sheet: Sheet, released: Released, lang: str) -> bytes:
    """The PDF (PDF/UA-1), dated as the review is."""
    press = _Press(sheet, lang)
    data = _data(press, released)
    template = (resources.files("evenground.report.paper") / "review.typ").read_text(encoding="utf-8")
    made = datetime.fromisoformat(released.about.made_on).replace(tzinfo=UTC)
    return typeset(template, data, press.pictures, made)


def _data(press: _Press, released: Released) -> dict[str, Any]:
    about, wording, story = released.about, press.wording, press.sheet.story
    ledes = [wording.set("page.lede", place=about.title), *replaced(press.sheet.speech, released)]
    ledes.append(read_by_words(story.ways))
    labels = (
        "in_short",
        "about",
        "method",
        "privacy",
        "what_it_takes",
        "over_time",
        "where",
        "how_sure",
        "what_hidden",
        "ask",
        "page",
        "of",
        "not_measured_paper",
    )
    return {
        "lang": press.lang,
        "title": press.say(story.title),
        "lede": " ".join(press.say(line) for line in ledes if line),
        "source": press.say(press.sheet.source),
        "licence": press.say(wording.set("page.source", publisher=about.publisher, licence=about.licence)),
        "date": about.made_on,
        "labels": {key: press.label(key) for key in labels},
        "items": [_item(press, item) for item in story.items],
        "sections": [_section(press, section) for section in story.sections],
        "ways": _ways(press, about.title),
        "method": [press.say(wording.entry("method", at)) for at in wording.keys("method")],
        "privacy": " ".join(press.say(sentence) for sentence in protection(press.sheet.speech, released)),
        "not_measured": _not_measured(press, released),
    }


def _ways(press: _Press, place: str) -> dict[str, Any] | None:
    ways = press.sheet.story.ways
    figure = press.figure(board(press.sheet.speech, ways, place)) if ways else None
    return printed(press.sheet, figure, press.lang)


def _item(press: _Press, item: Item) -> dict[str, Any]:
    takes = press.say(item.takes) if item.takes else None
    figure = press.figure(item.figure, narrow=True)
    return {
        "good": item.good,
        "kicker": press.say(item.kicker),
        "headline": press.say(item.headline),
        "detail": press.say(item.detail),
        "takes": takes,
        "figure": figure,
    }


def _section(press: _Press, section: Section) -> dict[str, Any]:
    shared = {
        "title": press.say(section.title),
        "answer": press.say(section.answer),
        "others": [
            {"heading": press.say(block.heading), "finding": press.say(_first(press, block))}
            for block in section.blocks[1:]
        ],
        "sure": press.say(section.compared.then(section.sure)),
        "hidden": press.say(section.hidden),
        "ask": [press.say(ask) for ask in section.ask],
    }
    return shared | (_block(press, section) if section.blocks else _opened(press, section))


def _block(press: _Press, section: Section) -> dict[str, Any]:
    """What answers: an indicator with its groups. Aspects are mentioned."""
    lead = section.blocks[0]
    where = lead.where
    return {
        "heading": press.say(lead.heading),
        "finding": press.say(lead.finding) if lead.lead else "",
        "figure": press.figure(lead.brief),
        "table": _table(press, lead.indicator, section),
        "takes": [f"{press.say(name)}: {press.say(sentence)}" for name, sentence in lead.takes],
        "over_time": [press.say(sentence) for sentence in lead.moved],
        "closing": _closing(press, lead.closing) if lead.closing else None,
        "where": press.figure(where.figure, narrow=True) if where else None,
        "split": press.say(where.split) if where and where.split else "",
        "aspects": [_aspect(press, aspect) for aspect in section.aspects],
    }


def _opened(press: _Press, section: Section) -> dict[str, Any]:
    """Where no indicator answers: the first aspect with its chart."""
    first, *rest = section.aspects
    figure = next(iter(first.figures), None)
    return {
        "heading": press.say(first.title),
        "finding": " ".join(press.say(sentence) for sentence in first.sentences),
        "figure": press.figure(figure),
        "table": _numbers(press, first),
        "takes": [],
        "over_time": [],
        "closing": None,
        "where": None,
        "split": "",
        "aspects": [_aspect(press, aspect) for aspect in rest],
    }


def _aspect(press: _Press, aspect: Aspect) -> dict[str, Any]:
    return {"heading": press.say(aspect.title), "finding": press.say(aspect.finding)}


def _numbers(press: _Press, aspect: Aspect) -> dict[str, Any]:
    """The table of an aspect; the column with most words takes what room the others leave."""
    if aspect.table is None:
        return {"heads": [], "rows": [], "wide": 0, "left": []}
    rows = [[press.say(cell) for cell in row] for row in aspect.table.rows]
    heads = [press.say(head) for head in aspect.table.heads]
    longest = [max((len(cell) for cell in column), default=0) for column in zip(*rows, strict=True)]
    wide = longest.index(max(longest)) if longest else 0
    return {"heads": heads, "rows": rows, "wide": wide, "left": sorted({0, wide})}


def _closing(press: _Press, closing: Closing) -> dict[str, Any]:
    heads = [press.label(key) for key in ("closing_lens", "closing_seen", "verdict")]
    rows = [[press.say(lens.name), press.say(lens.seen), press.say(lens.reading)] for lens in closing.lenses]
    caption = press.say(press.wording.set("closing.of", group=closing.group))
    flag = press.say(closing.flag) if closing.flag else None
    return {"caption": caption, "heads": heads, "rows": rows, "flag": flag}


def _first(press: _Press, block: Block) -> Words:
    """Of a block that print only mentions: both levels, without the rest."""
    return press.sheet.speech.short(block.lead) if block.lead else block.finding


def _table(press: _Press, indicator: str, section: Section) -> dict[str, Any]:
    """The groups of the chart above it, with their numbers; the page and the workbook have every group."""
    speech, ledger, story = press.sheet.speech, press.sheet.ledger, press.sheet.story
    lead = section.blocks[0].lead
    accent = lead if lead and lead.indicator == indicator else None
    rows = []
    for dimension, groups in drawn(panels(ledger, indicator, story.place), accent, FEW_ROWS).items():
        for group in groups:
            level = ledger.level(indicator, group)
            if level is None or not level.told:
                state = level.state if level and level.state != VALUE else "not_reported"
                rows.append([press.say(speech.name(group)), press.label(state), "", "", "", ""])
                if several := ledger.together.years.get((indicator, group)):
                    rows.append(_together(press, several, over_years(speech, several)))
                continue
            difference, needed = (
                ledger.get(indicator, group, "difference"),
                parity(speech, ledger, indicator, group),
            )
            reading = press.label(difference.verdict) if difference and difference.verdict else ""
            rows.append(
                [
                    press.say(speech.name(group)),
                    count(level.n) if level.n is not None else "",
                    press.say(figure_of(speech, level)),
                    gap_of(speech, difference),
                    press.say(needed_of(speech, needed)),
                    reading,
                ]
            )
        rest = rest_of(ledger, indicator, dimension)
        rows += [_together(press, row, speech.name(row.group)) for row in rest]
    heads = [press.label(key) for key in ("group", "value", "difference", "needed", "verdict")]
    heads.insert(1, press.say(speech.things(indicator).raised))
    caption = press.say(speech.title(indicator))
    words = [0, len(heads) - 1]  # the name and the verdict; the others are numbers
    return {"heads": heads, "rows": rows, "caption": caption, "wide": 0, "left": words}


def _together(press: _Press, row: Row, name: Words) -> list[str]:
    """A level that is told for several hidden ones, without a comparison."""
    students = count(row.n) if row.n is not None else ""
    return [press.say(name), students, press.say(figure_of(press.sheet.speech, row)), "", "", ""]


def _not_measured(press: _Press, released: Released) -> list[str]:
    """One line a question; the page has what to collect for each."""
    known = press.sheet.speech.definitions
    missing = {entry.indicator for entry in released.not_measured}
    lines = []
    for key, question in known.questions.items():
        names = [
            press.say(said(one.name))
            for name, one in known.indicators.items()
            if name in missing and one.question == key
        ]
        if names:
            lines.append(f"{press.say(said(question.title))} {'; '.join(names)}.")
    return lines
