"""A release among the others of its workspace: which came before, what follows, which it replaces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from evenground.definitions import Definitions
from evenground.definitions.schema import Policy
from evenground.disclosure.earlier import Earlier, judge
from evenground.model import ERROR, InputProblems, Problem, Released, Unit
from evenground.workspace import past
from evenground.workspace.ledger import Entry, Ledger, Mark, held_ledger, now
from evenground.workspace.request import Progress, Request

_EXAMPLE = "example"


@dataclass(frozen=True)
class Considered:
    """The releases that came before (`ids`, oldest first; `earlier`, what they told) and the one that is
    replaced (`corrects`: id, date, reason; empty: none).
    """

    ids: tuple[str, ...]
    earlier: Earlier
    corrects: Mapping[str, str] = field(default_factory=dict)

    def told(self, cells: pa.Table, policy: Policy, definitions: Definitions) -> dict[str, Any]:
        """What disclosure.json says of them: ids and numbers of cells."""
        if policy.kind != "suppress":
            why = (
                "the policy follows what the publisher hid" if policy.kind == "follow" else "chance is added"
            )
            return {"considered": [], "why_not": why}
        judged = judge(cells, self.earlier, policy, definitions)
        return {
            "considered": [key for key in self.ids if key in {one.id for one in self.earlier.releases}],
            "cells_public_before": int(judged.public.sum()),
            "cells_changed_by_few": int(judged.changed.sum()),
            "cells_kept_hidden": int(judged.kept.sum()),
            "cells_of_earlier_releases_beside": len(judged.beside),
        }


@contextmanager
def workspace_of(request: Request, progress: Progress) -> Iterator[Ledger | None]:
    """The ledger that the release will be entered in, held meanwhile; None where there is no workspace.

    Raises InputProblems where the request does not fit the workspace, before any work is done for it.
    """
    problems = list(_unfit(request))
    if problems:
        raise InputProblems(problems)
    if request.workspace is None:
        yield None
        return
    waiting = "Waiting for another release of this workspace to end"
    with held_ledger(request.workspace, lambda: progress(waiting)) as ledger:
        if request.corrects:
            _check_corrects(ledger.entry(request.corrects))
        yield ledger


def _unfit(request: Request) -> Iterator[Problem]:
    for option, text in (
        ("--corrects", request.corrects),
        ("--reason", request.reason),
        ("--who", request.who),
    ):
        if text and request.workspace is None:
            allowed, todo = f"{option} of a release that is kept in a workspace", "add --workspace FOLDER"
            yield Problem(ERROR, option, "no --workspace", allowed, todo)
    if request.corrects and not (request.reason or "").strip():
        allowed, todo = "a reason, which the page will give", 'add --reason "..."'
        yield Problem(ERROR, "--corrects", "no --reason", allowed, todo)


def _check_corrects(entry: Entry) -> None:
    if entry.replaced:
        raise InputProblems.one(
            "--corrects",
            f"{entry.id}, which {entry.replaced.by} has replaced already",
            "a release that nothing has replaced",
            f"correct {entry.replaced.by}",
        )


def considered(ledger: Ledger, request: Request, focus: Unit, units: pa.Table, source: str) -> Considered:
    """The releases of the workspace, as the next one has to see them. Raises InputProblems where the data are
    of another school system.
    """
    entries = ledger.entries()
    _check_system(ledger, entries, focus, units, source)
    corrects = {}
    if request.corrects:
        replaced = ledger.entry(request.corrects)
        corrects = {"id": replaced.id, "date": replaced.date, "reason": (request.reason or "").strip()}
    return Considered(tuple(entry.id for entry in entries), past.earlier(ledger), corrects)


def enter(
    ledger: Ledger, request: Request, cells: pa.Table, released: Released, bundle: Path | None
) -> Entry:
    """Enters a release, right before it appears: the true counts first, so that no release is without them.
    What is killed in between counts as released, though nobody saw it.
    """
    key, number = ledger.next_id(date.today().isoformat())
    about = released.about
    entry = Entry(
        id=key,
        number=number,
        made_at=now(),
        title=about.title,
        unit_level=about.unit_level,
        unit_id=about.unit_id,
        source=about.source,
        periods=about.periods,
        by=about.by,
        policy=str(released.disclosure["policy"]),
        who=(request.who or "").strip(),
        reason=(request.reason or "").strip(),
        corrects=request.corrects or "",
    )
    past.keep(ledger, key, cells, released)
    ledger.enter(entry, released, bundle)
    if request.corrects:
        ledger.replace(request.corrects, Mark(entry.date, entry.reason, entry.who, by=key))
    return entry


def _check_system(
    ledger: Ledger, entries: Sequence[Entry], focus: Unit, units: pa.Table, source: str
) -> None:
    """A workspace holds one system: places that lie within one another. The made-up example is no part of
    any."""
    here = set(zip(units["unit_level"].to_pylist(), units["unit_id"].to_pylist(), strict=True))
    for entry in entries:
        theirs = (entry.unit_level, entry.unit_id)
        same = theirs in here or _within(ledger, entry, focus)
        if not same or (source == _EXAMPLE) != (entry.source == _EXAMPLE):
            raise InputProblems.one(
                ledger.folder.name,
                f"releases of {entry.title} ({entry.unit_level}:{entry.unit_id}, from {entry.source})",
                f"one school system in a workspace; this one is {focus.name} ({focus.key}, from {source})",
                "choose another folder with --workspace",
            )


def _within(ledger: Ledger, entry: Entry, focus: Unit) -> bool:
    _, units = ledger.cells(entry.id)
    return (focus.level, focus.id) in set(
        zip(units["unit_level"].to_pylist(), units["unit_id"].to_pylist(), strict=True)
    )
