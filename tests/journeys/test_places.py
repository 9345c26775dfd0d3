"""A made-up system whose schools change: with places.csv a trend goes on, without it the checks ask."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from evenground.definitions import load
from evenground.model import WARNING
from evenground.sources import open_source
from evenground.sources.places import PLACES
from evenground.sources.synthetic import make_district


@pytest.fixture(scope="module")
def roster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "roster"
    make_district(folder, students=2500, years=3, schools=12, seed=5, changes=True)
    return folder


def schools_of(rows: Path | None) -> dict[str, int]:
    assert rows is not None
    return dict(duckdb.sql(f"SELECT school_id, COUNT(DISTINCT period) FROM '{rows}' GROUP BY 1").fetchall())


def test_schools_are_followed_through_their_changes(roster: Path, tmp_path: Path) -> None:
    changes = duckdb.sql(f"SELECT school_id, successor_id, kind FROM '{roster / PLACES}'").fetchall()
    assert {kind for _, _, kind in changes} == {"renamed", "merged", "split", "closed"}
    dataset = open_source(roster, None, tmp_path / "private", load())
    held = schools_of(dataset.student_years)
    for old, new, kind in changes:
        if kind in ("renamed", "merged"):
            assert old not in held
            assert held[new] == 3, "one school over all years"
        elif kind == "closed":
            assert held[old] < 3
    assert not [check for check in dataset.checks if check.file == PLACES and check.severity == WARNING]
    assert PLACES in dataset.inputs


def test_a_crosswalk_that_is_missing_is_asked_for(roster: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    shutil.copytree(roster, bare)
    changes = duckdb.sql(
        f"SELECT school_id, successor_id, school_year, kind FROM '{roster / PLACES}'"
    ).fetchall()
    (bare / PLACES).unlink()
    dataset = open_source(bare, None, tmp_path / "private", load())
    asked = " ".join(check.todo for check in dataset.checks if check.file == PLACES)
    for old, new, year, kind in changes:
        if kind == "renamed":
            assert f"{old},{new},{year}" in asked
