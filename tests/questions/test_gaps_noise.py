"""Gaps with noise: parts sum to wholes, every group there can be has a row, and the error is said."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import binom

from evenground.definitions import load
from evenground.model import ALL, InputProblems, parse_group
from evenground.questions.gaps import COLUMNS, NOISE, Wanted, gaps

DEFINITIONS = load()
POLICY = DEFINITIONS.policies["noise"]
VARIANCE = 2 * np.exp(-1) / (1 - np.exp(-1)) ** 2


def table(size: int = 3000, periods: int = 1) -> pa.Table:
    random = np.random.default_rng(5)
    return pa.table(
        {
            "sex": random.choice(["female", "male"], size),
            "house": random.choice(["red", "green", "blue"], size, p=[0.6, 0.3, 0.1]),
            "year": random.choice([f"{2010 + year}-{11 + year}" for year in range(periods)], size),
            "y": (random.random(size) < 0.4).astype(int),
        }
    )


def noisy(source: pa.Table, **options) -> pa.Table:
    return gaps(source, Wanted("y", ("house", "sex"), **options), DEFINITIONS, POLICY)


def test_parts_sum_to_wholes():
    rows = {row["group"]: row for row in noisy(table()).to_pylist()}
    for column in ("n", "successes"):
        for dimension in ("sex", "house"):
            parts = [
                row[column] for key, row in rows.items() if key.startswith(f"{dimension}:") and "+" not in key
            ]
            assert sum(parts) == rows[ALL][column]
        for key in ("house:red", "house:blue", "sex:female"):
            wanted = dict(parse_group(key)).items()
            crossed = [
                row[column]
                for group, row in rows.items()
                if "+" in group and wanted <= dict(parse_group(group)).items()
            ]
            assert sum(crossed) == rows[key][column]


def test_every_group_there_can_be_has_a_row_and_its_error():
    """`sex` is a defined dimension, `house` is not; both also know `unknown`: 4 x 4 x 2 = 32 counts."""
    found = noisy(table())
    assert found.schema.remove_metadata() == pa.schema([*COLUMNS, *NOISE])
    rows = {row["group"]: row for row in found.to_pylist()}
    assert {"sex:nonbinary", "sex:unknown", "house:red+sex:nonbinary"} <= set(rows)
    assert rows[ALL]["n_error"] == pytest.approx(np.sqrt(32 * VARIANCE))
    assert rows["sex:female"]["n_error"] == pytest.approx(np.sqrt(8 * VARIANCE))
    assert rows["house:red"]["n_error"] == pytest.approx(np.sqrt(8 * VARIANCE))
    assert rows["house:red+sex:male"]["n_error"] == pytest.approx(np.sqrt(2 * VARIANCE))
    empty = rows["sex:nonbinary"]
    assert empty["n"] >= 1.96 * empty["n_error"] or empty["rate"] is None


def test_what_was_spent_and_assumed_is_said():
    found = noisy(table(periods=3), period="year")
    said = json.loads(found.schema.metadata[b"noise"])
    assert (said["epsilon"], said["histograms"], said["epsilon_in_all"], said["bins"]) == (1.0, 3, 3.0, 32)
    assert (said["defined"], said["found"]) == (["sex"], ["house"])


def test_counts_are_near_the_truth():
    """The sum of 32 noises of scale 1 is beyond 150 with a chance below e^-60 (Chernoff at 1/2)."""
    source = table()
    rows = {row["group"]: row for row in noisy(source).to_pylist()}
    assert abs(rows[ALL]["n"] - 3000) < 150
    assert abs(rows[ALL]["successes"] - sum(source["y"].to_pylist())) < 150
    assert rows[ALL]["rate"] == pytest.approx(0.4, abs=0.1)
    assert rows[ALL]["rate_error"] >= np.sqrt(0.4 * 0.6 / 3000) * 0.9


def test_intervals_hold_the_truth_as_often_as_they_say():
    """400 groups of 200 students with a chance of 0.4 each; of their intervals 95 in 100 hold it, and of the
    differences to everybody 95 in 100 hold 0 (below 0.87 less than once in 10^9)."""
    random, groups = np.random.default_rng(2), 400
    source = pa.table(
        {
            "house": np.repeat([f"h{number:03d}" for number in range(groups)], 200),
            "y": (random.random(groups * 200) < 0.4).astype(int),
        }
    )
    rows = [
        row
        for row in gaps(source, Wanted("y", ("house",)), DEFINITIONS, POLICY).to_pylist()
        if row["group"].startswith("house:h")
    ]
    assert len(rows) == groups
    least = binom.ppf(1e-9, groups, 0.94)
    assert sum(row["low"] <= 0.4 <= row["high"] for row in rows) >= least
    assert sum(row["difference_low"] <= 0 <= row["difference_high"] for row in rows) >= least


def test_a_second_run_draws_anew():
    """Equal only when 32 noises of 0.47 at most are all drawn again: less than once in 10^7 even for one."""
    source = table()
    first, second = (noisy(source)["n"].to_pylist() for _ in range(2))
    assert first != second


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Wanted("score", ("sex",)), "0/1 with this policy"),
        (Wanted("y", ("sex",), weight="score"), "no weights"),
        (Wanted("y", ("sex", "name")), "at most 20,000"),
        (Wanted("y", ("sex",), reference="group:none"), "no group of the data"),
    ],
)
def test_where_noise_does_not_serve_it_is_refused(wanted: Wanted, said: str):
    source = table().append_column("score", pa.array(np.arange(3000.0)))
    source = source.append_column("name", pa.array([f"name {number}" for number in range(3000)]))
    with pytest.raises(InputProblems, match=said):
        gaps(source, wanted, DEFINITIONS, POLICY)
