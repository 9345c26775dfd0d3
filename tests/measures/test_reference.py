"""Whom each group is compared with."""

import numpy as np
import pytest

from evenground.measures import Sums, choose, reference

# Two units; in the first, a group of 45 has the highest rate.
BLOCK = np.array([7, 7, 7, 2, 2])
GROUPS = Sums.of([45, 400, 600, 50, 60], [42, 100, 300, 25, 15])
WHOLE = Sums.of([1045, 1045, 1045, 110, 110], [442, 442, 442, 40, 40])
KEYS = np.array(["race:a", "race:b", "race:c", "race:b", "race:c"])


def chosen(name, **changed):
    settings = {"whole": WHOLE, "block": BLOCK, "keys": KEYS, "minimum": 50, "direction": "higher"} | changed
    return choose(name, GROUPS, **settings)


def test_overall_holds_the_group_and_others_do_not():
    overall, others = chosen("overall"), chosen("others")
    assert overall.holds_group.all()
    assert not others.holds_group.any()
    assert others.n.tolist() == [1000, 645, 445, 60, 50]
    assert others.total.tolist() == [400, 342, 142, 15, 25]
    assert overall.apart.n.tolist() == others.n.tolist()
    assert overall.rate[3] == pytest.approx(40 / 110)


def test_a_group_below_the_minimum_is_never_the_highest():
    """The peer has no minimum: in its own sample a group of 45 becomes the highest performing group."""
    assert chosen("highest").index.tolist() == [2, 2, 2, 3, 3]
    assert chosen("highest", minimum=45).index.tolist() == [0, 0, 0, 3, 3]
    assert chosen("highest").holds_group.tolist() == [False, False, True, True, False]


def test_highest_means_best_in_the_direction_of_the_indicator():
    assert chosen("highest", direction="lower").index.tolist() == [1, 1, 1, 4, 4]


def test_no_group_large_enough_is_no_reference(recwarn):
    found = chosen("highest", minimum=100)
    assert found.index.tolist() == [2, 2, 2, -1, -1]
    assert np.isnan(found.rate[3:]).all()
    assert np.isnan(chosen("highest", minimum=10_000).rate).all()
    assert not recwarn.list


def test_of_equal_rates_the_first_counts():
    groups = Sums.of([30, 60, 90], [10, 20, 30])
    assert reference.highest(groups, [1, 1, 1], minimum=10, direction="higher").index.tolist() == [0, 0, 0]
    assert reference.highest(groups, [1, 1, 1], minimum=40, direction="lower").index.tolist() == [1, 1, 1]


def test_a_named_group_is_sought_in_its_own_block():
    found = chosen("group:race:a")
    assert found.index.tolist() == [0, 0, 0, -1, -1]
    assert found.rate[1] == pytest.approx(42 / 45)
    assert chosen("group:race:c").index.tolist() == [2, 2, 2, 4, 4]


def test_a_target_has_neither_students_nor_a_row():
    found = chosen("target:0.8")
    assert found.is_target.all()
    assert found.rate.tolist() == [0.8] * 5
    assert found.index.tolist() == [-1] * 5


@pytest.mark.parametrize("name", ["best", "overall:x", "group:", "target:", "target:much", ""])
def test_an_unknown_reference_is_refused(name):
    with pytest.raises(ValueError, match=r"reference|float"):
        chosen(name)


def test_an_unknown_direction_is_refused():
    with pytest.raises(ValueError, match="'higher' or 'lower'"):
        chosen("highest", direction="up")


def test_no_groups_are_no_references():
    empty = Sums.of([], [])
    found = reference.highest(empty, np.array([], int), minimum=1, direction="higher")
    assert found.rate.size == 0


def test_weights_subtract_to_nobody_not_to_rounding():
    group = Sums.of([0.1 + 0.2], [0.3], weight_sq=[0.05])
    whole = Sums.of([0.3], [0.3], weight_sq=[0.05])
    assert reference.others(group, whole).n.tolist() == [0.0]
