"""The files and columns of a roster folder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evenground.sources.roster.format import roster_format
from writers.markdown import table


def roster() -> str:
    form = roster_format()
    return "\n".join(line for name, entry in form.tables.items() for line in roster_table(name, entry))


def roster_table(name: str, entry: Any) -> Iterator[str]:
    needed = "required" if entry.required else "optional"
    yield from (f"## {name}", "", f"{entry.grain.capitalize()}; {needed}.", "")
    rows = (roster_row(key, column) for key, column in entry.columns.items())
    yield from table(("column", "type", "required", "meaning", "codes and how they may be spelled"), rows)


def roster_row(key: str, column: Any) -> tuple[str, ...]:
    required = "yes" if column.required else ""
    return f"`{key}`", column.type.replace("_", " "), required, column.meaning, codes(column)


def codes(column: Any) -> str:
    return "; ".join(f"`{code}`: {', '.join(spellings)}" for code, spellings in column.codes.items())
