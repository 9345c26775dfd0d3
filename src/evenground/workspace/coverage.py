"""What the data of a folder can show, what to collect for the rest, and how far each framework is covered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from evenground.definitions import Definitions, FromRecords, load
from evenground.engine import connect
from evenground.model import LEVELS
from evenground.sources import Dataset, open_source
from evenground.storage import private_folder
from evenground.workspace.request import Progress


@dataclass(frozen=True)
class Seen:
    """Where an indicator has any value: school years, dimensions, the lowest level of unit."""

    periods: tuple[str, ...]
    dimensions: tuple[str, ...]
    level: str


@dataclass(frozen=True)
class Place:
    """An entry of a framework: the indicators that the data show, and others that would speak to it."""

    framework: str
    entry: str
    shown: tuple[str, ...]
    others: tuple[str, ...]


@dataclass(frozen=True)
class Coverage:
    """`seen`: indicator -> where; in the order of the catalogue, as are `missing` and `places`."""

    title: str | None
    seen: Mapping[str, Seen]
    missing: tuple[str, ...]
    places: tuple[Place, ...]
    definitions: Definitions


def coverage(folder: Path | None, source: str | None = None, tell: Progress = lambda step: None) -> Coverage:
    """Reads and checks the folder; without one, the catalogue alone. Raises InputProblems.

    Says only that there are values, never which: nothing of a student can be told from it.
    """
    definitions = load()
    if folder is None:
        return _coverage(None, {}, definitions)
    with private_folder() as private:
        tell("Reading and checking the files")
        dataset = open_source(folder, source, private, definitions)
        tell("Looking what they hold")
        seen = _in_leaves(dataset.leaves) if dataset.leaves is not None else _in_records(dataset, definitions)
    return _coverage(dataset.title, seen, definitions)


def _coverage(title: str | None, seen: Mapping[str, Seen], definitions: Definitions) -> Coverage:
    ordered = {key: seen[key] for key in definitions.indicators if key in seen}
    places = [
        Place(framework, entry, *_speaking(framework, entry, ordered, definitions))
        for framework, defined in definitions.frameworks.items()
        for entry in defined.entries
    ]
    missing = tuple(key for key in definitions.indicators if key not in ordered)
    return Coverage(title, ordered, missing, tuple(places), definitions)


def _speaking(
    framework: str, entry: str, seen: Iterable[str], definitions: Definitions
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    speaking = [
        key for key, one in definitions.indicators.items() if entry in one.framework.get(framework, ())
    ]
    known = set(seen)
    return tuple(key for key in speaking if key in known), tuple(key for key in speaking if key not in known)


def _in_leaves(leaves: pa.Table) -> dict[str, Seen]:
    """Of published counts: rows that hold a value, or a blurred or hidden one."""
    keys = {"indicator", "unit_level", "unit_id", "period"}
    statistics = {"n", "total", "total_sq", "weight_sq", "value", "state"}
    dimensions = [name for name in leaves.column_names if name not in keys | statistics]
    there = leaves.filter(pc.is_in(leaves["state"], pa.array(["value", "hidden"])))
    found = {}
    for key in pc.unique(there["indicator"]).to_pylist():
        rows = there.filter(pc.equal(there["indicator"], key))
        levels = set(pc.unique(rows["unit_level"]).to_pylist())
        found[key] = Seen(
            tuple(sorted(pc.unique(rows["period"]).to_pylist())),
            tuple(name for name in dimensions if rows[name].null_count < len(rows)),
            [level for level in LEVELS if level in levels][-1],
        )
    return found


def _in_records(dataset: Dataset, definitions: Definitions) -> dict[str, Seen]:
    """Of records: students with a value, whose groups are those of the data; schools are always known."""
    values = {
        key: _value(records)
        for key in dataset.indicators
        if (records := definitions.indicators[key].records) is not None
    }
    if not values:
        return {}
    columns = ", ".join(
        f"list_sort(list(DISTINCT period) FILTER ({value} IS NOT NULL))" for value in values.values()
    )
    with connect() as engine:
        rows = engine.execute(f"SELECT {columns} FROM read_parquet(?)", [str(dataset.student_years)])
        periods = dict(zip(values, rows.fetchone() or (), strict=True))
    return {
        key: Seen(tuple(years), dataset.dimensions, LEVELS[-1]) for key, years in periods.items() if years
    }


def _value(records: FromRecords) -> str:
    """SQL of the value that a student counts with; null for students who are not counted."""
    conditions = [f"{records.over} = 1"] if records.over else []
    if records.grades:
        grades = ", ".join(f"'{grade}'" for grade in records.grades)
        conditions.append(f"grade IN ({grades})")
    return f"CASE WHEN {' AND '.join(conditions) or 'true'} THEN {records.counted} END"
