"""Money spread: how evenly money lies over students, whether it follows wealth, and whether it follows need.

Spread: `coefficient_of_variation`, `full_range`, `restricted_range`, `federal_range_ratio`, `mcloone`,
`verstegen`, `gini`, `theil` (between and within regions). Wealth: `neutrality`. Need: `progressivity`,
`slope`, `need_index`, and quarters of the students by need (`contrast`).
"""

from evenground.measures.quarters import contrast
from evenground.measures.spread.districts import Spread
from evenground.measures.spread.halves import mcloone, verstegen
from evenground.measures.spread.inequality import Theil, coefficient_of_variation, gini, theil
from evenground.measures.spread.need import NeedIndex, need_index
from evenground.measures.spread.neutrality import Neutrality, neutrality
from evenground.measures.spread.progressivity import Progressivity, Slope, progressivity, slope
from evenground.measures.spread.ranges import federal_range_ratio, full_range, restricted_range

__all__ = [
    "NeedIndex",
    "Neutrality",
    "Progressivity",
    "Slope",
    "Spread",
    "Theil",
    "coefficient_of_variation",
    "contrast",
    "federal_range_ratio",
    "full_range",
    "gini",
    "mcloone",
    "need_index",
    "neutrality",
    "progressivity",
    "restricted_range",
    "slope",
    "theil",
    "verstegen",
]
