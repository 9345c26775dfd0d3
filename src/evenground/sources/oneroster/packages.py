"""The packages of an export: a zip or a folder with a manifest; and which delta belongs to which bulk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from evenground.model import ERROR, Problem
from evenground.sources.files import Entry, Place
from evenground.sources.oneroster.manifest import MANIFEST, Manifest

_TELLING = {"orgs.csv", "users.csv"}


@dataclass(frozen=True)
class Package:
    """One export as its maker packed it: the file of each name (`users`), without `.csv`."""

    name: str  # as its files are told: "delta.zip"; empty for the place itself
    entries: Mapping[str, Entry]

    def told(self, file: str) -> str:
        return f"{self.name}/{file}.csv" if self.name else f"{file}.csv"

    @property
    def above(self) -> str:
        above = PurePosixPath(self.name).parent.as_posix()
        return "" if above == "." else above


@dataclass(frozen=True)
class Edition:
    """A bulk and the deltas that came after it, in the order in which they are applied."""

    packages: tuple[Package, ...]
    manifests: tuple[Manifest, ...]

    @property
    def version(self) -> str:
        return self.manifests[0].version


def is_oneroster(names: Iterable[str]) -> bool:
    """Whether the names of a folder's or archive's files are those of a OneRoster export."""
    held = {PurePosixPath(name).name for name in names}
    return MANIFEST in held or held >= _TELLING


def packages(place: Place) -> list[Package]:
    """The packages of a place: every folder and archive that holds a manifest, or what looks like one."""
    folders: dict[str, dict[str, Entry]] = {}
    for entry in place.entries:
        inside = PurePosixPath(entry.name)
        folder = "" if inside.parent.as_posix() == "." else inside.parent.as_posix()
        if inside.suffix == ".csv":
            folders.setdefault(folder, {})[inside.stem] = entry
    return [
        Package(name, held)
        for name, held in sorted(folders.items())
        if is_oneroster(f"{stem}.csv" for stem in held)
    ]


def editions(
    found: list[Package], manifests: list[Manifest], path: Path, problems: list[Problem]
) -> list[Edition]:
    """Bulk packages with their deltas. A delta belongs to the one bulk that lies in the same folder."""
    together: dict[str, list[tuple[Package, Manifest]]] = {}
    for package, manifest in zip(found, manifests, strict=True):
        together.setdefault(package.above, []).append((package, manifest))
    made = []
    for above, pairs in sorted(together.items()):
        bulks = [pair for pair in pairs if not pair[1].is_delta]
        deltas = [pair for pair in pairs if pair[1].is_delta]
        if deltas and len(bulks) != 1:
            problems.append(_lonely(deltas[0][0].name or path.name, above, len(bulks)))
        elif deltas:
            made.append(_edition([*bulks, *deltas], problems))
        else:
            made.extend(_edition([pair], problems) for pair in bulks)
    return made


def _edition(pairs: list[tuple[Package, Manifest]], problems: list[Problem]) -> Edition:
    held, manifests = zip(*pairs, strict=True)
    for package, manifest in pairs[1:]:
        if manifest.version != manifests[0].version:
            problems.append(
                Problem(
                    ERROR,
                    package.told("manifest"),
                    f"a delta of OneRoster {manifest.version}",
                    f"the version of its bulk, {manifests[0].version}",
                    "export bulk and delta in one version",
                )
            )
    return Edition(held, manifests)


def _lonely(name: str, above: str, bulks: int) -> Problem:
    if bulks:
        found = f"a delta beside {bulks} bulk exports"
        todo = "put each bulk export into a folder of its own, together with its deltas"
        return Problem(ERROR, name, found, "one bulk export for a delta", todo)
    where = f"the folder {above}" if above else "one folder"
    found = "a delta (what has changed) without the bulk export that it changes"
    todo = f"put the bulk export and the delta into {where} and review that folder, or export again as bulk"
    return Problem(ERROR, name, found, "a bulk export, or a bulk and its deltas", todo)
