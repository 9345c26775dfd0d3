"""Folders that a running process holds, and the removal of those whose process was killed."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform != "win32":
    import fcntl

LOCK = ".held"
_SECONDS_TO_LOCK = 600


@contextmanager
def held_folder(parent: Path, prefix: str) -> Iterator[Path]:
    """A new folder `parent/prefix...`, removed at the end.

    What a killed process left under the same prefix is removed first; what a living one holds stays. The
    folder can be read by its owner alone.
    """
    sweep(parent, prefix)
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
    try:
        with _lock(folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep(parent: Path, prefix: str) -> None:
    """Removes folders of `held_folder` that nobody holds any more."""
    for folder in parent.glob(f"{prefix}*/"):
        lock = folder / LOCK
        if not _is_held(lock) if lock.exists() else _is_old(folder):
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    if sys.platform == "win32":  # an open file cannot be removed there, which is lock enough
        with (folder / LOCK).open("wb"):
            yield
        return
    with (folder / "lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        (folder / "lock").rename(folder / LOCK)  # nobody sees a lock that is not held yet
        yield


def _is_old(folder: Path) -> bool:
    """Whether a folder without a lock is left over: a living process locks its own at once."""
    try:
        return time.time() - folder.stat().st_mtime > _SECONDS_TO_LOCK
    except OSError:
        return False


def _is_held(path: Path) -> bool:
    try:
        if sys.platform == "win32":
            path.unlink()
        else:
            with path.open("rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    return False
