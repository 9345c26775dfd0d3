"""The same words in English and Spanish, and sentences set from patterns in both at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

LANGUAGES = ("en", "es")


class Both(NamedTuple):
    """The same words in both languages."""

    en: str
    es: str

    def of(self, lang: str) -> str:
        return self.en if lang == "en" else self.es

    @classmethod
    def same(cls, text: str) -> Both:
        return cls(text, text)

    @property
    def raised(self) -> Both:
        """With a capital at the start."""
        return Both(raised(self.en), raised(self.es))

    def __bool__(self) -> bool:
        return bool(self.en or self.es)

    def then(self, other: Both) -> Both:
        """This sentence, a space, the other one."""
        return Both(f"{self.en} {other.en}".strip(), f"{self.es} {other.es}".strip())


class Bilingual(Protocol):
    """Words in both languages, as the definitions hold them."""

    @property
    def en(self) -> str: ...

    @property
    def es(self) -> str: ...


def filled(text: Bilingual, **values: object) -> Both:
    """A text with its placeholders filled; a value that is Both gives each language its own."""
    sides = (
        {name: value.of(lang) if isinstance(value, Both) else value for name, value in values.items()}
        for lang in LANGUAGES
    )
    en, es = sides
    return Both(text.en.format(**en), text.es.format(**es))


class Wording:
    """Patterns and labels in both languages, as the files of `definitions/wording` hold them.

    `set` fills a pattern: every value may be Both (each language takes its own), text or a number. The
    first letter of the
    sentence is raised. Raises KeyError for a pattern that does not exist or a placeholder without a value.
    """

    def __init__(self, en: Mapping[str, Any], es: Mapping[str, Any]):
        self.content = {"en": en, "es": es}
        self._patterns = {"en": en["patterns"], "es": es["patterns"]}

    def has(self, key: str) -> bool:
        return key in self._patterns["en"]

    def set(self, key: str, **values: object) -> Both:
        en = {name: value.en if isinstance(value, Both) else value for name, value in values.items()}
        es = {name: value.es if isinstance(value, Both) else value for name, value in values.items()}
        return Both(
            raised(self._patterns["en"][key].format(**en).strip()),
            raised(self._patterns["es"][key].format(**es).strip()),
        )

    def label(self, key: str, part: str | None = None, **values: object) -> Both:
        """A label as it stands, or the `part` of one; placeholders are filled when values are given."""
        found = [self.content[lang]["labels"][key] for lang in LANGUAGES]
        texts = [entry[part] if part else entry for entry in found]
        if values:
            sides = [
                {name: value.of(lang) if isinstance(value, Both) else value for name, value in values.items()}
                for lang in LANGUAGES
            ]
            texts = [text.format(**side) for text, side in zip(texts, sides, strict=True)]
        return Both(*texts)

    def entry(self, section: str, key: str | int) -> Both:
        """One entry of another section: `columns`, `codes`, `downloads`, `method`."""
        return Both(*(self.content[lang][section][key] for lang in LANGUAGES))

    def keys(self, section: str) -> list[Any]:
        entries = self.content["en"][section]
        return list(range(len(entries))) if isinstance(entries, list) else list(entries)


def raised(text: str) -> str:
    """With a capital at the start; what is not a letter stays."""
    return text[:1].upper() + text[1:]
