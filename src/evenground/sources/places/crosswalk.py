"""places.csv: what became of schools, a line a change."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from evenground.model import ERROR, InputProblems, Problem, parse_period

PLACES = "places.csv"
COLUMNS = ("school_id", "successor_id", "school_year", "kind")
KINDS = {
    "renamed": "the same school under a new id",
    "merged": "one of several schools that became the successor",
    "split": "one school that became several, a line each",
    "closed": "a school that ended; no successor",
}
_FOLLOWED = ("renamed", "merged")


@dataclass(frozen=True)
class Change:
    """From `period` on, the school `old` is `new` (None: closed)."""

    old: str
    new: str | None
    period: str
    kind: str
    row: int


def read_crosswalk(text: str, known: Collection[str], file: str = PLACES) -> tuple[Change, ...]:
    """The changes of a places.csv, for schools of the data (`known` ids).

    Raises InputProblems with every line that cannot be used: a missing column, an unknown id or kind, a year
    that is none, a school that becomes two without being split, a circle.
    """
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    header = [name.strip() for name in rows[0]] if rows else []
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        raise InputProblems(
            [
                Problem(ERROR, file, "no such column", ", ".join(COLUMNS), "add the column", 1, name)
                for name in missing
            ]
        )
    problems: list[Problem] = []
    changes: list[Change] = []
    for number, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        cells = dict(zip(header, (cell.strip() for cell in row), strict=False))
        found = list(_wrong(cells, known, file, number))
        problems += found
        if not found:
            new = cells["successor_id"] or None
            period = parse_period(cells["school_year"])
            changes.append(Change(cells["school_id"], new, period, cells["kind"], number))
    problems += _ambiguous(changes, file)
    if not problems:
        problems += _circles(changes, file)
    if problems:
        raise InputProblems(problems)
    return tuple(changes)


def successors(changes: Sequence[Change]) -> dict[str, tuple[str, str]]:
    """School -> (the school that it is counted with, the first year in which it no longer is itself).

    Chains are followed to their end: renamed in one year and merged in a later one is counted with the last.
    """
    step = {change.old: change for change in changes if change.kind in _FOLLOWED and change.new}
    found = {}
    for old, change in step.items():
        new = change.new or old
        while new in step:
            new = step[new].new or new
        found[old] = (new, change.period)
    return found


def _wrong(cells: dict[str, str], known: Collection[str], file: str, row: int) -> Iterator[Problem]:
    kind = cells.get("kind", "")
    if kind not in KINDS:
        near = get_close_matches(kind, KINDS, n=1)
        todo = f"write {near[0]}" if near else "choose one of them"
        yield Problem(ERROR, file, repr(kind), ", ".join(KINDS), todo, row, "kind")
    try:
        parse_period(cells.get("school_year", ""))
    except ValueError:
        found, allowed = repr(cells.get("school_year", "")), "a school year such as 2022-23"
        todo = "the first year in which the change holds"
        yield Problem(ERROR, file, found, allowed, todo, row, "school_year")
    for column in ("school_id", "successor_id"):
        identity = cells.get(column, "")
        if column == "successor_id" and kind == "closed":
            if identity:
                todo = "leave it empty, or say that the school merged"
                yield Problem(
                    ERROR, file, "a successor of a closed school", "no successor", todo, row, column
                )
        elif identity not in known:
            near = get_close_matches(identity, known, n=1, cutoff=0.8)
            todo = f"write {near[0]}" if near else "write the id as the data do, leading zeros kept"
            yield Problem(ERROR, file, repr(identity), "the id of a school of the data", todo, row, column)
    if cells.get("school_id") and cells.get("school_id") == cells.get("successor_id"):
        todo = "remove the line"
        yield Problem(ERROR, file, "a school that becomes itself", "another id", todo, row, "successor_id")


def _ambiguous(changes: Sequence[Change], file: str) -> Iterator[Problem]:
    first: dict[str, Change] = {}
    for change in changes:
        if change.kind != "split" and change.old in first:
            found = f"a second line for the school (the first is row {first[change.old].row})"
            todo = "keep one of them; for a school that became several write split in each"
            yield Problem(ERROR, file, found, "one line a school", todo, change.row, "school_id")
        elif change.kind != "split":
            first[change.old] = change


def _circles(changes: Sequence[Change], file: str) -> Iterator[Problem]:
    step = {change.old: change for change in changes if change.kind in _FOLLOWED and change.new}
    for change in step.values():
        seen, place = {change.old}, change.new
        while place in step and place not in seen:
            seen.add(place)
            place = step[place].new
        if place == change.old:
            todo = "keep the lines in one direction of time"
            yield Problem(ERROR, file, "schools that become each other", "no circle", todo, change.row)
