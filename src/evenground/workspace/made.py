"""A review that was made: protected, asked, and through the gate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from evenground import disclosure
from evenground.model import About, Released
from evenground.questions import Asked, ask, ask_places
from evenground.workspace.considered import Considered
from evenground.workspace.counted import Counted
from evenground.workspace.defaults import dimensions_of, period_of
from evenground.workspace.request import Progress


@dataclass(frozen=True)
class Made:
    """A review: what may be published, and the protection that made it so, which is private."""

    released: Released
    protection: disclosure.Protection
    asked: Asked


def made(counts: Counted, progress: Progress = lambda step: None, before: Considered | None = None) -> Made:
    """The second half: protect, ask, and through the gate. `before`: the releases that came before."""
    request, dataset, definitions = counts.request, counts.dataset, counts.definitions
    cells, cuts, focus = counts.cells, counts.cuts, counts.focus
    progress("Protecting students: hiding what could pick one out, and trying to work it back")
    policy = definitions.policies[counts.policy]
    earlier = before.earlier if before else None
    if policy.kind == "noise":
        protection = disclosure.noised(cells, dataset.units, policy, definitions)
    else:
        protection = disclosure.protect(cells, dataset.units, policy, definitions, earlier)
    told = disclosure.tell(protection, cells, dataset.units, policy, definitions)
    progress("Asking the questions")
    asked = Asked(
        focus,
        request.by or dimensions_of(cuts),
        request.depth,
        request.reference,
        period_of(request),
        request.perspective,
    )
    findings = ask(told.cells, dataset.units, asked, definitions)
    pages = None
    if counts.pages:
        pages = ask_places(told.cells, told.units, asked, counts.pages, definitions)
    progress("Through the gate")
    about = About(
        title=focus.name,
        unit_level=focus.level,
        unit_id=focus.id,
        source=dataset.source,
        publisher=dataset.publisher,
        licence=dataset.licence,
        periods=tuple(sorted(set(cells["period"].to_pylist()))),
        by=asked.by,
        reference=asked.reference,
        made_on=request.made_on or date.today().isoformat(),
    )
    released = disclosure.gate(
        about,
        told.protection,
        findings,
        told.units,
        pages,
        checks=(*dataset.checks, *counts.notes),
        not_measured=dataset.not_measured,
        inputs=dataset.inputs,
        settings=request.settings(),
        bounds=told.bounds if policy.bands else dataset.bounds,
        definitions=definitions,
        policy_key=counts.policy,
        earlier=before.told(cells, policy, definitions) if before else None,
        corrects=before.corrects if before else None,
    )
    return Made(released, protection, asked)
