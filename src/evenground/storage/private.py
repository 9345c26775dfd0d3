"""A private folder for rows of students while they are worked on."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evenground.storage.held import held_folder

_PREFIX = "evenground-private-"


@contextmanager
def private_folder() -> Iterator[Path]:
    """A folder that its owner alone can read, gone at the end; after a kill, gone at the next run."""
    with held_folder(Path(tempfile.gettempdir()), _PREFIX) as folder:
        yield folder
