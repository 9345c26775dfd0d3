"""The texts of a page as a reader meets them, and what is wrong with any of them."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

from tests.plain import objections

ENDS = {"li": ("li",), "dt": ("dt", "dd"), "dd": ("dt", "dd"), "td": ("td", "th"), "th": ("td", "th"),
        "tr": ("tr", "td", "th"), "tbody": ("tbody", "thead", "tr", "td", "th")}  # fmt: skip


class Reader(HTMLParser):
    """(language, element, text) of all that is read on a page; end tags may be left out."""

    def __init__(self, page: Path):
        super().__init__()
        self.open: list[tuple[str, str | None]] = []
        self.texts: list[tuple[str | None, str, str]] = []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in ("input", "meta", "link", "br", "hr"):
            return
        while self.open and self.open[-1][0] in ENDS.get(tag, ()):
            self.open.pop()
        above = self.open[-1][1] if self.open else None
        self.open.append((tag, dict(attributes).get("lang") or above))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tags = [tag for tag, _ in self.open]
        if data.strip() and not {"style", "script", "title"} & set(tags):
            self.texts.append((self.open[-1][1], tags[-1], " ".join(data.split())))


def wrong_on(page: Path) -> list[str]:
    """What disagrees, is banned, or was left unfilled in any text of a page."""
    found = []
    for lang, tag, text in sorted({(lang or "", tag, text) for lang, tag, text in Reader(page).texts}):
        if lang in ("en", "es") and tag != "code":
            kinds = ("agreement", "banned", "a placeholder", "two spaces", "two signs")
            wrong = [each for each in objections(text, lang, stop=False) if each.startswith(kinds)]
            found += [f"{lang}: {each}: {text}" for each in wrong]
    return found
