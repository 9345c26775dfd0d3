"""What background predicts: worked numbers, another program, and systems whose truth is known."""

import dataclasses
import inspect

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenground.measures import predictability as p

TWO = {"group": ["a", "b"]}, [50, 50], [30, 40]


def system(seed, schools=60, students=100, home=0.0, strength=1.0):
    """Students of a made-up system: outcome = strength (.3 race - .4 income) + school + home + chance.

    Race (4 kinds) and income go together; schools differ by .3, homes (60 areas) by `home`.
    """
    rng = np.random.default_rng(seed)
    race = rng.integers(0, 4, (schools, students))
    income = (rng.random((schools, students)) < 0.3 + 0.1 * race).astype(int)
    area = rng.integers(0, 60, (schools, students))
    effect = np.random.default_rng(99).normal(0, 1, 60)[area]
    outcome = strength * (0.3 * race - 0.4 * income) + rng.normal(0, 0.3, (schools, 1)) + home * effect
    outcome = outcome + rng.normal(size=race.shape)
    school = np.repeat(np.arange(schools), students)
    return {"race": race.ravel(), "income": income.ravel(), "home": area.ravel()}, outcome.ravel(), school


# Variances: race 1.25 * .09; income, p = .45, .2475 * .16; together -2 * .3 * .4 times covariance .125.
BACKGROUND = 1.25 * 0.09 + 0.2475 * 0.16 - 2 * 0.12 * 0.125
TRUE = BACKGROUND / (BACKGROUND + 0.09 + 1)


def test_two_groups_by_hand(outside):
    """Two groups of 50, 30 and 40 succeed: between 2 * 50 * .1^2 = 1, whole 100 * .7 * .3 = 21.

    Each student held out: prediction of group a without a success 29/49, without a failure 30/49, ...; the
    mean without a success 69/99, without a failure 70/99.
    """
    back = p.of_counts(*TWO)
    found = p.explained(back)
    model = 30 * (20 / 49) ** 2 + 20 * (30 / 49) ** 2 + 40 * (10 / 49) ** 2 + 10 * (40 / 49) ** 2
    mean = 70 * (30 / 99) ** 2 + 30 * (70 / 99) ** 2
    outside("predictability.explained", "two groups of 50: each student held out", found.value,
            1 - model / mean, source="by hand", within=1e-12)  # fmt: skip
    share = p.inequality_of_opportunity(back)
    outside("predictability.inequality_of_opportunity", "two groups of 50", share.value, 1 / 21,
            source="by hand", within=1e-12)  # fmt: skip
    assert found.in_sample == pytest.approx(1 / 21)
    assert found.low < found.value < found.high


def test_closed_form_is_leaving_each_student_out_in_turn():
    """Scores, two circumstances: refitted n times with numpy's least squares."""
    rng = np.random.default_rng(3)
    race, income = rng.integers(0, 3, 40), rng.integers(0, 2, 40)
    score = race + rng.normal(size=40)
    x = np.column_stack([np.ones(40), race == 1, race == 2, income])
    model = mean = 0.0
    for i in range(40):
        others = np.arange(40) != i
        effects = np.linalg.lstsq(x[others], score[others])[0]
        model += (score[i] - x[i] @ effects) ** 2
        mean += (score[i] - score[others].mean()) ** 2
    found = p.explained(p.of_students({"race": race, "income": income}, score))
    assert found.value == pytest.approx(1 - model / mean, abs=1e-10)


def test_held_out_schools_beside_scikit_learn(outside):
    """The same folds of whole schools, predicted by scikit-learn's LinearRegression (1.9.1)."""
    circumstances, outcome, school = system(1, schools=20)
    del circumstances["home"]
    linear = pytest.importorskip("sklearn.linear_model")
    fold = np.random.default_rng(1).permutation(20) % 10
    x = np.column_stack([np.eye(4)[circumstances["race"]][:, 1:], circumstances["income"]])
    model = mean = 0.0
    for part in range(10):
        test = fold[school] == part
        fitted = linear.LinearRegression().fit(x[~test], outcome[~test])
        model += float(np.sum((outcome[test] - fitted.predict(x[test])) ** 2))
        mean += float(np.sum((outcome[test] - outcome[~test].mean()) ** 2))
    found = p.explained(p.of_students(circumstances, outcome, clusters=school))
    outside("predictability.explained", "20 schools held out in 10 folds", found.value, 1 - model / mean,
            source="scikit-learn 1.9.1, LinearRegression", within=1e-10)  # fmt: skip


def test_intervals_hold_the_truth_as_often_as_they_say():
    held, alone = [], []
    for seed in range(120):
        circumstances, outcome, school = system(seed)
        del circumstances["home"]
        found = p.explained(p.of_students(circumstances, outcome, clusters=school), draws=300)
        held.append(found.low <= TRUE <= found.high)
        # Without schools in it, students are independent.
        outcome = outcome - np.random.default_rng(seed + 500).normal(size=1)
        rng = np.random.default_rng(seed + 900)
        plain = 0.3 * circumstances["race"][:800] - 0.4 * circumstances["income"][:800] + rng.normal(size=800)
        first = {name: column[:800] for name, column in circumstances.items()}
        found = p.explained(p.of_students(first, plain))
        alone.append(found.low <= BACKGROUND / (BACKGROUND + 1) <= found.high)
    assert 0.89 <= np.mean(held) <= 0.995
    assert 0.89 <= np.mean(alone) <= 0.995


def test_noise_predicts_nothing_held_out_though_it_fits_in_sample():
    """60 home areas that mean nothing: dummies would "explain" 60/1,000 of the sample."""
    circumstances, outcome, school = system(5, schools=10, strength=0.0)
    back = p.of_students({"home": circumstances["home"]}, outcome, clusters=school)
    assert p.explained(back).in_sample > 0.04
    assert p.explained(back).value < 0
    shrunken = p.of_students({"home": circumstances["home"]}, outcome, clusters=school, area="home")
    assert abs(p.explained(shrunken).value) < 0.01


def test_home_areas_that_matter_are_found_beside_their_truth():
    """Homes differ by .6 (these 60 by what they do); 100 students an area leave a little untold."""
    circumstances, outcome, school = system(6, home=0.6)
    homes = 0.36 * np.random.default_rng(99).normal(0, 1, 60).var()
    for clusters in (None, school):
        back = p.of_students(circumstances, outcome, clusters=clusters, area="home")
        found = p.explained(back)
        whole = BACKGROUND + homes + 0.09 + 1
        best = (BACKGROUND + homes * homes / (homes + 1.09 / 100)) / whole
        assert found.value == pytest.approx(best, abs=0.03)
        parts = p.shapley(back)
        assert parts.names == ("race", "income", "home")
        assert parts.value.sum() == pytest.approx(parts.whole, abs=1e-12)
        assert parts.whole == pytest.approx(float(found.value), abs=1e-12)
        assert parts.value[2] == pytest.approx((best * whole - BACKGROUND) / whole, abs=0.03)


def test_shapley_of_a_balanced_table_by_hand(outside):
    """Outcome rates .2 .4 (first without second), .4 .6: with 10,000 a cell both add .01/.24 = 1/24 each.

    p = .4, variance .24; each main effect is +-.1, variance .01, nothing shared.
    """
    back = p.of_counts({"a": [0, 0, 1, 1], "b": [0, 1, 0, 1]}, [10_000] * 4, [2000, 4000, 4000, 6000])
    found = p.shapley(back)
    outside("predictability.shapley", "2 x 2 types of 10,000, two equal parts", found.value,
            [1 / 24, 1 / 24], source="by hand", within=5e-5)  # fmt: skip
    assert np.isnan(found.low).all()


def test_shapley_is_the_mean_over_all_orders():
    circumstances, outcome, school = system(8, schools=20)
    kept = {name: circumstances[name] for name in ("race", "income")}
    back = p.of_students(kept, outcome, clusters=school)
    race, income = (
        p.explained(p.of_students({name: kept[name]}, outcome, clusters=school)).value for name in kept
    )
    both, found = p.explained(back).value, p.shapley(back)
    assert found.value == pytest.approx([(race + both - income) / 2, (income + both - race) / 2], abs=1e-12)
    assert (found.low < found.value).all()


def test_auc_of_two_groups(outside):
    """4/7 of those who succeed and 1/3 of the others are of the second group: .5 + (4/7 - 1/3)/2 = .619."""
    back = p.of_counts({"group": ["a", "b"]}, [50_000, 50_000], [30_000, 40_000])
    found = p.auc(back)
    outside("predictability.auc", "two groups, 60 and 80 of 100 succeed", found.value, 0.619,
            source="standards 13, worked", within=5e-4)  # fmt: skip
    assert found.value == pytest.approx(0.5 + 0.5 * (4 / 7 - 1 / 3), abs=2e-4)
    # DeLong, by hand: variance = (var of 1 - F)/m + ..., all students in two values of the score.
    high, low = 4 / 7, 1 / 3
    of_yes = high * (1 - high) * 0.25 / 70_000
    of_no = low * (1 - low) * 0.25 / 30_000
    half = 1.959964 * np.sqrt(of_yes + of_no)
    assert found.high - found.value == pytest.approx(half, rel=1e-3)


def test_auc_of_nothing_is_a_half_and_its_interval_says_so():
    rng = np.random.default_rng(1)
    held = []
    for _ in range(60):
        group, outcome = rng.integers(0, 5, 400), rng.integers(0, 2, 400)
        found = p.auc(p.of_students({"group": group}, outcome))
        held.append(found.low <= 0.5 <= found.high)
    assert np.mean(held) >= 0.85
    assert np.isnan(p.auc(p.of_counts({"g": ["a"]}, [10], [10])).value)


def test_change_over_years_by_hand(outside):
    """Of two groups of 50, 30 and 40 succeed in the first year, 35 and 35 in the second."""
    found = p.over_years({1: p.of_counts(*TWO), 2: p.of_counts({"group": ["a", "b"]}, [50, 50], [35, 35])})
    mean = 70 * (30 / 99) ** 2 + 30 * (70 / 99) ** 2
    first = 30 * (20 / 49) ** 2 + 20 * (30 / 49) ** 2 + 40 * (10 / 49) ** 2 + 10 * (40 / 49) ** 2
    second = 2 * (35 * (15 / 49) ** 2 + 15 * (35 / 49) ** 2)
    outside("predictability.over_years", "30 and 40 of 50, then 35 and 35", found.change.value,
            (first - second) / mean, source="by hand", within=1e-12)  # fmt: skip


def test_change_over_years_with_the_same_schools():
    years = {}
    for year, strength in ((2015, 1.0), (2016, 0.7), (2017, 0.2)):
        circumstances, outcome, school = system(year, strength=strength)
        del circumstances["home"]
        years[year] = p.of_students(circumstances, outcome, clusters=school)
    found = p.over_years(years)
    assert found.years == (2015, 2016, 2017)
    assert found.change.value == found.value[2] - found.value[0]
    assert found.change.high < 0
    assert found.value[0] == p.explained(years[2015]).value
    assert found.low[1] == pytest.approx(float(p.explained(years[2016]).low), abs=1e-9)
    apart = {year: p.of_counts(*TWO) for year in (1, 2)}
    still = p.over_years(apart)
    assert still.change.value == 0
    assert "years are independent" in still.assumed


def test_counted_cells_give_what_students_give():
    circumstances, outcome, school = system(9, schools=30)
    kept = {name: circumstances[name] for name in ("race", "income")}
    one = p.of_students(kept, outcome, clusters=school)
    again = p.of_counts(
        {"race": one.codes[:, 0], "income": one.codes[:, 1]},
        one.n, one.total, one.total_sq, clusters=one.cluster,
    )  # fmt: skip
    assert p.explained(one).value == pytest.approx(float(p.explained(again).value), abs=1e-12)
    passed = p.of_students(kept, outcome > 0, clusters=school)
    counted = p.of_counts(
        {"race": passed.codes[:, 0], "income": passed.codes[:, 1]},
        passed.n,
        passed.total,
        clusters=passed.cluster,
    )
    assert p.auc(passed).value == p.auc(counted).value
    assert counted.rate


@given(st.integers(0, 10_000))
def test_names_order_and_scale_do_not_matter(seed):
    rng = np.random.default_rng(seed)
    race, income, score = rng.integers(0, 4, 60), rng.integers(0, 2, 60), rng.normal(size=60)
    turn = rng.permutation(60)
    ours = p.explained(p.of_students({"race": race, "income": income}, score))
    words = np.array(["w", "x", "y", "z"])[race]
    theirs = p.explained(p.of_students({"income": income[turn], "race": words[turn]}, 100 + 15 * score[turn]))
    assert ours.value == pytest.approx(float(theirs.value), abs=1e-9)
    assert ours.in_sample == pytest.approx(theirs.in_sample, abs=1e-9)
    assert ours.in_sample >= ours.value


def test_results_hold_no_child():
    """A million students leave a handful of numbers: nothing with an entry a student, type or effect."""
    circumstances, outcome, school = system(2, schools=30)
    back = p.of_students(circumstances, outcome > 0, clusters=school, area="home")
    results = [p.explained(back), p.inequality_of_opportunity(back), p.shapley(back), p.auc(back)]
    levels = min(count for count in back.levels if count > 2)
    for result in results:
        for field in dataclasses.fields(result):
            assert np.size(getattr(result, field.name)) < levels or field.name == "assumed", field.name
    for name in p.__all__:
        for word in ("predict", "score", "coefficient", "effect", "fit"):
            assert word not in name.lower()
    public = [getattr(p, name) for name in p.__all__]
    fields = {field.name for kind in public if inspect.isclass(kind) for field in dataclasses.fields(kind)}
    assert not fields & {"prediction", "predictions", "coefficients", "effects", "fitted", "probability"}


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: p.of_students({}, [1]), "no circumstance is given"),
        (lambda: p.of_students({"a": [1, 2]}, [1]), r"columns have \[1, 2\] entries"),
        (lambda: p.of_students({"a": [1]}, [1], area="b"), "no circumstance 'b'; there are a"),
        (lambda: p.of_counts({"a": [1]}, [-1], [0]), "negative"),
        (lambda: p.of_counts({"a": [1]}, [1], [2]), "more students succeed"),
        (lambda: p.over_years({1: p.of_counts(*TWO)}), "1 year is given"),
        (lambda: p.explained(p.of_students({"a": [1, 2]}, [1, 0], clusters=[1, 1])), "two or more"),
        (lambda: p.auc(p.of_students({"a": [1, 2]}, [1.5, 0])), "the outcome is a score"),
        (lambda: p.auc(p.of_counts({"a": [1, 2]}, [1.5, 2], [1, 1])), "not whole numbers"),
    ],
)
def test_what_cannot_be_meant_is_said(call, said):
    with pytest.raises(ValueError, match=said):
        call()


def test_where_nothing_varies_there_is_no_answer():
    for back in (p.of_counts({"a": [1, 2]}, [5, 5], [5, 5]), p.of_students({"a": [1, 1]}, [np.nan, 1.0])):
        assert np.isnan(p.explained(back).value)
        assert np.isnan(p.inequality_of_opportunity(back).value)
