"""Along a chain: by hand, against every order written out, and by law."""

import itertools
from math import factorial, prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenground.measures import decomposition


def every_order(a, b):
    """Each step's part of prod(a) - prod(b), averaged over all orders in which steps could be exchanged."""
    parts = np.zeros(len(a))
    for order in itertools.permutations(range(len(a))):
        mixed = list(b)
        for step in order:
            before = prod(mixed)
            mixed[step] = a[step]
            parts[step] += prod(mixed) - before
    return parts / factorial(len(a))


def test_two_steps_by_hand(outside):
    """80 of 100, then 40 of 80; reference 90 of 100, then 72 of 90: .8 x .5 = .40 and .9 x .8 = .72.

    First step (.8 - .9) x (.5 + .8)/2 = -.065, second (.5 - .8) x (.8 + .9)/2 = -.255; together -.32.
    """
    found = decomposition.stages([100, 80, 40], [100, 90, 72])
    outside(
        "decomposition.stages",
        "two steps",
        found.parts.value,
        [-0.065, -0.255],
        source="by hand",
        within=1e-15,
    )
    outside(
        "decomposition.stages", "the gap at the end", found.gap.value, -0.32, source="by hand", within=1e-15
    )
    assert found.costliest == 1
    assert found.clearly
    # Var = .4 x .6/100 + .72 x .28/100: the end is a share of everybody
    half = 1.959964 * np.sqrt((0.4 * 0.6 + 0.72 * 0.28) / 100)
    outside(
        "decomposition.stages",
        "interval of the gap",
        [found.gap.low, found.gap.high],
        [-0.32 - half, -0.32 + half],
        source="by hand: two independent shares",
        within=1e-6,
    )


def test_four_steps_against_every_order(outside):
    counts, reference = [1000, 700, 200, 150, 60], [3000, 2700, 1500, 1200, 700]
    steps = [np.divide(c[1:], c[:-1]) for c in (counts, reference)]
    found = decomposition.stages(counts, reference)
    outside(
        "decomposition.stages",
        "four steps",
        found.parts.value,
        every_order(*steps),
        source="by hand: all 24 orders",
        within=1e-15,
    )


def test_the_intervals_are_those_of_a_simulation():
    """The delta method's errors against 20,000 made-up chains with the same chances."""
    rng = np.random.default_rng(4)
    counts, reference = [400, 300, 120, 60], [900, 800, 500, 350]
    runs = []
    for one in (counts, reference):
        chain = [np.full(20_000, one[0])]
        for before, after in itertools.pairwise(one):
            chain.append(rng.binomial(chain[-1], after / before))
        runs.append(np.stack(chain, axis=-1))
    drawn = decomposition.stages(*runs).parts.value.std(axis=0)
    found = decomposition.stages(counts, reference).parts
    np.testing.assert_allclose((found.high - found.value) / 1.959964, drawn, rtol=0.03)


def test_nobody_at_a_stage_that_is_gone_on_from_is_no_answer():
    found = decomposition.stages([[100, 0, 0], [100, 50, 0], [100, np.nan, 20]], [100, 90, 72])
    assert np.isnan(found.gap.value).tolist() == [True, False, True]
    assert found.costliest.tolist() == [-1, 1, -1]


def test_who_loses_nothing_has_no_costliest_step():
    found = decomposition.stages([100, 95, 90], [100, 90, 72])
    assert found.costliest == -1
    assert not found.clearly


def test_two_steps_that_cost_alike_are_not_told_apart():
    found = decomposition.stages([200, 140, 98], [200, 180, 162])  # .7 x .7 against .9 x .9
    assert found.parts.value[0] == pytest.approx(found.parts.value[1])
    assert not found.clearly


def test_what_cannot_be_meant_is_refused():
    with pytest.raises(
        ValueError, match="1 stages hold more students than the stage before, the first is stage 3"
    ):
        decomposition.stages([100, 50, 60], [100, 90, 80])
    with pytest.raises(ValueError, match="two or more stages"):
        decomposition.stages([100], [100])
    with pytest.raises(ValueError, match="numbers below 0"):
        decomposition.stages([100, -1], [100, 1])


chains = st.integers(1, 5).flatmap(
    lambda steps: st.tuples(*(st.lists(st.floats(0.05, 1), min_size=steps, max_size=steps) for _ in range(2)))
)


@given(chains)
def test_the_parts_sum_to_the_gap_and_are_the_mean_of_all_orders(steps):
    own, other = (np.concatenate([[1e6], 1e6 * np.cumprod(side)]) for side in steps)
    found = decomposition.stages(own, other)
    assert found.parts.value.sum() == pytest.approx(float(found.gap.value), abs=1e-12)
    np.testing.assert_allclose(found.parts.value, every_order(*steps), atol=1e-9)
    back = decomposition.stages(other, own)
    np.testing.assert_allclose(back.parts.value, -found.parts.value, atol=1e-12)


def test_many_stages_and_many_groups_at_once():
    rng = np.random.default_rng(1)
    steps = rng.uniform(0.5, 1, (1000, 20))
    own = np.concatenate([np.ones((1000, 1)), np.cumprod(steps, axis=1)], axis=1) * 1e9
    found = decomposition.stages(own, own[0])
    np.testing.assert_allclose(found.parts.value.sum(axis=1), found.gap.value, atol=1e-13)
    assert np.abs(found.parts.value[0]).max() == 0
