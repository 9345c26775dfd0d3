"""An idea of fairness of a person's own, from a file in the shape of our perspectives.yaml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from evenground.definitions.document import Document
from evenground.definitions.ideas import contradictions
from evenground.definitions.known import Definitions
from evenground.definitions.own import Contradictions, read_all, read_one
from evenground.definitions.perspective import Perspective
from evenground.model import Problem


def read_perspective(text: str, definitions: Definitions) -> tuple[str, Perspective]:
    """(key, idea) of FILE.yaml with one entry, or of FILE.yaml:KEY. Raises InputProblems with everything that
    is wrong in the file, and where."""
    return read_one(
        "--perspective", text, Perspective, definitions.perspectives, _contradictions(definitions)
    )


def read_perspectives(path: Path, definitions: Definitions) -> dict[str, Perspective]:
    """All ideas of a file, by their keys. Raises InputProblems as `read_perspective` does."""
    return read_all(path, Perspective, definitions.perspectives, _contradictions(definitions))


def with_own(definitions: Definitions, settings: Mapping[str, Any]) -> Definitions:
    """The definitions with the idea of their own that a review was made by, if it was (`settings` of its
    receipt)."""
    idea = settings.get("idea")
    if idea is None:
        return definitions
    known = {**definitions.perspectives, str(settings["perspective"]): Perspective.model_validate(dict(idea))}
    return replace(definitions, perspectives=known)


def _contradictions(definitions: Definitions) -> Contradictions[Perspective]:
    def wrong(document: Document, key: str, perspective: Perspective) -> Iterator[Problem]:
        return contradictions(document, key, perspective, definitions)

    return wrong
