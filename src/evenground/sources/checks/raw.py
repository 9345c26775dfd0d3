"""A table as it is written: text columns and the row of each line, before any mapping."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import duckdb

from evenground.engine import quoted
from evenground.model import parse_period
from evenground.sources.checks.catalogue import checks

_PARTS = re.compile(r"[a-z]+|[0-9]+|%|ñ")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_MOST_WORDS = 400  # a column with more different values is no column of years


@dataclass(frozen=True)
class Column:
    """What the values of one column are like, over its distinct values.

    `filled`: rows with something in them; `numbers`, `digits`, `dates`: of those, rows with a number, with
    digits only, with a day as a spreadsheet writes it (5-Mar, Mar-05).
    """

    name: str
    place: int
    filled: int
    distinct: int
    numbers: int
    digits: int
    dates: int
    zeros_in_front: int
    low: float | None
    high: float | None
    fractions: int  # distinct numbers that are not whole

    @property
    def is_number(self) -> bool:
        """Numbers that one could add: no ids, no years; stars and the like may stand between them."""
        return self.numbers > self.filled / 2 and not self.is_id and not self.is_year

    @property
    def is_id(self) -> bool:
        """Digits that name something: they have zeros in front, or the column's name says so."""
        if self.digits < 0.9 * self.filled or not self.filled:
            return False
        return self.zeros_in_front > 0 or says(self.name, checks()["scientific_id"].words["id"])

    @property
    def is_year(self) -> bool:
        return says(self.name, checks()["wrong_year"].words["year"]) and self.distinct <= _MOST_WORDS

    @property
    def is_share(self) -> bool:
        return says(self.name, checks()["only_0_and_100"].words["share"])


_WIDE = 200


@dataclass(frozen=True)
class Raw:
    """One file as the DuckDB relation `relation`: "row" (as a spreadsheet counts) and text columns c0, c1,
    and so on, since a file's own names may be any word of SQL.

    `figures` is the same with the columns of numbers as numbers and the column of years as `school_year`.
    """

    connection: duckdb.DuckDBPyConnection
    file: str
    relation: str
    figures: str
    rows: int
    columns: tuple[Column, ...]
    year: Column | None  # the column of school years, if there is one
    persons: bool = False  # rows are of persons: what stands in a cell is not told, only its shape

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)

    def told(self, value: str) -> str:
        """What stands in a cell, for a sentence: short, and of persons only its shape."""
        if self.persons:
            value = re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "9", value))
        return value if len(value) <= 40 else f"{value[:40]}..."

    @property
    def numbers(self) -> list[Column]:
        return [column for column in self.columns if column.is_number]

    def ask(self, query: str) -> list[tuple]:  # type: ignore[type-arg]
        return self.connection.execute(query).fetchall()


def profiled(
    connection: duckdb.DuckDBPyConnection,
    file: str,
    relation: str,
    columns: Sequence[str],
    *,
    persons: bool = False,
) -> Raw:
    """A relation with "row" and text columns, looked at column by column."""
    words, figures = quoted(f"words of {relation}"), quoted(f"figures of {relation}")
    chosen = ['"row"', *(f"{quoted(column)} AS c{place}" for place, column in enumerate(columns))]
    # A view is bound anew, column by column, whenever it is asked: too slow for the widest files.
    kind = "TABLE" if len(columns) > _WIDE else "VIEW"
    connection.execute(
        f"CREATE OR REPLACE TEMP {kind} {words} AS SELECT {', '.join(chosen)} FROM {quoted(relation)}"
    )
    rows = connection.execute(f"SELECT COUNT(*) FROM {words}").fetchall()[0][0]
    looked_at = tuple(_column(connection, words, column, place) for place, column in enumerate(columns))
    year = next((each for each in looked_at if each.is_year and _years(connection, words, each)), None)
    numbers = [f"{number(name(each))} AS {name(each)}" for each in looked_at if each.is_number]
    given = f"NULLIF(TRIM({name(year)}), '')" if year else "NULL"
    numbers.append(f"{given} AS school_year")
    connection.execute(
        f'CREATE OR REPLACE TEMP TABLE {figures} AS SELECT "row", {", ".join(numbers)} FROM {words}'
    )
    return Raw(connection, file, words, figures, rows, looked_at, year, persons)


def _years(connection: duckdb.DuckDBPyConnection, relation: str, column: Column) -> bool:
    words = f"SELECT DISTINCT TRIM({name(column)}) AS y FROM {relation} WHERE y <> ''"
    found = connection.execute(words).fetchall()
    return bool(found) and all(period_of(word) for (word,) in found)


def _column(connection: duckdb.DuckDBPyConnection, relation: str, column: str, place: int) -> Column:
    row = connection.execute(f"""
        WITH words AS (SELECT TRIM(c{place}) AS v, COUNT(*) AS n FROM {relation} GROUP BY 1), seen AS (
            SELECT v, n, {number("v")} AS q, regexp_full_match(v, '[0-9]+') AS digits FROM words WHERE v <> ''
        )
        SELECT COALESCE(SUM(n), 0), COUNT(*), COALESCE(SUM(n) FILTER (q IS NOT NULL), 0),
               COALESCE(SUM(n) FILTER (digits), 0), COALESCE(SUM(n) FILTER ({spreadsheet_day("v")}), 0),
               COALESCE(SUM(n) FILTER (digits AND v LIKE '0_%'), 0), MIN(q), MAX(q),
               COUNT(*) FILTER (q <> ROUND(q))
        FROM seen""").fetchall()[0]
    filled, distinct, numbers, digits, dates, zeros = map(int, row[:6])
    return Column(column, place, filled, distinct, numbers, digits, dates, zeros, row[6], row[7], int(row[8]))


def number(value: str) -> str:
    """SQL: a text as a number, whatever signs stand around it; infinity and nan are none."""
    parsed = f"TRY_CAST(REPLACE(RTRIM(LTRIM({value}, ' $'), ' %'), ',', '') AS DOUBLE)"
    return f"CASE WHEN ISFINITE({parsed}) THEN {parsed} END"


def spreadsheet_day(value: str) -> str:
    """SQL: 5-Mar, Mar-05, 5-Mar-24."""
    month = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    return f"regexp_full_match(LOWER({value}), '[0-9]{{1,2}}-{month}(-[0-9]{{2,4}})?|{month}-[0-9]{{2,4}}')"


def name(column: Column) -> str:
    """The column in SQL."""
    return f"c{column.place}"


def says(column: str, words: Iterable[str]) -> bool:
    """Whether a column's name has one of the words as a word: `sch_id` has id, `CDSCode` has code."""
    lower = " ".join(_PARTS.findall(_CAMEL.sub(" ", column).lower()))
    return any(f" {word} " in f" {lower} " or (word == "%" and "%" in lower) for word in words)


def period_of(word: str) -> str | None:
    """The school year that a text says; 2015.0 is what a frame makes of 2015."""
    try:
        return parse_period(word.removesuffix(".0"))
    except ValueError:
        return None
