"""The 14 x 7 table: every ratio or why there is none, and what years of it come to."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenground.measures import disproportionality as dis

STANDARDS = "worked example after 34 CFR 300.647, by hand"
GROUPS = ("american_indian", "asian", "black", "hispanic", "pacific_islander", "two_or_more", "white")
CATEGORIES = tuple(f"c{number:02d}" for number in range(1, 15))


def made(rows, **options):
    columns = dict(
        zip(("district", "category", "group", "count", "enrolled"), zip(*rows, strict=True), strict=True)
    )
    return dis.table(**columns, **{"minimum_cell": 10, "minimum_n": 30, **options})


def test_others_too_few_are_replaced_by_the_state(outside):
    """12 of 60; the others there are 25, fewer than 30: the state's others 4,000 of 100,000; .20/.04 = 5."""
    found = made(
        [
            ("small", "sld", "g", 12, 60),
            ("small", "sld", "o", 1, 25),
            ("rest", "sld", "g", 30, 900),
            ("rest", "sld", "o", 3999, 99975),
        ]
    )
    one = dis.ratio_of(found, "small", "sld", "g")
    outside(
        "disproportionality.table",
        "12 of 60, 25 others, state 4,000 of 100,000",
        one.value,
        5.0,
        source=STANDARDS,
        within=1e-12,
    )
    outside(
        "disproportionality.ratio_of",
        "the same ratio by its names",
        one.value,
        5.0,
        source=STANDARDS,
        within=1e-12,
    )
    assert found.comparison[0].tolist() == [[["district", "district"]], [["state", ""]]]  # rest, small
    near = dis.ratio_of(found, "rest", "sld", "g")
    assert near.value == pytest.approx((30 / 900) / (3999 / 99975))


def test_every_one_of_the_98_has_a_ratio_or_a_reason(outside):
    """One district, 14 categories x 7 groups, by hand: American Indian students are 12 (below 30); Asian
    students have 3 with the outcome (below 10); there is no row for Pacific Islander students in c02."""
    people = dict(zip(GROUPS, (12, 200, 300, 400, 40, 50, 900), strict=True))
    had = dict(zip(GROUPS, (11, 3, 60, 40, 10, 10, 90), strict=True))
    rows = [
        ("d", category, group, had[group], people[group])
        for category, group in itertools.product(CATEGORIES, GROUPS)
        if (category, group) != ("c02", "pacific_islander")
    ]
    found = made(rows)
    assert found.value.shape == (1, 1, 14, 7)
    # 13 categories x (1 n, 1 cell, 5 ratios); c02: 1 not reported, 1 n, 1 cell, 4 others not reported
    tallied = dis.reasons(found)
    outside(
        "disproportionality.reasons",
        "98 ratios of one district",
        [
            tallied[key]
            for key in (
                "",
                "group_below_minimum_n",
                "group_below_minimum_cell",
                "not_reported",
                "others_not_reported",
            )
        ],
        [65, 14, 14, 1, 4],
        source="by hand",
        within=0,
    )
    assert sum(tallied.values()) == 98
    black = dis.ratio_of(found, "d", "c01", "black")
    assert black.value == pytest.approx((60 / 300) / (164 / 1602))


def test_the_state_can_be_too_few_as_well():
    found = made([("d", "c", "g", 15, 60), ("d", "c", "o", 2, 90)])
    assert found.reason[0, 0, 0].tolist() == ["state_others_below_minimum_cell", "group_below_minimum_cell"]
    found = made([("d", "c", "g", 15, 60), ("d", "c", "o", 12, 20)])
    assert found.reason[0, 0, 0].tolist() == ["state_others_below_minimum_n", "group_below_minimum_n"]
    found = made([("d", "c", "g", 15, 60), ("d", "c", "o", 0, 90)], minimum_cell=0)
    assert found.reason[0, 0, 0].tolist() == ["others_without_the_outcome", ""]
    assert found.value[0, 0, 0, 1] == 0


def test_what_stands_twice_or_cannot_be_is_refused():
    with pytest.raises(ValueError, match="the same year, district, category and group twice"):
        made([("d", "c", "black", 20, 100), ("d", "c", "black", 10, 50)])
    with pytest.raises(ValueError, match="more students with the outcome"):
        made([("d", "c", "black", 20, 10)])
    with pytest.raises(ValueError, match="no district 'e'; there are d"):
        dis.ratio_of(made([("d", "c", "g", 1, 2)]), "e", "c", "g")


def over_years(ratios, **rules):
    """A group of 100 beside others, 100 of 1,000, so that the ratio of each year is that of `ratios`."""
    rows = [
        (f"20{20 + at}", "d", "c", *row)
        for at, r in enumerate(ratios)
        for row in (("g", round(r * 10), 100), ("o", 100, 1000))
    ]
    year, district, category, group, count, enrolled = zip(*rows, strict=True)
    found = dis.table(
        count,
        enrolled,
        year=year,
        district=district,
        category=category,
        group=group,
        minimum_cell=10,
        minimum_n=30,
    )
    return dis.significant(found, **rules)


def of_group(column):
    return column[..., 0, 0, 0]


def test_three_years_over_unless_progress_is_made(outside):
    """3.6, 3.4, 3.2: over 3.0 in three years, and falling in each of the two last."""
    rules = {"threshold": 3.0, "years": 3}
    plain = over_years([3.6, 3.4, 3.2], **rules)
    outside(
        "disproportionality.significant",
        "years over 3.0 of 3.6, 3.4, 3.2",
        of_group(plain.years_over),
        3,
        source=STANDARDS,
        within=0,
    )
    assert of_group(plain.significant)
    better = over_years([3.6, 3.4, 3.2], progress=0.0, **rules)
    outside(
        "disproportionality.significant",
        "3.6, 3.4, 3.2 is progress",
        [of_group(better.progress), of_group(better.significant)],
        [1, 0],
        source=STANDARDS,
        within=0,
    )
    assert not of_group(over_years([3.6, 3.4, 3.2], progress=0.3, **rules).progress)
    assert of_group(
        over_years([3.8, 3.4, 3.4], progress=0.0, **rules).significant
    )  # no fall in the last year
    assert of_group(
        over_years([3.6, 3.4], threshold=3.0, years=2, progress=0.0).significant
    )  # two falls ask for 3 years


def test_exactly_the_threshold_is_not_over_it(outside):
    """18 of 120 against 44 of 880 is exactly 3; .15/.05 in floats is not."""
    rows = [("d", "c", "g", 18, 120), ("d", "c", "o", 44, 880)]
    for line, over in ((3.0, 0), (2.99, 1)):
        found = dis.significant(made(rows), threshold=line, years=1)
        outside(
            "disproportionality.significant",
            f"18 of 120, 44 of 880 over {line}",
            of_group(found.over)[0],
            over,
            source="by hand: 18 x 880 = 3 x 44 x 120",
            within=0,
        )
    assert 0.15 / 0.05 != 3.0


def test_a_year_without_a_ratio_ends_the_run():
    found = over_years([3.5, 0.5, 3.5], threshold=3.0, years=2)  # 5 of 100: below the minimum cell
    assert of_group(found.years_over) == 1
    assert not of_group(found.significant)
    assert np.isnan(of_group(found.change)).all()


def test_a_threshold_for_each_category():
    rows = [("d", c, g, n, 200) for c in ("a", "b") for g, n in (("g", 50), ("o", 20))]
    found = dis.significant(made(rows), threshold=[2.0, 3.0], years=1)
    assert found.significant[0, :, 0].tolist() == [True, False]  # 2.5 against 2 and 3
    with pytest.raises(ValueError, match="3 thresholds for 2 categories"):
        dis.significant(made(rows), threshold=[2.0, 3.0, 1.0], years=1)
    with pytest.raises(ValueError, match="the rule allows 1 to 3"):
        dis.significant(made(rows), threshold=3.0, years=4)


cells = st.tuples(st.integers(0, 60), st.integers(0, 200)).map(lambda pair: (min(pair), max(pair)))


@given(st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=4))
def test_each_ratio_is_the_rule_read_word_by_word(districts):
    rows = [(f"d{d}", "c", f"g{g}", *cell) for d, row in enumerate(districts) for g, cell in enumerate(row)]
    found = made(rows)
    for d, row in enumerate(districts):
        for g, (a, of) in enumerate(row):
            near = [sum(cell[part] for h, cell in enumerate(row) if h != g) for part in (0, 1)]
            far = [
                sum(cell[part] for other in districts for h, cell in enumerate(other) if h != g)
                for part in (0, 1)
            ]
            value, reason = found.value[0, d, 0, g], found.reason[0, d, 0, g]
            if a < 10 or of < 30:
                assert reason
                assert np.isnan(value)
                continue
            b, all_b = near if near[0] >= 10 and near[1] >= 30 else far
            if b < 10 or all_b < 30:
                assert reason.startswith("state_others")
                assert np.isnan(value)
            else:
                assert value == pytest.approx((a / of) / (b / all_b), rel=1e-12)
                assert found.low[0, d, 0, g] <= value <= found.high[0, d, 0, g] or np.isnan(
                    found.low[0, d, 0, g]
                )


def test_a_thousand_districts_in_three_years_take_a_moment():
    """294,000 ratios without a loop over any of them."""
    rng = np.random.default_rng(3)
    shape = (3, 1000, 14, 7)
    year, district, category, group = (axis.ravel() for axis in np.indices(shape))
    enrolled = rng.integers(0, 400, shape).ravel()
    count = rng.binomial(enrolled, 0.1)
    found = dis.table(
        count,
        enrolled,
        year=year,
        district=district,
        category=category,
        group=group,
        minimum_cell=10,
        minimum_n=30,
    )
    assert found.value.shape == shape
    assert sum(dis.reasons(found).values()) == 294_000


def test_removals_may_be_more_than_students(outside):
    """60 removals of 40 students against 100 of 400: 1.5/.25 = 6, without an interval."""
    rows = [("d", "total removals", "g", 60, 40), ("d", "total removals", "o", 100, 400)]
    with pytest.raises(ValueError, match="more students with the outcome"):
        made(rows)
    found = made(rows, events=True)
    one = dis.ratio_of(found, "d", "total removals", "g")
    outside(
        "disproportionality.table",
        "60 removals of 40, 100 of 400",
        one.value,
        6,
        source="by hand",
        within=1e-12,
    )
    assert np.isnan(one.low)
    assert of_group(dis.significant(found, threshold=5.99, years=1).significant)
    assert not of_group(dis.significant(found, threshold=6.0, years=1).significant)
