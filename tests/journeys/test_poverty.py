"""Measures of poverty on a made-up district: whom they count and what they say, against the files."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from evenground.definitions import load
from evenground.model import InputProblems
from evenground.sources import open_source
from evenground.sources.poverty import by_poverty
from evenground.sources.synthetic import make_district
from evenground.workspace.poverty import Poverty, poverty

YEAR = "2024-25"


@pytest.fixture(scope="module")
def roster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "roster"
    make_district(folder, students=1500, years=1, schools=8, seed=11)
    return folder


@pytest.fixture(scope="module")
def found(roster: Path) -> Poverty:
    return poverty(roster, None, None)


def in_files(roster: Path, query: str) -> list[tuple[float, ...]]:
    """SQL over the written files; `students` and `attendance` are tables of the roster."""
    connection = duckdb.connect()
    for name in ("students", "attendance"):
        connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_csv('{roster / name}.csv')")
    return connection.execute(query).fetchall()


@pytest.mark.parametrize(
    ("measure", "column"), [("meals", "meals"), ("direct_certification", "direct_certified")]
)
def test_whom_a_measure_counts(found: Poverty, roster: Path, measure: str, column: str) -> None:
    counted = {one.measure: one for one in found.counted}[measure]
    ((share,),) = in_files(
        roster, f"SELECT AVG(CAST({column} AS INT)) FROM students WHERE school_year = '{YEAR}'"
    )
    assert counted.share == pytest.approx(share, abs=0.02)  # some students were not there on census day
    assert counted.schools == 8


def test_a_gap_by_direct_certification(found: Poverty, roster: Path) -> None:
    (gap,) = (
        gap
        for gap in found.gaps
        if (gap.indicator, gap.basis, gap.measure) == ("chronic_absence", "students", "direct_certification")
    )
    rates = dict(
        in_files(
            roster,
            "SELECT direct_certified, AVG((days_absent >= 0.1 * days_enrolled)::INT) FROM students "
            "JOIN attendance USING (student_id, school_year) WHERE days_enrolled >= 10 GROUP BY 1",
        )  # type: ignore[arg-type]
    )
    assert gap.value == pytest.approx(rates[1] - rates[0], abs=1e-9)
    assert gap.low < gap.value < gap.high


def test_measures_are_no_outcomes_of_themselves(found: Poverty) -> None:
    assert not {"meals", "direct_certified", "unduplicated", "high_poverty_school"} & set(found.units)
    assert {one.basis for one in found.conclusions} == {"students", "schools"}
    assert {one.measures for one in found.conclusions if one.basis == "students"} == {4}


def test_a_review_counts_by_the_measure_asked_for(roster: Path, tmp_path: Path) -> None:
    dataset = by_poverty(open_source(roster, None, tmp_path / "private", load()), "direct_certification")
    rows = duckdb.sql(
        f"SELECT student_id FROM '{dataset.student_years}' WHERE economic_disadvantage = 'disadvantaged'"
    ).fetchall()
    certified = in_files(roster, "SELECT COUNT(*) FROM students WHERE direct_certified = 1")
    assert [(len(rows),)] == certified
    assert any("Direct certification" in check.found for check in dataset.checks)


def test_a_measure_that_is_not_there_is_told(roster: Path, tmp_path: Path) -> None:
    with pytest.raises(InputProblems, match="direct_certification"):
        by_poverty(open_source(roster, None, tmp_path / "private", load()), "tea_leaves")


def test_the_command_tells_and_keeps_it_private(roster: Path, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "evenground",
        "poverty",
        str(roster),
        "--out",
        str(tmp_path / "gaps.csv"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    assert done.stdout.startswith("private")
    assert "community_eligibility" in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["gaps.private.csv"]
    assert (tmp_path / "gaps.private.csv").read_text(encoding="utf-8").startswith("# private")
