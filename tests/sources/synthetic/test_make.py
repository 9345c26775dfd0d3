"""The made-up district: the same for a seed, whole, and its truth is what its records show but for chance."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from scipy.stats import binom, chi2

from evenground.definitions import load
from evenground.sources.roster import read_roster, roster_format
from evenground.sources.synthetic import PARQUET_FROM, RATES, Truth, make_district, make_student_years

Rows = list[dict[str, Any]]
DIMENSIONS = (
    "race_ethnicity", "sex", "economic_disadvantage", "english_learner", "disability", "homeless", "foster",
    "migrant", "military", "grade", "grade_band",
)  # fmt: skip


def hashes(folder: Path) -> dict[str, str]:
    files = [*folder.iterdir(), folder.with_name(f"{folder.name}-truth.json")]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth, Rows]:
    """A district of 20,000 students over three years: folder, truth, student-years."""
    folder = tmp_path_factory.mktemp("made") / "roster"
    truth = make_district(folder, students=20_000, years=3, seed=11)
    dataset = read_roster(folder, folder.with_name("private"), load())
    return folder, truth, pq.read_table(dataset.student_years).to_pylist()


def test_a_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        make_district(tmp_path / name / "roster", students=500, years=2, seed=3)
        make_student_years(tmp_path / name / "rows.parquet", students=500, years=2, seed=3)
    assert hashes(tmp_path / "a" / "roster") == hashes(tmp_path / "b" / "roster")
    assert (tmp_path / "a" / "rows.parquet").read_bytes() == (tmp_path / "b" / "rows.parquet").read_bytes()


def test_another_seed_gives_another_district(tmp_path: Path) -> None:
    make_district(tmp_path / "a", students=500, seed=1)
    make_district(tmp_path / "b", students=500, seed=2)
    different = {
        name for name, value in hashes(tmp_path / "a").items() if hashes(tmp_path / "b").get(name) != value
    }
    assert different >= {"students.csv", "enrollments.csv", "assessments.csv", "staff.csv", "a-truth.json"}


@pytest.mark.parametrize(
    "size",
    [{"students": 500}, {"students": 900, "years": 2, "districts": 2}, {"students": 2000, "schools": 3}],
)
def test_the_fast_path_gives_what_the_folder_gives(size: dict[str, int], tmp_path: Path) -> None:
    make_district(tmp_path / "roster", **{"years": 1, **size}, seed=7)
    rows = make_student_years(tmp_path / "rows.parquet", **{"years": 1, **size}, seed=7)
    dataset = read_roster(tmp_path / "roster", tmp_path / "private", load())
    slow, fast = pq.read_table(dataset.student_years), pq.read_table(tmp_path / "rows.parquet")
    assert slow.num_rows == rows
    assert set(fast.column_names) <= set(slow.column_names)  # it has the columns that cost no further draws
    for name in fast.column_names:
        mine, theirs = slow.column(name).to_pylist(), fast.column(name).to_pylist()
        if name in (
            "teacher_experience",
            "novice_share",
            "uncertified_share",
            "students_per_teacher",
            "spending",
        ):
            assert [value is None for value in mine] == [value is None for value in theirs]
            assert np.allclose([value or 0 for value in mine], [value or 0 for value in theirs], rtol=1e-12)
        else:
            assert mine == theirs, name


@pytest.mark.parametrize("students", [500, 3000])
def test_a_district_has_about_the_students_asked_for(students: int, tmp_path: Path) -> None:
    make_district(tmp_path / "roster", students=students, years=1)
    with (tmp_path / "roster" / "enrollments.csv").open(encoding="utf-8") as file:
        ids = {line["student_id"] for line in csv.DictReader(file)}
    assert abs(len(ids) - students) <= 0.02 * students


def test_schools_and_districts_are_those_asked_for(tmp_path: Path) -> None:
    truth = make_district(tmp_path / "roster", students=4000, years=1, schools=17, districts=3)
    with (tmp_path / "roster" / "schools.csv").open(encoding="utf-8") as file:
        schools = list(csv.DictReader(file))
    assert len(schools) == len({school["school_name"] for school in schools}) == 17
    assert len({school["district_id"] for school in schools}) == 3
    assert Counter(truth.rates["unit_level"].to_pylist()).keys() == {"state", "district", "school"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"students": 12},
        {"years": 0},
        {"schools": 2},
        {"districts": 0},
        {"schools": 5, "districts": 2},
        {"schools": 5000, "students": 500},
    ],
)
def test_systems_that_cannot_be_are_refused(wrong: dict[str, int], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="needs at least"):
        make_district(tmp_path / "roster", **wrong)


def test_large_folders_are_parquet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert PARQUET_FROM > 15_000  # the example is CSV, which people can open
    monkeypatch.setattr("evenground.sources.synthetic.make.PARQUET_FROM", 1000)
    make_district(tmp_path / "large", students=600, years=2, seed=3)
    monkeypatch.undo()
    make_district(tmp_path / "small", students=600, years=2, seed=3)
    assert {path.suffix for path in (tmp_path / "large").iterdir()} == {".parquet", ".yaml"}
    tables = [
        pq.read_table(read_roster(tmp_path / name, tmp_path / f"private-{name}", load()).student_years)
        for name in ("large", "small")
    ]
    assert tables[0].equals(tables[1])


def test_its_checks_hold_nothing_to_mend(district: tuple[Path, Truth, Rows]) -> None:
    folder = district[0]
    dataset = read_roster(folder, folder.with_name("again"), load())
    assert {problem.severity for problem in dataset.checks} == {"note"}
    assert set(roster_format().tables) == {name.removesuffix(".csv") for name in dataset.inputs} - {
        "about.yaml"
    }


def test_everybody_is_there(district: tuple[Path, Truth, Rows]) -> None:
    rows, definitions = district[2], load()
    for dimension in DIMENSIONS:
        values = set(definitions.dimensions[dimension].values)
        unknown = set() if dimension.startswith("grade") else {"unknown"}
        assert {row[dimension] for row in rows} == values | unknown, dimension
    assert any(row["race_flags"].count("|") for row in rows if row["race_ethnicity"] == "two_or_more")


def test_students_stay_the_same_over_the_years(district: tuple[Path, Truth, Rows]) -> None:
    grades: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in district[2]:
        grades[row["student_id"]].append((row["period"], row["grade"]))
    order = ["kg", *(f"g{grade:02d}" for grade in range(1, 13))]
    for seen in grades.values():
        places = [order.index(grade) for _, grade in sorted(seen)]
        assert places == sorted(set(places))
    assert max(len(seen) for seen in grades.values()) == 3


OUTCOMES = {
    "ap_participation": ("ap_course", 1, ("g09", "g10", "g11", "g12")),
    "advanced_course": ("advanced_course", 1, ("g09", "g10", "g11", "g12")),
    "algebra_grade_8": ("algebra_1", 1, ("g08",)),
    "reading_basic": ("reading_level", 2, ()),
    "reading_proficient": ("reading_level", 3, ()),
    "reading_advanced": ("reading_level", 4, ()),
    "mathematics_proficient": ("mathematics_level", 3, ()),
    "graduation": ("graduated", 1, ()),
    "chronic_absence": ("chronically_absent", 1, ()),
    "suspension": ("suspended", 1, ()),
    "in_school_removal": ("in_school_removal", 1, ()),
    "expulsion": ("expelled", 1, ()),
}


@pytest.mark.parametrize("indicator", OUTCOMES)
def test_the_planted_rates_are_seen_but_for_chance(
    indicator: str, district: tuple[Path, Truth, Rows]
) -> None:
    """Group by group n is exact and the count is binomial around the planted rate.

    Students of a group differ in their chances, so that counts vary a little less than binomial ones: the sum
    of squared deviations stays below the chi-square limit, and above a sixth of its mean (chance is at work).
    """
    _, truth, rows = district
    column, least, grades = OUTCOMES[indicator]
    squares, cells = 0.0, 0
    for dimension in ("race_ethnicity", "sex", "economic_disadvantage"):
        seen: dict[tuple[str, str], list[int]] = defaultdict(list)
        for row in rows:
            if row[column] is not None and (not grades or row["grade"] in grades):
                seen[row["period"], f"{dimension}:{row[dimension]}"].append(row[column] >= least)
        for (period, group), happened in seen.items():
            planted = truth.rate(indicator, period, group)
            n, count = len(happened), sum(happened)
            assert binom.cdf(count, n, planted) > 1e-6 or count > n * planted
            assert binom.sf(count - 1, n, planted) > 1e-6 or count < n * planted
            if n * planted > 5 and n * (1 - planted) > 5:
                squares += (count - n * planted) ** 2 / (n * planted * (1 - planted))
                cells += 1
    assert cells >= 10
    assert cells / 6 < squares < chi2.ppf(1 - 1e-6, 3 * cells)


def test_n_of_the_truth_is_the_n_of_the_records(district: tuple[Path, Truth, Rows]) -> None:
    _, truth, rows = district
    high = Counter(
        (row["period"], row["school_id"])
        for row in rows
        if row["on_census_day"] and row["grade"] in ("g09", "g10", "g11", "g12")
    )
    told = {
        (row["period"], row["unit_id"]): row["n"]
        for row in truth.rates.to_pylist()
        if row["indicator"] == "ap_participation" and row["unit_level"] == "school" and row["group"] == "all"
    }
    assert told == high


def test_what_schools_have_is_exact(district: tuple[Path, Truth, Rows]) -> None:
    _, truth, rows = district
    for indicator, column in (("spending", "spending"), ("novice_teachers", "novice_share")):
        mine = [
            row[column]
            for row in rows
            if row[column] is not None and row["race_ethnicity"] == "black" and row["period"] == "2024-25"
        ]
        assert truth.rate(indicator, "2024-25", "race_ethnicity:black") == pytest.approx(
            sum(mine) / len(mine)
        )


def test_one_gap_closes_because_those_behind_rise_and_one_because_those_ahead_fall(
    district: tuple[Path, Truth, Rows],
) -> None:
    stories = {story["why"]: story for story in district[1].planted if story["story"] == "gap_closes"}
    rose, fell = stories["those_behind_rose"], stories["those_ahead_fell"]
    change = {name: rose[name][1] - rose[name][0] for name in ("group_rates", "reference_rates")}
    assert change["group_rates"] > 0.04
    assert abs(change["reference_rates"]) < 0.02
    change = {name: fell[name][1] - fell[name][0] for name in ("group_rates", "reference_rates")}
    assert abs(change["group_rates"]) < 0.02
    assert change["reference_rates"] < -0.07


def test_one_school_does_better_than_its_groups_let_expect(district: tuple[Path, Truth, Rows]) -> None:
    _, truth, _ = district
    story = next(story for story in truth.planted if story["story"] == "school_above_expectation")
    poor = "economic_disadvantage:disadvantaged"
    here = truth.rate(story["indicator"], "2024-25", poor, story["unit"])
    assert here > truth.rate(story["indicator"], "2024-25", poor) + 0.08


def test_gaps_lie_between_and_within_schools(district: tuple[Path, Truth, Rows]) -> None:
    _, truth, _ = district
    parts = [story for story in truth.planted if story["story"] == "between_and_within_schools"]
    assert len(parts) == 2
    for story in parts:
        assert story["between"] < -0.01
        assert story["within"] < -0.03
        gap = truth.rate("ap_participation", "2024-25", story["group"]) - truth.rate(
            "ap_participation", "2024-25", story["reference"]
        )
        assert story["between"] + story["within"] == pytest.approx(gap, abs=0.01)
    closed = [
        row
        for row in truth.rates.to_pylist()
        if row["indicator"] == "ap_participation"
        and row["unit_level"] == "school"
        and row["group"] == "all"
        and row["rate"] == 0
    ]
    assert closed  # some high schools offer no AP course


def test_the_truth_is_read_back(district: tuple[Path, Truth, Rows]) -> None:
    folder, truth, _ = district
    again = Truth.read(folder.with_name("roster-truth.json"))
    assert again.rates.equals(truth.rates)
    assert again.rates.schema.equals(RATES)
    assert [dict(story) for story in again.planted] == [dict(story) for story in truth.planted]
    with pytest.raises(KeyError):
        truth.rate("ap_participation", "1999-00")
