"""The resources of an export as tables of the engine: of every object only the values that are needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

import duckdb
import pyarrow as pa

from evenground.model import ERROR, NOTE, Problem
from evenground.sources.edfi.format import Column, EdFi, Resource
from evenground.sources.exchange import Staged
from evenground.sources.files import Entry, Place
from evenground.sources.files.json_rows import objects
from evenground.sources.files.stream import sha256
from evenground.sources.files.trouble import Unreadable

SEVERAL = "|"
"""What joins the values of an array."""
_BATCH = 50_000


def stage(
    engine: duckdb.DuckDBPyConnection,
    place: Place,
    form: EdFi,
    problems: list[Problem],
    inputs: dict[str, str],
) -> dict[str, Staged]:
    """Table `edfi_NAME` for every resource: `part`, `row` (number of the object), `folder`, columns (text).

    Resources that the export does not hold are empty tables, with no `files`.
    """
    held: dict[str, list[Entry]] = {}
    others = []
    for entry in place.entries:
        holds = form.resource_of(entry.name)
        if holds is not None:
            held.setdefault(holds, []).append(entry)
        elif PurePosixPath(entry.name).suffix.lower() in form.endings:
            others.append(entry.name)
    if others:
        found = f"further resources: {', '.join(others[:20])}"
        allowed, todo = "the resources of docs/reference/ed-fi.md", "nothing; they were not read"
        problems.append(Problem(NOTE, place.name, found, allowed, todo))
    for name, resource in form.resources.items():
        if resource.needed and name not in held:
            todo = f"export {name} as well: students cannot be counted without it"
            problems.append(Problem(ERROR, f"{name}.json", "no such file", f"{name}.json", todo))
    return {
        name: _stage(engine, name, resource, held.get(name, []), problems, inputs)
        for name, resource in form.resources.items()
    }


def _stage(
    engine: duckdb.DuckDBPyConnection,
    name: str,
    resource: Resource,
    entries: Sequence[Entry],
    problems: list[Problem],
    inputs: dict[str, str],
) -> Staged:
    columns = ", ".join(f"{column} VARCHAR" for column in resource.columns)
    engine.execute(f"CREATE TABLE edfi_{name} (part BIGINT, row BIGINT, folder VARCHAR, {columns})")
    read = {column: _reader(definition) for column, definition in resource.columns.items()}
    for part, entry in enumerate(entries):
        try:
            inputs[entry.name] = sha256(entry)
            for batch in _batches(entry, part, read):
                engine.register("batch", batch)
                engine.execute(f"INSERT INTO edfi_{name} SELECT * FROM batch")
                engine.unregister("batch")
        except Unreadable as trouble:
            problems.append(trouble.problem(entry.name))
    return Staged(f"edfi_{name}", tuple(entry.name for entry in entries), frozenset(resource.columns))


def _batches(
    entry: Entry, part: int, read: Mapping[str, Callable[[Mapping[str, Any]], str | None]]
) -> Iterator[pa.Table]:
    folder = PurePosixPath(entry.name).parent.as_posix()
    rows: list[tuple[str | None, ...]] = []
    first = 1
    for found in objects(entry):
        rows.append(tuple(reader(found) for reader in read.values()))
        if len(rows) == _BATCH:
            yield _table(rows, part, first, folder, list(read))
            first, rows = first + len(rows), []
    if rows:
        yield _table(rows, part, first, folder, list(read))


def _table(
    rows: list[tuple[str | None, ...]], part: int, first: int, folder: str, names: list[str]
) -> pa.Table:
    columns: dict[str, Any] = {
        "part": pa.array([part] * len(rows), pa.int64()),
        "row": pa.array(range(first, first + len(rows)), pa.int64()),
        "folder": pa.array([folder] * len(rows), pa.string()),
    }
    for name, values in zip(names, zip(*rows, strict=True), strict=True):
        columns[name] = pa.array(values, pa.string())
    return pa.table(columns)


def _reader(column: Column) -> Callable[[Mapping[str, Any]], str | None]:
    """What takes the text of a column out of an object; None where it holds nothing."""
    before, _, after = column.path.partition("[]")
    steps = before.split(".")
    inside = after.strip(".").split(".") if after else []

    def one(found: Any, steps: Sequence[str]) -> Any:
        for step in steps:
            found = found.get(step) if isinstance(found, dict) else None
        return found

    def read(found: Mapping[str, Any]) -> str | None:
        value = one(found, steps)
        if not inside:
            return _text(value, column)
        texts = [
            _text(one(element, inside), column)
            for element in (value if isinstance(value, list) else [])
            if all(_code(one(element, [name])) in allowed for name, allowed in column.where.items())
        ]
        return SEVERAL.join(dict.fromkeys(text for text in texts if text)) or None

    return read


def _text(value: Any, column: Column) -> str | None:
    if value is None or isinstance(value, dict | list):
        return None
    if column.type == "code":
        return _code(value) or None
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value).strip()
    return (text[:10] if column.type == "date" else text) or None


def _code(value: Any) -> str:
    """The code value of a descriptor, whatever its namespace: `uri://ed-fi.org/XDescriptor#Yes` -> yes."""
    return str(value or "").rpartition("#")[2].strip().lower()
