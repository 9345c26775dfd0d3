"""How much of what students reach could be told beforehand from race, income, language, disability and home.

Where a system is fair, background predicts little. These measures judge systems: they take students who are
alike together (`of_students`, `of_counts`), and hand back neither a prediction for a student nor the effects
from which one could be made. Circumstances are a mapping of columns; the outcome is 0 or 1, or a score.
"""

from evenground.measures.predictability.background import Background, of_counts, of_students
from evenground.measures.predictability.explained import (
    Explained,
    Years,
    explained,
    inequality_of_opportunity,
    over_years,
)
from evenground.measures.predictability.information import Information, mutual_information
from evenground.measures.predictability.opportunity import Opportunity, dissimilarity, opportunity_index
from evenground.measures.predictability.order import auc, order_of_groups, rank_slope
from evenground.measures.predictability.shapley import Shares, shapley
from evenground.measures.predictability.variance import Eta, eta_squared

__all__ = [
    "Background", "of_counts", "of_students",
    "Explained", "Years", "explained", "inequality_of_opportunity", "over_years",
    "Shares", "shapley",
    "auc", "order_of_groups", "rank_slope",
    "Eta", "eta_squared",
    "Information", "mutual_information",
    "Opportunity", "dissimilarity", "opportunity_index",
]  # fmt: skip
