"""Names and values written safely into SQL."""

from __future__ import annotations

from collections.abc import Iterable

from evenground.engine import literal


def texts(values: Iterable[str]) -> str:
    """A list of string literals for IN (...)."""
    return ", ".join(literal(value) for value in values)


def worst(states: Iterable[str]) -> str:
    """The state of a whole of parts in these states: hidden, else not reported, else not applicable."""
    parts = tuple(states)
    cases = " ".join(
        f"WHEN {' OR '.join(f'{part} = {literal(state)}' for part in parts)} THEN {literal(state)}"
        for state in ("hidden", "not_reported", "not_applicable")
    )
    return f"CASE {cases} ELSE 'value' END"


def worst_of_rows(state: str) -> str:
    """The same over the rows of a group."""
    cases = " ".join(
        f"WHEN BOOL_OR({state} = {literal(name)}) THEN {literal(name)}"
        for name in ("hidden", "not_reported", "not_applicable")
    )
    return f"CASE {cases} ELSE 'value' END"
