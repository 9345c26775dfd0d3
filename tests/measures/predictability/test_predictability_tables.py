"""Eta squared, bits, opportunity and ranks from counted tables."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from evenground.measures import predictability as p

WORKED = "standards 13, worked"


def test_the_worked_table(outside):
    """Two equal groups, 30 and 40 of 50 pass."""
    eta = p.eta_squared([0, 0], [50, 50], [30, 40])
    outside("predictability.eta_squared", "two groups, .60 and .80 of 50 pass", eta.value, [0.01 / 0.21],
            source=WORKED, within=1e-12)  # fmt: skip
    # omega: SSB 1, SSW 20, MSW 20/98: (1 - 20/98)/(21 + 20/98)
    outside("predictability.eta_squared", "two groups: omega squared", eta.omega,
            [(1 - 20 / 98) / (21 + 20 / 98)], source="by hand", within=1e-12)  # fmt: skip
    bits = p.mutual_information(["a", "a", "b", "b"], [0, 1, 0, 1], [20, 30, 10, 40])
    outside("predictability.mutual_information", "two groups: bits, and entropy of the outcome",
            [bits.plain, bits.entropy], [0.0349, 0.8813], source=WORKED, within=5e-5)  # fmt: skip
    outside("predictability.mutual_information", "two groups: Miller-Madow", bits.plain - bits.value,
            1 / (200 * np.log(2)), source="by hand", within=1e-12)  # fmt: skip
    assert bits.normalised == pytest.approx(float(bits.value / bits.entropy))
    spread = p.dissimilarity([50, 50], [30, 40])
    outside("predictability.dissimilarity", "two groups: D = .05/.7", spread.value, 0.05 / 0.7,
            source=WORKED, within=1e-12)  # fmt: skip
    index = p.opportunity_index([50, 50], [30, 40])
    outside("predictability.opportunity_index", "two groups", index.value, 0.65, source=WORKED, within=1e-12)
    assert index.coverage == pytest.approx(0.7)
    assert index.dissimilarity == spread.value


def test_eta_of_scores_and_its_f_interval(outside):
    """Scores 1 2 3 | 3 4 5 | 8 9 10: SSB 3((2-5)^2 + 1 + 16) = 78, SSW 6, eta 78/84; F 39."""
    found = p.eta_squared([0, 0, 0], [3, 3, 3], [6, 12, 27], [14, 50, 245])
    outside("predictability.eta_squared", "three groups of scores", found.value, [78 / 84],
            source="by hand", within=1e-12)  # fmt: skip
    # The bounds are shares whose F distribution has 39 at its 97.5 and 2.5 in 100 (scipy.stats).
    for bound, tail in ((found.low[0], 0.975), (found.high[0], 0.025)):
        noncentral = 9 * bound / (1 - bound)
        assert stats.ncf.cdf(39, 2, 6, noncentral) == pytest.approx(tail, abs=1e-6)


def test_eta_of_many_sets_at_once_is_that_of_each():
    rng = np.random.default_rng(1)
    n = rng.integers(20, 200, (50, 4))
    s = rng.binomial(n, rng.uniform(0.3, 0.7, (50, 4)))
    together = p.eta_squared(np.repeat(np.arange(50), 4), n.ravel(), s.ravel())
    for row in (0, 17, 49):
        alone = p.eta_squared([0] * 4, n[row], s[row])
        assert together.value[row] == alone.value[0]
        assert together.low[row] == pytest.approx(alone.low[0], abs=1e-9)
    assert (together.low <= together.value).all()
    assert (together.value <= together.high).all()


def test_eta_of_millions_is_quick_and_narrow():
    found = p.eta_squared([0, 0], [3_000_000, 3_000_000], [1_500_000, 1_800_000])
    assert found.high[0] - found.low[0] < 0.0005
    assert found.low[0] < found.value[0] < found.high[0]


def test_eta_intervals_hold_the_truth_as_often_as_they_say():
    rng = np.random.default_rng(11)
    rates = np.array([0.5, 0.6, 0.7])
    truth = np.var(rates) / (np.mean(rates) * (1 - np.mean(rates)))
    s = rng.binomial(100, np.tile(rates, (800, 1)))
    found = p.eta_squared(np.repeat(np.arange(800), 3), np.full(2400, 100), s.ravel())
    assert 0.93 <= np.mean((found.low <= truth) & (truth <= found.high)) <= 0.97


def test_omega_is_nought_on_average_where_groups_do_not_differ():
    rng = np.random.default_rng(12)
    s = rng.binomial(30, 0.6, (2000, 8))
    found = p.eta_squared(np.repeat(np.arange(2000), 8), np.full(16_000, 30), s.ravel())
    assert abs(found.omega.mean()) < 0.002
    assert found.value.mean() == pytest.approx(7 / 239, abs=0.002)


def test_sets_without_an_answer_are_nan(recwarn):
    found = p.eta_squared([0, 1, 1, 2, 2, 3, 3], [5, 5, 5, 5, 0, 5, 5], [1, np.nan, 2, 1, 0, 5, 5])
    assert np.isnan(found.value).all()
    assert np.isnan(found.low).all()
    assert not recwarn.list
    assert p.eta_squared([], [], []).value.size == 0


def test_miller_madow_is_nought_on_average_where_nothing_is_told():
    rng = np.random.default_rng(5)
    corrected, plain = [], []
    for _ in range(400):
        table = rng.multinomial(500, np.full(12, 1 / 12))
        found = p.mutual_information(np.repeat(np.arange(4), 3), np.tile(np.arange(3), 4), table)
        corrected.append(found.value)
        plain.append(found.plain)
    assert abs(np.mean(corrected)) < 0.0007
    assert np.mean(plain) > 0.007


def test_bits_beside_scipy(outside):
    """Mutual information is entropy of the outcome less that within groups (scipy.stats.entropy)."""
    table = np.array([[120, 60, 20], [80, 90, 130], [10, 20, 70]])
    found = p.mutual_information(np.repeat([0, 1, 2], 3), np.tile([0, 1, 2], 3), table.ravel())
    share = table.sum(axis=1) / table.sum()
    expected = stats.entropy(table.sum(axis=0), base=2) - share @ stats.entropy(table, base=2, axis=1)
    outside("predictability.mutual_information", "3 x 3 table of 600", found.plain, expected,
            source="scipy.stats.entropy", within=1e-12)  # fmt: skip
    assert found.low < found.value < found.high


counts = st.lists(
    st.integers(1, 200).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))), min_size=1, max_size=6
)


@given(counts)
def test_laws_of_opportunity(rows):
    n, s = np.array(rows, dtype=float).T
    spread, index = p.dissimilarity(n, s), p.opportunity_index(n, s)
    assert index.value <= s.sum() / n.sum() + 1e-12
    if s.sum() > 0:
        assert index.value == pytest.approx(float(index.coverage * (1 - spread.value)))
        assert -1e-12 <= spread.value <= 1
    assert p.opportunity_index(2 * n[::-1], 2 * s[::-1]).value == pytest.approx(float(index.value))


def test_opportunity_intervals_hold_the_truth_as_often_as_they_say():
    rng = np.random.default_rng(8)
    n, rates = np.array([200, 150, 100]), np.array([0.8, 0.6, 0.4])
    mean = n @ rates / n.sum()
    truth = mean - n @ np.abs(rates - mean) / (2 * n.sum())
    found = [p.opportunity_index(n, rng.binomial(n, rates)) for _ in range(500)]
    assert 0.92 <= np.mean([f.low <= truth <= f.high for f in found]) <= 0.98
    spreads = [p.dissimilarity(n, rng.binomial(n, rates)) for _ in range(500)]
    assert 0.92 <= np.mean([f.low <= 1 - truth / mean <= f.high for f in spreads]) <= 0.98


def test_order_of_groups_of_the_worked_table(outside):
    found = p.order_of_groups([0, 0], [50, 50], [30, 40])
    outside("predictability.order_of_groups", "two groups, .60 and .80 of 50 pass", found.value, [0.619],
            source=WORKED, within=5e-4)  # fmt: skip


def test_order_of_groups_beside_a_rank_test(outside):
    """The chance of the right order is Mann and Whitney's U over the number of pairs (scipy.stats)."""
    n, s = np.array([120, 80, 200, 60]), np.array([60, 56, 80, 45])
    rate = np.concatenate([np.repeat(s / n, s), np.repeat(s / n, n - s)])
    u = stats.mannwhitneyu(rate[: s.sum()], rate[s.sum() :]).statistic
    found = p.order_of_groups([1] * 4 + [0] * 2, [*n, 10, 20], [*s, 5, 5])
    outside("predictability.order_of_groups", "four groups of 460 students", found.value[1],
            u / (s.sum() * (n - s).sum()), source="scipy.stats.mannwhitneyu", within=1e-12)  # fmt: skip
    assert found.low[1] < found.value[1] < found.high[1]
    none = p.order_of_groups([0, 1, 1, 2, 2], [5, 5, 5, 5, np.nan], [3, 5, 5, 2, 2])
    assert np.isnan(none.value).all()


def test_rank_slope_beside_spearman(outside):
    rng = np.random.default_rng(6)
    income = rng.normal(size=300)
    score = 0.5 * income + rng.normal(size=300)
    slope = p.rank_slope(income, score).value
    outside("predictability.rank_slope", "300 pairs without ties", slope,
            stats.spearmanr(income, score).statistic, source="scipy.stats", within=1e-12)  # fmt: skip


def test_rank_slope_by_hand_with_ties_and_its_limits():
    # Incomes 1 1 2 3: ranks 1.5 1.5 3 4; scores 10 20 20 40: ranks 1 2.5 2.5 4. Means 2.5.
    # Products (-1)(-1.5) + (-1)(0) + (.5)(0) + (1.5)(1.5) = 3.75; squares 1 + 1 + .25 + 2.25 = 4.5.
    assert p.rank_slope([1, 1, 2, 3], [10, 20, 20, 40]).value == pytest.approx(3.75 / 4.5)
    assert p.rank_slope([1, 2, 3], [3, 2, 1]).value == pytest.approx(-1)
    assert np.isnan(p.rank_slope([1, 1], [1, 2]).value)
    assert p.rank_slope([1, 2, np.nan], [1, 2, 9]).value == pytest.approx(1)


def test_clusters_widen_the_interval_of_a_slope():
    rng = np.random.default_rng(7)
    income = np.repeat(rng.normal(size=50), 20)
    score = 0.3 * income + np.repeat(rng.normal(size=50), 20) + rng.normal(size=1000)
    alone, together = p.rank_slope(income, score), p.rank_slope(income, score, np.repeat(np.arange(50), 20))
    assert together.value == alone.value
    assert together.high - together.low > 2 * (alone.high - alone.low)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: p.mutual_information([1], [1, 2], [3]), "columns have 1, 2 and 1"),
        (lambda: p.mutual_information([1], [1], [-3]), "negative"),
        (lambda: p.opportunity_index([1], [2]), "more students have"),
        (lambda: p.dissimilarity([1, 2], [2]), "2 groups and 1 counts"),
        (lambda: p.rank_slope([1], [1, 2]), "background has 1, outcome has 2"),
    ],
)
def test_what_cannot_be_meant_is_said(call, said):
    with pytest.raises(ValueError, match=said):
        call()


def test_groups_that_are_all_of_one_kind_leave_nothing_to_chance() -> None:
    """0 of 300, all of 100, 0 of 77: the group tells all, and rounding is no spread inside the groups."""
    found = p.eta_squared([0, 0, 0, 1, 1], [300, 100, 77, 20_000, 20_000], [0, 100, 0, 1, 19_999])
    assert found.value[0] == pytest.approx(1)
    assert np.isnan([found.low[0], found.high[0]]).all()
    # 20,000 and 20,000 with one each on the wrong side: r = 1 - 2/20,000
    assert found.value[1] == pytest.approx((1 - 2 / 20_000) ** 2)
    assert found.low[1] < found.value[1] < found.high[1]
