"""A roster folder -> a Dataset of student-years, after every check."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb
import pyarrow as pa

from evenground.definitions import Definitions, Indicator
from evenground.engine import literal, spilling
from evenground.model import ERROR, NOTE, UNITS, WARNING, InputProblems, NotMeasured, Problem
from evenground.sources.checks import Records, check_records, said
from evenground.sources.dataset import Dataset
from evenground.sources.files import is_archive, open_place
from evenground.sources.roster.folder import ABOUT, find_tables
from evenground.sources.roster.format import Format, roster_format
from evenground.sources.roster.links import check_keys, check_links
from evenground.sources.roster.settings import Settings, read_settings
from evenground.sources.roster.student_years import (
    EVENTS,
    covered_periods,
    measured_columns,
    write_student_years,
)
from evenground.sources.roster.table import Loaded, load_table
from evenground.sources.roster.values import check_values, make_periods, make_view

SYSTEM = "all"
"""Id of the unit `state` that stands for everything in the folder where it holds more than one district."""

_SEVERITIES = (ERROR, WARNING, NOTE)


def read_roster(folder: Path, into: Path, definitions: Definitions) -> Dataset:
    """Reads and checks a roster folder and writes its student-years into the private folder `into`.

    The format is definitions/sources/roster.yaml. Raises InputProblems with every problem of every file;
    warnings and notes are the dataset's `checks`. Memory is bounded: what does not fit is spilled into `into`
    and removed afterwards.
    """
    form = roster_format()
    if not folder.is_dir() and not is_archive(folder):
        raise InputProblems.one(
            folder.name,
            "no such folder",
            "a folder or archive (.zip) with the roster's files",
            "check the path",
        )
    place = open_place(folder)
    problems: list[Problem] = list(place.problems)
    settings, about = read_settings(folder, form, problems)
    entries = find_tables(place, form, problems)
    into.mkdir(parents=True, exist_ok=True)
    with spilling(into) as engine:
        loaded = {
            table: part
            for table, entry in entries.items()
            if (part := load_table(engine, table, entry, form, into, problems))
        }
        torn = {problem.file for problem in problems if problem.severity == ERROR}
        make_periods(engine, list(loaded.values()), form, settings)
        for table in form.tables:
            make_view(engine, table, loaded.get(table), form)
        problems.extend(_check(engine, loaded, torn, form))
        _stop_at_errors(problems)
        path = write_student_years(engine, into, form, loaded)
        problems.extend(_about_rows(engine, loaded, settings))
        known = measured_columns(engine, path)
        problems.extend(_odd(engine, loaded, path, known, definitions))
        periods, units = _periods(engine, path), _units(engine, settings)
    inputs = {part.file: part.sha256 for part in loaded.values()}
    if about is not None:
        inputs[ABOUT] = hashlib.sha256(about).hexdigest()
    return _dataset(definitions, settings, path, known, periods, units, _in_order(problems), inputs)


def _odd(
    engine: duckdb.DuckDBPyConnection,
    loaded: Mapping[str, Loaded],
    path: Path,
    known: Mapping[str, bool],
    definitions: Definitions,
) -> Iterator[Problem]:
    """What is possible in every row and odd across rows."""
    files = {table: part.file for table, part in loaded.items()}
    dimensions = tuple(key for key in definitions.dimensions if known.get(key))
    yield from (said(remark) for remark in check_records(Records(engine, files, path, dimensions)))


def _check(
    engine: duckdb.DuckDBPyConnection, loaded: Mapping[str, Loaded], torn: set[str], form: Format
) -> Iterator[Problem]:
    """Checks of values, keys and links; in files that are `torn` (not read whole) no partner is missed."""
    for part in loaded.values():
        yield from check_values(engine, part, form)
        yield from check_keys(engine, part, form)
    whole = {table: part for table, part in loaded.items() if part.file not in torn}
    yield from check_links(engine, whole, form)
    yield from _years_without_rows(engine, loaded, form)


def _years_without_rows(
    engine: duckdb.DuckDBPyConnection, loaded: Mapping[str, Loaded], form: Format
) -> Iterator[Problem]:
    """A year without a single course or incident is a year that was not exported, not a year without any."""
    years = covered_periods(engine, "enrollments")
    for table in form.tables:
        if table in EVENTS and table in loaded:
            covered = covered_periods(engine, table)
            if missing := [year for year in years if year not in covered]:
                yield Problem(
                    WARNING,
                    loaded[table].file,
                    f"no row for {', '.join(missing)}",
                    "rows for every school year of enrollments",
                    "export those years as well; until then they are unknown, not zero",
                )
    absent = [name for name, table in form.tables.items() if table.gives and name not in loaded]
    if absent:
        files = ", ".join(f"{table}.csv" for table in absent)
        allowed = "the tables of docs/reference/roster.md"
        todo = "nothing, they may be left out; `evenground indicators FOLDER` says what they would show"
        yield Problem(NOTE, files, "no such file in the folder", allowed, todo)


def _stop_at_errors(problems: list[Problem]) -> None:
    if any(problem.severity == ERROR for problem in problems):
        raise InputProblems(_in_order(problems))


def _in_order(problems: list[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: _SEVERITIES.index(problem.severity)))


def _about_rows(
    engine: duckdb.DuckDBPyConnection, loaded: Mapping[str, Loaded], settings: Settings
) -> Iterator[Problem]:
    """How students were placed, in numbers; and what economic disadvantage means here."""
    census = f"census day is {settings.census_day}"
    notes = (
        (
            "two_schools",
            "a student at two schools on census day",
            f"one school on census day ({census})",
            "nothing; counted once, at the school of the longer stay",
        ),
        (
            "census_school IS NULL",
            "a student who was not enrolled on census day",
            f"any day of the year ({census})",
            "nothing; counted only in what is said about the whole year, at the school of the longest stay",
        ),
        (
            "census_school <> year_school",
            "a student who was at another school for most of the year than on census day",
            f"one school for each indicator ({census})",
            "nothing; counted at the one for what is said of census day, at the other for the whole year",
        ),
    )
    for condition, found, allowed, todo in notes:
        count = engine.execute(f"SELECT count(*) FROM placements WHERE {condition}").fetchone()
        if count and count[0]:
            file = loaded["enrollments"].file
            yield Problem(NOTE, file, found, allowed, todo, column="entry_date", count=count[0])
    if settings.economic_disadvantage:
        yield Problem(
            NOTE,
            ABOUT,
            f"economic disadvantage measured by: {settings.economic_disadvantage}",
            "any measure that is named",
            "nothing; compare only with systems that measure it in the same way",
            column="economic_disadvantage",
        )


def _periods(engine: duckdb.DuckDBPyConnection, path: Path) -> tuple[str, ...]:
    return tuple(covered_periods(engine, f"read_parquet({literal(str(path))})"))


def _units(engine: duckdb.DuckDBPyConnection, settings: Settings) -> pa.Table:
    """Schools and districts; with more than one district also the whole, as a unit of level `state`."""
    districts = engine.execute(
        "SELECT district_id, min(district_name) FROM schools GROUP BY 1 ORDER BY 1"
    ).fetchall()
    schools = engine.execute("SELECT school_id, school_name, district_id FROM schools ORDER BY 1").fetchall()
    top = SYSTEM if len(districts) > 1 else None
    rows: list[tuple[str, str, str, str | None]]
    rows = [("state", SYSTEM, settings.title or "All districts", None)] if top else []
    rows += [("district", identity, name, top) for identity, name in districts]
    rows += [("school", identity, name, district) for identity, name, district in schools]
    return pa.table([list(column) for column in zip(*rows, strict=True)], schema=UNITS)


def _dataset(
    definitions: Definitions,
    settings: Settings,
    path: Path,
    known: Mapping[str, bool],
    periods: tuple[str, ...],
    units: pa.Table,
    checks: tuple[Problem, ...],
    inputs: Mapping[str, str],
) -> Dataset:
    title = settings.title or units.column("unit_name")[0].as_py()
    measured = tuple(
        key for key, indicator in definitions.indicators.items() if _measurable(indicator, known)
    )
    missing = tuple(
        NotMeasured(key, "not_in_source") for key in definitions.indicators if key not in measured
    )
    return Dataset(
        source="roster",
        title=title,
        publisher=title,
        licence="made from the system's own records; only what is released here may be shared",
        policy="n10",
        periods=periods,
        dimensions=tuple(key for key in definitions.dimensions if known.get(key)),
        indicators=measured,
        units=units,
        student_years=path,
        checks=checks,
        not_measured=missing,
        inputs=inputs,
    )


def _measurable(indicator: Indicator, known: Mapping[str, bool]) -> bool:
    if indicator.records is None:
        return False
    return all(
        known.get(column, False) for column in (indicator.records.counted, indicator.records.over) if column
    )
