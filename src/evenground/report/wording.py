"""The patterns and labels of `definitions/wording`, in both languages."""

from __future__ import annotations

from functools import cache
from importlib import resources

import yaml

from evenground.press import LANGUAGES, Wording


@cache
def load_wording() -> Wording:
    folder = resources.files("evenground.definitions") / "wording"
    return Wording(
        *(yaml.safe_load((folder / f"{lang}.yaml").read_text(encoding="utf-8")) for lang in LANGUAGES)
    )
