"""Shares at every level, quantiles and standardised differences."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from evenground.measures.mean import student
from evenground.measures.spectrum import g_of_scores, gap_above, hedges_g, pac, quantile_gap, share_above

WWC = "reference methods 9.2, worked after WWC 5.0"


def test_kentucky_at_every_level(outside):
    """Elementary mathematics 2017-18: 37.6, 36.2, 21.1 and 5.1 of 100 Black students are in levels 1 to 4."""
    found = share_above([376, 362, 211, 51])
    outside(
        "spectrum.share_above", "Kentucky's Black students in elementary mathematics", found.value,
        [0.624, 0.262, 0.051], source="Kentucky School Report Card 2017-18, by hand: sums of its shares",
        within=1e-12,
    )  # fmt: skip
    assert (found.low < found.value).all()
    assert (found.value < found.high).all()
    assert found.n.tolist() == [1000]


def test_one_gap_of_half_a_deviation_is_three_gaps(outside):
    cuts = np.array([-1.0, 0.0, 1.0])
    low, high = (np.diff(ndtr(cuts - mean), prepend=0, append=1) * 1e6 for mean in (-0.25, 0.25))
    outside(
        "spectrum.gap_above", "two normal curves half a deviation apart, cuts -1, 0, 1", gap_above(low,
        high).value,
        [-0.121, -0.197, -0.121], source="reference standards 9, percent-proficient pitfalls", within=5e-4,
    )  # fmt: skip


def test_the_curve_above_cuts_runs_from_nobody_to_everybody(outside):
    found = pac([40, 30, 20, 10], [15, 25, 35, 25])
    outside(
        "spectrum.pac", "shares .40 .30 .20 .10 against .15 .25 .35 .25", [*found.reference, *found.group],
        [0, 0.25, 0.60, 0.85, 1, 0, 0.10, 0.30, 0.60, 1],
        source="reference standards 9: cumulative .15 .40 .75 and .40 .70 .90, from 1", within=1e-12,
    )  # fmt: skip
    area = np.trapezoid(found.group, found.reference)
    outside(
        "spectrum.pac", "area below, the chance of a student of the group to be above", 1 - area, 0.685,
        source="reference standards 9: trapezoid .685", within=5e-4,
    )  # fmt: skip


def test_an_empty_group_has_no_share():
    assert np.isnan(share_above([0, 0, 0]).value).all()
    assert np.isnan(gap_above([0, 0, 0], [1, 2, 3]).value).all()


def test_quantiles_are_numpys(outside):
    rng = np.random.default_rng(1)
    a, b = np.round(rng.normal(500, 50, 83)), np.round(rng.normal(520, 60, 121))
    found = quantile_gap(np.append(a, b), ["a"] * 83 + ["b"] * 121, focal="a", reference="b")
    theirs = [np.quantile(x, found.p, method="averaged_inverted_cdf") for x in (a, b)]
    outside(
        "spectrum.quantile_gap", "83 and 121 normal scores, five quantiles", found.value,
        theirs[0] - theirs[1],
        source="numpy.quantile, averaged_inverted_cdf", within=1e-9,
    )  # fmt: skip
    assert (found.low <= found.value).all()
    assert (found.value <= found.high).all()


def test_weights_are_copies_for_quantiles():
    rng = np.random.default_rng(2)
    score, group, weight = rng.normal(size=90), ["a", "b", "b"] * 30, rng.integers(1, 5, 90)
    weighted = quantile_gap(score, group, focal="a", reference="b", weights=weight)
    copies = quantile_gap(np.repeat(score, weight), np.repeat(group, weight), focal="a", reference="b")
    assert weighted.value == pytest.approx(copies.value)


@pytest.mark.parametrize("clustered", [False, True])
def test_intervals_of_quantile_gaps_hold_the_truth(clustered):
    rng = np.random.default_rng(6)
    held = []
    for _ in range(100):
        school = np.repeat(np.arange(30), 16)
        group = np.tile(["a", "b"], 240)
        score = rng.normal(size=480) - 0.5 * (group == "a") + np.repeat(rng.normal(0, 0.5, 30), 16)
        options = {"clusters": school, "draws": 200} if clustered else {}
        found = quantile_gap(score, group, focal="a", reference="b", p=[0.25, 0.5, 0.75], **options)
        held.append((found.low <= -0.5) & (found.high >= -0.5))
    # Both groups share the schools, so that students taken as independent are on the safe side.
    assert 0.88 < np.mean(held) <= 1


def test_hedges_g_of_the_worked_examples(outside):
    ten = hedges_g(_mean(105, 15, 20), _mean(100, 14, 20))
    outside(
        "spectrum.hedges_g", "105, 15, 20 against 100, 14, 20", ten.value, 0.33777595, source=WWC, within=5e-9
    )
    other = hedges_g(_mean(52, 10, 60), _mean(48, 9, 60))
    source = "reference standards 8.1"
    outside(
        "spectrum.hedges_g", "52, 10, 60 against 48, 9, 60", [other.value, other.spread], [0.4178, 9.513],
        source=source, within=5e-4,
    )  # fmt: skip
    outside(
        "spectrum.hedges_g",
        "its standard error, without the leading omega",
        other.se,
        0.1846,
        source=source,
        within=5e-5,
    )
    omega = 1 - 3 / (4 * 800 - 9)
    clusters = hedges_g(_mean(0.25 / omega, 1, 400), _mean(0, 1, 400), icc=0.2, cluster_size=20)
    outside(
        "spectrum.hedges_g", "g .25, 40 clusters of 20, icc .2: t and degrees of freedom",
        [clusters.t, clusters.df], [1.5998031, 458.7142857], source=WWC, within=1e-6,
    )  # fmt: skip
    outside(
        "spectrum.hedges_g", "g .25, 40 clusters of 20, icc .2: multiplier", clusters.value / 0.25, 0.995227,
        source="reference methods 9.2, supplement to WWC 4.1", within=1e-6,
    )  # fmt: skip


def test_the_choice_of_deviation_is_kept_apart():
    group, reference = _mean(10, 3, 50), _mean(12, 2, 50)
    pooled, own, total = (
        float(hedges_g(group, reference, spread=spread).spread) for spread in ("pooled", "reference", "total")
    )
    assert (pooled, own) == (pytest.approx(np.sqrt(6.5)), pytest.approx(2))
    assert total == pytest.approx(np.sqrt((98 * 6.5 + 25 * 4) / 99))
    with pytest.raises(ValueError, match="pooled, reference or total"):
        hedges_g(group, reference, spread="both")


def test_g_from_scores_is_g_from_means(outside):
    score, group = [5, 6, 7, 4, 5, 6], ["t"] * 3 + ["c"] * 3
    found = g_of_scores(score, group, focal="t", reference="c")
    outside(
        "spectrum.g_of_scores", "5, 6, 7 against 4, 5, 6", found.value, 0.8,
        source="test of the R package baselinr: d = 1, omega = .8", within=1e-12,
    )  # fmt: skip
    back = g_of_scores(score, group, focal="c", reference="t")
    outside(
        "spectrum.g_of_scores",
        "the other way round",
        back.value,
        -0.8,
        source="the same",
        within=1e-12,
    )


@pytest.mark.parametrize("spread", ["pooled", "reference", "total"])
def test_the_influence_of_students_gives_the_standard_error_of_simulations(spread):
    rng = np.random.default_rng(9)
    group = np.repeat(["a", "b"], [150, 250])
    found = [
        g_of_scores(
            np.where(group == "a", 1.5, 1.0) * rng.standard_normal(400) - 0.6 * (group == "a"),
            group, focal="a", reference="b", spread=spread,
        )
        for _ in range(600)
    ]  # fmt: skip
    assert np.mean([float(f.se) for f in found]) == pytest.approx(
        np.std([float(f.value) for f in found]), rel=0.08
    )


def test_clusters_that_belong_to_one_group_widen_the_interval_of_g():
    rng = np.random.default_rng(10)
    values, errors = [], []
    school = np.repeat(np.arange(40), 20)
    group = np.where(school < 20, "a", "b")
    for _ in range(200):
        score = rng.normal(size=800) + np.repeat(rng.normal(0, 0.5, 40), 20)
        found = g_of_scores(score, group, focal="a", reference="b", clusters=school)
        values.append(float(found.value))
        errors.append(float(found.se))
    assert np.mean(errors) == pytest.approx(np.std(values), rel=0.12)
    assert found.df == 39


@settings(max_examples=30, deadline=None)
@given(st.floats(0.1, 50), st.floats(-100, 100))
def test_g_knows_no_unit(scale, shift):
    rng = np.random.default_rng(0)
    score, group = rng.normal(size=40), ["a", "b"] * 20
    first = g_of_scores(score, group, focal="a", reference="b")
    second = g_of_scores(scale * score + shift, group, focal="a", reference="b")
    assert second.value == pytest.approx(float(first.value), rel=1e-9)
    assert second.se == pytest.approx(float(first.se), rel=1e-9)


def _mean(value, sd, n):
    return student(n, n * value, (n - 1) * sd**2 + n * value**2)
