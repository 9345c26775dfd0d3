"""Released cells as rows, each place with its school year, for the attack: years told together link theirs.

Part of the attack: it imports nothing from the rooms that hide.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache

import pyarrow as pa

from evenground.model import is_rest_group, is_rest_place, is_several, years_of

Cell = tuple[float | None, float | None, str]  # n, value, state
Row = tuple[
    str, str, str, str, float | None, float | None, str, float | None, float | None
]  # indicator, unit level, tagged unit, group, n, value, state, low, high
_COLUMNS = ("indicator", "unit_level", "unit_id", "group", "n", "value", "state")
_TAG = "\n"


def tagged(unit: str, period: str) -> str:
    return f"{unit}{_TAG}{period}"


def untagged(place: str) -> tuple[str, str]:
    """(unit id, period)"""
    unit, _, period = place.rpartition(_TAG)
    return unit, period


def place_of(row: Row) -> tuple[str, tuple[str, str, str]]:
    """(indicator, place) of a row."""
    return row[0], (row[1], row[2], row[3])


def years_apart(tables: Sequence[pa.Table]) -> Iterator[list[list[Row]]]:
    """The rows of each table, for one set of years that hang together after the other.

    Rows told together (groups and places that are not shown one by one) are left out: they are sums of
    public numbers and tell nothing that these do not.
    """
    periods = {period for table in tables for period in table["period"].unique().to_pylist()}
    groups: list[set[str]] = [{period, *years_of(period)} for period in sorted(periods)]
    for several in [group for group in groups if len(group) > 1]:
        touching = [group for group in groups if group & several]
        groups = [group for group in groups if not group & several] + [set().union(*touching)]
    of_period = {period: number for number, group in enumerate(groups) for period in group}
    parts: list[defaultdict[int, list[Row]]] = []
    for table in tables:
        rows: defaultdict[int, list[Row]] = defaultdict(list)
        for period, row in _rows(table):
            rows[of_period[period]].append(row)
        parts.append(rows)
    for number in sorted(range(len(groups)), key=lambda number: min(groups[number])):
        yield [part[number] for part in parts]


def _rows(table: pa.Table) -> Iterator[tuple[str, Row]]:
    columns = [table[name].to_pylist() for name in ("period", *_COLUMNS)]
    for name in ("low", "high"):
        columns.append(table[name].to_pylist() if name in table.column_names else [None] * len(table))
    rest = {group: is_rest_group(group) for group in set(columns[4])}
    for period, indicator, level, unit, group, *numbers in zip(*columns, strict=True):
        if not rest[group] and not is_rest_place(unit):
            yield period, (indicator, level, tagged(unit, period), group, *numbers)


@cache
def years_in(place: str) -> tuple[str, ...]:
    """The places of the single years that a place of years told together adds up; empty for one year."""
    unit, period = untagged(place)
    return tuple(tagged(unit, year) for year in years_of(period)) if is_several(period) else ()
