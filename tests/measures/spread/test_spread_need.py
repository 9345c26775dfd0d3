"""Money against wealth and against need: worked examples, by hand, and laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenground.measures import spread

WORKED = "worked example of funding equity, by hand"


def test_wealth(outside):
    """Wealth 200 to 800 thousand; money 12,000 / 12,500 / 13,500 / 14,000: $3.50 for each $1,000."""
    found = spread.neutrality([12_000, 12_500, 13_500, 14_000], [200_000, 400_000, 600_000, 800_000])
    outside(
        "spread.neutrality",
        "slope for each $1,000 of wealth",
        found.slope.value * 1000,
        3.5,
        source=WORKED,
        within=1e-12,
    )
    outside("spread.neutrality", "elasticity", found.elasticity.value, 0.135, source=WORKED, within=5e-4)
    outside("spread.neutrality", "r", found.correlation.value, 0.990, source=WORKED, within=5e-4)
    # Fisher: atanh(.989949) = 2.644121 -/+ 1.96/sqrt(1)
    assert [found.correlation.low, found.correlation.high] == pytest.approx(
        [np.tanh(2.644121 - 1.959964), np.tanh(2.644121 + 1.959964)], abs=1e-5
    )
    assert found.slope.low < found.slope.value < found.slope.high


def test_the_sandwich_by_hand(outside):
    """x 0, 1, 2 and y 0, 2, 1: slope .5, residuals -.5, 1, -.5; influences (x - 1) e/2: .25, 0, -.25.

    Variance 3/2 (.0625 + .0625) = .1875; error .4330127; t with 1 degree 12.7062.
    """
    found = spread.neutrality([0, 2, 1], [0, 1, 2])
    half = 12.7062047 * 0.4330127
    outside(
        "spread.neutrality",
        "interval of the slope, three districts",
        [found.slope.low, found.slope.high],
        [0.5 - half, 0.5 + half],
        source="by hand",
        within=1e-5,
    )


def test_weights_are_repeated_districts():
    one = spread.neutrality([5, 7, 12, 9], [1, 2, 4, 8], [1, 3, 1, 2])
    two = spread.neutrality([5, 7, 7, 7, 12, 9, 9], [1, 2, 2, 2, 4, 8, 8])
    assert one.slope.value == pytest.approx(float(two.slope.value))
    assert one.elasticity.value == pytest.approx(float(two.elasticity.value))
    assert one.correlation.value == pytest.approx(float(two.correlation.value))


def test_money_that_follows_nothing_has_no_answer_where_wealth_is_one_number():
    found = spread.neutrality([5, 7, 12], [3, 3, 3])
    assert np.isnan([found.slope.value, found.correlation.value]).all()
    assert np.isnan(spread.neutrality([1, 2], [1, 2]).slope.value)


def test_urban(outside):
    """12,000 and 15,000; poor 200 and 600 of 1,000 each: 14,250/13,000 = 1.096."""
    found = spread.progressivity([12_000, 15_000], [200, 600], [1000, 1000])
    outside(
        "spread.progressivity",
        "poor and others",
        [found.poor.value[0], found.others.value[0]],
        [14_250, 13_000],
        source=WORKED,
        within=1e-9,
    )
    outside("spread.progressivity", "ratio", found.ratio.value, 1.096, source=WORKED, within=5e-4)
    outside("spread.progressivity", "difference", found.difference.value, 1250, source=WORKED, within=1e-9)
    assert found.covered == 1
    with pytest.raises(ValueError, match="more students with the outcome"):
        spread.progressivity([1], [5], [4])


def test_a_slope_that_is_known(outside):
    """ln(money) = 9 + .4 share exactly: the slope is .4, money at 30 % over that at 0 % exp(.12) = 1.1275."""
    share = np.array([0.1, 0.2, 0.5, 0.7, 0.9])
    found = spread.slope(np.exp(9 + 0.4 * share), share)
    outside(
        "spread.slope",
        "a slope of .4, predicted at 30 % over at 0 %",
        [found.slope.value, found.predicted.value],
        [0.4, 1.127497],
        source="by hand: exp(.12)",
        within=1e-6,
    )
    size = np.array([3.0, 1.0, 2.0, 5.0, 4.0])
    also = spread.slope(np.exp(9 + 0.4 * share - 0.1 * size), share, controls=size)
    assert also.slope.value == pytest.approx(0.4)
    with pytest.raises(ValueError, match="beyond 0 to 1"):
        spread.slope([1, 2], [30, 40])


def test_need(outside):
    """Two schools of 100, money 900,000 and 1,100,000; 20 and 80 students with a weight of .5.

    Weighted 110 and 140, together 250; each 2,000,000/250 = 8,000; expected 880,000 and 1,120,000;
    index 900/880 = 1.022727 and 1100/1120 = .982143; 200 and -200 a student.
    """
    found = spread.need_index([900_000, 1_100_000], [100, 100], [[20], [80]], [0.5])
    outside(
        "spread.need_index",
        "two schools",
        found.index,
        [900 / 880, 1100 / 1120],
        source="by hand",
        within=1e-12,
    )
    outside(
        "spread.need_index",
        "dollars a student beside expected",
        found.difference_per_student,
        [200, -200],
        source="by hand",
        within=1e-9,
    )
    assert found.each == 8000
    with pytest.raises(ValueError, match="2 weights for 1 needs"):
        spread.need_index([1], [1], [[1]], [0.5, 0.5])
    with pytest.raises(ValueError, match="1 schools have a need of fewer than 0 or more than all"):
        spread.need_index([1, 1], [5, 5], [[1], [6]], [0.5])


schools = st.lists(
    st.tuples(st.floats(1, 1e6), st.integers(1, 500), st.integers(0, 500), st.integers(0, 500)),
    min_size=1,
    max_size=12,
)


@given(schools, st.floats(0, 2), st.floats(0, 2))
def test_what_is_expected_is_what_is_there(rows, first, second):
    money, n, one, two = (np.array(column, float) for column in zip(*rows, strict=True))
    needs = np.column_stack([np.minimum(one, n), np.minimum(two, n)])
    found = spread.need_index(money, n, needs, [first, second])
    assert found.expected.sum() == pytest.approx(money.sum())
    assert np.average(found.index, weights=found.expected) == pytest.approx(1)
    # without weights every student brings the same
    plain = spread.need_index(money, n, needs, [0, 0])
    np.testing.assert_allclose(plain.expected_per_student, money.sum() / n.sum())


def test_a_school_with_a_hidden_number_takes_no_part():
    found = spread.need_index([900, 1100, 500], [100, 100, 50], [[20], [80], [np.nan]], [0.5])
    assert found.index[:2] == pytest.approx([900 / 880, 1100 / 1120])
    assert np.isnan(found.index[2])


def test_money_of_the_quarters_with_most_and_least_need(outside):
    """Four districts of 100 students: 9,000 where 10 % are in need to 12,000 where 80 % are: 3,000 apart."""
    found = spread.contrast([100] * 4, [0.1, 0.3, 0.5, 0.8], [9_000, 10_000, 10_500, 12_000])
    outside(
        "spread.contrast",
        "money by quarters of need",
        [found.mean.value[0], found.mean.value[3], found.difference.value[0]],
        [9_000, 12_000, 3_000],
        source="by hand",
        within=1e-9,
    )
