"""Added chance: its variance by hand, and intervals that hold the truth as often as they say."""

from __future__ import annotations

from dataclasses import replace
from math import log

import numpy as np
import pytest

from evenground.measures import Sums, rate
from evenground.measures.noise import standard_error, variance


@pytest.mark.parametrize(("epsilon", "expected"), [(log(2), 4.0), (log(3), 1.5), (log(5), 0.625)])
def test_the_variance_by_hand(epsilon: float, expected: float):
    """With a = 1/2: 2 (1/2) / (1/2)^2 = 4; a = 1/3: (2/3) / (4/9) = 1.5; a = 1/5: (2/5) / (16/25) = 0.625."""
    assert variance(epsilon) == pytest.approx(expected)


@pytest.mark.parametrize("epsilon", [0.1, 1.0, 3.0])
def test_the_variance_is_that_of_the_distribution(epsilon: float):
    """The sum of x^2 P(x) over all whole numbers, P(x) = (1 - a)/(1 + a) a^|x|."""
    a, x = np.exp(-epsilon), np.arange(1, 4000)
    assert variance(epsilon) == pytest.approx(2 * np.sum(x**2 * (1 - a) / (1 + a) * a**x))


def test_the_error_of_a_rate_by_hand():
    """48 of 96: p = 1/2. Noise of variance 48 on either side: var = 1/4/96 + 48 (1/2)/96^2
    = 0.0026042 + 0.0026042, so half as many students would do without noise.
    """
    sums = replace(Sums.of([96.0], [48.0]), noise=np.array([48.0]))
    assert sums.n_effective[0] == pytest.approx(48.0)
    assert standard_error(sums)[0] == pytest.approx((2 * 0.25 / 96) ** 0.5)


def test_no_noise_changes_nothing():
    plain = Sums.of([50.0, 10.0], [20.0, 0.0])
    quiet = replace(plain, noise=np.zeros(2))
    assert quiet.n_effective == pytest.approx(plain.n_effective)
    for side in ("low", "high"):
        expected = getattr(rate.estimate(plain), side)
        assert getattr(rate.estimate(quiet), side) == pytest.approx(expected)


def test_everybody_else_has_the_noise_of_everybody_else():
    whole = Sums(*(np.array([x]) for x in (90.0, 30.0, 30.0, 90.0, 12.0)))
    part = Sums(*(np.array([x]) for x in (40.0, 10.0, 10.0, 40.0, 4.0)))
    assert whole.minus(part).noise.tolist() == [8.0]
    assert part.take(np.array([0, -1])).noise.tolist()[0] == 4.0


@pytest.mark.parametrize("p", [0.005, 0.02, 0.1, 0.4, 0.97])
@pytest.mark.parametrize(("n", "bins"), [(60, 2), (400, 12), (2000, 72)])
def test_intervals_hold_the_truth(p: float, n: int, bins: int):
    random, a, tries = np.random.default_rng(7), np.exp(-1.0), 4000
    reached = random.binomial(n, p, tries)

    def noise() -> np.ndarray:
        draws = random.geometric(1 - a, (2, tries, bins // 2))
        return (draws[0] - draws[1]).sum(axis=1)

    one, other = np.maximum(reached + noise(), 0), np.maximum(n - reached + noise(), 0)
    sums = Sums.of((one + other).astype(float), one.astype(float))
    found = rate.estimate(replace(sums, noise=np.full(tries, bins / 2 * variance(1.0))))
    assert np.mean((found.low <= p) & (p <= found.high)) > 0.94
