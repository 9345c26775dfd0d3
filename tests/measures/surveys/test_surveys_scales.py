"""Scales: reliability against worked numbers, another program, and TIMSS."""

import gzip

import numpy as np
import pytest

from evenground.measures import surveys

LOADINGS = np.array([0.7, 0.6, 0.8, 0.5])


def answers_with(covariance, people=200, seed=1):
    """Made-up answers whose covariances are exactly those that are given."""
    raw = np.random.default_rng(seed).normal(size=(people, len(covariance)))
    raw -= raw.mean(axis=0)
    white = raw @ np.linalg.inv(np.linalg.cholesky(np.cov(raw, rowvar=False)).T)
    return white @ np.linalg.cholesky(covariance).T


def one_factor():
    covariance = np.outer(LOADINGS, LOADINGS)
    np.fill_diagonal(covariance, 1)
    return covariance


def test_alpha_and_omega_of_four_loadings(outside):
    """Loadings .7 .6 .8 .5: omega 2.6^2/(2.6^2 + .51 + .64 + .36 + .75) = 6.76/9.02; sum of covariances 5.02,
    of all 9.02, alpha 4/3 (1 - 4/9.02)."""
    items = answers_with(one_factor())
    alpha, omega = surveys.alpha(items), surveys.omega(items)
    outside("surveys.alpha", "loadings .7 .6 .8 .5", alpha.value, 4 / 3 * (1 - 4 / 9.02), source="by hand",
            within=1e-12)  # fmt: skip
    outside("surveys.omega", "loadings .7 .6 .8 .5", omega.value, 6.76 / 9.02, source="by hand", within=1e-8)
    np.testing.assert_allclose(omega.loadings, LOADINGS, atol=1e-6)
    assert [round(float(x.value), 4) for x in (alpha, omega)] == [0.7421, 0.7494]


def test_items_that_are_unequal_in_scale_change_alpha_but_fit_the_factor():
    items = answers_with(one_factor()) * [1, 2, 3, 4]
    np.testing.assert_allclose(surveys.omega(items).loadings, LOADINGS * [1, 2, 3, 4], atol=1e-5)


@pytest.fixture(scope="module")
def timss(shared_data):
    file = shared_data("timss15-us-belonging") / "timss15_us_grade8_school_belonging_items.csv.gz"
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        return np.genfromtxt(lines, delimiter=",", skip_header=1)


def test_belonging_and_bullying_in_timss(outside, timss):
    """9,672 eighth-graders; the same fit by scikit-learn's FactorAnalysis."""
    for name, items, theirs in (
        ("belonging", timss[:, :7], 0.8494481270456131),
        ("bullying", timss[:, 7:], 0.8649274453597448),
    ):
        found = surveys.omega(items)
        outside("surveys.omega", f"TIMSS 2015, United States, grade 8: {name}", found.value, theirs,
                source="scikit-learn 1.9.1, FactorAnalysis", within=1e-7)  # fmt: skip
        assert found.high - found.low < 0.02
        assert surveys.alpha(items).value < found.value
        assert found.people == 9672


def test_alpha_without_an_item_is_alpha_of_the_others(timss):
    found = surveys.alpha(timss[:, :7])
    others = surveys.alpha(np.delete(timss[:, :7], 3, axis=1))
    assert found.without[3] == pytest.approx(float(others.value), abs=1e-12)
    # "I like to see my classmates at school" goes least with the others: alpha hardly falls without it.
    assert np.argmax(found.without) == 3


def test_alpha_is_the_intraclass_correlation_of_a_two_way_table(outside):
    """Shrout and Fleiss, table 2: six targets, four judges; ICC(3, 4) = alpha = .91."""
    judges = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7.0]])
    outside("surveys.alpha", "6 targets, 4 judges: ICC(3, 4)", surveys.alpha(judges).value, 0.91,
            source="Shrout and Fleiss (1979), table 4", within=0.005)  # fmt: skip
    found = surveys.icc([4] * 6, judges.sum(axis=1), (judges**2).sum(axis=1))
    outside("surveys.icc", "6 targets, 4 judges: ICC(1, 1), ICC(1, 4)",
            [found.value, found.mean_reliability.value], [0.17, 0.44],
            source="Shrout and Fleiss (1979), table 4", within=0.005)  # fmt: skip
    assert found.low < 0 < found.high
    assert found.size == 4


def test_clusters_widen_an_interval():
    """Two hundred schools of ten people who answer exactly alike in a school tell as much as 200 people."""
    one = answers_with(one_factor())
    many, school = np.repeat(one, 10, axis=0), np.repeat(np.arange(200), 10)
    for measure in (surveys.alpha, surveys.omega):
        alone, in_schools = measure(many), measure(many, clusters=school)
        ratio = (in_schools.high - in_schools.low) / (alone.high - alone.low)
        assert ratio == pytest.approx(np.sqrt(10), rel=0.15)
        assert "clusters are independent" in in_schools.assumed


@pytest.mark.parametrize("measure", [surveys.alpha, surveys.omega])
def test_intervals_hold_the_truth_as_often_as_they_say(measure):
    truth = {surveys.alpha: 4 / 3 * (1 - 4 / 9.02), surveys.omega: 6.76 / 9.02}[measure]
    rng = np.random.default_rng(7)
    factor = np.linalg.cholesky(one_factor()).T
    held = []
    for _ in range(60):
        found = measure(rng.normal(size=(150, 4)) @ factor)
        held.append(found.low <= truth <= found.high)
    assert np.mean(held) >= 0.86


def test_who_left_an_item_out_does_not_count():
    items = answers_with(one_factor())
    more = np.vstack([items, [[np.nan, 1, 1, 1]]])
    assert surveys.alpha(more).value == surveys.alpha(items).value
    assert surveys.alpha(more).people == 200
    assert np.isnan(surveys.alpha(items[:, :1]).value)
    assert np.isnan(surveys.omega(items[:, :2]).value)


def test_r_wg_by_hand(outside):
    """School a answers 4, 4, 5, 5 on a scale of 5: variance 1/3, e = 24/12 = 2, 1 - 1/6 = .8333. School b
    answers 1 and 5: variance 8 > 2, so 0. School c has one person."""
    found = surveys.r_wg(["a"] * 4 + ["b"] * 2 + ["c"], [4, 4, 5, 5, 1, 5, 3], options=5)
    outside("surveys.r_wg", "one item: a school that agrees, one that does not", found.value[:2],
            [1 - 1 / 6, 0.0], source="by hand", within=1e-12)  # fmt: skip
    assert np.isnan(found.value[2])
    # Three items alike, J = 3: 3 * (5/6)/(3 * 5/6 + 1/6) = 2.5/2.6667.
    three = surveys.r_wg(["a"] * 4, np.repeat([[4], [4], [5], [5]], 3, axis=1), options=5)
    outside("surveys.r_wg", "three items", three.value, [2.5 / (2.5 + 1 / 6)], source="by hand", within=1e-12)


def test_icc_from_counts_is_that_of_people():
    rng = np.random.default_rng(2)
    school = rng.integers(0, 40, 3000)
    answer = rng.normal(0, 0.5, 40)[school] + rng.normal(size=3000)
    n, total, squares = (np.bincount(school, weights=w) for w in (np.ones(3000), answer, answer**2))
    found = surveys.icc(n, total, squares)
    # true 0.25/1.25 = .2 for schools drawn anew; the forty that were drawn may differ
    assert found.low < 0.2 < found.high
    assert np.isnan(surveys.icc([3], [3], [3]).value)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: surveys.alpha([1, 2, 3]), "give people x items"),
        (lambda: surveys.alpha([[1, 2], [2, 1]], clusters=[1]), "2 people and 1 clusters"),
        (lambda: surveys.r_wg(["a"], [1, 2], options=5), "2 people and 1 groups"),
        (lambda: surveys.r_wg(["a"], [1], options=1), "two or more"),
    ],
)
def test_what_cannot_be_meant_is_said(call, said):
    with pytest.raises(ValueError, match=said):
        call()
