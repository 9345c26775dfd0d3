"""Hidden counts: the range holds every table that fits, and is narrow where totals tell much."""

from itertools import product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.measures.segregation.conftest import COLUMNS, SMALL

from evenground.measures import on
from evenground.measures import segregation as s

UNIT, GROUP = (part.ravel() for part in np.indices((3, 3)))


def bounds(low, high, **totals):
    columns = (low, high, UNIT, GROUP)
    pair = s.dissimilarity_bounds(*columns, between=(0, 1), **totals)
    return pair, s.information_bounds(*columns, **totals), s.theil_bounds(*columns, **totals)


def indices(n):
    d = s.dissimilarity(n.ravel(), UNIT, GROUP, between=(0, 1)).value
    return d, s.mutual_information(n.ravel(), UNIT, GROUP).value, s.theil_h(n.ravel(), UNIT, GROUP).value


@settings(max_examples=12, deadline=None)
@example(table=[0] * 9, hidden={1, 4}, known="groups")
@given(
    table=st.lists(st.integers(0, 4), min_size=9, max_size=9),
    hidden=st.sets(st.integers(0, 8), min_size=1, max_size=4),
    known=st.sampled_from(["nothing", "units", "groups", "both"]),
)
def test_every_table_that_fits_is_within(table, hidden, known):
    n = np.array(table).reshape(3, 3)
    n[0] += 1
    n[:, 0] += 1
    places = sorted(hidden)
    low, high = n.ravel().copy(), n.ravel().copy()
    low[places], high[places] = 0, 6
    totals = {}
    if known in ("units", "both"):
        totals["unit_total"] = n.sum(axis=1)[UNIT]
    if known in ("groups", "both"):
        totals["group_total"] = n.sum(axis=0)[GROUP]
    try:
        found = bounds(low, high, **totals)
    except ValueError:
        pytest.fail("the true table fits")
    for one, true in zip(found, indices(n), strict=True):
        assert np.isnan(one.low) or one.low - 1e-7 <= true <= one.high + 1e-7
    rng = np.random.default_rng(0)
    for _ in range(30):
        other = n.copy()
        other.ravel()[places] = rng.integers(0, 7, len(places))
        if "unit_total" in totals and np.any(other.sum(axis=1) != n.sum(axis=1)):
            continue
        if "group_total" in totals and np.any(other.sum(axis=0) != n.sum(axis=0)):
            continue
        if other[:, 0].sum() == 0 or other[:, 1].sum() == 0:
            continue
        for one, index in zip(found, indices(other), strict=True):
            assert np.isnan(one.low) or one.low - 1e-7 <= index <= one.high + 1e-7


def test_range_of_d_by_hand(outside):
    """Group a has 10 in each of two schools, b 12 in one and 1 to 9 in the other.

    D = |10/20 - 12/(12 + h)|: from .0714 with h = 9 to .4231 with h = 1.
    """
    found = s.dissimilarity_bounds([10, 10, 12, 1], [10, 10, 12, 9], [1, 2, 1, 2], ["a", "a", "b", "b"],
                                   between=("a", "b"))  # fmt: skip
    outside("segregation.dissimilarity_bounds", "one hidden count of 1 to 9", [found.low, found.high],
            [12 / 21 - 0.5, 12 / 13 - 0.5], source="by hand: less 1/2", within=1e-6)  # fmt: skip
    assert found.hidden == 1


def test_ranges_of_m_and_h_by_hand(outside):
    """Two schools of 10, ten of each group in all: from 5 and 5 in each school to all of a in the first."""
    unit, group = [1, 1, 2, 2], ["a", "b", "a", "b"]
    low, high, sizes, groups = [5, 0, 0, 0], [10, 5, 10, 10], [10] * 4, [10] * 4
    found = s.information_bounds(low, high, unit, group, unit_total=sizes, group_total=groups)
    outside("segregation.information_bounds", "hidden, with totals", [found.low, found.high], [0, np.log(2)],
            source="by hand: 5 and 5 give 0, 10 and 0 give ln 2", within=1e-6)  # fmt: skip
    found = s.theil_bounds(low, high, unit, group, unit_total=sizes, group_total=groups)
    outside("segregation.theil_bounds", "hidden, with totals", [found.low, found.high], [0, 1],
            source="by hand: 5 and 5 give 0, 10 and 0 give 1", within=1e-6)  # fmt: skip


def test_nothing_hidden_is_the_index_itself():
    units, groups = np.array(SMALL["unit"]), np.array(SMALL["group"])
    found = s.theil_bounds(SMALL["count"], SMALL["count"], units, groups)
    assert [found.low, found.high] == pytest.approx([0.514524702773] * 2, abs=1e-9)
    assert found.hidden == 0


def test_kentucky_with_counts_below_ten_hidden(kentucky):
    """5,943 of 9,940 counts hidden as 1 to 9, with the totals of schools and of the state: a useful range."""
    frame = kentucky.assign(
        low=kentucky.n.where(kentucky.n >= 10, 1.0),
        high=kentucky.n.where(kentucky.n >= 10, 9.0),
        school_total=kentucky.groupby("school").n.transform("sum"),
        state_total=kentucky.groupby("race").n.transform("sum"),
    )
    frame.loc[frame.n == 0, ["low", "high"]] = 0.0
    columns = {"low": "low", "high": "high", "unit": "school", "group": "race"}
    totals = {"unit_total": "school_total", "group_total": "state_total"}
    h = on(kentucky, s.theil_h, **COLUMNS).value
    found = on(frame, s.theil_bounds, **columns, **totals)
    assert found.low <= h <= found.high
    assert found.high - found.low < 0.06
    pair = {"between": ("White", "Black")}
    d = s.dissimilarity(kentucky.n, kentucky.school, kentucky.race, **pair).value
    narrow = s.dissimilarity_bounds(*(frame[name] for name in columns.values()), **pair,
                                    **{name: frame[column] for name, column in totals.items()})  # fmt: skip
    wide = s.dissimilarity_bounds(*(frame[name] for name in columns.values()), **pair)
    assert wide.low <= narrow.low <= d <= narrow.high <= wide.high
    assert narrow.high - narrow.low < 0.05


def test_limits_that_contradict_each_other():
    unit, group = [1, 1], ["a", "b"]
    with pytest.raises(ValueError, match="above the highest"):
        s.theil_bounds([3, 1], [2, 1], unit, group)
    with pytest.raises(ValueError, match="contradict"):
        s.theil_bounds([1, 1], [2, 2], unit, group, unit_total=[9, 9])
    with pytest.raises(ValueError, match="different totals"):
        s.theil_bounds([1, 1], [2, 2], unit, group, unit_total=[3, 4])
    with pytest.raises(ValueError, match="more than one row"):
        s.theil_bounds([1, 1], [2, 2], [1, 1], ["a", "a"])
    with pytest.raises(ValueError, match="no row of group 'c'"):
        s.dissimilarity_bounds([1, 1], [2, 2], unit, group, between=("a", "c"))
    assert np.isnan(s.dissimilarity_bounds([0, 1], [2, 2], unit, group, between=("a", "b")).low)


def test_product_of_hidden_cells_is_small():
    """The hand example above, over every whole number: nothing is outside."""
    for a, b in product(range(5, 11), range(6)):
        if a + b == 10:
            value = s.mutual_information([a, b, 10 - a, 10 - b], [1, 1, 2, 2], ["a", "b", "a", "b"]).value
            assert -1e-12 <= value <= np.log(2) + 1e-12
