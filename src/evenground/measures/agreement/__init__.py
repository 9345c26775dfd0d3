"""Do two people who read the same answers code them alike? Agreement beyond chance, with intervals.

Two raters: `cohen` (also weighted) and `pabak`. Any number, with missing ratings: `krippendorff` for every
kind of scale; `gwet`, `fleiss`, `conger` and `brennan_prediger` for categories.
"""

from evenground.measures.agreement.alpha import krippendorff
from evenground.measures.agreement.pairs import Kappa, cohen, pabak
from evenground.measures.agreement.several import brennan_prediger, conger, fleiss, gwet

__all__ = ["Kappa", "cohen", "pabak", "krippendorff", "gwet", "fleiss", "conger", "brennan_prediger"]
