"""Checks of staged tables, file by file: values that are none, and ids that nothing answers to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

import duckdb

from evenground.model import ERROR, WARNING, Problem
from evenground.sources.exchange.staged import Staged
from evenground.sources.roster import roster_format

_FEW = 3
_DIFFERENT_VALUES = 5


@dataclass(frozen=True)
class Check:
    """A predicate that is true for rows with a problem.

    Without `found`, each different value of `column` is told as a problem of its own; `known` are the words
    that it may be a misspelling of.
    """

    column: str
    predicate: str
    found: str
    allowed: str
    todo: str
    severity: str = ERROR
    known: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reference:
    """Every id in `column` has to be an `id` of `target`; `several` ids are separated by commas.

    A `lenient` one is a warning: its row is not counted, and nothing else depends on it.
    """

    column: str
    target: Staged
    id: str
    several: bool = False
    lenient: bool = False


def check_rows(
    engine: duckdb.DuckDBPyConnection, staged: Staged, checks: Sequence[Check]
) -> Iterator[Problem]:
    """Every problem of one table after one scan, file by file."""
    if not checks:
        return
    counted = ", ".join(f"count(*) FILTER ({check.predicate})" for check in checks)
    counts = engine.execute(
        f"SELECT part, {counted} FROM {staged.name} GROUP BY part ORDER BY part"
    ).fetchall()
    for part, *found in counts:
        for check, count in zip(checks, found, strict=True):
            if count and check.found:
                yield _problem(staged.files[part], check, count, _rows(engine, staged, check.predicate, part))
            elif count:
                yield from _by_value(engine, staged, check, part)


def check_reference(
    engine: duckdb.DuckDBPyConnection, staged: Staged, reference: Reference
) -> Iterator[Problem]:
    """Ids without a partner; an error where they only lost zeros, or where most rows have none."""
    name, column, target = staged.name, reference.column, reference.target
    ids = (
        f"SELECT part, row, trim(unnest(string_split({column}, ','))) AS id FROM {name}"
        if reference.several
        else f"SELECT part, row, {column} AS id FROM {name}"
    )
    found = engine.execute(
        f"WITH ids AS ({ids}), alone AS (SELECT * FROM ids ANTI JOIN {target.name} t"
        f" ON ids.id = t.{reference.id} WHERE id IS NOT NULL AND id <> ''),"
        f" bare AS (SELECT DISTINCT ltrim({reference.id}, '0') AS bare FROM {target.name})"
        " SELECT part, b.bare IS NOT NULL AS lost, count(DISTINCT row), min(row),"
        " (SELECT count(DISTINCT row) FROM ids i WHERE i.part = alone.part AND i.id IS NOT NULL)"
        " FROM alone LEFT JOIN bare b ON ltrim(alone.id, '0') = b.bare GROUP BY ALL ORDER BY 1, 2"
    ).fetchall()
    for part, lost, count, row, rows in found:
        yield _alone(staged, reference, part, lost, count, row, count > _mostly() * rows)


def _mostly() -> float:
    return roster_format().rule("mostly_unmatched")


def _alone(
    staged: Staged, reference: Reference, part: int, lost: bool, count: int, row: int, most: bool
) -> Problem:
    file, target = staged.files[part], reference.target.files[0] if reference.target.files else "the export"
    allowed = f"{reference.id} of a row of {target}"
    if lost:
        todo = f"export the ids as text in both files, so that zeros in front stay as in {target}"
        found = f"an id that {target} has with other zeros in front"
        return Problem(ERROR, file, found, allowed, todo, row, reference.column, count)
    found = f"an id that {target} does not have"
    if reference.lenient and not most:
        todo = f"add the row to {target}; until then this one is not counted"
        return Problem(WARNING, file, found, allowed, todo, row, reference.column, count)
    todo = f"check that both files are of one export; add the row to {target} or correct the id"
    return Problem(ERROR, file, found, allowed, todo, row, reference.column, count)


def _by_value(
    engine: duckdb.DuckDBPyConnection, staged: Staged, check: Check, part: int
) -> Iterator[Problem]:
    query = (
        f"SELECT {check.column}, count(*), min(row, {_FEW}) FROM {staged.name}"
        f" WHERE part = {part} AND ({check.predicate}) GROUP BY 1 ORDER BY 2 DESC, 3"
    )
    told: dict[str, tuple[int, list[int]]] = {}
    for value, count, rows in engine.execute(query).fetchall():
        words = quote(str(value), check.known)
        if words not in told and len(told) >= _DIFFERENT_VALUES:
            words = "further values of this kind"
        before = told.get(words, (0, []))
        told[words] = (before[0] + count, sorted([*before[1], *rows])[:_FEW])
    for words, (count, rows) in told.items():
        yield _problem(staged.files[part], replace(check, found=words), count, rows)


def _rows(engine: duckdb.DuckDBPyConnection, staged: Staged, predicate: str, part: int) -> list[int]:
    query = f"SELECT min(row, {_FEW}) FROM {staged.name} WHERE part = {part} AND ({predicate})"
    rows: list[int] = (engine.execute(query).fetchone() or ([],))[0]
    return rows


def _problem(file: str, check: Check, count: int, rows: Sequence[int]) -> Problem:
    also = f" (also row{'s' if len(rows) > 2 else ''} {', '.join(map(str, rows[1:]))})" if rows[1:] else ""
    return Problem(
        check.severity, file, check.found + also, check.allowed, check.todo, rows[0], check.column, count
    )


def quote(value: str, known: Sequence[str]) -> str:
    """A value in the wrong place may be a name or an id: only short ones and near misses are quoted."""
    near = get_close_matches(value.lower(), [word.lower() for word in known], n=1, cutoff=0.75)
    if len(value) <= _FEW or near:
        return repr(value)
    shape = re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "9", value))
    return f"a value of the shape {shape[:20]}{'...' if len(shape) > 20 else ''}"
