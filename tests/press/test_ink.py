"""Contrast: the formula against known values, the palettes against WCAG 2.2 (text 4.5:1, marks 3:1)."""

from __future__ import annotations

import pytest

from evenground.press.ink import DARK, LIGHT, contrast

PALETTES = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])


@pytest.mark.parametrize(
    ("colour", "ratio"),
    [("#767676", 4.54), ("#0072B2", 5.19), ("#D55E00", 3.87), ("#E69F00", 2.25), ("#000000", 21.0)],
)
def test_contrast_on_white(colour: str, ratio: float) -> None:
    # the project's standards, section 16.2, and black on white by definition
    assert contrast(colour, "#ffffff") == pytest.approx(ratio, abs=0.006)
    assert contrast("#ffffff", colour) == contrast(colour, "#ffffff")


@PALETTES
def test_text_can_be_read(palette: dict[str, str]) -> None:
    for ink in ("ink", "soft", "accent"):
        assert contrast(palette[ink], palette["ground"]) >= 4.5, ink
    assert contrast(palette["accent"], palette["tint"]) >= 3  # the line on its ribbon
    for level in "1234":
        assert contrast(palette[f"on{level}"], palette[f"deep{level}"]) >= 4.5, level


@PALETTES
def test_marks_can_be_seen(palette: dict[str, str]) -> None:
    for mark in ("ink", "rule", "accent"):
        assert contrast(palette[mark], palette["ground"]) >= 3, mark


def test_light_and_dark_have_the_same_colours() -> None:
    assert set(LIGHT) == set(DARK)
