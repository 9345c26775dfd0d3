"""manifest.csv: the version of an export, and which of its files are bulk, delta or absent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

import duckdb

from evenground.model import ERROR, NOTE, WARNING, Problem
from evenground.sources import files
from evenground.sources.files import Entry
from evenground.sources.oneroster.format import OneRoster

MANIFEST = "manifest.csv"
_COLUMNS = ("propertyName", "value")
_VERSION, _FORMAT = "oneroster.version", "manifest.version"


@dataclass(frozen=True)
class Manifest:
    """The version (`1.1`), the mode of every file that is there (`users` -> `bulk`), and its own hash."""

    version: str
    modes: Mapping[str, str] = field(default_factory=dict)
    sha256: str = ""

    @property
    def is_delta(self) -> bool:
        return "delta" in self.modes.values()


def read_manifest(
    engine: duckdb.DuckDBPyConnection,
    held: Mapping[str, Entry],
    told: str,
    form: OneRoster,
    problems: list[Problem],
) -> Manifest | None:
    """The manifest of a package, held against its files; None (and problems) where it cannot be used."""
    entry = held.get("manifest")
    if entry is None:
        found, allowed = "no manifest.csv", "a manifest that says which files are bulk, delta or absent"
        problems.append(Problem(ERROR, told, found, allowed, "export again, with the manifest"))
        return None
    loaded, troubles = files.load(engine, entry, "manifest_lines", columns=_COLUMNS)
    problems.extend(troubles)
    if loaded is None:
        return None
    lines = engine.execute(
        'SELECT trim("propertyName"), trim("value"), row FROM manifest_lines WHERE "propertyName" IS NOT NULL'
    ).fetchall()
    engine.execute("DROP VIEW manifest_lines")
    said = {name: (value or "", row) for name, value, row in lines}
    version = _version(said, told, form, problems)
    if version is None:
        return None
    problems.extend(_repeated(lines, told))
    problems.extend(_strange(said, told, form, version))
    modes = {
        name: mode
        for name in form.listed(version)
        if (mode := _mode(name, said, told, name in held, form, problems)) is not None
    }
    needed = [name for name, file in form.files.items() if file.is_needed(version)]
    if "delta" not in modes.values():
        problems.extend(_needed(name, told) for name in needed if modes.get(name) == "absent")
    return Manifest(version, {name: mode for name, mode in modes.items() if mode != "absent"}, loaded.sha256)


def _version(
    said: Mapping[str, tuple[str, int]], told: str, form: OneRoster, problems: list[Problem]
) -> str | None:
    value, row = said.get(_VERSION, ("", None))
    known = [version for version in form.versions if value == version or value.startswith(version + ".")]
    if known:
        return known[0]
    allowed = " or ".join(form.versions)
    found = f"OneRoster {value[:8]}" if value else f"no line {_VERSION}"
    problems.append(Problem(ERROR, told, found, allowed, f"export as OneRoster {allowed}", row, "value"))
    return None


def _mode(
    name: str,
    said: Mapping[str, tuple[str, int]],
    told: str,
    is_there: bool,
    form: OneRoster,
    problems: list[Problem],
) -> str | None:
    """bulk, delta or absent; None (and a problem) where it is neither, or the file says otherwise."""
    property_name, file = f"file.{name}", f"{name}.csv"
    severity = ERROR if name in form.files else WARNING
    mode, row = said.get(property_name, ("", None))
    if mode not in form.modes:
        if not mode and not is_there:
            return "absent"
        found = repr(mode) if len(mode) <= 12 and mode else f"no line {property_name}"
        todo = f"write how {file} was exported"
        problems.append(Problem(severity, told, found, ", ".join(form.modes), todo, row, property_name))
        return None
    if mode == "absent" and is_there:
        found = f"absent, but {file} is there"
        todo = f"write bulk or delta, or leave {file} out"
        problems.append(Problem(severity, told, found, "bulk or delta", todo, row, property_name))
        return None
    if mode != "absent" and not is_there:
        found = f"{mode}, but there is no {file}"
        problems.append(
            Problem(severity, told, found, "absent, or the file", f"add {file}", row, property_name)
        )
        return None
    return mode


def _needed(name: str, told: str) -> Problem:
    todo = f"export {name}.csv as well: students cannot be counted at their schools without it"
    return Problem(ERROR, told, f"no {name}.csv", "bulk", todo, None, f"file.{name}")


def _repeated(lines: list[tuple[str, str, int]], told: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for name, _, row in lines:
        if name in seen:
            yield Problem(
                ERROR, told, "a line a second time", "each property once", "remove one", row, "propertyName"
            )
        seen.add(name)


def _strange(
    said: Mapping[str, tuple[str, int]], told: str, form: OneRoster, version: str
) -> Iterator[Problem]:
    known = [f"file.{name}" for name in form.listed(version)]
    for name, (_, row) in said.items():
        if name.startswith("file.") and name not in known:
            near = get_close_matches(name, known, n=1, cutoff=0.7)
            todo = f"write {near[0]}" if near else "nothing; it was not read"
            yield Problem(
                WARNING if near else NOTE,
                told,
                f"a line about {name[5:45]!r}",
                f"the files of OneRoster {version}",
                todo,
                row,
                "propertyName",
            )
    if said.get(_FORMAT, ("", None))[0] not in ("1.0", "1"):
        yield Problem(WARNING, told, f"no line {_FORMAT} with 1.0", "1.0", "write 1.0", None, _FORMAT)
