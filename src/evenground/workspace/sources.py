"""What evenground knows how to read, told from the files that define it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from evenground.definitions import Definitions, load
from evenground.definitions.schema import Sourced
from evenground.model import InputProblems
from evenground.sources import source_names
from evenground.sources.edfi.format import edfi_format
from evenground.sources.oneroster.format import oneroster_format
from evenground.sources.published import Source, published_sources
from evenground.sources.published.layout import SKIP, Table
from evenground.sources.roster.format import roster_format

_RECORDS = {
    "roster": ("Your own records", "a folder of tables, one row a student, enrollment, course and so on"),
    "oneroster": ("OneRoster 1.1 and 1.2", "the CSV export of a student information system, zip or folder"),
    "edfi": ("Ed-Fi", "JSON exports of an Ed-Fi data store"),
}
_LEVELS = ("state", "district", "school")


@dataclass(frozen=True)
class File:
    """Files of one layout: their names or patterns, their levels, and the columns that are read of them."""

    names: tuple[str, ...]
    levels: tuple[str, ...]
    required: bool
    columns: tuple[str, ...]
    indicators: tuple[str, ...]


@dataclass(frozen=True)
class Issue:
    """What is known to be wrong with a source's files; `id` names the sign that `check` looks for."""

    id: str
    text: str


@dataclass(frozen=True)
class Known:
    """One source as `evenground sources` tells it."""

    key: str
    title: str
    publisher: str
    records: bool
    licence: str
    years: str
    download: str
    policy: str
    levels: tuple[str, ...]
    indicators: tuple[str, ...]
    dimensions: tuple[str, ...]
    files: tuple[File, ...]
    codes: tuple[tuple[str, str, str], ...]  # list, the file's word, our group
    issues: tuple[Issue, ...]
    source: str
    date: str
    confidence: str


def known_sources() -> tuple[Known, ...]:
    """Every source, records first."""
    definitions, published = load(), published_sources()
    return tuple(
        _published(key, published[key], definitions) if key in published else _records(key, definitions)
        for key in source_names()
    )


def known_source(name: str) -> Known:
    """One source by its key. Raises InputProblems for a name that is none."""
    sources = {source.key: source for source in known_sources()}
    if name in sources:
        return sources[name]
    near = get_close_matches(name, sources, n=1, cutoff=0.6)
    todo = f"write {near[0]}" if near else "choose one of them"
    raise InputProblems.one("sources", name, ", ".join(sources), todo)


def _published(key: str, entry: Source, definitions: Definitions) -> Known:
    tables = tuple(entry.tables.values())
    return Known(
        key=key,
        title=entry.title,
        publisher=entry.publisher,
        records=False,
        licence=entry.licence,
        years=entry.years or "as the files say",
        download=entry.download or entry.source,
        policy=entry.policy,
        levels=tuple(level for level in _LEVELS if any(level in _levels(table) for table in tables)),
        indicators=tuple(name for name in entry.indicators if name in definitions.indicators),
        dimensions=entry.dimensions,
        files=tuple(_file(table) for table in tables),
        codes=tuple(
            (name, word, "left out" if group == SKIP else group)
            for name, codes in entry.codes.items()
            for word, group in codes.items()
        ),
        issues=tuple(_issues(entry)),
        source=entry.source,
        date=entry.date.isoformat(),
        confidence=entry.confidence,
    )


def _levels(table: Table) -> set[str]:
    found: set[str] = {level for level in table.files if level != "any"}
    if table.level is not None:
        found |= {*table.level.words.values(), *(table.level.unit or {}).values()}
    return found - {SKIP}


def _file(table: Table) -> File:
    names = tuple(dict.fromkeys(name for names in table.files.values() for name in names))
    levels = tuple(level for level in _LEVELS if level in _levels(table))
    held = (column for level in table.files for column in table.file_columns(level))
    columns = tuple(column for column in dict.fromkeys(held) if column not in table.marks)
    return File(names, levels, table.required, columns, tuple(table.statistics))


def _issues(entry: Source) -> Iterator[Issue]:
    for issue in entry.known_issues:
        sign = getattr(issue, "sign", None)
        yield Issue(sign.id if sign else "", str(issue))


def _records(key: str, definitions: Definitions) -> Known:
    form: Sourced = {"roster": roster_format, "oneroster": oneroster_format, "edfi": edfi_format}[key]()
    title, publisher = _RECORDS[key]
    return Known(
        key=key,
        title=title,
        publisher=publisher,
        records=True,
        licence="your own",
        years="those of your files",
        download="your student information system",
        policy="n10",
        levels=("district", "school"),
        indicators=tuple(name for name, entry in definitions.indicators.items() if entry.records is not None),
        dimensions=tuple(column for column in definitions.student_year if column in definitions.dimensions),
        files=tuple(_record_files(key)),
        codes=(),
        issues=(),
        source=form.source,
        date=form.date.isoformat(),
        confidence=form.confidence,
    )


def _record_files(key: str) -> Iterator[File]:
    if key == "roster":
        for name, table in roster_format().tables.items():
            yield File((f"{name}.csv",), (), table.required, tuple(table.columns), ())
    elif key == "oneroster":
        for name, file in oneroster_format().files.items():
            yield File((f"{name}.csv",), (), bool(file.needed), tuple(file.columns), ())
    else:
        for name, resource in edfi_format().resources.items():
            yield File((f"{name}.json",), (), resource.needed, (), ())
