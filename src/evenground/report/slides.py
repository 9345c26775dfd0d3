"""The review as slides: one finding a slide, with a chart that can be edited and what the speaker says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from evenground.model import Released
from evenground.press import Words, count
from evenground.press.deck import Deck, Slide, native
from evenground.report.page.sheet import Sheet
from evenground.report.story.figures import Figure, stop
from evenground.report.story.item import Item
from evenground.report.story.perspectives import Ways
from evenground.report.story.protection import in_one_sentence, replaced
from evenground.report.story.question import Section
from evenground.report.story.ways import board, read_by_name, say, talk, title_of

MOST = 13
"""Slides with findings; more is not a talk. The page has the rest."""


def write_slides(file: Path, sheet: Sheet, released: Released, lang: str) -> None:
    """Writes `file` in one language: the findings in short, then the first answer to each other question."""
    about, speech = released.about, sheet.speech
    title, source = sheet.story.title.of(lang), sheet.source.of(lang)
    made = datetime.fromisoformat(about.made_on)
    deck = Deck(title, lang, f"{source} {about.made_on}", made)
    lede = speech.wording.set("page.lede", place=about.title)
    lines = lede, read_by_name(sheet.story.ways), *replaced(speech, released), sheet.source
    deck.first(title, [line.of(lang) for line in lines if line])
    said: set[str] = set()
    last = [_ways(sheet, sheet.story.ways, about.title, lang)] if sheet.story.ways else []
    for slide in [*_in_short(sheet, lang), *_questions(sheet, lang)]:
        if slide.title not in said and len(said) + len(last) < MOST:
            said.add(slide.title)
            deck.add(slide)
    for slide in last:
        deck.add(slide)
    deck.add(_method(sheet, released, lang))
    file.write_bytes(deck.written())


def _in_short(sheet: Sheet, lang: str) -> Iterator[Slide]:
    """The findings in short; where one is the first answer to its question, with that chart of all groups."""
    sections = {section.key: section for section in sheet.story.sections}
    for item in sheet.story.items:
        section = sections.get(item.question)
        figure = item.figure
        if section and section.blocks and section.answer == item.headline and section.blocks[0].brief:
            figure = section.blocks[0].brief
        text = [words.of(lang) for words in _beside(sheet, item)]
        yield _slide(sheet, item.headline, figure, text, section, lang)


def _beside(sheet: Sheet, item: Item) -> Iterator[Words]:
    yield item.kicker
    if item.detail:
        yield item.detail
    if item.takes:
        yield sheet.speech.wording.label("what_it_takes")
        yield item.takes


def _questions(sheet: Sheet, lang: str) -> Iterator[Slide]:
    label = sheet.speech.wording.label
    for section in sheet.story.sections:
        if not section.blocks:
            aspect = section.aspects[0]
            text = [words.of(lang) for words in aspect.sentences[:2]]
            figure = next(iter(aspect.figures), None)
            yield _slide(sheet, section.title.then(aspect.finding), figure, text, section, lang)
            continue
        lead = section.blocks[0]
        title = section.answer
        if lead.lead is None:  # the same sentence may answer several questions
            title = section.title.then(section.answer)
        text = [words.of(lang) for words in lead.moved[:1]]
        for group, takes in lead.takes[:2]:
            text += [f"{label('what_it_takes').of(lang)} ({group.of(lang)}): {takes.of(lang)}"]
        yield _slide(sheet, title, lead.brief, text or [section.compared.of(lang)], section, lang)


def _ways(sheet: Sheet, ways: Ways, place: str, lang: str) -> Slide:
    """Every idea of fairness as a bar; beside it where they agree, where they part, what to settle."""
    figure = board(sheet.speech, ways, place)
    title = title_of(ways)
    if ways.many:
        agree = count(ways.many - ways.apart)
        title = say("slide_title", title=title, agree=agree, both=count(ways.many))
    drawn = native.native(figure.chart, lang)
    told = talk(sheet.speech, sheet.ledger, ways)
    alternative = say("slide_alt", ideas=len(ways.ideas), finding=stop(title))
    notes = [title, say("lede"), told.agree.then(told.agreed), told.part.then(told.parted), told.settle]
    return Slide(
        title=title.of(lang),
        subtitle=say("slide_sub", place=place).of(lang),
        chart=drawn,
        alternative=alternative.of(lang),
        text=[words.of(lang) for words in (told.agree, told.part.then(told.parted), told.settle)],
        notes=[*(words.of(lang) for words in notes), *(drawn.told if drawn else ())],
    )


def _slide(
    sheet: Sheet, title: Words, figure: Figure | None, text: list[str], section: Section | None, lang: str
) -> Slide:
    drawn = native.native(figure.chart, lang) if figure else None
    return Slide(
        title=title.of(lang),
        subtitle=figure.subtitle.of(lang) if figure else "",
        chart=drawn,
        alternative=_alternative(sheet, figure, drawn).of(lang) if figure and drawn else "",
        text=text,
        notes=list(_notes(sheet, title, drawn, section, lang)),
    )


def _alternative(sheet: Sheet, figure: Figure, drawn: native.Native) -> Words:
    """What the chart of a slide shows, for those who listen."""
    shown = len(drawn.series) if drawn.form == "lines" else len(drawn.told)
    return sheet.speech.wording.set(f"slide.{drawn.form}", count=shown, finding=stop(figure.title))


def _notes(
    sheet: Sheet, title: Words, drawn: native.Native | None, section: Section | None, lang: str
) -> Iterator[str]:
    """What the speaker says and may be asked: the finding, how sure we are, what is hidden, questions for
    the meeting, every number of the chart."""
    label = sheet.speech.wording.label
    yield title.of(lang)
    if section:
        parts = (("how_sure", (section.sure,)), ("what_hidden", (section.hidden,)), ("ask", section.ask))
        for key, words in parts:
            yield f"{label(key).of(lang)}: {' '.join(one.of(lang) for one in words)}"
    if drawn and drawn.told:
        yield f"{label('numbers').of(lang)}: {drawn.axis}".rstrip(": ")
        yield from drawn.told


def _method(sheet: Sheet, released: Released, lang: str) -> Slide:
    wording = sheet.speech.wording
    method = [wording.entry("method", at) for at in wording.keys("method")]
    told = [*method, *in_one_sentence(sheet.speech, released)]
    return Slide(wording.label("method").of(lang), text=[words.of(lang) for words in told])
