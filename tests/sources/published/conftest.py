"""The real sources, read once, and a way to look single cells up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from evenground.definitions import load
from evenground.sources.dataset import Dataset
from evenground.sources.published import read_published


@pytest.fixture(scope="session")
def kentucky_folder(shared_data: Callable[[str], Path]) -> Path:
    return shared_data("ky-kysrc")


@pytest.fixture(scope="session")
def kentucky(kentucky_folder: Path) -> Dataset:
    return read_published(kentucky_folder, "kentucky", load())


@pytest.fixture(scope="session")
def california(shared_data: Callable[[str], Path]) -> Dataset:
    return read_published(shared_data("ca-graduates-ag"), "cde-graduates", load())


class Cells:
    """`cells(indicator, level, unit, period, race_ethnicity="black")` is the one such leaf, or None."""

    def __init__(self, dataset: Dataset):
        self.dimensions = dataset.dimensions
        self.connection = duckdb.connect()
        self.connection.register("given", dataset.leaves)
        self.connection.execute("CREATE TABLE leaves AS SELECT * FROM given")

    def __call__(
        self, indicator: str, level: str, unit: str, period: str, **group: str
    ) -> dict[str, object] | None:
        conditions = [f"{name} IS NOT DISTINCT FROM ?" for name in self.dimensions]
        values = [indicator, level, unit, period, *(group.get(name) for name in self.dimensions)]
        result = self.connection.execute(
            "SELECT * FROM leaves WHERE indicator = ? AND unit_level = ? AND unit_id = ? AND period = ? AND "
            + " AND ".join(conditions),
            values,
        )
        names = [column[0] for column in result.description]
        rows = result.fetchall()
        assert len(rows) <= 1, f"{indicator} of {unit} in {period} {group} is there {len(rows)} times"
        return dict(zip(names, rows[0], strict=True)) if rows else None

    def sql(self, query: str) -> list[tuple[object, ...]]:
        return self.connection.execute(query).fetchall()


@pytest.fixture(scope="session")
def kentucky_cells(kentucky: Dataset) -> Cells:
    return Cells(kentucky)


@pytest.fixture(scope="session")
def california_cells(california: Dataset) -> Cells:
    return Cells(california)
