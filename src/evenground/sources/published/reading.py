"""One file of a mapped table, and the SQL that says what its columns mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from evenground.sources.published.files import Loaded
from evenground.sources.published.mapping import Level, Source, Table
from evenground.sources.published.sql import quoted, text, texts


@dataclass(frozen=True)
class Reading:
    """A loaded file that is read as `table` at `level`. Columns are those of the file, named `r`."""

    connection: duckdb.DuckDBPyConnection
    source: Source
    key: str
    level: Level
    file: Loaded

    @property
    def table(self) -> Table:
        return self.source.tables[self.key]

    @property
    def missing(self) -> Mapping[str, str]:
        """What stands where a number is missing, and why it is."""
        return self.source.missing if self.table.missing is None else self.table.missing

    def word(self, column: str) -> str:
        """A text column; nothing is the empty word."""
        return f"COALESCE(r.{quoted(column)}, '')"

    def state(self, column: str) -> str:
        """value, or why a number is not there."""
        cases = " ".join(f"WHEN {text(word)} THEN {text(state)}" for word, state in self.missing.items())
        return f"CASE TRIM({self.word(column)}) {cases} ELSE 'value' END"

    def number(self, column: str) -> str:
        return f"CASE WHEN {self.state(column)} = 'value' THEN TRY_CAST(r.{quoted(column)} AS DOUBLE) END"

    def unit_id(self) -> str:
        """Our id of the unit: the state's own, or the beginning of the file's id."""
        if self.level == "state":
            return text(self.source.units.state.id)
        return f"LEFT({self.word(self.table.unit)}, {self.digits})"

    @property
    def digits(self) -> int:
        units = self.source.units
        return units.district_digits if self.level == "district" else units.school_digits

    def skipped_unit(self) -> str:
        """SQL: the row is of a unit that is left out."""
        units = self.source.units
        if self.level == "state" or not units.skip:
            return "FALSE"
        return f"LEFT({self.word(self.table.unit)}, {units.district_digits}) IN ({texts(units.skip)})"

    def found(self, column: str, where: str) -> list[tuple[str, int, int]]:
        """The words of a column in the rows `where`, with the first row and the number of rows of each."""
        return self.connection.execute(f"""
            SELECT {self.word(column)} AS word, MIN(r."row") AS first, COUNT(*)
            FROM {quoted(self.file.table)} AS r WHERE {where} GROUP BY word ORDER BY first""").fetchall()
