"""The idea of fairness that a person asks for: one that comes along, or their own from a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from evenground.definitions import Definitions, Perspective
from evenground.definitions.own import is_file
from evenground.definitions.own_perspective import read_perspective, read_perspectives
from evenground.model import InputProblems
from evenground.workspace.request import Request

_UNASKED = Request().reference


def perspectives(file: Path | None, definitions: Definitions) -> Mapping[str, Perspective]:
    """The ideas that come along, or those of a file of one's own, checked. Raises InputProblems."""
    return definitions.perspectives if file is None else read_perspectives(file, definitions)


def with_perspective(request: Request, definitions: Definitions) -> tuple[Request, Definitions]:
    """The request with the reference of the idea asked for, and the definitions with that idea among them.

    One's own is kept in the request as it is written, so that the review can be made again without the file.
    Raises InputProblems.
    """
    if request.perspective is None:
        return request, definitions
    if request.idea is not None:
        key, perspective = request.perspective, Perspective.model_validate(dict(request.idea))
    else:
        key, perspective = _named(request.perspective, definitions)
    if request.reference not in (_UNASKED, perspective.reference):
        found = (
            f"{request.reference}, beside the perspective {key}, which compares with {perspective.reference}"
        )
        todo = "leave out one of the two, or write a perspective of your own"
        raise InputProblems.one("--reference", found, perspective.reference, todo)
    request = replace(request, perspective=key, reference=perspective.reference)
    if key in definitions.perspectives:
        return request, definitions
    known = {**definitions.perspectives, key: perspective}
    idea = perspective.model_dump(mode="json", exclude_unset=True)
    return replace(request, idea=idea), replace(definitions, perspectives=known)


def _named(text: str, definitions: Definitions) -> tuple[str, Perspective]:
    if is_file(text):
        return read_perspective(text, definitions)
    if text not in definitions.perspectives:
        allowed = f"{', '.join(definitions.perspectives)}, or FILE.yaml with one of your own"
        raise InputProblems.one("--perspective", text, allowed, "choose one of them")
    return text, definitions.perspectives[text]
