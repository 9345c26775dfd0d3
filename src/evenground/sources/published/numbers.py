"""Checks of the numbers of one file before they are used, and what stands where they are missing."""

from __future__ import annotations

from evenground.engine import literal, quoted
from evenground.model import ERROR, NOTE, Problem
from evenground.sources.published.layout import Table
from evenground.sources.published.reading import Reading, share_columns
from evenground.sources.published.sql import texts
from evenground.sources.published.words import shown

_LARGEST = 1e300


def check_numbers(reading: Reading) -> list[Problem]:
    """Text where a number should be, shares outside 0 to 1, counts below 0, in rows that are used."""
    table, problems = reading.table, []
    tokens = " or ".join(repr(word) for word in reading.missing)
    for column in table.numbers:
        number = reading.number(column)
        not_one = f"{reading.state(column)} = 'value' AND NOT COALESCE(ISFINITE({number}), FALSE)"
        todo = "correct the value, or name it under `missing:` in the mapping"
        if table.decimal == ",":
            todo = f"write decimals with a comma, as the mapping's `decimal:` says; else {todo}"
        problems += _wrong(reading, column, not_one, f"a number, or {tokens}", todo)
        low, high = range_of(table, column)
        outside = f"ISFINITE({number}) AND {number} NOT BETWEEN {low!r} AND {high!r}"
        if not reading.is_share(column):
            problems += _wrong(reading, column, outside, "0 or more", "correct the value")
        elif table.percent:
            problems += _wrong(reading, column, outside, "a share from 0 to 100", "correct the value")
        else:
            problems += _wrong(reading, column, outside, "a share from 0 to 1", "write 54 % as 0.54")
    return problems


def range_of(table: Table, column: str) -> tuple[float, float]:
    """What a column's number can be; figures with a range of their own are held against that later."""
    if column in share_columns(table):
        return 0, 1
    users = [one for one in table.statistics.values() if column in one.numbers]
    free = all(column == one.mean or (one.between and column in one.outcome) for one in users)
    return (-_LARGEST if users and free else 0), _LARGEST


def count_reasons(reading: Reading) -> list[Problem]:
    """How many numbers are missing for each reason that the publisher gives."""
    columns, reasons = reading.table.numbers, reading.reasons
    if not columns or not reasons:
        return []
    words = [reading.word(column) for column in columns]
    asked = [
        f"{' + '.join(f'SUM(({word} = {literal(why)})::INT)' for word in words)}, "
        f'MIN("row") FILTER ({" OR ".join(f"{word} = {literal(why)}" for word in words)})'
        for why in reasons
    ]
    (found,) = reading.connection.execute(
        f"SELECT {', '.join(asked)} FROM {quoted(reading.file.table)} AS r"
    ).fetchall()
    rows = sorted(zip(reasons, found[1::2], found[0::2], strict=True))
    return [
        Problem(
            NOTE,
            reading.file.name,
            f"numbers that are {shown(word)}: {reasons[word]} (table {reading.key})",
            "a number",
            f"nothing; they are {_WORDS[reading.missing[word]]}",
            row,
            count=count,
        )
        for word, row, count in rows
        if count
    ]


_WORDS = {
    "hidden": "hidden",
    "not_reported": "not reported",
    "not_applicable": "not applicable",
    "zero": "read as zero",
}


def _wrong(reading: Reading, column: str, where: str, allowed: str, todo: str) -> list[Problem]:
    """One error for all the values of a column `where`, with the first of them."""
    count, row, found = reading.connection.execute(f"""
        SELECT COUNT(*), MIN(r."row"), ARG_MIN(r.{quoted(column)}, r."row")
        FROM {quoted(reading.file.table)} AS r WHERE ({where}) AND {_used(reading, column)}""").fetchall()[0]
    if not count:
        return []
    return [Problem(ERROR, reading.file.name, shown(found), allowed, todo, row, column, count)]


def _used(reading: Reading, column: str) -> str:
    """SQL: the rows of whose number in `column` something is made."""
    table = reading.table
    wanted = [statistic.where for statistic in table.statistics.values() if column in statistic.numbers]
    if column in (*(table.count or ()), *table.sum_to_one) or not all(wanted):
        return "TRUE"
    rows = [
        " AND ".join(f"{reading.word(name)} IN ({texts(words)})" for name, words in where.items())
        for where in wanted
    ]
    return f"({' OR '.join(rows)})"
