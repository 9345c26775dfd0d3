"""Small groups: few students say little, and what they say is steadied by all the others, openly.

Every result says how much of a value is the group's own (`reliability`) and how much is borrowed.
"""

from evenground.measures.shrinkage import Between, Stabilised, between, empirical_bayes, reliability
from evenground.measures.small.counts import StabilisedRate, beta_binomial
from evenground.measures.small.intersections import Intersections, main_effects, of_means, of_rates
from evenground.measures.small.rank import Ranks, ranks

__all__ = [
    "reliability", "between", "empirical_bayes", "beta_binomial", "main_effects", "of_rates", "of_means",
    "ranks",
    "Between", "Stabilised", "StabilisedRate", "Intersections", "Ranks",
]  # fmt: skip
