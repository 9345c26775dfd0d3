"""Words with a plain meaning: each can come up and opens one meaning; no button stands in another."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml
from tests.plain import objections
from tests.reading import sentences

from evenground import report
from evenground.definitions import Term, Text, load, load_wording
from evenground.model import Released
from evenground.press import Html, Words, both, element, join
from evenground.report.page.glossary import Glossary

TERMS = load().glossary
FOLDER = Path(__file__).parents[2] / "src" / "evenground" / "definitions"


@pytest.fixture(scope="module")
def page(released: Released, tmp_path_factory: pytest.TempPathFactory) -> str:
    place = tmp_path_factory.mktemp("glossary") / "review"
    report.write(released, place)
    return (place / "index.html").read_text(encoding="utf-8")


def small() -> Glossary:
    gap = Term(forms=(Text(en="gap", es="brecha"), Text(en="gaps", es="brechas")),
               meaning=Text(en="How far apart.", es="Qué tan lejos."))  # fmt: skip
    return Glossary({"gap": gap, "ap": Term(forms=(Text(en="AP", es="AP"),), meaning=gap.meaning)})


def test_the_first_use_in_each_language_is_a_button_the_second_is_not() -> None:
    words = small()
    marked = words.mark(both("p", Words("A gap, more gaps.", "Una brecha, otras.")))
    start = "<span class=nb><button type=button class=term popovertarget=term-gap>"  # the comma stays with it
    assert marked == (
        f"<p lang=en>A {start}gap</button>,</span> more gaps.</p>"
        f"<p lang=es>Una {start}brecha</button>,</span> otras.</p>"
    )
    again = words.mark(both("p", Words("A gap.", "Una brecha.")))  # another section
    assert again.count("<button") == 2
    assert words.opened().count("<div id=term-gap popover>") == 1


def test_part_of_a_word_or_of_a_link_is_no_use_of_it() -> None:
    words = small()
    text = Words("Gapped: CAP, gap-free; an ap of one's own.", "Brechado.")  # capitals are another word
    link = element("p", element("a", "gap", href="#"), lang="en")
    head = element("h3", Words("The gap", "La brecha"))
    table = element("table", element("td", element("span", "gap", lang="en")))
    same = element("p", "gap")  # nobody knows in which language
    assert "<button" not in words.mark(join(both("p", text), link, head, table, same))


def test_items_of_a_list_end_where_the_next_begins() -> None:
    items = element("ul", [both("li", Words("The gap", "La brecha"))], class_="ask")
    assert small().mark(items).count("<button") == 2
    assert small().mark(Html(f"{items}<p>gap</p>")).count("<button") == 2


@pytest.mark.parametrize("key", TERMS)
def test_every_term_can_come_up(key: str) -> None:
    """It stands in some text of the definitions, in both languages."""
    found = {lang: everything(lang) for lang in ("en", "es")}
    for form in TERMS[key].forms:
        for lang, word in (("en", form.en), ("es", form.es)):
            pattern = rf"(?<![\w-]){re.escape(word)}(?![\w-])"
            assert re.search(pattern, found[lang], re.IGNORECASE), (lang, word)


@cache
def everything(lang: str) -> str:
    return "\n".join(texts(lang))


def texts(lang: str) -> list[str]:
    files = [file for file in FOLDER.rglob("*.yaml") if file.name != "glossary.yaml"]
    languages = [file for file in files if file.parent.name == "languages"]
    own = [node for file in languages if file.stem == lang for node in strings(loaded(file), None)]
    return own + [node for file in files if file not in languages for node in strings(loaded(file), lang)]


def loaded(file: Path) -> object:
    return yaml.load(file.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def strings(node: object, lang: str | None) -> list[str]:
    if isinstance(node, str):
        return [node] if lang is None else []
    if isinstance(node, list):
        return [text for value in node for text in strings(value, lang)]
    if isinstance(node, dict):
        return [text for key, value in node.items() for text in strings(value, None if key == lang else lang)]
    return []


@pytest.mark.parametrize("key", TERMS)
def test_a_meaning_is_two_easy_sentences_at_most(key: str) -> None:
    for lang, text in (("en", TERMS[key].meaning.en), ("es", TERMS[key].meaning.es)):
        assert len(re.findall(r"[.!?](?=\s|$)", text)) <= 2, text
        assert sentences(text) <= 3, text
        assert objections(text, lang) == [], text


class Reader(HTMLParser):
    """The buttons of a page, what they open, and whether any stands inside another or in a link."""

    def __init__(self, text: str):
        super().__init__()
        self.open: list[str] = []
        self.opens: list[str] = []
        self.ids: Counter[str] = Counter()
        self.nested = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        known = dict(attributes)
        if "popover" in known:
            self.ids[known["id"] or ""] += 1
        if tag in ("button", "a", "summary"):
            self.nested += tag == "button" and bool(self.open)
            self.open.append(tag)
        if target := known.get("popovertarget"):
            self.opens.append(target)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("button", "a", "summary"):
            self.open.pop()


def test_every_marked_term_has_its_meaning_once_and_stands_in_the_list(page: str) -> None:
    read = Reader(page)
    assert len(set(read.opens)) >= 5
    assert set(read.opens) == set(read.ids)
    assert set(read.ids.values()) == {1}
    assert read.nested == 0
    listed = page.partition("<dl class=terms>")[2].partition("</dl>")[0]
    assert listed.count("<dt>") == len(read.ids)
    assert load_wording().label("glossary").en in page


def test_marking_changes_no_word_that_is_read(page: str) -> None:
    without = re.sub(r"<button type=button class=term [^>]*>(.*?)</button>", r"\1", page)
    assert "<button type=button class=term" not in without
    answer = "Of every 100 Black graduates, 47 had completed the A-G courses; of every 100 graduates, 54."
    assert answer in without
