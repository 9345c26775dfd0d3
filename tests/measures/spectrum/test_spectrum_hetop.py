"""Ordered probit of many groups: against R's HETOP and an exact optimum, against a dense matrix, and its
laws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from evenground.measures.spectrum import hetop

# R HETOP 0.2-6 and an independent solver: the first input has expected counts of known normal curves, the
# second
# eight schools of 60 to 100 students.
TEN = np.array([
    [69146, 14988, 7790, 8076], [61700, 18067, 9884, 10349], [52556, 21369, 12564, 13511],
    [41748, 24405, 15880, 17966], [29795, 26226, 19687, 24291], [17966, 25416, 23380, 33239],
    [8243, 20682, 25498, 45576], [2390, 12488, 23649, 61473], [309, 4470, 16132, 79089], [9, 612, 6060,
    93319],
])  # fmt: skip
EIGHT = np.array([
    [40, 35, 20, 5], [22, 30, 28, 10], [10, 25, 40, 25], [5, 12, 30, 33],
    [60, 30, 9, 1], [12, 18, 22, 18], [30, 30, 25, 15], [3, 9, 20, 28],
])  # fmt: skip
EXACT = "exact optimum of an independent solver, reference methods 4.3"
PEER = "R HETOP 0.2-6, mle_hetop (which stops up to 2.4e-5 before the optimum)"


@pytest.fixture(scope="module")
def ten():
    return hetop(TEN, fixed_cuts=(-1, 0))


@pytest.fixture(scope="module")
def eight():
    return hetop(EIGHT, fixed_cuts=(-0.5, 0.4))


def test_ten_groups_reach_the_exact_optimum(ten, outside):
    star = ten.star
    found = [ten.fixed_cuts.cuts[2], *star.cuts, ten.icc, ten.icc_corrected]
    expected = [0.8000144824, -0.51734578, -0.00001428, 0.41385842, 0.4361689, 0.4361685]
    outside("spectrum.hetop", "ten groups, cuts and ICC", found[:4], expected[:4], source=EXACT, within=1e-8)
    outside("spectrum.hetop", "ten groups, both ICC", found[4:], expected[4:], source=EXACT, within=1e-7)
    ends = [*star.mean.value[[0, -1]], *star.spread.value[[0, -1]]]
    expected = [-1.0346830, 1.0347644, 1.0346890, 0.4139421]
    outside("spectrum.hetop", "first and last group, star scale", ends, expected, source=EXACT, within=1e-7)
    outside(
        "spectrum.hetop",
        "minus log likelihood",
        -ten.log_likelihood,
        1038896.00650,
        source=EXACT,
        within=1e-5,
    )


def test_eight_schools_reach_the_exact_optimum(eight, outside):
    star = eight.star
    found = [eight.fixed_cuts.cuts[2], *star.cuts, eight.icc, eight.icc_corrected]
    expected = [1.409126071, -0.66643458, 0.06247211, 0.87975961, 0.2756768, 0.2727196]
    outside("spectrum.hetop", "eight schools, cuts and ICC", found, expected, source=EXACT, within=1e-7)
    ends = [*star.mean.value[[0, -1]], *star.spread.value[[0, -1]]]
    expected = [-0.4665231, 0.8064803, 0.8055993, 0.8906970]
    outside("spectrum.hetop", "first and last school, star scale", ends, expected, source=EXACT, within=1e-7)
    outside(
        "spectrum.hetop",
        "eight schools, minus log likelihood",
        -eight.log_likelihood,
        857.140622262734,
        source=EXACT,
        within=1e-9,
    )


@pytest.mark.parametrize("example", [1, 2])
def test_every_scale_is_that_of_the_r_package(example, ten, eight, outside, shared_data):
    folder = shared_data("ky-kysrc").parents[1] / "reference" / "values"
    file = folder / f"hetop-example{example}-estimates.csv"
    if not file.exists():
        pytest.skip("the reference values are not here")
    theirs = np.genfromtxt(file, delimiter=",", names=True)
    ours = ten if example == 1 else eight
    scales = {"fc": "fixed_cuts", "zero": "zero", "star": "star", "starbc": "corrected"}
    for short, name in scales.items():
        if f"mu_{short}" not in theirs.dtype.names:
            continue
        scale = getattr(ours, name)
        for part, found in (("mu", scale.mean.value), ("sigma", scale.spread.value)):
            what = f"example {example}, {part} on the scale {name}"
            outside("spectrum.hetop", what, found, theirs[f"{part}_{short}"], source=PEER, within=3e-5)


def test_counts_of_known_curves_give_the_curves_back(ten, outside):
    means, spreads = np.linspace(-2, 2, 10), np.linspace(2, 0.8, 10)
    found = [*ten.fixed_cuts.mean.value, *ten.fixed_cuts.spread.value]
    outside(
        "spectrum.hetop", "the ten curves that the counts were made of", found, [*means, *spreads],
        source="by hand: the counts are those of these curves, rounded", within=3e-4,
    )  # fmt: skip


def test_standard_errors_are_those_of_the_whole_matrix():
    """The arrow's shortcuts against finite differences and one dense inverse, with sparse groups of every
    kind."""
    counts = np.array(
        [[40, 35, 20, 5], [22, 30, 28, 10], [5, 12, 30, 33], [0, 12, 9, 0], [0, 0, 6, 0], [0, 0, 0, 4]]
    )
    found = hetop(counts, fixed_cuts=(-0.5, 0.4))
    assert found.role.tolist() == ["own", "own", "own", "pooled", "pooled", "highest"]
    n = counts.sum(axis=1)
    share = n / n.sum()

    def spread_out(theta):
        mean = np.append(theta[:5], theta[:5].max())
        log_spread = np.append(theta[5:8], np.full(3, theta[5:8].mean()))
        return mean, log_spread, np.array([-0.5, 0.4, 0.4 + np.exp(theta[8])])

    def shares(theta):
        mean, log_spread, cuts = spread_out(theta)
        z = (cuts - mean[:, None]) / np.exp(log_spread)[:, None]
        return np.diff(ndtr(z), axis=1, prepend=0, append=1)

    def star(theta):
        mean, log_spread, _ = spread_out(theta)
        center = share @ mean
        unit = np.sqrt(share @ ((mean - center) ** 2 + np.exp(2 * log_spread)))
        return np.concatenate([(mean[:5] - center) / unit, np.exp(log_spread[:3]) / unit])

    at = np.concatenate([
        found.fixed_cuts.mean.value[:5],
        np.log(found.fixed_cuts.spread.value[:3]),
        [np.log(found.fixed_cuts.cuts[2] - 0.4)],
    ])  # fmt: skip
    assert found.fixed_cuts.mean.value[5] == found.fixed_cuts.mean.value[:5].max()
    assert found.fixed_cuts.spread.value[3:] == pytest.approx(np.exp(at[5:8].mean()))

    def slope(f):
        return np.stack([(f(at + step) - f(at - step)) / 2e-5 for step in 1e-5 * np.eye(len(at))], axis=-1)

    by = slope(shares)
    information = np.einsum("gkp,gk,gkq->pq", by, n[:, None] / shares(at), by)
    gradient = slope(star)
    expected = np.sqrt(np.diag(gradient @ np.linalg.inv(information) @ gradient.T))
    assert found.star.mean_se[:5] == pytest.approx(expected[:5], rel=1e-5)
    assert found.star.spread_se[:3] == pytest.approx(expected[5:], rel=1e-5)
    assert np.isnan(found.star.mean_se[5])
    assert np.isnan(found.star.spread_se[3:]).all()
    assert np.sum(counts / shares(at) * by[..., 0]) == pytest.approx(0, abs=1e-5)


def test_intervals_hold_the_truth_as_often_as_they_say():
    rng = np.random.default_rng(5)
    means, spreads, n = rng.normal(0, 0.5, 300), np.exp(rng.normal(0, 0.2, 300)), rng.integers(40, 200, 300)
    edges = np.concatenate([[-np.inf], [-0.6, 0.1, 0.9], [np.inf]])
    chances = np.diff(ndtr((edges - means[:, None]) / spreads[:, None]), axis=1)
    found = hetop(rng.multinomial(n, chances), fixed_cuts=(-0.6, 0.1)).fixed_cuts
    for estimate, truth in ((found.mean, means), (found.spread, spreads)):
        assert 0.92 < np.mean((estimate.low < truth) & (truth < estimate.high)) < 0.98


def test_thousands_of_sparse_groups_settle():
    rng = np.random.default_rng(2)
    counts = rng.multinomial(rng.integers(1, 12, 3000), [0.2, 0.3, 0.3, 0.2])
    found = hetop(counts)
    assert set(found.role.tolist()) == {"own", "pooled", "highest", "lowest"}
    assert np.isfinite(found.star.mean.value).all()
    top = found.role == "highest"
    assert (found.star.mean.value[top] == found.star.mean.value.max()).all()
    assert np.isfinite(hetop(counts, smallest=5).star.mean.value).all()


@settings(max_examples=20, deadline=None)
@given(st.randoms(use_true_random=False))
def test_order_of_groups_and_place_of_cuts_do_not_matter(random):
    counts = np.array([[random.randint(1, 40) for _ in range(4)] for _ in range(6)])
    order = random.sample(range(6), 6)
    first, second = hetop(counts), hetop(counts[order], fixed_cuts=(3.0, 7.0))
    assert second.star.mean.value == pytest.approx(first.star.mean.value[order], abs=1e-6)
    assert second.star.mean_se == pytest.approx(first.star.mean_se[order], rel=1e-5)
    assert second.icc_corrected == pytest.approx(first.icc_corrected, abs=1e-6)


def test_a_group_without_students_is_left_open():
    found = hetop([[10, 20, 10], [0, 0, 0], [5, 10, 30]])
    assert found.role.tolist() == ["own", "nobody", "own"]
    assert np.isnan(found.star.mean.value[1])


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ([[3, 4], [5, 6]], "3 levels or more"),
        ([[3, 0, 4], [5, 0, 6]], "nobody is in level 2"),
        ([[3, 4, 0], [0, 5, 6]], "no group has students in three levels"),
        ([[3, -4, 1]], "counts are 0 or more"),
    ],
)
def test_what_cannot_be_meant_is_said(counts, said):
    with pytest.raises(ValueError, match=said):
        hetop(counts)
