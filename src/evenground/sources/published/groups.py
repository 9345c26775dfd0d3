"""Student groups as small numbers: what a file's words mean, and which group is a part of which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, product

import duckdb

from evenground.engine import literal, quoted
from evenground.model import ALL, group_key, parse_group
from evenground.sources.published.layout import SKIP, Table
from evenground.sources.published.mapping import Source

Pairs = tuple[tuple[str, str], ...]


def register_groups(connection: duckdb.DuckDBPyConnection, source: Source) -> None:
    """Three kinds of table, keyed by the group's number `g` (0 is everybody):

    `groups` (g, cut, group, a column a dimension): cut are the dimensions that tell a group apart, group
    its key;
    `wholes` (g, whole, dropped): every group that g is a part of, g itself too, and the dimensions dropped;
    `codes_TABLE` (w0, w1, ..., g): the words of a table's group columns. Words that are skipped have no row.
    """
    numbers: dict[Pairs, int] = {(): 0}
    for key, table in source.tables.items():
        rows = [(words, _number(numbers, pairs)) for words, pairs in _combinations(source, table)]
        columns = [*(f"w{place}" for place in range(len(table.groups))), "g"]
        values = [(*map(literal, words), str(number)) for words, number in rows]
        _make(connection, f"codes_{key}", columns, values)
        for part in table.split:
            for group in part.groups:
                _number(numbers, parse_group(group))
    wholes = [
        (str(numbers[pairs]), str(numbers[whole]), literal("+".join(dropped)))
        for pairs in numbers
        for whole, dropped in _wholes(pairs)
    ]
    _make(connection, "wholes", ["g", "whole", "dropped"], wholes)
    groups = [
        (
            str(number),
            literal("+".join(name for name, _ in pairs)),
            literal(group_key(pairs)),
            *(
                literal(dict(pairs)[name]) if name in dict(pairs) else "NULL::VARCHAR"
                for name in source.dimensions
            ),
        )
        for pairs, number in numbers.items()
    ]
    _make(connection, "groups", ["g", "cut", "group", *source.dimensions], groups)


def _combinations(source: Source, table: Table) -> Iterator[tuple[tuple[str, ...], Pairs]]:
    """Every combination of words that is not skipped, with its (dimension, value) pairs."""
    lists = [source.codes[name] for name in table.groups.values()]
    always = parse_group(table.of) if table.of else ()
    for words in product(*lists):
        keys = [codes[word] for codes, word in zip(lists, words, strict=True)]
        if SKIP not in keys:
            pairs = {pair for key in keys if key != ALL for pair in parse_group(key)}
            yield words, tuple(sorted(pairs.union(always)))


def _number(numbers: dict[Pairs, int], pairs: Pairs) -> int:
    """The group's number; groups that it is a part of get one too."""
    for whole, _ in _wholes(pairs):
        numbers.setdefault(whole, len(numbers))
    return numbers[pairs]


def _wholes(pairs: Pairs) -> Iterator[tuple[Pairs, tuple[str, ...]]]:
    for size in range(len(pairs) + 1):
        for kept in combinations(pairs, size):
            yield kept, tuple(name for name, value in pairs if (name, value) not in kept)


def _make(
    connection: duckdb.DuckDBPyConnection, name: str, columns: list[str], rows: Sequence[tuple[str, ...]]
) -> None:
    values = ", ".join(f"({', '.join(row)})" for row in rows)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {quoted(name)} AS "
        f"SELECT * FROM (VALUES {values}) AS v ({', '.join(map(quoted, columns))})"
    )
