"""Tables with one column a group, made long before they are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import duckdb

from evenground.engine import literal, quoted
from evenground.sources.published.files import Loaded
from evenground.sources.published.layout import Table
from evenground.sources.published.mapping import Source, filled
from evenground.sources.published.writing import ABSENT


def lengthen(connection: duckdb.DuckDBPyConnection, source: Source, key: str, file: Loaded) -> Loaded:
    """The file with one row a group: `{race}` becomes a column of words, `N_{race}` each word's number.

    A group none of whose columns the file has gets no rows.
    """
    table = source.tables[key]
    if not table.marks and not file.absent:
        return file
    fills = [fill for fill in source.fills(table) if _has_columns(table, fill, file)]
    parts = []
    for fill in fills or [{}]:
        columns = ", ".join(_columns(table, fill, file))
        nothing = "" if fills else " WHERE FALSE"
        parts.append(f'SELECT "row", {columns} FROM {quoted(file.table)}{nothing}')
    name = f"long_{key}_{file.table}"
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {quoted(name)} AS {' UNION ALL '.join(parts)}")
    return replace(file, table=name)


def _has_columns(table: Table, fill: Mapping[str, str], file: Loaded) -> bool:
    spelled = {column: filled(table.marked(column), fill) for column in table.numbers}
    own = [name for column, name in spelled.items() if name != column]
    return not own or any(name not in file.absent for name in own)


def _columns(table: Table, fill: Mapping[str, str], file: Loaded) -> Iterator[str]:
    for column in dict.fromkeys((table.unit_column, table.period_column, *table.row_columns)):
        name = filled(table.marked(column), fill)
        if column in fill:
            given = literal(fill[column])
        elif name in file.absent or column in table.marks:
            given = literal(ABSENT)
        else:
            given = quoted(name)
        yield f"{given} AS {quoted(column)}"
