"""Text of others in files that people open in a spreadsheet: nothing in it may run.

A cell that begins with one of these signs is a formula to a spreadsheet, also after blanks, and in the wide
forms of East Asian keyboards (OWASP ASVS 5.0, 1.2.10). With an apostrophe before it, it is text.
"""

from __future__ import annotations

import re

import pyarrow as pa

_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n\0]")


def harmless(text: str) -> str:
    """A text for a cell of a CSV file."""
    return f"'{text}" if _FORMULA.match(text) else text


def harmless_table(table: pa.Table) -> pa.Table:
    """A table for a CSV file: every text in it, the names of the columns too."""
    columns = [
        pa.array([None if text is None else harmless(text) for text in column.to_pylist()], pa.string())
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
        else column
        for column in map(_plain, table.columns)
    ]
    return pa.table(columns, names=[harmless(name) for name in table.column_names])


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
