"""Files beside an export, in the roster's own columns: what the export has no field for."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb

from evenground.engine import literal, quoted
from evenground.model import ERROR, NOTE, Problem
from evenground.sources import files
from evenground.sources.exchange.filling import fill_students
from evenground.sources.exchange.handover import Origin
from evenground.sources.exchange.staged import Staged
from evenground.sources.files import Entry, Place, open_place
from evenground.sources.roster import roster_format
from evenground.sources.roster.format import Column, column_key

ABOUT = "about.yaml"
COURSE_TYPES = "course_types"
_IDS = {"student_id": "people_ids", "staff_id": "people_ids", "school_id": "place_ids"}
_OTHERS: Mapping[str, Mapping[str, Column]] = {
    COURSE_TYPES: {
        "course_code": Column(type="text", meaning="as in the export", required=True),
        "course_type": Column(type="code", meaning="", required=True),
    }
}


@dataclass(frozen=True)
class Sides:
    """The files beside an export, by the roster's table that each holds; and its about.yaml."""

    folder: Path
    entries: Mapping[str, Entry] = field(default_factory=dict)
    about: str | None = None

    def only(self, table: str) -> Sides:
        return replace(self, entries={name: entry for name, entry in self.entries.items() if name == table})

    def without(self, table: str) -> Sides:
        return replace(self, entries={name: entry for name, entry in self.entries.items() if name != table})


def find_sides(path: Path, place: Place, given: Sequence[str], problems: list[Problem]) -> Sides:
    """What lies in the export's folder, or beside its archive; `given` are tables that the export holds."""
    form = roster_format()
    wanted = {
        f"{table}{ending}": table
        for table in (*form.tables, COURSE_TYPES)
        if table not in given
        for ending in form.endings
        if "json" not in ending  # what an export of Ed-Fi is written in
    }
    if path.is_dir():
        folder = path
        held = {entry.name: entry for entry in place.entries if entry.name in wanted}
    else:
        folder = path.parent
        beside = [folder / name for name in wanted if (folder / name).is_file()]
        held = {file.name: entry for file in beside for entry in open_place(file).entries}
        problems.extend(
            Problem(NOTE, name, f"a file beside {path.name}", "the tables of docs/reference/roster.md",
                    "nothing; it was read together with the export")
            for name in held
        )  # fmt: skip
    about = folder / ABOUT
    try:
        text = about.read_text(encoding="utf-8") if about.is_file() else None
    except (OSError, UnicodeDecodeError):
        found, allowed = "text that cannot be read as UTF-8", "lines such as `census_day: 10-01`"
        problems.append(Problem(ERROR, ABOUT, found, allowed, "mend or remove the file"))
        text = None
    return Sides(folder, {wanted[name]: entry for name, entry in held.items()}, text)


def load_sides(
    engine: duckdb.DuckDBPyConnection,
    sides: Sides,
    periods: Sequence[str],
    problems: list[Problem],
    inputs: dict[str, str],
) -> dict[str, Staged]:
    """Table `side_NAME` for every file: `part` 0, `row` and the columns that the file has, as text.

    Needs the tables `people_ids` and `place_ids` (kind, alias, id): whatever kind of id a file writes, it is
    the export's own afterwards. A file without school years is about the only one that there is.
    """
    staged = {}
    for table, entry in sides.entries.items():
        columns = _OTHERS.get(table) or roster_format().tables[table].columns
        found = _load(engine, table, entry, columns, problems, inputs)
        if found is None:
            continue
        held = _with_year(engine, table, columns, set(found.columns), periods)
        for column, ids in (
            ("student_id", "people_ids"),
            ("staff_id", "people_ids"),
            ("school_id", "place_ids"),
        ):
            if column in held:
                problems.extend(_matched(engine, table, column, ids, entry.name))
        staged[table] = Staged(f"side_{table}", found.files, frozenset(held))
    if sides.about is not None:
        inputs[ABOUT] = hashlib.sha256(sides.about.encode()).hexdigest()
    return staged


def _load(
    engine: duckdb.DuckDBPyConnection,
    table: str,
    entry: Entry,
    columns: Mapping[str, Column],
    problems: list[Problem],
    inputs: dict[str, str],
) -> Staged | None:
    preview, troubles = files.preview(entry)
    if preview is None:
        problems.extend(troubles)
        return None
    form = roster_format()
    places = {column_key(name): name for name in preview.header if column_key(name) in columns}
    others = [name for name in preview.header if column_key(name) not in columns]
    if protected := [name for name in others if form.protects(name)]:
        todo = "nothing; it was not read. Leave it out of the next export"
        found = f"protected columns: {', '.join(protected)}"
        problems.append(Problem(NOTE, entry.name, found, "nothing that a review has no need of", todo, 1))
    if rest := [name for name in others if name not in protected]:
        todo = "nothing; they were not read"
        allowed = "the columns of docs/reference/roster.md"
        problems.append(Problem(NOTE, entry.name, f"further columns: {', '.join(rest)}", allowed, todo, 1))
    missing = [
        name
        for name, column in columns.items()
        if column.required and column.type != "school_year" and name not in places
    ]
    problems.extend(
        Problem(ERROR, entry.name, "no such column", name, "add the column", 1, name) for name in missing
    )
    loaded, troubles = files.load(engine, entry, f"read_{table}", columns=tuple(places.values()))
    problems.extend(troubles)
    if loaded is None or missing:
        return None
    inputs[entry.name] = loaded.sha256
    chosen = ", ".join(f"nullif(trim({quoted(name)}), '') AS {key}" for key, name in places.items())
    engine.execute(f"CREATE TABLE side_{table} AS SELECT 0 AS part, row, {chosen} FROM read_{table}")
    engine.execute(f"DROP VIEW read_{table}")
    return Staged(f"side_{table}", (entry.name,), frozenset(places))


def _with_year(
    engine: duckdb.DuckDBPyConnection,
    table: str,
    columns: Mapping[str, Column],
    held: set[str],
    periods: Sequence[str],
) -> set[str]:
    years = [name for name, column in columns.items() if column.type == "school_year" and name not in held]
    if len(periods) != 1 or not years:
        return held
    for name in years:
        engine.execute(f"ALTER TABLE side_{table} ADD COLUMN {name} VARCHAR DEFAULT {literal(periods[0])}")
    return held | set(years)


def _matched(
    engine: duckdb.DuckDBPyConnection, table: str, column: str, ids: str, file: str
) -> list[Problem]:
    """Puts the export's own id for whatever kind of id the file writes: the kind that most of its ids are."""
    kinds = engine.execute(
        f"SELECT kind, count(DISTINCT s.{column}) AS matched FROM side_{table} s"
        f" JOIN {ids} i ON i.alias = s.{column} GROUP BY kind"
        " ORDER BY matched DESC, kind <> 'id', kind LIMIT 1"
    ).fetchone()
    if kinds is None or kinds[0] == "id":
        return []
    engine.execute(
        f"UPDATE side_{table} SET {column} = i.id FROM (SELECT alias, min(id) AS id FROM {ids}"
        f" WHERE kind = {literal(kinds[0])} GROUP BY alias HAVING count(DISTINCT id) = 1) i"
        f" WHERE i.alias = side_{table}.{column}"
    )
    found = f"ids that are {kinds[0]} in the export"
    return [Problem(NOTE, file, found, "any id of the export", "nothing; they were matched", 1, column)]


def add_sides(
    engine: duckdb.DuckDBPyConnection,
    sides: Mapping[str, Staged],
    origins: Mapping[str, Origin],
    problems: list[Problem],
) -> dict[str, Origin]:
    """Fills `roster_students` from its side file and makes `roster_NAME` of the other ones; all origins."""
    found = dict(origins)
    for table, side in sides.items():
        if table == "students":
            found[table] = fill_students(engine, side, found[table], problems)
        else:
            engine.execute(f"ALTER TABLE {side.name} RENAME TO roster_{table}")
            found[table] = Origin(side.files)
    return found
