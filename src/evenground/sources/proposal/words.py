"""Names and words of files taken apart into small words, and phrases found in them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

_PIECES = re.compile(r"[A-Z]{2,}s(?![a-z])|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[%#&+]")
_SIGNS = {"&": "and", "+": "plus"}
_JOINED = 5  # letters that a phrase written as one word has at least: `africanamerican`, never `tom`


@dataclass(frozen=True)
class Token:
    """One small word and where it stands in the text."""

    word: str
    start: int
    end: int


@lru_cache(maxsize=100_000)
def tokens(text: str) -> tuple[Token, ...]:
    """`pctProf_African-Am.` -> pct, prof, african, am. Accents are dropped."""
    plain = "".join(unicodedata.normalize("NFKD", character)[0] for character in text)
    return tuple(
        Token(_SIGNS.get(match[0], match[0].lower()), match.start(), match.end())
        for match in _PIECES.finditer(plain)
    )


def small_words(text: str) -> tuple[str, ...]:
    return tuple(token.word for token in tokens(text))


def singular(word: str) -> str:
    """Without the s of the plural, where the word is long enough to have one."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


class Phrases:
    """A set of phrases that can be found in small words, also in the plural or written as one word."""

    def __init__(self, phrases: Iterable[str]):
        self._known = {_form(small_words(phrase)) for phrase in phrases}
        self._known |= {("".join(form),) for form in self._known if len("".join(form)) >= _JOINED}
        self.longest = max((len(form) for form in self._known), default=0)

    def has(self, words: Sequence[str]) -> bool:
        return _form(words) in self._known

    def is_all(self, text: str) -> bool:
        """Whether the text is one of the phrases and nothing else."""
        return self.has(small_words(text))

    def find(self, words: Sequence[str]) -> tuple[int, int] | None:
        """The longest phrase within the words: its place and length."""
        for length in range(min(self.longest, len(words)), 0, -1):
            for start in range(len(words) - length + 1):
                if self.has(words[start : start + length]):
                    return start, length
        return None

    def within(self, text: str) -> bool:
        return self.find(small_words(text)) is not None

    def said(self, text: str) -> str:
        """The phrase that is found, as the text writes it; empty without one."""
        found = self.find(small_words(text))
        if found is None:
            return ""
        held = tokens(text)[found[0] : found[0] + found[1]]
        return text[held[0].start : held[-1].end]


def _form(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(singular(word) for word in words)


def stretches(words: Sequence[str], start: int, longest: int) -> Iterator[tuple[str, ...]]:
    """The stretches of words that begin at `start`, longest first."""
    for length in range(min(longest, len(words) - start), 0, -1):
        yield tuple(words[start : start + length])


def key_of(text: str) -> str:
    """A name as keys are written."""
    key = "_".join(small_words(text)) or "my_file"
    key = re.sub(r"[^a-z0-9_]", "", key)
    return key if key[:1].isalpha() else f"file_{key}"
