"""Differences against Newcombe's paper, and the interval by way of everybody else."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenground.measures import Sums, difference, mean, newcombe, rate, reference, welch, wilson


@pytest.mark.parametrize(
    ("s1", "n1", "s2", "n2", "low", "high"),
    [
        (56, 70, 48, 80, 0.0524, 0.3339),
        (9, 10, 3, 10, 0.1705, 0.8090),
        (6, 7, 2, 7, 0.0582, 0.8062),
        (5, 56, 0, 29, -0.0381, 0.1926),
        (0, 10, 0, 20, -0.1611, 0.2775),
        (0, 10, 0, 10, -0.2775, 0.2775),
        (10, 10, 0, 20, 0.6791, 1.0),
        (10, 10, 0, 10, 0.6075, 1.0),
    ],
)
def test_newcombe_equals_table_2_of_his_paper(s1, n1, s2, n2, low, high):
    """Newcombe (1998), Statistics in Medicine 17:873-890, table II, method 10."""
    found = newcombe(s1, n1, s2, n2)
    assert round(float(found.low), 4) == low
    assert round(float(found.high), 4) == high


# standards 11, a made-up school system: Black 400/24, Latino 2000/180, White 600/150, Asian 300/120.
N, S = np.array([400.0, 2000, 600, 300]), np.array([24.0, 180, 150, 120])
WHOLE = Sums.of(np.full(4, N.sum()), np.full(4, S.sum()))


def test_the_difference_to_everybody_goes_by_way_of_the_others():
    found = difference.rates_to_reference(Sums.of(N, S), reference.overall(Sums.of(N, S), WHOLE))
    assert found.value == pytest.approx(S / N - 474 / 3300)
    by_hand = newcombe(24, 400, 450, 2900)
    assert found.low[0] == pytest.approx(by_hand.low * (1 - 400 / 3300))
    assert found.high[0] == pytest.approx(by_hand.high * (1 - 400 / 3300))


def test_the_difference_to_a_target_is_wilsons_interval_moved():
    found = difference.rates_to_reference(Sums.of(N, S), reference.target(Sums.of(N, S), 0.2))
    alone = wilson(S, N)
    assert found.low == pytest.approx(alone.low - 0.2)
    assert found.high == pytest.approx(alone.high - 0.2)


def test_the_best_group_differs_from_itself_by_nothing_and_without_an_interval(recwarn):
    groups = Sums.of(N, S)
    best = reference.highest(groups, np.zeros(4, int), minimum=30, direction="higher")
    found = difference.rates_to_reference(groups, best)
    assert found.value[3] == 0
    assert np.isnan(found.low[3])
    assert found.low[0] == pytest.approx(newcombe(24, 400, 120, 300).low)
    assert not recwarn.list


def test_everybody_differs_from_everybody_by_nothing():
    everybody = Sums.of([10.0], [4.0])
    found = difference.rates_to_reference(everybody, reference.overall(everybody, everybody))
    assert found.value.tolist() == [0.0]
    assert np.isnan(found.low).all()
    assert np.isnan(found.high).all()


def test_means_go_by_way_of_the_others_too():
    rng = np.random.default_rng(5)
    a, b = rng.normal(10, 2, 40), rng.normal(12, 3, 160)

    def sums(values):
        return Sums.of([float(values.size)], [values.sum()], [(values**2).sum()])

    found = difference.means_to_reference(sums(a), reference.overall(sums(a), sums(np.concatenate([a, b]))))
    others = welch(mean.estimate(sums(a)), mean.estimate(sums(b)))
    assert found.value == pytest.approx(a.mean() - np.concatenate([a, b]).mean())
    assert found.low == pytest.approx(others.low * 0.8)
    assert found.high == pytest.approx(others.high * 0.8)
    aimed = difference.means_to_reference(sums(a), reference.target(sums(a), 11.0))
    assert aimed.low == pytest.approx(mean.estimate(sums(a)).low - 11)


@pytest.mark.parametrize(("n_group", "p_group"), [(60, 0.3), (300, 0.55), (900, 0.12)])
def test_the_interval_to_everybody_covers_95_times_in_100(n_group, p_group):
    """20,000 draws of a group and 400 others at .4; three standard errors of the coverage are .005."""
    rng = np.random.default_rng(1998)
    draws, n_others, p_others = 20_000, 400, 0.4
    s, t = rng.binomial(n_group, p_group, draws), rng.binomial(n_others, p_others, draws)
    size = np.full(draws, float(n_group))
    groups, whole = Sums.of(size, s), Sums.of(size + n_others, s + t)
    found = difference.rates_to_reference(groups, reference.overall(groups, whole))
    share = n_group / (n_group + n_others)
    truth = (1 - share) * (p_group - p_others)
    covered = np.mean((found.low <= truth) & (truth <= found.high))
    assert 0.943 < covered < 0.960


def test_the_interval_of_means_to_everybody_covers_95_times_in_100():
    rng = np.random.default_rng(1947)
    draws = 10_000
    a, b = rng.normal(50, 10, (draws, 25)), rng.normal(55, 20, (draws, 75))
    groups = Sums.of(np.full(draws, 25.0), a.sum(1), (a**2).sum(1))
    whole = Sums.of(np.full(draws, 100.0), a.sum(1) + b.sum(1), (a**2).sum(1) + (b**2).sum(1))
    found = difference.means_to_reference(groups, reference.overall(groups, whole))
    truth = 0.75 * (50 - 55)
    assert 0.942 < np.mean((found.low <= truth) & (truth <= found.high)) < 0.958


counts = st.integers(1, 5_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts, counts)
def test_turning_a_difference_round_turns_its_interval_round(first, second):
    there, back = newcombe(*first, *second), newcombe(*second, *first)
    assert there.value == -back.value
    assert there.low == pytest.approx(-back.high, abs=1e-12)
    assert -1 - 1e-12 <= there.low <= there.value <= there.high <= 1 + 1e-12


@given(st.lists(counts, min_size=2, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows, random):
    s, n = np.array(rows, dtype=float).T
    shuffled = list(range(len(rows)))
    random.shuffle(shuffled)
    whole = Sums.of(np.full(n.shape, n.sum()), np.full(n.shape, s.sum()))
    straight = difference.rates_to_reference(Sums.of(n, s), reference.overall(Sums.of(n, s), whole))
    moved = Sums.of(n[shuffled], s[shuffled])
    again = difference.rates_to_reference(moved, reference.overall(moved, whole))
    np.testing.assert_array_equal(straight.low[shuffled], again.low)


def test_one_number_and_many_answer_alike():
    one, many = newcombe(56, 70, 48, 80), newcombe([56], [70], [48], [80])
    assert one.low == many.low[0]
    assert rate.rate(1, 4) == rate.rate([1], [4])[0]


def test_less_than_two_independent_numbers_a_side_bear_no_interval():
    """Two places, one with nearly all students, count as little more than one: Welch's degrees of freedom
    fall below 1, where Student's quantile grows beyond any number that schools could have."""
    few, many = (mean.Mean(low=0, high=0, value=v, n=n, sd=1.0) for v, n in ((16.0, 1.05), (15.9, 1.1)))
    assert np.isnan(welch(few, many).low)
    enough = welch(mean.Mean(low=0, high=0, value=16.0, n=2.0, sd=1.0), mean.Mean.known(15.0))
    assert enough.high - enough.value == pytest.approx(12.706 * np.sqrt(1 / 2), rel=1e-4)  # t of 1 by table
