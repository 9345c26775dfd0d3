"""The languages of a review: one file each in `languages/`. Another language is another file.

English and Spanish stand beside each other in every definition. The file of a further language says,
besides its patterns and labels, what every English text of the definitions is called: `texts: {English: it}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from evenground.definitions.document import Document, read_document
from evenground.definitions.schema import Part, Text
from evenground.model import InputProblems, Problem
from evenground.press import Wording, Words

_BASE = ("en", "es")
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
            problems += _differences(document, english)
    if problems:
        raise InputProblems(problems)
    return Wording({lang: document.content for lang, document in ordered.items()})


def said(text: Text) -> Words:
    """A text of the definitions in every language."""
    return Words(text.en, text.es, **{lang: _translated(lang, text.en) for lang in _further()})


def joined(parts: list[Part], noun: Words) -> Words:
    """A noun and what its groups add to it; Spanish puts single words before phrases: "estudiantes mujeres de
    raza negra". A further language says by `noun_first` on which side of its noun the parts stand."""
    before = [part.before for part in parts if part.before]
    after = [part.after for part in parts if part.after]
    following = sorted((part.es for part in parts), key=lambda words: " " in words)
    further = {}
    for lang in _further():
        own = [_translated(lang, part.before or part.after or "") for part in parts]
        noun_first = load_wording().content[lang].get("noun_first", False)
        further[lang] = " ".join([noun.of(lang), *own] if noun_first else [*own, noun.of(lang)])
    return Words(" ".join([*before, noun.en, *after]), " ".join([noun.es, *following]), **further)


def untranslated(entries: Iterator[BaseModel], lang: str) -> list[str]:
    """The English texts of `entries` for which the file of a further language has no translation."""
    known = load_wording().content[lang].get("texts", {})
    return [text for text in dict.fromkeys(_texts(entries)) if text not in known]


def _further() -> tuple[str, ...]:
    return load_wording().languages[len(_BASE) :]


def _translated(lang: str, english: str) -> str:
    texts: Mapping[str, str] = load_wording().content[lang].get("texts", {})
    return texts.get(english, english)


def _texts(entries: Iterator[BaseModel]) -> Iterator[str]:
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
            if place or key not in ("texts", "noun_first"):
                yield from _entries(value, (*place, key))
    elif isinstance(node, list):
        for at, value in enumerate(node):
            yield from _entries(value, (*place, at))
    else:
        yield place, str(node)


def _differences(document: Document, english: Mapping[tuple[int | str, ...], str]) -> Iterator[Problem]:
    own = dict(_entries(document.content, ()))
    for place, text in english.items():
        name = ".".join(map(str, place))
        if place not in own:
            yield document.problem(
                place, f"no `{name}`", f"what en.yaml says there: “{text}”", f"add `{name}`"
            )
        elif set(_PLACE.findall(own[place])) != set(_PLACE.findall(text)):
            wanted = ", ".join(f"{{{each}}}" for each in sorted(set(_PLACE.findall(text)))) or "none"
            yield document.problem(
                place, f"other placeholders in `{name}`", wanted, "use the same placeholders"
            )
    for place in own:
        if place not in english:
            name = ".".join(map(str, place))
            yield document.problem(place, f"`{name}`", "what en.yaml has too", "remove it, or mend its name")
