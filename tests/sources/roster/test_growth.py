"""Growth in the student-years: a pattern whose percentiles are known by hand, and who has none."""

from __future__ import annotations

from pathlib import Path
from statistics import mean

import pyarrow.parquet as pq
import pytest
from tests.sources.roster.folders import ABOUT

from evenground.definitions import load
from evenground.sources.roster import read_roster
from evenground.sources.synthetic import make_district

BEFORE = [400, 450, 500, 550, 600]
GAINS = range(-30, 30)


def folder(path: Path, each: int = 60) -> Path:
    """At each of five earlier scores `each` students, who gain -30, -29 ... points in grade 5."""
    path.mkdir()
    people = [(f"s{score}-{gain + 30:02}", score, gain) for score in BEFORE for gain in GAINS[:each]]
    tables = {
        "schools": ["school_id,school_name,district_id,district_name", "A,Oak,0100,Test Unified"],
        "students": ["student_id,school_year,sex"],
        "enrollments": ["student_id,school_id,school_year,grade"],
        "assessments": ["student_id,school_year,subject,level,score"],
    }
    for who, score, gain in people:
        for year, grade, points in (("2022-23", "4", score), ("2023-24", "5", score + gain)):
            tables["students"].append(f"{who},{year},F")
            tables["enrollments"].append(f"{who},A,{year},{grade}")
            tables["assessments"].append(f"{who},{year},reading,3,{points}")
    # one who was in grade 5 twice, one without an earlier score: neither has peers
    tables["students"] += ["twice,2022-23,M", "twice,2023-24,M", "new,2023-24,M"]
    tables["enrollments"] += ["twice,A,2022-23,5", "twice,A,2023-24,5", "new,A,2023-24,5"]
    tables["assessments"] += [f"{who},2023-24,reading,3,500" for who in ("twice", "new")]
    tables["assessments"].append("twice,2022-23,reading,3,500")
    for table, lines in tables.items():
        (path / f"{table}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (path / "about.yaml").write_text(ABOUT, encoding="utf-8")
    return path


def grown(path: Path) -> tuple[dict[tuple[str, str], float | None], tuple[str, ...]]:
    dataset = read_roster(path, path.with_name("private"), load())
    assert dataset.student_years is not None
    rows = pq.read_table(dataset.student_years).to_pylist()
    return {(row["student_id"], row["period"]): row["reading_growth"] for row in rows}, dataset.indicators


def test_growth_beside_students_who_started_in_the_same_place(tmp_path: Path) -> None:
    """Of 60 who started in the same place, who gained least came further than nobody, told as 1 of 100; the
    31st further than half; the last further than all but the highest curves."""
    found, indicators = grown(folder(tmp_path / "roster"))
    for score in BEFORE:
        of = {gain: found[f"s{score}-{gain + 30:02}", "2023-24"] for gain in (-30, 0, 29)}
        assert of == {-30: 0.01, 0: pytest.approx(0.5), 29: pytest.approx(0.98, abs=0.011)}
    assert "reading_growth" in indicators
    assert "mathematics_growth" not in indicators


def test_who_has_no_peers_has_no_growth(tmp_path: Path) -> None:
    found, _ = grown(folder(tmp_path / "roster"))
    assert found["twice", "2023-24"] is None
    assert found["new", "2023-24"] is None
    assert {value for (_, period), value in found.items() if period == "2022-23"} == {None}


def test_too_few_students_draw_no_curve(tmp_path: Path) -> None:
    """195 with an earlier score: fewer than 25 for each of 8 coefficients."""
    found, indicators = grown(folder(tmp_path / "roster", each=39))
    assert set(found.values()) == {None}
    assert "reading_growth" not in indicators


def test_the_school_in_which_something_better_was_planted_has_the_highest_growth(tmp_path: Path) -> None:
    """Students who come to that middle school learn more mathematics there than their scores let expect."""
    truth = make_district(tmp_path / "roster", students=9000, years=2, schools=24, seed=4)
    planted = next(one for one in truth.planted if one.get("kind") == "bright_spot")
    dataset = read_roster(tmp_path / "roster", tmp_path / "private", load())
    assert dataset.student_years is not None
    rows = pq.read_table(
        dataset.student_years, columns=["school_id", "grade", "mathematics_growth"]
    ).to_pylist()
    entering = [row for row in rows if row["grade"] == "g06" and row["mathematics_growth"] is not None]
    means = {
        school: mean(row["mathematics_growth"] for row in entering if row["school_id"] == school)
        for school in {row["school_id"] for row in entering}
    }
    assert len(means) > 2
    assert planted["unit"] == f"school:{max(means, key=lambda school: means[school])}"
