"""Tables in Parquet files."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from evenground.engine import quoted
from evenground.sources.files import limits
from evenground.sources.files.heading import name_of
from evenground.sources.files.layout import Found
from evenground.sources.files.opening import Opened, location
from evenground.sources.files.place import Entry
from evenground.sources.files.stream import copy, sha256
from evenground.sources.files.trouble import Unreadable, foreign

_BROKEN = ("a file that is not Parquet, or not whole", "a whole Parquet file")


def open_parquet(entry: Entry, scratch: Path) -> Opened:
    """A Parquet file as a source for the engine, every column as text. Raises Unreadable.

    9.0 is written 9, since frames keep whole numbers with gaps in that way; not-a-number is an empty cell.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = entry.path
    if entry.member is not None or entry.is_packed:
        path = scratch / "unpacked"
        copy(entry, path)
    _check_ends(path)
    with foreign(*_BROKEN), pq.ParquetFile(path) as file:
        schema, rows = file.schema_arrow, file.metadata.num_rows
    if rows > max(limits.SPARSE_ROWS, limits.SPARSE_RATIO * path.stat().st_size):
        raise Unreadable(f"a file that claims {rows:,} rows", "as many rows as its size can hold")
    if len(schema) > limits.COLUMNS:
        raise Unreadable(f"{len(schema):,} columns", f"at most {limits.COLUMNS:,}")

    def text(place: int) -> str:
        column = quoted(schema.names[place])
        value = f"CAST({column} AS VARCHAR)"
        if pa.types.is_floating(schema.field(place).type):
            # isnan: a file's own statistics leave not-a-number out, and comparisons of text rest on them
            value = f"CASE WHEN NOT isnan({column}) THEN regexp_replace({value}, '\\.0$', '') END"
        return f"nullif({value}, '') AS c{place}"

    names = list(schema.names)
    usable = [place for place, name in enumerate(names) if name and names.count(name) == 1]
    columns = ", ".join(
        text(place) if place in usable else f"NULL::VARCHAR AS c{place}" for place in range(len(names))
    )
    source = f"(SELECT {columns} FROM read_parquet({location(path)}))"
    return Opened(
        name=entry.name,
        sha256=sha256(entry),
        header=tuple(map(name_of, names)),
        found=Found("parquet"),
        source=source,
        first=2,
        skipped=np.zeros(0, np.int64),
    )


def _check_ends(path: Path) -> None:
    with path.open("rb") as file:
        start = file.read(4)
        file.seek(-min(4, path.stat().st_size), 2)
        end = file.read(4)
    if start == b"PAR1" != end:
        raise Unreadable("a Parquet file that breaks off", "a whole Parquet file")
    if start != b"PAR1":
        raise Unreadable("a file that is not Parquet", "a whole Parquet file")
