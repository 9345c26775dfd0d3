"""Every page of every bundle, taken apart; and the checker itself, which has to find what is planted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.quality.structure import problems
from tests.quality.weight import weight

BUNDLES = ("choice", "completion", "kentucky", "example", "private")
MOST = 300_000
"""Bytes of the heaviest page without its other languages."""


@pytest.mark.parametrize("name", BUNDLES)
def test_every_page_is_well_made(name: str, bundle: Callable[[str], Path]) -> None:
    folder = bundle(name)
    pages = sorted(folder.rglob("*.html"))
    assert len(pages) >= 7
    wrong = {str(page.relative_to(folder)): found for page in pages if (found := problems(page))}
    assert wrong == {}


@pytest.mark.parametrize("name", BUNDLES)
def test_a_language_of_a_page_weighs_little(name: str, bundle: Callable[[str], Path]) -> None:
    folder = bundle(name)
    for page in folder.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        found = {lang: weight(text, lang) for lang in ("en", "es")}
        assert max(found.values()) < MOST, (page.name, found)


@pytest.fixture(scope="module")
def page(bundle: Callable[[str], Path]) -> str:
    return (bundle("example") / "pages" / "framework-nasem.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("sound", "broken", "found"),
    [
        ("<h2 ", "<h3 ", "a heading of level 3 follows one of level 1"),
        ("<h1>", "<h1>One</h1><h1>", "2 headings of the first level"),
        ("aria-labelledby=entries", "aria-labelledby=entrees", "aria-labelledby leads nowhere: entrees"),
        ("aria-labelledby=entries", "", "a section without a name"),
        ("<main>", "<main><div id=entries></div>", "2 elements have the id entries"),
        ('"../index.html"', '"../nowhere.html"', "a link to a file that is not there: ../nowhere.html"),
        ('"../index.html"', '"https://example.org/"', "href leads out of the bundle: https://example.org/"),
        ("<main>", "<main><p lang=en>Alone.</p>", "only in en: 'Alone.'"),
        ("<main>", "<main><img>", "a img in the page"),
        ("<main>", "<main><table><tr><td>1</table>", "a table without a caption"),
        ("<main>", "<main><svg role=img></svg>", "a picture without words for who does not see it"),
        ("<main>", "<main><nav></nav>", "a nav without a name"),
        ("<main>", "<main><a href='#entries'></a>", "a a without words"),
        ("<html lang=en>", "<html>", "the page does not say its language"),
        ("every(", "each(", "a script that the page's policy does not allow"),
        ("default-src", "default-source", "the page may fetch from elsewhere"),
        ("</style>", "@import 'x'</style>", "the style fetches: @import"),
        ("<main>", "<main></main><main>", "2 times main"),
    ],
)
def test_the_checker_finds_what_is_planted(
    sound: str, broken: str, found: str, page: str, bundle: Callable[[str], Path]
) -> None:
    assert sound in page
    place = bundle("example") / "pages" / "planted.htm"
    place.write_text(page.replace(sound, broken, 1), encoding="utf-8")
    try:
        assert found in problems(place)
    finally:
        place.unlink()


def test_the_checker_reads_tables(tmp_path: Path) -> None:
    table = "<table><caption>Numbers</caption><thead><tr><th scope=col>A<th scope=col>B<tbody>{}</table>"
    wrong = {
        "<tr><th scope=row>x<td>1": [],
        "<tr><td>x<td>1": ["Numbers: a row without a head"],
        "<tr><th scope=row>x<td>1<td>2": ["Numbers: a row wider than its heads"],
        "<tr><th>x<td>1": ["Numbers: a head that does not say of what"],
        "<tr><th scope=row><td>1": ["Numbers: an empty head"],
    }
    for rows, expected in wrong.items():
        (tmp_path / "page.html").write_text(table.format(rows), encoding="utf-8")
        found = [one for one in problems(tmp_path / "page.html") if one.startswith("Numbers")]
        assert found == expected, rows


def test_a_language_weighs_what_is_left_without_the_others() -> None:
    """By hand: 5 signs in each paragraph of one language, 7 around them, 1 for a letter of two bytes."""
    text = "<p lang=en>Hello</p><p lang=es>Holá.</p><ul><li lang=en>a<li lang=es>b</ul><i>1</i>"
    both = "<ul></ul><i>1</i>"
    assert weight(text, "en") == len("<p lang=en>Hello</p><li lang=en>a" + both)
    assert weight(text, "es") == len("<p lang=es>Holá.</p><li lang=es>b" + both) + 1
    nested = "<span lang=es>uno <span>dos</span> tres</span><span class=keep lang=es>cuatro</span>"
    assert weight(nested, "en") == len("<span class=keep lang=es>cuatro</span>")
