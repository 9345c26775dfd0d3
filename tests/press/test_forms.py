"""The picture of each form is kept: a change shows in the documentation, and is looked at."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
DRAWN = dict(runpy.run_path(str(DOCS / "charts.py"))["drawings"]())


@pytest.mark.parametrize("file", sorted(DRAWN))
def test_the_kept_picture_is_what_is_drawn(file: str) -> None:
    kept = (DOCS / "images" / "charts" / file).read_text(encoding="utf-8")
    assert kept == DRAWN[file], "look at it, run `make docs` and commit the picture"


def test_no_picture_is_left_over() -> None:
    assert {file.name for file in (DOCS / "images" / "charts").iterdir()} == set(DRAWN)
