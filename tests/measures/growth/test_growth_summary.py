"""Growth of groups: means, medians and shares by hand; their intervals hold what they promise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenground.measures.growth import summary

NINE = [10, 20, 30, 40, 50, 60, 70, 80, 90]


def test_nine_students_by_hand(outside):
    """sd of 10, 20 ... 90: sqrt(750) = 27.386; t(8) = 2.306004; half = 2.306004 * 27.386/3 = 21.0509.

    Around the median: Wilson's bounds of 4.5 of 9, 1/2 -/+ 1.959964/(2 sqrt(9 + 3.841459)) = .22654, .77346;
    times 9: 2.04 and 6.96, the third and the seventh. Three of nine are at 66 or above: Wilson .1206, .6458.
    """
    found = summary(NINE, ["a"] * 9)
    assert found.groups.tolist() == ["a"]
    assert found.n.tolist() == [9]
    outside(
        "growth.summary",
        "10, 20 ... 90: mean and interval",
        [found.mean.value[0], found.mean.low[0], found.mean.high[0]],
        [50, 50 - 21.0509, 50 + 21.0509],
        source="by hand: sqrt(750)/3 times 2.306004",
        within=1e-4,
    )
    outside(
        "growth.summary",
        "10, 20 ... 90: median and interval",
        [found.median.value[0], found.median.low[0], found.median.high[0]],
        [50, 30, 70],
        source="by hand: the third and seventh of nine",
        within=0,
    )
    outside(
        "growth.summary",
        "3 of 9 with high growth",
        [found.high.value[0], found.high.low[0], found.high.high[0]],
        [1 / 3, 0.1206, 0.6458],
        source="by hand: Wilson's formula",
        within=1e-4,
    )


def test_an_even_number_has_its_median_between_two():
    assert summary([10, 20, 40, 90], ["a"] * 4).median.value.tolist() == [30]
    assert summary([10, 20, 40, 90], ["a"] * 4, weights=[1, 1, 5, 1]).median.value.tolist() == [40]


def test_clusters_by_hand():
    """Two classes of two, means 30 and 50: mean 40; sums of deviations -20 and 20; error^2 =
    2/1 (400 + 400)/16 = 100; t(1) = 12.7062.
    """
    found = summary([20, 40, 40, 60], ["a"] * 4, clusters=["x", "x", "y", "y"])
    assert found.mean.value == 40
    assert found.mean.high - 40 == pytest.approx([12.7062 * 10], abs=1e-3)
    assert found.mean.assumed == ("clusters are as if drawn independently from many like them",)


def test_one_student_has_growth_but_no_interval(recwarn):
    found = summary([70, np.nan, 30, 30], ["a", "b", "c", "c"])
    assert found.n.tolist() == [1, 0, 2]
    assert found.mean.value.tolist()[0] == 70
    assert np.isnan(found.mean.low).all()  # equal values tell nothing about chance either
    assert np.isnan(
        [found.mean.value[1], found.median.value[1], found.high.value[1], found.median.low[1]]
    ).all()
    assert not recwarn.list


@given(st.lists(st.integers(1, 99), min_size=1, max_size=60), st.randoms())
def test_order_does_not_matter_and_the_median_lies_within(values, random):
    found = summary(values, ["a"] * len(values))
    assert found.median.value[0] == np.median(values)
    assert found.median.low[0] <= found.median.value[0] <= found.median.high[0]
    mixed = values.copy()
    random.shuffle(mixed)
    again = summary(mixed, ["a"] * len(values))
    assert again.mean.value == pytest.approx(found.mean.value)
    assert again.median.low == found.median.low


def test_intervals_hold_the_truth_as_often_as_they_say():
    rng = np.random.default_rng(4)
    drawn = rng.integers(1, 100, 2000 * 40)
    found = summary(drawn, np.repeat(np.arange(2000), 40))
    for part, truth in ((found.mean, 50), (found.median, 50), (found.high, 34 / 99)):
        held = np.mean((part.low <= truth) & (truth <= part.high))
        assert 0.92 < held < 0.985


def test_students_who_share_classes_tell_less():
    rng = np.random.default_rng(5)
    shift = rng.normal(0, 20, 2000 * 8)  # eight classes a school
    drawn = np.clip(np.round(50 + np.repeat(shift, 10) + rng.normal(0, 15, 2000 * 80)), 1, 99)
    school, classes = np.repeat(np.arange(2000), 80), np.repeat(np.arange(16000), 10)
    alone, shared = summary(drawn, school), summary(drawn, school, clusters=classes)
    for name, least in (("mean", 0.92), ("median", 0.88), ("high", 0.86)):
        truth = {"mean": 50, "median": 50, "high": np.mean(drawn >= 66)}[name]
        held = [
            np.mean((one.low <= truth) & (truth <= one.high))
            for one in (getattr(alone, name), getattr(shared, name))
        ]
        assert held[0] < 0.75
        assert held[1] > least


def test_what_is_no_percentile_is_refused():
    with pytest.raises(ValueError, match="from 1 to 99"):
        summary([0.5], ["a"])
    with pytest.raises(ValueError, match="lengths"):
        summary([50, 60], ["a"])
