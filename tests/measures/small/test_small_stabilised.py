"""Shrinkage, crossed groups and ranks: worked values, published estimates, and how often intervals hold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import betaln, expit, ndtr

from evenground.measures.small import (
    beta_binomial,
    between,
    empirical_bayes,
    main_effects,
    of_means,
    of_rates,
    ranks,
    reliability,
)

# Thirteen trials of the BCG vaccine (Colditz et al. 1994): cases and others, vaccinated and not, latitude.
BCG = np.array([
    (4, 119, 11, 128, 44), (6, 300, 29, 274, 55), (3, 228, 11, 209, 42), (62, 13536, 248, 12619, 52),
    (33, 5036, 47, 5761, 13), (180, 1361, 372, 1079, 44), (8, 2537, 10, 619, 19), (505, 87886, 499, 87892,
    13),
    (29, 7470, 45, 7232, 27), (17, 1699, 65, 1600, 42), (186, 50448, 141, 27197, 18), (5, 2493, 3, 2338, 33),
    (27, 16886, 29, 17825, 33),
], dtype=float)  # fmt: skip
METAFOR = "R metafor, documented results for its data set dat.bcg"
# Boys among the first twelve children of 6,115 families (Geissler 1889).
FAMILIES = [3, 24, 104, 286, 670, 1033, 1343, 1112, 829, 478, 181, 45, 7]


@pytest.fixture(scope="module")
def bcg():
    a, b, c, d, latitude = BCG.T
    return np.log(a / (a + b) / (c / (c + d))), np.sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)), latitude


def test_the_worked_shrinkage(outside):
    kept = reliability(0.10, 0.15)
    source = "reference standards 9"
    outside("small.reliability", "tau .10, standard error .15", kept, 0.308, source=source, within=5e-4)
    outside(
        "small.reliability", "a deviation of .50, stabilised", 0.5 * kept, 0.154, source=source, within=5e-4
    )


def test_between_is_metafors(bcg, outside):
    y, se, latitude = bcg
    restricted, moments = between(y, se), between(y, se, method="dl")
    found = [
        restricted.tau_sq,
        restricted.tau_sq_se,
        restricted.coefficients[0],
        restricted.covariance[0, 0] ** 0.5,
    ]
    outside(
        "small.between", "BCG trials, REML: tau^2, its SE, mean, SE", found, [0.3132, 0.1664, -0.7145,
        0.1798],
        source=METAFOR, within=5e-5,
    )  # fmt: skip
    outside(
        "small.between", "BCG trials, DerSimonian and Laird: tau^2, mean, Q",
        [moments.tau_sq, moments.coefficients[0], moments.q], [0.3088, -0.7141, 152.2330], source=METAFOR,
        within=5e-5,
    )  # fmt: skip
    line = between(y, se, design=np.column_stack([np.ones(13), latitude]))
    outside(
        "small.between", "BCG trials by latitude, REML: tau^2, line, SE",
        [line.tau_sq, *line.coefficients, *np.sqrt(np.diag(line.covariance))],
        [0.0764, 0.2515, -0.0291, 0.2491, 0.0072], source=METAFOR, within=1e-4,
    )  # fmt: skip


def test_eight_schools_do_not_differ(outside):
    found = empirical_bayes([28, 8, -3, 7, -1, 1, 18, 12], [15, 10, 16, 11, 9, 11, 10, 18])
    outside(
        "small.empirical_bayes", "eight schools (Rubin 1981), all at the pooled mean", found.value,
        np.full(8, 7.7),
        source="Gelman et al., Bayesian Data Analysis, 5.5: pooled estimate 7.7", within=0.05,
    )  # fmt: skip
    assert found.borrowed.tolist() == [1.0] * 8
    assert (found.high - found.low > 10).all()


def test_stabilised_values_by_hand(outside):
    """Equal errors: tau^2 is the sample variance less the error's, and everybody keeps the same part."""
    found = empirical_bayes([1.0, 2.0, 3.0, 6.0], [1.0] * 4)
    # Mean 3, sample variance (4 + 1 + 0 + 9)/3 = 14/3, tau^2 = 11/3, part kept 11/14.
    outside(
        "small.empirical_bayes", "1, 2, 3, 6 with standard errors of 1", found.value,
        3 + 11 / 14 * np.array([-2, -1, 0, 3]), source="by hand: tau^2 = 14/3 - 1", within=1e-9,
    )  # fmt: skip
    assert found.reliability == pytest.approx(11 / 14)


def test_a_group_of_which_the_design_is_not_known_is_left_out():
    value, se = [1.0, 2.0, 3.0, 4.0, 2.5, 3.1], [0.4] * 6
    design = np.column_stack([np.ones(6), [0, 1, 2, 3, 1, np.nan]])
    found, without = (
        empirical_bayes(value, se, design=design),
        empirical_bayes(value[:5], se[:5], design=design[:5]),
    )
    for name in ("value", "low", "high"):
        np.testing.assert_array_equal(getattr(found, name), [*getattr(without, name), np.nan])


def test_a_group_without_a_value_is_given_its_place_on_the_line():
    design = np.column_stack([np.ones(6), np.arange(6.0)])
    found = empirical_bayes([0, 1.2, 1.8, 3.1, 4.2, np.nan], [0.3, 0.3, 0.3, 0.3, 0.3, np.nan], design=design)
    assert found.reliability[5] == 0
    assert found.value[5] == found.prior[5] == pytest.approx(5, abs=0.3)
    assert found.sd[5] > found.sd[2]
    assert np.isnan(empirical_bayes([1.0], [0.5]).value).all()


@pytest.mark.parametrize(("groups", "tau"), [(12, 0.3), (30, 0.1), (30, 0.3)])
def test_intervals_of_stabilised_values_hold(groups, tau):
    rng = np.random.default_rng(1)
    held, closer = [], []
    for _ in range(200):
        se = rng.uniform(0.05, 0.3, groups)
        truth = rng.normal(0.5, tau, groups)
        y = rng.normal(truth, se)
        found = empirical_bayes(y, se)
        held.append((found.low < truth) & (truth < found.high))
        closer.append(np.mean((found.value - truth) ** 2) - np.mean((y - truth) ** 2))
    assert 0.91 < np.mean(held) < 0.99
    assert np.mean(closer) < 0


def test_boys_in_families_of_twelve(outside):
    s = np.repeat(np.arange(13), FAMILIES)
    found = beta_binomial(s, np.full(len(s), 12))
    source = "Wikipedia, Beta-binomial distribution, after Lindsey and Altham (1998)"
    outside(
        "small.beta_binomial", "boys in 6,115 families of 12: alpha, beta", [found.alpha, found.beta],
        [34.09558, 31.5715], source=source + " (within 2e-4 of each other; our likelihood is the higher)",
        within=0.01,
    )  # fmt: skip
    theirs = 34.09558, 31.5715
    assert found.log_likelihood >= _log_likelihood(s, 12, *theirs)
    assert found.log_likelihood == pytest.approx(_log_likelihood(s, 12, *theirs), abs=1e-4)


def _log_likelihood(s, n, alpha, beta):
    return float(np.sum(betaln(s + alpha, n - s + beta) - betaln(alpha, beta)))


def test_rates_keep_what_their_students_can_vouch_for(outside):
    s, n = np.array([1, 60, 30, 9, 44, 0]), np.array([2, 100, 40, 30, 60, 0])
    found = beta_binomial(s, n)
    strength = found.alpha + found.beta
    outside(
        "small.beta_binomial", "six groups of 0 to 100: value given alpha and beta", found.value,
        (s + found.alpha) / (n + strength), source="by hand: (s + alpha)/(n + alpha + beta)", within=1e-12,
    )  # fmt: skip
    assert found.reliability == pytest.approx(n / (n + strength))
    assert (np.diff(found.reliability[[5, 0, 3, 2, 4, 1]]) > 0).all()
    assert (found.low < found.value).all()
    assert (found.value < found.high).all()


@pytest.mark.parametrize(("groups", "strength"), [(10, 20), (40, 20), (40, 200)])
def test_intervals_of_stabilised_rates_hold(groups, strength):
    rng = np.random.default_rng(2)
    held = []
    for _ in range(100):
        n = rng.integers(5, 60, groups)
        truth = rng.beta(0.3 * strength, 0.7 * strength, groups)
        found = beta_binomial(rng.binomial(n, truth), n)
        held.append((found.low < truth) & (truth < found.high))
    assert 0.92 < np.mean(held) < 1


def test_groups_that_do_not_differ_are_given_one_rate():
    found = beta_binomial([5, 10, 20], [10, 20, 40])
    assert found.value == pytest.approx(0.5)
    assert found.reliability.tolist() == [0, 0, 0]
    assert found.alpha == np.inf
    assert (found.high - found.low > 0.1).all()
    assert beta_binomial([0, 0], [9, 8]).value.tolist() == [0, 0]
    with pytest.raises(ValueError, match="more successes"):
        beta_binomial([3, 1], [2, 4])


def test_the_design_of_main_effects(outside):
    design = main_effects(["b", "w", "b", "w"], ["f", "f", "m", "m"])
    outside(
        "small.main_effects", "two by two", design.ravel(), [1, 0, 0, 1, 1, 0, 1, 0, 1, 1, 1, 1],
        source="by hand: ones, w, m", within=0,
    )  # fmt: skip


def test_means_of_two_by_two_groups_by_hand(outside):
    """c = y11 - y12 - y21 + y22 has the variance 4(tau^2 + s^2): tau^2 = c^2/4 - s^2, and each interaction
    is c/4."""
    value, race, sex = np.array([4.0, 1.0, 1.0, 2.0]), ["b", "b", "w", "w"], ["f", "m", "f", "m"]
    found = of_means(value, np.ones(4), [race, sex])
    # c = 4, tau^2 = 3, reliability 3/4, interaction of the first 4/4 = 1, of which 3/4 are kept.
    outside(
        "small.of_means", "4, 1, 1, 2 with standard errors of 1", [found.tau**2, *found.interaction],
        [3, 0.75, -0.75, -0.75, 0.75], source="by hand: contrast 4, tau^2 = 4 - 1", within=1e-8,
    )  # fmt: skip
    assert found.borrowed == pytest.approx(0.25)


def test_rates_that_add_up_in_log_odds_are_left_as_they_are(outside):
    race, sex = ["b", "b", "w", "w"], ["f", "m", "f", "m"]
    found = of_rates(np.array([100, 50, 150, 100]) * 1e4, np.full(4, 2e6), [race, sex])
    outside(
        "small.of_rates", "odds 1, 1/3, 3, 1: nothing but main effects", found.value, [0.5, 0.25, 0.75, 0.5],
        source="by hand: log odds 0, -ln 3, ln 3, 0 add up", within=1e-5,
    )  # fmt: skip


def test_what_is_known_beforehand_is_where_a_group_starts(outside):
    known = np.log([0.2 / 0.8, 0.6 / 0.4, 0.9 / 0.1])
    found = of_rates([2e5, 6e5, 0], [1e6, 1e6, 0], (), known=known)
    outside(
        "small.of_rates", "groups that are what was known of them, one without students", found.value,
        [0.2, 0.6, 0.9], source="by hand: nothing to add to the log odds", within=1e-5,
    )  # fmt: skip
    assert found.reliability[2] == 0


def test_the_order_of_groups_and_values_does_not_matter():
    race, sex = np.array(["b", "b", "w", "w", "a", "a"]), np.array(["f", "m"] * 3)
    s, n = np.array([10, 20, 3, 20, 9, 22]), np.array([40, 40, 9, 40, 30, 50])
    first, order = of_rates(s, n, [race, sex]), np.array([4, 1, 0, 5, 3, 2])
    names = {"b": "z", "w": "a", "a": "m"}
    second = of_rates(s[order], n[order], [sex[order], [names[value] for value in race[order]]])
    assert second.value == pytest.approx(first.value[order], abs=1e-8)
    assert second.high == pytest.approx(first.high[order], abs=1e-8)


def test_crossed_rates_come_nearer_to_the_truth_and_their_intervals_hold():
    rng = np.random.default_rng(3)
    race, sex, disability = (np.array(x) for x in zip(*np.ndindex(5, 2, 4), strict=True))
    design = main_effects(race, sex, disability)
    held, nearer = [], []
    for _ in range(40):
        truth = expit(design @ rng.normal(0, 0.5, design.shape[1]) + rng.normal(0, 0.3, 40))
        n = rng.integers(4, 80, 40)
        found = of_rates(rng.binomial(n, truth), n, [race, sex, disability])
        held.append((found.low < truth) & (truth < found.high))
        nearer.append(np.mean((found.value - truth) ** 2) / np.mean((found.raw - truth) ** 2))
    assert 0.92 < np.mean(held) < 0.98
    assert np.mean(nearer) < 0.75


def test_crossed_groups_with_nobody_or_nothing_to_go_by():
    race, sex = ["b", "b", "w", "w", "a", "a"], ["f", "m"] * 3
    found = of_rates([10, 20, 0, 20, 9, 22], [40, 40, 0, 40, 30, 50], [race, sex])
    assert found.reliability[2] == 0
    assert 0 < found.value[2] < 1
    assert found.high[2] - found.low[2] > found.high[0] - found.low[0]
    # A value of a dimension in which nobody succeeded: low, but not 0, and the others are as they were.
    none = of_rates([0, 0, 90, 80], [3, 2, 200, 200], [race[:4], sex[:4]])
    assert (none.value[:2] < 0.3).all()
    assert (none.value[:2] > 0.01).all()
    assert none.value[2:] == pytest.approx([0.45, 0.4], abs=0.02)
    assert np.isnan(of_rates([0, 0], [0, 0], [["a", "b"], ["c", "d"]]).value).all()


def test_the_chance_of_a_rank_by_hand(outside):
    found = ranks([0.0, 1.0], [1.0, 1.0], k=1, draws=40_000)
    outside(
        "small.ranks", "N(0, 1) and N(1, 1): chance of being the lower", found.lowest,
        [ndtr(0.5**0.5), ndtr(-(0.5**0.5))], source="by hand: Phi(1/sqrt 2) = .7602", within=0.01,
    )  # fmt: skip
    assert found.above_middle + found.lowest == pytest.approx(1)
    three = ranks([5.0] * 3, [2.0] * 3, k=1, draws=40_000)
    outside(
        "small.ranks", "three alike: chance of being the lowest", three.lowest, [1 / 3] * 3,
        source="by hand: symmetry", within=0.01,
    )  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(-5, 5), st.floats(0, 3)), min_size=2, max_size=8), st.data())
def test_chances_of_ranks_add_up(entries, data):
    value, sd = np.array(entries).T
    k = data.draw(st.integers(1, len(value)))
    found = ranks(value, sd, k=k, draws=200)
    assert found.lowest.sum() == pytest.approx(k)
    assert found.highest.sum() == pytest.approx(k)
    assert found.value.mean() == pytest.approx((len(value) + 1) / 2)
    again = ranks(value, sd, k=k, draws=200)
    assert again.lowest.tolist() == found.lowest.tolist()


def test_what_cannot_be_ranked_is_left_out():
    found = ranks([1.0, np.nan, 2.0], [0.1, 0.1, 0.1], k=1)
    assert np.isnan(found.value[1])
    assert found.lowest[0] > 0.99
    with pytest.raises(ValueError, match="1 to 2"):
        ranks([1.0, np.nan, 2.0], [0.1, 0.1, 0.1], k=3)
