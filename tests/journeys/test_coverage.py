"""On made-up districts, whose truth is known, 95 % intervals hold the truth about 95 % of the time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pytest

from evenground.cube import Plan, count, crossings
from evenground.definitions import load
from evenground.engine import DuckEngine
from evenground.measures import Sums, difference, rate
from evenground.measures import reference as references
from evenground.sources import open_source
from evenground.sources.synthetic import make_district

DISTRICTS = 12
RATES = ("ap_participation", "chronic_absence", "graduation", "mathematics_proficient", "suspension")


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, np.ndarray]:
    """For every group of twelve districts: successes and n, everybody's too, and the true rates of both."""
    definitions, rows = load(), []
    for seed in range(1, DISTRICTS + 1):
        place: Path = tmp_path_factory.mktemp(f"district{seed}")
        truth = make_district(place / "roster", students=1500, years=1, seed=seed)
        dataset = open_source(place / "roster", "roster", place / "tables", definitions)
        assert dataset.student_years is not None
        indicators = {key: definitions.indicators[key] for key in RATES}
        plan = Plan(
            indicators, crossings(("race_ethnicity", "economic_disadvantage", "sex"), 1), ("district",)
        )
        cells = count(DuckEngine(), dataset.student_years, plan).cells()
        for key in RATES:
            mine = cells.filter(pc.equal(cells["indicator"], key)).to_pylist()
            whole = next(cell for cell in mine if cell["group"] == "all")
            for cell in mine:
                if cell["n"] >= 10 and cell["n"] < whole["n"]:
                    true = [truth.rate(key, cell["period"], group) for group in (cell["group"], "all")]
                    rows.append((cell["total"], cell["n"], whole["total"], whole["n"], *true))
    columns = np.array(rows).T
    return dict(zip(("s", "n", "all_s", "all_n", "rate", "all_rate"), columns, strict=True))


def test_intervals_of_rates_hold_the_planted_rates(counted: dict[str, np.ndarray]) -> None:
    interval = rate.wilson(counted["s"], counted["n"])
    held = (interval.low <= counted["rate"]) & (counted["rate"] <= interval.high)
    # Students differ within a group, so that the planted process varies a little less than a binomial one.
    assert len(held) > 500
    assert 0.93 <= held.mean() <= 0.99


def test_intervals_of_gaps_to_everybody_hold_the_planted_gaps(counted: dict[str, np.ndarray]) -> None:
    groups, whole = Sums.of(counted["n"], counted["s"]), Sums.of(counted["all_n"], counted["all_s"])
    gap = difference.rates_to_reference(groups, references.overall(groups, whole))
    true = counted["rate"] - counted["all_rate"]
    held = (gap.low <= true) & (true <= gap.high)
    assert 0.93 <= held.mean() <= 0.99
