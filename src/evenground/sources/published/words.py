"""Checks of one file before its rows are used: words, ids, school years and numbers."""

from __future__ import annotations

from collections.abc import Collection

from evenground.model import ERROR, NOTE, WARNING, Problem, parse_period
from evenground.sources.published.mapping import SKIP, Table
from evenground.sources.published.reading import Reading
from evenground.sources.published.sql import quoted, texts

_LISTED = 20  # at most so many problems of one kind are listed one by one


def check_words(reading: Reading) -> list[Problem]:
    """Codes and ids that nobody has told us about are errors; what we leave out is counted in notes."""
    table, problems = reading.table, _units(reading)
    for column, name in table.groups.items():
        codes = reading.source.codes[name]
        problems += _unknown(reading, column, codes, f"add it to codes.{name} of the mapping, or `skip` it")
        skipped = [word for word, group in codes.items() if group == SKIP]
        left_out = _left_out(
            reading, column, f"{reading.word(column)} IN ({texts(skipped)})" if skipped else "FALSE"
        )
        problems += _one(
            NOTE, reading, column, left_out, "groups of our dimensions", "nothing; these are not shown"
        )
    for column, allowed in table.allowed.items():
        dirty = table.dirty.get(column, {})
        todo = f"add it to `allowed: {column}` of the mapping"
        problems += _unknown(reading, column, (*allowed, *dirty), todo)
        for word, why in dirty.items():
            left_out = _left_out(reading, column, f"{reading.word(column)} = {texts([word])}")
            problems += _one(
                WARNING, reading, column, left_out, ", ".join(allowed), f"nothing; not used: it {why}"
            )
    return problems + _absent(reading)


def needed_words(table: Table) -> dict[str, set[str]]:
    """Of split columns that every statistic filters: the words that some statistic wants."""
    wanted = [statistic.where for statistic in table.statistics.values()]
    return {
        column: {word for where in wanted for word in where[column]}
        for column in table.split_columns
        if wanted and all(column in where for where in wanted)
    }


def register_periods(reading: Reading) -> list[Problem]:
    """Adds the file's school years to the table `periods` (word, period)."""
    connection, column = reading.connection, reading.table.period
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS periods (word VARCHAR, period VARCHAR)")
    known = {word for (word,) in connection.execute("SELECT word FROM periods").fetchall()}
    allowed, problems = "a school year such as 2015-16, 2015-2016 or 1516", []
    for word, row, count in reading.found(column, "TRUE"):
        if word in known:
            continue
        try:
            connection.execute("INSERT INTO periods VALUES (?, ?)", [word, parse_period(word)])
        except ValueError:
            name = reading.file.name
            problems.append(
                Problem(ERROR, name, shown(word), allowed, "correct the value", row, column, count)
            )
    return shortened(problems)


def check_numbers(reading: Reading) -> list[Problem]:
    """Text where a number should be, shares outside 0 to 1, counts below 0, in rows that are used."""
    table, problems = reading.table, []
    shares = share_columns(table)
    tokens = " or ".join(repr(word) for word in reading.missing)
    for column in table.numbers:
        number = reading.number(column)
        not_one = f"{reading.state(column)} = 'value' AND NOT COALESCE(ISFINITE({number}), FALSE)"
        todo = "correct the value, or name it under `missing:` in the mapping"
        problems += _wrong(reading, column, not_one, f"a number, or {tokens}", todo)
        if column in shares:
            outside = f"ISFINITE({number}) AND {number} NOT BETWEEN 0 AND 1"
            problems += _wrong(reading, column, outside, "a share from 0 to 1", "write 54 % as 0.54")
        else:
            below = f"ISFINITE({number}) AND {number} < 0"
            problems += _wrong(reading, column, below, "0 or more", "correct the value")
    return problems


def share_columns(table: Table) -> set[str]:
    """Columns whose numbers lie between 0 and 1."""
    return {column for statistic in table.statistics.values() for column in statistic.share or ()} | {
        *table.sum_to_one
    }


def shown(word: str) -> str:
    """A file's word in a sentence: in quotation marks, and no longer than needed to find it."""
    return repr(word if len(word) <= 60 else f"{word[:60]}...")


def shortened(problems: list[Problem]) -> list[Problem]:
    """The first ones, and one that says how many more there are."""
    if len(problems) <= _LISTED:
        return problems
    last, rest = problems[_LISTED - 1], problems[_LISTED - 1 :]
    found = f"{len(rest)} further ones, beginning with {last.found}"
    count = sum(problem.count for problem in rest)
    more = Problem(last.severity, last.file, found, last.allowed, last.todo, last.row, last.column, count)
    return [*problems[: _LISTED - 1], more]


def _units(reading: Reading) -> list[Problem]:
    """Ids of the wrong length, rows of the state that are not the state's; units that are left out."""
    column, units = reading.table.unit, reading.source.units
    word = reading.word(column)
    if reading.level == "state":
        code = units.state.code or units.state.id
        wrong, allowed = f"{word} <> {texts([code])}", f"{code} in a file of the state"
    else:
        wrong, allowed = (
            f"LENGTH({word}) <> {reading.digits}",
            f"{reading.digits} characters, leading zeros kept",
        )
    todo = "read the column as text, so that no leading zero is lost"
    problems = [
        Problem(ERROR, reading.file.name, shown(word), allowed, todo, row, column, count)
        for word, row, count in reading.found(column, wrong)
    ]
    left_out = _left_out(reading, column, reading.skipped_unit())
    todo = f"nothing; {units.skip_why}"
    return shortened(problems) + _one(NOTE, reading, column, left_out, "districts and their schools", todo)


def _unknown(reading: Reading, column: str, known: Collection[str], todo: str) -> list[Problem]:
    allowed = ", ".join(sorted(known))
    found = reading.found(column, f"{reading.word(column)} NOT IN ({texts(known)})")
    name = reading.file.name
    return shortened(
        [Problem(ERROR, name, shown(word), allowed, todo, row, column, count) for word, row, count in found]
    )


def _absent(reading: Reading) -> list[Problem]:
    """Words that a statistic wants and no row has: the publisher may have renamed them."""
    problems = []
    for column, needed in needed_words(reading.table).items():
        there = {word for word, _, _ in reading.found(column, "TRUE")}
        todo = "see whether the publisher changed the word"
        for word in sorted(needed - there):
            found = f"no row with {word!r}"
            problems.append(
                Problem(WARNING, reading.file.name, found, "rows for what is read", todo, column=column)
            )
    return problems


def _left_out(reading: Reading, column: str, where: str) -> list[tuple[str, int, int]]:
    return [] if where == "FALSE" else reading.found(column, where)


def _one(
    severity: str, reading: Reading, column: str, found: list[tuple[str, int, int]], allowed: str, todo: str
) -> list[Problem]:
    """One problem for all the words found; none for none."""
    if not found:
        return []
    words = "; ".join(sorted(shown(word) for word, _, _ in found))
    row, count = min(row for _, row, _ in found), sum(count for _, _, count in found)
    return [Problem(severity, reading.file.name, words, allowed, todo, row, column, count)]


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
    if column in (table.count, *table.sum_to_one) or not all(wanted):
        return "TRUE"
    rows = [
        " AND ".join(f"{reading.word(name)} IN ({texts(words)})" for name, words in where.items())
        for where in wanted
    ]
    return f"({' OR '.join(rows)})"
