"""What changed, as a public page in all languages: the same look as the review."""

from __future__ import annotations

from evenground.press import Html, bar, both, contents, count, element, leaf
from evenground.report.difference.compare import Difference
from evenground.report.difference.told import Part, parts_of, title_of
from evenground.report.story.speech import Speech

MOST = 40
"""Sentences under one heading; the table of changes has all."""


def page(speech: Speech, difference: Difference) -> str:
    """The whole HTML file."""
    label = speech.wording.label
    title, lede = title_of(speech, difference)
    parts = parts_of(speech, difference, MOST)
    header = element(
        "header",
        bar(label("language"), label("language_name")),
        element("h1", title),
        both("p", lede, class_="lede"),
        contents(label("contents"), [(part.kind, part.title) for part in parts]),
    )
    main = element("main", [_section(speech, part) for part in parts], id="changes")
    return leaf(title, label("diff.skip"), "changes", (header, main))


def _section(speech: Speech, part: Part) -> Html:
    lines = [element("li", line) for line in part.lines]
    rest = speech.wording.label("diff.more", count=count(part.rest)) if part.rest else None
    return element(
        "section",
        element("h2", part.title, id=part.kind),
        [both("p", words) for words in part.counts],
        element("ul", lines) if lines else [],
        both("p", rest, class_="soft") if rest else [],
        aria_labelledby=part.kind,
    )
