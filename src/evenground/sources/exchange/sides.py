"""Files beside an export, in the roster's own columns: what the export has no field for."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb

from evenground.model import ERROR, NOTE, Problem
from evenground.sources import files
from evenground.sources.exchange.checks import Check, check_rows
from evenground.sources.exchange.handover import Origin
from evenground.sources.exchange.staged import Staged
from evenground.sources.files import Entry, Place, open_place
from evenground.sources.roster import roster_format
from evenground.sources.roster.format import Column, column_key
from evenground.sources.roster.typing import quoted

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
    chosen = ", ".join(f"nullif(trim({_name(name)}), '') AS {key}" for key, name in places.items())
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
        engine.execute(f"ALTER TABLE side_{table} ADD COLUMN {name} VARCHAR DEFAULT {quoted(periods[0])}")
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
        f" WHERE kind = {quoted(kinds[0])} GROUP BY alias HAVING count(DISTINCT id) = 1) i"
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
            found[table] = _merge_students(engine, side, found[table], problems)
        else:
            engine.execute(f"ALTER TABLE {side.name} RENAME TO roster_{table}")
            found[table] = Origin(side.files)
    return found


def _merge_students(
    engine: duckdb.DuckDBPyConnection, side: Staged, origin: Origin, problems: list[Problem]
) -> Origin:
    """What the export leaves empty is filled, and never overruled.

    A row about a year in which the student is not enrolled is added: a member of a graduation cohort may
    have left before. What `known_students` (student_id and columns of students) knows of them is put there.
    """
    if "school_year" not in side.columns:
        found, allowed = "no such column", "school_year, where the export holds more than one"
        problems.append(Problem(ERROR, side.files[0], found, allowed, "add the column", 1, "school_year"))
        return origin
    columns = roster_format().tables["students"].columns
    given = [name for name in columns if name in side.columns and name not in ("student_id", "school_year")]
    checks = [check for name in given for check in _checks(name, columns[name])]
    problems.extend(check_rows(engine, side, checks))
    problems.extend(_other_years(engine, side))
    for name in given:
        engine.execute(f"ALTER TABLE roster_students ADD COLUMN IF NOT EXISTS {name} VARCHAR")
    engine.execute(
        "CREATE TABLE side_years AS SELECT * FROM side_students"
        f" WHERE student_id IS NOT NULL AND {_IN_EXPORT}"
        " QUALIFY row_number() OVER (PARTITION BY student_id, school_year ORDER BY row) = 1"
    )
    if given:
        values = ", ".join(f"{name} = coalesce(roster_students.{name}, s.{name})" for name in given)
        engine.execute(f"UPDATE roster_students SET {values} FROM side_years s WHERE {_SAME}")
    known = {row[0] for row in engine.execute("DESCRIBE known_students").fetchall()} - {"student_id"}
    both = [f"coalesce(k.{name}, s.{name}) AS {name}" if name in known else f"s.{name}" for name in given]
    names = ", ".join(["s.student_id", "s.school_year", *both, *(f"k.{name}" for name in known - set(given))])
    engine.execute(
        f"INSERT INTO roster_students BY NAME SELECT {len(origin.files)} AS part, s.row, {names}"
        " FROM side_years s LEFT JOIN known_students k ON k.student_id = s.student_id"
        f" WHERE NOT EXISTS (SELECT 1 FROM roster_students WHERE {_SAME})"
    )
    return Origin((*origin.files, *side.files), origin.columns)


_SAME = "roster_students.student_id = s.student_id AND roster_students.school_year = s.school_year"
_IN_EXPORT = "school_year IN (SELECT DISTINCT school_year FROM roster_enrollments)"


def _other_years(engine: duckdb.DuckDBPyConnection, side: Staged) -> list[Problem]:
    engine.execute(f"UPDATE side_students SET school_year = {_PERIOD}")
    count, row = engine.execute(
        f"SELECT count(*), min(row) FROM side_students WHERE school_year IS NOT NULL AND NOT ({_IN_EXPORT})"
    ).fetchone() or (0, None)
    if not count:
        return []
    found, allowed = "a school year that the export does not hold", "a school year of the export"
    todo = "nothing; the row was not read"
    return [Problem(NOTE, side.files[0], found, allowed, todo, row, "school_year", count)]


# A year as people write it, as the export's periods are written: 2024 -> 2023-24, 2023-2024 -> 2023-24.
_PERIOD = (
    "CASE WHEN regexp_full_match(school_year, '\\d{4}')"
    " THEN printf('%d-%02d', CAST(school_year AS INT) - 1, CAST(school_year AS INT) % 100)"
    " WHEN regexp_full_match(school_year, '\\d{4}-\\d{4}') THEN school_year[:5] || school_year[8:]"
    " ELSE replace(school_year, '/', '-') END"
)


def _checks(name: str, column: Column) -> list[Check]:
    form = roster_format()
    if column.type in ("code", "flag"):
        spelled = form.spellings(column)
        known = ", ".join(map(quoted, spelled))
        allowed = "yes or no (1 or 0); empty: unknown" if column.type == "flag" else ", ".join(column.codes)
        wrong = f"lower({name}) NOT IN ({known})"
        return [Check(name, wrong, "", allowed, "write one of the codes", known=tuple(spelled))]
    if column.type in ("number", "whole"):
        number = f"TRY_CAST({name} AS DOUBLE)"
        limits = [f"{number} < {column.minimum}"] if column.minimum is not None else []
        limits += [f"{number} > {column.maximum}"] if column.maximum is not None else []
        wrong = " OR ".join([f"({name} IS NOT NULL AND {number} IS NULL)", *limits])
        return [Check(name, wrong, "", column.meaning, "write a number, or leave the cell empty")]
    return []


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'
