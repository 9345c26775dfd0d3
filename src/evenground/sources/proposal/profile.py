"""What a column holds, seen as a whole: its words, its numbers, what stands where a number should be."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import duckdb

from evenground.engine import quoted
from evenground.sources.proposal.recognition import recognition

_ODD = 60  # different words beside numbers that are kept
_EXAMPLES = 5


@dataclass(frozen=True)
class Profile:
    """One column. `words` are its different words with their rows, most frequent first; empty where it has
    more than a list of codes would. `odd` are the words that are no number. Numbers are read as people write
    them: `1,234`, `45.3%`.
    """

    name: str
    rows: int
    filled: int
    distinct: int
    words: Mapping[str, int]
    numbers: int
    whole: int
    percents: int
    low: float | None
    high: float | None
    decimals: int
    odd: Mapping[str, int]
    negative: Mapping[str, int]
    lengths: Mapping[int, int]
    digits: bool
    letters: int

    @cached_property
    def marks(self) -> dict[str, str]:
        """What stands where a number should be -> hidden, not_reported or not_applicable."""
        known = {
            word: state
            for state in ("hidden", "not_reported", "not_applicable")
            for word in getattr(recognition().marks, state)
        }
        return {word: known[word.strip().lower()] for word in self.odd if word.strip().lower() in known}

    @cached_property
    def is_number(self) -> bool:
        """Whether it holds numbers, with marks for those that are hidden or missing."""
        unknown = self.filled - self.numbers - sum(self.odd[word] for word in (*self.marks, *self.ranges))
        if self.numbers == 0:
            return self.filled > 0 and unknown == 0 and len(self.odd) <= _ODD
        return unknown <= (1 - recognition().limit("numeric_rows")) * self.filled

    @cached_property
    def ranges(self) -> tuple[str, ...]:
        """Words that say between which bounds a number lies: `<5`, `GE95`, `21-39`."""
        return tuple(word for word in self.odd if is_range(word) and word not in self.marks)

    @property
    def examples(self) -> tuple[str, ...]:
        return tuple(self.words)[:_EXAMPLES]


def is_range(word: str) -> bool:
    bare = word.strip().upper().replace(" ", "").rstrip("%")
    pattern = r"(<|>|<=|>=|≤|≥|LT|GT|LE|GE)=?\d+(\.\d+)?%?|\d+(\.\d+)?%?(-|–|TO)\d+(\.\d+)?"
    return re.fullmatch(pattern, bare) is not None


def profiles(connection: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str]) -> dict[str, Profile]:
    """The profile of every column of a table of text."""
    return {column: _profile(connection, table, column) for column in columns}


def _profile(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> Profile:
    name, source = quoted(column), quoted(table)
    listed = int(recognition().limit("listed_words"))
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE words_of AS
        SELECT TRIM({name}) AS word, COUNT(*) AS many,
               TRY_CAST(TRANSLATE(RTRIM(RTRIM(TRIM({name}), '%')), ',$', '') AS DOUBLE) AS number
        FROM {source} WHERE TRIM({name}) <> '' GROUP BY 1, 3""")
    numbers = "number IS NOT NULL AND ISFINITE(number)"
    row = connection.execute(f"""
        SELECT (SELECT COUNT(*) FROM {source}), COALESCE(SUM(many), 0), COUNT(*),
               COALESCE(SUM(many) FILTER ({numbers}), 0),
               COALESCE(SUM(many) FILTER ({numbers} AND number = FLOOR(number)), 0),
               COALESCE(SUM(many) FILTER ({numbers} AND word LIKE '%\\%' ESCAPE '\\'), 0),
               MIN(number) FILTER ({numbers} AND number >= 0), MAX(number) FILTER ({numbers}),
               COALESCE(MAX(LENGTH(SPLIT_PART(RTRIM(RTRIM(word, '%')), '.', 2))) FILTER ({numbers}), 0),
               COALESCE(BOOL_AND(REGEXP_FULL_MATCH(word, '[0-9]+')), FALSE),
               COALESCE(SUM(many) FILTER (REGEXP_MATCHES(word, '[A-Za-z]')), 0)
        FROM words_of""").fetchall()[0]
    rows, filled, distinct, count, whole, percents, low, high, decimals, digits, letters = row

    def listing(where: str, limit: int) -> dict[str, int]:
        return dict(
            connection.execute(
                f"SELECT word, many FROM words_of WHERE {where} ORDER BY many DESC, word LIMIT {limit}"
            ).fetchall()
        )

    lengths = dict(
        connection.execute(
            "SELECT LENGTH(word), SUM(many)::BIGINT AS many FROM words_of "
            "GROUP BY 1 ORDER BY many DESC LIMIT 20"
        ).fetchall()
    )
    return Profile(
        name=column,
        rows=rows,
        filled=int(filled),
        distinct=distinct,
        words=listing("TRUE", listed) if distinct <= listed else {},
        numbers=int(count),
        whole=int(whole),
        percents=int(percents),
        low=low,
        high=high,
        decimals=int(decimals),
        odd=listing(f"NOT COALESCE({numbers}, FALSE)", _ODD * 3),
        negative=listing(f"{numbers} AND number < 0", _ODD),
        lengths=lengths,
        digits=bool(digits),
        letters=int(letters),
    )
