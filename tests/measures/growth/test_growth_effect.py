"""School effects: the correction for error of measurement against Stata, shrinkage by hand, a known truth."""

import numpy as np
import pytest

from evenground.measures.growth import errors_in_variables, school_effects


def high_school_and_beyond():
    """Students whose least squares are those that were published of 200 students, writing on reading and sex.

    109 girls and 91 boys with mean reading scores of 51.73394 and 52.82418, 20,919.42 squares of reading, and
    outcomes exactly on the published line 20.22837 + .5658869 reading + 5.486894 girl: the correction needs
    no more of the data than this.
    """
    girl = np.repeat([1.0, 0.0], [109, 91])
    mean = np.where(girl == 1, 51.73394, 52.82418)
    between = 109 * 91 / 200 * (52.82418 - 51.73394) ** 2
    shape = np.concatenate([np.linspace(-1, 1, 109), np.linspace(-1, 1, 91)])
    reading = mean + shape * np.sqrt((20919.42 - between) / (shape**2).sum())
    return reading, girl, 20.22837 + 0.5658869 * reading + 5.486894 * girl


def test_the_correction_is_that_of_stata(outside):
    """eivreg write read female, reliab(read .9): read .6289607, female 5.555659, _cons 16.89655."""
    reading, girl, writing = high_school_and_beyond()
    found = errors_in_variables(writing, np.column_stack([reading, girl, np.ones(200)]), [0.9, 1, 1])
    outside(
        "growth.errors_in_variables",
        "writing on reading (reliability .9) and sex, 200 students of High School and Beyond",
        found.value,
        [0.6289607, 5.555659, 16.89655],
        source="Stata eivreg, Regression with Stata (UCLA), chapter 4.4",
        within=2e-5,
    )
    assert found.uncorrected == pytest.approx([0.5658869, 5.486894, 20.22837], abs=1e-6)


def test_without_error_it_is_least_squares():
    rng = np.random.default_rng(2)
    X = np.column_stack([np.ones(80), rng.normal(size=(80, 2))])
    y = rng.normal(size=80)
    found = errors_in_variables(y, X, [1, 1, 1])
    assert found.value == pytest.approx(np.linalg.lstsq(X, y, rcond=None)[0])
    assert found.uncorrected == pytest.approx(found.value)


def test_errors_are_as_large_as_they_are_over_many_samples():
    rng = np.random.default_rng(3)
    slopes, errors = [], []
    for _ in range(400):
        truth = rng.normal(0, 1, 300)
        seen = truth + rng.normal(0, 0.5, 300)
        found = errors_in_variables(
            1 + 0.7 * truth + rng.normal(0, 0.4, 300), np.column_stack([np.ones(300), seen]), [1, 0.8]
        )
        slopes.append(found.value[1])
        errors.append(found.error[1])
        assert found.uncorrected[1] < found.value[1]
    assert np.mean(slopes) == pytest.approx(0.7, abs=0.01)
    assert np.mean(errors) == pytest.approx(np.std(slopes), rel=0.1)


def test_three_schools_by_hand(outside):
    """No student differs from another in the earlier score: an effect is the mean beside the others.

    Schools of 10, 20, 30 in the mean, four students each, 5 above and below: within = 12 * 25/(12 - 3 - 1)
    = 37.5, but the slope has nothing to stand on, so earlier scores of -1 and 1 that tell nothing are given.
    error^2 = 37.5/4 = 9.375. Q = (100 + 0 + 100)/9.375 = 21.3333; t^2 = (Q - 2)/(3/9.375 - 1/9.375)
    = 90.625; reliability 90.625/100 = .90625; effects -9.0625, 0, 9.0625.
    """
    outcome = [5, 5, 15, 15, 15, 15, 25, 25, 25, 25, 35, 35]
    earlier = [-1, 1, -1, 1] * 3
    found = school_effects(outcome, earlier, np.repeat(["a", "b", "c"], 4), reliability=0.9)
    outside(
        "growth.school_effects",
        "three schools of four students: effects",
        found.value,
        [-9.0625, 0, 9.0625],
        source="by hand, DerSimonian and Laird",
        within=1e-12,
    )
    outside(
        "growth.school_effects",
        "three schools of four students: reliability",
        found.reliability,
        [0.90625] * 3,
        source="by hand",
        within=1e-12,
    )
    # The middle school: of every t, N(0, own 9.375 + (1 - own)^2 (t^2 + 9.375)/3), own = t^2/(t^2 + 9.375),
    # weighed by its restricted likelihood 1/(t^2 + 9.375) exp(-100/(t^2 + 9.375)), t from 0 to ten times
    # the root of the variance of the means and an error, 200/3 + 9.375.
    square = np.linspace(0, 10 * np.sqrt(200 / 3 + 9.375), 100_001) ** 2
    likely = np.exp(-100 / (square + 9.375)) / (square + 9.375)
    own = square / (square + 9.375)
    variance = np.average(own * 9.375 + (1 - own) ** 2 * (square + 9.375) / 3, weights=likely)
    assert found.high[1] == pytest.approx(1.959964 * np.sqrt(variance), rel=0.005)
    assert (found.high - found.value > 1.959964 * np.sqrt(90.625 * 0.09375)).all()  # as if t were known
    assert found.raw == pytest.approx([-10, 0, 10], abs=1e-12)


def made(schools=400, each=60, seed=1):
    """Schools whose students start further ahead the higher the school's number; effects are independent."""
    rng = np.random.default_rng(seed)
    school = np.repeat(np.arange(schools), each)
    effect = rng.normal(0, 4, schools)
    able = 0.02 * (school - schools / 2) * 10 + rng.normal(0, 30, school.size)
    earlier = able + rng.normal(0, 15, school.size)
    outcome = 20 + 0.9 * able + effect[school] + rng.normal(0, 20, school.size)
    reliability = 1 - 225 / earlier.var()
    return outcome, earlier, school, effect - effect.mean(), reliability


def test_effects_do_not_follow_where_students_started():
    outcome, earlier, school, effect, reliability = made()
    order = np.argsort(np.unique(school).astype(str))
    start = np.arange(400)[order]
    corrected = school_effects(outcome, earlier, school, reliability=reliability)
    naive = school_effects(outcome, earlier, school, reliability=1.0)
    assert corrected.slopes.value[0] == pytest.approx(0.9, abs=0.03)
    assert abs(np.corrcoef(corrected.value - effect[order], start)[0, 1]) < 0.15
    assert np.corrcoef(naive.value - effect[order], start)[0, 1] > 0.6
    assert np.mean((corrected.low <= effect[order]) & (effect[order] <= corrected.high)) == pytest.approx(
        0.95, abs=0.03
    )
    assert corrected.spread == pytest.approx(4, abs=0.5)
    assert (abs(corrected.value) <= abs(corrected.raw)).all()


def test_a_school_with_few_students_is_drawn_further_in():
    outcome, earlier, school, *_ = made(40)
    few = np.flatnonzero((school != 7) | (np.arange(school.size) % 60 < 5))
    found = school_effects(outcome[few], earlier[few], school[few], reliability=0.8)
    at = found.schools.tolist().index("7")
    assert found.n[at] == 5
    assert found.reliability[at] < 0.4 < np.median(found.reliability)


def test_what_cannot_be_meant_is_refused():
    with pytest.raises(ValueError, match="two at least"):
        school_effects([1, 2, 3], [1, 2, 4], ["a", "a", "a"], reliability=0.9)
    with pytest.raises(ValueError, match="above 0"):
        errors_in_variables([1, 2, 3], [[1], [2], [4]], [1.2])
    with pytest.raises(ValueError, match="nothing is left"):
        errors_in_variables([1.0, 2, 3], [[1, -1], [1, 0], [1, 1.0]], [1, 1e-12])
    with pytest.raises(ValueError, match="one for each"):
        school_effects([1, 2, 3], [1, 2, 4], ["a", "b", "b"], reliability=[0.9, 0.8])
