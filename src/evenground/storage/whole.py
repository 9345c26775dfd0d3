"""Files and folders that appear whole or not at all, whatever stops the program."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evenground.storage.held import held_folder

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2  # Linux: renameat2
_RENAME_SWAP = 2  # macOS: renamex_np


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """A fresh folder to fill; when the block ends it takes the place of `target` in one step.

    An exception or a kill leaves what was there before. Two at once do no harm: the one that ends last stays.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with held_folder(target.parent, f".{target.name}-") as beside:
        fresh = beside / "fresh"
        fresh.mkdir()
        yield fresh
        _settle(fresh)
        _put(fresh, target, beside)


def check_place(target: Path) -> None:
    """Raises OSError where nothing could be put, before any work is done for it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with held_folder(target.parent, f".{target.name}-"):
        pass


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """The same for one file: a path to write to."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with held_folder(target.parent, f".{target.name}-") as beside:
        fresh = beside / target.name
        yield fresh
        _settle(beside)
        fresh.replace(target)


def _settle(folder: Path) -> None:
    """The bytes are on the disk before their name is: a power cut cannot leave empty files."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb+") as file:
                os.fsync(file.fileno())


def _put(fresh: Path, target: Path, beside: Path) -> None:
    try:
        fresh.rename(target)  # nothing there, or an empty folder
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST, errno.EACCES):
            raise
        if not _exchange(fresh, target):
            target.rename(beside / "earlier")
            fresh.rename(target)


def _exchange(one: Path, other: Path) -> bool:
    """Swaps two folders in one step; False where the system cannot."""
    if sys.platform not in ("linux", "darwin"):
        return False
    system = ctypes.CDLL(None, use_errno=True)
    names = os.fsencode(one), os.fsencode(other)
    try:
        if sys.platform == "darwin":
            return bool(system.renamex_np(*names, _RENAME_SWAP) == 0)
        return bool(system.renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE) == 0)
    except AttributeError:
        return False
