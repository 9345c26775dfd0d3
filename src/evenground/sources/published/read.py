"""A folder of published files to a checked Dataset."""

from __future__ import annotations

from pathlib import Path

import duckdb

from evenground.definitions import Definitions
from evenground.engine import connect
from evenground.model import ERROR, NOTE, InputProblems, NotMeasured, Problem, leaf_schema
from evenground.sources.dataset import Dataset
from evenground.sources.published.agreement import check_against
from evenground.sources.published.checks import check_folder, check_state_sums, check_sums_to_one
from evenground.sources.published.files import Loaded, load_file
from evenground.sources.published.groups import register_groups
from evenground.sources.published.mapping import Source, published_sources
from evenground.sources.published.rows import Coded, code_rows
from evenground.sources.published.sql import quoted, text, texts
from evenground.sources.published.statistics import make_denominators, make_leaves
from evenground.sources.published.units import make_units

_LEAVES = (
    "indicator VARCHAR, unit_level VARCHAR, unit_id VARCHAR, period VARCHAR, g INTEGER, "
    "n DOUBLE, total DOUBLE, total_sq DOUBLE, weight_sq DOUBLE, value DOUBLE, state VARCHAR"
)


def read_published(folder: Path, source_key: str, definitions: Definitions) -> Dataset:
    """The published counts of `folder` as leaves: rows at whatever level and group they were published.

    Raises InputProblems with every error of every file (a missing file or column, an unknown code, text for a
    number, ...); warnings and notes are in `checks`. What `definitions` lacks is left out with a note.
    """
    sources = published_sources()
    if source_key not in sources:
        raise InputProblems.one(
            str(folder.name), f"the source {source_key!r}", ", ".join(sources), "name one of these sources"
        )
    return read_source(folder, source_key, sources[source_key], definitions)


def read_source(folder: Path, key: str, source: Source, definitions: Definitions) -> Dataset:
    """The same for a mapping of one's own."""
    _stop_at_errors(check_against(source, key, definitions))
    if not folder.is_dir():
        raise InputProblems.one(
            folder.name,
            "no such folder",
            "a folder with the files of the source",
            "correct the folder's name",
        )
    connection = connect()
    connection.execute(
        "SET preserve_insertion_order = true; SET threads = 2"
    )  # row numbers are places in the file
    try:
        loaded, problems = _load(connection, folder, source)
        _stop_at_errors(problems)
        coded, found = _code(connection, source, loaded)
        _stop_at_errors(problems := problems + found)
        problems += _count(connection, source, coded, definitions)
        problems += check_folder(source, folder)
        return _dataset(connection, key, source, definitions, loaded, problems)
    finally:
        connection.close()


def _load(
    connection: duckdb.DuckDBPyConnection, folder: Path, source: Source
) -> tuple[dict[str, Loaded], list[Problem]]:
    loaded, problems = {}, []
    for name, columns in source.files.items():
        file, found = load_file(connection, folder, name, columns)
        problems += found
        if file:
            loaded[name] = file
    return loaded, problems


def _code(
    connection: duckdb.DuckDBPyConnection, source: Source, loaded: dict[str, Loaded]
) -> tuple[list[Coded], list[Problem]]:
    tables, problems = [], []
    register_groups(connection, source)
    for key in source.tables:
        coded, found = code_rows(connection, source, key, loaded)
        tables.append(coded)
        problems += found
    return tables, problems


def _count(
    connection: duckdb.DuckDBPyConnection, source: Source, tables: list[Coded], definitions: Definitions
) -> list[Problem]:
    """Fills the table `leaves`."""
    problems: list[Problem] = []
    connection.execute(f"CREATE OR REPLACE TEMP TABLE leaves ({_LEAVES})")
    for coded in tables:
        if coded.mapping.count:
            make_denominators(connection, coded)
    for coded in tables:
        problems += check_sums_to_one(connection, coded)
        first_file = next(iter(coded.mapping.files.values()))[0]
        for indicator in coded.mapping.statistics:
            if indicator not in definitions.indicators:
                problems.append(
                    Problem(
                        NOTE,
                        first_file,
                        f"{indicator}, which is not defined",
                        "the indicators of the definitions",
                        "define it to have it shown",
                    )
                )
                continue
            problems += make_leaves(
                connection, source, coded, indicator, definitions.indicators[indicator].kind
            )
        problems += (
            check_state_sums(connection, [*coded.mapping.statistics], first_file)
            if coded.mapping.statistics
            else []
        )
        if coded.mapping.whole_state:
            problems += _say_partial(connection, source, coded)
    return problems


def _say_partial(connection: duckdb.DuckDBPyConnection, source: Source, coded: Coded) -> list[Problem]:
    """State rows `not_reported` in periods that only files of a part of the state cover."""
    indicators = texts(coded.mapping.statistics)
    numbers = ", ".join(str(coded.files.index(name)) for name in coded.mapping.whole_state)
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
        INSERT INTO leaves
        SELECT DISTINCT indicator, 'state', {text(source.units.state.id)}, period, whole,
               NULL, NULL, NULL, NULL, NULL, 'not_reported'
        FROM leaves JOIN wholes USING (g)
        WHERE indicator IN ({indicators}) AND period IN ({texts(periods)})""")
    years = f"{len(periods)} school years ({periods[0]} to {periods[-1]})"
    found = f"{years} with schools of a part of {source.title} only"
    part = next(
        name
        for names in coded.mapping.files.values()
        for name in names
        if name not in coded.mapping.whole_state
    )
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
    loaded: dict[str, Loaded],
    problems: list[Problem],
) -> Dataset:
    units = make_units(connection, source, loaded)
    dimensions = "".join(f"groups.{quoted(name)}, " for name in source.dimensions)
    leaves = (
        connection.sql(f"""
        SELECT indicator, unit_level, unit_id, period, {dimensions}n, total, total_sq, weight_sq, value, state
        FROM leaves JOIN groups USING (g) ORDER BY indicator, unit_level, unit_id, period, g""")
        .to_arrow_table()
        .cast(leaf_schema(source.dimensions))
    )
    indicators = tuple(indicator for indicator in source.indicators if indicator in definitions.indicators)
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
        families_complete=source.absent_rows == "zero",
        checks=tuple(problems),
        not_measured=tuple(
            NotMeasured(indicator, "not_in_source")
            for indicator in definitions.indicators
            if indicator not in indicators
        ),
        inputs={name: file.sha256 for name, file in sorted(loaded.items())},
    )


def _stop_at_errors(problems: list[Problem]) -> None:
    errors = [problem for problem in problems if problem.severity == ERROR]
    if errors:
        raise InputProblems(errors)


__all__ = ["read_published", "read_source"]
