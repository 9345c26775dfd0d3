"""An extract and its mapping -> a Dataset, by the road of the roster."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from evenground.definitions import Definitions
from evenground.engine import quoted, spilling
from evenground.model import ERROR, NOTE, Problem
from evenground.sources import files
from evenground.sources.dataset import Dataset
from evenground.sources.exchange import Exported, hand_over, stop_at_errors
from evenground.sources.extract.mapping import Extract
from evenground.sources.extract.tables import make_table
from evenground.sources.files import Entry, Loaded, Place, open_place
from evenground.sources.roster import roster_format


@dataclass(frozen=True)
class Rows:
    """The rows of some files in the engine: table `name` with `part`, `row` and `c0`, `c1` ... as text.

    `loaded`: each file by its name, in the order of `part`. `columns` is the file's column -> its name in
    the engine; an empty cell is null.
    """

    name: str
    loaded: dict[str, Loaded]
    columns: dict[str, str]

    @property
    def files(self) -> tuple[str, ...]:
        return tuple(self.loaded)


def read_extract(path: Path, key: str, extract: Extract, into: Path, definitions: Definitions) -> Dataset:
    """Reads the files of an extract and writes their student-years into the private folder `into`.

    Only the columns that the mapping names are read. Raises InputProblems with every problem of every file.
    """
    problems: list[Problem] = []
    with spilling(into) as engine:
        exported = _exported(engine, open_place(path), key, extract, into, problems)
        return hand_over(engine, exported, problems, into, definitions)


def _exported(
    engine: duckdb.DuckDBPyConnection,
    place: Place,
    key: str,
    extract: Extract,
    into: Path,
    problems: list[Problem],
) -> Exported:
    problems.extend(place.problems)
    rows = {
        patterns: _load(engine, place, patterns, f"extract_{number}", extract, into, problems)
        for number, patterns in enumerate(dict.fromkeys(map(extract.files_of, extract.roster)))
    }
    stop_at_errors(problems)
    problems.extend(_further(list(rows.values())))
    origins = {}
    for name, table in extract.roster.items():
        held = rows[extract.files_of(name)]
        origins[name] = make_table(engine, name, table, held.name, held.files, held.columns, problems)
    inputs = {file: one.sha256 for held in rows.values() for file, one in held.loaded.items()}
    problems.extend(_not_read(place, inputs))
    return Exported(key, extract.title, origins, extract.about(), inputs)


def _load(
    engine: duckdb.DuckDBPyConnection,
    place: Place,
    patterns: tuple[str, ...],
    name: str,
    extract: Extract,
    into: Path,
    problems: list[Problem],
) -> Rows:
    """The rows of all files of these patterns, below each other."""
    tables = [table for key, table in extract.roster.items() if extract.files_of(key) == patterns]
    wanted = tuple(dict.fromkeys(column for table in tables for column in table.file_columns))
    columns = {column: f"c{number}" for number, column in enumerate(wanted)}
    held: dict[str, Loaded] = {}
    parts = []
    for part, entry in enumerate(_entries(place, patterns, problems)):
        loaded, troubles = files.load(engine, entry, f"{name}_{part}", columns=wanted, scratch=into)
        problems.extend(one for one in troubles if one not in problems)  # a file may stand in two patterns
        if loaded is not None:
            held[entry.name] = loaded
            texts = ", ".join(
                f"nullif(trim({quoted(given)}), '') AS {columns[column]}"
                for column, given in zip(wanted, loaded.columns, strict=True)
            )
            parts.append(f"SELECT {part} AS part, row, {texts} FROM {name}_{part}")
    if parts:
        engine.execute(f"CREATE TABLE {name} AS {' UNION ALL '.join(parts)}")
    return Rows(name, held, columns)


def _entries(place: Place, patterns: tuple[str, ...], problems: list[Problem]) -> list[Entry]:
    """The files of these patterns, each once."""
    entries: dict[Entry, None] = {}
    for pattern in patterns:
        found = place.find(pattern)
        entries |= dict.fromkeys(found)
        if not found:
            held = ", ".join(entry.name for entry in place.entries[:20])
            allowed, todo = (
                f"one of {held}" if held else "a file",
                "correct the name in the mapping, or add the file",
            )
            problems.append(Problem(ERROR, pattern, "no such file", allowed, todo))
    return list(entries)


def _further(held: list[Rows]) -> Iterator[Problem]:
    """What the mapping does not name is not read; what is protected, and the rest."""
    headers = {file: one.header for rows in held for file, one in rows.loaded.items()}
    for file, header in headers.items():
        wanted = {column for rows in held if file in rows.loaded for column in rows.columns}
        yield from _not_named(file, [name for name in header if name and name not in wanted])


def _not_named(file: str, others: list[str]) -> Iterator[Problem]:
    protected = [name for name in others if roster_format().protects(name)]
    if protected:
        found, todo = f"protected columns: {', '.join(protected)}", "leave them out of the next export"
        allowed = "nothing that a review has no need of"
        yield Problem(NOTE, file, found, allowed, f"nothing; they were not read. {todo.capitalize()}", 1)
    if rest := [name for name in others if name not in protected]:
        found, allowed = f"further columns: {', '.join(rest)}", "the columns that the mapping names"
        yield Problem(NOTE, file, found, allowed, "nothing; they were not read", 1)


def _not_read(place: Place, inputs: dict[str, str]) -> Iterator[Problem]:
    for entry in place.entries:
        if entry.name not in inputs and "/" not in entry.name:
            found, allowed = "a file that the mapping does not name", "the files of the mapping"
            yield Problem(NOTE, entry.name, found, allowed, "nothing; it was not read")
