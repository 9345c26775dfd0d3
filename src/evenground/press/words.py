"""The same words in several languages, and sentences set from patterns in all of them at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol


class Words(dict[str, str]):
    """The same words in several languages: code of the language -> text, English first.

    What is the same in every language (a number, a name) has the English text alone; `of` gives it to all.
    """

    def __init__(self, en: str, es: str | None = None, **further: str):
        super().__init__(en=en, **({} if es is None else {"es": es}), **further)

    @classmethod
    def same(cls, text: str) -> Words:
        return cls(text)

    @classmethod
    def each(cls, say: Callable[..., str], *words: Words) -> Words:
        """What `say` makes of the words, language by language."""
        known = dict.fromkeys(lang for one in words for lang in one)
        return cls(**{lang: say(*(one.of(lang) for one in words)) for lang in known})

    def of(self, lang: str) -> str:
        return self.get(lang, self["en"])

    @property
    def en(self) -> str:
        return self["en"]

    @property
    def es(self) -> str:
        return self.of("es")

    @property
    def alike(self) -> bool:
        """Whether every language has the same text."""
        return len(set(self.values())) == 1

    @property
    def raised(self) -> Words:
        """With a capital at the start."""
        return Words.each(raised, self)

    def __bool__(self) -> bool:
        return any(self.values())

    def then(self, other: Words) -> Words:
        """This sentence, a space, the other one."""
        return Words.each(lambda one, next_one: f"{one} {next_one}".strip(), self, other)


class Bilingual(Protocol):
    """Words in English and Spanish, as the definitions hold them."""

    @property
    def en(self) -> str: ...

    @property
    def es(self) -> str: ...


def filled(text: Bilingual | Words, **values: object) -> Words:
    """A text with its placeholders filled; a value that is Words gives each language its own."""
    return _filled(text if isinstance(text, Words) else {"en": text.en, "es": text.es}, values)


def _filled(patterns: Mapping[str, str], values: Mapping[str, object]) -> Words:
    if not any(isinstance(value, Words) for value in values.values()):
        return Words(**{lang: pattern.format(**values) for lang, pattern in patterns.items()})
    return Words(**{lang: pattern.format(**_in(lang, values)) for lang, pattern in patterns.items()})


def _in(lang: str, values: Mapping[str, object]) -> dict[str, object]:
    return {name: value.of(lang) if isinstance(value, Words) else value for name, value in values.items()}


class Wording:
    """Patterns and labels in every language, as the files of `definitions/languages` hold them.

    `set` fills a pattern: every value may be Words (each language takes its own), text or a number. Where
    `count` is one and there is a pattern KEY.one, that is taken. The first letter of the sentence is raised.
    Raises KeyError for a pattern that does not exist or a placeholder without a value.
    """

    def __init__(self, content: Mapping[str, Mapping[str, Any]]):
        self.content = content
        self.languages = tuple(content)
        patterns = {lang: entries["patterns"] for lang, entries in content.items()}
        self._patterns = {key: {lang: patterns[lang][key] for lang in patterns} for key in patterns["en"]}

    def has(self, key: str) -> bool:
        return key in self._patterns

    def set(self, key: str, **values: object) -> Words:
        single = f"{key}.one"
        one = str(values.get("count")) == "1" and single in self._patterns
        found = _filled(self._patterns[single if one else key], values)
        return Words(**{lang: raised(text.strip()) for lang, text in found.items()})

    def label(self, key: str, part: str | None = None, **values: object) -> Words:
        """A label as it stands, or the `part` of one; placeholders are filled when values are given."""
        found = {lang: entries["labels"][key] for lang, entries in self.content.items()}
        texts = {lang: entry[part] if part else entry for lang, entry in found.items()}
        return _filled(texts, values) if values else Words(**texts)

    def entry(self, section: str, key: str | int) -> Words:
        """One entry of another section: `columns`, `codes`, `downloads`, `method`."""
        return Words(**{lang: entries[section][key] for lang, entries in self.content.items()})

    def keys(self, section: str) -> list[Any]:
        entries = self.content["en"][section]
        return list(range(len(entries))) if isinstance(entries, list) else list(entries)


def raised(text: str) -> str:
    """With a capital at the start; what is not a letter stays."""
    return text[:1].upper() + text[1:]
