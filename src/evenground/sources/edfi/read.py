"""An Ed-Fi export (a folder or an archive of JSON resources) -> a Dataset, by the road of the roster."""

from __future__ import annotations

from pathlib import Path

import duckdb

from evenground.definitions import Definitions
from evenground.engine import spilling
from evenground.model import NOTE, Problem
from evenground.sources.dataset import Dataset
from evenground.sources.edfi.checks import check_staged
from evenground.sources.edfi.format import edfi_format
from evenground.sources.edfi.stage import stage
from evenground.sources.edfi.students import make_students
from evenground.sources.edfi.tables import ORIGINS, make_tables
from evenground.sources.exchange import Exported, Origin, hand_over, stop_at_errors
from evenground.sources.exchange.sides import COURSE_TYPES, add_sides, find_sides, load_sides
from evenground.sources.files import open_place
from evenground.sources.roster import roster_format
from evenground.sources.roster.settings import read_settings

KEY = "edfi"
_IDS = (("people_ids", "student_id", "stays"), ("place_ids", "school_id", "roster_schools"))


def read_edfi(path: Path, into: Path, definitions: Definitions) -> Dataset:
    """Reads and checks an export and what lies beside it; writes its student-years into the private `into`.

    The format is definitions/sources/edfi.yaml. Raises InputProblems with every problem of every resource.
    """
    with spilling(into) as engine:
        problems: list[Problem] = []
        exported = export_tables(engine, path, problems)
        return hand_over(engine, exported, problems, into, definitions)


def export_tables(engine: duckdb.DuckDBPyConnection, path: Path, problems: list[Problem]) -> Exported:
    """Makes the tables `roster_NAME` of an export. Raises InputProblems where a check finds an error."""
    form = edfi_format()
    place = open_place(path)
    problems.extend(place.problems)
    inputs: dict[str, str] = {}
    staged = stage(engine, place, form, problems, inputs)
    problems.extend(check_staged(engine, staged, form))
    sides = find_sides(path, place, (COURSE_TYPES, "schools", "enrollments"), problems)
    settings, _ = read_settings(sides.folder, roster_format(), [])
    stop_at_errors(problems)
    make_students(engine, form, settings)
    made = make_tables(engine, staged, form, problems)
    problems.append(_never_read(path))
    for name, column, table in _IDS:
        same = f"SELECT DISTINCT 'id' AS kind, {column} AS alias, {column} AS id FROM {table}"
        engine.execute(f"CREATE TABLE {name} AS {same}")
    engine.execute(
        "CREATE TABLE known_students AS SELECT * EXCLUDE (part, row, school_year) FROM roster_students"
        " QUALIFY row_number() OVER (PARTITION BY student_id ORDER BY school_year DESC) = 1"
    )
    origins = {name: Origin(staged[source].files, columns) for name, (source, columns) in ORIGINS.items()}
    periods = [row[0] for row in engine.execute("SELECT DISTINCT period FROM stays ORDER BY 1").fetchall()]
    beside = load_sides(engine, sides, periods, problems, inputs)
    for table in beside:
        if table != "students":
            engine.execute(f"DROP TABLE IF EXISTS roster_{table}")
    found = add_sides(engine, beside, {name: origins[name] for name in made}, problems)
    districts = engine.execute("SELECT DISTINCT district_name FROM roster_schools ORDER BY 1").fetchall()
    title = districts[0][0] if len(districts) == 1 else "All districts"
    return Exported(KEY, title, found, sides.about, inputs)


def _never_read(path: Path) -> Problem:
    return Problem(
        NOTE,
        path.name,
        "resources that hold names, addresses, birth and citizenship beside what is counted",
        "only the values that docs/reference/ed-fi.md lists",
        "nothing; no other value was kept",
    )
