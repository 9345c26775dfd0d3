"""A room of people: scored by hand, protected, and the same in whatever order they sit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenground.perspectives import Room, room_of

IDEAS = ("left", "middle", "right")
ITEMS = [("one", "left", "middle"), ("two", "middle", "right"), ("three", "right", "left")]
A, B, NO = 0.0, 1.0, np.nan

# Five choose left over middle, middle over right, left over right; three the other way round; one leaves
# two out.
CHOICES = [[A, A, B]] * 5 + [[B, B, A]] * 3 + [[A, NO, NO]]


def room(choices=CHOICES, smallest=3) -> Room:
    return room_of(choices, ITEMS, IDEAS, smallest=smallest)


def by_idea(found: Room) -> dict:
    return {one.idea: one for one in found.standings}


def test_shares_by_hand():
    """left: five 2 of 2, three 0 of 2, one 1 of 1: 6/9 = .667, told as .65; its quartiles 0 and 1.
    middle: five 1 of 2, three 1 of 2, one 0 of 1: 4/9 = .444, told as .45; quartiles .5 and .5.
    right: five 0, three 1, one not offered: 3/8 = .375, told as .4 (7.5 steps, to even)."""
    found = by_idea(room())
    assert [found[idea].share for idea in IDEAS] == pytest.approx([0.65, 0.45, 0.40])
    assert (found["left"].low, found["left"].high) == (0.0, 1.0)
    assert (found["middle"].low, found["middle"].high) == (0.5, 0.5)


def test_items_by_hand():
    """One: 6 first and 3 second. Two and three: 5 and 3, since one left them out."""
    told = {one.item: (one.first, one.second) for one in room().answers}
    assert told == {"one": (6, 3), "two": (5, 3), "three": (3, 5)}


def test_how_alike_by_hand():
    """Pairs that agree: one (15 + 3)/36 = .5, two and three (10 + 3)/28 = .464; mean .476, by coin .5:
    (.476 - .5)/.5 = -.0476."""
    assert float(room().alike.value) == pytest.approx((0.5 + 2 * 13 / 28) / 3 * 2 - 1)


def test_to_whom_which_idea_is_nearest():
    """left is nearest to the five and to the one (1 of 1); right to the three; middle to nobody."""
    found = room()
    assert {idea: one.nearest for idea, one in by_idea(found).items()} == {
        "left": 6, "middle": None, "right": 3,
    }  # fmt: skip
    assert found.between == 0


def test_one_or_two_are_never_counted_out_loud():
    found = room([[A, A, B]] * 7 + [[B, B, A]] * 2)
    assert all((one.first, one.second) == (None, None) for one in found.answers)
    assert [one.ahead for one in found.answers] == [0, 0, 1]
    # Seven and two: the two could be worked back from nine, so the seven are not told either.
    assert {one.nearest for one in found.standings} == {None}
    assert found.between == 9


def test_unanimous_and_nearly_so_look_the_same():
    all_, nearly = (room([[A, A, B]] * (9 - few) + [[B, A, B]] * few) for few in (0, 2))
    assert all_.answers[0] == nearly.answers[0]


def test_an_item_that_few_answered_is_not_told():
    found = room([[A, A, NO]] * 8 + [[A, A, A]] * 4)
    assert (found.answers[2].first, found.answers[2].ahead, found.answers[2].majority) == (None, None, 0.0)


@given(
    st.lists(st.tuples(*[st.sampled_from([A, B, NO])] * 3), min_size=4, max_size=14),
    st.randoms(use_true_random=False),
)
def test_the_order_of_people_does_not_matter_and_nobody_is_found_out(choices, chance):
    found = room(choices)
    shuffled = list(choices)
    chance.shuffle(shuffled)
    again = room(shuffled)
    assert [one.nearest for one in found.standings] == [one.nearest for one in again.standings]
    assert found.answers == again.answers
    for one in found.answers:
        assert one.first is None or min(one.first, one.second) >= 3
    told = [one.nearest for one in found.standings if one.nearest is not None]
    assert all(number >= 3 for number in told)
    # What is left is told as one number that is 0, or enough people; or it is everybody.
    assert found.between in (0, len(choices)) or found.between >= 3
    assert sum(told) + found.between == len(choices)
    for one in found.standings:
        assert np.isnan(one.share) or one.share * 20 == pytest.approx(round(one.share * 20))


def test_a_table_of_another_shape_is_said():
    with pytest.raises(ValueError, match="people x 3 items"):
        room([[A, B]])
