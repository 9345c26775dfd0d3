"""The pictures of real reviews in the documentation, taken again: `python docs/pictures.py`.

It reviews the public files of Kentucky and Los Angeles in ../shared/data into build/pictures, opens the pages
in the system's Chromium and keeps what somebody sees there, in few colours, so that a picture stays small.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared" / "data"
BUILD = ROOT / "build" / "pictures"
IMAGES = ROOT / "docs" / "images"
DESKTOP, PHONE = 1100, 390
REVIEWS = {
    "kentucky": [str(DATA / "ky-kysrc"), "--pages", "schools"],
    "los-angeles": [
        str(DATA / "ca-graduates-ag"), "--source", "cde-graduates", "--unit", "district:1964733",
        "--period", "2016", "--by", "race_ethnicity,sex",
    ],
}  # fmt: skip


@dataclass(frozen=True)
class Shot:
    """One picture: of which page, how wide and high, from which element on, in which language and light."""

    name: str
    page: str
    width: int
    height: int
    start: str = "h1"
    lang: str = "en"
    dark: bool = False


def shots(school: str) -> Iterator[Shot]:
    """What the documentation shows. `school` is the file of one school's page."""
    for place in REVIEWS:
        yield Shot(f"{place}", f"{place}/index.html", DESKTOP, 1500)
        yield Shot(f"{place}-phone", f"{place}/index.html", PHONE, 1500)
    yield Shot("los-angeles-question", "los-angeles/index.html", DESKTOP, 1300, start="#doors")
    yield Shot("kentucky-levels", "kentucky/index.html", DESKTOP, 1300, start="#learning")
    yield Shot("kentucky-background", "kentucky/index.html", DESKTOP, 1150, start="#background")
    yield Shot("kentucky-bright", "kentucky/index.html", DESKTOP, 900, start="#bright")
    yield Shot("kentucky-ways", "kentucky/pages/perspectives.html", DESKTOP, 1500)
    yield Shot("kentucky-spanish", "kentucky/index.html", PHONE, 1500, start="#short", lang="es", dark=True)
    yield Shot("kentucky-school", school, DESKTOP, 1500)
    yield Shot("kentucky-school-phone", school, PHONE, 1500)
    yield Shot("kentucky-framework", "kentucky/pages/framework-nasem.html", DESKTOP, 1300)
    yield Shot("method", "kentucky/pages/method.html", DESKTOP, 1300)


def review(place: str) -> None:
    """Makes the bundle, unless it is there."""
    if not (BUILD / place / "index.html").is_file():
        program = Path(sys.executable).with_name("evenground")
        subprocess.run([program, "review", *REVIEWS[place], "--out", str(BUILD / place)], check=True)


def take(wanted: list[Shot]) -> None:
    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for shot in wanted:
            light = "dark" if shot.dark else "light"
            page = browser.new_page(
                viewport={"width": shot.width, "height": shot.height}, color_scheme=light, locale=shot.lang
            )
            page.goto((BUILD / shot.page).as_uri())
            top = page.locator(shot.start).first.evaluate(
                "part => part.getBoundingClientRect().top + scrollY"
            )
            page.evaluate(f"scrollTo({{top: {max(top - 70, 0)}, behavior: 'instant'}})")
            page.wait_for_timeout(200)
            keep(page.screenshot(), IMAGES / f"{shot.name}.png")
            page.close()
        browser.close()


def prints() -> None:
    """The first two sheets of a print, beside each other."""
    from PIL import Image

    for place, file in (("kentucky", "meeting.pdf"),):
        stem = BUILD / f"{place}-print"
        subprocess.run(["pdftoppm", "-r", "60", "-png", str(BUILD / place / file), str(stem)], check=True)
        sheets = [Image.open(page).convert("RGB") for page in sorted(BUILD.glob(f"{place}-print*.png"))[:2]]
        width, height = sheets[0].size
        both = Image.new("RGB", (2 * width + 20, height), "#bbbbbb")
        for at, sheet in enumerate(sheets):
            both.paste(sheet, (at * (width + 20), 0))
        found = io.BytesIO()
        both.save(found, "PNG")
        keep(found.getvalue(), IMAGES / f"{place}-print.png")


def keep(png: bytes, file: Path) -> None:
    """In 64 colours: pages have few."""
    from PIL import Image

    image = Image.open(io.BytesIO(png)).convert("RGB")
    image.quantize(64, dither=Image.Dither.NONE).save(file, optimize=True)
    print(f"{file.relative_to(ROOT)}: {file.stat().st_size // 1000} kB")


def main() -> None:
    for place in REVIEWS:
        review(place)
    pages = BUILD / "kentucky" / "pages"
    school = next(
        page for page in sorted(pages.glob("school-*.html")) if ">Lafayette High School" in page.read_text()
    )
    take(list(shots(str(school.relative_to(BUILD)))))
    prints()


if __name__ == "__main__":
    main()
