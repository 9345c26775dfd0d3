"""The contract of a bundle: its files, and the columns of its tables with type and unit. A version, a file.

A minor version (1.1) only adds files, columns or codes; what was there keeps its name, type and meaning, so
that a script for an earlier one goes on working. A major version (2.0) may take away or change. A kept file
is never changed: what changes is another version, in another file.
"""

from __future__ import annotations

from importlib import resources

CONTRACT = "1.1"
"""Version of the files, columns and codes on which other people's scripts rely."""

NAME = "schema.json"


def kept(version: str = CONTRACT) -> str:
    """The contract of a version as JSON text: what a bundle carries as schema.json."""
    file = resources.files("evenground.report.schema") / f"{version}.json"
    return file.read_text(encoding="utf-8")
