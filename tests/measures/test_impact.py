"""Disproportionate impact: the values and the defects that were found in a peer, and the laws of `needed`."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenground.measures import Sums, difference, impact, ratio, reference

# A made-up cohort of 20,000 of whom 10,528 succeed (rate .5264); the rows are its Asian, Black and Hispanic
# students. Values that DisImpact 0.0.22 prints for it, or exact arithmetic where it is wrong.
GROUPS = Sums.of([6000, 2000, 4000], [4292, 607, 847])
WHOLE = Sums.of([20_000] * 3, [10_528] * 3)
OVERALL = reference.overall(GROUPS, WHOLE)
HIGHEST = reference.highest(GROUPS, [0, 0, 0], minimum=30, direction="higher")


def gap(groups=GROUPS, to=OVERALL, direction="higher"):
    return impact.percentage_point_gap(groups, to, minimum=0.03, direction=direction)


def test_the_percentage_point_gap_and_its_margin():
    found = gap()
    assert GROUPS.rate.round(6).tolist() == [0.715333, 0.3035, 0.21175]
    assert found.value == pytest.approx([0.715333 - 0.5264, 0.3035 - 0.5264, 0.21175 - 0.5264], abs=5e-7)
    assert found.margin.tolist() == [0.03, 0.03, 0.03]
    assert found.disproportionate.tolist() == [False, True, True]
    assert impact.margin([800, 200], minimum=0.03) == pytest.approx([0.03464823, 0.06929646], abs=5e-9)


def test_the_margin_with_the_groups_own_rate_by_hand():
    # 1.96 * sqrt(.1 * .9 / 100) = 1.96 * .03 = .0588
    assert impact.margin(100, minimum=0.03, q=0.1) == pytest.approx(0.0588)


def test_further_students_raise_the_reference_too():
    """The peer's default counts 1,139 and 386 to leave impact, and 1,259 and 446 to parity: too few."""
    assert gap().needed.fixed.tolist() == [0, 386, 1139]
    assert gap().needed.moving.tolist() == [0, 429, 1424]
    parity = impact.needed(GROUPS, OVERALL, direction="higher")
    assert parity.fixed.tolist() == [0, 446, 1259]
    assert parity.moving.tolist() == [0, 496, 1574]


def test_the_peers_1139_students_leave_the_group_in_impact():
    added = np.array([0, 386, 1139])
    after, everybody = Sums.of(GROUPS.n, GROUPS.total + added), Sums.of(WHOLE.n, WHOLE.total + added)
    still = gap(after, reference.overall(after, everybody))
    assert still.disproportionate.tolist() == [False, True, True]
    assert everybody.rate[2] == pytest.approx(0.58335)


def test_the_proportionality_index_needs_997_not_998():
    """Exactly 837.48/.84 = 997; the float quotient is 997.0000000000001."""
    found = impact.proportionality(GROUPS, WHOLE, cutoff=0.8, direction="higher")
    assert found.value.round(6).tolist() == [1.358916, 0.576558, 0.402261]
    assert found.disproportionate.tolist() == [False, True, True]
    assert found.needed.tolist() == [0, 256, 997]
    parity = impact.proportionality(GROUPS, WHOLE, cutoff=1, direction="higher")
    assert parity.needed.tolist() == [0, 496, 1574]


def test_an_index_of_exactly_80_is_no_impact():
    """1844/11525 over 4000/20000 is .8; as floats it is .7999999999999999."""
    after, everybody = Sums.of([4000], [847 + 997]), Sums.of([20_000], [10_528 + 997])
    found = impact.proportionality(after, everybody, cutoff=0.8, direction="higher")
    assert found.value[0] < 0.8
    assert found.disproportionate.tolist() == [False]
    assert found.needed.tolist() == [0]


def test_the_80_index_and_its_need():
    found = impact.index_80(GROUPS, HIGHEST, cutoff=0.8, direction="higher")
    assert found.value.round(6).tolist() == [1, 0.424278, 0.296016]
    assert found.disproportionate.tolist() == [False, True, True]
    assert found.needed.tolist() == [0, 538, 1443]


def test_at_the_boundary_of_impact_one_student_is_needed():
    """rate + margin = reference exactly is impact; the peer says so, and then that nobody is needed.

    40 of 100 with the margin .098 = 1.96 * .5 / 10, against a target of .498.
    """
    group = Sums.of([100], [40])
    found = gap(group, reference.target(group, 0.498))
    assert found.disproportionate.tolist() == [True]
    assert found.needed.fixed.tolist() == [1]
    just_below = gap(group, reference.target(group, 0.4979))
    assert just_below.needed.fixed.tolist() == [0]


def test_the_boundary_with_the_least_margin():
    """.40 + .03 is .43000000000000005 as floats: a float test calls this no impact."""
    group = Sums.of([2000], [800])
    assert 0.40 + 0.03 > 0.43
    found = gap(group, reference.target(group, 0.43))
    assert found.disproportionate.tolist() == [True]
    assert found.needed.fixed.tolist() == [1]


def test_the_ap_example():
    """standards 11: White 76 and 320; school average 33.5 and 107.3; growing total 38.1, 272.3."""
    groups = Sums.of([400, 2000, 600, 300], [24, 180, 150, 120])
    whole = Sums.of([3300] * 4, [474] * 4)
    white = reference.named(groups, [0] * 4, [False, False, True, False])
    to_white = impact.needed(groups, white, direction="higher")
    assert to_white.fixed.tolist()[:2] == [76, 320]
    assert to_white.moving.tolist() == to_white.fixed.tolist()
    average = impact.needed(groups, reference.overall(groups, whole), direction="higher")
    assert average.fixed.tolist()[:2] == [34, 108]
    assert average.moving.tolist()[:2] == [39, 273]
    index = impact.proportionality(groups, whole, cutoff=1, direction="higher")
    assert index.value.round(3).tolist()[:2] == [0.418, 0.627]
    assert index.needed.tolist()[:2] == [39, 273]


def test_where_lower_is_better_the_students_are_students_fewer():
    # Suspended: 60 of 200 in the group, 100 of 1,000 in all. Fixed: 60 - k <= 20, so 40 fewer.
    # Moving: (60 - k)/200 = (100 - k)/1000 at k = 50, where both are 5 %.
    group, whole = Sums.of([200], [60]), Sums.of([1000], [100])
    found = impact.needed(group, reference.overall(group, whole), direction="lower")
    assert found.fixed.tolist() == [40]
    assert found.moving.tolist() == [50]
    assert impact.needed(group, reference.overall(group, whole), direction="higher").fixed.tolist() == [0]


def test_where_lower_is_better_the_indices_turn_round():
    group, whole = Sums.of([200, 800], [60, 40]), Sums.of([1000, 1000], [100, 100])
    share = impact.proportionality(group, whole, cutoff=0.8, direction="lower")
    assert share.value.tolist() == pytest.approx([3.0, 0.5])
    assert share.disproportionate.tolist() == [True, False]
    # (60 - k)/(100 - k) <= 1.25 * .2 at k = 46.67: 47 fewer (13/53 = .2453; with 46, 14/54 = .2593).
    assert share.needed.tolist() == [47, 0]
    best = reference.highest(group, [0, 0], minimum=10, direction="lower")
    index = impact.index_80(group, best, cutoff=0.8, direction="lower")
    assert index.value.tolist() == pytest.approx([0.05 / 0.3, 1.0])
    # .05/((60 - k)/200) >= .8 at (60 - k) <= 12.5: 48 fewer.
    assert index.needed.tolist() == [48, 0]


def test_a_target_is_the_number_that_people_wrote():
    # 80 % of 35 is 28; .8 * 35 is 28.000000000000004 in some orders of multiplication, .7 * 10 is 7.
    groups = Sums.of([35, 10, 10], [27, 6, 7])
    aims = reference.target(groups, [0.8, 0.7, 0.7])
    assert impact.needed(groups, aims, direction="higher").fixed.tolist() == [1, 1, 0]


def test_missing_and_empty_are_nan_and_never_impact(recwarn):
    groups, whole = Sums.of([0, np.nan, 10], [0, 3, np.nan]), Sums.of([100] * 3, [50] * 3)
    found = gap(groups, reference.overall(groups, whole))
    assert np.isnan(found.needed.fixed).all()
    assert np.isnan(found.margin[0])
    assert not found.disproportionate.any()
    assert np.isnan(impact.needed(groups, reference.overall(groups, whole), direction="higher").moving).all()
    nobody = impact.proportionality(Sums.of([10], [0]), Sums.of([100], [0]), cutoff=0.8, direction="higher")
    assert np.isnan(nobody.value).all()
    assert np.isnan(nobody.needed).all()
    assert not recwarn.list


def test_a_group_larger_than_the_whole_that_holds_it_has_no_answer(recwarn):
    groups, whole = Sums.of([100], [10]), Sums.of([80], [60])
    overall = reference.overall(groups, whole)
    assert np.isnan(impact.needed(groups, overall, direction="higher").moving).all()
    assert np.isnan(gap(groups, overall).needed.moving).all()
    assert np.isnan(difference.rates_to_reference(groups, overall).low).all()
    assert np.isnan(ratio.rates_to_reference(groups, overall).low).all()
    assert not recwarn.list


def test_weighted_counts_are_compared_with_a_tolerance():
    groups, whole = Sums.of([40.5, 0.1 + 0.2], [10.1, 0.1]), Sums.of([100.0, 0.9], [50.0, 0.3])
    found = impact.needed(groups, reference.overall(groups, whole), direction="higher")
    # 40.5 * .5 - 10.1 = 10.15 and that over (1 - .405) = 17.06; .1 of .3 equals .3 of .9 but for rounding.
    assert found.fixed.tolist() == [11, 0]
    assert found.moving.tolist() == [18, 0]
    # The margin of 40.5 is .98/sqrt(40.5) = .153991: 40.5 * (.5 - .153991) - 10.1 = 3.913, so 4.
    assert gap(groups, reference.overall(groups, whole)).needed.fixed.tolist() == [4, 0]


def test_counts_of_a_nation_do_not_overflow():
    n, s = 2_000_000_000, 700_000_001
    groups, whole = Sums.of([n], [s]), Sums.of([2 * n], [2 * s + 2])
    assert impact.needed(groups, reference.overall(groups, whole), direction="higher").moving.tolist() == [2]


@st.composite
def cohorts(draw):
    n = draw(st.integers(1, 3000))
    others = draw(st.integers(1, 3000))
    return n, draw(st.integers(0, n)), others, draw(st.integers(0, others))


def overall_of(n, s, others, t):
    groups = Sums.of([n], [s])
    return groups, reference.overall(groups, Sums.of([n + others], [s + t]))


@given(cohorts())
def test_the_students_needed_reach_parity_and_one_fewer_do_not(cohort):
    n, s, others, t = cohort
    found = impact.needed(*overall_of(*cohort), direction="higher")
    fixed, moving = int(found.fixed[0]), int(found.moving[0])
    whole_n, whole_s = n + others, s + t
    assert Fraction(s + fixed, n) >= Fraction(whole_s, whole_n)
    assert Fraction(s + moving, n) >= Fraction(whole_s + moving, whole_n)
    assert fixed == 0 or Fraction(s + fixed - 1, n) < Fraction(whole_s, whole_n)
    assert moving == 0 or Fraction(s + moving - 1, n) < Fraction(whole_s + moving - 1, whole_n)
    assert fixed <= moving <= n - s


@given(cohorts())
def test_the_students_needed_leave_impact_and_one_fewer_do_not(cohort):
    n, s, others, t = cohort
    found = gap(*overall_of(*cohort)).needed
    squared = max(Fraction("0.03") ** 2, Fraction("0.98") ** 2 / n)

    def in_impact(k, reference_rate):
        distance = reference_rate - Fraction(s + k, n)
        return distance >= 0 and distance**2 >= squared

    fixed, moving = int(found.fixed[0]), int(found.moving[0])
    assert not in_impact(fixed, Fraction(s + t, n + others))
    assert not in_impact(moving, Fraction(s + t + moving, n + others))
    assert fixed == 0 or in_impact(fixed - 1, Fraction(s + t, n + others))
    assert moving == 0 or in_impact(moving - 1, Fraction(s + t + moving - 1, n + others))


@given(cohorts())
def test_fewer_with_an_outcome_are_as_many_as_more_without_it(cohort):
    n, s, others, t = cohort
    more = overall_of(n, n - s, others, others - t)
    fewer = overall_of(*cohort)
    assert impact.needed(*more, direction="higher") == impact.needed(*fewer, direction="lower")
    assert gap(*more).needed == gap(*fewer, direction="lower").needed


@given(cohorts(), st.integers(2, 50))
def test_indices_do_not_depend_on_the_size_of_the_system(cohort, factor):
    n, s, others, t = cohort
    small = impact.proportionality(
        Sums.of([n], [s]), Sums.of([n + others], [s + t]), cutoff=0.8, direction="higher"
    )
    large = impact.proportionality(
        Sums.of([n * factor], [s * factor]),
        Sums.of([(n + others) * factor], [(s + t) * factor]),
        cutoff=0.8,
        direction="higher",
    )
    np.testing.assert_allclose(small.value, large.value)
    assert small.disproportionate == large.disproportionate


def test_the_margin_does_not_know_whether_weights_average_one():
    """Four students of weight 50 each: sum of weights 200, Kish's n 4, margin 1.96 x .5 / 2 = .49."""
    groups = Sums.of([200.0], [100.0], [100.0], [10_000.0])
    whole = Sums.of([400.0], [300.0], [300.0], [20_000.0])
    gap = impact.percentage_point_gap(
        groups, reference.overall(groups, whole), minimum=0.03, direction="higher"
    )
    assert gap.margin == pytest.approx([0.49])
    assert not gap.disproportionate.any()
