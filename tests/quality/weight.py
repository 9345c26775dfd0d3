"""How many bytes of a page one language needs: all of it but the elements of the other languages."""

from __future__ import annotations

from html.parser import HTMLParser

_UNCLOSED = {"li", "td", "th", "dt", "dd"}
_AROUND = {"ul", "ol", "tr", "tbody", "table", "dl"}


def weight(text: str, lang: str) -> int:
    others = _Others(text, lang)
    return len(text.encode()) - sum(len(text[start:end].encode()) for start, end in others.found)


class _Others(HTMLParser):
    """Where the elements of other languages start and end."""

    def __init__(self, text: str, lang: str) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[tuple[int, int]] = []
        self._lines = [0]
        for line in text.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))
        self._lang, self._open, self._depth, self._start = lang, "", 0, 0
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if self._open and tag == self._open and tag in _UNCLOSED:
            self._end(self._at())
        if self._open:
            self._depth += tag == self._open
        elif tag != "html" and given.get("lang") not in (None, self._lang) and not _keeps(given):
            self._open, self._depth, self._start = tag, 1, self._at()

    def handle_endtag(self, tag: str) -> None:
        if self._open in _UNCLOSED and tag in _AROUND:
            self._end(self._at())
        elif tag == self._open:
            self._depth -= 1
            if not self._depth:
                self._end(self._at() + len(f"</{tag}>"))

    def _end(self, at: int) -> None:
        self.found.append((self._start, at))
        self._open = ""

    def _at(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column


def _keeps(given: dict[str, str | None]) -> bool:
    return "keep" in (given.get("class") or "").split()
