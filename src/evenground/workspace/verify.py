"""From a bundle back to its files: what differs when it is made again."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from evenground import report
from evenground.model import (
    KEYS,
    InputProblems,
    Released,
)
from evenground.workspace import past
from evenground.workspace.considered import Considered
from evenground.workspace.counted import counted
from evenground.workspace.ledger import open_ledger
from evenground.workspace.made import made
from evenground.workspace.request import Progress, Request

_TOLERANCE = 1e-9


def verify(
    bundle: Path,
    folder: Path | None,
    progress: Progress = lambda step: None,
    mapping: Path | None = None,
    workspace: Path | None = None,
) -> list[str]:
    """What differs between a bundle and what its inputs give now; an empty list when nothing does. Chance
    that was added cannot be drawn again: of such a bundle only inputs and rows are compared.

    The bundle's own files are checked against its receipt first. An example is made again from its seed; what
    was made after other releases of a workspace, after the same ones.
    """
    published = report.read(bundle)
    settings = published.settings
    request = Request(
        input=folder,
        example=bool(settings["example"]),
        source=settings["source"],
        unit=settings["unit"],
        period=settings["period"],
        indicators=tuple(settings["indicators"]),
        by=tuple(settings["by"]),
        depth=settings["depth"],
        reference=settings["reference"],
        policy=settings["policy"],
        rules=settings.get("rules"),
        perspective=settings.get("perspective"),
        idea=settings.get("idea"),
        poverty=settings["poverty"],
        questions=tuple(settings.get("questions", ())),
        pages=settings.get("pages"),
        made_on=published.about.made_on,
        mapping=mapping,
    )
    if not request.example and folder is None:
        raise InputProblems.one(
            "verify", "no input", "--input FOLDER with the files that the review was made of", "add --input"
        )
    before = _before(published, workspace)
    with counted(request, progress) as counts:
        again = made(counts, progress, before).released
    if not set(published.inputs) & set(again.inputs):
        return ["none of the files is one that the bundle was made of; nothing else was compared"]
    if "noise" in published.disclosure:
        return [*_input_differences(published, again), *_rows_apart(published, again)]
    return [
        *_input_differences(published, again),
        *_table_differences("cells", published.cells, again.cells, KEYS),
        *_table_differences("findings", published.findings, again.findings, ("finding_id",)),
        *_table_differences("pages", published.pages, again.pages, ("finding_id",)),
    ]


def _before(published: Released, workspace: Path | None) -> Considered | None:
    """The releases that the bundle was made after, as its disclosure.json names them."""
    told = published.disclosure.get("earlier_releases")
    ids = tuple(told.get("considered", ())) if isinstance(told, Mapping) else ()
    if not ids:
        return None
    if workspace is None:
        raise InputProblems.one(
            "verify",
            f"a bundle that was made after {len(ids)} other releases, and no --workspace",
            "--workspace FOLDER with the ledger of those releases",
            "add --workspace",
        )
    ledger = open_ledger(workspace)
    for key in ids:
        ledger.entry(key)
    return Considered(ids, past.earlier(ledger, ids))


def _input_differences(published: Released, again: Released) -> Iterator[str]:
    for name in sorted(set(published.inputs) | set(again.inputs)):
        before, after = published.inputs.get(name), again.inputs.get(name)
        if before != after:
            what = "is new" if before is None else "is gone" if after is None else "has changed"
            yield f"input {name} {what}"


def _rows_apart(published: Released, again: Released) -> Iterator[str]:
    """Cells that only one of two releases has."""
    before, after = (set(_by_key(table.cells, KEYS)) for table in (published, again))
    for key in sorted(before ^ after):
        yield f"cells: {'/'.join(key)} is only in the {'bundle' if key in before else 'recomputation'}"


def _table_differences(
    name: str, published: pa.Table, again: pa.Table, keys: tuple[str, ...]
) -> Iterator[str]:
    """Rows that are only in one of two tables, and values that differ by more than rounding."""
    before, after = (_by_key(table, keys) for table in (published, again))
    for key in sorted(set(before) ^ set(after)):
        yield f"{name}: {'/'.join(key)} is only in the {'bundle' if key in before else 'recomputation'}"
    for key in sorted(set(before) & set(after)):
        for column in set(before[key]) & set(after[key]):
            old, new = before[key][column], after[key][column]
            if old != new and not (
                isinstance(old, float)
                and isinstance(new, float)
                and math.isclose(old, new, rel_tol=_TOLERANCE, abs_tol=_TOLERANCE)
            ):
                place = "/".join(key)
                yield f"{name}: {place}: {column} is {old} in the bundle, {new} in the recomputation"


def _by_key(table: pa.Table, keys: tuple[str, ...]) -> dict[tuple[str, ...], dict[str, Any]]:
    return {tuple(row[key] for key in keys): row for row in table.to_pylist()}
