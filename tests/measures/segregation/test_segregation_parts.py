"""Parts that sum to the whole: groups, units, nested levels, years; and what one unit or one line makes."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.measures.segregation.conftest import COLUMNS, SMALL

from evenground.measures import on
from evenground.measures import segregation as s

R = "R segregation 1.1.0"
LEVELS = {"state": "state", "district": "district", "school": "school"}


def test_between_and_within_districts(outside, schools):
    found = on(schools, s.nested, count="n", group="race", **LEVELS)
    what = "2,045 schools of three states, 2000-01, within districts"
    inside = [0.0843320348340867, 0.0830499806680449]
    outside("segregation.nested", what, [found.value[2], found.h[2]], inside, source=R, within=1e-12)
    outside("segregation.nested", "all levels sum to M and H", [found.value.sum(), found.h.sum()],
            [0.421523894915887, 0.415115695865238], source=R, within=1e-12)  # fmt: skip
    each = on(schools, s.within, block="district", **COLUMNS)
    parts = [each.contribution.sum(), each.contribution_h.sum()]
    outside("segregation.within", f"{what}, 429 districts", parts, [0.0843320348340867, 0.0830499806680449],
            source=R, within=1e-12)  # fmt: skip
    assert each.blocks.size == 429
    assert found.levels.tolist() == list(LEVELS)
    states = on(schools, s.mutual_information, count="n", unit="state", group="race")
    assert found.value[0] == pytest.approx(states.value, abs=1e-12)


def test_classes_in_schools_by_hand(outside):
    """Two schools of 20 with half of each group; in one the classes are apart, in the other mixed."""
    count = [10, 0, 0, 10, 5, 5, 5, 5]
    school, room = ["A"] * 4 + ["B"] * 4, ["1", "1", "2", "2"] * 2
    group = ["a", "b"] * 4
    found = s.nested(count=count, group=group, school=school, room=room)
    source = "by hand: school A, with half of the students, adds ln 2 / 2"
    outside(
        "segregation.nested",
        "classes in two schools",
        found.value,
        [0, np.log(2) / 2],
        source=source,
        within=1e-15,
    )
    each = s.within(count, room, group, school)
    outside("segregation.within", "classes in two schools", each.h, [1, 0], source=source, within=1e-15)
    assert each.contribution == pytest.approx([np.log(2) / 2, 0])
    assert found.share.tolist() == [0, 1]


def test_local_segregation_of_three_states(outside, schools):
    """They sum to R's M; each is near what R's own draws gave, which hold the bias of drawing."""
    groups = on(schools, s.local_groups, **COLUMNS)
    units = on(schools, s.local_units, **COLUMNS)
    m = 0.421523894915887
    outside(
        "segregation.local_groups",
        "five groups, three states, sum to M",
        groups.contribution.sum(),
        m,
        source=R,
        within=1e-12,
    )
    outside(
        "segregation.local_units",
        "2,045 schools sum to M",
        units.contribution.sum(),
        m,
        source=R,
        within=1e-12,
    )
    # README of an early version of that package, on these data: means of ten draws, so with the bias of draws
    drawn = {"asian": 0.62401, "black": 0.88337, "hisp": 0.77865, "native": 1.44064, "white": 0.18261}
    for name, value, bias in zip(groups.labels, groups.value, groups.bias, strict=True):
        assert value + bias == pytest.approx(drawn[name], rel=0.02)


def test_local_segregation_by_hand(outside):
    found = s.local_units([10, 10, 20], ["x", "x", "y"], ["a", "b", "b"])
    hand = [0.5 * np.log(0.5 / 0.25) + 0.5 * np.log(0.5 / 0.75), np.log(1 / 0.75)]
    source = "by hand: sum of p log(p/P), P = 1/4 and 3/4"
    outside("segregation.local_units", "two schools of 20", found.value, hand, source=source, within=1e-15)
    found = s.local_groups([10, 10, 20], ["x", "x", "y"], ["a", "b", "b"])
    hand = [np.log(1 / 0.5), 1 / 3 * np.log(1 / 3 / 0.5) + 2 / 3 * np.log(2 / 3 / 0.5)]
    source = "by hand: sum of p log(p/P), P = 1/2 and 1/2"
    outside("segregation.local_groups", "two schools of 20", found.value, hand, source=source, within=1e-15)


def test_change_of_three_states(outside, both_years):
    """R's first README gives M of both years and their difference on these data."""
    found = on(both_years, partial(s.change, draws=20), time="year", **COLUMNS)
    source = "README of R segregation (2018), mutual_difference on these data"
    values = [found.before, found.after, found.value]
    outside("segregation.change", "M in both years, their difference", values, [0.42152, 0.41045, -0.01107],
            source=source, within=5.1e-6)  # fmt: skip
    h = on(both_years, partial(s.change, index="theil", draws=0), time="year", **COLUMNS)
    known = [0.4151156958652382, 0.3862883239727332]
    outside(
        "segregation.change",
        "H in both years",
        [h.before, h.after],
        known,
        source="PySAL segregation 2.5.4",
        within=1e-9,
    )
    assert np.isnan(h.low)
    names = ("closed", "opened", "sizes", "composition", "sorting")
    for one in (found, h):
        assert sum(getattr(one, name).value for name in names) == pytest.approx(one.value, abs=1e-12)
    for name in names:
        part = getattr(found, name)
        assert part.low <= part.value <= part.high


@pytest.mark.parametrize("index", ["information", "theil", "dissimilarity"])
def test_only_sorting_changes(outside, index):
    """Margins stay: all of the change is sorting. Of 40 in each of two units 30 and 10, then 20 and 20."""
    unit, group, time = [1, 2, 1, 2] * 2, ["a", "a", "b", "b"] * 2, [1] * 4 + [2] * 4
    found = s.change([30, 10, 10, 30, 20, 20, 20, 20], unit, group, time, index=index, draws=0)
    m = 0.75 * np.log(1.5) + 0.25 * np.log(0.5)
    hand = {"information": -m, "theil": -m / np.log(2), "dissimilarity": -0.5}[index]
    parts = [found.closed, found.opened, found.sizes, found.composition, found.sorting]
    source = "by hand: M = .75 ln 1.5 + .25 ln .5, H = M/ln 2, D = .5"
    outside("segregation.change", f"the same margins ({index})", [part.value for part in parts],
            [0, 0, 0, 0, hand], source=source, within=1e-9)  # fmt: skip


def test_only_the_groups_or_only_a_closed_unit_change(outside):
    """All of group b twice: odds ratios stay 9. A third unit that closes: nothing else changes."""
    unit, group, time = [1, 2, 1, 2] * 2, ["a", "a", "b", "b"] * 2, [1] * 4 + [2] * 4
    found = s.change([30, 10, 10, 30, 30, 10, 20, 60], unit, group, time, draws=0)
    outside("segregation.change", "one group doubles: sorting", found.sorting.value, 0,
            source="by hand: the odds ratio is 9 in both years", within=1e-9)  # fmt: skip
    assert found.sizes.value + found.composition.value == pytest.approx(found.value, abs=1e-9)
    count = [30, 10, 10, 30, 25, 30, 10, 10, 30]
    unit, group = [1, 2, 1, 2, 3, 1, 2, 1, 2], ["a", "a", "b", "b", "b", "a", "a", "b", "b"]
    found = s.change(count, unit, group, [1] * 5 + [2] * 4, draws=0)
    assert found.closed.value == pytest.approx(found.value)
    assert [found.opened.value, found.sizes.value, found.sorting.value] == pytest.approx([0, 0, 0], abs=1e-9)


@settings(max_examples=15, deadline=None)
@given(
    table=st.lists(st.lists(st.integers(0, 30), min_size=4, max_size=4), min_size=4, max_size=7),
    seed=st.integers(0, 9),
)
def test_parts_of_a_change_sum_and_turn_with_time(table, seed):
    n = np.array(table) + np.eye(len(table), 4, dtype=int) + np.eye(len(table), 4, 1, dtype=int)
    n[0] += 1
    later = np.random.default_rng(seed).permutation(n)
    unit, group = np.indices(n.shape)
    columns = [np.concatenate([part.ravel()] * 2) for part in (unit, group)]
    time = np.repeat([1, 2], n.size)
    forth = s.change(np.concatenate([n.ravel(), later.ravel()]), *columns, time, draws=0)
    back = s.change(np.concatenate([later.ravel(), n.ravel()]), *columns, time, draws=0)
    names = ("closed", "opened", "sizes", "composition", "sorting")
    assert sum(getattr(forth, name).value for name in names) == pytest.approx(
        forth.after - forth.before, abs=1e-10
    )
    assert forth.closed.value == pytest.approx(-back.opened.value, abs=1e-10)
    for name in names[2:]:
        assert getattr(forth, name).value == pytest.approx(-getattr(back, name).value, abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(table=st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=4, max_size=9))
def test_parts_sum_to_the_whole(table):
    n = np.array(table) + np.eye(len(table), 3, dtype=int)
    unit, group = (part.ravel() for part in np.indices(n.shape))
    long = {"count": n.ravel(), "unit": unit, "group": group}
    whole, h = s.mutual_information(**long).value, s.theil_h(**long).value
    block = unit // 2
    between = s.mutual_information(n.ravel(), block, group).value
    each = s.within(**long, block=block)
    assert between + each.contribution.sum() == pytest.approx(whole, abs=1e-12)
    assert s.theil_h(n.ravel(), block, group).value + each.contribution_h.sum() == pytest.approx(h, abs=1e-12)
    levels = s.nested(count=n.ravel(), group=group, region=unit // 4, district=block, school=unit)
    assert levels.value.sum() == pytest.approx(whole, abs=1e-12)
    assert np.all(levels.value >= -1e-12)
    for local in (s.local_groups(**long), s.local_units(**long)):
        assert local.contribution.sum() == pytest.approx(whole, abs=1e-12)


@settings(max_examples=30, deadline=None)
@given(table=st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=3, max_size=7))
def test_one_unit_levelled_is_the_index_of_that_table(table):
    """All units at once, against the definition, one unit after the other."""
    n = np.array(table) + np.eye(len(table), 3, dtype=int)
    unit, group = (part.ravel() for part in np.indices(n.shape))
    functions = {"information": s.mutual_information, "theil": s.theil_h, "dissimilarity": s.dissimilarity}
    for index, function in functions.items():
        found = s.contribution(n.ravel(), unit, group, index=index)
        there = n[n.sum(axis=1) > 0].astype(float)
        for row in range(len(there)):
            level = there.copy()
            level[row] = there[row].sum() * there.sum(axis=0) / there.sum()
            labels = np.indices(level.shape)
            now = function(level.ravel(), labels[0].ravel(), labels[1].ravel()).value
            assert found.index * (1 - found.value[row]) == pytest.approx(now, abs=1e-9)


def test_contribution_and_boundary_by_hand(outside):
    """Two schools of 10, apart. With 5 and 5 in the first: D = (|5/5 - 5/15| + |0 - 10/15|)/2 = 2/3."""
    apart = {"count": [10, 10], "unit": ["x", "y"], "group": ["a", "b"]}
    found = s.contribution(**apart)
    outside(
        "segregation.contribution",
        "two schools apart",
        found.value,
        [1 / 3, 1 / 3],
        source="by hand: 1 - 2/3",
        within=1e-12,
    )
    line = s.boundary(**apart, first=["x"], second=["y"])
    outside(
        "segregation.boundary",
        "two schools apart",
        line.value,
        [np.log(2)],
        source="by hand: all of M",
        within=1e-12,
    )
    assert line.share == pytest.approx([1.0])
    # of four schools the two in the middle: M of the pair alone, 60/40 against 40/60, times 200/400
    line = s.boundary(**SMALL, first=[2], second=[3])
    hand = (0.6 * np.log(1.2) + 0.4 * np.log(0.8)) / 2
    outside("segregation.boundary", "two of four schools", line.value, [hand],
            source="by hand: (.6 ln 1.2 + .4 ln .8)/2", within=1e-12)  # fmt: skip
    joined = s.mutual_information(SMALL["count"], [1, 2, 2, 4, 1, 2, 2, 4], SMALL["group"])
    assert s.mutual_information(**SMALL).value - joined.value == pytest.approx(hand)
    with pytest.raises(ValueError, match="no students in unit"):
        s.boundary(**SMALL, first=[2], second=[9])


def test_no_level_and_no_second_year():
    with pytest.raises(ValueError, match="no level"):
        s.nested(count=[1], group=["a"])
    with pytest.raises(ValueError, match="1 different times"):
        s.change([1, 2], [1, 2], ["a", "b"], [2000, 2000])
