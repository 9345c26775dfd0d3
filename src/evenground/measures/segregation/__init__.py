"""Segregation and exposure: how students of several groups are spread over schools, districts, classes.

Units are whatever students are spread over (classes, schools, districts, states), groups whatever tells
them apart (race, income, language). Every function takes columns of one length, a row a unit and group: how
many students (`count`), which `unit`, which `group`. A unit and group without a row has no students. Counts
of which only limits are known go to `dissimilarity_bounds` and `theil_bounds`.
"""

from evenground.measures.segregation.bounds import (
    Bounds,
    dissimilarity_bounds,
    information_bounds,
    theil_bounds,
)
from evenground.measures.segregation.change import Change, change
from evenground.measures.segregation.contribution import Boundary, Contribution, boundary, contribution
from evenground.measures.segregation.dissimilarity import Dissimilarity, dissimilarity
from evenground.measures.segregation.exposure import Exposure, Isolation, exposure, isolation
from evenground.measures.segregation.information import Information, entropy, mutual_information, theil_h
from evenground.measures.segregation.local import Local, local_groups, local_units
from evenground.measures.segregation.multigroup import Multigroup, multigroup
from evenground.measures.segregation.nested import Nested, Within, nested, within
from evenground.measures.segregation.resampling import Expected, Resampled, bootstrap, expected

__all__ = [
    "dissimilarity", "exposure", "isolation", "entropy", "mutual_information", "theil_h", "multigroup",
    "local_groups", "local_units", "contribution", "boundary", "nested", "within", "change",
    "bootstrap", "expected", "dissimilarity_bounds", "information_bounds", "theil_bounds",
    "Dissimilarity", "Exposure", "Isolation", "Information", "Multigroup", "Local", "Contribution",
    "Boundary", "Nested", "Within", "Change", "Resampled", "Expected", "Bounds",
]  # fmt: skip
