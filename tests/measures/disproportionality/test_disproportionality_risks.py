"""Risks and their ratios, against the worked examples of the law's users and by law."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenground.measures import disproportionality as dis

STANDARDS = "worked example after 34 CFR 300.647, by hand"
ANALYZER = "JavaScript Disproportionality Analyzer, its test"


def test_black_students_with_a_learning_disability(outside):
    """20 of 200 against 100 of 2,800: .1000 and .0357, ratio 2.80; with 22, 3.08."""
    found = dis.risk_ratio([20, 100], [200, 2800], ["black", "others"])
    outside(
        "disproportionality.risk_ratio",
        "20 of 200, 100 of 2,800",
        found.value[0],
        2.8,
        source=STANDARDS,
        within=1e-12,
    )
    found = dis.risk_ratio([22, 100], [200, 2800], ["black", "others"])
    outside(
        "disproportionality.risk_ratio",
        "22 of 200, 100 of 2,800",
        found.value[0],
        3.08,
        source=STANDARDS,
        within=1e-12,
    )
    level = dis.risk([20, 100], [200, 2800])
    outside(
        "disproportionality.risk",
        "20 of 200, 100 of 2,800",
        level.value,
        [0.1, 0.0357],
        source=STANDARDS,
        within=5e-5,
    )
    apart = dis.risk_difference([20, 100], [200, 2800], ["black", "others"])
    outside(
        "disproportionality.risk_difference",
        "20 of 200, 100 of 2,800",
        apart.value[0],
        9 / 140,
        source="by hand: 1/10 - 1/28",
        within=1e-15,
    )
    # ln 2.8 -/+ 1.96 sqrt(1/20 - 1/200 + 1/100 - 1/2800) = 1.029619 -/+ .458159
    found = dis.risk_ratio([20, 100], [200, 2800], ["black", "others"])
    outside(
        "disproportionality.risk_ratio",
        "its interval",
        [found.low[0], found.high[0]],
        [1.77085, 4.42724],
        source="by hand: exp(1.029619 -/+ .458159)",
        within=5e-6,
    )


def test_the_analyzer(outside):
    both = dis.risk_ratio([18, 44], [120, 880], ["g", "o"])
    outside(
        "disproportionality.risk_ratio",
        "18 of 120 and 44 of 880, both ways",
        both.value,
        [3, 1 / 3],
        source=ANALYZER,
        within=1e-12,
    )
    far = dis.alternate_risk_ratio([18], [120], [5000], [100000])
    outside(
        "disproportionality.alternate_risk_ratio",
        "18 of 120, state 5,000 of 100,000",
        far.value,
        [3.0],
        source=ANALYZER,
        within=1e-12,
    )
    far = dis.alternate_risk_ratio([12], [60], [4000], [100000])
    outside(
        "disproportionality.alternate_risk_ratio",
        "12 of 60, state 4,000 of 100,000",
        far.value,
        [5.0],
        source=STANDARDS,
        within=1e-12,
    )
    merged = dis.risk_ratio([30, 44], [150, 850], ["black", "white"])
    outside(
        "disproportionality.risk_ratio",
        "a group merged from two rows",
        merged.value[0],
        3.8636,
        source=ANALYZER,
        within=5e-5,
    )


def test_to_nothing_there_is_no_ratio_and_of_nothing_it_is_zero():
    found = dis.risk_ratio([5, 0], [50, 200], ["g", "o"])
    assert np.isnan(found.value[0])
    assert found.value[1] == 0
    assert np.isnan(found.low).all()
    apart = dis.risk_difference([5, 0], [50, 200], ["g", "o"])
    assert apart.value == pytest.approx([0.1, -0.1])
    assert apart.low[0] > 0


def test_a_group_in_two_rows_is_refused():
    with pytest.raises(ValueError, match="more than one row, the first in row 0; merge"):
        dis.risk_ratio([20, 10, 44], [100, 50, 850], ["black", "black", "white"])
    # in two places it is two rows
    assert dis.risk_ratio([20, 10], [100, 50], ["black", "black"], ["a", "b"]).value.size == 2


@pytest.mark.parametrize("measure", [dis.risk_ratio, dis.risk_difference])
def test_an_outcome_larger_than_its_group_is_refused(measure):
    with pytest.raises(ValueError, match="1 rows have more students with the outcome than students"):
        measure([20, 10], [100, 5], ["black", "white"])


def test_counts_that_cannot_be_meant_are_refused():
    with pytest.raises(ValueError, match="more students with the outcome"):
        dis.risk([3], [2])
    with pytest.raises(ValueError, match="count has 1 numbers below 0, the first in row 1"):
        dis.risk([3, -9], [20, 20])
    with pytest.raises(ValueError, match="count has 2, enrolled has 1"):
        dis.risk([3, 1], [20])


def test_a_group_that_is_not_known_leaves_all_others_unknown():
    found = dis.risk_ratio([20, np.nan, 30], [100, 50, 300], ["a", "b", "c"])
    assert np.isnan(found.value).all()
    assert dis.risk([20, np.nan], [100, 50]).value.tolist()[0] == 0.2


def test_weighted_by_the_state(outside):
    """Risks .10, .04, .05; state shares .2, .3, .5.

    First: (1 - .2)(.10)/(.3 x .04 + .5 x .05) = .08/.037 = 2.162162; second .7 x .04/(.02 + .025) = .622222;
    third .5 x .05/(.02 + .012) = .78125.
    """
    found = dis.weighted_risk_ratio(
        [20, 12, 50], [200, 300, 1000], ["a", "b", "c"], weights={"a": 0.2, "b": 0.3, "c": 0.5}
    )
    outside(
        "disproportionality.weighted_risk_ratio",
        "three groups",
        found.value,
        [0.08 / 0.037, 0.028 / 0.045, 0.78125],
        source="by hand, after Bollmer et al. 2007",
        within=1e-12,
    )
    assert (found.low < found.value).all()
    assert (found.value < found.high).all()


def test_weighted_with_two_groups_is_the_plain_ratio():
    """(1 - p) R_1/((1 - p) R_2): whatever the state's shares, with Katz's interval."""
    plain = dis.risk_ratio([18, 44], [120, 880], ["g", "o"])
    found = dis.weighted_risk_ratio([18, 44], [120, 880], ["g", "o"], weights={"g": 0.3, "o": 0.7})
    for mine, theirs in zip(
        (found.value, found.low, found.high), (plain.value, plain.low, plain.high), strict=True
    ):
        np.testing.assert_allclose(mine, theirs, rtol=1e-12)


def test_weights_are_of_every_group_and_sum_to_one():
    with pytest.raises(ValueError, match="no weight for b"):
        dis.weighted_risk_ratio([1, 1], [9, 9], ["a", "b"], weights={"a": 1.0})
    with pytest.raises(ValueError, match=r"sum to 0\.9"):
        dis.weighted_risk_ratio([1, 1], [9, 9], ["a", "b"], weights={"a": 0.5, "b": 0.4})


counts = st.tuples(st.integers(1, 400), st.integers(0, 400)).map(lambda pair: (min(pair), max(pair)))


@given(st.lists(counts, min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_order_does_not_matter_and_groups_taken_together_are_others(rows, random):
    names = [f"g{number}" for number in range(len(rows))]
    shuffled = list(zip(rows, names, strict=True))
    random.shuffle(shuffled)
    plain = dis.risk_ratio([r[0] for r in rows], [r[1] for r in rows], names)
    mixed = dis.risk_ratio([r[0] for r, _ in shuffled], [r[1] for r, _ in shuffled], [n for _, n in shuffled])
    place = {name: number for number, (_, name) in enumerate(shuffled)}
    np.testing.assert_array_equal(plain.value, mixed.value[[place[name] for name in names]])
    others = [sum(r[part] for r in rows[1:]) for part in (0, 1)]
    two = dis.risk_ratio([rows[0][0], others[0]], [rows[0][1], others[1]], ["g", "rest"])
    np.testing.assert_allclose(two.value[0], plain.value[0])
