"""Los Angeles Unified's graduates with the courses of the universities, from the raw file with csv alone."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from collections.abc import Callable
from math import sqrt
from pathlib import Path

import pyarrow.parquet as pq
import pytest

ASIAN, HISPANIC, BLACK, WHITE, FILIPINO = "2", "5", "6", "7", "4"
OURS = {ASIAN: "asian", HISPANIC: "hispanic", BLACK: "black", WHITE: "white", FILIPINO: "filipino"}
SEX = {"F": "female", "M": "male"}

Counts = dict[tuple[str, str, str], tuple[int, int]]


def graduates(file: Path) -> Counts:
    """(year, race, sex) -> graduates, and those of them with all A-G courses; "" stands for all."""
    counted: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0])
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if row["CDS_CODE"].zfill(14).startswith("1964733"):
                year, race, sex = row["YEAR"].zfill(4), row["ETHNIC"], row["GENDER"]
                for key in {(year, race, sex), (year, race, ""), (year, "", sex), (year, "", "")}:
                    counted[key][0] += int(row["GRADS"])
                    counted[key][1] += int(row["UC_GRADS"])
    return {key: (total, reached) for key, (total, reached) in counted.items()}


@pytest.fixture(scope="module")
def raw(request: pytest.FixtureRequest) -> Counts:
    shared: Callable[[str], Path] = request.getfixturevalue("shared_data")
    return graduates(shared("ca-graduates-ag") / "graduates_LAcounty_9293_1516.csv.gz")


@pytest.fixture(scope="module")
def released(request: pytest.FixtureRequest) -> dict[str, dict[str, object]]:
    bundle: Callable[[str], Path] = request.getfixturevalue("bundle")
    rows = pq.read_table(bundle("completion") / "findings.parquet").to_pylist()
    return {row["finding_id"]: row for row in rows}


def rate(released: dict[str, dict[str, object]], period: str, group: str) -> dict[str, object]:
    return released[f"ag_completion/district:1964733/{period}/{group}/rate"]


@pytest.mark.parametrize(("code", "percent"), [(HISPANIC, 53.5), (BLACK, 47.3), (WHITE, 58.1), (ASIAN, 77.3)])
def test_each_race(raw: Counts, released: dict[str, dict[str, object]], code: str, percent: float) -> None:
    """The percentages are those of SOURCE.txt beside the file."""
    n, reached = raw["1516", code, ""]
    told = rate(released, "2015-16", f"race_ethnicity:{OURS[code]}")
    assert (told["n"], told["value"]) == (n, pytest.approx(reached / n, abs=1e-12))
    assert round(100 * reached / n, 1) == percent


def test_black_graduates_and_all_graduates(raw: Counts, released: dict[str, dict[str, object]]) -> None:
    (own, own_reached), (every, every_reached) = raw["1516", BLACK, ""], raw["1516", "", ""]
    assert (round(100 * own_reached / own), round(100 * every_reached / every)) == (47, 55)
    told = released["ag_completion/district:1964733/2015-16/race_ethnicity:black/difference/overall"]
    assert told["value"] == pytest.approx(own_reached / own - every_reached / every, abs=1e-12)
    assert told["verdict"] == "below"


@pytest.mark.parametrize("sex", SEX)
@pytest.mark.parametrize("code", OURS)
def test_race_and_gender(raw: Counts, released: dict[str, dict[str, object]], code: str, sex: str) -> None:
    n, reached = raw["1516", code, sex]
    told = rate(released, "2015-16", f"race_ethnicity:{OURS[code]}+sex:{SEX[sex]}")
    assert (told["n"], told["value"]) == (n, pytest.approx(reached / n, abs=1e-12))


def test_the_interval_of_male_black_graduates_by_wilsons_formula(
    raw: Counts, released: dict[str, dict[str, object]]
) -> None:
    n, reached = raw["1516", BLACK, "M"]
    z, p = 1.959964, reached / n
    middle, root = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    told = rate(released, "2015-16", "race_ethnicity:black+sex:male")
    assert told["low"] == pytest.approx((middle - root) / (1 + z * z / n), abs=1e-9)
    assert told["high"] == pytest.approx((middle + root) / (1 + z * z / n), abs=1e-9)


def test_every_year_of_latino_graduates(raw: Counts, released: dict[str, dict[str, object]]) -> None:
    """From 1997-98 on: in the years before, rows that cannot be are left out (the source's known issues)."""
    years = {year for year, race, _ in raw if race == HISPANIC and not "9293" <= year <= "9697"}
    assert len(years) == 19
    for year in years:
        start = (1900 if year >= "9000" else 2000) + int(year[:2])
        told = rate(released, f"{start}-{year[2:]}", "race_ethnicity:hispanic")
        n, reached = raw[year, HISPANIC, ""]
        assert (told["n"], told["value"]) == (n, pytest.approx(reached / n, abs=1e-12))
