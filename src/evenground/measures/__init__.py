"""Pure statistics on arrays of student groups: rates, gaps, what it would take, change, where, what first.

Every function takes numpy arrays of one shape (or `Sums`, which bundles them), answers arrays of that shape
in a small frozen result, and answers NaN where a question has no answer.
"""

from evenground.measures import (
    agreement,
    bright,
    change,
    decomposition,
    difference,
    disproportionality,
    growth,
    impact,
    mean,
    predictability,
    priority,
    rate,
    ratio,
    reference,
    segregation,
    small,
    spectrum,
    spread,
    stratified,
    surveys,
    teaching,
    within,
)
from evenground.measures.change import Closing, closing
from evenground.measures.difference import newcombe, welch
from evenground.measures.estimate import Estimate, Interval
from evenground.measures.frame import on
from evenground.measures.impact import (
    ImpactIndex,
    Needed,
    PercentagePointGap,
    index_80,
    margin,
    needed,
    percentage_point_gap,
    proportionality,
)
from evenground.measures.mean import Mean, student
from evenground.measures.priority import (
    Discovery,
    benjamini_hochberg,
    p_of_counts,
    p_of_estimate,
)
from evenground.measures.rate import wilson
from evenground.measures.ratio import katz
from evenground.measures.reference import Direction, Reference, choose
from evenground.measures.sums import Sums, kish
from evenground.measures.within import Decomposition, decompose

__all__ = [
    # families, each a package
    "decomposition", "growth", "spread", "agreement", "bright", "predictability", "surveys",
    "teaching", "disproportionality", "segregation", "small", "spectrum",
    # modules, each a noun: difference.rates_to_reference, ratio.means_to_reference, reference.highest, ...
    "rate", "mean", "difference", "ratio", "reference", "impact", "change", "within", "stratified",
    "priority",
    # what goes in, what comes out
    "Sums", "Direction", "Reference", "Interval", "Estimate", "Mean",
    "Needed", "PercentagePointGap", "ImpactIndex", "Closing", "Decomposition", "Discovery",
    # by name
    "on",
    "wilson", "student", "kish", "newcombe", "welch", "katz", "choose",
    "margin", "needed", "percentage_point_gap", "proportionality", "index_80",
    "closing", "decompose", "p_of_estimate", "p_of_counts", "benjamini_hochberg",
]  # fmt: skip
