"""A OneRoster export (zip or folder; bulk, or bulk and deltas) -> a Dataset, by the road of the roster."""

from __future__ import annotations

from pathlib import Path

import duckdb

from evenground.definitions import Definitions
from evenground.engine import spilling
from evenground.model import ERROR, Problem
from evenground.sources.dataset import Dataset
from evenground.sources.exchange import Exported, Origin, hand_over, stop_at_errors
from evenground.sources.exchange.sides import COURSE_TYPES, add_sides, find_sides, load_sides
from evenground.sources.files import Place, open_place
from evenground.sources.oneroster.checks import check_held, check_written
from evenground.sources.oneroster.format import OneRoster, oneroster_format
from evenground.sources.oneroster.manifest import read_manifest
from evenground.sources.oneroster.orgs import make_schools
from evenground.sources.oneroster.packages import Edition, editions, packages
from evenground.sources.oneroster.sessions import make_terms
from evenground.sources.oneroster.stage import apply_deltas, forget, stage
from evenground.sources.oneroster.tables import COLUMNS, GIVEN, add_tables, make_results, periods_of
from evenground.sources.roster import roster_format
from evenground.sources.roster.settings import read_settings

KEY = "oneroster"


def read_oneroster(path: Path, into: Path, definitions: Definitions) -> Dataset:
    """Reads and checks an export and what lies beside it; writes its student-years into the private `into`.

    The format is definitions/sources/oneroster.yaml. Raises InputProblems with every problem of every file.
    """
    with spilling(into) as engine:
        problems: list[Problem] = []
        exported = export_tables(engine, path, into, problems)
        return hand_over(engine, exported, problems, into, definitions)


def export_tables(
    engine: duckdb.DuckDBPyConnection, path: Path, into: Path, problems: list[Problem]
) -> Exported:
    """Makes the tables `roster_NAME` of an export. Raises InputProblems where a check finds an error."""
    into.mkdir(parents=True, exist_ok=True)
    form = oneroster_format()
    place = open_place(path)
    problems.extend(place.problems)
    sides = find_sides(path, place, GIVEN, problems)
    settings, _ = read_settings(sides.folder, roster_format(), [])
    inputs: dict[str, str] = {}
    load_sides(engine, sides.only(COURSE_TYPES), (), problems, inputs)
    make_results(engine, form)
    files: dict[str, tuple[str, ...]] = {}
    told: dict[str, str] = {}
    title = path.stem
    for edition in _editions(engine, path, place, form, problems):
        staged = stage(engine, edition, form, into, problems, inputs)
        problems.extend(check_written(engine, staged, edition.version, form))
        held = apply_deltas(engine, staged, problems)
        problems.extend(check_held(engine, held, form))
        if not _has_error(problems):
            make_terms(engine, held["academicSessions"], form, problems)
            title = make_schools(engine, held["orgs"], problems)
            offsets = {name: len(files.get(source, ())) for name, (source, _) in COLUMNS.items()}
            add_tables(engine, held, edition.version, form, settings, offsets, problems)
            problems.extend(_years_twice(engine, edition, told))
        files = {name: files.get(name, ()) + table.files for name, table in held.items()}
        forget(engine, form)
    stop_at_errors(problems)
    origins = {
        name: Origin(files[source], columns)
        for name, (source, columns) in COLUMNS.items()
        if name in ("schools", "students", "enrollments") or _any(engine, name)
    }
    staged_sides = load_sides(engine, sides.without(COURSE_TYPES), periods_of(engine), problems, inputs)
    origins = add_sides(engine, staged_sides, origins, problems)
    return Exported(KEY, title, origins, sides.about, inputs)


def _editions(
    engine: duckdb.DuckDBPyConnection, path: Path, place: Place, form: OneRoster, problems: list[Problem]
) -> list[Edition]:
    found = packages(place)
    if not found and not _has_error(problems):
        allowed = "a OneRoster export: manifest.csv, orgs.csv, users.csv and more, in a zip or a folder"
        problems.append(Problem(ERROR, path.name, "no OneRoster files", allowed, "check the path"))
    manifests = [
        read_manifest(engine, package.entries, package.told("manifest"), form, problems) for package in found
    ]
    sound = [(package, manifest) for package, manifest in zip(found, manifests, strict=True) if manifest]
    return editions([one for one, _ in sound], [two for _, two in sound], path, problems)


def _years_twice(engine: duckdb.DuckDBPyConnection, edition: Edition, told: dict[str, str]) -> list[Problem]:
    """A school year that another bulk export holds as well; `told` is year -> where it was found."""
    file = edition.packages[0].told("academicSessions")
    years = [row[0] for row in engine.execute("SELECT DISTINCT period FROM stays ORDER BY 1").fetchall()]
    allowed, todo = "each school year in one bulk export", "leave one of the two out"
    twice = [
        Problem(ERROR, file, f"the school year {year} a second time (also in {told[year]})", allowed, todo)
        for year in years
        if year in told
    ]
    told |= {year: file for year in years if year not in told}
    return twice


def _any(engine: duckdb.DuckDBPyConnection, table: str) -> bool:
    return engine.execute(f"SELECT 1 FROM roster_{table} LIMIT 1").fetchone() is not None


def _has_error(problems: list[Problem]) -> bool:
    return any(problem.severity == ERROR for problem in problems)
