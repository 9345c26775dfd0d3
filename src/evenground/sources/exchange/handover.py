"""From the tables of an export to a Dataset: they are written as a roster and go the roster's road.

What the roster's checks find is told in the words of the export: its file, its row, its column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from evenground.definitions import Definitions
from evenground.engine import literal
from evenground.model import ERROR, NOTE, WARNING, InputProblems, Problem
from evenground.sources.dataset import Dataset
from evenground.sources.exchange.staged import ORIGIN
from evenground.sources.roster import read_roster

_ENDING = ".parquet"
_ALSO = re.compile(r" \(also rows? [\d, ]+\)")
_SEVERITIES = (ERROR, WARNING, NOTE)


@dataclass(frozen=True)
class Origin:
    """Where a table of the roster comes from: the files by `part`, and our columns by their name there."""

    files: tuple[str, ...]
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Exported:
    """An export inside the engine: table `roster_NAME` for each `name` of `origins`.

    Each holds the columns of ORIGIN and those of the roster's table, as text or typed. `about` is the text
    of about.yaml, `title` whose data these are where it does not say; `inputs` are file -> sha256.
    """

    source: str
    title: str
    origins: Mapping[str, Origin]
    about: str | None
    inputs: Mapping[str, str]


def hand_over(
    engine: duckdb.DuckDBPyConnection,
    exported: Exported,
    problems: Sequence[Problem],
    into: Path,
    definitions: Definitions,
) -> Dataset:
    """The Dataset of an export; the tables are written into the private folder `into` and read as a roster.

    Raises InputProblems with `problems` and everything that the roster's checks find, where one is an error.
    """
    stop_at_errors(problems)
    into.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="private-roster-", dir=into) as private:
        folder = Path(private)
        write_tables(engine, exported, folder)
        try:
            dataset = read_roster(folder, into, definitions)
        except InputProblems as error:
            raise InputProblems(
                in_order([*problems, *_translated(engine, exported, error.problems)])
            ) from error
    checks = in_order([*problems, *_translated(engine, exported, dataset.checks)])
    return replace(dataset, source=exported.source, checks=checks, inputs=dict(exported.inputs))


def stop_at_errors(problems: Sequence[Problem]) -> None:
    """Raises InputProblems with all problems where one is an error."""
    if any(problem.severity == ERROR for problem in problems):
        raise InputProblems(in_order(problems))


def in_order(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Errors first, then warnings, then notes; the same problem once."""
    return tuple(sorted(dict.fromkeys(problems), key=lambda problem: _SEVERITIES.index(problem.severity)))


def write_tables(engine: duckdb.DuckDBPyConnection, exported: Exported, folder: Path) -> None:
    """Writes a roster folder: a Parquet file a table, and about.yaml."""
    for table in exported.origins:
        file = folder / f"{table}{_ENDING}"
        rows = f"SELECT * EXCLUDE ({', '.join(ORIGIN)}) FROM roster_{table}"
        engine.execute(f"COPY ({rows}) TO {literal(str(file))} (FORMAT parquet)")
    about = exported.about or ""
    if not re.search(r"^title\s*:", about, re.MULTILINE):
        title = exported.title.replace("\\", "\\\\").replace('"', '\\"')
        about = f'{about.rstrip()}\ntitle: "{title}"\n'.lstrip()
    (folder / "about.yaml").write_text(about, encoding="utf-8")


def _translated(
    engine: duckdb.DuckDBPyConnection, exported: Exported, problems: Sequence[Problem]
) -> Iterator[Problem]:
    for problem in problems:
        table = problem.file.removesuffix(_ENDING)
        if table not in exported.origins or table == problem.file:
            yield problem
            continue
        origin = exported.origins[table]
        file, row = ", ".join(dict.fromkeys(origin.files)), None
        if problem.row is not None and problem.row > 1:
            place = f"SELECT part, row FROM roster_{table} LIMIT 1 OFFSET {problem.row - 2}"
            part, row = engine.execute(place).fetchone() or (0, None)
            file = origin.files[part]
        column = origin.columns.get(problem.column or "", problem.column)
        found = _ALSO.sub("", problem.found)
        yield replace(problem, file=file, row=row, column=column, found=found)
