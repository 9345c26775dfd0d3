"""Checks of one file before its rows are used: words, ids and school years."""

from __future__ import annotations

from collections.abc import Collection

from evenground.engine import literal
from evenground.model import ERROR, NOTE, WARNING, Problem, parse_period
from evenground.sources.published.layout import SKIP, Table
from evenground.sources.published.places import district_of, state_of
from evenground.sources.published.reading import Reading
from evenground.sources.published.sql import texts

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
    connection, column = reading.connection, reading.table.period_column
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS periods (word VARCHAR, period VARCHAR)")
    given = reading.table.period.words
    known = {word for (word,) in connection.execute("SELECT word FROM periods").fetchall()}
    allowed, problems = "a school year such as 2015-16, 2015-2016 or 1516", []
    for word, row, count in reading.found(column, "TRUE"):
        if word in known:
            continue
        try:
            connection.execute(
                "INSERT INTO periods VALUES (?, ?)", [word, parse_period(given.get(word, _four_digits(word)))]
            )
        except ValueError:
            name = reading.file.name
            problems.append(
                Problem(ERROR, name, shown(word), allowed, "correct the value", row, column, count)
            )
    return shortened(problems)


def _four_digits(word: str) -> str:
    """`16` in a file's name is 2016."""
    return f"20{word}" if len(word) == 2 and word.isdigit() else word


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
    column, units = reading.table.unit_column, reading.source.units
    word = reading.word(column)
    wrong, allowed = "FALSE", "an id"
    if reading.level == "state" and units.state is not None:
        code = units.state.code or units.state.id
        wrong, allowed = f"{word} <> {texts([code])}", f"{code} in a file of the state"
    elif reading.level == "state":
        wrong = f"{reading.unit_id()} IS NULL"
        allowed = f"a state ({units.states})"
    elif reading.digits:
        wrong = f"LENGTH({word}) <> {reading.digits}"
        longer = reading.level == "district" and (units.school_digits or 0) > reading.digits
        if longer and units.school_digits:  # 01100170000000: no school in the district
            zeros = "0" * (units.school_digits - reading.digits)
            wrong += f" AND SUBSTR({word}, {reading.digits + 1}) <> {literal(zeros)}"
        allowed = f"{reading.digits} characters, leading zeros kept"
    todo = "read the column as text, so that no leading zero is lost"
    problems = [
        Problem(ERROR, reading.file.name, shown(word), allowed, todo, row, column, count)
        for word, row, count in reading.found(column, wrong)
    ]
    left_out = _left_out(reading, column, reading.skipped_unit())
    todo = f"nothing; {units.skip_why}"
    return (
        shortened(problems)
        + _one(NOTE, reading, column, left_out, "districts and their schools", todo)
        + _unknown_states(reading)
    )


def _unknown_states(reading: Reading) -> list[Problem]:
    """Ids that begin with the code of no state."""
    units, column = reading.source.units, reading.table.unit_column
    if units.states is None or reading.level == "state":
        return []
    state = state_of(units, district_of(units, reading.word(column)))
    rows = reading.found(column, f"{state} IS NULL")
    if not rows:
        return []
    allowed, todo = "an id that begins with the code of a state", "check the ids, with their leading zeros"
    count, row, name = sum(many for _, _, many in rows), rows[0][1], reading.file.name
    return [Problem(ERROR, name, shown(rows[0][0]), allowed, todo, row, column, count)]


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
