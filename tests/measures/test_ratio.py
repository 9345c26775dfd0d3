"""Ratios: Katz by hand, and the map that goes by way of everybody else."""

import math

import numpy as np
import pytest

from evenground.measures import Sums, katz, mean, ratio, reference, student


def test_katz_by_hand_on_the_physicians_health_study():
    """Heart attacks 189 of 11,034 (placebo), 104 of 11,037 (aspirin): New England J. Med. 318 (1988) 262-264.

    ratio (189/11034)/(104/11037) = 1.8178; variance of its log 1/189 - 1/11034 + 1/104 - 1/11037 = .0147252,
    root .1213474, times 1.959964 = .2378366; ln 1.8178 = .5976; exp(.35979) = 1.4330, exp(.83546) = 2.3059.
    """
    found = katz(189, 11034, 104, 11037)
    assert found.value == pytest.approx(1.8178, abs=5e-5)
    assert found.low == pytest.approx(1.4330, abs=1e-4)
    assert found.high == pytest.approx(2.3059, abs=1e-4)


def test_relative_risks_of_the_ap_example():
    """standards 11: relative risk against everybody else, Black .387, Latino .398."""
    found = katz([24, 180], [400, 2000], [450, 294], [2900, 1300])
    assert found.value.round(3).tolist() == [0.387, 0.398]


def test_where_the_log_is_undefined_there_are_no_bounds(recwarn):
    found = katz([0, 5, 0, 10, np.nan], [10, 10, 10, 10, 10], [5, 0, 0, 10, 5], [10, 10, 10, 10, 10])
    np.testing.assert_array_equal(found.value, [0, np.nan, np.nan, 1, np.nan])
    assert np.isnan(found.low).all()
    assert np.isnan(found.high).all()
    assert not recwarn.list


def test_one_side_all_successes_is_defined():
    # 10 of 10 against 5 of 10: ratio 2, variance of the log 0 + 1/5 - 1/10 = .1
    found = katz(10, 10, 5, 10)
    assert found.high == pytest.approx(2 * math.exp(1.959964 * math.sqrt(0.1)), rel=1e-6)


def test_the_ratio_to_everybody_by_hand():
    # Group 30 of 100, everybody 80 of 200, others 50 of 100: theta .6, share .5, .6/(.5*.6 + .5) = .75.
    # var = 1/30 - 1/100 + 1/50 - 1/100 = 1/30; factor exp(1.959964 * .1825742) = 1.430235
    group, whole = Sums.of([100.0], [30.0]), Sums.of([200.0], [80.0])
    found = ratio.rates_to_reference(group, reference.overall(group, whole))
    assert found.value == pytest.approx([0.75])
    low, high = 0.6 / 1.430235, 0.6 * 1.430235
    assert found.low == pytest.approx([low / (0.5 * low + 0.5)], rel=1e-6)
    assert found.high == pytest.approx([high / (0.5 * high + 0.5)], rel=1e-6)


def test_against_a_target_only_the_group_is_uncertain():
    group = Sums.of([100.0], [30.0])
    found = ratio.rates_to_reference(group, reference.target(group, 0.6))
    factor = math.exp(1.959964 * math.sqrt(1 / 30 - 1 / 100))
    assert found.value == pytest.approx([0.5])
    assert found.low == pytest.approx([0.5 / factor], rel=1e-6)


def test_a_group_alone_with_its_outcome_has_a_ratio_without_bounds():
    group, whole = Sums.of([50.0], [5.0]), Sums.of([200.0], [5.0])
    found = ratio.rates_to_reference(group, reference.overall(group, whole))
    assert found.value == pytest.approx([4.0])
    assert np.isnan(found.low).all()


@pytest.mark.parametrize(("n_group", "p_group"), [(100, 0.3), (500, 0.55), (900, 0.12)])
def test_the_ratio_to_everybody_covers_95_times_in_100(n_group, p_group):
    rng = np.random.default_rng(1978)
    draws, n_others, p_others = 20_000, 400, 0.4
    s, t = rng.binomial(n_group, p_group, draws), rng.binomial(n_others, p_others, draws)
    size = np.full(draws, float(n_group))
    groups, whole = Sums.of(size, s), Sums.of(size + n_others, s + t)
    found = ratio.rates_to_reference(groups, reference.overall(groups, whole))
    share = n_group / (n_group + n_others)
    truth = p_group / (share * p_group + (1 - share) * p_others)
    assert 0.943 < np.mean((found.low <= truth) & (truth <= found.high)) < 0.960


def test_ratio_of_means_covers_95_times_in_100_and_against_everybody_too():
    rng = np.random.default_rng(1954)
    draws = 10_000
    a, b = rng.normal(80, 20, (draws, 30)), rng.normal(100, 25, (draws, 60))
    groups = Sums.of(np.full(draws, 30.0), a.sum(1), (a**2).sum(1))
    others = Sums.of(np.full(draws, 60.0), b.sum(1), (b**2).sum(1))
    found = ratio.of_means(mean.estimate(groups), mean.estimate(others))
    assert 0.942 < np.mean((found.low <= 0.8) & (found.high >= 0.8)) < 0.960
    whole = Sums.of(groups.n + 60, groups.total + others.total, groups.total_sq + others.total_sq)
    mapped = ratio.means_to_reference(groups, reference.overall(groups, whole))
    truth = 80 / ((80 + 2 * 100) / 3)
    assert 0.942 < np.mean((mapped.low <= truth) & (mapped.high >= truth)) < 0.960


def test_means_that_are_not_positive_have_no_ratio():
    found = ratio.of_means(student(3, -3, 9), student(3, 6, 14))
    assert np.isnan(found.value)
    assert np.isnan(found.low)
