"""What chance adds where units are small."""

import numpy as np
import pytest
from scipy import special, stats
from tests.measures.segregation.conftest import COLUMNS, SMALL

from evenground.measures import on
from evenground.measures import segregation as s
from evenground.measures.segregation.draws import drawn


def test_bias_without_simulation(outside):
    """8,142 cells with students, 2,045 schools, 5 groups, 877,739 students: .003471."""
    units, groups, occupied, n = 2045, 5, 8142, 877_739
    unit, group = np.divmod(np.arange(units * groups), groups)
    count = (group * units + unit < occupied).astype(float)  # each school has a student of the first groups
    count[0] += n - count.sum()
    found = s.mutual_information(count, unit, group, correct=True)
    expected = (8142 - 2045 - 5 + 1) / (2 * 877_739)
    assert round(expected, 6) == 0.003471
    outside("segregation.mutual_information", "bias of Miller and Madow", found.bias, 0.003471,
            source="methods.md 2.3, by hand: (8142 - 2045 - 5 + 1)/(2 * 877739)", within=5e-7)  # fmt: skip


def test_bootstrap_of_three_states(outside, schools):
    """R's own draws on its sample, nearly these schools: the bias and standard error of M and H."""
    found = on(schools, s.bootstrap, **COLUMNS)
    source = "R segregation 1.1.0, 1,000 draws on schools00, which differs a little from these data"
    outside(
        "segregation.bootstrap",
        "bias of M and H",
        found.bias,
        [0.0036554, 0.0035837],
        source=source,
        within=4e-4,
    )
    outside(
        "segregation.bootstrap",
        "standard error of M and H",
        found.se,
        [0.00080478, 0.00073402],
        source=source,
        within=2e-4,
    )
    assert found.value + found.bias == pytest.approx(found.counted, abs=1e-15)
    assert found.counted == pytest.approx([0.421523894915887, 0.415115695865238], abs=1e-12)
    assert np.all((found.low < found.value) & (found.value < found.high))


def test_expected_by_chance_in_three_states(outside, schools):
    found = on(schools, s.expected, **COLUMNS)
    outside("segregation.expected", "M and H without segregation", found.value[:2], [0.004796, 0.004720],
            source="R segregation 1.1.0 on schools00, nearly these data", within=3e-5)  # fmt: skip
    hand = (2045 - 1) * (5 - 1) / (2 * 877_464)
    outside("segregation.expected", "M without segregation, first order", found.value[0], hand,
            source="by hand: (U - 1)(G - 1)/(2N)", within=2.5e-4)  # fmt: skip


def test_expected_dissimilarity_by_its_closed_form(outside):
    """Units of 20, half each: a binomial's E|X - 10| is 20 C(19, 10)/2^20 = 1.762; over 10, .1762."""
    units = 4000
    count = np.full(2 * units, 10)
    found = s.expected(
        count, np.repeat(np.arange(units), 2), np.tile([0, 1], units), index=("dissimilarity",)
    )
    hand = 20 * special.comb(19, 10) / 2**20 / 10
    assert round(hand, 4) == 0.1762
    outside(
        "segregation.expected",
        "D in 4,000 schools of 20",
        found.value,
        [hand],
        source="by hand: de Moivre's mean deviation",
        within=2e-3,
    )
    assert found.counted[0] == 0


def test_draws_are_poisson_and_the_same_for_a_seed():
    """Each cell by itself: mean, variance, and the whole distribution by a chi-square test."""
    means = np.array([0.0, 0.4, 2.0, 9.0, 333.0])
    tables = drawn(np.tile(means, (3000, 1)), lambda t: tuple(t.ravel().tolist()), 4, 3).reshape(
        -1, means.size
    )
    assert np.array_equal(tables[:, 0], np.zeros(len(tables)))
    for mean, cell in zip(means[1:], tables.T[1:], strict=True):
        assert cell.mean() == pytest.approx(mean, abs=5 * np.sqrt(mean / cell.size))
        assert cell.var() == pytest.approx(mean, rel=0.06)
        edges = np.unique(stats.poisson.ppf(np.linspace(0.02, 0.98, 20), mean))
        seen = np.histogram(cell, np.concatenate([[-1], edges, [1e9]]) + 0.5)[0]
        chance = np.diff(np.concatenate([[0], stats.poisson.cdf(edges, mean), [1]]))
        assert stats.chisquare(seen, chance * cell.size).pvalue > 1e-4
    again = drawn(np.tile(means, (3000, 1)), lambda t: tuple(t.ravel().tolist()), 4, 3).reshape(
        -1, means.size
    )
    assert np.array_equal(tables, again)
    huge = np.arange(1.0, 3000.0) * 1000.5  # too many different means for a lookup
    assert drawn(huge, lambda t: (float((t / huge).mean()),), 20, 1).mean() == pytest.approx(1.0, abs=1e-3)


def test_bootstrap_takes_off_what_chance_adds():
    """Schools of 30 with the mix of all: H as counted is far above 0, H after the bootstrap near it."""
    rng = np.random.default_rng(2)
    black = rng.binomial(30, 0.4, 500)
    count = np.concatenate([black, 30 - black])
    found = s.bootstrap(count, np.tile(np.arange(500), 2), np.repeat([0, 1], 500))
    assert found.counted[1] > 0.02
    assert abs(found.value[1]) < 0.004
    assert s.theil_h(count, np.tile(np.arange(500), 2), np.repeat([0, 1], 500), correct=True).value < 0.004


def test_a_group_that_draws_may_miss():
    """One student of a group: in about 37 of 100 draws there is none, and nothing to measure."""
    count, unit, group = [1, 30, 30], [1, 1, 2], ["a", "b", "b"]
    for found in (s.bootstrap(count, unit, group), s.expected(count, unit, group)):
        assert np.all(np.isfinite(found.value))
    several = s.multigroup(count, unit, group)
    assert np.all(np.isfinite(several.low))
    two = [part * 2 for part in (count, unit, group)]
    assert np.isfinite(s.change(*two, [1] * 3 + [2] * 3, index="theil").low)
    assert np.all(np.isnan(s.expected([5, 5], [1, 2], ["a", "a"]).value[1:]))


def test_arguments_that_cannot_be_meant():
    with pytest.raises(ValueError, match="counts are not whole"):
        s.bootstrap([0.5, 2], [1, 2], ["a", "b"])
    with pytest.raises(ValueError, match="1 draws; give at least 2"):
        s.bootstrap(**SMALL, draws=1)
    with pytest.raises(ValueError, match="confidence is 95"):
        s.bootstrap(**SMALL, confidence=95)
