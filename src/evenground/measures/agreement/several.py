"""Any number of raters, each unit rated by some of them: AC1, Fleiss, Conger, Brennan-Prediger.

All have one form, (p_a - p_e)/(1 - p_e): p_a is the mean, over units with two or more ratings, of the share
of pairs of raters who agree; they differ in what they take for agreement by chance. Standard errors are
linearised: how much each unit moves the coefficient, by its agreement and by its part in p_e. Intervals are
Student's with units - 1 degrees of freedom, cut at 1; none where raters agree on every unit.
Source: Gwet (2014), Handbook of Inter-Rater Reliability, 4th edition, chapters 2 and 5; Gwet (2008), British
Journal of Mathematical and Statistical Psychology 61:29-48.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from evenground.measures.agreement.pairs import Kappa
from evenground.measures.agreement.ratings import Ratings, rated
from evenground.measures.estimate import Floats, floats, quiet, quotient, seen_error, student_quantile


@quiet
def gwet(
    ratings: npt.ArrayLike, *, categories: npt.ArrayLike | None = None, confidence: float = 0.95
) -> Kappa:
    """AC1: p_e = sum pi_k (1 - pi_k)/(q - 1), pi_k the mean share of category k over units.

    `ratings`: units x raters, NaN (or None, "") without a rating; `categories`: all that could be given, if
    some do not occur. Stays high where raters nearly always agree and a category is rare.
    Source: Gwet (2008), see the module.
    """
    given = rated(ratings, categories)
    share = quotient(given.counts, given.raters[:, None])
    pi = quotient(np.nansum(share, axis=0), np.count_nonzero(given.raters))
    q = pi.size
    chance = float(np.sum(pi * (1 - pi)) / (q - 1))
    return _coefficient(given, chance, share @ (1 - pi) / (q - 1), confidence)


@quiet
def fleiss(
    ratings: npt.ArrayLike, *, categories: npt.ArrayLike | None = None, confidence: float = 0.95
) -> Kappa:
    """Fleiss' kappa, for any pattern of missing ratings: p_e = sum pi_k^2. Arguments as `gwet`.

    Source: Fleiss (1971), Psychological Bulletin 76:378-382; see the module.
    """
    given = rated(ratings, categories)
    share = quotient(given.counts, given.raters[:, None])
    pi = quotient(np.nansum(share, axis=0), np.count_nonzero(given.raters))
    return _coefficient(given, float(pi @ pi), share @ pi, confidence)


@quiet
def brennan_prediger(
    ratings: npt.ArrayLike, *, categories: npt.ArrayLike | None = None, confidence: float = 0.95
) -> Kappa:
    """p_e = 1/q for q categories: chance is to pick any of them alike. Arguments as `gwet`.

    Source: Brennan and Prediger (1981), Educational and Psychological Measurement 41:687-699.
    """
    given = rated(ratings, categories)
    chance = 1 / given.values.size if given.values.size else float("nan")
    return _coefficient(given, chance, np.full(len(given.counts), chance), confidence)


@quiet
def conger(
    ratings: npt.ArrayLike, *, categories: npt.ArrayLike | None = None, confidence: float = 0.95
) -> Kappa:
    """Conger's kappa, Cohen's for several raters: p_e is the mean, over pairs of raters, of sum p_gk p_hk.

    Each rater keeps the own share of each category among the units that she or he rated, so it matters who
    gave a lone rating. Arguments as `gwet`.
    Source: Conger (1980), Psychological Bulletin 88:322-328; see the module.
    """
    given = rated(ratings, categories)
    units, raters = given.codes.shape
    gave = given.codes[:, :, None] == np.arange(given.values.size)
    rated_units = (given.codes >= 0).sum(axis=0)
    share = gave.sum(axis=0) / rated_units[:, None]
    together = share.sum(axis=0)
    pairs = raters * (raters - 1)
    chance = float(np.sum(together**2) - np.sum(share**2)) / pairs
    # How each unit moves each rater's shares; twice, since the shares of both of a pair move.
    moved = np.where((given.codes >= 0)[:, :, None], gave - share, 0.0) * (units / rated_units)[None, :, None]
    influence = np.einsum("irk,rk->i", moved, together[None, :] - share) / pairs
    return _coefficient(given, chance, chance + influence, confidence)


def _coefficient(given: Ratings, chance: float, chance_of_unit: Floats, confidence: float) -> Kappa:
    """The coefficient of agreement whose chance agreement is `chance`, and how each unit moves it."""
    r = given.raters
    # Units that nobody rated are no units.
    there = r > 0
    r, counts, chance_of_unit = r[there], given.counts[there], chance_of_unit[there]
    n, twice = r.size, r >= 2
    pairs = np.where(twice, r * (r - 1), 1.0)
    agreed = np.where(twice, (counts * (counts - 1)).sum(axis=1) / pairs, 0.0)
    two = int(twice.sum())
    observed = float(agreed.sum() / two) if two else float("nan")
    value = float(quotient(observed - chance, 1 - chance))
    of_unit = n / two * np.where(twice, agreed - chance, 0.0) / (1 - chance) if two else agreed
    of_unit = of_unit - 2 * (1 - value) * (chance_of_unit - chance) / (1 - chance)
    error = float(np.sqrt(np.sum((of_unit - value) ** 2) / (n * (n - 1)))) if n > 1 else float("nan")
    error = float(seen_error(error))
    half = float(student_quantile(n - 1, confidence)) * error
    return Kappa(
        low=floats(value - half),
        high=floats(np.minimum(value + half, 1.0)),
        value=floats(value),
        observed=floats(observed),
        chance=floats(chance),
        error=floats(error),
        units=n,
        assumed=("units are independent", "the raters are those of interest"),
    )
