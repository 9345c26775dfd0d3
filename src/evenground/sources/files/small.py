"""Small files beside the tables: settings and manifests."""

from __future__ import annotations

from pathlib import Path

from evenground.sources.files.place import open_place
from evenground.sources.files.stream import opened
from evenground.sources.files.trouble import Unreadable

MOST = 1 << 20
"""Bytes of a file of settings; people write them by hand."""


def read_small(place: Path, name: str) -> bytes | None:
    """The bytes of a file of settings in a folder or archive; None where there is none.

    Raises ValueError where it is too large for that, or damaged, and OSError.
    """
    if place.is_dir():
        path = place / name
        if not path.is_file():
            return None
        with path.open("rb") as file:
            held = file.read(MOST + 1)
    else:
        entry = next((entry for entry in open_place(place).entries if entry.name == name), None)
        if entry is None:
            return None
        try:
            with opened(entry) as stream:
                held = stream.read(MOST + 1)
        except Unreadable as trouble:
            raise ValueError(trouble.found) from trouble
    if len(held) > MOST:
        raise ValueError(f"more than {MOST:,} bytes")
    return held
