"""The place that something will be written to: looked at before any work is done for it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from evenground.model import InputProblems
from evenground.storage import check_place


def check_folder(folder: Path, ours: Collection[str]) -> None:
    """Raises InputProblems where the folder is a file, or holds other files than `ours`; OSError where
    nothing can be written.
    """
    if folder.exists() and not folder.is_dir():
        raise InputProblems.one(str(folder), "a file", "a folder", "choose another place with --out")
    check_place(folder)
    others = (
        sorted(each.name for each in folder.iterdir() if each.name not in ours) if folder.exists() else []
    )
    if others:
        found = f"a folder with other files ({', '.join(others[:5])})"
        allowed = "a new or empty folder, or an earlier one of this command"
        raise InputProblems.one(str(folder), found, allowed, "choose another place with --out")


def check_file(file: Path) -> None:
    """Raises InputProblems where the file is a folder, OSError where nothing can be written."""
    if file.is_dir():
        raise InputProblems.one(str(file), "a folder", "a file", "choose another name with --out")
    check_place(file)
