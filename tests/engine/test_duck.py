"""The embedded engine: one GROUP BY over Parquet, whatever the files are called."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from evenground.engine import DuckEngine, LeafQuery

KEYS = ("period", "sex")
AGGREGATES = (("students", "COUNT(*)"), ("t0", "SUM(graduated)"))
PART = pa.table(
    {"period": ["2015-16", "2015-16", "2014-15"], "sex": ["female", None, "female"], "graduated": [1, 0, 1]}
)


def rows(query: LeafQuery) -> set[tuple]:
    return {tuple(row.values()) for row in DuckEngine().leaves(query).to_pylist()}


def test_the_query_as_it_is_sent():
    query = LeafQuery("students.parquet", KEYS, AGGREGATES, "period = '2015-16'")
    assert query.sql("rows") == (
        "SELECT period, sex, COUNT(*) AS students, SUM(graduated) AS t0 FROM rows "
        "WHERE period = '2015-16' GROUP BY period, sex"
    )


@pytest.mark.parametrize("name", ["students.parquet", "O'Brien's students.parquet", "ñandú %20 [1].parquet"])
def test_one_file(tmp_path, name):
    parquet.write_table(PART, tmp_path / name)
    assert rows(LeafQuery(tmp_path / name, KEYS, AGGREGATES)) == {
        ("2015-16", "female", 1, 1), ("2015-16", None, 1, 0), ("2014-15", "female", 1, 1),
    }  # fmt: skip


def test_several_files_by_pattern_and_a_condition(tmp_path):
    for name in ("a", "b"):
        parquet.write_table(PART, tmp_path / f"{name}.parquet")
    query = LeafQuery(tmp_path / "*.parquet", KEYS, AGGREGATES, "period = '2014-15'")
    assert rows(query) == {("2014-15", "female", 2, 2)}


def test_engines_do_not_share_anything(tmp_path):
    one, other = DuckEngine(), DuckEngine()
    one.connection.execute("CREATE TABLE private AS SELECT 1")
    assert other.connection.execute("SELECT COUNT(*) FROM duckdb_tables()").fetchall() == [(0,)]
