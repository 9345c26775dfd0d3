"""The page in use: by keyboard alone, narrow, enlarged, sorted, in another language, without motion."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

OPEN = "document.querySelectorAll('details').forEach(each => { each.open = true; })"
FOCUSED = "document.activeElement.closest('label') || document.activeElement"


@pytest.fixture(scope="module")
def file(bundle: Callable[[str], Path]) -> Path:
    return bundle("example") / "index.html"


@pytest.fixture
def page(browser: Browser, file: Path) -> Iterator[Page]:
    context = browser.new_context(locale="en-US", viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(file.as_uri())
    yield page
    context.close()


def test_the_keyboard_alone(page: Page) -> None:
    """The link past the head, the languages, a folded part, a table's head: each is reached and works."""
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    assert page.get_by_role("heading", name="En breve").is_visible()
    page.keyboard.press("ArrowLeft")
    assert page.get_by_role("heading", name="In short").is_visible()
    page.locator("main summary").first.focus()
    page.keyboard.press("Enter")
    folded = page.locator("main details").first
    assert folded.get_attribute("open") is not None
    head = folded.locator("thead button").nth(1)
    head.focus()
    page.keyboard.press("Space")
    assert folded.locator("th[aria-sort]").count() == 1


def test_the_focus_is_always_seen(page: Page) -> None:
    """Forty steps with the Tab key, backwards too: an outline, inside the window, not under the bar."""
    keys = ["Tab"] * 40 + ["Shift+Tab"] * 15
    for step, key in enumerate(keys):
        page.keyboard.press(key)
        seen = page.evaluate(f"""(() => {{
            const at = {FOCUSED}, box = at.getBoundingClientRect(), bar = document.querySelector('.bar');
            const under = bar.contains(at) ? 0 : bar.getBoundingClientRect().bottom;
            const outline = getComputedStyle(at).outlineWidth;
            return [outline, box.bottom > under, box.top < innerHeight, at.outerHTML.slice(0, 80)]
            }})()""")
        assert seen[:3] == ["3px", True, True], (step, seen)


def test_a_wide_table_scrolls_by_keyboard_and_a_narrow_one_is_no_stop(browser: Browser, file: Path) -> None:
    page = browser.new_context(viewport={"width": 320, "height": 640}).new_page()
    page.goto(file.as_uri())
    page.evaluate(OPEN)
    page.wait_for_timeout(300)
    tables = page.locator(".scroll")
    wide = tables.evaluate_all("all => all.map(each => [each.scrollWidth > each.clientWidth, each.tabIndex])")
    assert {stop for scrolls, stop in wide if scrolls} == {0}
    assert {stop for scrolls, stop in wide if not scrolls} <= {-1}
    first = tables.nth([scrolls for scrolls, _ in wide].index(True))
    first.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    assert first.evaluate("each => each.scrollLeft") > 0
    page.context.close()


@pytest.mark.parametrize(("width", "scale"), [(320, 1), (1280, 4), (960, 1)])
@pytest.mark.parametrize("locale", ["en-US", "es-MX"])
def test_nothing_runs_over_the_edge(
    locale: str, width: int, scale: int, browser: Browser, bundle: Callable[[str], Path]
) -> None:
    """At 320 pixels, and at 1280 enlarged to 400 %: a window of 320 by 200 (WCAG 2.2, 1.4.10)."""
    folder = bundle("example")
    size = {"width": width // scale, "height": 800 // scale}
    page = browser.new_context(locale=locale, viewport=size, device_scale_factor=scale).new_page()  # type: ignore[arg-type]
    for name in ("index.html", "pages/method.html", "pages/framework-nasem.html", "pages/schools.html"):
        page.goto((folder / name).as_uri())
        page.evaluate(OPEN)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], name
    page.context.close()


def test_the_bar_leaves_room_in_a_low_window(browser: Browser, file: Path) -> None:
    page = browser.new_context(viewport={"width": 320, "height": 200}).new_page()
    page.goto(file.as_uri())
    assert page.evaluate("getComputedStyle(document.querySelector('.bar')).position") == "static"
    page.context.close()


def test_a_table_is_sorted_by_its_numbers_and_back(page: Page) -> None:
    folded = page.locator("details:has(table)").first
    folded.locator("summary").click()
    button = folded.locator("thead button").nth(1)  # how many students

    def column() -> list[str]:
        return folded.locator("tbody").nth(1).locator("tr > :nth-child(2):not(.no)").all_inner_texts()

    before = column()
    numbers = [int(text.replace(",", "")) for text in before]
    assert len(numbers) >= 3
    button.click()
    assert [int(text.replace(",", "")) for text in column()] == sorted(numbers, reverse=True)
    assert folded.locator("th").nth(1).get_attribute("aria-sort") == "descending"
    button.click()
    assert [int(text.replace(",", "")) for text in column()] == sorted(numbers)
    assert folded.locator("th").nth(1).get_attribute("aria-sort") == "ascending"
    button.click()
    assert column() == before
    assert folded.locator("th").nth(1).get_attribute("aria-sort") is None


def test_no_button_is_dead_without_a_script(browser: Browser, file: Path) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(file.as_uri())
    buttons = page.locator("button:visible:not([popovertarget])")
    assert buttons.count() == 0
    assert page.locator("th").first.text_content()
    page.context.close()


def test_another_language_keeps_the_place_and_what_is_open(page: Page) -> None:
    folded = page.locator("main details").nth(3)
    folded.locator("summary").first.click()
    top = folded.evaluate(
        "each => { each.scrollIntoView(); scrollBy(0, -90); return each.getBoundingClientRect().top }"
    )
    page.get_by_text("Español").click()
    assert page.get_by_role("heading", name="En breve").count() == 1
    assert folded.get_attribute("open") is not None
    assert abs(folded.evaluate("each => each.getBoundingClientRect().top") - top) < 40


def test_a_link_opens_what_it_leads_to(page: Page, file: Path) -> None:
    key = page.locator("main details[id], main details [id]").last.get_attribute("id")
    page.goto("about:blank")
    page.goto(f"{file.as_uri()}#{key}")
    target = page.locator(f"#{key}")
    assert target.evaluate("each => each.closest('details').open")
    assert abs(target.evaluate("each => each.getBoundingClientRect().top")) < 200


def test_everything_opens_and_closes_with_one_button(page: Page) -> None:
    button, every = page.get_by_role("button", name="Open everything"), page.locator("details")
    button.click()
    assert page.locator("details:not([open])").count() == 0
    assert button.get_attribute("aria-pressed") == "true"
    button.click()
    assert page.locator("details[open]").count() == 0 < every.count()


def test_nothing_moves(page: Page) -> None:
    """No motion at all, so that there is none to reduce."""
    moving = page.evaluate("""[...document.querySelectorAll('*')].filter(each => {
        const style = getComputedStyle(each);
        return style.animationName !== 'none' || parseFloat(style.transitionDuration) > 0
            || style.scrollBehavior === 'smooth'; }).length""")
    assert moving == 0
