"""The page that says how each number is made: easy, with this review's own numbers, and what is refused."""

from __future__ import annotations

import re

import pytest
from tests.plain import objections

from evenground import report
from evenground.definitions import Text, load
from evenground.model import Released

DEFINITIONS = load()


@pytest.fixture(scope="module")
def page(released: Released, tmp_path_factory: pytest.TempPathFactory) -> str:
    place = tmp_path_factory.mktemp("method") / "review"
    report.write(released, place)
    assert 'href="pages/method.html"' in (place / "index.html").read_text(encoding="utf-8")
    written = (place / "pages" / "method.html").read_text(encoding="utf-8")
    return re.sub(r"<span class=nb>(.*?)</span>", r"\1", re.sub(r"</?button[^>]*>", "", written))


def easy() -> dict[str, Text]:
    """The texts for everybody; what is folded up for readers who check is not among them."""
    chapters = {
        f"{key}.{at}": text for key, one in DEFINITIONS.method.items() for at, text in enumerate(one.plain)
    }
    refused = {
        f"{key}.{name}": getattr(one, name)
        for key, one in DEFINITIONS.refusals.items()
        for name in ("wish", "why", "instead")
    }
    return chapters | refused


@pytest.mark.parametrize("place", easy())
def test_the_plain_part_is_easy_in_both_languages(place: str) -> None:
    text = easy()[place]
    assert objections(text.en, "en") == [], text.en
    assert objections(text.es, "es") == [], text.es


def test_the_examples_are_numbers_of_this_review(page: str) -> None:
    """Of the small review: 200 Black graduates, 47 of 100 against 54; 0.07 apart, from 5 to 9 points."""
    for said in (
        "In 2015-16, 200 Black graduates were counted. Of every 100 of them, 47 had completed",
        "Each group is compared with all students.",
        "Black graduates: 47.0%; graduates: 54.0%. The difference is −7.0 points.",
        "The difference of −7.0 points has a chance range from −9.0 to −5.0. So we say: below.",
        "Black graduates: Parity means about 18 more students a year.",
        "Of every 100 Black graduates, 35 had completed the A-G courses in 2014-15; in 2015-16, 47.",
        "Of the difference for Black graduates, −3.0 points come from where students go to school.",
        "2 gaps stand on that list here.",
        "47.0% is told as 47 of every 100.",
        "Numbers hidden to protect students: 2 of",
    ):
        assert said in page, said
    assert "En 2015-16 se contaron 200 estudiantes de raza negra que se graduaron." in page


def test_every_threshold_stands_there_with_its_value_and_its_source(page: str) -> None:
    for key, entry in DEFINITIONS.parameters.items():
        assert f"{entry.value:,g}</strong>" in page, key
        assert entry.meaning.en in page.replace("&amp;", "&"), key


def test_every_formula_has_a_source_and_none_is_left_out(page: str) -> None:
    assert len(DEFINITIONS.method) >= 10
    for key, chapter in DEFINITIONS.method.items():
        assert f"<h2 id={key}>" in page
        assert chapter.source in page.replace("&amp;", "&")
    assert page.count('class="keep formula"') == len(DEFINITIONS.method)


def test_what_is_refused_has_a_reason_and_something_instead(page: str) -> None:
    assert len(DEFINITIONS.refusals) >= 8
    for refusal in DEFINITIONS.refusals.values():
        assert refusal.wish.en in page
        assert refusal.why.es in page
    assert "{" not in re.sub(r"<(style|script).*?</\1>", "", page, flags=re.DOTALL)
