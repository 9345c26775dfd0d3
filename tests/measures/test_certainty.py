"""No measure is surer than its numbers allow, and none takes a confidence that is none."""

import numpy as np
import pytest

from evenground import measures as m

SAME = np.array([[0, 0], [1, 1], [0, 0], [1, 1], [0, 0]], dtype=float)
TABLE = {"unit": [0, 0, 1, 1], "group": ["a", "b", "a", "b"]}
SCORES, GROUPS, SCHOOLS = np.arange(8.0), list("aabbaabb"), [1, 1, 1, 2, 2, 2, 3, 3]


@pytest.mark.parametrize("confidence", [0, 1, 95, -0.5, float("nan")])
@pytest.mark.parametrize(
    "measure",
    [
        lambda c: m.spectrum.quantile_gap(
            SCORES, GROUPS, focal="a", reference="b", clusters=SCHOOLS, draws=9, confidence=c
        ),
        lambda c: m.small.beta_binomial([3, 4], [9, 9], confidence=c),
        lambda c: m.small.ranks([1, 2], [1, 1], k=1, confidence=c),
        lambda c: m.growth.percentiles([1, 1], [1, 2], [3, 4], [5, 6], confidence=c),
        lambda c: m.segregation.bootstrap([1, 2, 3, 4], **TABLE, draws=9, confidence=c),
        lambda c: m.decomposition.nested([[1, 2]], [5, 5], [3, 2], [5, 5], [1, 1], draws=9, confidence=c),
        lambda c: m.spread.gini([1, 2, 3], [1, 1, 1], draws=9, confidence=c),
        lambda c: m.predictability.shapley(
            m.predictability.of_students({"x": [0, 1, 0, 1]}, [0, 1, 1, 1]), confidence=c
        ),
        lambda c: m.predictability.eta_squared([0, 0], [9, 9], [3, 6], confidence=c),
        lambda c: m.surveys.alpha(np.random.default_rng(1).normal(size=(9, 3)), confidence=c),
        lambda c: m.surveys.icc([5, 5], [9, 12], [21, 35], confidence=c),
        lambda c: m.agreement.krippendorff([[0, 0], [0, 1], [1, 1]], draws=9, confidence=c),
    ],
)
def test_a_confidence_lies_between_0_and_1(measure, confidence):
    with pytest.raises(ValueError, match="confidence is"):
        measure(confidence)


@pytest.mark.parametrize(
    "found",
    [
        lambda: m.agreement.cohen(*SAME.T),
        lambda: m.agreement.krippendorff(SAME, draws=50),
        lambda: m.agreement.gwet(SAME),
        lambda: m.agreement.fleiss(SAME),
        lambda: m.agreement.conger(SAME),
        lambda: m.agreement.brennan_prediger(SAME),
        lambda: m.decomposition.stages([5, 5, 5], [5, 5, 0]).gap,
        lambda: m.decomposition.stages([5, 5, 5], [5, 5, 0]).parts,
        lambda: m.decomposition.kitagawa([5, 5], [5, 5], [5, 5], [0, 0]).gap,
        lambda: m.predictability.opportunity_index([5, 5], [5, 5]),
        lambda: m.predictability.dissimilarity([5, 5], [5, 5]),
        lambda: m.predictability.order_of_groups([0, 0], [5, 5], [5, 0]),
        lambda: m.predictability.mutual_information(["a", "b"], ["n", "y"], [5, 5]),
        lambda: m.predictability.rank_slope([1, 2, 3], [1, 2, 3]),
        lambda: m.segregation.dissimilarity([5, 0, 0, 5], **TABLE),
        lambda: m.segregation.theil_h([5, 0, 0, 5], **TABLE),
        lambda: m.segregation.theil_h([5, 5, 5, 5], **TABLE),
        lambda: m.segregation.entropy([5, 5, 5, 5], TABLE["group"]),
        lambda: m.segregation.isolation([5, 0, 0, 5], **TABLE),
        lambda: m.spread.gini([5, 5, 5], [1, 1, 1]),
        lambda: m.surveys.representativeness([10, 10], [10, 0]),
        lambda: m.spread.neutrality([1, 2, 3, 4], [1, 2, 3, 4]).correlation,
        lambda: m.small.beta_binomial([5, 5, 5], [5, 5, 5]),
    ],
)
def test_numbers_that_are_all_alike_make_no_interval_of_no_width(found):
    """Five of five is no certainty: there is a value, and no bound."""
    estimate = found()
    assert np.isfinite(estimate.value).all()
    assert np.isnan(estimate.low).all()
    assert np.isnan(estimate.high).all()


def test_one_student_does_not_make_a_step_clearly_the_costliest():
    assert not m.decomposition.stages([1, 0], [1, 1]).clearly


@pytest.mark.parametrize("function", [m.segregation.theil_h, m.segregation.mutual_information])
@pytest.mark.parametrize("correct", [False, True])
def test_intervals_of_small_units_hold_the_truth(function, correct):
    """40 schools of 50 students: chance alone adds more than a standard error, and the interval knows."""
    rng = np.random.default_rng(11)
    chances = rng.dirichlet(np.full(3, 3.0), 40) / 40
    unit, group = (index.ravel() for index in np.indices(chances.shape))
    truth = function(chances.ravel(), unit, group).value
    inside = 0
    for _ in range(300):
        found = function(rng.multinomial(2000, chances.ravel()), unit, group, correct=correct)
        inside += bool(found.low <= truth <= found.high)
    assert inside / 300 >= 0.91


def test_every_scale_of_ordered_probit_says_what_it_assumed():
    found = m.spectrum.hetop([[5, 9, 8], [9, 9, 3], [4, 4, 4]])
    for scale in (found.fixed_cuts, found.zero, found.star, found.corrected):
        assert scale.mean.assumed == scale.spread.assumed == found.assumed


def test_no_answer_where_there_is_nothing():
    empty = {"count": [], "unit": [], "group": []}
    assert np.isnan(m.segregation.bootstrap(**empty).value).all()
    assert np.isnan(m.segregation.expected(**empty).value).all()
    assert np.isnan(m.segregation.multigroup(**empty).low).all()
    assert np.isnan(m.spread.neutrality([0, 0, 0, 0], [1, 2, 3, 4]).elasticity.value)
    assert np.isnan(m.surveys.icc([5, 5], [15, 15], [50, 50]).mean_reliability.value)
    assert np.isnan(m.spectrum.g_of_scores([1, 1, 2, 2], list("aabb"), focal="a", reference="b").value)
    assert m.growth.quantile_regression(np.ones((9, 1)), np.ones(9)).coefficients == pytest.approx(1.0)
    assert m.growth.quantile_regression(np.zeros((3, 1)), [1, 2, 4]).coefficients == pytest.approx(0.0)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: m.spectrum.gap_above([[1, 2], [3, 4], [5, 6]], [[1, 2], [3, 4]]), "give the same levels"),
        (lambda: m.growth.percentiles([1, 1], [1, 2], [3, 4], [5, 6], sem=[1]), "different lengths"),
        (lambda: m.growth.percentiles([1, 1], [1, 2], [3, 4], [5, 6], sem=[1, -1]), "below 0"),
        (lambda: m.predictability.rank_slope([1, 2], [1, 2], [1]), "different lengths"),
        (lambda: m.predictability.eta_squared([0, 0], [-1, 5], [0, 1]), "below 0"),
        (lambda: m.teaching.exposure([1, 2], [0, 1], ["a", "b"], [1, 2], weights=[1]), "different lengths"),
        (lambda: m.teaching.exposure([1, 2], [0, 1], ["a", "b"], [1, 2], weights=[1, -1]), "below 0"),
        (lambda: m.teaching.mirror([1, 2], [3, 4], ["a", "b"], [1]), "different lengths"),
        (lambda: m.spread.slope([1, 2], [0, 1], [1, -1]), "below 0"),
        (lambda: m.decomposition.oaxaca_blinder([1, 2], [1, 2], [True, False], weights=[1, -1]), "below 0"),
        (lambda: m.bright.from_characteristics([[1], [2]], [1, 2], [1, -1]), "0 or more"),
        (lambda: m.bright.from_characteristics([[1], [2]], [1], [1]), "a row a school"),
        (lambda: m.bright.change([[1, 2], [3, 4]], [[1, 1]], [1, 2]), "schools x years"),
        (lambda: m.surveys.response_rate([1, 2], refused=[1, 2, 3]), "one shape"),
        (lambda: m.disproportionality.alternate_risk_ratio([1, 2], [3, 4], [1, 2, 3], [4, 5, 6]), "lengths"),
        (lambda: m.surveys.icc([5, -5], [15, 15], [50, 50]), "below 0"),
    ],
)
def test_what_cannot_be_meant_is_refused(call, said):
    with pytest.raises(ValueError, match=said):
        call()


@pytest.mark.parametrize(("schools", "spread"), [(8, 0.1), (15, 0.05), (30, 0.2)])
def test_intervals_of_school_effects_hold_the_truth(schools, spread):
    """Also where schools hardly differ, and the best guess of how much they do is 0."""
    rng = np.random.default_rng(4)
    school, inside = np.repeat(np.arange(schools), 20), 0
    for _ in range(60):
        effect, able = rng.normal(0, spread, schools), rng.normal(size=school.size)
        outcome = 0.8 * able + effect[school] + rng.normal(0, 0.5, school.size)
        found = m.growth.school_effects(outcome, able, school.astype(str), reliability=1)
        truth = (effect - effect.mean())[found.schools.astype(int)]
        inside += int(np.sum((found.low <= truth) & (truth <= found.high)))
    assert inside / (60 * schools) >= 0.92


def first(found):
    return float(np.ravel(found.low)[0]), float(np.ravel(found.high)[0])


@pytest.mark.parametrize(
    "measure",
    [
        lambda n, u, g: m.segregation.dissimilarity(n, u, g),
        lambda n, u, g: m.segregation.multigroup(n, u, g, draws=60),
        lambda n, u, g: m.segregation.nested(count=n, group=g, school=u),
        lambda n, u, g: m.segregation.within(n, u, g, u // 10),
        lambda n, u, g: m.segregation.local_units(n, u, g),
        lambda n, u, g: m.segregation.boundary(n, u, g, first=[3], second=[4]),
    ],
    ids=["dissimilarity", "gini", "nested", "within", "local_units", "boundary"],
)
def test_intervals_of_every_index_hold_the_truth(measure):
    """As `test_intervals_of_small_units_hold_the_truth`: by what chance adds the interval reaches down."""
    rng = np.random.default_rng(11)
    chances = rng.dirichlet(np.full(3, 3.0), 40) / 40
    unit, group = (index.ravel() for index in np.indices(chances.shape))
    truth = float(np.ravel(measure(chances.ravel() * 1e6, unit, group).value)[0])
    ends = [first(measure(rng.multinomial(2000, chances.ravel()), unit, group)) for _ in range(100)]
    assert np.mean([low <= truth <= high for low, high in ends]) >= 0.88


def test_a_missing_count_is_no_count_of_nobody():
    """As everywhere: what is hidden leaves no answer, and is not counted as 0."""
    assert np.isnan(m.predictability.mutual_information([1, 1, 2, 2], [0, 1, 0, 1], [5, 6, np.nan, 9]).value)


def test_removals_are_not_said_to_be_independent():
    column = {"district": ["d", "d"], "category": ["c", "c"], "group": ["a", "b"]}
    found = m.disproportionality.table(
        [9, 5], [5, 40], **column, minimum_cell=1, minimum_n=1, events=True
    ).assumed
    assert not [said for said in found if "independent" in said]


def test_intervals_of_nested_parts_hold_the_truth_with_few_districts():
    """Eight districts of three schools; a percentile of samples that repeat districts would lie beside."""
    rng = np.random.default_rng(3)

    def of(districts, draws):
        place = np.repeat(np.arange(districts), 3)
        pull = np.repeat(rng.normal(0, 0.08, districts), 3) + rng.normal(0, 0.05, place.size)
        n = np.floor(rng.integers(20, 60, (place.size, 2)) * np.exp(-3 * np.column_stack([pull, -pull])))
        reached = rng.binomial(n.astype(int), np.clip(np.column_stack([0.5 + pull, 0.6 + pull]), 0.05, 0.95))
        return m.decomposition.nested(
            [place, np.arange(place.size)], n[:, 0], reached[:, 0], n[:, 1], reached[:, 1], draws=draws
        ).parts

    truth = of(2000, 0).value
    found = [of(8, 40) for _ in range(60)]
    inside = np.mean([(part.low <= truth) & (truth <= part.high) for part in found], axis=0)
    assert (inside >= [0.7, 0.85, 0.88]).all()
