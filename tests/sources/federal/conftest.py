"""Federal sources: made files in the documented layout, real ones where they are, and single cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from evenground.definitions import load
from evenground.sources.dataset import Dataset
from evenground.sources.published import read_published

Read = Callable[[str, Mapping[str, str]], Dataset]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """`read(source, {name: content})`: the files, lines stripped of blanks in front, read as the source."""

    def made(source: str, files: Mapping[str, str]) -> Dataset:
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            text = "\n".join(line.strip() for line in content.strip().splitlines()) + "\n"
            path.write_text(text, encoding="utf-8")
        return read_published(tmp_path, source, load())

    return made


def cell(dataset: Dataset, indicator: str, unit: str, **group: str) -> tuple[object, ...] | None:
    """(n, total, value, state) of one leaf, or None."""
    found = [
        row
        for row in dataset.leaves.to_pylist()
        if (row["indicator"], row["unit_id"]) == (indicator, unit)
        and all(row[name] == group.get(name) for name in dataset.dimensions)
    ]
    assert len(found) <= 1
    return (found[0]["n"], found[0]["total"], found[0]["value"], found[0]["state"]) if found else None


def sums(dataset: Dataset, indicator: str, **group: str) -> tuple[int, float, float]:
    """Over all schools with a value: how many, n, total."""
    rows = [
        (row["n"], row["total"])
        for row in dataset.leaves.to_pylist()
        if row["indicator"] == indicator
        and row["state"] == "value"
        and all(row[name] == group.get(name) for name in dataset.dimensions)
    ]
    return len(rows), sum(n for n, _ in rows), sum(total for _, total in rows)


def told(dataset: Dataset, words: str) -> list[int]:
    """How many rows each check with these words is about."""
    return [problem.count for problem in dataset.checks if words in problem.found]
