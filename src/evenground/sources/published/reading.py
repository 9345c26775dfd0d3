"""One file of a mapped table, and the SQL that says what its columns mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

import duckdb

from evenground.engine import literal, quoted
from evenground.sources.published.files import Loaded
from evenground.sources.published.layout import Level, Table
from evenground.sources.published.mapping import Source
from evenground.sources.published.places import district_of, known_state
from evenground.sources.published.sql import texts
from evenground.sources.published.writing import ABSENT, RANGE, number, range_end


@dataclass(frozen=True)
class Reading:
    """Rows of a file that are read as `table` at `level`. Columns are those of the table, named `r`."""

    connection: duckdb.DuckDBPyConnection
    source: Source
    key: str
    level: Level
    file: Loaded
    rows: str  # the relation that they come from, before groups in columns became rows

    @property
    def table(self) -> Table:
        return self.source.tables[self.key]

    @property
    def missing(self) -> Mapping[str, str]:
        """What stands where a number is missing, and why it is."""
        given = self.source.missing if self.table.missing is None else self.table.missing
        return {word: meaning.state for word, meaning in given.items()}

    @property
    def reasons(self) -> Mapping[str, str]:
        """Of these words, those with a reason of the publisher's."""
        given = self.source.missing if self.table.missing is None else self.table.missing
        return {word: meaning.why for word, meaning in given.items() if meaning.why}

    def word(self, column: str) -> str:
        """A text column; blanks around are gone, and nothing is the empty word."""
        return f"r.{quoted(column)}"

    def state(self, column: str) -> str:
        """value, or why a number is not there."""
        word, states = self.word(column), {**self.missing, ABSENT: "not_reported"}
        whys = " ".join(
            f"WHEN {literal(given)} THEN {literal('value' if state == 'zero' else state)}"
            for given, state in states.items()
        )
        cases = [f"WHEN {word} NOT IN ({texts(states)}) THEN 'value'"]
        if self.may_be_range(column):
            cases.insert(0, f"WHEN regexp_full_match({word}, {literal(RANGE)}) THEN 'hidden'")
        if zero := self._is_zero(column):
            cases.append(f"WHEN {zero} THEN 'value'")
        return f"CASE {' '.join(cases)} ELSE CASE {word} {whys} END END"

    def number(self, column: str) -> str:
        """The number, null where there is none; a share is written from 0 to 1."""
        word = self.word(column)
        cases = []
        if zero := self._is_zero(column):
            cases.append(f"WHEN {zero} THEN 0")
        zeros = [given for given, state in self.missing.items() if state == "zero"]
        if zeros:
            cases.append(f"WHEN {word} IN ({texts(zeros)}) THEN 0")
        cases.append(f"WHEN {word} IN ({texts((*self.missing, ABSENT))}) THEN NULL")
        for given, value in self.table.values.get(column, {}).items():
            cases.append(f"WHEN {word} = {literal(given)} THEN {value!r}")
        percent = self.is_share(column) and bool(self.table.percent)
        return f"CASE {' '.join(cases)} ELSE {number(word, percent, self.table.decimal)} END"

    def bound(self, column: str, end: str) -> str:
        """The low or high end of what the number may be; null where nothing is said."""
        word = self.word(column)
        percent = self.is_share(column) and bool(self.table.percent)
        if not self.may_be_range(column):
            return "NULL::DOUBLE"
        there = f"regexp_full_match({word}, {literal(RANGE)})"
        return f"CASE WHEN {there} THEN {range_end(word, end, percent, self.is_share(column))} END"

    def is_share(self, column: str) -> bool:
        return column in share_columns(self.table)

    def may_be_range(self, column: str) -> bool:
        totals = {name for statistic in self.table.statistics.values() for name in statistic.total or ()}
        return self.table.blurred and (self.is_share(column) or column in totals)

    def unit_id(self) -> str:
        """Our id of the unit: the state's own, or the beginning of the file's id."""
        word, units = self.word(self.table.unit_column), self.source.units
        if self.level == "state":
            return literal(units.state.id) if units.state else known_state(units, word)
        if self.level == "district" and units.district is not None:
            return literal(units.district.id)
        return f"LEFT({word}, {self.digits})" if self.digits else word

    @property
    def digits(self) -> int | None:
        units = self.source.units
        return units.district_digits if self.level == "district" else units.school_digits

    def skipped_unit(self) -> str:
        """SQL: the row is of a unit that is left out."""
        units = self.source.units
        if self.level == "state" or not units.skip:
            return "FALSE"
        return f"{district_of(units, self.word(self.table.unit_column))} IN ({texts(units.skip)})"

    def found(self, column: str, where: str) -> list[tuple[str, int, int]]:
        """The words of a column in the rows `where`, with the first row and the number of rows of each."""
        own = column not in (*self.table.marks, *self.table.numbers)
        relation = self.rows if own else self.file.table
        return self.connection.execute(f"""
            SELECT {self.word(column)} AS word, MIN(r."row") AS first, COUNT(*)
            FROM {quoted(relation)} AS r WHERE {where} GROUP BY word ORDER BY first""").fetchall()

    def _is_zero(self, column: str) -> str:
        """SQL: a reserve code that is a true zero in this row; empty where no code can be."""
        conditions = [
            " AND ".join(f"{self.word(name)} IN ({texts(words)})" for name, words in zero.where.items())
            for zero in self.table.zeros
            if any(fnmatchcase(column, pattern) for pattern in zero.columns)
        ]
        if not conditions:
            return ""
        reserved = f"{self.word(column)} IN ({texts(self.missing)})"
        return f"({reserved} AND ({' OR '.join(conditions)}))"


def share_columns(table: Table) -> set[str]:
    """Columns whose numbers lie between 0 and 1."""
    shares = {column for statistic in table.statistics.values() for column in statistic.share or ()}
    named = () if isinstance(table.percent, bool) else table.percent
    return shares | {*table.sum_to_one, *named, *(part.share for part in table.split)}
