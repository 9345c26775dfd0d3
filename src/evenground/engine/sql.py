"""Names and values written safely into SQL."""

from __future__ import annotations


def quoted(name: str) -> str:
    """An identifier: a column or table name whatever it is made of."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as a string."""
    return "'" + text.replace("'", "''") + "'"
