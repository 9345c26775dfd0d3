"""V from level counts and from scores."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr, ndtri
from scipy.stats import mannwhitneyu

from evenground.measures.spectrum import v_of_counts, v_of_scores

ML = "two-group maximum likelihood by an independent solver, reference methods 4.3"


def test_the_example_of_gapr(outside):
    """Counts of a README; its V stops 2e-5 early, and its standard error is really the variance."""
    found = v_of_counts([3, 2, 3, 5], [5, 13, 71, 49])
    what = "levels 1-4: 3, 2, 3, 5 and 5, 13, 71, 49"
    outside("spectrum.v_of_counts", what + ", V", found.value, -0.1809676, source=ML, within=1e-7)
    outside(
        "spectrum.v_of_counts",
        what + ", probability",
        found.probability,
        0.4490890,
        source=ML,
        within=1e-7,
    )
    outside("spectrum.v_of_counts", what + ", SE", found.se, 0.41866, source=ML, within=5e-6)
    curve = [float(found.mean), float(found.spread)]
    outside(
        "spectrum.v_of_counts",
        what + ", mean and spread",
        curve,
        [-0.303861, 2.153762],
        source=ML,
        within=1e-6,
    )
    outside(
        "spectrum.v_of_counts", what + ", V and variance", [found.value, found.se**2], [-0.1809452,
        0.1752831],
        source="README of gapr (its column v_se is the variance)", within=3e-5,
    )  # fmt: skip


def test_two_levels_are_the_distance_of_two_normal_quantiles(outside):
    found = v_of_counts([30, 70], [50, 50])
    outside(
        "spectrum.v_of_counts", "two levels, 70 of 100 and 50 of 100", found.value, 0.5244005,
        source="by hand: normal quantile of .7 minus that of .5, one spread", within=1e-7,
    )  # fmt: skip
    assert found.one_spread
    # The variance of a normal quantile of a share p is p(1 - p)/(n phi^2).
    variance = 0.21 / (100 * 0.3476926**2) + 0.25 / (100 * 0.3989423**2)
    assert found.se == pytest.approx(np.sqrt(variance), rel=1e-6)


def test_expected_counts_of_two_curves_give_the_curves_back():
    cuts = np.array([-0.8, 0.1, 0.9])
    counts = [np.diff(ndtr((cuts - m) / s), prepend=0, append=1) * 1e6 for m, s in ((-0.4, 1.3), (0, 1))]
    found = v_of_counts(*counts)
    assert [float(found.mean), float(found.spread)] == pytest.approx([-0.4, 1.3], abs=1e-7)
    assert found.value == pytest.approx(np.sqrt(2) * -0.4 / np.sqrt(1 + 1.3**2), abs=1e-7)


def test_rows_are_solved_apart_from_each_other_and_say_when_they_cannot():
    counts = np.array([[5, 5, 0, 4], [10, 0, 0, 0], [0, 0, 9, 0], [4, 0, 4, 0], [0, 0, 0, 0], [9, 8, 7, 6]])
    reference = np.array([[3, 4, 5, 1], [0, 3, 4, 0], [3, 3, 0, 0], [3, 0, 9, 0], [1, 2, 3, 4], [6, 7, 8, 9]])
    found = v_of_counts(counts, reference)
    assert np.isnan(found.value).tolist() == [False, True, True, False, True, False]
    assert found.one_spread[3]
    assert not found.one_spread[5]
    for row in range(6):
        alone = v_of_counts(counts[row], reference[row])
        np.testing.assert_allclose(found.value[row], alone.value, rtol=1e-7)
        np.testing.assert_allclose(found.se[row], alone.se, rtol=1e-6)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 60), st.integers(1, 60)), min_size=3, max_size=5))
def test_turning_groups_or_levels_round_turns_the_sign(levels):
    first, second = np.array(levels).T
    there, back = v_of_counts(first, second), v_of_counts(second, first)
    turned = v_of_counts(first[::-1], second[::-1])
    for other in (back, turned):
        np.testing.assert_allclose(there.value, -other.value, atol=2e-6)
        np.testing.assert_allclose(there.low, -other.high, atol=2e-4)
    np.testing.assert_allclose(there.value, v_of_counts(first * 100, second * 100).value, atol=2e-6)


def test_intervals_of_counts_hold_the_truth_as_often_as_they_say():
    rng = np.random.default_rng(3)
    edges = np.array([-np.inf, -0.7, 0.2, 1.0, np.inf])
    chance = [np.diff(ndtr((edges - m) / s)) for m, s in ((-0.5, 1.2), (0, 1))]
    truth = np.sqrt(2) * -0.5 / np.sqrt(1 + 1.2**2)
    found = v_of_counts(rng.multinomial(60, chance[0], 2000), rng.multinomial(150, chance[1], 2000))
    assert 0.935 < np.mean((found.low < truth) & (truth < found.high)) < 0.965


def test_scores_are_counted_as_pairs(outside):
    score, group = [1, 2, 3, 2, 3, 4], ["a"] * 3 + ["b"] * 3
    found = v_of_scores(score, group, focal="a", reference="b")
    # Of nine pairs one is above (3 > 2) and two are tied: P = 2/9.
    outside(
        "spectrum.v_of_scores", "1, 2, 3 against 2, 3, 4", found.value, np.sqrt(2) * ndtri(2 / 9),
        source="by hand: P = (1 + 2/2)/9", within=1e-12,
    )  # fmt: skip
    # Part of b below each a: 0, 1/6, 1/2; part of a above each b: 1/2, 1/6, 0. Variances 7/108 each, over 3.
    variance = 2 * (7 / 108) / 3
    slope = np.sqrt(2) * np.sqrt(2 * np.pi) * np.exp(ndtri(2 / 9) ** 2 / 2)
    outside(
        "spectrum.v_of_scores", "its standard error", found.se, slope * np.sqrt(variance),
        source="by hand: DeLong's variance 7/162, delta method", within=1e-12,
    )  # fmt: skip


def test_the_probability_is_that_of_mann_and_whitney(outside):
    rng = np.random.default_rng(8)
    a, b = np.round(rng.normal(0, 1, 40), 1), np.round(rng.normal(0.4, 2, 70), 1)
    found = v_of_scores(np.append(a, b), ["a"] * 40 + ["b"] * 70, focal="a", reference="b")
    u = mannwhitneyu(a, b).statistic
    outside(
        "spectrum.v_of_scores", "probability, 40 and 70 rounded normal scores", found.probability, u / 2800,
        source="scipy.stats.mannwhitneyu, U/(n m)", within=1e-12,
    )  # fmt: skip


def test_weights_are_copies_and_clusters_widen():
    rng = np.random.default_rng(4)
    school = np.repeat(np.arange(12), 20)
    group = np.where(rng.random(240) < 0.4, "a", "b")
    score = rng.normal(size=240) + np.repeat(rng.normal(0, 1, 12), 20)
    weight = rng.integers(1, 4, 240)
    options = {"focal": "a", "reference": "b"}
    copies = v_of_scores(np.repeat(score, weight), np.repeat(group, weight), **options)
    weighted = v_of_scores(score, group, weights=weight, **options)
    assert weighted.value == pytest.approx(float(copies.value))
    assert weighted.se > copies.se
    # Whole schools in one group: what they share does not cancel.
    apart = np.where(school < 6, "a", "b")
    plain = v_of_scores(score, apart, **options)
    assert v_of_scores(score, apart, clusters=school, **options).se > 1.5 * plain.se


def test_no_stretching_of_the_scale_matters():
    rng = np.random.default_rng(1)
    score, group = rng.normal(size=60), ["a", "b", "b"] * 20
    first = v_of_scores(score, group, focal="a", reference="b")
    second = v_of_scores(np.exp(3 * score), group, focal="a", reference="b")
    assert (first.value, first.se) == (second.value, second.se)


def test_wholly_apart_has_no_v_and_columns_are_checked():
    assert np.isnan(v_of_scores([1, 2, 3, 4], list("aabb"), focal="a", reference="b").value)
    assert np.isnan(v_of_scores([1, 2], list("aa"), focal="a", reference="b").value)
    with pytest.raises(ValueError, match="lengths"):
        v_of_scores([1, 2], ["a"], focal="a", reference="b")
    with pytest.raises(ValueError, match="both a"):
        v_of_scores([1, 2], ["a", "b"], focal="a", reference="a")
