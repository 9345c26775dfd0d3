"""Gaps along the whole spectrum: at every level, at every quantile, and over all of it at once.

One share above one cut hides what happens below and above that cut. These measures look at every level that
was published, and `reading` and `trend` say where the one share misleads.
"""

from evenground.measures.spectrum.hetop import Hetop, Scale, hetop
from evenground.measures.spectrum.levels import AtLevels, Pac, gap_above, pac, share_above
from evenground.measures.spectrum.quantiles import QuantileGap, quantile_gap
from evenground.measures.spectrum.standardised import Standardised, g_of_scores, hedges_g
from evenground.measures.spectrum.v import V, v_of_counts, v_of_scores
from evenground.measures.spectrum.verdict import Orders, Reading, Trend, orders, reading, trend

__all__ = [
    "share_above", "gap_above", "pac", "quantile_gap", "hedges_g", "g_of_scores", "v_of_counts",
    "v_of_scores", "hetop", "reading", "trend", "orders",
    "AtLevels", "Pac", "QuantileGap", "Standardised", "V", "Hetop", "Scale", "Reading", "Trend", "Orders",
]  # fmt: skip
