"""Pictures of each type of page, of the synthetic district, beside those that are kept.

A picture is the first screens of a page on a phone (320 pixels wide), set in a font of blocks, made grey and
eight times smaller. It is compared by the mean difference of its cells, from 0 to 255. With the machine's own
fonts the difference would be 12 to 23, as large as that of a page whose style is broken: other letters break
lines elsewhere. Set in blocks it is 0 whatever fonts the machine has, and up to 4.1 where letters are placed
between pixels, as other versions of the browser may; MOST stands above that. Charts that are gone make it
6.6, and what breaks the layout 14 to 47.
`make pictures` renews what is kept, after a look at it.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Browser
from tests.quality.blocks import blocks

KEPT = Path(__file__).parent / "pictures"
WIDTH, SCREENS, SMALLER = 320, 3200, 8
MOST = 5.0
TYPES = {
    "review": ("example", "index.html"),
    "method": ("example", "pages/method.html"),
    "framework": ("example", "pages/framework-nasem.html"),
    "schools": ("example", "pages/schools.html"),
    "school": ("example", "pages/school-*.html"),
    "checks": ("private", "checks/checks.private.html"),
    "coverage": ("private", "coverage/index.html"),
    "protection": ("private", "office/private-protection.html"),
}


def pictured(browser: Browser, file: Path, style: str = "", dark: bool = False) -> Image.Image:
    """The first screens, grey and small; `style` is laid over the page's own."""
    context = browser.new_context(
        locale="en-US",
        viewport={"width": WIDTH, "height": SCREENS},
        color_scheme="dark" if dark else "light",
        bypass_csp=True,
    )
    page = context.new_page()
    page.goto(file.as_uri())
    page.add_style_tag(content=blocks() + style)
    page.evaluate("document.fonts.load('16px Blocks')")
    page.evaluate("document.fonts.ready.then(() => true)")
    shot = page.screenshot()
    context.close()
    picture = Image.open(io.BytesIO(shot)).convert("L")
    return picture.resize((WIDTH // SMALLER, SCREENS // SMALLER), Image.Resampling.BOX)


def apart(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of the cells, from 0 (the same) to 255."""
    return float(ImageStat.Stat(ImageChops.difference(one, other)).mean[0])


@pytest.fixture(scope="module")
def file(bundle: Callable[[str], Path]) -> Callable[[str], Path]:
    def found(kind: str) -> Path:
        name, pattern = TYPES[kind]
        return sorted(bundle(name).glob(pattern))[0]

    return found


@pytest.mark.parametrize("kind", list(TYPES))
def test_the_page_looks_as_it_did(kind: str, browser: Browser, file: Callable[[str], Path]) -> None:
    now, kept = pictured(browser, file(kind)), KEPT / f"{kind}.png"
    if os.environ.get("PICTURES") == "renew":
        kept.parent.mkdir(exist_ok=True)
        now.save(kept, optimize=True)
    assert apart(now, Image.open(kept)) < MOST, (
        "look at the page; `make pictures` where it is as it should be"
    )


def test_the_machines_fonts_make_no_difference(browser: Browser, file: Callable[[str], Path]) -> None:
    """Serifs for what has none, a typewriter for headings: the defaults of another machine."""
    other = ":root{--sans:'DejaVu Serif',serif;--serif:'Liberation Mono',monospace}"
    assert apart(pictured(browser, file("method")), pictured(browser, file("method"), other)) < 0.1
    between = "*{text-rendering:geometricPrecision}"
    assert apart(pictured(browser, file("method")), pictured(browser, file("method"), between)) < MOST


@pytest.mark.parametrize(
    "broken",
    [
        "svg{display:none!important}",
        "nav{display:none}",
        "main{columns:2}",
        "p{margin-bottom:-2rem!important}",
        "body [lang]:not(x):not(y){display:revert!important}",
        "body{font-size:120%}",
    ],
)
def test_what_breaks_a_page_is_found(broken: str, browser: Browser, file: Callable[[str], Path]) -> None:
    assert apart(pictured(browser, file("review")), pictured(browser, file("review"), broken)) > MOST
