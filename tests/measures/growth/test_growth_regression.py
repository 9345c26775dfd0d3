"""Quantile regressions against R, against a linear program, and by the conditions of their optimum."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import linprog

from evenground.measures.growth import basis, knots, quantile_regression

# Brownlee's stack loss, R's data set `stackloss`: loss, then air flow, water temperature, acid.
STACK = np.array([
    [42, 80, 27, 89], [37, 80, 27, 88], [37, 75, 25, 90], [28, 62, 24, 87], [18, 62, 22, 87],
    [18, 62, 23, 87], [19, 62, 24, 93], [20, 62, 24, 93], [15, 58, 23, 87], [14, 58, 18, 80],
    [14, 58, 18, 89], [13, 58, 17, 88], [11, 58, 18, 82], [12, 58, 19, 93], [8, 50, 18, 89],
    [7, 50, 18, 86], [8, 50, 19, 72], [8, 50, 19, 79], [9, 50, 20, 80], [15, 56, 20, 82], [15, 70, 20, 91],
], dtype=float)  # fmt: skip


def by_program(X, y, w, tau):
    """The lowest loss, by the solver HiGHS: y = X b + above - below, weights tau and 1 - tau."""
    n, p = X.shape
    sides = sparse.hstack([sparse.csr_matrix(X), sparse.eye(n), -sparse.eye(n)])
    prices = np.concatenate([np.zeros(p), tau * w, (1 - tau) * w])
    bounds = [(None, None)] * p + [(0, None)] * (2 * n)
    found = linprog(prices, A_eq=sides, b_eq=y, bounds=bounds, method="highs")
    assert found.status == 0
    return found.fun


def test_stack_loss_as_r_has_it(outside):
    """R quantreg, example(rq): rq(stack.loss ~ stack.x, .5) and .25."""
    design = np.column_stack([np.ones(21), STACK[:, 1:]])
    found = quantile_regression(design, STACK[:, 0], [0.5, 0.25])
    outside(
        "growth.quantile_regression",
        "stack loss, median",
        found.coefficients[0],
        [-39.68985507, 0.83188406, 0.57391304, -0.06086957],
        source="R quantreg, rq(stack.loss ~ stack.x)",
        within=5e-9,
    )
    outside(
        "growth.quantile_regression",
        "stack loss, lower quarter",
        found.coefficients[1],
        [-36, 0.5, 1, 0],
        source="R quantreg, rq(stack.loss ~ stack.x, .25)",
        within=1e-9,
    )


def test_the_median_of_one_column_is_the_median():
    found = quantile_regression(np.ones((5, 1)), [3.0, 1.0, 9.0, 2.0, 7.0], [0.5, 0.1])
    assert found.coefficients.ravel().tolist() == [3.0, 1.0]
    assert found.loss[0] == 0.5 * (2 + 1 + 0 + 4 + 6)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    n=st.integers(6, 120),
    p=st.integers(1, 5),
    whole=st.booleans(),
    tau=st.sampled_from([0.005, 0.25, 0.5, 0.905]),
)
def test_no_plane_is_better_says_a_linear_program(seed, n, p, whole, tau):
    """Whole numbers make many observations lie on one plane, where a careless walk goes in circles."""
    rng = np.random.default_rng(seed)
    X = np.column_stack([np.ones(n), rng.integers(0, 4, (n, p)) if whole else rng.normal(size=(n, p))])
    y = rng.integers(0, 9, n).astype(float) if whole else rng.normal(size=n)
    w = rng.integers(0, 4, n).astype(float) if n % 3 == 0 else np.ones(n)
    w[0] = 1.0
    found = quantile_regression(X, y, [tau], w)
    lowest = by_program(X, y, w, tau)
    assert found.loss[0] == pytest.approx(lowest, rel=1e-9, abs=1e-9)


def test_every_quantile_of_a_large_fit_meets_the_conditions_of_its_optimum(outside):
    """Those on the plane hold the pull of both sides, each with a share of its weight from tau - 1 to tau
    (Koenker 2005, Quantile Regression, theorem 2.1), so that no direction lowers the loss.
    """
    rng = np.random.default_rng(9)
    n, taus = 5000, (np.arange(100) + 0.5) / 100
    scores = np.round(rng.normal(0, 50, (n, 2)))
    X = np.column_stack([np.ones(n), *(basis(one, knots(one)) for one in scores.T)])
    y = np.round(scores @ [0.5, 0.3] + rng.normal(0, 20 + abs(scores[:, 0]) / 5))
    fit = quantile_regression(X, y, taus)
    beyond = []
    for tau, coefficients in zip(taus, fit.coefficients, strict=True):
        residual = y - X @ coefficients
        on = np.flatnonzero(np.abs(residual) < 1e-8)
        off = np.setdiff1d(np.arange(n), on)
        pull = X[off].T @ (tau - (residual[off] < 0))
        rows, times = np.unique(X[on], axis=0, return_counts=True)
        assert len(rows) == X.shape[1]
        share = -np.linalg.solve(rows.T, pull) / times
        beyond.append(max(share.max() - tau, tau - 1 - share.min(), 0))
    outside(
        "growth.quantile_regression",
        "5,000 made-up students, 100 quantiles: how far beyond the conditions of the optimum",
        max(beyond),
        0,
        source="Koenker 2005, theorem 2.1",
        within=1e-8,
    )


@given(seed=st.integers(0, 10**6))
@settings(max_examples=20, deadline=None)
def test_shifted_and_stretched_outcomes_move_the_plane_alike(seed):
    rng = np.random.default_rng(seed)
    X, y = np.column_stack([np.ones(40), rng.normal(size=40)]), rng.normal(size=40)
    plain = quantile_regression(X, y, [0.3]).coefficients[0]
    moved = quantile_regression(X, 5 * y + 100 + 7 * X[:, 1], [0.3]).coefficients[0]
    assert moved == pytest.approx(5 * plain + [100, 7], abs=1e-9)


def test_a_column_that_others_make_up_changes_nothing():
    rng = np.random.default_rng(5)
    x, y = rng.normal(size=60), rng.normal(size=60)
    plain = quantile_regression(np.column_stack([np.ones(60), x]), y, [0.4])
    more = quantile_regression(np.column_stack([np.ones(60), x, np.zeros(60), 2 * x - 1]), y, [0.4])
    assert more.loss == pytest.approx(plain.loss, rel=1e-12)
    assert (more.coefficients[0] == 0).sum() == 2


def test_sorted_curves_never_cross():
    rng = np.random.default_rng(6)
    X = np.column_stack([np.ones(80), rng.normal(size=(80, 4))])
    fit = quantile_regression(X, rng.normal(size=80), np.arange(0.05, 1, 0.05))
    raw = X @ fit.coefficients.T
    assert (np.diff(raw, axis=1) < 0).any(), "the example no longer shows anything"
    assert (np.diff(fit.curves(X), axis=1) >= 0).all()


@pytest.mark.parametrize(
    ("design", "outcome", "taus", "weights", "said"),
    [
        ([[1.0], [1.0]], [1.0], [0.5], None, "shape"),
        ([[1.0], [1.0]], [1.0, np.nan], [0.5], None, "missing"),
        ([[1.0], [1.0]], [1.0, 2.0], [0.0], None, "between 0 and 1"),
        ([[1.0], [1.0]], [1.0, 2.0], [0.5], [-1.0, 1.0], "negative"),
    ],
)
def test_what_cannot_be_meant_is_refused(design, outcome, taus, weights, said):
    with pytest.raises(ValueError, match=said):
        quantile_regression(design, outcome, taus, weights)
