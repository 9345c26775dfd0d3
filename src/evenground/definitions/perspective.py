"""Ideas of fairness as data: what each looks at, what counts as unfair, what it would call done."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from evenground.definitions.advice import instead
from evenground.definitions.document import Document
from evenground.definitions.schema import Dimension, Key, Line, Sourced, Strict, Text
from evenground.model import Problem

if TYPE_CHECKING:
    from evenground.definitions.loader import Definitions

Rule = Literal["behind", "either", "behind_in_same_place"]

_REFERENCES = ("overall", "others", "highest")


class Look(Strict):
    """Numbers that an idea looks at: those of a whole question, or single indicators.

    `counts`, what it counts as unfair: `behind`, a group that is clearly worse off; `either`, a clear
    difference in whichever direction; `behind_in_same_place`, a group that is clearly worse off among
    students of the same schools.
    """

    question: Key | None = None
    indicators: tuple[Key, ...] = ()
    stage: Literal["inputs", "processes", "outcomes"]
    counts: Rule = "behind"


class Standard(Strict):
    """A share that every group is to reach (or, where lower is better, to stay below)."""

    indicators: tuple[Key, ...] = Field(min_length=1)
    at: float = Field(gt=0, lt=1)


class Perspective(Sourced):
    """One idea of fairness. Where an indicator stands in several of `looks_at`, its own line goes before that
    of its question; the order is the order of importance.

    `groups` are dimensions (each of their groups), single groups (`disability:with_disability`), and crosses
    of dimensions (`race_ethnicity+sex`: those of their groups of which a part is named here).
    """

    name: Text
    term: Text  # what the literature calls it
    idea: Text
    inequity: Text
    looks: Text
    other_indicators: Text  # why it passes over the others; completes "Not looked at: ..."
    other_groups: Text
    groups: tuple[Line, ...] = Field(min_length=1)
    reference: Line = "others"
    references: dict[Key, Line] = Field(default_factory=dict)  # of single dimensions
    looks_at: tuple[Look, ...] = Field(min_length=1)
    standards: tuple[Standard, ...] = ()
    done: Text
    cannot_see: Text
    ask: tuple[Text, ...] = Field(min_length=1, max_length=3)

    def look(self, indicator: str, question: str) -> Look | None:
        """How it looks at an indicator; None where it does not."""
        own = (look for look in self.looks_at if indicator in look.indicators)
        whole = (look for look in self.looks_at if look.question == question)
        return next(own, None) or next(whole, None)

    def place(self, indicator: str, question: str) -> int:
        """Where the indicator stands in its order; after all others where it is not looked at."""
        look = self.look(indicator, question)
        return self.looks_at.index(look) if look else len(self.looks_at)

    def asks_about(self, dimension: str, group: str) -> bool:
        """Whether it looks at a group, given the dimensions that its key names (`a`, `a+b`)."""
        if dimension in self.groups or group in self.groups:
            return "+" not in dimension or any(
                part in self.groups or part.partition(":")[0] in self.groups for part in group.split("+")
            )
        return False

    def compared_with(self, dimension: str) -> str:
        return self.references.get(dimension, self.reference)

    def standard(self, indicator: str) -> float | None:
        return next((one.at for one in self.standards if indicator in one.indicators), None)

    def standing(self, counted: int, unsaid: int) -> Literal["not_yet", "not_known", "reached"]:
        """How far a system is, from how many readings count and of how many nothing can be said. Without a
        finding it is reached only where everything could be said."""
        return "not_yet" if counted else "not_known" if unsaid else "reached"


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
