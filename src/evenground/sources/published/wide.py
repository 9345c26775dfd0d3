"""Tables with one column a group, made long before they are read."""

from __future__ import annotations

from itertools import product

import duckdb

from evenground.sources.published.files import Loaded
from evenground.sources.published.mapping import Source, filled
from evenground.sources.published.sql import quoted, text


def lengthen(connection: duckdb.DuckDBPyConnection, source: Source, key: str, file: Loaded) -> Loaded:
    """The file with one row a group: `{race}` becomes a column of words, `N_{race}` each word's number."""
    table = source.tables[key]
    if not table.marks:
        return file
    parts = []
    for words in product(*(source.words(table, mark) for mark in table.marks)):
        fill = dict(zip(table.marks, words, strict=True))
        columns = [
            f"{text(fill[column]) if column in fill else quoted(filled(column, fill))} AS {quoted(column)}"
            for column in table.columns
        ]
        parts.append(f'SELECT "row", {", ".join(columns)} FROM {quoted(file.table)}')
    name = f"long_{key}_{file.name}"
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {quoted(name)} AS {' UNION ALL '.join(parts)}")
    return Loaded(file.name, file.sha256, name)
