"""The files of an edition as tables of the engine; a delta changes what the bulk says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import duckdb

from evenground.engine import quoted
from evenground.model import NOTE, Problem
from evenground.sources import files
from evenground.sources.exchange import Staged
from evenground.sources.files.load import EMPTY
from evenground.sources.oneroster.format import OneRoster
from evenground.sources.oneroster.header import match_header
from evenground.sources.oneroster.packages import Edition, Package

_EMPTY = "WHERE false"


def stage(
    engine: duckdb.DuckDBPyConnection,
    edition: Edition,
    form: OneRoster,
    scratch: Path,
    problems: list[Problem],
    inputs: dict[str, str],
) -> dict[str, Staged]:
    """Table `written_NAME` for every file that is read, with all columns of the format (absent: null).

    Rows of all parts stand in it as they were written, with `delta` (whether the row is of a delta).
    """
    for package, manifest in zip(edition.packages, edition.manifests, strict=True):
        inputs[package.told("manifest")] = manifest.sha256
    return {name: _stage(engine, name, edition, form, scratch, problems, inputs) for name in form.files}


def _stage(
    engine: duckdb.DuckDBPyConnection,
    name: str,
    edition: Edition,
    form: OneRoster,
    scratch: Path,
    problems: list[Problem],
    inputs: dict[str, str],
) -> Staged:
    parts: list[str] = []
    selects: list[str] = []
    columns: set[str] = set()
    for package, manifest in zip(edition.packages, edition.manifests, strict=True):
        mode = manifest.modes.get(name)
        if mode is None or name not in package.entries:
            continue
        may_be_empty = mode == "delta" or not form.files[name].is_needed(edition.version)
        held: list[Problem] = []
        read = _load(engine, name, package, edition.version, len(parts), form, scratch, held, inputs)
        problems.extend(_without_rows(held) if may_be_empty else held)
        if read is None:
            continue
        if mode == "bulk" and parts:
            found = f"a bulk file after the one in {parts[0]}"
            problems.append(
                Problem(NOTE, package.told(name), found, "bulk or delta", "nothing; the later one counts")
            )
            selects, columns = [], set()
        selects.append(_select(name, len(parts), read, form, is_delta=mode == "delta"))
        parts.append(package.told(name))
        columns |= set(read)
    engine.execute(f"CREATE TABLE written_{name} AS {' UNION ALL '.join(selects) or _nothing(name, form)}")
    return Staged(f"written_{name}", tuple(parts), frozenset(columns))


def _load(
    engine: duckdb.DuckDBPyConnection,
    name: str,
    package: Package,
    version: str,
    part: int,
    form: OneRoster,
    scratch: Path,
    problems: list[Problem],
    inputs: dict[str, str],
) -> Mapping[str, str] | None:
    """Loads the columns that are read as the view `part_NAME_PART`; column -> its name in the file."""
    entry = package.entries[name]
    preview, troubles = files.preview(entry)
    if preview is None:
        problems.extend(troubles)
        return None
    places = match_header(preview.header, name, package.told(name), version, form, problems)
    if "sourcedId" not in places:
        return None
    wanted = tuple(dict.fromkeys(places.values()))
    loaded, troubles = files.load(engine, entry, f"part_{name}_{part}", columns=wanted, scratch=scratch)
    problems.extend(troubles)
    if loaded is None:
        return None
    inputs[package.told(name)] = loaded.sha256
    return places


def _without_rows(problems: list[Problem]) -> list[Problem]:
    """A header alone is no error where nobody needs to be in the file."""
    return [
        replace(one, severity=NOTE, todo="nothing; it tells of nobody") if one.found == EMPTY else one
        for one in problems
    ]


def _columns(name: str, form: OneRoster) -> list[str]:
    columns = [column for column, definition in form.files[name].columns.items() if definition.read]
    keys = [f"metadata.{key}" for key in form.metadata] if name in ("users", "demographics") else []
    return columns + keys


def _select(name: str, part: int, places: Mapping[str, str], form: OneRoster, *, is_delta: bool) -> str:
    chosen = ", ".join(
        f"nullif(trim({quoted(places[column])}), '') AS {quoted(column)}"
        if column in places
        else f"NULL::VARCHAR AS {quoted(column)}"
        for column in _columns(name, form)
    )
    return f"SELECT {part} AS part, row, {str(is_delta).lower()} AS delta, {chosen} FROM part_{name}_{part}"


def _nothing(name: str, form: OneRoster) -> str:
    chosen = ", ".join(f"NULL::VARCHAR AS {quoted(column)}" for column in _columns(name, form))
    return f"SELECT 0 AS part, 0::BIGINT AS row, false AS delta, {chosen} {_EMPTY}"


def apply_deltas(
    engine: duckdb.DuckDBPyConnection, staged: Mapping[str, Staged], problems: list[Problem]
) -> dict[str, Staged]:
    """Table `held_NAME` of what counts in the end: of each sourcedId the latest row, unless it was deleted.

    A row of a delta goes before one of the bulk; of two deltas the later dateLastModified, then the later
    file. A delta cannot delete what is not there; that is told.
    """
    held = {}
    for name, table in staged.items():
        latest = (
            f"SELECT * FROM {table.name} QUALIFY row_number() OVER ("
            'PARTITION BY "sourcedId" ORDER BY delta DESC,'
            ' TRY_CAST("dateLastModified" AS TIMESTAMPTZ) DESC NULLS LAST, part DESC, row DESC) = 1'
        )
        engine.execute(
            f"CREATE TABLE held_{name} AS SELECT * FROM ({latest})"
            " WHERE NOT (delta AND coalesce(status, '') = 'tobedeleted') ORDER BY part, row"
        )
        problems.extend(_deleted_nothing(engine, table))
        held[name] = Staged(f"held_{name}", table.files, table.columns)
    return held


def forget(engine: duckdb.DuckDBPyConnection, form: OneRoster) -> None:
    """Drops the tables of an edition."""
    for name in form.files:
        engine.execute(f"DROP TABLE written_{name}; DROP TABLE held_{name}")


def _deleted_nothing(engine: duckdb.DuckDBPyConnection, table: Staged) -> list[Problem]:
    found = engine.execute(
        f"SELECT part, count(*), min(row) FROM {table.name} d WHERE delta AND status = 'tobedeleted'"
        f' AND "sourcedId" NOT IN (SELECT "sourcedId" FROM {table.name} WHERE "sourcedId" IS NOT NULL'
        " AND (NOT delta OR status = 'active')) GROUP BY part ORDER BY part"
    ).fetchall()
    said, allowed = "a row to be deleted that the bulk does not have", "a sourcedId of the bulk"
    todo = "nothing; it is not there"
    return [
        Problem(NOTE, table.files[part], said, allowed, todo, row, "sourcedId", count)
        for part, count, row in found
    ]
