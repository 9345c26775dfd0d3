"""Columns of numbers that cannot be what their name says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from evenground.sources.checks.catalogue import checks
from evenground.sources.checks.raw import Raw, name
from evenground.sources.checks.remark import Remark, Word

Span = tuple[str, float, float, int, int, float, int]
"""Place, lowest and highest value, values, values that are not whole, the middle value, first row."""


def check_numbers(raw: Raw) -> Iterator[Remark]:
    """flat_column, flat_year, only_0_and_100, share_above_whole, swapped_columns, percent_or_fraction."""
    yield from _flat(raw)
    yield from _only_0_and_100(raw)
    yield from _above_whole(raw)
    if raw.year:
        for column, spans in _by_year(raw).items():
            yield from _flat_years(raw, column, spans)
            yield from _percent_or_fraction(raw.file, column, spans)
        yield from _swapped(raw)


def check_shares_together(tables: Sequence[Raw]) -> Iterator[Remark]:
    """percent_or_fraction between files: columns of the same name."""
    held = Counter(column.name for raw in tables for column in raw.numbers)
    spans: dict[str, list[Span]] = {}
    for raw in tables:
        for column in raw.numbers:
            if held[column.name] > 1 and column.low is not None and column.high is not None:
                middle = raw.ask(f"SELECT MEDIAN({name(column)}) FROM {raw.figures}")[0][0]
                found = raw.file, column.low, column.high, column.numbers, column.fractions, middle, 2
                spans.setdefault(column.name, []).append(found)
    for column_name, places in spans.items():
        for remark in _percent_or_fraction("", column_name, places):
            yield Remark(
                remark.check, str(remark.words["place"]), None, column_name, remark.count, remark.words
            )


def _flat(raw: Raw) -> Iterator[Remark]:
    least = checks()["flat_column"].parameters["least_rows"]
    flat = [
        column.name
        for column in raw.columns
        if column.is_number and column.distinct == 1 and column.filled >= least
    ]
    if flat:
        shown = ", ".join(flat[:8]) + (f" (+{len(flat) - 8})" if len(flat) > 8 else "")
        yield Remark("flat_column", raw.file, None, flat[0], 1, {"columns": shown})


def _only_0_and_100(raw: Raw) -> Iterator[Remark]:
    least = checks()["only_0_and_100"].parameters["least_rows"]
    for column in raw.columns:
        whole = column.high
        if not (column.is_number and column.is_share and column.low == 0 and whole in (1, 100)):
            continue
        between = f"{name(column)} NOT IN (0, {whole})"
        if (
            column.numbers >= least
            and not raw.ask(f"SELECT 1 FROM {raw.figures} WHERE {between} LIMIT 1")
            and whole is not None
        ):
            yield Remark("only_0_and_100", raw.file, None, column.name, column.numbers, {"whole": whole})


def _above_whole(raw: Raw) -> Iterator[Remark]:
    given = checks()["share_above_whole"].parameters
    for column in raw.numbers:
        if not column.is_share or column.high is None or column.numbers < given["least_values"]:
            continue
        # a column of percentages has many values above 1, a column of fractions few
        above_1 = raw.ask(f"SELECT COUNT(*) FROM {raw.figures} WHERE {name(column)} > 1 + {given['slack']}")
        whole = 1 if above_1[0][0] <= given["most_share"] * column.numbers else 100
        count, row, value = raw.ask(f"""
            SELECT COUNT(*), MIN("row"), ARG_MIN({name(column)}, "row") FROM {raw.figures}
            WHERE {name(column)} > {whole * (1 + given["slack"])}""")[0]
        if 0 < count <= given["most_share"] * column.numbers and column.fractions:
            words = {"value": value, "whole": whole}
            yield Remark("share_above_whole", raw.file, row, column.name, count, words)


def _by_year(raw: Raw) -> dict[str, list[Span]]:
    """Of every column of numbers its span in every school year; one scan."""
    columns = raw.numbers
    parts = [
        f"MIN({q}), MAX({q}), COUNT({q}), COUNT(*) FILTER ({q} <> ROUND({q})), MEDIAN({q})"
        for q in map(name, columns)
    ]
    if not parts:
        return {}
    rows = raw.ask(f"""
        SELECT school_year, MIN("row"), {", ".join(parts)} FROM {raw.figures}
        WHERE school_year IS NOT NULL GROUP BY 1 ORDER BY 1""")
    return {
        column.name: [
            (row[0], *row[2 + 5 * place : 7 + 5 * place], row[1]) for row in rows if row[4 + 5 * place]
        ]
        for place, column in enumerate(columns)
    }


def _flat_years(raw: Raw, column: str, spans: list[Span]) -> Iterator[Remark]:
    """A year with one value, where all other years with as many rows have several."""
    least = checks()["flat_year"].parameters["least_rows"]
    large = [span for span in spans if span[3] >= least]
    flat = [span for span in large if span[1] == span[2]]
    if len(flat) * 2 < len(large):
        for year, low, _, values, _, _, row in flat:
            words = {"value": f"{low:g}", "year": year}
            yield Remark("flat_year", raw.file, row, column, values, words)


def _percent_or_fraction(file: str, column: str, spans: Sequence[Span]) -> Iterator[Remark]:
    given = checks()["percent_or_fraction"].parameters
    large = [span for span in spans if span[3] >= given["least_values"]]
    fractions = [span for span in large if span[1] >= 0 and span[2] <= 1 and span[4] >= given["least_values"]]
    percents = [span for span in large if span[1] >= 0 and span[5] > 1 and span[2] <= given["highest"]]
    if not fractions or not percents:
        return
    few, many = sorted((fractions, percents), key=len)
    for place, _, high, values, _, _, row in few:
        other = many[0]
        words: dict[str, Word] = {"place": place, "high": high, "other": other[0], "low": other[2]}
        yield Remark("percent_or_fraction", file, row, column, values, words)


def _swapped(raw: Raw) -> Iterator[Remark]:
    given = checks()["swapped_columns"].parameters
    columns = [column for column in raw.numbers if column.distinct > 2]
    if not 2 <= len(columns) <= given["most_columns"]:
        return
    pairs = list(combinations(columns, 2))
    parts = []
    for one, other in pairs:
        a, b = name(one), name(other)
        parts.append(
            f"COUNT({a} + {b}), AVG(({a} <= {b})::TINYINT), AVG(({a} >= {b})::TINYINT), "
            f"AVG(({a} = {b})::TINYINT), MIN({a}) = MAX({a}) OR MIN({b}) = MAX({b})"
        )
    rows = raw.ask(f"""
        SELECT school_year, MIN("row"), {", ".join(parts)} FROM {raw.figures}
        WHERE school_year IS NOT NULL GROUP BY 1 ORDER BY 1""")
    for place, (one, other) in enumerate(pairs):
        years = [_Order(row[0], row[1], *row[2 + 5 * place : 7 + 5 * place]) for row in rows]
        kept = [year for year in years if year.rows >= given["least_rows"] and not year.flat]
        yield from _changed_places(raw.file, one.name, other.name, kept, given["usual"])


@dataclass(frozen=True)
class _Order:
    """How two columns stand to each other in a year: shares of rows in which one is at most, at least, equal
    to the other."""

    year: str
    first: int
    rows: int
    below: float
    above: float
    same: float
    flat: bool  # one of them never changes: it was not filled in

    @property
    def turned(self) -> _Order:
        return replace(self, below=self.above, above=self.below)


def _changed_places(
    file: str, one: str, other: str, years: Sequence[_Order], usual: float
) -> Iterator[Remark]:
    """Where the order of the two is turned round in fewer years than it holds."""
    differ = [year for year in years if year.same < 1 - usual / 2]
    for part, whole, orders in ((one, other, differ), (other, one, [year.turned for year in differ])):
        kept = [year for year in orders if year.below >= usual]
        turned = [year for year in orders if year.above >= usual and year.below < 1 - usual / 2]
        if turned and len(kept) > len(turned) and len(kept) + len(turned) == len(orders):
            for year in turned:
                words = {"part": part, "whole": whole, "year": year.year}
                yield Remark("swapped_columns", file, year.first, part, year.rows, words)
