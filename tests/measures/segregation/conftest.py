"""Real schools: enrolment by race in three states, 2000-01 and 2005-06, and in Kentucky, 2016-17."""

from __future__ import annotations

import pandas as pd
import pytest

SMALL = {
    "count": [100, 60, 40, 0, 0, 40, 60, 100],
    "unit": [1, 2, 3, 4, 1, 2, 3, 4],
    "group": ["a"] * 4 + ["b"] * 4,
}
SECOND = {**SMALL, "count": [80, 80, 20, 20, 20, 20, 80, 80]}
COLUMNS = {"count": "n", "unit": "school", "group": "race"}


@pytest.fixture(scope="session")
def both_years(shared_data):
    folder = shared_data("ccd-usschools-2000-2005")
    frames = []
    for year, name in ((2000, "usschools00"), (2005, "usschools05")):
        frame = pd.read_csv(folder / f"{name}.csv.gz", dtype={"district": str, "school": str})
        frames.append(frame.assign(year=year))
    return pd.concat(frames, ignore_index=True)


@pytest.fixture(scope="session")
def schools(both_years):
    return both_years[both_years.year == 2000]


@pytest.fixture(scope="session")
def kentucky(shared_data):
    frame = pd.read_csv(shared_data("ky-kysrc") / "race_sch.csv.gz", dtype={"sch_id": str})
    return frame[frame.year == "2016-2017"].rename(columns={"s_count": "n", "sch_id": "school"})
