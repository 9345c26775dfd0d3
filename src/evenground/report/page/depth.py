"""The page of one question, where the review itself would be too heavy with all that it can unfold."""

from __future__ import annotations

from dataclasses import replace

from evenground.press import bar, both, contents, element, leaf
from evenground.report.page.aspect import aspect_depth_part
from evenground.report.page.glossary import Glossary
from evenground.report.page.section import crossed_key, crossed_part, depth_part
from evenground.report.page.sheet import Sheet
from evenground.report.story.question import Section


def depth_page(sheet: Sheet, section: Section) -> str:
    """The whole HTML file: every indicator and aspect of the question but what answers it on the
    review."""
    sheet, wording = replace(sheet, figures=0), sheet.speech.wording
    words, others = Glossary(sheet.speech.definitions.glossary), section.blocks[1:]
    aspects = section.aspects if section.blocks else section.aspects[1:]
    first = [block for block in section.blocks[:1] if block.crossed]
    inside = [(crossed_key(block), block.heading) for block in first]
    inside += [(block.indicator, block.heading) for block in others]
    inside += [(aspect.key, aspect.title) for aspect in aspects]
    back = element("a", wording.label("whole_review"), href=f"../index.html#{section.key}")
    header = element(
        "header",
        bar(wording.label("language"), wording.label("language_name")),
        element("h1", section.title),
        both("p", sheet.story.title, class_="soft"),
        both("p", section.answer, class_="lede"),
        element("p", back),
        contents(wording.label("contents"), inside),
    )
    parts = [crossed_part(sheet, block) for block in first]
    parts += [depth_part(sheet, block) for block in others]
    parts += [aspect_depth_part(sheet, aspect) for aspect in aspects]
    main = element("main", [words.mark(part) for part in parts], words.opened(), id="depth")
    foot = element("footer", element("p", back), element("p", sheet.source, class_="src"))
    return leaf(section.title, wording.label("skip"), "depth", (header, main, foot))
