"""axe-core finds nothing, on every type of page, in real Chromium: all its rules for WCAG 2.0 to 2.2, A and
AA, and for best practice.

Each pair of states (language, colours, width, folded or open) is seen together: a covering array, because
axe-core looks at fifteen thousand elements for a while. Contrast is measured once in each palette, with
everything open, and of all words that are drawn alike in places that are drawn alike on the first only: a
table of a thousand rows has a dozen ways to draw a word. tests/press/test_ink.py measures the palettes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
VIOLATIONS = {"resultTypes": ["violations"]}
EVERYTHING = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {"color-contrast": {"enabled": False}},
    **VIOLATIONS,
}
CONTRAST = {"runOnly": ["color-contrast"], **VIOLATIONS}

ONE_OF_EACH = """() => {
    const drawn = new Map(), seen = new Set();
    const inks = style => [style.color, style.backgroundColor, style.backgroundImage, style.fill,
        style.opacity, style.fontSize, style.fontWeight, style.position, style.textShadow];
    const how = each => {
        if (!drawn.has(each)) {
            const around = each === document.body ? '' : how(each.parentElement);
            drawn.set(each, [around, each.localName, each.className, inks(getComputedStyle(each))].join());
        }
        return drawn.get(each);
    };
    for (const each of document.querySelectorAll('body *')) {
        const words = [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim());
        if (words && each.checkVisibility() && !seen.has(how(each))) {
            seen.add(how(each));
            each.setAttribute('data-measured', '');
        }
    }
}"""
"""Marks the first of all elements with words of their own that are drawn alike, as is all around them."""


class State(NamedTuple):
    locale: str
    colours: str
    width: int
    opened: bool


EVERY = [State(*each) for each in product(("en-US", "es-MX"), ("light", "dark"), (320, 1280), (False, True))]
PAIRS = [
    State("en-US", "light", 1280, True),
    State("es-MX", "dark", 320, True),
    State("en-US", "dark", 1280, False),
    State("es-MX", "light", 320, False),
    State("en-US", "light", 320, True),
    State("es-MX", "dark", 1280, False),
]


@contextmanager
def opened(browser: Browser, file: Path, state: State) -> Iterator[Page]:
    """The page's own policy stops every script but its own; it is set aside for axe-core, and only here."""
    context = browser.new_context(
        locale=state.locale,
        color_scheme=state.colours,  # type: ignore[arg-type]
        viewport={"width": state.width, "height": 800},
        bypass_csp=True,
    )
    page = context.new_page()
    page.goto(file.as_uri())
    if state.opened:
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    yield page
    context.close()


def barriers(page: Page, colours: bool = True) -> list[str]:
    found = Axe().run(page, options=EVERYTHING).response["violations"]
    if colours:
        page.evaluate(ONE_OF_EACH)
        found += Axe().run(page, "[data-measured]", CONTRAST).response["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


def types_of_pages(folder: Path) -> list[Path]:
    """Every page but those of single places; of these the first, the smallest and the largest. Of the private
    pages those that no other bundle has.
    """
    pages = [page for page in sorted(folder.rglob("*.html")) if folder / "bundle" not in page.parents]
    places = [page for page in pages if page.stem.startswith(("school-", "district-"))]
    chosen = {places[0], min(places, key=_size), max(places, key=_size)} if places else set()
    return [page for page in pages if page not in places or page in chosen]


def _size(page: Path) -> int:
    return page.stat().st_size


OWN = {"kentucky": ("index", "perspectives"), "completion": ("index",)}
"""Of a bundle whose other pages are made as those of the example are: the pages that differ by their data."""

LOOKED_AT = {"example": ("framework-nasem", "schools"), "choice": ("index",)}
"""Pages that are seen in every pair of states, for all that are made as they are."""


BOTH = ("index", "perspectives", "method")
"""Pages that are seen with everything open in light and dark, English and Spanish, wide and narrow."""


def test_pairs_of_states_are_all_seen() -> None:
    def pairs(states: list[State]) -> set[tuple[object, ...]]:
        return {
            (one, state[one], two, state[two]) for state in states for one in range(4) for two in range(one)
        }

    assert pairs(PAIRS) == pairs(EVERY)


@pytest.mark.parametrize("name", ["example", "choice", "completion", "kentucky", "private"])
def test_no_barriers(name: str, browser: Browser, bundle: Callable[[str], Path]) -> None:
    folder = bundle(name)
    found = {}
    pages = [page for page in types_of_pages(folder) if name not in OWN or page.stem in OWN[name]]
    for number, file in enumerate(pages):
        if file.stem in LOOKED_AT.get(name, ()):
            states = PAIRS
        elif file.stem in BOTH:
            states = PAIRS[:2]
        else:
            states = [PAIRS[number % 2]]  # of the two that show the most, in turn
        for at, state in enumerate(states):
            with opened(browser, file, state) as page:
                if wrong := barriers(page, colours=at < 2):
                    found[file.name, *state] = wrong[:5]
    assert found == {}


def test_a_planted_barrier_is_found(browser: Browser, bundle: Callable[[str], Path]) -> None:
    file = bundle("example") / "pages" / "framework-nasem.html"
    with opened(browser, file, PAIRS[0]) as page:
        assert barriers(page) == []
        visible = "[...document.querySelectorAll('.soft')].filter(one => one.checkVisibility())"
        page.evaluate(f"{visible}.at(-1).style.color = '#bbb'")
        page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<button></button>')")
        assert {one.partition(":")[0] for one in barriers(page)} == {"color-contrast", "button-name"}
