"""Where the private page goes: its name says private, and it never lies in a bundle."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from evenground.model import InputProblems
from evenground.storage import check_place

_PAGE = "private-protection.html"


class Files(NamedTuple):
    """The page, and the table with a row for each hidden cell."""

    page: Path
    table: Path


def files_at(target: Path, bundle: Path) -> Files:
    """The files for `--protection TARGET`: a page by its name, or a folder.

    Raises InputProblems for a name without `private` and for a place in the bundle, OSError where nothing
    can be written.
    """
    named = target.suffix.lower() in (".html", ".htm")
    page = target if named and not target.is_dir() else target / _PAGE
    if "private" not in page.name.lower():
        found = f"{page.name}, a name that does not say private"
        todo = f"write {page.with_name(f'private-{page.name}').name}"
        raise InputProblems.one("--protection", found, "a file with private in its name, or a folder", todo)
    if page.resolve().is_relative_to(bundle.resolve()):
        found = f"{page.name} in the folder that is to be published"
        raise InputProblems.one("--protection", found, "a place outside --out", "choose another folder")
    if page.parent.exists() and not page.parent.is_dir():
        raise InputProblems.one("--protection", page.parent.name, "a folder", "choose another place")
    check_place(page)
    return Files(page, page.with_suffix(".csv"))
