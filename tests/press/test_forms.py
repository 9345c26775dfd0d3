"""The picture of each form is kept: a change shows in the documentation, and is looked at."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from evenground.press import NARROW, WIDE, Chart
from evenground.press.ink import DARK, LIGHT, contrast

DOCS = Path(__file__).parents[2] / "docs"
MADE = runpy.run_path(str(DOCS / "charts.py"))
DRAWN: dict[str, str] = dict(MADE["drawings"]())
FORMS: dict[str, Chart] = MADE["forms"]()


@pytest.mark.parametrize("file", sorted(DRAWN))
def test_the_kept_picture_is_what_is_drawn(file: str) -> None:
    kept = (DOCS / "images" / "charts" / file).read_text(encoding="utf-8")
    assert kept == DRAWN[file], "look at it, run `make docs` and commit the picture"


def test_no_picture_is_left_over() -> None:
    assert {file.name for file in (DOCS / "images" / "charts").iterdir()} == set(DRAWN)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("form", sorted(FORMS))
def test_every_word_and_mark_that_is_drawn_can_be_seen(
    form: str, width: int, palette: dict[str, str]
) -> None:
    """WCAG 2.2: text 4.5:1, marks 3:1. Grid and ribbon carry nothing of their own; the parts of a bar have
    its outline and their numbers."""
    picture = FORMS[form].picture(width)
    for words in picture.words:
        behind = words.colour.replace("on", "deep") if words.colour.startswith("on") else "ground"
        assert contrast(palette[words.colour], palette[behind]) >= 4.5, words
    marks = {shape.colour for shape in picture.shapes if shape.kind not in ("bar", "area")}
    assert marks
    for colour in marks - {"grid", "ground"}:
        assert contrast(palette[colour], palette["ground"]) >= 3, colour
    if any(shape.kind == "bar" for shape in picture.shapes):
        assert any(shape.kind == "frame" and shape.colour == "rule" for shape in picture.shapes)


@pytest.mark.parametrize("form", sorted(FORMS))
def test_no_word_is_too_small_on_the_narrowest_phone(form: str) -> None:
    """A screen of 320 leaves 280 to a chart of NARROW."""
    picture = FORMS[form].picture(NARROW)
    assert min(words.size for words in picture.words) * 280 / picture.width >= 11
