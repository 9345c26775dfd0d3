"""One way in: a folder is opened as the source it is said to be, or recognised."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from evenground.definitions import Definitions
from evenground.model import InputProblems
from evenground.sources.dataset import Dataset
from evenground.sources.published import published_sources, read_published
from evenground.sources.roster import read_roster

ROSTER = "roster"


def source_names() -> tuple[str, ...]:
    """The sources that evenground knows."""
    return (ROSTER, *sorted(published_sources()))


def open_source(folder: Path, name: str | None, into: Path, definitions: Definitions) -> Dataset:
    """The checked data of a folder. `into` takes the student-years of records, which are private.

    Without a name, a folder that holds the files of a published source is that source, any other a roster.
    Raises InputProblems with everything that is wrong.
    """
    if not folder.is_dir():
        raise InputProblems.one(
            folder.name or str(folder), "no such folder", "a folder of files", "check the path"
        )
    known = source_names()
    if name is not None and name not in known:
        near = get_close_matches(name, known, n=1, cutoff=0.4)
        raise InputProblems.one(
            "--source", name, ", ".join(known), f"write {near[0]}" if near else "choose one of them"
        )
    name = name or _recognised(folder)
    return (
        read_roster(folder, into, definitions)
        if name == ROSTER
        else read_published(folder, name, definitions)
    )


def _recognised(folder: Path) -> str:
    held = {path.name for path in folder.iterdir()}
    for name, source in published_sources().items():
        if set(source.files) <= held:
            return name
    return ROSTER
