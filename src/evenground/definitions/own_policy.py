"""A disclosure policy of a person's own, from a file in the shape of our policies.yaml."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from evenground.definitions.advice import instead
from evenground.definitions.document import read_document
from evenground.definitions.loader import read_entries
from evenground.definitions.rules import contradictions
from evenground.definitions.schema import Policy
from evenground.model import InputProblems, Problem

_FILE = re.compile(r"^(?P<file>.+\.ya?ml)(?::(?P<key>[^:/\\]*))?$", re.IGNORECASE)


def is_file(text: str) -> bool:
    """Whether `--policy` names a file (FILE.yaml or FILE.yaml:KEY) rather than a policy that comes along."""
    return _FILE.match(text) is not None


def read_policy(text: str, taken: Collection[str]) -> tuple[str, Policy]:
    """(key, policy) of FILE.yaml with one entry, or of FILE.yaml:KEY.

    `taken` are the names of the policies that come along. Raises InputProblems with everything that is wrong
    in the file, and where.
    """
    match = _FILE.match(text)
    if match is None:
        raise ValueError(f"{text!r} is not FILE.yaml or FILE.yaml:KEY")
    path = Path(match["file"])
    found = read_policies(path, taken)
    key = _chosen(list(found), path.name, match["key"])
    return key, found[key]


def read_policies(path: Path, taken: Collection[str]) -> dict[str, Policy]:
    """All policies of a file, by their keys. Raises InputProblems as `read_policy` does."""
    if path.is_dir():
        raise InputProblems.one(path.name, "a folder", "a file with a policy", "name the file")
    problems: list[Problem] = []
    document = read_document(path, problems)
    found = {} if problems else read_entries(path, Policy, problems)
    for key, policy in found.items():
        if key in taken:
            what, todo = f"`{key}`, which comes with evenground", "give it a name of its own"
            problems.append(document.problem((key,), what, "a new name", todo))
        problems.extend(contradictions(document, key, policy))
    if problems:
        raise InputProblems(problems)
    return found


def _chosen(keys: list[str], file: str, wanted: str | None) -> str:
    """The key of the entry that is meant."""
    if not keys:
        raise InputProblems.one(
            file, "no policy", "an entry with its rules", "write one, see `policies.yaml`"
        )
    if wanted is None and len(keys) == 1:
        return keys[0]
    if wanted is None:
        found, todo = f"{len(keys)} policies", f"write for example {file}:{keys[0]}"
        raise InputProblems.one("--policy", found, f"one, or {file}:KEY with one of {', '.join(keys)}", todo)
    if wanted not in keys:
        raise InputProblems.one("--policy", f"{file}:{wanted}", ", ".join(keys), instead(wanted, keys))
    return wanted
