"""The ledger of a workspace: every release that was made of one school system, and what became of it.

A workspace is a folder. `releases/ID/` holds what was released, as it was released; it is written once,
whole, and never changed. What happens to a release afterwards is another small file beside it.
`private/releases/ID/` holds the true counts behind it (see past.py).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from evenground.model import InputProblems, Released
from evenground.report import receipt, tidy
from evenground.storage import check_place, turn, whole_file, whole_folder

VERSION = 1
"""Of the folder's layout. A workspace of a later version is not touched."""
_MANIFEST = "workspace.json"
_LOCK = ".lock"
_ENTRY, _CELLS, _DISCLOSURE, _RECEIPT = "entry.json", "cells.parquet", "disclosure.json", "receipt.json"
_PLACES = ("releases", "private/releases")
_WITHDRAWN, _REPLACED = "withdrawn.json", "replaced.json"
_NOTHING_YET = {_LOCK, ".DS_Store", "desktop.ini", "Thumbs.db"}


@dataclass(frozen=True)
class Mark:
    """What became of a release: when and why, by whom, and by which release it was replaced."""

    date: str
    reason: str
    who: str = ""
    by: str = ""


@dataclass(frozen=True)
class Entry:
    """One release. `receipt` is the SHA-256 of the bundle's receipt, empty where no bundle was written;
    `corrects` the id of the release that it replaces.
    """

    id: str
    number: int
    made_at: str
    title: str
    unit_level: str
    unit_id: str
    source: str
    periods: tuple[str, ...]
    by: tuple[str, ...]
    policy: str
    who: str = ""
    reason: str = ""
    corrects: str = ""
    receipt: str = ""
    withdrawn: Mark | None = None
    replaced: Mark | None = None

    @property
    def date(self) -> str:
        return self.made_at[:10]

    @property
    def state(self) -> str:
        """`withdrawn`, `replaced` or `released`."""
        return "withdrawn" if self.withdrawn else "replaced" if self.replaced else "released"


class Ledger:
    """The releases of one workspace. Made by `open_ledger` or `held_ledger`."""

    def __init__(self, folder: Path):
        self.folder = folder

    def entries(self) -> tuple[Entry, ...]:
        """Every release, oldest first."""
        folders = (self.folder / "releases").glob("*/" + _ENTRY)
        return tuple(sorted((self._read(file.parent) for file in folders), key=lambda entry: entry.number))

    def entry(self, key: str) -> Entry:
        """The release with this id. Raises InputProblems where there is none."""
        known = {entry.id: entry for entry in self.entries()}
        if key not in known:
            raise InputProblems.one(
                str(self.folder.name),
                f"no release {key!r}",
                ", ".join(known) or "a release made with --workspace; there is none yet",
                "take the id from `evenground releases`",
            )
        return known[key]

    def enter(self, entry: Entry, released: Released, bundle: Path | None) -> None:
        """Adds a release: whole, or not at all. `bundle` is the folder of its files."""
        with whole_folder(self.release(entry.id)) as fresh:
            tidy.write_cells(released.cells, released.units, fresh / _CELLS)
            _write(fresh / _DISCLOSURE, released.disclosure)
            if bundle is None:
                _write(fresh / _RECEIPT, receipt.receipt_of(released))
            else:
                shutil.copyfile(bundle / receipt.NAME, fresh / _RECEIPT)
            told = asdict(replace(entry, receipt=receipt.file_hash(fresh / _RECEIPT) if bundle else ""))
            _write(fresh / _ENTRY, {key: told[key] for key in told if key not in ("withdrawn", "replaced")})

    def withdraw(self, key: str, mark: Mark) -> None:
        self._mark(key, _WITHDRAWN, mark)

    def replace(self, key: str, mark: Mark) -> None:
        self._mark(key, _REPLACED, mark)

    def release(self, key: str) -> Path:
        """The folder of what was released."""
        return self.folder / "releases" / key

    def private(self, key: str) -> Path:
        """The folder of the true counts behind it."""
        return self.folder / "private" / "releases" / key

    def cells(self, key: str) -> tuple[pa.Table, pa.Table]:
        """The released cells, and their units."""
        return tidy.read_cells(self.release(key) / _CELLS)

    def rules(self, key: str) -> Mapping[str, Any]:
        """The rules by which the release was hidden."""
        return dict(_json(self.release(key) / _DISCLOSURE)["rules"])

    def next_id(self, on: str) -> tuple[str, int]:
        """The id and the number of the next release: the day, and which of the day it is."""
        entries = self.entries()
        taken = {path.name for place in _PLACES for path in (self.folder / place).glob("*")}
        of_day = next(count for count in range(1, len(taken) + 2) if f"{on}-{count:02d}" not in taken)
        return f"{on}-{of_day:02d}", max((entry.number for entry in entries), default=0) + 1

    def _mark(self, key: str, name: str, mark: Mark) -> None:
        file = self.release(key) / name
        if not file.exists():
            with whole_file(file) as fresh:
                _write(fresh, asdict(mark))

    def _read(self, folder: Path) -> Entry:
        content = _json(folder / _ENTRY)
        marks = {
            name: Mark(**_json(folder / file))
            for name, file in (("withdrawn", _WITHDRAWN), ("replaced", _REPLACED))
            if (folder / file).exists()
        }
        periods, by = tuple(content["periods"]), tuple(content["by"])
        try:
            return Entry(**{**content, "periods": periods, "by": by, **marks})
        except TypeError as error:
            raise _damaged(folder / _ENTRY) from error


def open_ledger(folder: Path) -> Ledger:
    """The ledger of a workspace that is there. Raises InputProblems where it is none."""
    if not folder.is_dir():
        what = "a file" if folder.exists() else "no such folder"
        raise InputProblems.one(
            str(folder.name), what, "a workspace", "name the folder that was given to review --workspace"
        )
    if not (folder / _MANIFEST).is_file():
        raise InputProblems.one(
            str(folder.name),
            f"a folder without {_MANIFEST}",
            "a workspace",
            "name the folder that was given to review --workspace",
        )
    _check_version(folder)
    return Ledger(folder)


@contextmanager
def held_ledger(folder: Path, waiting: Callable[[], None] = lambda: None) -> Iterator[Ledger]:
    """The ledger, made where the folder is new or empty, and held until the block ends: no other release of
    this workspace is made meanwhile, since each has to know all that were made before it.

    Raises InputProblems where the folder is something else, OSError where it cannot be written.
    """
    if folder.exists() and not folder.is_dir():
        raise InputProblems.one(
            str(folder.name), "a file", "a folder", "choose another place with --workspace"
        )
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / _MANIFEST).exists():
        others = sorted(path.name for path in folder.iterdir() if path.name not in _NOTHING_YET)
        others = [name for name in others if not name.startswith(f".{_MANIFEST}-")]
        if others:
            raise InputProblems.one(
                str(folder.name),
                f"a folder with other files ({', '.join(others[:5])})",
                "a workspace, or a new or empty folder",
                "choose another place with --workspace",
            )
    check_place(folder / _MANIFEST)
    with turn(folder / _LOCK, waiting):
        if not (folder / _MANIFEST).exists():
            with whole_file(folder / _MANIFEST) as fresh:
                _write(fresh, {"evenground_workspace": VERSION})
        _check_version(folder)
        yield Ledger(folder)


def now() -> str:
    """The moment, as the ledger writes it: local time, to the second."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


def _check_version(folder: Path) -> None:
    found = _json(folder / _MANIFEST).get("evenground_workspace")
    if not isinstance(found, int):
        raise _damaged(folder / _MANIFEST)
    if found > VERSION:
        raise InputProblems.one(
            f"{folder.name}/{_MANIFEST}",
            f"a workspace of version {found}",
            f"version {VERSION} or earlier",
            "use the newer evenground that it was made with",
        )


def _write(file: Path, content: Mapping[str, Any]) -> None:
    file.write_text(receipt.written(content), encoding="utf-8")


def _json(file: Path) -> Mapping[str, Any]:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise _damaged(file) from error
    if not isinstance(content, dict):
        raise _damaged(file)
    return content


def _damaged(file: Path) -> InputProblems:
    return InputProblems.one(
        "/".join(file.parts[-3:]),
        "content that evenground did not write",
        "the file as it was written",
        "bring it back from a backup; without it, nobody knows what was released",
    )
