"""One question on the page: answer, chart, table, what it would take, where, how sure, what is hidden,
what to ask."""

from __future__ import annotations

from evenground.press import Html, both, element, folded, join
from evenground.report.page.aside import closing_part, unmeasured_part
from evenground.report.page.aspect import aspects_part
from evenground.report.page.sheet import Sheet, figure_part
from evenground.report.page.table import groups_table, places_table, time_table
from evenground.report.story.item import Item
from evenground.report.story.question import Block, Section
from evenground.report.story.where import Where


def item_part(sheet: Sheet, item: Item) -> Html:
    """One finding in short, with a small chart."""
    label = sheet.speech.wording.label
    takes = join()
    if item.takes:
        takes = join(
            *(
                element(
                    "p",
                    element("strong", said),
                    f": {lowered(item.takes.of(lang))}",
                    lang=lang,
                    class_="takes",
                )
                for lang, said in label("what_it_takes").items()
            )
        )
    detail = both("p", item.detail) if item.detail else join()
    picture = figure_part(sheet, item.figure, narrow_only=True, quiet=True) if item.figure else join()
    link = join()
    if len(sheet.story.sections) > 1:
        link = element(
            "p",
            element("a", sheet.speech.question_title(item.question), href=f"#{item.question}"),
            class_="soft",
        )
    words = element("div", detail, takes, link)
    beside = element("div", words, picture, class_="beside")
    return element(
        "article",
        element("p", item.kicker, class_="kicker"),
        element("h3", item.headline),
        beside,
        class_="item good" if item.good else "item",
    )


def lowered(text: str) -> str:
    """A sentence after a colon."""
    return text[:1].lower() + text[1:]


def section_part(sheet: Sheet, section: Section, depth: str | None = None) -> Html:
    """A question. `depth`: the file of another page, where what would be folded stands instead."""
    lead, *others = section.blocks or (None,)
    label = sheet.speech.wording.label
    rest = join()
    if others:
        told = [_linked(sheet, block, depth) if depth else _folded(sheet, block) for block in others]
        rest = join(element("h3", label("more")), element("div", told, class_="more"))
    sure = join(element("h3", label("how_sure")), both("p", section.compared.then(section.sure)))
    hidden = join(element("h3", label("what_hidden")), both("p", section.hidden))
    notes = [sure, hidden] if section.blocks else [sure]
    return element(
        "section",
        element("h2", section.title, id=section.key),
        both("p", section.answer, class_="answer"),
        _lead(sheet, lead, depth) if lead else join(),
        rest,
        aspects_part(sheet, section, depth),
        element("div", [element("div", note) for note in notes], class_="notes"),
        unmeasured_part(sheet.speech, section.unmeasured, section.key),
        element("h3", label("ask")),
        element("ul", [both("li", ask) for ask in section.ask], class_="ask"),
        aria_labelledby=section.key,
    )


def _lead(sheet: Sheet, block: Block, depth: str | None) -> Html:
    """The indicator that answers: opened. Its crossed groups stand where the depth of the question does."""
    label = sheet.speech.wording.label
    parts: list[Html] = [element("h3", block.heading, id=_anchor(sheet, block))]
    if block.lead:
        parts.append(both("p", block.finding))
    if block.figure:
        parts.append(figure_part(sheet, block.figure))
    if block.crossed and depth:
        link = element("a", block.crossed.title, href=f"{depth}#{crossed_key(block)}")
        parts.append(element("p", link))
    elif block.crossed:
        parts.append(figure_part(sheet, block.crossed))
    parts.append(both("p", block.caution, class_="soft"))
    parts.append(folded(label("numbers"), _tables(sheet, block, crosses=True)))
    if block.takes:
        parts += [element("h3", label("what_it_takes")), _takes(block)]
    if block.over_time:
        parts += [
            element("h3", label("over_time")),
            *(both("p", sentence) for sentence in block.moved),
            figure_part(sheet, block.over_time),
            folded(label("numbers"), _years(sheet, block)),
            closing_part(sheet.speech, block.closing, block.indicator),
        ]
    if block.where:
        parts += [element("h3", label("where")), _where(sheet, block.where)]
    return join(*parts)


def _folded(sheet: Sheet, block: Block) -> Html:
    """Another indicator of the question: a line that opens."""
    heading, key = element("h4", block.heading), _anchor(sheet, block)
    return folded(heading, _inside(sheet, block), say=block.finding, key=key)


def _linked(sheet: Sheet, block: Block, depth: str) -> Html:
    """Another indicator of the question: its finding, and a link to the page where the rest stands."""
    key = _anchor(sheet, block)
    link = element("a", block.heading, href=f"{depth}#{block.indicator}")
    return element("div", element("h4", link), both("p", block.finding, class_="say"), class_="apart", id=key)


def crossed_part(sheet: Sheet, block: Block) -> Html:
    """The crossed groups of the indicator that answers, on the page of its question."""
    if block.crossed is None:
        return join()
    key = crossed_key(block)
    heading = element("h2", block.heading, id=key)
    return element("section", heading, figure_part(sheet, block.crossed), aria_labelledby=key)


def crossed_key(block: Block) -> str:
    return f"{block.indicator}-crossed"


def depth_part(sheet: Sheet, block: Block) -> Html:
    """Another indicator of a question, open, on the page of that question."""
    heading = element("h2", block.heading, id=block.indicator)
    finding = both("p", block.finding, class_="answer")
    return element("section", heading, finding, _inside(sheet, block), aria_labelledby=block.indicator)


def _inside(sheet: Sheet, block: Block) -> list[Html]:
    """What an indicator that does not answer first has to show. Its charts are small, side by side."""
    figures = [figure for figure in (block.figure, block.over_time) if figure]
    drawn = [figure_part(sheet, figure, narrow_only=True) for figure in figures]
    inside = [element("div", drawn, class_="pair"), both("p", block.caution, class_="soft")]
    inside += _tables(sheet, block, crosses=False)
    if block.takes:
        inside.append(_takes(block))
    if block.over_time:
        inside += [_years(sheet, block), closing_part(sheet.speech, block.closing, block.indicator)]
    return inside


def _anchor(sheet: Sheet, block: Block) -> str | None:
    """What a link to the indicator leads to; one that is called as its question is found there."""
    return None if block.indicator in sheet.speech.definitions.questions else block.indicator


def _tables(sheet: Sheet, block: Block, crosses: bool) -> list[Html]:
    """The numbers of the block; those of the other levels of an assessment beside them, where links find
    them."""
    also = [key for key in block.tables if key != block.indicator]
    place, ledger = sheet.story.place, sheet.ledger
    anchors = [element("span", id=key) for key in also]
    return [*anchors, groups_table(sheet.speech, ledger, place, block.indicator, crosses, also)]


def _years(sheet: Sheet, block: Block) -> Html:
    return time_table(sheet.speech, sheet.ledger, sheet.story.place, block.indicator, block.time_dimension)


def _takes(block: Block) -> Html:
    return element(
        "ul",
        [
            element("li", element("strong", name), ": ", sentence, class_="takes")
            for name, sentence in block.takes
        ],
    )


def _where(sheet: Sheet, where: Where) -> Html:
    split = both("p", where.split) if where.split else join()
    table = folded(sheet.speech.wording.label("largest"), places_table(sheet.speech, where))
    schools = _where(sheet, where.schools) if where.schools else join()
    return join(split, figure_part(sheet, where.figure), table, schools)
