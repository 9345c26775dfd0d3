"""Disproportionality: does one group meet a consequence, a label or a placement more often than all others?

`risk`, `risk_ratio`, `alternate_risk_ratio`, `weighted_risk_ratio` and `risk_difference` of rows; `table`,
the 14 categories by 7 groups of 34 CFR 300.647 for every district at once, each ratio or why there is none;
and `significant`, what several years of it come to under a state's rules, which are arguments.
"""

from evenground.measures.disproportionality.risks import (
    alternate_risk_ratio,
    risk,
    risk_difference,
    risk_ratio,
    weighted_risk_ratio,
)
from evenground.measures.disproportionality.tables import REASONS, Table, ratio_of, reasons, table
from evenground.measures.disproportionality.years import Significant, significant

__all__ = [
    "REASONS",
    "Significant",
    "Table",
    "alternate_risk_ratio",
    "ratio_of",
    "reasons",
    "risk",
    "risk_difference",
    "risk_ratio",
    "significant",
    "table",
    "weighted_risk_ratio",
]
