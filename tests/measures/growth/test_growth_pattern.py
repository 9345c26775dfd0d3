"""Level, learning rate and trend of cohorts, by hand and by matrices."""

import numpy as np
import pytest

from evenground.measures.growth import pattern


def cells(years=(2015, 2016, 2017), grades=(3, 4, 5)):
    year, grade = (part.ravel() for part in np.meshgrid(years, grades))
    return year.astype(float), grade.astype(float)


def test_two_grades_and_two_cohorts_by_hand(outside):
    """Grades 3 and 4 in 2016 and 2017; cohorts 2012 (one mean), 2013 (two) and 2014 (one).

    Means 2 (2016, grade 3), 3.5 (2016, 4), 2.4 (2017, 3), 3.3 (2017, 4). With x the cohort less 2013 and z
    the grade less 3.5 the rows are (0, -1/2), (-1, 1/2), (1, -1/2), (0, 1/2). Normal equations: the level is
    11.2/4 = 2.8; sum xx = 2, xz = -1, zz = 1, xy = -1.1, zy = 1.2, so trend = (1 * -1.1 + 1 * 1.2)/(2 - 1)
    = .1 and learning = 1.2 + .1 = 1.3. Residuals -.15, .15, .15, -.15: .09 on one degree of freedom;
    variances of level .0225, trend and learning .09 and .18. t(1) = 12.7062.
    """
    found = pattern([2, 3.5, 2.4, 3.3], [2016, 2016, 2017, 2017], [3, 4, 3, 4], ["a"] * 4)
    numbers = [found.level.value[0], found.trend.value[0], found.learning.value[0]]
    outside(
        "growth.pattern",
        "two grades in two years: level, trend, learning rate",
        numbers,
        [2.8, 0.1, 1.3],
        source="by hand, normal equations",
        within=1e-12,
    )
    outside(
        "growth.pattern",
        "two grades in two years: half the intervals",
        [part.high[0] - part.value[0] for part in (found.level, found.trend, found.learning)],
        [12.7062 * 0.15, 12.7062 * 0.3, 12.7062 * np.sqrt(0.18)],
        source="by hand",
        within=1e-3,
    )


def test_many_units_are_each_fitted_as_alone():
    rng = np.random.default_rng(1)
    year, grade = cells()
    year, grade = np.tile(year, 40), np.tile(grade, 40)
    subject = np.tile(np.arange(9) % 2, 40)
    unit = np.repeat(np.arange(40), 9)
    error = rng.uniform(0.05, 0.3, 360)
    mean = rng.normal(0, 1, 360)
    found = pattern(mean, year, grade, unit, error=error, subject=subject)
    cohort = year - grade
    X = np.column_stack([np.ones(360), cohort - 2012, grade - 4, subject - 0.5])
    for place, name in enumerate(found.units):
        rows = unit == int(name)
        W = np.diag(1 / error[rows] ** 2)
        inverse = np.linalg.inv(X[rows].T @ W @ X[rows])
        b = inverse @ X[rows].T @ W @ mean[rows]
        parts = (found.level, found.trend, found.learning, found.subject)
        assert [part.value[place] for part in parts] == pytest.approx(b)
        rest = mean[rows] - X[rows] @ b
        wide = np.sqrt(max(1, rest @ W @ rest / 5) * np.diag(inverse))
        assert [part.high[place] - part.value[place] for part in parts] == pytest.approx(
            1.959964 * wide, rel=1e-5
        )


def test_a_straight_truth_is_found_again():
    year, grade = cells()
    mean = 5 + 0.3 * (year - grade - 2012) + 0.9 * (grade - 4)
    found = pattern(mean, year, grade, np.zeros(9), error=np.full(9, 0.1))
    assert (found.level.value, found.trend.value, found.learning.value) == (
        pytest.approx([5]),
        pytest.approx([0.3]),
        pytest.approx([0.9]),
    )
    assert np.isnan(found.subject.value).all()


def test_one_grade_tells_no_learning_rate(recwarn):
    found = pattern(
        [1, 2, 3, 1, 2, 1], [1, 2, 3, 1, 2, 2], [3, 3, 3, 3, 4, 3], ["a", "a", "a", "b", "b", "b"]
    )
    assert np.isnan(found.learning.value[0])
    assert np.isnan(found.level.value[0])
    assert np.isfinite(found.learning.value[1])
    assert np.isnan(found.learning.low[1])  # three means for three numbers leave nothing to judge chance by
    assert not recwarn.list


def test_intervals_hold_the_truth_as_often_as_they_say():
    rng = np.random.default_rng(6)
    year, grade = cells()
    error = np.tile(rng.uniform(0.1, 0.4, 9), 3000)
    year, grade, unit = np.tile(year, 3000), np.tile(grade, 3000), np.repeat(np.arange(3000), 9)
    mean = 5 + 0.3 * (year - grade - 2012) + 0.9 * (grade - 4) + rng.normal(0, error)
    for found in (pattern(mean, year, grade, unit, error=error),):
        for part, truth in ((found.level, 5), (found.trend, 0.3), (found.learning, 0.9)):
            assert np.mean((part.low <= truth) & (truth <= part.high)) == pytest.approx(0.965, abs=0.02)


def test_what_cannot_be_meant_is_refused():
    with pytest.raises(ValueError, match="0 or 1"):
        pattern([1.0], [2016], [3], ["a"], subject=[2])
    with pytest.raises(ValueError, match="above 0"):
        pattern([1.0], [2016], [3], ["a"], error=[0])
