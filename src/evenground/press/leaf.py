"""One self-contained page in every language: what every page of evenground has around its content."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources

from evenground import __version__
from evenground.press.html import Html, bare, element, join
from evenground.press.ink import DARK, LIGHT, variables
from evenground.press.picture import Picture
from evenground.press.words import Words


def leaf(title: Words, skip: Words, start: str, content: Iterable[Html], first_line: str = "") -> str:
    """The whole HTML file. All languages are in it; a switch shows one, also without JavaScript.

    `skip` is the link past the head, to the element `start`; `first_line` stands above everything as a
    comment, for whoever opens the file as text.
    """
    script = _resource("page.js")
    body = element(
        "body",
        element("a", skip, href=f"#{start}", class_="skip"),
        element("div", content, class_="page"),
        element("script", Html(script), type="module"),
    )
    above = f"<!-- {first_line} -->\n" if first_line else ""
    return f"<!doctype html>\n{above}{element('html', _head(title, script), body, lang='en')}\n"


def _head(title: Words, script: str) -> Html:
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    rules = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    rules += f"script-src 'sha256-{digest}'"
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=rules),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", title.en, **{f"data_{lang}": said for lang, said in title.items()}),
        element("meta", name="generator", content=f"evenground {__version__}"),
        element("style", Html(style(title))),
    )


def style(languages: Iterable[str] = ("en", "es")) -> str:
    """The style sheet: palette for light and dark, classes of the charts, which language is seen, layout."""
    charts = "".join(f".f-{name}{{fill:var(--{name})}}.s-{name}{{stroke:var(--{name})}}" for name in LIGHT)
    dark = f"@media screen and (prefers-color-scheme:dark){{:root{{{variables(DARK)}}}}}"
    return f":root{{{variables(LIGHT)}}}{dark}{charts}{_tongues(languages)}{_resource('style.css')}"


def _tongues(languages: Iterable[str]) -> str:
    """One language is seen, also without a script: the first, or the one whose switch is set."""
    first, *others = languages
    rules = ""
    for lang in others:
        chosen = f":root:has(#lang-{lang}:checked) body"
        rules += f"body [lang={lang}]:not(.keep),{chosen} [lang={first}]:not(.keep){{display:none}}"
        rules += f"{chosen} [lang={lang}]:not(.keep){{display:revert}}"
    return rules


@cache
def _resource(name: str) -> str:
    return (resources.files("evenground.press") / name).read_text(encoding="utf-8")


_TWO = Words("English", "Español")


def bar(language: Words, names: Words = _TWO) -> Html:
    """The name of the program and the switch between the languages, each by its own name."""
    tongues = [
        element(
            "label",
            element("input", type="radio", name="lang", id=f"lang-{lang}", value=lang, checked=lang == "en"),
            element("span", name, lang=lang, class_="keep"),
        )
        for lang, name in names.items()
    ]
    return element(
        "div",
        element("strong", "evenground"),
        element("fieldset", element("legend", language, class_="sr"), tongues, class_="tongue"),
        class_="bar",
    )


def contents(name: Words, links: Sequence[tuple[str, Words]]) -> Html:
    """The list of sections: (id, title)."""
    return element(
        "nav",
        element("span", name, id="contents", class_="sr"),
        element("ol", [element("li", element("a", text, href=f"#{key}")) for key, text in links]),
        aria_labelledby="contents",
    )


def plain_table(
    key: str,
    caption: Words,
    heads: Sequence[Words],
    rows: Sequence[Sequence[Html | str | Words]],
    prose: bool = False,
) -> Html:
    """A table of words. One of `prose` is understood without its heads: on a phone its cells stand below each
    other."""
    head = element("thead", element("tr", [element("th", text, scope="col") for text in heads]))
    body = [
        element("tr", element("th", row[0], scope="row"), [_cell(cell) for cell in row[1:]]) for row in rows
    ]
    look = "words prose" if prose else "words"
    return framed(key, caption, head, element("tbody", body), class_=look)


_LONG = 24  # signs, above which a cell keeps a width of its own on a phone


def _cell(cell: Html | str | Words) -> Html:
    said = cell.values() if isinstance(cell, Words) else (cell,)
    return element("td", cell, class_="l" if max(map(len, said)) > _LONG else None)


def pictured(
    name: str,
    wide: Picture | None,
    narrow: Picture,
    title: Words | None,
    subtitle: Words,
    alt: Words,
    source: Words | None = None,
) -> Html:
    """A drawn chart, for a wide screen and a phone, with its words: those above it name it, the longer
    alternative is there for those who listen.
    """
    look = {"role": "img", "aria_labelledby": name}
    drawn = element("div", bare(narrow.page(**look)), class_="narrow")
    if wide is not None:
        drawn = join(element("div", bare(wide.page(**look)), class_="wide"), drawn)
    caption = element(
        "figcaption",
        element("strong", title) if title else join(),
        element("span", subtitle, class_="soft"),
        element("span", alt, id=name, class_="sr"),
    )
    return element("figure", caption, drawn, element("p", source, class_="src") if source else join())


def framed(
    key: str, caption: Words, *parts: Html | list[Html], class_: str | None = None, long: bool = False
) -> Html:
    """A table with its caption; scrolls by itself on a narrow screen and can be reached with the keyboard.
    The heads of a `long` one stay in sight."""
    name = f"t-{key}"
    table = element("table", element("caption", element("div", caption, id=name)), *parts, class_=class_)
    look = "scroll long" if long else "scroll"
    return element("div", table, class_=look, tabindex="0", role="group", aria_labelledby=name)


def folded(
    title: Html | Words, *inside: Html | list[Html], say: Words | None = None, key: str | None = None
) -> Html:
    """What opens on demand: a line, `say` beneath it, and what is inside. A link to `key` opens it."""
    beneath = element("span", say, class_="say") if say else join()
    summary = element("summary", title, beneath)
    return element("details", summary, element("div", *inside, class_="in"), id=key)
