"""Which gaps first."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from evenground.measures import Estimate, benjamini_hochberg, newcombe, p_of_counts, p_of_estimate, priority

# Benjamini and Hochberg (1995), section 3.2: of these 15 p-values four are certain at .05.
PAPER = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
PAPER += [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]


def test_benjamini_hochberg_on_their_own_example():
    found = benjamini_hochberg(PAPER, rate=0.05)
    assert found.certain.tolist() == [True] * 4 + [False] * 11
    assert found.adjusted == pytest.approx(stats.false_discovery_control(PAPER))


def test_a_p_value_equal_to_its_threshold_counts():
    """The procedure has <=; a peer has <, and would find none of these."""
    assert benjamini_hochberg([0.01, 0.02, 0.03, 0.04, 0.05], rate=0.05).certain.all()
    assert benjamini_hochberg([0.05], rate=0.05).certain.all()
    assert not benjamini_hochberg([0.0500001], rate=0.05).certain.any()


def test_a_test_that_was_not_made_does_not_count():
    found = benjamini_hochberg([np.nan, 0.04, np.nan], rate=0.05)
    assert found.certain.tolist() == [False, True, False]
    assert np.isnan(found.adjusted).tolist() == [True, False, True]
    assert benjamini_hochberg([], rate=0.05).certain.size == 0


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_adjusted_p_values_equal_scipys(p):
    np.testing.assert_allclose(benjamini_hochberg(p, rate=0.05).adjusted, stats.false_discovery_control(p))


def test_p_of_counts_equals_chi_square():
    peer = stats.chi2_contingency([[56, 14], [48, 32]], correction=False).pvalue
    assert p_of_counts(56, 70, 48, 80) == pytest.approx(peer)
    assert p_of_counts([0, 5, 3], [10, 5, 0], [0, 7, 3], [10, 7, 9]).tolist()[:2] == [1, 1]
    assert np.isnan(p_of_counts(3, 0, 3, 9))


def test_p_of_an_estimate_by_hand():
    # 2 standard errors: value .2, bounds -/+ 1.959964 * .1; two-sided p of z = 2 is .0455003
    half = 0.1959964
    symmetric = Estimate(low=np.array(0.2 - half), high=np.array(0.2 + half), value=np.array(0.2))
    assert p_of_estimate(symmetric) == pytest.approx(0.0455003, abs=1e-6)


counts = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts, counts)
def test_p_is_below_5_percent_exactly_where_the_interval_leaves_out_zero(first, second):
    found = newcombe(*first, *second)
    p = float(p_of_estimate(found))
    if abs(p - 0.05) > 1e-9:
        assert (p < 0.05) == bool(found.excludes())


def test_no_interval_no_p(recwarn):
    missing = Estimate(low=np.array(np.nan), high=np.array(np.nan), value=np.array(0.0))
    assert np.isnan(p_of_estimate(missing))
    assert not recwarn.list


def test_importance_by_hand():
    """asin sqrt(.25) is 30 degrees, asin sqrt(.5) is 45: h = 2 x 15 degrees. Averages: 9 against 12."""
    found = priority.importance(
        level=[0.25, 0.5, 9.0, 0.4, np.nan],
        reference=[0.5, 0.25, 12.0, 0.0, 0.3],
        part=[0.2, 0.1, 0.5, 0.5, 0.5],
        share=[True, True, False, False, True],
    )
    h_squared = (np.pi / 6) ** 2
    assert found.tolist() == pytest.approx([0.2 * h_squared, 0.1 * h_squared, 0.5 * 0.25**2, 0, 0])


def test_a_gap_among_few_weighs_more_than_the_same_points_in_the_middle():
    """1 against 3 in 100 is three times as often; 51 against 53 is about the same."""
    rare, usual = priority.importance([0.03, 0.53], [0.01, 0.51], [0.1, 0.1], [True, True])
    assert rare > 10 * usual


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.01, 0.5))
def test_importance_does_not_care_which_side_is_which(level, reference, part):
    there, back, other = (
        float(priority.importance([p], [q], [part], [True])[0])
        for p, q in ((level, reference), (reference, level), (1 - level, 1 - reference))
    )
    assert there == pytest.approx(back)
    assert there == pytest.approx(other, abs=1e-6)  # those who reach it and those who do not
    assert 0 <= there <= part * np.pi**2 + 1e-9


def test_certain_first_then_importance():
    rank = priority.order([0.1, 0.3, 0.5, np.nan, 0.3], [True, True, False, True, True])
    assert rank.tolist() == [3, 1, 5, 4, 2]


@given(st.lists(st.tuples(st.floats(0, 9), st.booleans()), min_size=1, max_size=20))
def test_every_gap_has_one_place(rows):
    weights, certain = (list(column) for column in zip(*rows, strict=True))
    rank = priority.order(weights, certain)
    assert sorted(rank) == list(range(1, len(rows) + 1))
    in_order = [rows[place] for place in np.argsort(rank)]
    assert in_order == sorted(in_order, key=lambda row: (not row[1], -row[0]))
