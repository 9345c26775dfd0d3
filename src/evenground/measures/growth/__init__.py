"""Growth: how far students came beside those who started where they did, and where they learn more.

Percentiles of students, their summaries for groups and schools, gains, school effects with the error of
measurement said, and the level, learning rate and trend of cohorts.
"""

from evenground.measures.growth.effect import Effects, Slopes, errors_in_variables, school_effects
from evenground.measures.growth.gain import Gains, gain_reliability, gains
from evenground.measures.growth.pattern import Pattern, pattern
from evenground.measures.growth.percentile import Percentiles, percentiles
from evenground.measures.growth.regression import QuantileFit, quantile_regression
from evenground.measures.growth.spline import Knots, basis, knots
from evenground.measures.growth.summary import Summary, summary

__all__ = [
    "percentiles", "Percentiles", "summary", "Summary",
    "gains", "Gains", "gain_reliability",
    "school_effects", "Effects", "errors_in_variables", "Slopes",
    "pattern", "Pattern",
    "quantile_regression", "QuantileFit", "knots", "basis", "Knots",
]  # fmt: skip
