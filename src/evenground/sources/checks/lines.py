"""Rows that are no rows: headers in the body, notes below it; rows that are there twice or contradict."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import permutations, takewhile

from evenground.engine import literal
from evenground.sources.checks.catalogue import checks
from evenground.sources.checks.raw import Column, Raw, name
from evenground.sources.checks.remark import Remark

_GARBLED = "Ã[\\x{80}-\\x{BF}ƒ‚„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Â[\\x{A0}-\\x{BF}]|â€|\\x{FFFD}"
_GARBLED_HERE = re.sub(r"\\x\{([0-9A-F]+)\}", lambda code: chr(int(code[1], 16)), _GARBLED)


def check_lines(raw: Raw) -> Iterator[Remark]:
    """header_repeated, footer_row, garbled_text."""
    yield from _headers(raw)
    yield from _footers(raw)
    yield from _garbled(raw)


def _headers(raw: Raw) -> Iterator[Remark]:
    columns = raw.columns[:40]
    needed = checks()["header_repeated"].parameters["least_share"] * len(columns)
    if len(columns) < 2:
        return
    first = columns[0]
    same = " + ".join(f"(TRIM({name(column)}) = {literal(column.name)})::INTEGER" for column in columns)
    rows = raw.ask(f"""
        SELECT COUNT(*), MIN("row") FROM {raw.relation}
        WHERE TRIM({name(first)}) = {literal(first.name)} AND {same} >= {needed}""")
    count, row = rows[0]
    if count:
        yield Remark("header_repeated", raw.file, row, None, count)


def _footers(raw: Raw) -> Iterator[Remark]:
    """At the end: a row with one cell, without its first cell, or that begins like a note or total, where the
    rows above are not so."""
    check = checks()["footer_row"]
    if len(raw.columns) < check.parameters["least_columns"] or raw.rows < 3:
        return
    columns = raw.columns[:60]
    filled = " + ".join(f"(TRIM(COALESCE({name(column)}, '')) <> '')::INTEGER" for column in columns)
    first = f"LOWER(TRIM(COALESCE({name(columns[0])}, '')))"
    begins = " OR ".join(
        f"{first} = {literal(word)} OR {first} LIKE {literal(word + ':%')}" for word in check.words["begins"]
    )
    odd = f"(({filled}) = 1 OR {first} = '' OR {begins})"
    below = raw.ask(f"""
        SELECT "row", {odd} FROM {raw.relation} WHERE ({filled}) > 0
        ORDER BY "row" DESC LIMIT {check.parameters["last"]:.0f}""")
    rows = list(takewhile(lambda each: each[1], below))
    if not rows or len(rows) == len(below):
        return
    # Where a row like it stands among the others, it is one of the table's own.
    if not raw.ask(
        f'SELECT 1 FROM {raw.relation} WHERE "row" < {rows[-1][0]} AND ({filled}) > 0 AND {odd} LIMIT 1'
    ):
        yield Remark("footer_row", raw.file, rows[-1][0], None, len(rows))


def _garbled(raw: Raw) -> Iterator[Remark]:
    for column in raw.columns:
        if column.filled == column.numbers:
            continue
        rows = raw.ask(f"""
            SELECT COUNT(*), MIN("row"), ARG_MIN({name(column)}, "row") FROM {raw.relation}
            WHERE regexp_matches({name(column)}, {literal(_GARBLED)})""")
        count, row, value = rows[0]
        if count:
            # the letters of the broken pair are all that is needed to see what happened
            found = re.search(_GARBLED_HERE, value) if raw.persons else None
            shown = found[0] if found else raw.told(value)
            yield Remark("garbled_text", raw.file, row, column.name, count, {"value": shown})


def check_repeats(raw: Raw) -> Iterator[Remark]:
    """duplicate_rows, contradictory_rows."""
    given, other = checks()["duplicate_rows"].parameters, checks()["contradictory_rows"].parameters
    if len(raw.columns) < given["least_columns"] or not raw.rows:
        return
    count, row = _again(raw, list(raw.columns), list(raw.columns))
    if count and count <= given["most_share"] * raw.rows:
        yield Remark("duplicate_rows", raw.file, row, None, count)
    words = [column for column in raw.columns if not column.is_number]
    numbers = [column for column in raw.columns if column.is_number]
    if not words or not numbers or raw.rows < other["least_rows"]:
        return
    repeated, first = _again(raw, words, words, differ=numbers)
    if repeated and repeated <= max(other["most_share"] * raw.rows, 1):
        yield Remark("contradictory_rows", raw.file, first, None, repeated)


def _again(
    raw: Raw, columns: list[Column], filled: list[Column], differ: list[Column] | None = None
) -> tuple[int, int | None]:
    """Rows that repeat these columns of an earlier one (with other values in `differ`), and the first.

    Rows in which all of `filled` are empty are left out.
    """

    def hashed(names: list[Column]) -> str:
        return f"hash({', '.join(map(name, names))})"

    other = f", {hashed(differ)} AS o" if differ else ""
    varies = "AND COUNT(DISTINCT o) > 1" if differ else ""
    rows = raw.ask(f"""
        SELECT COALESCE(SUM(n - 1), 0), MIN(again) FROM (
            SELECT COUNT(*) AS n, MIN("row", 2)[2] AS again
            FROM (SELECT {hashed(columns)} AS k, "row"{other} FROM {raw.relation}
                  WHERE CONCAT({", ".join(map(name, filled))}) <> '')
            GROUP BY k HAVING n > 1 {varies})""")
    return int(rows[0][0]), rows[0][1]


def check_pairs(raw: Raw) -> Iterator[Remark]:
    """odd_pair: two columns of few words that go together, but for a few rows."""
    given = checks()["odd_pair"].parameters
    few = [
        column
        for column in raw.columns
        if 1 < column.distinct <= given["most_words"] and not column.is_number and not column.is_year
    ]
    told: set[frozenset[str]] = set()
    for one, other in permutations(few, 2):
        if frozenset((one.name, other.name)) not in told:
            for remark in _odd(raw, one, other):
                told.add(frozenset((one.name, other.name)))
                yield remark


def _odd(raw: Raw, one: Column, other: Column) -> Iterator[Remark]:
    given = checks()["odd_pair"].parameters
    rows = raw.ask(f"""
        SELECT TRIM({name(one)}) AS a, TRIM({name(other)}) AS b, COUNT(*), MIN("row") FROM {raw.relation}
        WHERE TRIM({name(one)}) <> '' AND TRIM({name(other)}) <> '' GROUP BY a, b ORDER BY a, b""")
    total = sum(n for _, _, n, _ in rows)
    for a in dict.fromkeys(a for a, _, _, _ in rows):
        pairs = sorted(((n, b, row) for each, b, n, row in rows if each == a), reverse=True)
        (most, usual, _), rest = pairs[0], pairs[1:]
        odd = sum(n for n, _, _ in rest)
        common = sum(n for _, b, n, _ in rows if b == usual) / total
        if (
            rest
            and most >= given["least_rows"]
            and odd <= given["most_odd"] * most
            and common <= given["most_common"]
        ):
            words = {
                "column_a": one.name,
                "value_a": a,
                "column_b": other.name,
                "odd": ", ".join(b for _, b, _ in rest),
                "usual": usual,
                "others": most,
            }
            yield Remark("odd_pair", raw.file, min(row for _, _, row in rest), other.name, odd, words)
