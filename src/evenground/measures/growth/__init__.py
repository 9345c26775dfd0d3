"""Growth: how far students came beside those who started where they did, and where they learn more.

Percentiles of students, their summaries for groups and schools, gains, school effects with the error of
measurement said, and the level, learning rate and trend of cohorts.
"""

from evenground.measures.growth.percentile import Percentiles, percentiles
from evenground.measures.growth.regression import QuantileFit, quantile_regression
from evenground.measures.growth.spline import Knots, basis, knots

__all__ = [
    "percentiles", "Percentiles",
    "quantile_regression", "QuantileFit", "knots", "basis", "Knots",
]  # fmt: skip
