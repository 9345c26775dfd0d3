"""The mapping of docs/how-to/see-growth.md, on a part of the real file; counts by numpy alone."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.rdata import read_frame

from evenground.definitions import load
from evenground.model import ERROR
from evenground.sources import Dataset, open_source

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "see-growth.md"
SCHOOLS = 12
Frame = dict[str, np.ndarray]


@pytest.fixture(scope="module")
def rows(request: pytest.FixtureRequest) -> Frame:
    """The rows of a dozen schools."""
    shared: Callable[[str], Path] = request.getfixturevalue("shared_data")
    frame = read_frame(shared("sgpdata-long") / "sgpData_LONG.rda")
    chosen = np.isin(frame["SCHOOL_NUMBER"], np.unique(frame["SCHOOL_NUMBER"])[:SCHOOLS])
    return {name: values[chosen] for name, values in frame.items()}


@pytest.fixture(scope="module")
def dataset(rows: Frame, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    folder = tmp_path_factory.mktemp("growth")
    (found,) = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    (folder / "tests.yaml").write_text(found, encoding="utf-8")
    columns = [
        ["" if np.isnan(value) else int(value) for value in values] if values.dtype.kind == "f" else values
        for values in rows.values()
    ]
    (folder / "files").mkdir()
    with (folder / "files" / "sgpData_LONG.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(rows)
        writer.writerows(zip(*columns, strict=True))
    return open_source(folder / "files", None, folder / "private", load(), folder / "tests.yaml")


@pytest.fixture(scope="module")
def years(dataset: Dataset) -> pa.Table:
    assert dataset.student_years is not None
    return pq.read_table(dataset.student_years)


def test_every_student_and_year_once(rows: Frame, dataset: Dataset, years: pa.Table) -> None:
    assert years.num_rows == len(set(zip(rows["ID"], rows["YEAR"], strict=True)))
    assert not [problem for problem in dataset.checks if problem.severity == ERROR]
    assert dataset.periods == ("2020-21", "2021-22", "2022-23", "2023-24", "2024-25")


@pytest.mark.parametrize("subject", ["MATHEMATICS", "READING"])
@pytest.mark.parametrize("year", ["2020_2021", "2024_2025"])
def test_levels_are_those_of_the_file(rows: Frame, years: pa.Table, subject: str, year: str) -> None:
    here = (rows["CONTENT_AREA"] == subject) & (rows["YEAR"] == year)
    names = ["Unsatisfactory", "Partially Proficient", "Proficient", "Advanced"]
    expected = [int((rows["ACHIEVEMENT_LEVEL"][here] == name).sum()) for name in names]
    at = np.array(years["period"].to_pylist()) == f"{year[:4]}-{year[7:]}"
    levels = np.array(years[f"{subject.lower()}_level"].to_pylist(), dtype=float)[at]
    assert [int((levels == level).sum()) for level in (1, 2, 3, 4)] == expected
    assert min(expected) > 10


def test_groups_are_those_of_the_file(rows: Frame, years: pa.Table) -> None:
    answers = set(zip(rows["ID"], rows["YEAR"], rows["FREE_REDUCED_LUNCH_STATUS"], strict=True))
    said: dict[tuple[str, str], set[str]] = {}
    for student, year, lunch in answers:
        said.setdefault((str(student), str(year)), set()).add(str(lunch))
    poor = sum(lunch == {"Free Reduced Lunch: Yes"} for lunch in said.values())
    both = sum(len(lunch) > 1 for lunch in said.values())
    values = years["economic_disadvantage"].to_pylist()
    assert (values.count("disadvantaged"), values.count("unknown")) == (poor, both)


def test_all_students_together_grow_as_half_of_their_peers(years: pa.Table) -> None:
    growth = np.array(years["mathematics_growth"].to_pylist(), dtype=float)
    assert (~np.isnan(growth)).sum() > 1000
    # percentiles are whole, counted from 0 to 99: their mean is half of 99, and a little less, since the
    # curves are drawn from the same students (docs/explanation/growth.md)
    assert 0.48 < np.nanmean(growth) < 0.5
    first = np.array(years["period"].to_pylist()) == "2020-21"
    assert np.isnan(growth[first]).all()  # there is no year before
