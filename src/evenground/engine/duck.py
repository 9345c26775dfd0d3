"""The embedded default engine."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from evenground.engine.protocol import LeafQuery


def connect() -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB that keeps no order it was not asked for and shows no progress bar of its own."""
    connection = duckdb.connect(":memory:")
    connection.execute("SET preserve_insertion_order = false; SET enable_progress_bar = false")
    return connection


class DuckEngine:
    """Parquet files on this machine, read by DuckDB."""

    def __init__(self, connection: duckdb.DuckDBPyConnection | None = None):
        self.connection = connection or connect()

    def leaves(self, query: LeafQuery) -> pa.Table:
        pattern = str(query.source).replace("'", "''")
        return self.connection.sql(query.sql(f"read_parquet('{pattern}')")).to_arrow_table()
