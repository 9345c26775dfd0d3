"""How we know: each kind of number in plain words with an example of this review, and what is not said."""

from __future__ import annotations

from collections.abc import Mapping

from evenground.definitions import Chapter, Parameter, Refusal, said
from evenground.press import Html, Words, bar, both, contents, element, folded, join, leaf
from evenground.report.page.glossary import Glossary
from evenground.report.page.section import lowered
from evenground.report.story.speech import Speech

FILE = "method.html"


def method_page(speech: Speech, examples: Mapping[str, Words], place: str, source: Words) -> str:
    """The whole HTML file. It stands in the folder of further pages, beside the review; `examples` are of
    `story.worked`."""
    wording, known = speech.wording, speech.definitions
    title = wording.set("method.title", place=place)
    words = Glossary(known.glossary)
    chapters = [
        words.mark(_chapter(speech, key, chapter, examples.get(key))) for key, chapter in known.method.items()
    ]
    refused = [words.mark(_refusal(speech, key, refusal)) for key, refusal in known.refusals.items()]
    heading = element("h2", wording.label("refused"), id="refused")
    lead = both("p", wording.set("method.refused"))
    content = (
        _head(speech, title),
        element(
            "main",
            chapters,
            element("section", heading, lead, refused, aria_labelledby="refused"),
            _numbers(speech),
            _meanings(speech, words),
            words.opened(),
        ),
        element("footer", element("p", source, class_="src")),
    )
    return leaf(title, wording.label("skip"), next(iter(known.method)), content)


def _head(speech: Speech, title: Words) -> Html:
    label = speech.wording.label
    links = [(key, said(chapter.title)) for key, chapter in speech.definitions.method.items()]
    links += [("refused", label("refused")), ("parameters", label("parameters"))]
    return element(
        "header",
        bar(label("language"), label("language_name")),
        element("h1", title),
        both("p", speech.wording.set("method.lede"), class_="lede"),
        element("p", element("a", label("whole_review"), href="../index.html")),
        contents(label("contents"), links),
    )


def _chapter(speech: Speech, key: str, chapter: Chapter, example: Words | None) -> Html:
    label = speech.wording.label
    here = join()
    if example is not None:
        here = join(
            *(
                element("p", element("strong", name), f" {example.of(lang)}", lang=lang, class_="takes")
                for lang, name in label("example").items()
            )
        )
    return element(
        "section",
        element("h2", said(chapter.title), id=key),
        both("p", Words.each(lambda *told: " ".join(told), *map(said, chapter.plain))),
        here,
        folded(label("check_it"), _checked(speech, chapter)),
        aria_labelledby=key,
    )


def _checked(speech: Speech, chapter: Chapter) -> Html:
    """The formula, what a statistician asks next, the source, the thresholds."""
    detail = both("p", said(chapter.detail)) if chapter.detail else join()
    used = [_parameter(speech.definitions.parameters[name]) for name in chapter.parameters]
    return join(
        element("p", element("code", chapter.formula), lang="en", class_="keep formula"),
        detail,
        element("p", chapter.source, lang="en", class_="keep soft"),
        element("dl", used, class_="terms") if used else join(),
    )


def _refusal(speech: Speech, key: str, refusal: Refusal) -> Html:
    label = speech.wording.label("instead")
    instead = Words.each("{}: {}".format, label, Words.each(lowered, said(refusal.instead)))
    return element(
        "article",
        element("h3", said(refusal.wish), id=key),
        both("p", said(refusal.why)),
        both("p", instead, class_="takes"),
        class_="item",
    )


def _numbers(speech: Speech) -> Html:
    """Every threshold, with its value and its source."""
    label = speech.wording.label
    every = [_parameter(entry) for entry in speech.definitions.parameters.values()]
    return element(
        "section",
        element("h2", label("parameters"), id="parameters"),
        both("p", speech.wording.set("method.parameters")),
        element("dl", every, class_="terms"),
        aria_labelledby="parameters",
    )


def _parameter(entry: Parameter) -> Html:
    value = element("strong", f"{entry.value:,g}")
    source = element("span", f" ({entry.source})", lang="en", class_="keep soft")
    return join(element("dt", said(entry.meaning)), element("dd", value, source))


def _meanings(speech: Speech, words: Glossary) -> Html:
    heading = element("h2", speech.wording.label("glossary"), id="words")
    return element("section", heading, words.listed(), aria_labelledby="words")
