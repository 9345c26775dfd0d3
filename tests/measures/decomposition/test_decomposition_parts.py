"""Kitagawa, nested levels and Oaxaca-Blinder: by hand, against a peer, and by law."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenground.measures import decomposition

# The two schools of tests/measures/test_within.py: between -.1875, within -.145833.
TWO_SCHOOLS = ([100, 50], [30, 40], [100, 300], [50, 270])
AP = "worked example of advanced courses: Black 24 of 400, white 150 of 600"


def test_kitagawa_by_hand(outside):
    found = decomposition.kitagawa(*TWO_SCHOOLS)
    parts = [found.gap.value, found.composition.value, found.rate.value]
    outside(
        "decomposition.kitagawa",
        "two schools",
        parts,
        [-1 / 3, -0.1875, -7 / 48],
        source="by hand",
        within=1e-15,
    )
    half = 1.959964 * np.sqrt(70 / 150 * 80 / 150 / 150 + 0.8 * 0.2 / 400)
    outside(
        "decomposition.kitagawa",
        "interval of the gap",
        [found.gap.low, found.gap.high],
        [-1 / 3 - half, -1 / 3 + half],
        source="by hand: two shares",
        within=1e-6,
    )
    split = decomposition.decompose([0, 0], *TWO_SCHOOLS)
    outside(
        "decomposition.decompose",
        "two schools",
        [split.between[0], split.within[0]],
        [-0.1875, -7 / 48],
        source="by hand",
        within=1e-15,
    )


def test_the_intervals_of_kitagawa_are_those_of_a_simulation():
    """Students thrown into three places, then into outcomes, 4,000 times; one place has one group only."""
    rng = np.random.default_rng(8)
    n = (np.array([200, 300, 0]), np.array([400, 300, 200]))
    rates = (np.array([0.3, 0.6, 0.0]), np.array([0.5, 0.7, 0.8]))
    runs = []
    for size, rate in zip(n, rates, strict=True):
        places = rng.multinomial(size.sum(), size / size.sum(), 4000)
        runs.append((places, rng.binomial(places, rate)))
    drawn = []
    for (a, a_total), (b, b_total) in zip(
        zip(*runs[0], strict=True), zip(*runs[1], strict=True), strict=True
    ):
        one = decomposition.decompose([0, 0, 0], a, a_total, b, b_total)
        drawn.append((one.gap[0], one.between[0], one.within[0]))
    found = decomposition.kitagawa(n[0], n[0] * rates[0], n[1], n[1] * rates[1])
    ours = [(part.high - part.value) / 1.959964 for part in (found.gap, found.composition, found.rate)]
    np.testing.assert_allclose(ours, np.std(drawn, axis=0), rtol=0.06)


def test_kitagawa_refuses_what_cannot_be():
    with pytest.raises(ValueError, match="more students with the outcome"):
        decomposition.kitagawa([10], [11], [10], [5])
    assert np.isnan(decomposition.kitagawa([], [], [], []).gap.value)


cell = st.integers(0, 200).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))
rows = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 2), cell, cell), min_size=1, max_size=25
)


def nested(sample, **options):
    district, school, course, a, b = zip(*sample, strict=True)
    counts = [[pair[at] for pair in side] for side in (a, b) for at in (0, 1)]
    return decomposition.nested([district, school, course], *counts, **options)


@settings(max_examples=40)
@given(rows)
def test_the_parts_of_nested_levels_sum_to_the_gap(sample):
    found = nested(sample, draws=0)
    if np.isnan(found.gap.value):
        return
    assert found.parts.value.size == 4
    assert found.parts.value.sum() == pytest.approx(float(found.gap.value), abs=1e-12)
    # the outermost level by itself is the plain split between districts
    district = np.unique([row[0] for row in sample], return_inverse=True)[1]
    a, b = (np.array([row[side] for row in sample], float) for side in (3, 4))
    sums = [np.bincount(district, weights=column) for column in (*a.T, *b.T)]
    plain = decomposition.decompose(np.zeros(sums[0].size, int), *sums)
    assert found.parts.value[0] == pytest.approx(float(plain.between[0]), abs=1e-12)


@settings(max_examples=40)
@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter_to_nested_levels(sample, random):
    shuffled = sample[:]
    random.shuffle(shuffled)
    np.testing.assert_allclose(
        nested(sample, draws=0).parts.value, nested(shuffled, draws=0).parts.value, atol=1e-12
    )


def test_two_districts_of_two_schools_by_hand(outside):
    """District 1: schools with a 60 (30), b 20 (8) and a 20 (4), b 60 (18); district 2: a 20 (16), b 20 (14).

    a 50/100, b 40/100, gap .10. Districts: rates .425 and .325, then .8 and .7; shares .8, .2: between 0.
    Within district 1, x .8: shares a .75, .25, b .25, .75; rates .5, .2 and .4, .3. Between its schools
    .5 x .45 - .5 x .25 = .10, x .8 = .08. Within schools .8 x (.5 x .1 - .5 x .1) + .2 x .1 = .02.
    """
    found = decomposition.nested([[1, 1, 2], [1, 2, 1]], [60, 20, 20], [30, 4, 16], [20, 60, 20], [8, 18, 14])
    outside(
        "decomposition.nested",
        "two districts, three schools",
        found.parts.value,
        [0, 0.08, 0.02],
        source="by hand",
        within=1e-15,
    )
    outside("decomposition.nested", "their gap", found.gap.value, 0.10, source="by hand", within=1e-15)


def test_nested_levels_have_intervals_that_are_the_same_each_time():
    rng = np.random.default_rng(2)
    district = np.repeat(np.arange(40), 5)
    school = np.arange(200)
    n = rng.integers(10, 80, (2, 200))
    total = rng.binomial(n, 0.2 + 0.4 * rng.random(200))
    first = decomposition.nested([district, school], n[0], total[0], n[1], total[1])
    again = decomposition.nested([district, school], n[0], total[0], n[1], total[1])
    np.testing.assert_array_equal(first.parts.low, again.parts.low)
    assert (first.parts.low <= first.parts.value).all()
    assert (first.parts.value <= first.parts.high).all()
    assert np.isnan(decomposition.nested([[1, 1]], [5, 5], [1, 2], [5, 5], [2, 3]).gap.low)


STUDENTS = {
    "y": [61, 55, 72, 66, 80, 58, 75, 69, 77, 83, 49, 52, 60, 57, 66, 45, 71, 63, 50, 59],
    "absent": [4, 7, 2, 5, 1, 6, 2, 3, 2, 0, 9, 8, 5, 6, 4, 10, 3, 5, 8, 6],
    "books": [40, 22, 60, 35, 90, 28, 75, 55, 64, 98, 15, 20, 38, 30, 45, 12, 52, 41, 18, 33],
}
IS_A = [True] * 10 + [False] * 10


@pytest.mark.parametrize(
    ("reference", "explained"),
    [("pooled", 12.081235258510997), ("a", 11.368400346875594), ("b", 14.898203285419585)],
)
def test_oaxaca_blinder_as_statsmodels(outside, reference, explained):
    found = decomposition.oaxaca_blinder(
        STUDENTS["y"],
        np.column_stack([STUDENTS["absent"], STUDENTS["books"]]),
        IS_A,
        reference=reference,
        names=["absent", "books"],
    )
    outside(
        "decomposition.oaxaca_blinder",
        f"20 students, coefficients: {reference}",
        [found.explained.value, found.gap.value],
        [explained, 12.4],
        source="statsmodels 0.15.0, OaxacaBlinder",
        within=1e-10,
    )
    assert found.explained.value + found.unexplained.value == pytest.approx(float(found.gap.value), abs=1e-12)
    assert found.explained_by.value.sum() == pytest.approx(float(found.explained.value), abs=1e-12)
    assert found.unexplained_by.value.sum() == pytest.approx(float(found.unexplained.value), abs=1e-12)


@pytest.mark.parametrize("reference", ["pooled", "b"])
def test_its_errors_are_those_of_a_bootstrap_by_school(reference):
    """3,000 students in 60 schools: the delta method by clusters against 250 draws of whole schools."""
    rng = np.random.default_rng(6)
    school = np.repeat(np.arange(60), 50)
    of_school = rng.normal(0, 1, 60)[school]
    first = rng.random(3000) < np.where(school < 30, 0.7, 0.3)
    x = rng.normal(0, 1, 3000) + 0.5 * of_school + 0.4 * first
    y = 2 * x + of_school + 0.5 * first + 0.3 * first * x + rng.normal(0, 1, 3000)
    found = decomposition.oaxaca_blinder(y, x, first, reference=reference, clusters=school)
    rows_of = [np.flatnonzero(school == one) for one in range(60)]
    drawn = []
    for _ in range(250):
        taken = np.concatenate([rows_of[one] for one in rng.integers(0, 60, 60)])
        one = decomposition.oaxaca_blinder(y[taken], x[taken], first[taken], reference=reference)
        drawn.append((one.explained.value, one.unexplained.value))
    ours = [
        (part.high - part.value) / 2.000995 for part in (found.explained, found.unexplained)
    ]  # t, 59 degrees
    np.testing.assert_allclose(ours, np.std(drawn, axis=0), rtol=0.2)


def test_with_one_group_dummy_it_is_kitagawa(outside):
    """Places as dummies, coefficients of a: what is explained is sum (w_a - w_b) r_a."""
    n, total = ((100, 50), (100, 300)), ((30, 40), (50, 270))
    y, place, first = [], [], []
    for side in (0, 1):
        for at in (0, 1):
            y += [1] * total[side][at] + [0] * (n[side][at] - total[side][at])
            place += [at] * n[side][at]
            first += [side == 0] * n[side][at]
    found = decomposition.oaxaca_blinder(y, place, first, reference="a")
    # shares 2/3, 1/3 and 1/4, 3/4; rates of a .3 and .8: (5/12)(.3) - (5/12)(.8) = -.2083333
    outside(
        "decomposition.oaxaca_blinder",
        "two schools as a circumstance",
        found.explained.value,
        -5 / 24,
        source="by hand",
        within=1e-12,
    )


def test_what_has_no_answer_or_cannot_be_meant():
    x = np.column_stack([STUDENTS["books"], np.multiply(2, STUDENTS["books"])])
    assert np.isnan(decomposition.oaxaca_blinder(STUDENTS["y"], x, IS_A).explained.value)
    assert np.isnan(decomposition.oaxaca_blinder(STUDENTS["y"], STUDENTS["books"], [True] * 20).gap.value)
    with pytest.raises(ValueError, match="reference is 'c'"):
        decomposition.oaxaca_blinder([1, 2], [1, 2], [True, False], reference="c")
    with pytest.raises(ValueError, match="2 names for 1 circumstances"):
        decomposition.oaxaca_blinder([1, 2], [1, 2], [True, False], names=["x", "z"])


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1), st.floats(0.1, 50), st.floats(-50, 50))
def test_units_of_circumstances_do_not_matter(seed, scale, shift):
    rng = np.random.default_rng(seed)
    x = rng.normal(0, 1, (60, 2))
    first = np.arange(60) < 25
    y = x @ [1.0, -2.0] + first + rng.normal(0, 1, 60)
    plain = decomposition.oaxaca_blinder(y, x, first)
    moved = decomposition.oaxaca_blinder(y, x * scale + shift, first)
    for part in ("explained", "unexplained"):
        mine, theirs = getattr(plain, part), getattr(moved, part)
        np.testing.assert_allclose([theirs.value, theirs.low], [mine.value, mine.low], atol=1e-7)
