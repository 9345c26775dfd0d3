"""Rates against published intervals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenground.measures import Interval, Sums, kish, rate, wilson


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_equals_newcombes_table_1(successes, n, low, high):
    """Newcombe (1998), Statistics in Medicine 17:857-872, table I, method 3."""
    interval = wilson(successes, n)
    assert round(float(interval.low), 4) == low
    assert round(float(interval.high), 4) == high


def test_wilson_at_another_confidence_by_hand():
    # 90 %: z = 1.6448536, z^2 = 2.7055434; s = 5, n = 10, p = .5, so the middle is .5 and the half width
    # z sqrt(z^2 + 4*10*.25) / (2 (10 + z^2)) = 1.6448536 * sqrt(12.7055434) / 25.4110869 = .2307282
    interval = wilson(5, 10, confidence=0.90)
    assert interval.low == pytest.approx(0.5 - 0.2307282, abs=2e-7)
    assert interval.high == pytest.approx(0.5 + 0.2307282, abs=2e-7)


def test_nobody_missing_and_impossible_counts_answer_nan_without_a_warning(recwarn):
    interval = wilson([0, np.nan, 3, 5, -1], [0, 10, np.nan, 4, 9])
    assert np.isnan(interval.low).all()
    assert np.isnan(interval.high).all()
    assert np.isnan(rate.rate([0, np.nan], [0, 5])).all()
    assert not recwarn.list


def test_a_masked_count_is_missing():
    masked = np.ma.masked_array([5, 5], mask=[False, True])
    assert np.isnan(wilson(masked, [10, 10]).low).tolist() == [False, True]


def test_zero_is_a_value_and_its_lower_bound_is_exactly_zero():
    interval = wilson([0, 7], [13, 7])
    assert interval.low[0] == 0.0
    assert interval.high[1] == 1.0
    assert rate.rate(0, 13) == 0.0


def test_a_confidence_that_is_no_probability_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        wilson(1, 2, confidence=95)


def test_weights_count_through_the_effective_n():
    # Four students with weights 3, 1, 1, 1: n = 6, sum of squares 12, so 36/12 = 3 effective students.
    assert kish(6, 12) == 3
    weighted = rate.estimate(Sums.of(n=6, total=4, weight_sq=12))
    assert weighted.value == pytest.approx(4 / 6)
    unweighted = wilson(2, 3)
    assert (weighted.low, weighted.high) == (pytest.approx(unweighted.low), pytest.approx(unweighted.high))


def test_an_interval_says_what_it_rests_on():
    rests = ("one student's outcome does not depend on another's",)
    assert wilson(3, 9).assumed == rate.estimate(Sums.of([9.0], [3.0])).assumed == rests


def test_an_interval_says_whether_it_excludes_a_value():
    interval = Interval(low=np.array([0.1, -0.1, np.nan]), high=np.array([0.2, 0.1, np.nan]))
    assert interval.excludes().tolist() == [True, False, False]
    assert interval.excludes(0.3).tolist() == [True, True, False]


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_rate_and_mirrors_the_complement(counts):
    successes, n = counts
    interval, complement = wilson(successes, n), wilson(n - successes, n)
    assert 0 <= interval.low <= successes / n <= interval.high <= 1
    assert interval.low == pytest.approx(1 - complement.high, abs=1e-12)
