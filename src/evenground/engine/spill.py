"""An engine whose memory is bounded: what does not fit is spilled into a private folder and removed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import duckdb

_MEMORY = "2GB"


@contextmanager
def spilling(into: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB for one task: keeps the order of rows, takes at most 2 GB of memory, spills into `into`."""
    into.mkdir(parents=True, exist_ok=True)
    spill = mkdtemp(prefix="private-spill-", dir=into)
    engine = duckdb.connect(
        config={
            "memory_limit": _MEMORY,
            "temp_directory": spill,
            "checkpoint_threshold": "1TB",  # tables live as long as the task: compressing them does not pay
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    try:
        yield engine
    finally:
        engine.close()
        shutil.rmtree(spill, ignore_errors=True)
