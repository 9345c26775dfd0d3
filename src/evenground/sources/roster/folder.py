"""The files of a roster: which table each of them holds."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from evenground.model import ERROR, NOTE, Problem
from evenground.sources.files import Entry, Place
from evenground.sources.places import PLACES
from evenground.sources.roster.format import Format

ABOUT = "about.yaml"


def find_tables(place: Place, form: Format, problems: list[Problem]) -> dict[str, Entry]:
    """The table files of a folder or archive by table; what is wrong with them is added to `problems`."""
    found: dict[str, Entry] = {}
    others: list[Entry] = []
    for entry in place.entries:
        table = _table_of(entry, form)
        if table is None:
            others.append(entry)
        elif table in found:
            problems.append(
                Problem(
                    ERROR,
                    entry.name,
                    f"the table {table} a second time (also {found[table].name})",
                    "one file a table",
                    "remove one of the two",
                )
            )
        else:
            found[table] = entry
    told = {problem.file.lower().split(".")[0] for problem in place.problems}
    problems.extend(_missing(form, {*found, *told}, [entry.name for entry in others]))
    problems.extend(_not_read(others))
    return found


def _table_of(entry: Entry, form: Format) -> str | None:
    name = entry.name.lower()
    for ending in form.endings:
        if name.endswith(ending) and name.removesuffix(ending) in form.tables:
            return name.removesuffix(ending)
    return None


def _missing(form: Format, found: set[str], others: list[str]) -> Iterator[Problem]:
    stems = {name.lower().split(".")[0]: name for name in others}
    for table, definition in form.tables.items():
        if not definition.required or table in found:
            continue
        near = get_close_matches(table, stems, n=1, cutoff=0.75)
        hint = f"rename {stems[near[0]]} to {table}.csv" if near else f"add {table}.csv ({definition.grain})"
        endings = ", ".join(table + ending for ending in form.endings)
        yield Problem(ERROR, f"{table}.csv", "no such file in the folder", f"one of {endings}", hint)


def _not_read(others: list[Entry]) -> Iterator[Problem]:
    for entry in others:
        if entry.name not in (ABOUT, PLACES) and "/" not in entry.name:
            yield Problem(
                NOTE,
                entry.name,
                "a file that is no table of a roster",
                "the tables of docs/reference/roster.md",
                "nothing; it was not read",
            )
