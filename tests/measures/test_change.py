"""Change over time, and why a gap moved."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenground.measures import Estimate, Sums, change, closing, newcombe, rate


def est(value, half=0.01):
    at = np.asarray(value, dtype=float)
    return Estimate(low=at - half, high=at + half, value=at)


def test_change_of_a_rate_is_newcombes_difference_after_minus_before():
    found = change.of_rate(48, 80, 56, 70)
    assert (round(float(found.low), 4), round(float(found.high), 4)) == (0.0524, 0.3339)


def test_change_of_a_gap_by_hand():
    # Gaps -.30 (-.35 to -.24) and -.20 (-.26 to -.15): change .10; below: sqrt(.06^2 + .06^2) = .0848528,
    # above: sqrt(.05^2 + .05^2) = .0707107.
    before = Estimate(low=np.array(-0.35), high=np.array(-0.24), value=np.array(-0.30))
    after = Estimate(low=np.array(-0.26), high=np.array(-0.15), value=np.array(-0.20))
    found = change.of_estimate(before, after)
    assert found.value == pytest.approx(0.10)
    assert found.low == pytest.approx(0.10 - 0.0848528, abs=1e-7)
    assert found.high == pytest.approx(0.10 + 0.0707107, abs=1e-7)


# before and after of the group, then of the reference; higher is better; each known to .01
CASES = [
    ((0.40, 0.50), (0.70, 0.70), "narrowed", "behind_rose"),
    ((0.40, 0.40), (0.70, 0.60), "narrowed", "ahead_fell"),
    ((0.40, 0.45), (0.70, 0.65), "narrowed", "both"),
    ((0.40, 0.55), (0.70, 0.75), "narrowed", "behind_rose_more"),
    ((0.40, 0.35), (0.70, 0.55), "narrowed", "ahead_fell_more"),
    ((0.40, 0.408), (0.70, 0.692), "no_clear_change", ""),
    ((0.40, 0.40), (0.70, 0.80), "widened", "ahead_rose"),
    ((0.40, 0.30), (0.70, 0.70), "widened", "behind_fell"),
    ((0.40, 0.35), (0.70, 0.75), "widened", "both"),
    ((0.40, 0.45), (0.70, 0.85), "widened", "ahead_rose_more"),
    ((0.40, 0.25), (0.70, 0.65), "widened", "behind_fell_more"),
    ((0.60, 0.50), (0.60, 0.60), "opened", "behind_fell"),
    ((0.40, 0.80), (0.60, 0.60), "reversed", "behind_rose"),
    # the group is the one ahead: the words follow who is behind, not who was called the group
    ((0.70, 0.70), (0.40, 0.50), "narrowed", "behind_rose"),
    ((0.70, 0.60), (0.40, 0.40), "narrowed", "ahead_fell"),
    ((0.70, 0.80), (0.40, 0.40), "widened", "ahead_rose"),
]


@pytest.mark.parametrize(("group", "other", "verdict", "reason"), CASES)
def test_verdict_and_reason(group, other, verdict, reason):
    found = closing(est(group[0]), est(group[1]), est(other[0]), est(other[1]), direction="higher")
    assert (str(found.verdict), str(found.reason)) == (verdict, reason)


@pytest.mark.parametrize(("group", "other", "verdict", "reason"), CASES)
def test_where_lower_is_better_rose_means_got_better(group, other, verdict, reason):
    flipped = [est(1 - value) for value in (*group, *other)]
    found = closing(*flipped, direction="lower")
    assert (str(found.verdict), str(found.reason)) == (verdict, reason)


def test_the_same_numbers_with_few_students_are_no_clear_change():
    few = [rate.estimate(Sums.of(20, 20 * p)) for p in (0.4, 0.5, 0.7, 0.7)]
    many = [rate.estimate(Sums.of(20_000, 20_000 * p)) for p in (0.4, 0.5, 0.7, 0.7)]
    assert str(closing(*few, direction="higher").verdict) == "no_clear_change"
    assert str(closing(*many, direction="higher").verdict) == "narrowed"


def test_a_gap_can_clearly_narrow_though_neither_side_clearly_moved():
    # Each side moves .013 and is known to .01: its change to .0141, the change of the gap (.026) to .02.
    found = closing(est(0.40), est(0.413), est(0.70), est(0.687), direction="higher")
    assert (str(found.verdict), str(found.reason)) == ("narrowed", "neither_clear")


def test_a_gap_that_is_clear_at_neither_time_may_change():
    # Gaps of -.012 and .012, each known to .0141; their change of .024 is known to .02.
    found = closing(est(0.488), est(0.512), est(0.5), est(0.5), direction="higher")
    assert (str(found.verdict), str(found.reason)) == ("no_clear_gap", "")


def test_a_missing_year_is_unknown(recwarn):
    found = closing(est([0.4, np.nan]), est([0.5, 0.5]), est([0.7, 0.7]), est([0.7, 0.7]), direction="higher")
    assert found.verdict.tolist() == ["narrowed", "unknown"]
    assert found.reason.tolist() == ["behind_rose", ""]
    assert not recwarn.list


rates = st.floats(0, 1)


@given(rates, rates, rates, rates)
def test_the_two_parts_sum_to_the_change_of_the_gap(a, b, c, d):
    found = closing(est(a), est(b), est(c), est(d), direction="higher")
    assert found.by_group.value + found.by_reference.value == found.change.value
    assert found.change.value == pytest.approx(found.after.value - found.before.value, abs=1e-12)
    assert found.by_group.value == b - a
    assert found.by_reference.value == c - d


@given(st.floats(0.02, 0.98), st.floats(0.02, 0.98), st.floats(0.02, 0.98), st.floats(0.02, 0.98))
def test_who_is_called_the_group_does_not_change_the_verdict(a, b, c, d):
    one = closing(est(a), est(b), est(c), est(d), direction="higher")
    other = closing(est(c), est(d), est(a), est(b), direction="higher")
    assert str(one.verdict) == str(other.verdict)
    assert str(one.reason) == str(other.reason)


def test_coverage_of_the_change_of_a_gap():
    """20,000 draws of four groups of 150 and 400: the true change is .05."""
    rng = np.random.default_rng(2008)
    sizes, truths = (150, 150, 400, 400), (0.30, 0.40, 0.60, 0.65)
    drawn = [rng.binomial(n, p, 20_000) for n, p in zip(sizes, truths, strict=True)]
    before = newcombe(drawn[0], 150, drawn[2], 400)
    after = newcombe(drawn[1], 150, drawn[3], 400)
    found = change.of_estimate(before, after)
    assert 0.943 < np.mean((found.low <= 0.05) & (found.high >= 0.05)) < 0.960
