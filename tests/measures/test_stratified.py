"""Differences inside the same units: against a published interval, by hand, by law and by simulation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenground.measures import decompose, stratified


def test_one_unit_is_newcombes_interval(outside):
    found = stratified.inside([0], [70], [56], [80], [48])
    outside(
        "stratified.inside",
        "one unit: 56 of 70 and 48 of 80",
        [found.value[0], found.low[0], found.high[0]],
        [0.2, 0.0524, 0.3339],
        source="Newcombe (1998), table II (a), method 10",
        within=5e-5,
    )


def test_two_equal_units_by_hand(outside):
    """The same unit twice: each weighs 1/2, so the distances to the ends shrink by sqrt(2):
    .2 - (.2 - .0524)/sqrt(2) = .0956, .2 + (.3339 - .2)/sqrt(2) = .2947."""
    found = stratified.inside([0, 0], [70, 70], [56, 56], [80, 80], [48, 48])
    outside(
        "stratified.inside",
        "the same unit twice",
        [found.value[0], found.low[0], found.high[0]],
        [0.2, 0.0956, 0.2947],
        source="Newcombe (1998), table II (a), method 10, and by hand",
        within=1e-4,
    )


def test_a_unit_with_one_group_only_adds_nothing():
    # Units 1 and 2 hold one group each; in unit 3 (w_a = w_b = .5) a has 50 of 100 and b 80 of 100.
    found = stratified.inside([0, 0, 0], [100, 0, 100], [40, 0, 50], [0, 100, 100], [0, 80, 80])
    alone = stratified.inside([0], [100], [50], [100], [80])
    assert found.value == pytest.approx(alone.value / 2)
    assert found.low == pytest.approx(alone.low / 2)


def test_no_unit_with_both_groups_is_no_answer():
    found = stratified.inside([0, 0], [10, 0], [5, 0], [0, 10], [0, 5])
    assert np.isnan([found.value[0], found.low[0], found.high[0]]).all()


@pytest.mark.parametrize("columns", [([1, 2], [1], [1], [1], [1]), ([0], [-1], [0], [1], [0])])
def test_what_cannot_be_meant_is_said(columns):
    with pytest.raises(ValueError, match=r"different lengths|below 0"):
        stratified.inside(*columns)


_UNITS = st.lists(
    st.tuples(st.integers(1, 40), st.integers(0, 40), st.integers(1, 40), st.integers(0, 40)), min_size=1,
    max_size=6,
)  # fmt: skip


@given(_UNITS, st.permutations(range(6)))
def test_order_of_units_does_not_matter_and_the_value_is_that_of_decompose(units, order):
    cells = np.array([(a, min(x, a), b, min(y, b)) for a, x, b, y in units], dtype=float)
    shuffled = cells[[at for at in order if at < len(cells)]]
    zero = np.zeros(len(cells), dtype=int)
    found, again = (stratified.inside(zero, *table.T) for table in (cells, shuffled))
    for one, other in zip(
        (found.low, found.value, found.high), (again.low, again.value, again.high), strict=True
    ):
        assert one == pytest.approx(other, abs=1e-12)
    assert found.value == pytest.approx(decompose(zero, *cells.T).within, abs=1e-12)
    assert found.low[0] <= found.value[0] <= found.high[0]


def test_the_interval_covers_the_true_part_as_often_as_it_says():
    """2,000 gaps over 20 schools of 5 to 40 students of each group: 95 of 100 intervals should hold it."""
    draw = np.random.default_rng(6)
    gaps, schools = 2000, 20
    n = draw.integers(5, 40, size=(2, gaps * schools))
    p_b = draw.uniform(0.2, 0.8, gaps * schools)
    p_a = np.clip(p_b - draw.uniform(0, 0.15, gaps * schools), 0.02, 0.98)
    which = np.repeat(np.arange(gaps), schools)
    found = stratified.inside(which, n[0], draw.binomial(n[0], p_a), n[1], draw.binomial(n[1], p_b))
    truth = decompose(which, n[0], n[0] * p_a, n[1], n[1] * p_b).within
    covered = np.mean((found.low <= truth) & (truth <= found.high))
    assert 0.93 <= covered <= 0.97
