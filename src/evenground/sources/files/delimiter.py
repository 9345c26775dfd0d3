"""Which character stands between the columns of a text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from evenground.sources.files.records import Cells
from evenground.sources.files.trouble import Unreadable

DELIMITERS = {",": "commas", "\t": "tabs", ";": "semicolons", "|": "bars", "^": "carets"}
_ROWS = 40


def find_delimiter(rows: Sequence[bytes]) -> str:
    """The character that cuts most of the rows into equally many columns, and into most of them."""
    judged = [row for row in rows if row.strip()][:_ROWS]
    best, most = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        mark, cells = delimiter.encode(), Cells(delimiter)
        counts = Counter(len(cells.cut(row)[0]) for row in judged if mark in row)
        if not counts:
            continue
        width, rows_of_it = max(counts.items(), key=lambda pair: (pair[1], pair[0]))
        score = (rows_of_it / len(judged), width)
        if width > 1 and score > most:
            best, most = delimiter, score
    return best


def check_delimiter(delimiter: str) -> None:
    """Raises Unreadable where a layout names something else than one character of a table's text."""
    if len(delimiter) != 1 or delimiter in '"\r\n ' or not delimiter.isascii() or delimiter == "\0":
        allowed = "one character: a comma, tab, semicolon, bar or caret"
        raise Unreadable(f"the delimiter {delimiter[:10]!r} in the layout", allowed, "correct the layout")
