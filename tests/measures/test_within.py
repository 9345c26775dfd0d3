"""Between and within units, by hand and by law."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenground.measures import decompose


def test_two_schools_by_hand():
    """School 1: a 30 of 100, b 50 of 100; school 2: a 40 of 50, b 270 of 300.

    rates a 70/150 = .466667, b 320/400 = .8, gap -.333333. w_a = 2/3, 1/3; w_b = 1/4, 3/4.
    between (2/3 - 1/4) * .4 + (1/3 - 3/4) * .85 = .166667 - .354167 = -.1875
    within (2/3 + 1/4)/2 * (-.2) + (1/3 + 3/4)/2 * (-.1) = -.091667 - .054167 = -.145833
    """
    found = decompose([0, 0], [100, 50], [30, 40], [100, 300], [50, 270])
    assert found.gap == pytest.approx([-1 / 3])
    assert found.between == pytest.approx([-0.1875])
    assert found.within == pytest.approx([-0.1458333], abs=5e-8)
    assert found.within_by_row == pytest.approx([-0.0916667, -0.0541667], abs=5e-8)


def test_a_gap_wholly_between_and_one_wholly_within():
    # Gap 0: each school treats both alike (.2 and .6); gap 1: both groups attend alike.
    found = decompose([0, 0, 1, 1], [80, 20, 50, 50], [16, 12, 10, 20], [20, 80, 100, 100], [4, 48, 40, 60])
    assert found.gap == pytest.approx([0.28 - 0.52, 0.30 - 0.50])
    assert found.within == pytest.approx([0, -0.20])
    assert found.between == pytest.approx([-0.24, 0])


def test_a_school_with_one_group_only_counts_as_between():
    # School 1 has only a (40 of 100, w_a = .5), school 2 only b (80 of 100, w_b = .5), school 3 both at .5.
    found = decompose([0, 0, 0], [100, 0, 100], [40, 0, 50], [0, 100, 100], [0, 80, 50])
    assert found.gap == pytest.approx([0.45 - 0.65])
    assert found.within == pytest.approx([0])
    assert found.between == pytest.approx([-0.20])


def test_schools_count_for_what_they_are_above_or_below_the_middle():
    found = decompose([0, 0], [80, 20], [16, 12], [20, 80], [4, 48])
    # middle (.28 + .52)/2 = .4; (.8 - .2) * (.2 - .4) = -.12 and (.2 - .8) * (.6 - .4) = -.12
    assert found.between_by_row == pytest.approx([-0.12, -0.12])


def test_a_group_that_is_nowhere_and_a_missing_count_are_nan(recwarn):
    found = decompose([0, 1, 2, 2], [0, 10, 10, 0], [0, np.nan, 5, np.nan], [10, 10, 10, 0], [5, 5, 4, 0])
    assert np.isnan(found.gap).tolist() == [True, True, False]
    assert np.isnan(found.between).tolist() == [True, True, False]
    assert found.within[2] == pytest.approx(0.1)
    assert found.within_by_row[3] == 0
    assert not recwarn.list


def test_no_rows_are_no_gaps():
    assert decompose([], [], [], [], []).gap.size == 0


cell = st.integers(0, 400).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))
schools = st.lists(st.tuples(st.integers(0, 3), cell, cell), min_size=1, max_size=30)


@given(schools)
def test_the_parts_sum_to_the_gap_and_the_rows_to_the_parts(rows):
    gap = np.array([row[0] for row in rows])
    a, b = np.array([row[1] for row in rows]), np.array([row[2] for row in rows])
    found = decompose(gap, a[:, 0], a[:, 1], b[:, 0], b[:, 1])
    np.testing.assert_allclose(found.between + found.within, found.gap, atol=1e-12)
    for which in np.flatnonzero(~np.isnan(found.gap)):
        mine = gap == which
        assert found.between_by_row[mine].sum() == pytest.approx(found.between[which], abs=1e-12)
        # the definition, term by term
        share = a[mine, 0] / a[mine, 0].sum() - b[mine, 0] / b[mine, 0].sum()
        with np.errstate(all="ignore"):
            both = np.stack([a[mine, 1] / a[mine, 0], b[mine, 1] / b[mine, 0]])
        there = np.isfinite(both).any(axis=0)
        plain = share[there] * np.nanmean(both[:, there], axis=0)
        assert found.between[which] == pytest.approx(plain.sum(), abs=1e-12)


@given(schools)
def test_turning_the_gap_round_turns_every_part_round(rows):
    gap = np.array([row[0] for row in rows])
    a, b = np.array([row[1] for row in rows]), np.array([row[2] for row in rows])
    there = decompose(gap, a[:, 0], a[:, 1], b[:, 0], b[:, 1])
    back = decompose(gap, b[:, 0], b[:, 1], a[:, 0], a[:, 1])
    np.testing.assert_allclose(there.between, -back.between, atol=1e-12)
    np.testing.assert_allclose(there.within, -back.within, atol=1e-12)


@given(schools, st.randoms(use_true_random=False))
def test_the_order_of_schools_does_not_matter(rows, random):
    shuffled = rows[:]
    random.shuffle(shuffled)
    results = []
    for some in (rows, shuffled):
        columns = [np.array([r[0] for r in some])]
        for side in (1, 2):
            columns += [np.array([r[side][part] for r in some]) for part in (0, 1)]
        results.append(decompose(*columns))
    np.testing.assert_allclose(results[0].between, results[1].between, atol=1e-12)
