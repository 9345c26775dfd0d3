"""Further aspects of a question on the page: a line that opens, or, where nothing else answers, open."""

from __future__ import annotations

from evenground.press import Html, both, element, folded, join, plain_table
from evenground.report.page.sheet import Sheet, figure_part
from evenground.report.story.aspect import Aspect
from evenground.report.story.question import Section


def aspects_part(sheet: Sheet, section: Section, depth: str | None) -> Html:
    """The aspects of a question. `depth`: the file of another page, where what would be folded stands."""
    first, rest = (section.aspects[:1], section.aspects[1:]) if not section.blocks else ((), section.aspects)
    opened = [_opened(sheet, aspect) for aspect in first]
    if not rest:
        return join(*opened)
    told = [_linked(aspect, depth) if depth else _folded(sheet, aspect) for aspect in rest]
    head = element("h3", sheet.speech.wording.label("as_a_whole"))
    return join(*opened, head, element("div", told, class_="more"))


def aspect_depth_part(sheet: Sheet, aspect: Aspect) -> Html:
    """An aspect, open, on the page of its question."""
    heading = element("h2", aspect.title, id=aspect.key)
    finding = both("p", aspect.finding, class_="answer")
    return element("section", heading, finding, *_inside(sheet, aspect), aria_labelledby=aspect.key)


def _opened(sheet: Sheet, aspect: Aspect) -> Html:
    drawn = [figure_part(sheet, figure) for figure in aspect.figures]
    words = [both("p", sentence) for sentence in aspect.sentences]
    table = _table(sheet, aspect)
    numbers = folded(sheet.speech.wording.label("numbers"), table) if aspect.table else join()
    return join(element("h3", aspect.title, id=aspect.key), *drawn, *words, numbers)


def _folded(sheet: Sheet, aspect: Aspect) -> Html:
    inside = _inside(sheet, aspect)
    return folded(element("h4", aspect.title), inside, say=aspect.finding, key=aspect.key)


def _linked(aspect: Aspect, depth: str) -> Html:
    link = element("a", aspect.title, href=f"{depth}#{aspect.key}")
    said = both("p", aspect.finding, class_="say")
    return element("div", element("h4", link), said, class_="apart", id=aspect.key)


def _inside(sheet: Sheet, aspect: Aspect) -> list[Html]:
    drawn = [figure_part(sheet, figure, narrow_only=True) for figure in aspect.figures]
    return [
        element("div", drawn, class_="pair") if drawn else join(),
        *(both("p", sentence) for sentence in aspect.sentences),
        _table(sheet, aspect),
        both("p", aspect.rests, class_="soft"),
    ]


def _table(sheet: Sheet, aspect: Aspect) -> Html:
    if aspect.table is None:
        return join()
    rows = [list(row) for row in aspect.table.rows]
    return plain_table(f"{aspect.key}-table", aspect.table.caption, list(aspect.table.heads), rows)
