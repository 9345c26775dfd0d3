"""Making a system: as a roster folder with its truth beside it, or as student-years straight away."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq

from evenground.sources.synthetic.exported import export_oneroster
from evenground.sources.synthetic.learning_tables import prerequisites_table
from evenground.sources.synthetic.life import make_life
from evenground.sources.synthetic.plan import Plan, make_plan
from evenground.sources.synthetic.rows import zone_rows
from evenground.sources.synthetic.school_tables import places_table, schools_table
from evenground.sources.synthetic.tables import year_tables
from evenground.sources.synthetic.tally import Tally
from evenground.sources.synthetic.truth import Truth
from evenground.sources.synthetic.world import World, world
from evenground.sources.synthetic.zone import make_zone
from evenground.storage import whole_file, whole_folder

ROSTER = "roster"
WRITTEN = (ROSTER, "oneroster-1.1", "oneroster-1.2")
"""How a system is written: a roster folder, or OneRoster exports with files beside them."""

PARQUET_FROM = 500_000
"""Student-years from which a roster folder is written as Parquet instead of CSV."""

_ROWS_AT_ONCE = 250_000
_ALWAYS_CSV = ("places",)
_ABOUT = """# Made up: no such school system exists.
title: "{title}"
census_day: "10-01"
economic_disadvantage: "made up for this example"
"""


def make_district(
    folder: Path,
    students: int = 5000,
    years: int = 3,
    schools: int | None = None,
    seed: int = 1,
    districts: int = 1,
    changes: bool = False,
    written: str = ROSTER,
) -> Truth:
    """Writes a made-up system into a folder and, beside it, `<folder>-truth.json`.

    About `students` students a year; the same arguments give the same bytes. `changes`: schools close, merge,
    split and change their id. `written`: one of WRITTEN. A roster is CSV, or Parquet from PARQUET_FROM
    student-years. The folder appears whole or not at all. Raises ValueError for a system that is too small
    (see plan.make_plan), FileExistsError for a folder that holds something.
    """
    if written not in WRITTEN:
        raise ValueError(f"{written!r} is none of {', '.join(WRITTEN)}")
    made_up = world()
    plan = make_plan(made_up, students, years, schools, seed, districts, changes)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileExistsError(errno.EEXIST, "a file or folder that is there already", str(folder))
    tally = Tally(made_up, plan, by_school=plan.schools <= made_up.school_truth_up_to)
    with whole_folder(folder) as whole:
        if written == ROSTER:
            ending = ".parquet" if students * years >= PARQUET_FROM else ".csv"
            _write_roster(whole, made_up, plan, tally, ending)
        else:
            with TemporaryDirectory(dir=whole.parent) as roster:
                _write_roster(Path(roster), made_up, plan, tally, ".csv")
                export_oneroster(Path(roster), whole, written.removeprefix("oneroster-"))
        truth = tally.truth()
        with whole_file(folder.with_name(f"{folder.name}-truth.json")) as fresh:
            truth.write(fresh)
    return truth


def _write_roster(folder: Path, made_up: World, plan: Plan, tally: Tally, ending: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        writers: dict[str, _Writer] = {}
        for table, rows in _tables(made_up, plan, tally):
            if table not in writers:
                kind = ".csv" if table in _ALWAYS_CSV else ending
                writers[table] = stack.enter_context(_Writer(folder / f"{table}{kind}", rows.schema))
            writers[table].add(rows)
    title = plan.district_name(0) if plan.districts == 1 else "Example districts"
    (folder / "about.yaml").write_text(_ABOUT.format(title=title), encoding="utf-8")


def _tables(made_up: World, plan: Plan, tally: Tally) -> Iterator[tuple[str, pa.Table]]:
    yield "schools", schools_table(plan)
    yield "prerequisites", prerequisites_table(made_up)
    if any(zone.changes for zone in plan.zones):
        yield "places", places_table(made_up, plan)
    for zone in plan.zones:
        made = make_zone(made_up, plan, zone)
        for year in made.years:
            life = make_life(made_up, plan, made, year)
            tally.add(made, year, life)
            yield from year_tables(made_up, plan, made, year, life)


def make_student_years(
    path: Path, students: int, years: int = 1, schools: int | None = None, seed: int = 1, districts: int = 1
) -> int:
    """Writes the student-years of a made-up system as Parquet, in chunks, and returns how many rows.

    The rows are those that `read_roster` makes of the folder of `make_district` for the same arguments.
    """
    made_up = world()
    plan = make_plan(made_up, students, years, schools, seed, districts)
    rows = 0
    writer: _Writer | None = None
    with ExitStack() as stack:
        for zone in plan.zones:
            for table in zone_rows(made_up, plan, make_zone(made_up, plan, zone)):
                if writer is None:
                    writer = stack.enter_context(_Writer(path, table.schema))
                writer.add(table)
                rows += table.num_rows
    return rows


@dataclass
class _Writer:
    """A CSV or Parquet file that is written in large pieces, with the types of the first piece."""

    path: Path
    schema: pa.Schema
    waiting: list[pa.Table] = field(default_factory=list)
    rows: int = 0

    def __enter__(self) -> _Writer:
        if self.path.suffix == ".csv":
            self.file: Any = pc.CSVWriter(
                self.path, self.schema, write_options=pc.WriteOptions(quoting_style="needed")
            )
        else:
            self.file = pq.ParquetWriter(self.path, self.schema, compression="zstd")
        return self

    def add(self, table: pa.Table) -> None:
        self.waiting.append(table)
        self.rows += table.num_rows
        if self.rows >= _ROWS_AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        if self.rows:
            table = pa.concat_tables(self.waiting).unify_dictionaries().combine_chunks()
            self.file.write_table(table) if self.path.suffix == ".parquet" else self.file.write(table)
        self.waiting, self.rows = [], 0

    def __exit__(self, kind: object, value: object, trace: object) -> None:
        if kind is None:
            self._flush()
        self.file.close()
