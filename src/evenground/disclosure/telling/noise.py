"""Differential privacy: chance is added to the finest counts, and everything wider is summed from these.

A *histogram* counts the students of one indicator in one school year, once each, by everything that tells
them apart and by whether they reached the outcome. One student more or less changes one of its bins by one,
so noise of scale 1/epsilon on every bin, also on those that are empty, makes the histogram and all that is
computed from it epsilon-differentially private. Histograms of the same students add their epsilons.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from evenground.model import InputProblems

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Spent:
    """What a release tells at most of one student: `epsilon` for each of `histograms`, `in_all` for a student
    who is in every one. `bins`: the counts that noise was added to, in the largest of them.
    """

    epsilon: float
    histograms: int
    bins: int

    @property
    def in_all(self) -> float:
        return self.epsilon * self.histograms

    def report(self) -> dict[str, float | int | str]:
        return {
            **asdict(self),
            "epsilon_in_all": self.in_all,
            "mechanism": "two-sided geometric noise on every bin (OpenDP make_laplace over integers)",
            "neighbours": "with and without one student",
        }


def added(counts: Ints, epsilon: float) -> Ints:
    """The counts, each with its own noise of scale 1/epsilon. Every call draws anew and spends epsilon anew.

    Raises InputProblems where OpenDP is not installed.
    """
    try:
        import opendp.prelude as dp
    except ImportError as error:
        raise InputProblems.one(
            "--policy",
            "a policy that adds chance, which needs the library OpenDP",
            "evenground with OpenDP, or another policy",
            "pip install 'evenground[noise]'",
        ) from error
    dp.enable_features("contrib")
    space = dp.vector_domain(dp.atom_domain(T=int)), dp.l1_distance(T=int)
    mechanism: Any = dp.m.make_laplace(*space, scale=1 / epsilon)
    if not mechanism.map(1) <= epsilon * (1 + 1e-9):
        raise ValueError(f"the mechanism spends {mechanism.map(1)}, more than {epsilon}")
    return np.array(mechanism(counts.ravel().tolist()), dtype=np.int64).reshape(counts.shape)
