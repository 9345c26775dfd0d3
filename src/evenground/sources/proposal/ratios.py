"""Arithmetic between the columns of a file: of which counts a percentage is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from evenground.engine import quoted
from evenground.sources.proposal.figures import Figure
from evenground.sources.proposal.matter import COUNT, SHARE, STUDENTS, TOTAL
from evenground.sources.proposal.meant import Meant
from evenground.sources.proposal.recognition import recognition
from evenground.sources.proposal.seen import TABLE

_COUNTS = 20  # with more counts than this, their ratios are not looked at: there would be too many pairs


@dataclass(frozen=True)
class Ratio:
    """Three numbers of which the first over the second is the third, in `rows` of `every` rows."""

    total: str
    n: str
    share: str
    rows: int
    every: int

    @property
    def evidence(self) -> str:
        return f"`{self.total}` / `{self.n}` is `{self.share}` in {self.rows:,} of {self.every:,} rows"


def ratios_of(connection: duckdb.DuckDBPyConnection, meant: Sequence[Meant]) -> list[Ratio]:
    """Counts of which one over the other is a percentage of the file: arithmetic, whatever the names."""
    shares = [one for one in meant if one.part == SHARE]
    counts = [one for one in meant if one.part in (STUDENTS, TOTAL, COUNT)]
    if not shares or len(counts) < 2 or len(counts) > _COUNTS:
        return []
    _as_numbers(connection, [*shares, *counts])
    found = []
    for share in shares:
        best: Ratio | None = None
        for total in counts:
            for n in counts:
                ratio = _ratio(connection, total, n, share) if n is not total else None
                if ratio and (best is None or ratio.rows > best.rows):
                    best = ratio
        if best:
            found.append(best)
    return found


def _as_numbers(connection: duckdb.DuckDBPyConnection, meant: Sequence[Meant]) -> None:
    """The table `numbers`: the columns of these figures, turned into numbers once."""
    columns = dict.fromkeys(column for one in meant for column in one.figure.columns.values())
    parts = ", ".join(f"{_number(column)} AS {quoted(column)}" for column in columns)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE numbers AS SELECT {parts} FROM {TABLE}")


def _ratio(connection: duckdb.DuckDBPyConnection, total: Meant, n: Meant, share: Meant) -> Ratio | None:
    columns = [_aligned(one.figure, share.figure) for one in (total, n, share)]
    if any(column is None for column in columns):
        return None
    t, d, s = (quoted(str(column)) for column in columns)
    scale = 100 if share.percent else 1
    rounding = (0.5 * 10.0**-share.decimals) * 1.02 + recognition().limit("ratio_rounding") * scale
    rows, every, apart = connection.execute(f"""
        SELECT COUNT(*) FILTER (ABS(t / d * {scale} - s) <= {rounding!r}), COUNT(*), COUNT(DISTINCT s)
        FROM (SELECT {t} AS t, {d} AS d, {s} AS s FROM numbers) WHERE d > 0 AND s > 0 AND t IS NOT NULL
    """).fetchall()[0]
    if every < 3 or apart < 3 or rows < recognition().limit("same_ratio") * every:
        return None
    return Ratio(total.name, n.name, share.name, rows, every)


def _aligned(figure: Figure, like: Figure) -> str | None:
    """A column of a figure for the first group of another."""
    if not like.columns or len(figure.words) != len(like.words):
        return None
    wanted = tuple(word.casefold() for word in next(iter(like.columns)))
    held = {tuple(word.casefold() for word in words): column for words, column in figure.columns.items()}
    return held.get(wanted)


def _number(column: str) -> str:
    return f"TRY_CAST(TRANSLATE(RTRIM(TRIM({quoted(column)}), '% '), ',$', '') AS DOUBLE)"
