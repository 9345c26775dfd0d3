"""The page in a real browser: offline, both languages with and without JavaScript, narrow, dark, printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from evenground import report
from evenground.model import Released

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def folder(released: Released, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("page") / "review"
    report.write(released, place)
    return place


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=str(chromium), args=QUIET)
        yield running
        running.close()


def opened(browser: Browser, folder: Path, **options: object) -> tuple[Page, list[str]]:
    """The page, and what the browser complained about or tried to fetch."""
    page = browser.new_context(**{"locale": "en-US", **options}).new_page()  # type: ignore[arg-type]
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda asked: said.append(asked.url) if not asked.url.startswith("file:") else None)
    page.goto((folder / "index.html").as_uri())
    return page, said


def test_it_opens_from_a_folder_without_a_complaint_or_a_request(browser: Browser, folder: Path) -> None:
    page, said = opened(browser, folder)
    assert said == []
    assert page.title() == "Cedar <b>Valley</b> & Hills: an equity review, 2014-15 to 2015-16"
    assert page.locator("b:text('Valley')").count() == 0  # a name is not markup
    assert page.locator("main i").count() == 0


@pytest.mark.parametrize("javascript", [True, False])
def test_the_language_can_be_switched(javascript: bool, browser: Browser, folder: Path) -> None:
    page, _ = opened(browser, folder, java_script_enabled=javascript)
    english, spanish = (
        page.get_by_role("heading", name="In short"),
        page.get_by_role("heading", name="En breve"),
    )
    assert english.is_visible()
    assert spanish.count() == 0
    page.locator("#lang-es").focus()
    page.keyboard.press("Space")
    assert spanish.is_visible()
    assert english.count() == 0
    assert page.locator("body [lang=en]:not(.keep):visible").count() == 0
    if javascript:
        assert page.evaluate("document.documentElement.lang") == "es"
        page.reload()
        assert spanish.is_visible()  # remembered


def test_a_spanish_browser_opens_it_in_spanish(browser: Browser, folder: Path) -> None:
    page, _ = opened(browser, folder, locale="es-MX")
    assert page.get_by_role("heading", name="En breve").is_visible()
    assert page.title().startswith("Cedar <b>Valley</b> & Hills: revisión de equidad")


@pytest.mark.parametrize("lang", ["en-US", "es-MX"])
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_nothing_runs_over_the_edge(lang: str, width: int, browser: Browser, folder: Path) -> None:
    page, _ = opened(browser, folder, locale=lang, viewport={"width": width, "height": 800})
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_every_chart_is_a_named_picture_with_a_table(browser: Browser, folder: Path) -> None:
    page, _ = opened(browser, folder, viewport={"width": 1280, "height": 800})
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    charts = page.locator("svg:visible")
    assert charts.count() >= 5
    for at in range(charts.count()):
        chart = charts.nth(at)
        assert chart.get_attribute("role") == "img"
        named = page.locator(f"#{chart.get_attribute('aria-labelledby')}")
        assert len(named.inner_text().strip()) > 10
    sections = page.locator("main > section:has(figure)")
    for at in range(1, sections.count()):  # the first tells in short what the others show with their tables
        section = sections.nth(at)
        assert section.locator("table").count() >= section.locator("figure").count()


def test_the_words_of_a_picture_are_those_of_the_language_shown(browser: Browser, folder: Path) -> None:
    page, _ = opened(browser, folder, locale="es-MX", viewport={"width": 1280, "height": 800})
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")
    pictures = [node for node in tree["nodes"] if node.get("role", {}).get("value") in ("img", "image")]
    names = [node["name"]["value"] for node in pictures if not node["ignored"]]
    assert len(names) >= 5
    assert all("students" not in name for name in names), names
    assert any("Gráfica de puntos" in name for name in names)


def test_a_phone_gets_the_narrow_chart(browser: Browser, folder: Path) -> None:
    page, _ = opened(browser, folder, viewport={"width": 360, "height": 800})
    assert page.locator(".wide svg:visible").count() == 0
    assert page.locator(".narrow svg:visible").count() >= 5
    page.set_viewport_size({"width": 1280, "height": 800})
    assert page.locator(".wide svg:visible").count() >= 3


def test_dark_is_designed(browser: Browser, folder: Path) -> None:
    page, _ = opened(browser, folder, color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(22, 22, 22)"
    fills = page.evaluate(
        "[...new Set([...document.querySelectorAll('svg text')].map(each => getComputedStyle(each).fill))]"
    )
    assert fills
    assert "rgb(26, 26, 26)" not in fills


def test_print_opens_what_is_folded(browser: Browser, folder: Path) -> None:
    page, _ = opened(browser, folder)
    closed = page.locator("details:not([open])")
    assert closed.count() > 0
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert closed.count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert closed.count() > 0


def test_the_keyboard_reaches_everything_and_can_be_seen(browser: Browser, folder: Path) -> None:
    page, _ = opened(browser, folder)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#short"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    outline = page.evaluate(
        "getComputedStyle(document.activeElement.closest('label') || document.activeElement).outlineWidth"
    )
    assert outline == "3px"
    small = page.evaluate("""[...document.querySelectorAll('a, button, summary, .tongue label')]
        .filter(each => each.offsetParent && !each.closest('p, li:has(>a)'))
        .map(each => each.getBoundingClientRect()).filter(box => box.height > 0 && box.height < 24).length""")
    assert small == 0


class _Outline(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.heads: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if found.get("id"):
            self.ids.append(found["id"] or "")
        if tag == "a":
            self.links.append(found.get("href") or "")
        if tag == "th":
            self.heads.append(found)


def test_structure(folder: Path) -> None:
    text = (folder / "index.html").read_text(encoding="utf-8")
    outline = _Outline()
    outline.feed(text)
    assert outline.levels[0] == 1
    assert outline.levels.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(outline.levels, outline.levels[1:], strict=False))
    assert len(set(outline.ids)) == len(outline.ids)
    assert all(link[1:] in outline.ids for link in outline.links if link.startswith("#"))
    assert all((folder / link).is_file() for link in outline.links if not link.startswith("#"))
    assert all(head.get("scope") in ("col", "row", "rowgroup") for head in outline.heads)
    assert "http://" not in text.replace("http://www.w3.org", "")
    assert "https://" not in text
    assert (
        text.count('lang="en"') - 1 <= text.count('lang="es"') + 6
    )  # the same words in both; checks are in English


def test_the_order_of_the_page(folder: Path) -> None:
    text = re.sub(r"<style>.*?</style>", "", (folder / "index.html").read_text(encoding="utf-8"), flags=re.S)
    said = [
        "In short",
        "Who gets into the courses",
        "What it would take",
        "Over time",
        "Where it happens",
        "How sure we are",
        "What is hidden, and why",
        "Questions for the next meeting",
        "Who teaches whom?",
        "About the data",
        "How we know",
        "What we checked",
        "What we could not measure",
        "How students are protected",
        "Take the numbers",
        "Receipt",
    ]
    places = [text.index(f">{words}", text.index("<main>")) for words in said]
    first_section = text.index("id=doors")
    assert places[0] < first_section
    assert places == sorted(places) or places[2] < first_section  # "what it would take" is said in short, too
