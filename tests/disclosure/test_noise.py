"""The noise itself, drawn by OpenDP. It cannot be seeded: a test fails by chance less than once in 10^9."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from scipy.stats import binom

from evenground.definitions import load
from evenground.disclosure.telling.noise import Spent, added
from evenground.model import InputProblems

_RARE = 1e-10


def test_draws_are_distributed_as_they_should_be():
    """With a = 1/e: P(0) = (1 - a)/(1 + a), P(x > 0) = a/(1 + a), P(|x| > 2) = 2 a^3/(1 + a)."""
    size, a = 20_000, np.exp(-1.0)
    drawn = added(np.full(size, 40), 1.0) - 40
    for seen, chance in (
        (drawn == 0, (1 - a) / (1 + a)),
        (drawn > 0, a / (1 + a)),
        (drawn < 0, a / (1 + a)),
        (np.abs(drawn) > 2, 2 * a**3 / (1 + a)),
    ):
        assert binom.ppf(_RARE, size, chance) <= seen.sum() <= binom.isf(_RARE, size, chance)


def test_less_epsilon_is_more_noise():
    """P(0) is 0.245 for epsilon 0.5 and 0.762 for 2."""
    size = 4000
    few, many = ((added(np.zeros(size, dtype=np.int64), epsilon) == 0).sum() for epsilon in (0.5, 2.0))
    assert binom.ppf(_RARE, size, 0.2449) <= few <= binom.isf(_RARE, size, 0.2449)
    assert binom.ppf(_RARE, size, 0.7616) <= many <= binom.isf(_RARE, size, 0.7616)


def test_every_bin_gets_noise_of_its_own():
    """Of 200 empty bins, all alike with a chance below 0.47^199."""
    assert len(set(added(np.zeros((10, 20), dtype=np.int64), 1.0).ravel().tolist())) > 1


def test_epsilons_add():
    spent = Spent(0.5, 3, 40)
    assert spent.in_all == 1.5
    assert spent.report()["epsilon_in_all"] == 1.5


def test_without_the_library_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "opendp.prelude", None)
    with pytest.raises(InputProblems, match=r"pip install 'evenground\[noise\]'"):
        added(np.zeros(3, dtype=np.int64), 1.0)


def test_the_preset_spends_one():
    assert load().policies["noise"].epsilon == 1.0
