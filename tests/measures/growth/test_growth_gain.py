"""Gains and their reliability, by hand."""

import numpy as np
import pytest

from evenground.measures.growth import gain_reliability, gains


def test_two_good_tests_make_a_poor_gain(outside):
    """Lord's point: (.9 + .9 - 2 * .8)/(1 + 1 - 2 * .8) = .2/.4."""
    outside(
        "growth.gain_reliability",
        "two tests of .9 that correlate .8",
        gain_reliability(10, 10, 0.8, 0.9, 0.9),
        0.5,
        source="by hand, the formula of Gulliksen and Lord",
        within=1e-12,
    )
    outside(
        "growth.gain_reliability",
        "sd 10 and 15, r .6, reliabilities .8 and .9",
        gain_reliability(10, 15, 0.6, 0.8, 0.9),
        (80 + 202.5 - 180) / (100 + 225 - 180),
        source="by hand",
        within=1e-12,
    )
    assert gain_reliability(10, 10, 0.95, 0.9, 0.9) == 0  # more alike than their errors allow
    assert np.isnan(gain_reliability(10, 10, 1.0, 0.9, 0.9))
    with pytest.raises(ValueError, match="from 0 to 1"):
        gain_reliability(10, 10, 0.5, 90, 0.9)


def test_the_mean_gain_of_groups_is_a_paired_t_interval(outside):
    """R 4: t.test(extra ~ group, data = sleep, paired = TRUE): 1.58 [.7001142, 2.4598858]."""
    first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    found = gains([*first, 1, 5], [*second, np.nan, 7], [*["a"] * 10, "a", "b"])
    assert found.n.tolist() == [10, 1]
    outside(
        "growth.gains",
        "ten patients, hours of sleep (Student 1908)",
        [found.value[0], found.low[0], found.high[0]],
        [1.58, 0.7001142, 2.4598858],
        source="R, t.test paired",
        within=5e-8,
    )
    assert found.value[1] == 2
    assert np.isnan(found.low[1])
    assert np.isnan(found.reliability)


def test_reliability_of_made_up_gains_is_the_share_of_truth_in_them():
    rng = np.random.default_rng(7)
    n = 200_000
    start = rng.normal(0, 30, n)
    truth = 20 + rng.normal(0, 8, n)
    found = gains(
        start + rng.normal(0, 10, n),
        start + truth + rng.normal(0, 10, n),
        np.zeros(n),
        reliability_before=900 / 1000,
        reliability_after=964 / 1064,
    )
    assert found.reliability == pytest.approx(64 / 264, abs=0.01)
    assert found.low < 20 < found.high
