"""A folder of published files to a checked Dataset."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa

from evenground.definitions import Definitions
from evenground.definitions.advice import nearest
from evenground.engine import connect, quoted
from evenground.model import ERROR, NOTE, InputProblems, NotMeasured, Problem, leaf_schema
from evenground.sources.checks import check_counts, said
from evenground.sources.dataset import Dataset
from evenground.sources.files import open_place
from evenground.sources.published.agreement import check_against
from evenground.sources.published.checks import check_folder, check_sums_to_one
from evenground.sources.published.chosen import drop_shared_names, only_units
from evenground.sources.published.files import Loaded, load_files
from evenground.sources.published.groups import register_groups
from evenground.sources.published.inputs import Match, check_matches, fits, matches_of
from evenground.sources.published.mapping import Source, published_sources
from evenground.sources.published.places import district_of, state_of
from evenground.sources.published.rows import Coded, code_rows
from evenground.sources.published.sql import texts
from evenground.sources.published.statistics import make_denominators, make_leaves
from evenground.sources.published.totals import check_totals
from evenground.sources.published.units import make_units

_LEAVES = (
    "indicator VARCHAR, unit_level VARCHAR, unit_id VARCHAR, period VARCHAR, g INTEGER, "
    "n DOUBLE, total DOUBLE, total_sq DOUBLE, weight_sq DOUBLE, value DOUBLE, low DOUBLE, "
    "high DOUBLE, state VARCHAR"
)


def read_published(place: Path, source_key: str, definitions: Definitions) -> Dataset:
    """The published counts of a folder, archive or file as leaves, at the level and group as published.

    Raises InputProblems with every error of every file (a missing file or column, an unknown code, text for a
    number, ...); warnings and notes are in `checks`. What `definitions` lacks is left out with a note.
    """
    sources = published_sources()
    if source_key not in sources:
        raise InputProblems.one(
            place.name, f"the source {source_key!r}", ", ".join(sources), "name one of these sources"
        )
    return read_source(place, source_key, sources[source_key], definitions)


def read_source(path: Path, key: str, source: Source, definitions: Definitions) -> Dataset:
    """The same for a mapping of one's own."""
    _stop_at_errors(check_against(source, definitions))
    place = open_place(path)
    _stop_at_errors(list(place.problems))
    matches = matches_of(source, place)
    problems = [*place.problems, *check_matches(source, place, matches)]
    connection = connect()
    connection.execute(
        "SET preserve_insertion_order = true; SET threads = 2"
    )  # row numbers are places in the file
    try:
        loaded, found = load_files(connection, matches, source)
        _stop_at_errors(problems := problems + found)
        coded, found = _code(connection, source, loaded)
        _stop_at_errors(problems := problems + found)
        problems += _count(connection, source, coded, definitions)
        problems += check_folder(source, place, {match.entry.name for match in matches})
        return _dataset(connection, key, source, definitions, coded, loaded, problems)
    finally:
        connection.close()


def _code(
    connection: duckdb.DuckDBPyConnection, source: Source, loaded: list[tuple[Match, Loaded]]
) -> tuple[list[Coded], list[Problem]]:
    """The tables that have files, coded."""
    tables, problems = [], []
    register_groups(connection, source)
    for key in source.tables:
        files = [(match, file) for match, file in loaded if match.table == key]
        if files:
            coded, found = code_rows(connection, source, key, files)
            tables.append(coded)
            problems += found
    tables, notes = only_units(connection, source, tables)
    return tables, problems + notes + drop_shared_names(connection, source, tables)


def _count(
    connection: duckdb.DuckDBPyConnection, source: Source, tables: list[Coded], definitions: Definitions
) -> list[Problem]:
    """Fills the table `leaves`."""
    problems: list[Problem] = []
    connection.execute(f"CREATE OR REPLACE TEMP TABLE leaves ({_LEAVES})")
    for coded in tables:
        if coded.mapping.count:
            make_denominators(connection, coded)
    counted = {coded.key for coded in tables if coded.mapping.count}
    for coded in tables:
        problems += check_sums_to_one(connection, coded) + check_totals(connection, source, coded)
        first_file = coded.files[0]
        for indicator, statistic in coded.mapping.statistics.items():
            if statistic.over is not None and statistic.over not in counted:
                found, allowed = (
                    f"no file of {statistic.over}, over which {indicator} is counted",
                    "such a file",
                )
                problems.append(Problem(NOTE, first_file, found, allowed, "add it to have this shown"))
                continue
            if indicator not in definitions.indicators:
                close = nearest(indicator, definitions.indicators)
                todo = f"{f'write `{close}`, or ' if close else ''}define it to have it shown"
                found, allowed = f"{indicator}, which is not defined", "the indicators of the definitions"
                problems.append(Problem(NOTE, first_file, found, allowed, todo))
                continue
            problems += make_leaves(
                connection, source, coded, indicator, definitions.indicators[indicator].kind
            )
        if coded.mapping.whole_state:
            problems += _say_partial(connection, source, coded)
    return problems


def _say_partial(connection: duckdb.DuckDBPyConnection, source: Source, coded: Coded) -> list[Problem]:
    """State rows `not_reported` in periods that only files of a part of the state cover."""
    indicators = texts(coded.mapping.statistics)
    whole = [name for name in coded.files if any(fits(one, name) for one in coded.mapping.whole_state)]
    numbers = ", ".join(str(coded.files.index(name)) for name in whole) or "-1"
    covered = f"SELECT period FROM {quoted(coded.relation)} WHERE file IN ({numbers})"
    periods = [
        period
        for (period,) in connection.execute(
            f"SELECT DISTINCT period FROM {quoted(coded.relation)} "
            f"WHERE period NOT IN ({covered}) ORDER BY period"
        ).fetchall()
    ]
    if not periods:
        return []
    connection.execute(f"""
        INSERT INTO leaves BY NAME
        SELECT DISTINCT indicator, 'state' AS unit_level,
               {state_of(source.units, district_of(source.units, "unit_id"))} AS unit_id, period, whole AS g,
               'not_reported' AS state
        FROM leaves JOIN wholes USING (g)
        WHERE unit_level <> 'state' AND indicator IN ({indicators}) AND period IN ({texts(periods)})""")
    years = f"{len(periods)} school years ({periods[0]} to {periods[-1]})"
    found = f"{years} with schools of a part of {source.title} only"
    part = next((name for name in coded.files if name not in whole), coded.files[0])
    return [
        Problem(
            NOTE,
            part,
            found,
            "every school, for a number of the state",
            "nothing; the state is not reported in these years",
            count=len(periods),
        )
    ]


def _dataset(
    connection: duckdb.DuckDBPyConnection,
    key: str,
    source: Source,
    definitions: Definitions,
    tables: list[Coded],
    loaded: list[tuple[Match, Loaded]],
    problems: list[Problem],
) -> Dataset:
    units = make_units(connection, source, tables)
    dimensions = "".join(f"groups.{quoted(name)}, " for name in source.dimensions)
    leaves = (
        connection.sql(f"""
        SELECT indicator, unit_level, unit_id, period, {dimensions}n, total, total_sq, weight_sq, value, state
        FROM leaves JOIN groups USING (g) ORDER BY indicator, unit_level, unit_id, period, g""")
        .to_arrow_table()
        .cast(leaf_schema(source.dimensions))
    )
    complete = source.complete
    files = {name: table.files[0] for table in reversed(tables) for name in table.mapping.statistics}
    odd = check_counts(leaves, units, source.dimensions, definitions, files, complete=complete)
    held = set(leaves["indicator"].unique().to_pylist())
    indicators = tuple(name for name in source.indicators if name in definitions.indicators and name in held)
    return Dataset(
        source=key,
        title=source.title,
        publisher=source.publisher,
        licence=source.licence,
        policy=source.policy,
        periods=tuple(sorted(set(leaves["period"].to_pylist()))),
        dimensions=source.dimensions,
        indicators=indicators,
        units=units,
        leaves=leaves,
        bounds=_bounds(connection),
        complete=complete,
        checks=(*problems, *map(said, odd)),
        not_measured=tuple(
            NotMeasured(indicator, "not_in_source")
            for indicator in definitions.indicators
            if indicator not in indicators
        ),
        inputs={file.name: file.sha256 for _, file in sorted(loaded, key=lambda one: one[1].name)},
    )


def _bounds(connection: duckdb.DuckDBPyConnection) -> pa.Table | None:
    """What hidden cells may be, where their publisher said it; None where nothing is said."""
    found = connection.sql("""
        SELECT indicator, unit_level, unit_id, period, groups."group" AS "group", low, high
        FROM leaves JOIN groups USING (g) WHERE low IS NOT NULL AND high IS NOT NULL
        ORDER BY indicator, unit_level, unit_id, period, "group"
    """).to_arrow_table()
    return found if found.num_rows else None


def _stop_at_errors(problems: list[Problem]) -> None:
    errors = [problem for problem in problems if problem.severity == ERROR]
    if errors:
        raise InputProblems(errors)


__all__ = ["read_published", "read_source"]
