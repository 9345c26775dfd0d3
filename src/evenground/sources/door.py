"""One way in: a folder, file or archive is opened as the source it is said to be, or recognised."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from evenground.definitions import Definitions
from evenground.model import ERROR, InputProblems, Problem
from evenground.sources import files
from evenground.sources.dataset import Dataset
from evenground.sources.edfi import is_edfi, read_edfi
from evenground.sources.extract import extracts_from, is_of_extracts, read_extract
from evenground.sources.oneroster import is_oneroster, read_oneroster
from evenground.sources.places import placed
from evenground.sources.published import (
    Source,
    fitting_sources,
    published_sources,
    read_published,
    read_source,
    sources_from,
)
from evenground.sources.roster import is_roster, read_roster, roster_format

ROSTER, ONEROSTER, EDFI = "roster", "oneroster", "edfi"
_RECORDS = {ROSTER: read_roster, ONEROSTER: read_oneroster, EDFI: read_edfi}


def source_names() -> tuple[str, ...]:
    """The sources that evenground knows."""
    return (*_RECORDS, *sorted(published_sources()))


def open_source(
    place: Path, name: str | None, into: Path, definitions: Definitions, mapping: Path | None = None
) -> Dataset:
    """The checked data of a folder, an archive or a file. `into` takes the student-years of records, which
    are private. `mapping` is a person's own mapping file.

    Without a name, what holds an export of OneRoster or Ed-Fi, or the files of a published source, is that;
    any other folder is a roster. Schools are followed over the years by places.csv, where it is there.
    Raises InputProblems with everything that is wrong.
    """
    if not place.exists():
        raise InputProblems.one(
            place.name or str(place),
            "no such folder",
            "a folder of files, a file or an archive",
            "check the path",
        )
    dataset = _read(place, name, into, definitions, mapping)
    return placed(dataset, place, definitions)


def _read(
    place: Path, name: str | None, into: Path, definitions: Definitions, mapping: Path | None
) -> Dataset:
    if mapping is not None:
        return _by_mapping(place, mapping, name, into, definitions)
    known = source_names()
    if name is not None and name not in known:
        near = get_close_matches(name, known, n=1, cutoff=0.4)
        raise InputProblems.one(
            "--source", name, ", ".join(known), f"write {near[0]}" if near else "choose one of them"
        )
    name = name or _recognised(place)
    if name in _RECORDS:
        return _RECORDS[name](place, into, definitions)
    return read_published(place, name, definitions)


def _by_mapping(
    place: Path, mapping: Path, name: str | None, into: Path, definitions: Definitions
) -> Dataset:
    """Read by a person's own mapping, whose bytes are an input like any other."""
    if not mapping.is_file():
        found = "a folder" if mapping.is_dir() else "no such file"
        name_of = mapping.name or str(mapping)
        raise InputProblems.one(name_of, found, "a mapping (YAML)", "check the path of --mapping")
    if is_of_extracts(mapping):
        extracts = extracts_from(mapping)
        key = _named(mapping, extracts, name)
        dataset = read_extract(place, key, extracts[key], into, definitions)
    else:
        sources = sources_from(mapping)
        key = _named(mapping, sources, name)
        dataset = read_source(place, key, sources[key], definitions)
    sha256 = hashlib.sha256(mapping.read_bytes()).hexdigest()
    return replace(dataset, inputs={**dataset.inputs, mapping.name: sha256})


def _named(mapping: Path, entries: Collection[str], name: str | None) -> str:
    """The entry that is meant, where the mapping has several."""
    key = name or next(iter(entries), "")
    if key not in entries or (name is None and len(entries) > 1):
        todo = "name it with --source"
        raise InputProblems.one(mapping.name, f"the sources {', '.join(entries)}", "one of them", todo)
    return key


def recognised(path: Path) -> str | None:
    """The source whose files these are, if it is one that we know; a folder with some tables of a roster is
    a roster. Several that fit equally well are a question for the person."""
    place = files.open_place(path)
    names = [entry.name for entry in place.entries]
    if is_oneroster(names) and not is_roster(names):
        return ONEROSTER
    if is_edfi(names):
        return EDFI
    found = fitting_sources(place)
    if len(found) == 1:
        return next(iter(found))
    if found:
        raise InputProblems.one(
            place.name,
            f"files that could be of several sources: {_told(found)}",
            "files of one source",
            "say which with --source, or put the files of each source into a folder of its own",
        )
    errors = [problem for problem in place.problems if problem.severity == ERROR]
    if errors and not place.entries:
        raise InputProblems(errors)
    return ROSTER if path.is_dir() and _of_roster(names) > 1 else None


def _of_roster(names: list[str]) -> int:
    """How many files have the name of a table of a roster."""
    return len({name.split(".")[0].lower() for name in names} & set(roster_format().tables))


def _recognised(path: Path) -> str:
    name = recognised(path)
    place = files.open_place(path)
    if name is None and path.is_dir() and _of_roster([entry.name for entry in place.entries]):
        return ROSTER
    if name is None and path.is_dir() and not any(path.iterdir()):
        raise InputProblems.one(
            place.name, "an empty folder", "a folder with files", "check the path, or put the files into it"
        )
    if name is None:
        what = "files that no known source has" if path.is_dir() else "a file that no known source has"
        unknown = Problem(
            ERROR,
            place.name,
            what,
            f"files of {', '.join(published_sources())}, or a folder with a roster",
            "say what it is with --source; evenground map proposes a mapping for --mapping",
        )
        raise InputProblems([*(one for one in place.problems if one.severity == ERROR), unknown])
    return name


def _told(found: Mapping[str, Source]) -> str:
    return ", ".join(f"{key} ({source.title})" for key, source in found.items())
