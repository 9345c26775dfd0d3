"""Everything that is wrong or odd in a folder, file or archive, without making anything of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from evenground.definitions import load
from evenground.engine import spilling
from evenground.model import ERROR, NOTE, InputProblems, Problem
from evenground.sources import checks, open_source, recognised
from evenground.sources.checks.page import page
from evenground.sources.checks.tables import read_tables
from evenground.sources.checks.told import Finding, Told, in_order, table
from evenground.sources.extract import is_of_extracts
from evenground.sources.files import Layout, Place, open_place
from evenground.sources.published import published_sources, sources_from
from evenground.sources.roster import roster_format
from evenground.storage import private_folder, whole_folder
from evenground.workspace.place import check_folder

if TYPE_CHECKING:
    from evenground.sources.published import Source

Progress = Callable[[str], None]
FILES = PAGE, TABLE = "checks.private.html", "checks.private.csv"
FIRST_LINE = "private: may quote single rows; do not publish"


def check(
    path: Path,
    source: str | None = None,
    mapping: Path | None = None,
    progress: Progress = lambda step: None,
) -> Told:
    """All findings of the files at `path`, read as `source`, by the `mapping`, or as what they are recognised
    as; files of no known source are checked as the tables that they are.

    Raises InputProblems where the path or an argument cannot be used.
    """
    place = open_place(path)
    if not place.entries:
        raise InputProblems(place.problems or [_nothing(place)])
    name = source or recognised(path)
    published = _published(name, mapping)
    problems = [] if name is None and mapping is None else _read(path, name, mapping, progress)
    progress("Checking the tables as they are written")
    with private_folder() as scratch, spilling(scratch) as engine:
        protected = roster_format().protects
        tables, own = [], list(place.problems)
        layouts = _layouts(published)
        used = _used(published, place)
        entries = tuple(each for each in place.entries if each.ending != ".txt" or each.name in used)
        for entry, raw, wrong in read_tables(engine, entries, protected, layouts, scratch):
            tables += [raw] if raw else []
            own += wrong if entry.name in used else [_minor(problem) for problem in wrong]
        seen = {(problem.file, problem.check) for problem in problems if problem.check}
        odd = [checks.said(remark) for remark in checks.check_files(tables)]
        own += [problem for problem in odd if (problem.file, problem.check) not in seen]
        every = in_order([Finding(problem, checks.in_spanish(problem)) for problem in [*problems, *own]])
        known = published.known_issues if published else ()
        issues = tuple(checks.met_issues(known, tables, [finding.en for finding in every]))
        files = tuple(raw.file for raw in tables)
    title = published.title if published else name
    return Told(place.name, title, every, files, issues)


def write(told: Told, folder: Path, made_on: str | None = None) -> None:
    """The page and the table, whole or not at all. Raises InputProblems where other files are there."""
    check_folder(folder, FILES)
    day = made_on or date.today().isoformat()
    with whole_folder(folder) as fresh:
        (fresh / PAGE).write_text(page(told, day, TABLE, FIRST_LINE), encoding="utf-8")
        (fresh / TABLE).write_text(table(told, FIRST_LINE), encoding="utf-8", newline="")


def _read(path: Path, name: str | None, mapping: Path | None, progress: Progress) -> list[Problem]:
    """What the reader of the source says: its errors, or else its warnings and notes."""
    progress("Reading the files as their source")
    with private_folder() as into:
        try:
            return list(open_source(path, name, into, load(), mapping).checks)
        except InputProblems as wrong:
            arguments = {"--source", mapping.name if mapping else ""}
            if any(problem.file in arguments for problem in wrong.problems):
                raise
            return list(wrong.problems)


def _published(name: str | None, mapping: Path | None) -> Source | None:
    if mapping is not None and mapping.is_file():
        if is_of_extracts(mapping):
            return None
        sources = sources_from(mapping)
        return sources.get(name or next(iter(sources), ""))
    return published_sources().get(name or "")


def _used(source: Source | None, place: Place) -> set[str]:
    """The files whose errors count: those of the source; all of them where there is none."""
    names = {entry.name for entry in place.entries}
    if source is None:
        alone = len(names) == 1
        return {name for name in names if alone or not name.lower().endswith(".txt")}
    return {name for name in names if any(_fits(name, pattern) for pattern in _patterns(source))}


def _patterns(source: Source) -> Iterable[str]:
    return (name for entry in source.tables.values() for names in entry.files.values() for name in names)


def _fits(name: str, pattern: str) -> bool:
    return any(fnmatchcase(each, pattern.lower()) for each in (name.lower(), name.lower().rpartition("/")[2]))


def _layouts(source: Source | None) -> Callable[[str], Layout]:
    """What a mapping says about how a file is written."""

    def layout(name: str) -> Layout:
        for entry in source.tables.values() if source else ():
            if any(_fits(name, pattern) for names in entry.files.values() for pattern in names):
                return Layout(**entry.layout.model_dump())
        return Layout()

    return layout


def _minor(problem: Problem) -> Problem:
    """Of a file that the source does not need, nothing stops the reading."""
    if problem.severity != ERROR:
        return problem
    return Problem(
        NOTE,
        problem.file,
        problem.found,
        problem.allowed,
        "nothing; the source does not need it",
        problem.row,
        problem.column,
        problem.count,
    )


def _nothing(place: Place) -> Problem:
    return Problem(ERROR, place.name, "no file", "at least one table", "check the path")
