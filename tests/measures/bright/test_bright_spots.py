"""Bright spots: by hand, and how often planted ones are found and others named."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from evenground.measures import bright


def system(seed, planted=0.15, schools=800, years=3, spots=40):
    """Shares of students, by school and year: expected from three characteristics, a lasting part (.03), a
    part that passes (.03), and chance with 20 to 400 students. `spots` schools lastingly have `planted`
    instead."""
    rng = np.random.default_rng(seed)
    x = np.column_stack([rng.beta(2, 2, schools), rng.normal(5, 0.7, schools), rng.beta(1, 4, schools)])
    true = rng.normal(0, 0.03, schools)
    chosen = rng.permutation(schools)[:spots]
    true[chosen] = planted
    n = np.round(np.exp(rng.normal(4.5, 0.5, schools))).clip(20)[:, None]
    p = (0.7 - 0.4 * x[:, 0] - 0.1 * x[:, 2] + true)[:, None] + rng.normal(0, 0.03, (schools, years))
    s = rng.binomial(n.astype(int), np.clip(p, 0.01, 0.99))
    middle = (s + 1) / (n + 2)
    return x, s / n, middle * (1 - middle) / n, true, chosen


def found_in(seed, *, line=False, **made):
    x, value, variance, true, chosen = system(seed, **made)
    if line:
        expected = bright.from_characteristics(x, value, variance)
    else:
        expected = bright.from_similar(bright.similar(x, 20), value, variance, least=10)
    found = bright.spots(value, variance, expected, margin=0.05, false_share=0.1, least_years=3)
    return found, true, chosen


@pytest.mark.parametrize("line", [False, True])
@pytest.mark.parametrize(("planted", "least"), [(0.15, 0.38), (0.20, 0.85)])
def test_planted_spots_are_found_and_others_seldom_named(planted, least, line):
    """Of 800 schools 40 are planted. At 15 points nearly half are found, at 20 points nine of ten; of the
    schools that are named 1 or 2 in 100 have no advantage of 5 points: far fewer than the 10 promised."""
    hit, named, wrong = [], 0, 0
    for seed in range(8):
        found, true, chosen = found_in(seed, line=line, planted=planted)
        hit.append(found.named[chosen].mean())
        named, wrong = named + found.named.sum(), wrong + (found.named & (true <= 0.05)).sum()
    assert np.mean(hit) > least
    assert wrong <= 0.05 * named


def test_where_there_are_no_spots_hardly_any_is_named():
    """800 schools whose advantages are normal with .03: 38 lie above .05 by nature; few can be told."""
    named = wrong = 0
    for seed in range(8):
        found, true, _ = found_in(seed, spots=0)
        named, wrong = named + found.named.sum(), wrong + (found.named & (true <= 0.05)).sum()
    assert named < 0.005 * 8 * 800
    assert wrong <= max(2, 0.2 * named)


def test_what_lasts_is_told_from_what_passes():
    found, true, _ = found_in(3, spots=0)
    assert found.true_spread == pytest.approx(0.03, abs=0.008)
    assert found.passing_spread == pytest.approx(0.03, abs=0.008)
    assert 0.9 <= np.mean((found.low <= true) & (true <= found.high)) <= 0.98
    # Drawn toward 0, the estimates are nearer to the truth than what was seen.
    assert np.mean((found.value - true) ** 2) < 0.6 * np.mean((found.seen - true) ** 2)


def test_similar_schools_by_hand(outside):
    """Shares .1 .2 .3 .9, sizes 1 1 2 1. Standard deviations by hand: shares sqrt(.3875/3) = .3594, sizes .5.

    School 0: to school 1 .1/.3594 = .278; to school 2 sqrt((.2/.3594)^2 + 2^2) = 2.076; to school 3 2.226.
    """
    found = bright.similar([[0.1, 1], [0.2, 1], [0.3, 2], [0.9, 1]], 2)
    assert found.index[0].tolist() == [1, 2]
    sd = np.sqrt(0.3875 / 3)
    outside("bright.similar", "4 schools, 2 characteristics: distances of the first", found.distance[0],
            [0.1 / sd, np.hypot(0.2 / sd, 2)], source="by hand", within=1e-12)  # fmt: skip
    assert found.among(0).tolist() == [False, True, True, False]
    # Size alone does not count: then school 3 is as far as its share says.
    only = bright.similar([[0.1, 1], [0.2, 1], [0.3, 2], [0.9, 1]], 2, importance=[1, 0])
    np.testing.assert_allclose(only.distance[0], [0.1 / sd, 0.2 / sd])


def test_schools_that_are_twins_do_not_find_themselves():
    found = bright.similar(np.tile([1.0, 2.0], (6, 1)), 3)
    assert not (found.index == np.arange(6)[:, None]).any()
    assert (found.distance == 0).all()


def test_schools_without_a_characteristic_are_nobodys_neighbours():
    found = bright.similar([0.1, np.nan, 0.2, 0.3, 0.4], 2)
    assert found.index[1].tolist() == [-1, -1]
    assert 1 not in found.index[[0, 2, 3, 4]]
    assert np.isnan(bright.from_similar(found, [1.0] * 5, [0.1] * 5, least=1).value[1])


def test_expected_is_the_plain_mean_of_similar_schools(outside):
    """The two schools like the first have .4 and .6 with variances .01 and .03: expected .5, variance .01."""
    like = bright.similar([0.1, 0.2, 0.3, 0.9], 2)
    found = bright.from_similar(like, [0.9, 0.4, 0.6, 0.1], [0.02, 0.01, 0.03, 0.05], least=2)
    outside("bright.from_similar", "the first of 4 schools: expected, its variance, the share of true spread",
            [found.value[0], found.sampling[0], found.spread[0]], [0.5, 0.01, 0.5],
            source="by hand", within=1e-12)  # fmt: skip
    hidden = bright.from_similar(like, [0.9, np.nan, 0.6, 0.1], [0.02, 0.01, 0.03, 0.05], least=2)
    assert np.isnan(hidden.value[0])


def test_the_line_without_the_school_itself(outside):
    """Shares of low income against values, equal variances: refitted without each school in turn by numpy."""
    rng = np.random.default_rng(1)
    x = rng.random(12)
    y = 0.8 - 0.5 * x + rng.normal(0, 0.05, 12)
    found = bright.from_characteristics(x, y, np.full(12, 1e-3))
    theirs = [np.polyval(np.polyfit(np.delete(x, i), np.delete(y, i), 1), x[i]) for i in range(12)]
    outside("bright.from_characteristics", "12 schools on a line, each held out", found.value, theirs,
            source="numpy.polyfit without the school", within=1e-10)  # fmt: skip
    assert np.isnan(bright.from_characteristics(x[:3], y[:3], np.full(3, 1e-3)).value).all()


def test_the_spreads_by_hand(outside):
    """Nothing is expected but 0, known exactly; four schools in one year, variances .01.

    Advantages .3, -.1, -.2, -.3; middle -.15; below it -.2 and -.3: (.05^2 + .15^2)/2 - .01 = .0025 is the
    true variance. Two years, .3 .1 | -.2 0 | -.1 -.3: means .2, -.1, -.2; the middle is -.1; not above it the
    second and third, from the middle -.1 .1 | 0 -.2: shared (-.01 + 0)/2 < 0, so nothing lasts.
    """
    none = bright.Expected(np.zeros(4), np.zeros(4), np.zeros(4), np.full(4, 9.0), ())
    found = bright.spots([0.3, -0.1, -0.2, -0.3], [0.01] * 4, none, margin=0.05, false_share=0.1)
    outside("bright.spots", "4 schools, one year: the true spread", found.true_spread, 0.05,
            source="by hand", within=1e-12)  # fmt: skip
    none = bright.Expected(*[np.zeros((3, 2))] * 3, np.full((3, 2), 9.0), ())
    values = [[0.3, 0.1], [-0.2, 0.0], [-0.1, -0.3]]
    found = bright.spots(values, np.zeros((3, 2)), none, margin=0.05, false_share=0.1)
    # Squares (.01 + .01 + 0 + .04)/4 = .015 all pass with the year.
    outside("bright.spots", "3 schools, two years: lasting and passing spread",
            [found.true_spread, found.passing_spread], [0, np.sqrt(0.015)],
            source="by hand", within=1e-12)  # fmt: skip


def test_luck_is_what_integration_of_the_prior_gives(outside):
    _, value, variance, _, _ = system(1, years=1)
    none = bright.Expected(*[np.zeros(800)] * 3, np.full(800, 9.0), ())
    centred = value[:, 0] - np.median(value)
    found = bright.spots(centred, variance[:, 0], none, margin=0.05, false_share=0.1)
    share, narrow, wide = found.unusual_share, found.true_spread, found.unusual_spread
    checked = np.argsort(-centred)[[0, 20, 60, 200]]
    expected = []
    for i in checked:
        grid = np.linspace(-2, 2, 400_001)
        prior = (1 - share) * stats.norm.pdf(grid, 0, narrow) + share * stats.norm.pdf(grid, 0, wide)
        density = prior * stats.norm.pdf(centred[i], grid, np.sqrt(variance[i, 0]))
        expected.append(density[grid <= 0.05].sum() / density.sum())
    outside("bright.spots", "4 of 800 schools: the chance of luck", found.luck[checked], expected,
            source="numerical integration of the prior (scipy.stats)", within=1e-4)  # fmt: skip


def test_lower_is_better_turns_the_sides_around():
    x, value, variance, _, _ = system(2)
    like = bright.similar(x, 20)
    high = bright.spots(value, variance, bright.from_similar(like, value, variance, least=10),
                        margin=0.05, false_share=0.1)  # fmt: skip
    low = bright.spots(1 - value, variance, bright.from_similar(like, 1 - value, variance, least=10),
                       margin=0.05, false_share=0.1, higher_is_better=False)  # fmt: skip
    np.testing.assert_allclose(low.luck, high.luck, atol=1e-9)
    np.testing.assert_allclose(low.value, -high.value, atol=1e-9)
    np.testing.assert_allclose([low.low, low.high], [-high.high, -high.low], atol=1e-9)
    assert (low.named == high.named).all()


def test_a_spot_is_above_in_every_year_and_has_enough_of_them():
    x, value, variance, _, chosen = system(4, planted=0.25)
    value = value.copy()
    value[chosen[0], 1] = 0.01
    value[chosen[1], :2] = np.nan
    expected = bright.from_similar(bright.similar(x, 20), value, variance, least=10)
    found = bright.spots(value, variance, expected, margin=0.05, false_share=0.1, least_years=2)
    assert not found.named[chosen[:2]].any()
    assert found.years[chosen[1]] == 1
    assert (found.above[found.named] == found.years[found.named]).all()


def test_change_by_hand(outside):
    """Years 2014, 2015, 2017 (mean 2015.33), values .2 .3 .5: slope .1; variance .01/sum of squares
    4.6667."""
    found = bright.change([[0.2, 0.3, 0.5], [0.2, np.nan, 0.5], [0.2, np.nan, np.nan]],
                          np.full((3, 3), 0.01), [2014, 2015, 2017])  # fmt: skip
    slope, variance = found.value, found.variance
    outside("bright.change", "values .2 .3 .5 in 2014, 2015, 2017: slope, variance",
            [slope[0], variance[0]], [0.1, 0.01 / (14 / 3)], source="by hand", within=1e-12)  # fmt: skip
    assert slope[1] == pytest.approx(0.1)
    assert variance[1] == pytest.approx(0.02 / 9)
    assert np.isnan(slope[2])
    assert found.low[0] == pytest.approx(0.1 - 1.959964 * np.sqrt(0.01 / (14 / 3)), abs=1e-6)


def test_level_growth_and_gap_change_are_kept_apart():
    """A school that stands high without moving is no bright spot of change, and the other way around."""
    x, value, variance, _, chosen = system(6, planted=0.0, years=6)
    years = np.arange(6)
    value = value.copy()
    value[chosen[:10]] += 0.25
    value[chosen[10:20]] += 0.08 * (years - 2.5)
    like = bright.similar(x, 20)

    def named(values, noise, margin):
        expected = bright.from_similar(like, values, noise, least=10)
        return bright.spots(values, noise, expected, margin=margin, false_share=0.1).named

    level = named(value, variance, 0.05)
    moved = bright.change(value, variance, years)
    moving = named(moved.value, moved.variance, 0.02)
    assert level[chosen[:10]].mean() > 0.8
    assert level[chosen[10:20]].mean() < 0.2
    assert moving[chosen[10:20]].mean() > 0.5
    assert moving[chosen[:10]].mean() < 0.2


@given(st.integers(0, 1000))
def test_order_of_schools_does_not_matter(seed):
    x, value, variance, _, _ = system(seed, schools=60, spots=5)
    turn = np.random.default_rng(seed).permutation(60)

    def luck(a, b, c):
        expected = bright.from_similar(bright.similar(a, 5), b, c, least=3)
        return bright.spots(b, c, expected, margin=0.05, false_share=0.1).luck

    np.testing.assert_allclose(luck(x, value, variance)[turn], luck(x[turn], value[turn], variance[turn]))


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: bright.similar([1, 2, 3], 3), "3 schools with all characteristics, 3 to be found"),
        (
            lambda: bright.spots([1, 2], [1], bright.Expected(*[np.zeros(2)] * 4, ()), margin=0,
            false_share=0.1), "give one for each value",
        ),
        (
            lambda: bright.spots(np.zeros((2, 2, 2)), 0, bright.Expected(*[np.zeros(2)] * 4, ()),
                                 margin=0, false_share=0.1),
            "one group at a time",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_said(call, said):
    with pytest.raises(ValueError, match=said):
        call()


def test_nothing_known_names_nobody():
    nothing = bright.Expected(*[np.full(3, np.nan)] * 4, ())
    found = bright.spots([np.nan] * 3, [np.nan] * 3, nothing, margin=0.05, false_share=0.1)
    assert not found.named.any()
    assert np.isnan(found.luck).all()
