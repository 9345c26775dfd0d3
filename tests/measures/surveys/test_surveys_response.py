"""Who answered, and weights for those who did."""

import csv
import gzip

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenground.measures import kish, surveys


def test_response_rate_one(outside):
    """60 complete, 10 partial, 20 refused, 5 not reached, 0 others, 5 of unknown eligibility: 60/100."""
    found = surveys.response_rate(60, 10, 20, 5, 0, 5)
    outside("surveys.response_rate", "60 complete of 100", found.value, 0.60, source="by hand", within=1e-12)
    # Wilson for 60 of 100, by hand: (120 + 3.8415 -+ 1.96 sqrt(3.8415 + 240 * .4))/207.683
    outside("surveys.response_rate", "60 complete of 100: interval", [found.low, found.high],
            [0.50200, 0.69060], source="by hand", within=1e-5)  # fmt: skip


def test_representativeness_by_hand(outside):
    """Two groups of 50 asked; 30 and 40 answer. Rates .6, .8, S = .1, plain R .8.

    By chance: sum w p (1 - p)/49 = .5 * .24/49 + .5 * .16/49 = .0040816, less sum w^2 of the same = .0020408.
    S^2 = .01 - .0020408 = .0079592; R = 1 - 2 * .0892143 = .8215715.
    """
    found = surveys.representativeness([50, 50], [30, 40])
    outside("surveys.representativeness", "two groups: plain, and corrected for chance",
            [found.plain, found.value], [0.8, 1 - 2 * np.sqrt(0.01 - 0.1 / 49)], source="by hand",
            within=1e-12)  # fmt: skip
    np.testing.assert_allclose(found.part, [-0.1 * np.sqrt(0.5), 0.1 * np.sqrt(0.5)])
    assert found.low < found.value < found.high
    # The parts are those of the plain indicator: S^2 is their sum of squares.
    assert 1 - 2 * np.sqrt(np.sum(found.part**2)) == pytest.approx(found.plain)


def test_where_all_answer_alike_the_indicator_is_one_on_average():
    rng = np.random.default_rng(3)
    asked = np.full(12, 60)
    found = [surveys.representativeness(asked, rng.binomial(asked, 0.6)) for _ in range(300)]
    corrected, plain = np.mean([f.value for f in found]), np.mean([f.plain for f in found])
    # Chance alone: plain R is 1 - 2 sqrt(.24/60 * 11/12) = .879 on average, a little more by Jensen.
    assert plain == pytest.approx(0.88, abs=0.01)
    assert corrected > 0.95


def test_raking_the_worked_table(outside):
    """[[10, 40], [20, 30]] to rows 50/50, columns 25/75."""
    count = np.array([10, 40, 20, 30])
    found = surveys.rake(
        {"row": ["a", "a", "b", "b"], "column": ["x", "y", "x", "y"]},
        {"row": {"a": 0.5, "b": 0.5}, "column": {"x": 0.25, "y": 0.75}},
        count=count,
    )
    source = "standards: iterative proportional fitting, worked with numpy"
    outside("surveys.rake", "[[10, 40], [20, 30]]: fitted", found.weights * count,
            [8.059, 41.941, 16.941, 33.059], source=source, within=6e-4)  # fmt: skip
    outside("surveys.rake", "[[10, 40], [20, 30]]: weights", found.weights,
            [0.8059, 1.0485, 0.8470, 1.1020], source=source, within=6e-5)  # fmt: skip
    outside("surveys.design_effect", "the raked weights", found.design_effect, 1.0125, source=source,
            within=6e-5)  # fmt: skip
    # Raking keeps the odds ratio, 10 * 30/(40 * 20) = .375; with a in the first cell the others follow.
    a = found.weights[0] * 10 / 100
    assert a * (0.25 + a) / ((0.5 - a) * (0.25 - a)) == pytest.approx(0.375)
    assert found.apart < 1e-9
    assert found.capped == 0
    assert found.n_effective == pytest.approx(100 / found.design_effect)


def test_design_effect_is_n_over_kish(outside):
    """Weights 2, 1, 1: 3 * 6/16."""
    outside("surveys.design_effect", "weights 2, 1, 1", surveys.design_effect([2, 1, 1]), 18 / 16,
            source="by hand", within=1e-12)  # fmt: skip
    assert 3 / surveys.design_effect([2, 1, 1]) == pytest.approx(float(kish(4, 6)))


def test_caps_hold_and_are_told():
    found = surveys.rake({"g": ["a"] + ["b"] * 99}, {"g": {"a": 0.5, "b": 0.5}}, cap=(0.3, 3.0))
    assert found.weights.max() == 3
    assert found.capped == 1
    assert found.apart > 0.4


@given(st.integers(0, 10_000))
def test_margins_are_met_whatever_the_sample(seed):
    rng = np.random.default_rng(seed)
    columns = {"a": rng.integers(0, 3, 200), "b": rng.integers(0, 4, 200)}
    share_a, share_b = rng.dirichlet([9, 9, 9]), rng.dirichlet([9, 9, 9, 9])
    margins = {"a": dict(enumerate(share_a)), "b": dict(enumerate(share_b))}
    found = surveys.rake(columns, margins, cap=(0.01, 100))
    met = np.bincount(columns["b"], weights=found.weights, minlength=4) / 200
    np.testing.assert_allclose(met, share_b, atol=1e-6)
    assert found.weights.mean() == pytest.approx(1)


def test_raking_a_real_sample_to_its_population(outside, shared_data):
    """200 of California's schools of 2000, raked to school type and meals: their mean score comes nearer.

    The mean Academic Performance Index of all 6,194 schools is 664.713 (recomputed in SOURCE.txt).
    """
    folder = shared_data("ca-api-2000")

    def read(name):
        with gzip.open(folder / f"{name}.csv.gz", "rt", encoding="utf-8") as file:
            rows = [(r["stype"], float(r["api00"]), float(r["meals"])) for r in csv.DictReader(file)]
        return dict(zip(("stype", "api00", "meals"), map(np.array, zip(*rows, strict=True)), strict=True))

    population, sample = read("apipop"), read("apisrs")
    edges = [20, 40, 60, 80]
    columns = {"type": sample["stype"], "meals": np.digitize(sample["meals"], edges)}
    margins = {
        name: dict(zip(*np.unique(column, return_counts=True), strict=True))
        for name, column in (
            ("type", population["stype"]),
            ("meals", np.digitize(population["meals"], edges)),
        )
    }
    raked = surveys.rake(columns, margins)
    mean = np.average(sample["api00"], weights=raked.weights)
    assert np.mean(sample["api00"]) == pytest.approx(656.585, abs=0.001)
    assert abs(mean - 664.713) < abs(656.585 - 664.713) / 2
    outside("surveys.rake", "200 Californian schools raked to type and meals: mean index", mean, 664.713,
            source="mean of all 6,194 schools", within=4)  # fmt: skip


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: surveys.response_rate(-1), "negative"),
        (lambda: surveys.representativeness([5], [6]), "more people answered"),
        (lambda: surveys.representativeness([5], [1, 2]), "1 groups asked and 2"),
        (lambda: surveys.rake({"a": ["x"]}, {"b": {"x": 1}}), "give one margin a column"),
        (lambda: surveys.rake({"a": ["x", "z"]}, {"a": {"x": 0.5, "y": 0.5}}), r"without a margin \['z'\]"),
        (lambda: surveys.rake({"a": ["x"]}, {"a": {"x": 1}}, count=[1, 2]), "give as many of each"),
        (lambda: surveys.design_effect([-1, 2]), "negative"),
    ],
)
def test_what_cannot_be_meant_is_said(call, said):
    with pytest.raises(ValueError, match=said):
        call()
