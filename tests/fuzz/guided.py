"""Bytes guided by the lines they reach, through the reader of files: `python -m tests.fuzz.guided SECONDS`.

The first byte says under which name the rest is read. A find is written to build/fuzz; make a test of it.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["evenground.sources.files", "openpyxl", "xlrd", "zipfile"]):
    import duckdb
    import openpyxl  # noqa: F401
    import xlrd  # noqa: F401

    from evenground.sources import files

from tests.fuzz import seeds

ENDINGS = (".csv", ".tsv", ".csv.gz", ".xlsx", ".xls", ".json", ".ndjson", ".zip", ".parquet")
_LONGEST = 20_000
_private = tempfile.TemporaryDirectory(prefix="fuzz-")
_connection = duckdb.connect(config={"threads": 1, "memory_limit": "1GB"})


def read(data: bytes) -> None:
    """One input through the reader: a table or problems, or the fuzzer has found something."""
    if not data:
        return
    path = Path(_private.name) / f"t{ENDINGS[data[0] % len(ENDINGS)]}"
    path.write_bytes(data[1:])
    for entry in files.open_place(path).entries:
        loaded, problems = files.load(_connection, entry, "held", scratch=Path(_private.name))
        assert loaded is not None or problems
        preview, told = files.preview(entry)
        assert preview is not None or told
    path.unlink()


def main() -> None:
    corpus = Path("build/fuzz/corpus")
    corpus.mkdir(parents=True, exist_ok=True)
    for name, content in seeds.sound().items():
        for place, ending in enumerate(ENDINGS):
            if name.endswith(ending):
                (corpus / name).write_bytes(bytes([place]) + content)
    seconds = sys.argv[1] if len(sys.argv) > 1 else "60"
    options = [f"-max_total_time={seconds}", f"-max_len={_LONGEST}", "-timeout=60", "-rss_limit_mb=6000"]
    atheris.Setup([sys.argv[0], str(corpus), *options, "-artifact_prefix=build/fuzz/"], read)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
