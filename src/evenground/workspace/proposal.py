"""A file of a person's own to a proposed mapping, tried on the file itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from shlex import quote

import pyarrow as pa

from evenground.definitions import Definitions, label, load
from evenground.model import InputProblems, Problem, group_key
from evenground.sources import Dataset
from evenground.sources.proposal import Guide, Proposal, propose
from evenground.sources.proposal.period import YEAR
from evenground.sources.published import read_source
from evenground.sources.published.mapping import sources_from
from evenground.storage import private_folder, whole_file

ROWS = 10


@dataclass(frozen=True)
class Row:
    """One row of the file through the mapping, as it is shown."""

    unit: str
    year: str
    group: str
    indicator: str
    n: str
    value: str
    state: str


@dataclass(frozen=True)
class Mapped:
    """What `evenground map` has to tell. `mapping` is the file that was written; `rows` of `cells` cells of
    the file through it; `problems` are what reading with it says."""

    proposal: Proposal
    mapping: Path
    rows: tuple[Row, ...]
    cells: int
    problems: tuple[Problem, ...]


def map_file(file: Path, out: Path | None = None) -> Mapped | Guide:
    """Proposes a mapping for a file of counts and writes it; for a file of students, the roster it would be.

    Raises InputProblems where the file cannot be read, or where a mapping is already there.
    """
    mapping = out or file.with_name(f"{file.name}.mapping.yaml")
    if not file.exists():
        raise InputProblems.one(file.name, "no such file", "a file with a table", "check the path")
    if mapping.exists():
        todo = "choose another name with --out, or remove it first"
        raise InputProblems.one(
            mapping.name, "a file that is there already, and may have been edited", "a new file", todo
        )
    found = propose(file)
    if isinstance(found, Guide):
        return found
    text = found.text(_head(file, mapping))
    with private_folder() as private:
        draft = private / mapping.name
        draft.write_text(text, encoding="utf-8")
        dataset, problems = _tried(draft, file, load()) if found.live else (None, ())
    problems = tuple(problem for problem in problems if YEAR not in problem.found)  # a note says it
    with whole_file(mapping) as fresh:
        fresh.write_text(text, encoding="utf-8")
    rows = _rows(dataset, load()) if dataset else ()
    cells = dataset.leaves.num_rows if dataset and dataset.leaves is not None else 0
    return Mapped(found, mapping, rows, cells, problems)


def _head(file: Path, mapping: Path) -> list[str]:
    return [
        f"A mapping for {file.name}, proposed by `evenground map`. Nobody has checked it yet.",
        "",
        "Behind each line stands how sure it is and why. Check what says `please check`, correct it, and run",
        f"    evenground review FOLDER --mapping {quote(mapping.name)}",
        "docs/reference/sources.md tells what every line means.",
    ]


def _tried(mapping: Path, file: Path, definitions: Definitions) -> tuple[Dataset | None, tuple[Problem, ...]]:
    """The file read with its mapping, or why it cannot be yet."""
    try:
        (key, source), *_ = sources_from(mapping).items()
        dataset = read_source(file, key, source, definitions)
    except InputProblems as problems:
        return None, problems.problems
    return dataset, tuple(problem for problem in dataset.checks if problem.file == file.name)


def _rows(dataset: Dataset, definitions: Definitions) -> tuple[Row, ...]:
    """Ten of the cells, from the first to the last."""
    leaves = dataset.leaves
    if leaves is None or leaves.num_rows == 0:
        return ()
    many = min(ROWS, leaves.num_rows)
    places = sorted({round(place * (leaves.num_rows - 1) / max(many - 1, 1)) for place in range(many)})
    names = {
        (level, unit): name
        for level, unit, name in zip(
            *(dataset.units[column].to_pylist() for column in ("unit_level", "unit_id", "unit_name")),
            strict=True,
        )
    }
    rows = leaves.take(pa.array(places)).to_pylist()
    return tuple(_row(row, names, dataset.dimensions, definitions) for row in rows)


def _row(
    row: dict[str, object],
    names: dict[tuple[str, str], str],
    dimensions: tuple[str, ...],
    definitions: Definitions,
) -> Row:
    pairs = [(name, str(row[name])) for name in dimensions if row[name] is not None]
    indicator = definitions.indicators[str(row["indicator"])]
    n, value = row["n"], row["value"]
    shown = "" if value is None else f"{value:.1%}" if indicator.unit == "share" else f"{value:,.2f}"
    return Row(
        unit=names.get((str(row["unit_level"]), str(row["unit_id"])), str(row["unit_id"])),
        year=str(row["period"]),
        group=label(definitions, group_key(pairs)).en,
        indicator=indicator.name.en,
        n="" if n is None else f"{n:,.0f}",
        value=shown,
        state=str(row["state"]).replace("_", " "),
    )
