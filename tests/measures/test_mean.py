"""Means against Student's own data and scipy."""

import numpy as np
import pytest
from scipy import stats

from evenground.measures import Mean, Sums, mean, student, welch

# Extra hours of sleep under two drugs, Student (1908), Biometrika 6:20; R ships it as `sleep`.
FIRST = np.array([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])
SECOND = np.array([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])


def of(values: np.ndarray) -> Mean:
    return student(values.size, values.sum(), (values**2).sum())


def test_student_equals_r_on_students_own_differences():
    """R 4: t.test(sleep) paired: mean -1.58, 95 % interval -2.4598858 to -0.7001142."""
    found = of(FIRST - SECOND)
    assert found.value == pytest.approx(-1.58)
    assert found.low == pytest.approx(-2.4598858, abs=5e-8)
    assert found.high == pytest.approx(-0.7001142, abs=5e-8)
    assert found.sd == pytest.approx(1.229995, abs=5e-7)


def test_welch_equals_r_on_students_data():
    """R 4: t.test(extra ~ group, data = sleep): -1.58, 95 % interval -3.3654832 to 0.2054832 (df 17.776)."""
    found = welch(of(FIRST), of(SECOND))
    assert found.value == pytest.approx(-1.58)
    assert found.low == pytest.approx(-3.3654832, abs=5e-8)
    assert found.high == pytest.approx(0.2054832, abs=5e-8)


def test_welch_equals_scipy_for_unequal_groups():
    rng = np.random.default_rng(1)
    a, b = rng.normal(2400, 80, 37), rng.normal(2450, 110, 512)
    peer = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.9)
    ours = welch(
        student(a.size, a.sum(), (a**2).sum()), student(b.size, b.sum(), (b**2).sum()), confidence=0.9
    )
    assert (ours.low, ours.high) == (pytest.approx(peer.low), pytest.approx(peer.high))


def test_one_student_has_a_mean_but_no_spread(recwarn):
    found = student([1, 0, 5], [3.0, 0.0, np.nan], [9.0, 0.0, 4.0])
    assert found.value[0] == 3.0
    assert np.isnan(found.value[1:]).all()
    assert np.isnan(found.sd).all()
    assert np.isnan(found.low).all()
    assert not recwarn.list


def test_equal_values_have_no_spread_despite_rounding():
    found = student(3, 3 * 0.1, 3 * 0.1**2)
    assert found.sd == 0
    assert np.isnan(found.low)


def test_effective_n_replaces_n_where_students_count():
    # Values 1, 2, 3 with weights 2, 1, 1: mean (2+2+3)/4 = 1.75; sum w x^2 = 15;
    # 15/4 - 1.75^2 = .6875; Kish 16/6 = 8/3; sd^2 = .6875 * (8/3)/(5/3) = 1.1
    found = mean.estimate(Sums.of(n=4, total=7, total_sq=15, weight_sq=6))
    assert found.value == 1.75
    assert found.n == pytest.approx(8 / 3)
    assert found.sd == pytest.approx(np.sqrt(1.1))


def test_a_known_number_leaves_students_interval():
    group = of(FIRST)
    found = welch(group, Mean.known(2.0))
    assert (found.low, found.high) == (pytest.approx(group.low - 2), pytest.approx(group.high - 2))


def test_without_any_spread_nothing_tells_how_sure_we_are():
    """R refuses as well: "data are essentially constant"."""
    found = welch(student(3, 6, 12), student(2, 2, 2))
    assert found.value == 1
    assert np.isnan(found.low)
    assert np.isnan(found.high)
    spread_on_one_side = welch(student(3, 6, 12), student(2, 2, 4))
    assert spread_on_one_side.low < 1 < spread_on_one_side.high
