"""An entry of a person's own, from a file in the shape of ours: FILE.yaml with one, or FILE.yaml:KEY."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from evenground.definitions.advice import instead
from evenground.definitions.document import Document, read_document
from evenground.definitions.loader import read_entries
from evenground.model import ERROR, InputProblems, Problem

Shape = TypeVar("Shape", bound=BaseModel)
Contradictions = Callable[[Document, str, Shape], Iterator[Problem]]

_FILE = re.compile(r"^(?P<file>.+\.ya?ml)(?::(?P<key>[^:/\\]*))?$", re.IGNORECASE)


def is_file(text: str) -> bool:
    """Whether an option names a file (FILE.yaml or FILE.yaml:KEY) rather than an entry that comes along."""
    return _FILE.match(text) is not None


def read_one(
    option: str, text: str, shape: type[Shape], taken: Collection[str], wrong: Contradictions[Shape]
) -> tuple[str, Shape]:
    """(key, entry) of what `option` names by `text`.

    `taken` are the names that come along, `wrong` tells what in an entry makes no sense. Raises InputProblems
    with everything that is wrong in the file, and where.
    """
    match = _FILE.match(text)
    if match is None:
        raise ValueError(f"{text!r} is not FILE.yaml or FILE.yaml:KEY")
    path = Path(match["file"])
    found = read_all(path, shape, taken, wrong)
    key = _chosen(option, list(found), path.name, match["key"])
    return key, found[key]


def read_all(
    path: Path, shape: type[Shape], taken: Collection[str], wrong: Contradictions[Shape]
) -> dict[str, Shape]:
    """All entries of a file, by their keys. Raises InputProblems as `read_one` does."""
    what = shape.__name__.lower()
    if path.is_dir():
        raise InputProblems.one(path.name, "a folder", f"a file with a {what}", "name the file")
    problems: list[Problem] = []
    document = read_document(path, problems)
    found = {} if problems else read_entries(path, shape, problems)
    for key, entry in found.items():
        if key in taken:
            told, todo = f"`{key}`, which comes with evenground", "give it a name of its own"
            problems.append(document.problem((key,), told, "a new name", todo))
        problems.extend(wrong(document, key, entry))
    if not found and not problems:
        allowed, todo = "an entry with its lines", "write one, in the shape of those that come along"
        problems.append(Problem(ERROR, path.name, f"no {what}", allowed, todo))
    if problems:
        raise InputProblems(problems)
    return found


def _chosen(option: str, keys: list[str], file: str, wanted: str | None) -> str:
    """The key of the entry that is meant."""
    what = option.removeprefix("--")
    if wanted is None and len(keys) == 1:
        return keys[0]
    if wanted is None:
        todo = f"write for example {file}:{keys[0]}"
        many = f"{what.removesuffix('y')}ies" if what.endswith("y") else f"{what}s"
        allowed = f"one, or {file}:KEY with one of {', '.join(keys)}"
        raise InputProblems.one(option, f"{len(keys)} {many}", allowed, todo)
    if wanted not in keys:
        raise InputProblems.one(option, f"{file}:{wanted}", ", ".join(keys), instead(wanted, keys))
    return wanted
