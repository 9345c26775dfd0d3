"""Paper: a Typst template and data in, a tagged PDF out."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

FONT = "Libertinus Serif"
"""Comes with Typst, so that the same print comes out everywhere."""


def typeset(template: str, data: Mapping[str, Any], pictures: Mapping[str, str], made: datetime) -> bytes:
    """The PDF (PDF/UA-1) of `template`, which reads `data.json` and the SVG `pictures` (name -> text)
    beside it.

    Data reach the template as JSON, never as markup. Raises typst.TypstError where the template breaks
    a rule of PDF/UA, such
    as a picture without alternative text.
    """
    import typst

    with tempfile.TemporaryDirectory(prefix="evenground-") as folder:
        room = Path(folder)
        (room / "main.typ").write_text(template, encoding="utf-8")
        (room / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        for name, picture in pictures.items():
            (room / name).write_text(picture, encoding="utf-8")
        stamp = int(made.timestamp())
        done: bytes = typst.compile(
            str(room / "main.typ"),
            root=folder,
            format="pdf",
            ignore_system_fonts=True,
            pdf_standards=["ua-1"],
            timestamp=stamp,
        )
    return done
