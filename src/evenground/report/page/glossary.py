"""Words with a plain meaning: where one is first used in a section, it opens its meaning in place.

Without a script: a button names the popover that it opens. The same meanings stand in a list, for print.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from evenground.definitions import Term, said
from evenground.press import Html, Words, both, element, join

_PIECE = re.compile(
    r"(?P<apart><(a|button|summary|svg|table|figcaption|nav|h[1-6]|label|code|script|style)\b.*?</\2>)"
    r"|<(?P<end>/?)(?P<name>\w+)(?P<attributes>[^>]*)>|(?P<text>[^<]+)",
    re.DOTALL,
)
_LANG = re.compile(r'\blang="?([\w-]+)')
_VOID = {"input", "br", "hr", "meta", "link"}
_FOLLOWED = re.compile(r"(<button[^>]*>[^<]*</button>[.,;:!?)»”]+)")  # no line begins with a comma
_PARTNERS = {"li": {"li"}, "dt": {"dt", "dd"}, "dd": {"dt", "dd"}}


class Glossary:
    """The words of one page: `mark` marks a section, `opened` and `listed` hold what was marked."""

    def __init__(self, terms: Mapping[str, Term]):
        self.terms, self.used = terms, set[str]()
        forms = [(key, said(form)) for key, term in terms.items() for form in term.forms]
        languages = forms[0][1] if forms else Words("")
        self._keys = {lang: {form.of(lang).casefold(): key for key, form in forms} for lang in languages}
        self._capitals = {key for key, form in forms if form.en.isupper()}
        self._rules = {lang: _any_of(keys) for lang, keys in self._keys.items()}

    def mark(self, section: Html) -> Html:
        """The section with the first use of each word, in each language, as a button. Headings, links, tables
        and what is a button itself are left as they are.
        """
        met: set[tuple[str, str]] = set()
        open_: list[tuple[str, str | None]] = []
        pieces = []
        for piece in _PIECE.finditer(section):
            if name := piece["name"]:
                _nest(open_, name, piece["end"], piece["attributes"])
            lang = open_[-1][1] if open_ else None
            text = piece["text"]
            pieces.append(self._marked(text, lang, met) if text and lang in self._rules else piece[0])
        return Html("".join(pieces))

    def _marked(self, text: str, lang: str | None, met: set[tuple[str, str]]) -> str:
        assert lang is not None

        def button(found: re.Match[str]) -> str:
            key = self._keys[lang][found[0].casefold()]
            other_word = key in self._capitals and not found[0].isupper()  # "act" is not the ACT
            if other_word or (key, lang) in met:
                return found[0]
            met.add((key, lang))
            self.used.add(key)
            attributes = {"type": "button", "class_": "term", "popovertarget": f"term-{key}"}
            return element("button", Html(found[0]), **attributes)

        return _FOLLOWED.sub(r"<span class=nb>\1</span>", self._rules[lang].sub(button, text))

    def opened(self) -> Html:
        """The meanings that the marked words open; they are seen only then."""
        return join(
            *(
                element("div", _name(term), both("p", said(term.meaning)), id=f"term-{key}", popover=True)
                for key, term in self._met()
            )
        )

    def listed(self) -> Html:
        """The same as a list, in the order of the definitions."""
        entries = [
            join(element("dt", said(term.forms[0])), element("dd", said(term.meaning)))
            for _, term in self._met()
        ]
        return element("dl", entries, class_="terms")

    def _met(self) -> list[tuple[str, Term]]:
        return [(key, term) for key, term in self.terms.items() if key in self.used]


def _name(term: Term) -> Html:
    return element("p", element("strong", said(term.forms[0]).raised))


def _any_of(forms: Mapping[str, str]) -> re.Pattern[str]:
    """Any of the forms as whole words, the longest first."""
    ordered = sorted(forms, key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, ordered))})(?![\w-])", re.IGNORECASE)


def _nest(open_: list[tuple[str, str | None]], name: str, end: str, attributes: str) -> None:
    """Keeps the elements that are open, with their language; list items end where the next one begins."""
    if name in _VOID:
        return
    if end:
        while open_ and open_.pop()[0] != name:
            pass
        return
    if open_ and open_[-1][0] in _PARTNERS.get(name, set()):
        open_.pop()
    lang = _LANG.search(attributes)
    open_.append((name, lang[1] if lang else open_[-1][1] if open_ else None))
