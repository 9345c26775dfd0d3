"""Added chance: what the noise of a differentially private count does to numbers made from it.

A histogram is published with noise of the two-sided geometric (discrete Laplace) distribution on each of its
bins, P(x) = (1 - a)/(1 + a) a^|x| with a = e^-epsilon. A sum of k bins has k times the variance of one.
Source: Ghosh, Roughgarden, Sundararajan (2009), Universally utility-maximizing privacy mechanisms.
"""

from __future__ import annotations

import numpy as np

from evenground.measures.estimate import Floats, quotient
from evenground.measures.sums import Sums


def variance(epsilon: float) -> float:
    """Variance of the noise on one bin, 2 e^-epsilon / (1 - e^-epsilon)^2, in students squared."""
    a = np.exp(-epsilon)
    return float(2 * a / (1 - a) ** 2)


def standard_error(sums: Sums) -> Floats:
    """Standard error of each rate by chance and noise: sqrt(p(1 - p)/m), m and p as in `Sums.n_effective`."""
    p = quotient(sums.total + 2, sums.n + 4)
    return np.asarray(np.sqrt(quotient(p * (1 - p), sums.n_effective)))
