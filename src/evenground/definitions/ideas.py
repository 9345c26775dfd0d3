"""What an idea of fairness names that is not defined, and where it contradicts itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from evenground.definitions.advice import instead
from evenground.definitions.document import Document
from evenground.definitions.known import Definitions
from evenground.definitions.perspective import Perspective
from evenground.definitions.schema import Dimension
from evenground.model import Problem

_REFERENCES = ("overall", "others", "highest")


def contradictions(
    document: Document,
    key: str,
    perspective: Perspective,
    definitions: Definitions,
    names: Mapping[str, Collection[str]] | None = None,
) -> Iterator[Problem]:
    """What in an idea names something that is not defined, each with its line. `names`: of each kind, also
    of entries that are not in their shape."""
    kinds = ("dimensions", "questions", "indicators")
    named = {kind: list(getattr(definitions, kind)) for kind in kinds} | dict(names or {})
    known = named["dimensions"]
    for at, group in enumerate(perspective.groups):
        yield from _group(document, (key, "groups", at), group, known, definitions.dimensions)
    for of, name in _references(perspective):
        if name not in _REFERENCES:
            todo = instead(name, _REFERENCES)
            yield document.problem((key, *of), f"reference `{name}`", ", ".join(_REFERENCES), todo)
    for dimension in perspective.references:
        yield from _unknown(document, (key, "references", dimension), dimension, "dimension", known)
    seen: set[str] = set()
    for at, look in enumerate(perspective.looks_at):
        place: tuple[str | int, ...] = (key, "looks_at", at)
        if (look.question is None) == (not look.indicators):
            allowed = "either `question` or `indicators`"
            found = "both of them" if look.question else "none of them"
            yield document.problem(place, found, allowed, "write one of the two")
        if look.question is not None:
            wrong = _unknown(document, (*place, "question"), look.question, "question", named["questions"])
            yield from wrong
        for name in look.indicators:
            yield from _unknown(document, (*place, "indicators"), name, "indicator", named["indicators"])
        for name in filter(None, (look.question, *look.indicators)):
            if name in seen:
                yield document.problem(place, f"`{name}` a second time", "once", "remove one of the two")
            seen.add(name)
    yield from _standards(document, key, perspective, definitions, named["indicators"])


def _references(perspective: Perspective) -> Iterable[tuple[tuple[str, ...], str]]:
    yield ("reference",), perspective.reference
    for dimension, name in perspective.references.items():
        yield ("references", dimension), name


def _group(
    document: Document,
    place: tuple[str | int, ...],
    group: str,
    known: Collection[str],
    dimensions: Mapping[str, Dimension],
) -> Iterator[Problem]:
    if "+" in group:
        parts = group.split("+")
        for part in parts:
            yield from _unknown(document, place, part, "dimension", known)
        if parts != sorted(parts):
            written = "+".join(sorted(parts))
            yield document.problem(
                place, f"`{group}`", "dimensions in alphabetical order", f"write `{written}`"
            )
        return
    dimension, single, value = group.partition(":")
    yield from _unknown(document, place, dimension, "dimension", known)
    if single and dimension in dimensions:
        yield from _unknown(document, place, value, f"value of {dimension}", dimensions[dimension].values)


def _unknown(
    document: Document, place: tuple[str | int, ...], name: str, what: str, known: Collection[str]
) -> Iterator[Problem]:
    if name not in known:
        yield document.problem(
            place, f"{what} `{name}`, which is not defined", ", ".join(known), instead(name, known)
        )


def _standards(
    document: Document, key: str, perspective: Perspective, definitions: Definitions, known: Collection[str]
) -> Iterator[Problem]:
    for at, standard in enumerate(perspective.standards):
        place = (key, "standards", at, "indicators")
        for name in standard.indicators:
            yield from _unknown(document, place, name, "indicator", known)
            indicator = definitions.indicators.get(name)
            if indicator is None:
                continue
            if indicator.unit != "share" or indicator.direction == "neutral":
                found = f"`{name}`, which is no share that is better high or low"
                yield document.problem(place, found, "shares", "remove it")
            if perspective.look(name, indicator.question) is None:
                found = f"`{name}`, which `looks_at` does not name"
                yield document.problem(place, found, "indicators it looks at", "add it to `looks_at`")
