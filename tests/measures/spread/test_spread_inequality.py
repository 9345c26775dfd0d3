"""Money over students: the worked example of funding equity, a real state, and laws."""

import csv
import gzip

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenground.measures import spread

AMOUNT, STUDENTS = [10_000, 12_000, 15_000, 20_000], [400, 300, 200, 100]
WORKED = "worked example A of funding equity (Berne and Stiefel), by hand"


@pytest.mark.parametrize(
    ("measure", "expected", "within", "options"),
    [
        ("coefficient_of_variation", 0.2438, 5e-5, {}),
        ("full_range", 10_000, 0, {}),
        ("restricted_range", 10_000, 0, {}),
        ("federal_range_ratio", 1.0, 0, {}),
        ("mcloone", 0.8667, 5e-5, {}),
        ("mcloone", 0.9048, 5e-5, {"middle": "whole"}),
        ("verstegen", 1.2333, 5e-5, {}),
        ("verstegen", 1.1944, 5e-5, {"middle": "whole"}),
        ("gini", 0.1238, 5e-5, {}),
        ("theil", 0.02754, 5e-6, {}),
    ],
)
def test_the_worked_example(outside, measure, expected, within, options):
    found = getattr(spread, measure)(AMOUNT, STUDENTS, **options)
    outside(
        f"spread.{measure}",
        f"four districts {options or ''}".strip(),
        found.value,
        expected,
        source=WORKED,
        within=within,
    )
    assert (found.districts, found.students, found.left_out) == (4, 1000, 0)
    assert found.low <= found.value <= found.high or measure == "full_range"


def test_theil_between_and_within(outside):
    found = spread.theil(AMOUNT, STUDENTS, ["low", "low", "high", "high"])
    parts = [found.between.value, found.within.value]
    outside(
        "spread.theil", "between and within two groups", parts, [0.02120, 0.00634], source=WORKED, within=5e-6
    )
    assert found.groups.tolist() == ["high", "low"]
    assert found.between_by_group.sum() == pytest.approx(float(found.between.value), abs=1e-15)
    assert found.within_by_group.sum() == pytest.approx(float(found.within.value), abs=1e-15)


def test_kentucky_spending(shared_data, outside):
    """Revenue a student of Kentucky's districts, 2015-16: each measure by another road, in plain Python."""
    folder = shared_data("ky-kysrc")
    with gzip.open(folder / "rev_exp_dist.csv.gz", "rt") as file:
        money = {
            row["sch_id"]: float(row["value"])
            for row in csv.DictReader(file)
            if (row["year"], row["type"], row["tot_pp"], row["category"])
            == ("2015-2016", "revenue", "pp", "total")
            and row["value"]
        }
    with gzip.open(folder / "fin_summary_dist.csv.gz", "rt") as file:
        people = {
            row["sch_id"]: float(row["value"])
            for row in csv.DictReader(file)
            if (row["year"], row["category"]) == ("2015-2016", "adm")
            and row["value"]
            and row["sch_id"] in money
        }
    keys = sorted(people)
    x, n = np.array([money[key] for key in keys]), np.array([people[key] for key in keys])
    assert len(keys) > 165
    mean = (x * n).sum() / n.sum()
    pairs = np.abs(x[:, None] - x[None, :])
    source = "the published figures, by the measure's other definition"
    outside(
        "spread.gini",
        "Kentucky's districts 2015-16",
        spread.gini(x, n).value,
        (n[:, None] * n[None, :] * pairs).sum() / (2 * n.sum() ** 2 * mean),
        source=source + ": half the mean difference",
        within=1e-12,
    )
    outside(
        "spread.coefficient_of_variation",
        "Kentucky's districts 2015-16",
        spread.coefficient_of_variation(x, n).value,
        np.sqrt((n * x**2).sum() / n.sum() - mean**2) / mean,
        source=source,
        within=1e-10,
    )
    # one entry a student, as the definitions of the percentiles and halves have it
    each = np.sort(np.repeat(x, np.rint(n).astype(int)))
    low, high = each[int(np.ceil(0.05 * each.size)) - 1], each[int(np.ceil(0.95 * each.size)) - 1]
    outside(
        "spread.restricted_range",
        "Kentucky's districts 2015-16",
        spread.restricted_range(x, np.rint(n)).value,
        high - low,
        source="every student in a list",
        within=1e-9,
    )
    outside(
        "spread.federal_range_ratio",
        "Kentucky's districts 2015-16",
        spread.federal_range_ratio(x, np.rint(n)).value,
        (high - low) / low,
        source="every student in a list",
        within=1e-12,
    )
    half = each[: each.size // 2]
    median = each[int(np.ceil(0.5 * each.size)) - 1]
    outside(
        "spread.mcloone",
        "Kentucky's districts 2015-16",
        spread.mcloone(x, np.rint(n)).value,
        half.mean() / median,
        source="every student in a list",
        within=2e-6,
    )


def test_equal_money_is_no_spread():
    for measure, value in (
        ("coefficient_of_variation", 0),
        ("gini", 0),
        ("theil", 0),
        ("mcloone", 1),
        ("verstegen", 1),
        ("full_range", 0),
    ):
        assert getattr(spread, measure)([9.5, 9.5, 9.5], [1, 5, 7]).value == pytest.approx(value, abs=1e-12)


def test_what_is_not_known_is_left_out_and_said():
    found = spread.gini([*AMOUNT, np.nan, 50_000], [*STUDENTS, 80, 0])
    assert found.value == pytest.approx(0.1238, abs=5e-5)
    assert (found.districts, found.left_out) == (4, 2)
    few = spread.gini([10, 12], [1, 1])
    assert np.isnan(few.low)
    assert "without a model of chance" in few.assumed[0]
    assert np.isnan(spread.gini([], []).value)


def test_what_cannot_be_meant_is_refused():
    with pytest.raises(ValueError, match="amount has 1 numbers below 0"):
        spread.gini([-1, 2], [1, 1])
    with pytest.raises(ValueError, match="middle is 'half'"):
        spread.mcloone([1, 2], [1, 1], middle="half")
    with pytest.raises(ValueError, match="confidence is 2"):
        spread.gini([1, 2], [1, 1], confidence=2)


districts = st.lists(st.tuples(st.floats(1_000, 50_000), st.integers(1, 5_000)), min_size=1, max_size=15)


@settings(max_examples=40)
@given(districts, st.floats(0.01, 100), st.randoms(use_true_random=False))
def test_order_units_and_mergers_do_not_matter(rows, scale, random):
    shuffled = rows[:]
    random.shuffle(shuffled)
    x, n = (np.array(column, float) for column in zip(*rows, strict=True))
    y, m = (np.array(column, float) for column in zip(*shuffled, strict=True))
    for name in ("coefficient_of_variation", "gini", "theil", "mcloone", "verstegen", "federal_range_ratio"):
        measure = getattr(spread, name)
        plain = measure(x, n, draws=0).value
        assert measure(y, m, draws=0).value == pytest.approx(float(plain), abs=1e-9)
        assert measure(x * scale, n, draws=0).value == pytest.approx(float(plain), abs=1e-9)
        # a district in two halves of the same money is the same students
        assert measure(np.r_[x, x], np.r_[n, n] / 2, draws=0).value == pytest.approx(float(plain), abs=1e-9)
    assert 0 <= spread.gini(x, n, draws=0).value < 1
    assert spread.mcloone(x, n, draws=0).value <= 1 + 1e-12
    assert spread.verstegen(x, n, draws=0).value >= 1 - 1e-12


@settings(max_examples=40)
@given(districts, st.lists(st.integers(0, 2), min_size=15, max_size=15))
def test_the_parts_of_theil_sum_to_it(rows, groups):
    x, n = zip(*rows, strict=True)
    found = spread.theil(x, n, groups[: len(rows)], draws=0)
    assert found.between.value + found.within.value == pytest.approx(float(found.value), abs=1e-12)
    assert found.between.value >= -1e-12
    assert found.within.value >= -1e-12
    assert found.share.sum() == pytest.approx(1)


def test_the_interval_is_the_same_each_time_and_narrower_with_more_districts():
    rng = np.random.default_rng(5)
    x, n = rng.lognormal(9.4, 0.2, 800), rng.integers(100, 4000, 800)
    one, two = spread.gini(x[:80], n[:80]), spread.gini(x[:80], n[:80])
    many = spread.gini(x, n)
    assert (one.low, one.high) == (two.low, two.high)
    assert many.high - many.low < 0.6 * (one.high - one.low)
    assert one.low < one.value < one.high


@pytest.mark.parametrize("measure", ["gini", "coefficient_of_variation", "theil", "mcloone", "verstegen"])
def test_the_interval_holds_the_truth_about_as_often_as_it_says(measure):
    """60 districts of very unlike sizes, drawn from 20,000."""
    rng, function = np.random.default_rng(5), getattr(spread, measure)
    x, n = rng.lognormal(9.2, 0.2, 20_000), rng.lognormal(6, 0.5, 20_000)
    truth, inside = float(function(x, n, draws=0).value), 0
    for _ in range(150):
        rows = rng.integers(0, x.size, 60)
        found = function(x[rows], n[rows], draws=100)
        inside += bool(found.low <= truth <= found.high)
    assert inside / 150 >= 0.9
