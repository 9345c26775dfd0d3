"""The languages of a review: one file each in `languages/`. Another language is another file.

English and Spanish stand beside each other in every definition. The file of a further language says,
besides its patterns and labels, what every English text of the definitions is called: `texts`, a list of
`{en: the English text, fr: the same in French}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from evenground.definitions.document import Document, read_document
from evenground.definitions.loader import load
from evenground.definitions.phrases import phrases
from evenground.definitions.schema import Part, Text
from evenground.model import InputProblems, Problem
from evenground.press import Wording, Words

OWN = ("texts", "noun_first")
"""What only the file of a further language has: the texts of the definitions, and whether the words that a
group adds to a noun stand after it."""

_BASE = ("en", "es")
_PUBLIC = ("withdrawal", "coverage", "perspectives")  # phrases of pages that leave the house
_PLACE = re.compile(r"\{(\w+)[^}]*\}")


@cache
def load_wording() -> Wording:
    """The patterns and labels of every language that comes with evenground."""
    return read_wording(resources.files("evenground.definitions") / "languages")


def read_wording(folder: Traversable | Path) -> Wording:
    """The languages of a folder, English and Spanish first. Raises InputProblems with all that is missing,
    and all placeholders that differ from the English file.
    """
    problems: list[Problem] = []
    found = {
        file.name.removesuffix(".yaml"): read_document(file, problems)
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
        if file.name.endswith(".yaml")
    }
    ordered = {lang: found[lang] for lang in (*_BASE, *(lang for lang in found if lang not in _BASE))}
    english = dict(_entries(ordered["en"].content, ()))
    for lang, document in ordered.items():
        if lang != "en":
            problems += _differences(document, english, further=lang not in _BASE)
    if problems:
        raise InputProblems(problems)
    return Wording({lang: document.content for lang, document in ordered.items()})


def said(text: Text) -> Words:
    """A text of the definitions in every language."""
    return Words(text.en, text.es, **{lang: _translated(lang, text.en) for lang in _further()})


@dataclass(frozen=True)
class Added:
    """What a group adds to a noun: "Black" before it, "with disabilities" after it."""

    words: Words
    before: bool


def added(part: Part) -> Added:
    """A part of a group's name in every language."""
    english = part.before or part.after or ""
    further = {lang: _translated(lang, english) for lang in _further()}
    return Added(Words(english, part.es, **further), before=part.before is not None)


def joined(parts: Iterable[Added], noun: Words) -> Words:
    """A noun and what its groups add to it; Spanish puts single words before phrases: "estudiantes mujeres de
    raza negra". A further language says by `noun_first` on which side of its noun the parts stand."""
    parts = list(parts)
    before = [part.words.en for part in parts if part.before]
    after = [part.words.en for part in parts if not part.before]
    following = sorted((part.words.es for part in parts), key=lambda words: " " in words)
    further = {}
    for lang in _further():
        own = [part.words.of(lang) for part in parts]
        noun_first = load_wording().content[lang].get("noun_first", False)
        further[lang] = " ".join([noun.of(lang), *own] if noun_first else [*own, noun.of(lang)])
    return Words(" ".join([*before, noun.en, *after]), " ".join([noun.es, *following]), **further)


@cache
def english_texts() -> tuple[str, ...]:
    """Every English text of the definitions that a public page may say, each once."""
    known = load()
    kinds = [getattr(known, field.name).values() for field in fields(known)]
    entries = (entry for kind in (*kinds, *(phrases(name).values() for name in _PUBLIC)) for entry in kind)
    return tuple(dict.fromkeys(_texts(entries)))


def _further() -> tuple[str, ...]:
    return load_wording().languages[len(_BASE) :]


def _translated(lang: str, english: str) -> str:
    return _texts_of(lang).get(english, english)


@cache
def _texts_of(lang: str) -> Mapping[str, str]:
    return {entry["en"]: entry[lang] for entry in load_wording().content[lang]["texts"]}


def _texts(entries: Iterable[BaseModel]) -> Iterator[str]:
    """Every English text, and every part of a group's name, in some entries of the definitions."""
    for entry in entries:
        if isinstance(entry, Text):
            yield entry.en
        elif isinstance(entry, Part):
            yield entry.before or entry.after or ""
        else:
            yield from _texts(_inside(entry))


def _inside(entry: BaseModel) -> Iterator[BaseModel]:
    for name in type(entry).model_fields:
        value = getattr(entry, name)
        several = value.values() if isinstance(value, dict) else value
        for each in several if isinstance(value, dict | tuple) else (value,):
            if isinstance(each, BaseModel):
                yield each


def _entries(node: Any, place: tuple[int | str, ...]) -> Iterator[tuple[tuple[int | str, ...], str]]:
    """(place, text) of every text but those that only a further language has."""
    if isinstance(node, dict):
        for key, value in node.items():
            if place or key not in OWN:
                yield from _entries(value, (*place, key))
    elif isinstance(node, list):
        for at, value in enumerate(node):
            yield from _entries(value, (*place, at))
    else:
        yield place, str(node)


def _differences(
    document: Document, english: Mapping[tuple[int | str, ...], str], further: bool
) -> Iterator[Problem]:
    own = dict(_entries(document.content, ()))
    for place, text in english.items():
        name = ".".join(map(str, place))
        if place not in own:
            yield document.problem(
                place, f"no `{name}`", f"what en.yaml says there: “{text}”", f"add `{name}`"
            )
        else:
            yield from _other_places(document, place, own[place], text)
    for place in own:
        if place not in english:
            name = ".".join(map(str, place))
            yield document.problem(place, f"`{name}`", "what en.yaml has too", "remove it, or mend its name")
    if further:
        yield from _untranslated(document)


def _untranslated(document: Document) -> Iterator[Problem]:
    """Every text of the definitions that the file of a further language does not say, or says otherwise."""
    lang, allowed = document.file.removesuffix(".yaml"), "every English text of the definitions"
    entries = document.content.get("texts") or []
    places = {entry.get("en"): at for at, entry in enumerate(entries) if entry.get(lang)}
    for text in english_texts():
        if text not in places:
            todo = "add it to `texts`, in both languages"
            yield document.problem(("texts",), f"no text for “{text}”", allowed, todo)
        else:
            at = places[text]
            yield from _other_places(document, ("texts", at, lang), str(entries[at][lang]), text)


def _other_places(
    document: Document, place: tuple[int | str, ...], own: str, english: str
) -> Iterator[Problem]:
    wanted = sorted(set(_PLACE.findall(english)))
    if sorted(set(_PLACE.findall(own))) != wanted:
        name, allowed = ".".join(map(str, place)), ", ".join(f"{{{each}}}" for each in wanted) or "none"
        yield document.problem(place, f"other placeholders in `{name}`", allowed, "use the same placeholders")
