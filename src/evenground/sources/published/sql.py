"""Names and values written safely into SQL."""

from __future__ import annotations

from collections.abc import Iterable


def quoted(name: str) -> str:
    """An identifier: a column or table name whatever it is made of."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """A string literal."""
    return "'" + value.replace("'", "''") + "'"


def texts(values: Iterable[str]) -> str:
    """A list of string literals for IN (...)."""
    return ", ".join(text(value) for value in values)


def worst(states: Iterable[str]) -> str:
    """The state of a whole of parts in these states: hidden, else not reported, else not applicable."""
    parts = tuple(states)
    cases = " ".join(
        f"WHEN {' OR '.join(f'{part} = {text(state)}' for part in parts)} THEN {text(state)}"
        for state in ("hidden", "not_reported", "not_applicable")
    )
    return f"CASE {cases} ELSE 'value' END"


def worst_of_rows(state: str) -> str:
    """The same over the rows of a group."""
    cases = " ".join(
        f"WHEN BOOL_OR({state} = {text(name)}) THEN {text(name)}"
        for name in ("hidden", "not_reported", "not_applicable")
    )
    return f"CASE {cases} ELSE 'value' END"
