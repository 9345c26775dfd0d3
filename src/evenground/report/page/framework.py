"""A framework's contents page: each thing that it asks for, with what the review says on it or what to
collect."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from evenground.press import Html, Words, bar, both, element, folded, join, leaf
from evenground.press.words import raised
from evenground.report.story.framework import Entry, Framework
from evenground.report.story.speech import Speech

FOLDER = "pages"


def framework_file(key: str) -> str:
    """Its name in the folder of further pages."""
    return f"framework-{key}.html"


def framework_page(speech: Speech, framework: Framework, place: str, source: Words) -> str:
    """The whole HTML file. It stands in the folder of further pages, beside the review."""
    wording = speech.wording
    title = wording.set("framework.title", framework=framework.title, place=place)
    head = element(
        "header",
        bar(wording.label("language"), wording.label("language_name")),
        element("h1", title),
        both("p", framework.counts, class_="lede"),
        both("p", wording.set("framework.source", source=framework.source), class_="soft"),
        element("p", element("a", wording.label("whole_review"), href="../index.html")),
    )
    heading = element("h2", wording.label("asked_for"), id="entries")
    main = element(
        "main",
        element(
            "section",
            heading,
            [_entry(speech, entry) for entry in framework.entries],
            aria_labelledby="entries",
        ),
    )
    foot = element("footer", element("p", source, class_="src"))
    return leaf(title, wording.label("skip"), "entries", (head, main, foot))


def _entry(speech: Speech, entry: Entry) -> Html:
    label = element("p", entry.label, class_="kicker")
    said = _told(speech, entry, entry.sentence) if entry.sentence else _untold(entry)
    more = folded(speech.wording.label("collect"), _to_collect(entry.collect)) if entry.collect else join()
    return element("article", label, element("h3", entry.name), said, more, class_="item", id=entry.key)


def _told(speech: Speech, entry: Entry, sentence: Words) -> Html:
    seen = link = join()
    if entry.indicators:
        measures = speech.wording.set("framework.measures", measures=_listed(entry.indicators))
        seen = both("p", measures, class_="soft")
    if entry.question:
        question = element("a", speech.question_title(entry.question), href=f"../index.html#{entry.question}")
        link = element("p", question)
    return join(both("p", sentence), seen, link)


def _untold(entry: Entry) -> Html:
    return both("p", entry.note, class_="soft") if entry.note else join()


def _to_collect(collect: Iterable[tuple[Words, Words]]) -> Html:
    facts = [element("li", element("strong", name), ": ", what) for name, what in collect]
    return element("ul", facts, class_="ask")


def _listed(names: Sequence[Words]) -> Words:
    """ "Gifted program; taking an AP course": names of measures, the first with a capital."""
    return Words.each(lambda *parts: raised("; ".join(parts)), *names)
