"""Writes the pages that repeat what the code and the definitions already say: `python docs/generate.py`.

The head of each page, down to the marker, is written by hand and kept; what follows comes from `writers`.
"""

from __future__ import annotations

from pathlib import Path

from writers.bundle import bundle
from writers.checks import checks
from writers.commands import commands
from writers.definitions import definitions
from writers.indicators import indicators
from writers.known_sources import known_sources
from writers.refusals import refusals
from writers.roster import roster

DOCS = Path(__file__).parent
MARKER = "<!-- From here on this page is written by docs/generate.py. -->"


def pages() -> dict[Path, str]:
    """Each generated page with its whole text."""
    below = {
        "reference/commands.md": commands(),
        "reference/bundle.md": bundle(),
        "reference/definitions.md": definitions(),
        "reference/indicators.md": indicators(),
        "reference/known-sources.md": known_sources(),
        "reference/roster.md": roster(),
        "reference/checks.md": checks(),
        "explanation/what-we-refuse-to-say.md": refusals(),
    }
    return {
        page: f"{head(page)}{MARKER}\n\n{text.strip()}\n"
        for page, text in ((DOCS / name, text) for name, text in below.items())
    }


def head(page: Path) -> str:
    return page.read_text(encoding="utf-8").partition(MARKER)[0]


if __name__ == "__main__":
    for page, text in pages().items():
        page.write_text(text, encoding="utf-8")
