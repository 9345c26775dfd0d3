"""The mapping of an extract as data: which tables of a roster its columns are, and what its words mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from evenground.definitions import read_entries
from evenground.definitions.advice import instead
from evenground.definitions.document import Document, read_document
from evenground.definitions.schema import Key, Line, Strict
from evenground.model import InputProblems, Problem
from evenground.sources.roster import roster_format
from evenground.sources.roster.format import Table as RosterTable

RACE = "race"
"""What a mapping writes for one column that holds the race of a student: its words are columns of ours."""


def _text(value: Any) -> Any:
    """YAML reads 3 as a number; the files hold text. What it reads as yes or no has to stand in quotes."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _meaning(value: Any) -> Any:
    """The roster's own words: `yes` and `no` may stand without quotes."""
    return ("yes" if value else "no") if isinstance(value, bool) else _text(value)


Word = Annotated[str, BeforeValidator(_text)]
Meaning = Annotated[str, BeforeValidator(_meaning)]


class Cell(Strict):
    """Where a value of the roster stands: a column, with what its words mean; or the same in every row."""

    column: Line | None = None
    words: dict[Word, Meaning] | None = None  # the file's word -> the roster's; "" is unknown
    always: Meaning | None = None


def _cell(value: Any) -> Any:
    return {"column": value} if isinstance(value, str) else value


def _listed(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else (value,)


Files = Annotated[tuple[Line, ...], BeforeValidator(_listed)]


class Table(Strict):
    """One table of the roster: from which files, from which of their rows, from which columns."""

    files: Files = ()  # names or patterns; those of the extract where it names none
    where: dict[Line, Annotated[tuple[Word, ...], BeforeValidator(_listed)]] = Field(default_factory=dict)
    columns: dict[Key, Annotated[Cell, BeforeValidator(_cell)]] = Field(min_length=1)

    @property
    def file_columns(self) -> tuple[str, ...]:
        """The columns of the files that are read, each once."""
        named = [cell.column for cell in self.columns.values() if cell.column is not None]
        return tuple(dict.fromkeys([*named, *self.where]))


class Extract(Strict):
    """A system's own files with rows of students: whose they are, and what their columns mean."""

    title: Line
    economic_disadvantage: Line | None = None  # by which measure, in words
    census_day: Line | None = None
    year_starts: Line | None = None
    files: Files = ()
    roster: dict[Key, Table] = Field(min_length=1)

    def about(self) -> str:
        """The text of about.yaml that says the same."""
        names = ("economic_disadvantage", "census_day", "year_starts")
        said = {name: value for name in names if (value := getattr(self, name)) is not None}
        return "\n".join(f'{name}: "{_escaped(value)}"' for name, value in said.items())

    def files_of(self, table: str) -> tuple[str, ...]:
        return self.roster[table].files or self.files


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def is_of_extracts(mapping: Path) -> bool:
    """Whether a mapping file is about rows of students, not about published counts."""
    content = read_document(mapping, []).content
    entries = content.values() if isinstance(content, dict) else ()
    return any(isinstance(entry, dict) and "roster" in entry for entry in entries)


def extracts_from(mapping: Path) -> Mapping[str, Extract]:
    """The extracts of a mapping file, by key. Raises InputProblems with all that is wrong, and its line."""
    problems: list[Problem] = []
    found = read_entries(mapping, Extract, problems)
    document = read_document(mapping, [])
    for key, extract in found.items():
        problems.extend(_wrong(document, key, extract))
    if problems:
        raise InputProblems(problems)
    return {key.replace("_", "-"): extract for key, extract in found.items()}


def _wrong(document: Document, key: str, extract: Extract) -> Iterator[Problem]:
    known = roster_format().tables
    for name, table in extract.roster.items():
        place = (key, "roster", name)
        if name not in known:
            yield document.problem(place, f"`{name}`", ", ".join(known), instead(name, list(known)))
            continue
        if not extract.files_of(name):
            todo = "add the line `files:` here, or once for all tables"
            yield document.problem(place, "no file", "the name of a file, or a pattern", todo)
        yield from _wrong_columns(document, place, table, known[name])
    for name in (name for name, table in known.items() if table.required and name not in extract.roster):
        allowed = f"the tables {', '.join(name for name, table in known.items() if table.required)}"
        yield document.problem((key, "roster"), f"no table `{name}`", allowed, "add it")


def _wrong_columns(
    document: Document, place: tuple[str, ...], table: Table, known: RosterTable
) -> Iterator[Problem]:
    form = roster_format()
    races = _races(known)
    names = [*known.columns, *([RACE] if races else [])]
    for column, cell in table.columns.items():
        here = (*place, "columns", column)
        if column not in names:
            yield document.problem(here, f"`{column}`", ", ".join(names), instead(column, names))
        if (cell.column is None) == (cell.always is None):
            allowed = "`column: NAME`, or `always: VALUE`"
            yield document.problem(here, "both, or neither, of column and always", allowed, "write one")
        if column == RACE:
            yield from _wrong_races(document, here, cell, races, table)
        elif cell.words == {}:
            yield document.problem(
                here, "no words", "words: WORD: its meaning", "add them, or take the line out"
            )
    for column in table.file_columns:
        if kind := form.protects(column):
            found, todo = f"a column about {kind.replace('_', ' ')}", "take the line out; it is never read"
            yield document.problem((*place, "columns"), found, "what a review has a need of", todo)
    required = (name for name, column in known.columns.items() if column.required)
    for column in (name for name in required if name not in table.columns):
        meaning = known.columns[column].meaning
        yield document.problem((*place, "columns"), f"no `{column}`", f"{column}: {meaning}", "add the line")


def _wrong_races(
    document: Document, here: tuple[str, ...], cell: Cell, races: list[str], table: Table
) -> Iterator[Problem]:
    if not cell.words:
        found, todo = "no words", "say what each word of the column is"
        yield document.problem(here, found, f"words: WORD: one of {', '.join(races)}", todo)
    for word, race in (cell.words or {}).items():
        if race and race not in races:
            allowed = f'{", ".join(races)}; "" where it is unknown'
            yield document.problem((*here, "words", word), f"`{race}`", allowed, instead(race, races))
    for race in sorted({race for race in (cell.words or {}).values() if race in table.columns}):
        found, allowed = f"`{race}` from two columns", "each race from one column"
        yield document.problem(here, found, allowed, f"take the line `{race}:` out, or the word here")


def _races(table: RosterTable) -> list[str]:
    """The columns of ours that say yes or no to one race each."""
    flags = [name for name, column in table.columns.items() if column.race]
    return [*flags, "two_or_more_races"] if flags else []
