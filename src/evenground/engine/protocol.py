"""What an engine has to do: one plain GROUP BY over rows that it holds, handing back leaf cells."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pyarrow as pa


@dataclass(frozen=True)
class LeafQuery:
    """Group the rows of `source` (a Parquet file, or a pattern of several) by `keys`, computing
    `aggregates`.

    `aggregates` are (name, SQL expression) pairs of counts and sums only: every division happens later, on
    cells.
    """

    source: Path
    keys: tuple[str, ...]
    aggregates: tuple[tuple[str, str], ...]
    where: str | None = None

    def sql(self, table: str) -> str:
        columns = ", ".join(
            (*self.keys, *(f"{expression} AS {name}" for name, expression in self.aggregates))
        )
        condition = f" WHERE {self.where}" if self.where else ""
        return f"SELECT {columns} FROM {table}{condition} GROUP BY {', '.join(self.keys)}"


class Engine(Protocol):
    """Where rows live. No row leaves it: only leaf cells do."""

    def leaves(self, query: LeafQuery) -> pa.Table: ...
