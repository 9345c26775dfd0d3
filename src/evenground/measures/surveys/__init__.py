"""Surveys: whether items measure one thing, how schools differ, who answered, and weights for those who did.

`alpha` and `omega` for a scale; `icc` and `r_wg` for schools; `response_rate` and `representativeness` for
who answered; `rake` and `design_effect` for weights.
"""

from evenground.measures.surveys.raking import Raked, design_effect, rake
from evenground.measures.surveys.response import Representativeness, representativeness, response_rate
from evenground.measures.surveys.scales import Reliability, alpha, omega
from evenground.measures.surveys.schools import Icc, WithinAgreement, icc, r_wg

__all__ = [
    "Reliability", "alpha", "omega",
    "Icc", "WithinAgreement", "icc", "r_wg",
    "Representativeness", "response_rate", "representativeness",
    "Raked", "rake", "design_effect",
]  # fmt: skip
