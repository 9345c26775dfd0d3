"""Rows from a format that the engine does not read, written to a private Parquet file of text columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from evenground.sources.files.opening import location

_TOGETHER = 20_000


def write_rows(path: Path, width: int, rows: Iterable[Sequence[str | None]]) -> str:
    """Writes rows of `width` cells; gives the source of the columns `c0`, `c1`, ..."""
    schema = pa.schema([(f"c{place}", pa.string()) for place in range(width)])
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in _batches(rows):
            columns = [pa.array([_plain(row[place]) for row in batch], pa.string()) for place in range(width)]
            writer.write_table(pa.table(columns, schema=schema))
    return f"read_parquet({location(path)})"


def _batches(rows: Iterable[Sequence[str | None]]) -> Iterator[list[Sequence[str | None]]]:
    batch: list[Sequence[str | None]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _TOGETHER:
            yield batch
            batch = []
    if batch:
        yield batch


def _plain(cell: str | None) -> str | None:
    """Text that can be written: half of a letter (a lone surrogate) becomes a question mark."""
    return cell if cell is None or cell.isascii() else cell.encode("utf-8", "replace").decode()
