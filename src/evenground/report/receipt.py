"""The receipt: where every number of a bundle comes from, and proof that its files are as they were
written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from evenground import __version__
from evenground.model import InputProblems, Problem, Released
from evenground.report.schema import CONTRACT

NAME = "receipt.json"


def check_contract(folder: Path, paid: Mapping[str, Any]) -> None:
    """Raises InputProblems where a bundle is of another major version of the contract. A later minor version
    has more columns and codes than we know; an earlier one has fewer."""
    found = str(paid.get("contract", ""))
    if found.partition(".")[0] != CONTRACT.partition(".")[0]:
        raise InputProblems.one(
            folder.name,
            f"a bundle of contract {found}",
            f"contract {CONTRACT.partition('.')[0]}, of any minor version",
            "read it with the version of evenground that its receipt names",
        )


def receipt_of(released: Released) -> dict[str, Any]:
    """All but the hashes of the files, which are known when they are written. No clock, no path."""
    corrects = {"corrects": dict(released.corrects)} if released.corrects else {}
    return {
        "contract": CONTRACT,
        "evenground": __version__,
        "definitions": definitions_hash(),
        "policy": str(released.disclosure.get("policy", "")),
        "about": {
            **asdict(released.about),
            "periods": list(released.about.periods),
            "by": list(released.about.by),
        },
        "settings": dict(released.settings),
        **corrects,
        "inputs": dict(sorted(released.inputs.items())),
        "checks": [asdict(problem) for problem in released.checks],
        "not_measured": [asdict(entry) for entry in released.not_measured],
    }


def with_files(receipt: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """The receipt with the hash of every other file of the bundle, in its folders too."""
    found = {file.relative_to(folder).as_posix(): file for file in folder.rglob("*") if file.is_file()}
    return {**receipt, "files": {name: file_hash(found[name]) for name in sorted(found) if name != NAME}}


def file_hash(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def changed(folder: Path, paid: Mapping[str, Any]) -> list[Problem]:
    """The files that are missing or differ from their hash."""
    problems = []
    for name, expected in sorted(paid["files"].items()):
        file = folder / name
        inside = file.resolve().is_relative_to(folder.resolve())  # a receipt may come from anybody
        found = file_hash(file) if inside and file.is_file() else None
        if found != expected:
            what = "no such file" if found is None else "other content than when it was written"
            problems.append(
                Problem(
                    "error",
                    name,
                    what,
                    "the file that the receipt names",
                    "ask for the bundle again, or make it again",
                )
            )
    return problems


def written(content: Mapping[str, Any]) -> str:
    """JSON in one order, so that the same content is the same bytes."""
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n"


@cache
def definitions_hash() -> str:
    """SHA-256 over the names and bytes of every definition, in the order of their names."""
    digest = hashlib.sha256()
    for name, file in sorted(_files(resources.files("evenground.definitions"), "")):
        digest.update(f"{name}\n".encode())
        digest.update(file.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def _files(folder: Traversable, above: str) -> list[tuple[str, Traversable]]:
    found: list[tuple[str, Traversable]] = []
    for entry in folder.iterdir():
        if entry.is_dir():
            found += _files(entry, f"{above}{entry.name}/")
        elif entry.name.endswith(".yaml"):
            found.append((above + entry.name, entry))
    return found
