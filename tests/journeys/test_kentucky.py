"""A whole state, all the way: released cells against the raw files, read with nothing but csv."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.plain import of_released

from evenground.model import Released
from evenground.report import read

Cells = dict[tuple[str, str, str, str], dict[str, object]]


@pytest.fixture(scope="module")
def folder(request: pytest.FixtureRequest) -> Path:
    shared: Callable[[str], Path] = request.getfixturevalue("shared_data")
    return shared("ky-kysrc")


@pytest.fixture(scope="module")
def released(bundle: Callable[[str], Path]) -> Released:
    return read(bundle("kentucky"))


@pytest.fixture(scope="module")
def cells(released: Released) -> Cells:
    columns = ("indicator", "unit_id", "period", "group")
    return {tuple(row[name] for name in columns): row for row in released.cells.to_pylist()}  # type: ignore[misc]


def raw(folder: Path, name: str) -> Iterator[dict[str, str]]:
    with gzip.open(folder / name, "rt", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def test_every_sentence_is_easy_to_read_in_both_languages(released: Released) -> None:
    assert of_released(released) == []


def test_achievement_of_every_district_is_the_sum_over_its_school_levels(folder: Path, cells: Cells) -> None:
    """Black students of 25 districts and more: n, and the share at proficient or above in mathematics."""
    n: dict[str, float] = defaultdict(float)
    shares: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for row in raw(folder, "ach_level_dist.csv.gz"):
        wanted = ("2016-2017", "Mathematics", "African American")
        if (row["year"], row["subject"], row["student_group"]) == wanted and row["n_tested"]:
            n[row["sch_id"]] += float(row["n_tested"])
            share = float(row["proficient_pct"]) + float(row["distinguished_pct"])
            shares[row["sch_id"]].append((float(row["n_tested"]), share))
    compared = 0
    for district, tested in n.items():
        cell = cells.get(("mathematics_proficient", district, "2016-17", "race_ethnicity:black"))
        if cell is not None and cell["state"] == "value" and cell["n"] == tested:
            mean = sum(size * share for size, share in shares[district]) / tested
            assert cell["value"] == pytest.approx(mean, abs=0.0005 + 1 / tested)
            compared += 1
    assert compared >= 25


def test_who_is_taught_by_whom_is_the_students_mean_of_their_schools(folder: Path, cells: Cells) -> None:
    years = {
        row["sch_id"]: float(row["avg_t_exp"])
        for row in raw(folder, "teach_sch.csv.gz")
        if row["year"] == "2016-2017" and row["avg_t_exp"]
    }
    for race, group in (("Black", "black"), ("White", "white"), ("Hispanic", "hispanic")):
        students = [
            (float(row["s_count"]), years[row["sch_id"]])
            for row in raw(folder, "race_sch.csv.gz")
            if row["year"] == "2016-2017"
            and row["race"] == race
            and row["s_count"]
            and row["sch_id"] in years
        ]
        cell = cells["teacher_experience", "KY", "2016-17", f"race_ethnicity:{group}"]
        assert cell["n"] == pytest.approx(sum(size for size, _ in students), rel=0.005)
        mean = sum(size * value for size, value in students) / sum(size for size, _ in students)
        assert cell["value"] == pytest.approx(mean, abs=0.02)


def test_graduation_is_published_without_n_and_stays_so(folder: Path, cells: Cells) -> None:
    compared = 0
    for row in raw(folder, "grad_dist.csv.gz"):
        if row["year"] == "2016-2017" and row["student_group"] == "All Students" and row["grad_rate"]:
            if row["sch_id"] >= "900":  # cooperatives, which repeat their members' numbers
                continue
            cell = cells["graduation", row["sch_id"], "2016-17", "all"]
            assert (cell["n"], cell["value"]) == (None, pytest.approx(float(row["grad_rate"])))
            compared += 1
    assert compared > 140
