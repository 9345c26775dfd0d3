"""HTML that cannot be injected into: text is escaped where it becomes an element, and only elements
are not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from evenground.press.words import Words

_VOID = {"input", "meta", "link", "br", "hr"}
_ENDS_ITSELF = {"thead", "tbody", "tr", "th", "td", "li", "dt", "dd"}
"""They end where the next of their kind begins or their parent ends. HTML lets their end tags go, as it does
the quotes around simple values; pages with long tables become a fifth shorter."""

_BARE = re.compile(r"[\w#.-]+", re.ASCII)
_QUOTED = re.compile(r'="([\w#.-]+)"(?=[ >])', re.ASCII)


class Html(str):
    """Text that is already HTML."""


def element(
    name: str, /, *inside: Html | str | Words | Iterable[Html], **attributes: str | bool | None
) -> Html:
    """One element. Plain text is escaped, Words become a span a language, None and False attributes are
    left out.

    `class_` and `for_` stand for the attributes whose names Python keeps, and `_` for `-`.
    """
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}{'' if value is True else _value(str(value))}"
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    if name in _VOID:
        return Html(f"<{name}{written}>")
    end = "" if name in _ENDS_ITSELF else f"</{name}>"
    return Html(f"<{name}{written}>{join(*inside)}{end}")


def _value(text: str) -> str:
    return f"={text}" if _BARE.fullmatch(text) else f'="{escape(text)}"'


def bare(markup: Html) -> Html:
    """The same without the quotes that HTML does not need; markup that was written elsewhere."""
    return Html(_QUOTED.sub(r"=\1", markup))


def join(*inside: Html | str | Words | Iterable[Html]) -> Html:
    """Several pieces after each other."""
    return Html("".join(_piece(piece) for piece in inside))


def _piece(piece: Html | str | Words | Iterable[Html]) -> str:
    if isinstance(piece, Html):
        return piece
    if isinstance(piece, Words):
        return inline(piece)
    if isinstance(piece, str):
        return escape(piece, quote=False)
    return "".join(_piece(part) for part in piece)


def inline(text: Words) -> Html:
    """Every language inside a line; one is shown. Words that are the same in all are written once."""
    if text.alike:
        return Html(escape(text.en, quote=False))
    return join(*(element("span", said, lang=lang) for lang, said in text.items()))


def both(name: str, text: Words, /, **attributes: str | bool | None) -> Html:
    """A block (p, li, figcaption) once in each language; once for all where they say the same."""
    if text.alike:
        return element(name, text.en, **attributes)
    return join(*(element(name, said, lang=lang, **attributes) for lang, said in text.items()))
