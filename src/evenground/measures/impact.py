"""Disproportionate impact, and what it would take: the California measures and the students behind a gap.

Definitions: California Community Colleges Chancellor's Office (percentage point gap, proportionality index,
80 % index). Direction says which way is better for students. Where lower is better (suspensions), a gap is
unfavourable when the group's rate lies above the reference's, and the students needed are students *fewer*
with the outcome; every count of students needed is a whole number of at least 0.

Comparisons at a threshold are made in whole numbers, cross-multiplied, because a rate that equals its
threshold exactly is not always equal to it as a float. Counts that are not whole (weighted) are compared as
floats, with a tolerance of 1e-9 students.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.estimate import Bools, Floats, floats, quiet, quotient
from evenground.measures.exact import Terms, written
from evenground.measures.reference import Direction, Reference, direction_sign
from evenground.measures.sums import Sums

# The published formula writes 1.96, not the exact normal quantile.
Z = 1.96


@dataclass(frozen=True)
class Needed:
    """Students needed for parity: with the reference held as it is, and with it moving along.

    `moving` differs from `fixed` only where the reference holds the group: every further student who succeeds
    then raises the reference too. NaN where the question has no answer.
    """

    fixed: Floats
    moving: Floats


@dataclass(frozen=True)
class PercentagePointGap:
    """`value` = rate minus reference, its `margin` of error, both fractions; impact; students to leave it."""

    value: Floats
    margin: Floats
    disproportionate: Bools
    needed: Needed


@dataclass(frozen=True)
class ImpactIndex:
    """An index that is 1 at parity, whether it shows impact, and the students `needed` to the cutoff."""

    value: Floats
    disproportionate: Bools
    needed: Floats


@quiet
def margin(n: npt.ArrayLike, *, minimum: float, q: npt.ArrayLike = 0.5) -> Floats:
    """Margin of error of a percentage point gap, max(minimum, 1.96 sqrt(q(1 - q)/n)), as a fraction.

    q = .5 is the widest; give the group's own rate for the narrower variant. NaN where n is 0.
    """
    share = floats(q)
    return np.asarray(np.maximum(minimum, Z * np.sqrt(quotient(share * (1 - share), n))))


def needed(groups: Sums, reference: Reference, *, direction: Direction) -> Needed:
    """Fewest students who would have to change for the group to reach its reference's rate.

    fixed: ceil(n (R - r)); moving, where the reference holds the group: ceil(n (R - r) / (1 - n/N)). For an
    outcome where lower is better: that many students fewer with it. Exact for whole counts.
    """
    sign = direction_sign(direction)
    terms = Terms.of(groups, reference)
    short = sign * (terms.reference_total * terms.n - terms.total * terms.reference_n)
    fixed = terms.fewest(short, terms.reference_n)
    moving = terms.fewest(short, terms.reference_n - terms.n)
    at_parity = np.where(fixed == 0, 0.0, np.where(reference.holds_group, moving, fixed))
    return Needed(fixed=fixed, moving=np.where(np.isnan(fixed), np.nan, at_parity))


def percentage_point_gap(
    groups: Sums, reference: Reference, *, minimum: float, direction: Direction
) -> PercentagePointGap:
    """Percentage point gap with its margin of error, and the students needed to leave impact.

    Impact: rate + margin <= reference (rate - margin >= reference where lower is better), so that at equality
    one student is still needed. The margin, with q = .5, stays as it is while students are added.
    fixed: floor(n (R - r - moe)) + 1; moving: floor((R - r - moe) / (1/n - 1/N)) + 1.
    """
    terms = Terms.of(groups, reference)
    people = groups.n_effective  # weights that do not average 1 are not students
    moe = margin(people, minimum=minimum)
    sign = direction_sign(direction)
    fixed = terms.fewest_leaving(minimum, Z, people, sign, moves=np.zeros(terms.n.shape, dtype=bool))
    moving = terms.fewest_leaving(minimum, Z, people, sign, moves=reference.holds_group)
    return PercentagePointGap(
        value=groups.rate - reference.rate,
        margin=moe,
        disproportionate=fixed > 0,
        needed=Needed(fixed=fixed, moving=moving),
    )


def proportionality(groups: Sums, whole: Sums, *, cutoff: float, direction: Direction) -> ImpactIndex:
    """Proportionality index (s/S)/(n/N): the group's share of the outcomes over its share of the students.

    Impact: index < cutoff; where lower is better, index > 1/cutoff. `needed` is the fewest students who bring
    the index to the cutoff, the whole moving along; cutoff 1 gives parity. NaN where nobody has the outcome.
    """
    sign = direction_sign(direction)
    part, of = written(cutoff).as_integer_ratio()
    terms = Terms.of_counts(groups.total, groups.n, whole.total, whole.n, scale=max(part, of))
    held, own = (part, of) if sign > 0 else (of, part)
    short = sign * (held * terms.n * terms.reference_total - own * terms.total * terms.reference_n)
    each = own * terms.reference_n - held * terms.n
    students = terms.fewest(short, each)
    # Without anybody who has the outcome there are no shares to compare.
    value = quotient(quotient(groups.total, whole.total), quotient(groups.n, whole.n))
    return _index(value, students)


def index_80(groups: Sums, best: Reference, *, cutoff: float, direction: Direction) -> ImpactIndex:
    """80 % index: the group's rate over the rate of the best group of sufficient size (`highest`).

    Where lower is better the ratio is turned round, best over group, so that below the cutoff is impact
    either way; turning the outcome into its opposite instead would hide large differences in rare outcomes.
    Impact: index < cutoff. `needed` is the fewest students to the cutoff, the best group held as it is.
    """
    sign = direction_sign(direction)
    part, of = written(cutoff).as_integer_ratio()
    terms = Terms.of(groups, best, scale=max(part, of))
    own, aim = terms.total * terms.reference_n, terms.reference_total * terms.n
    if sign > 0:
        value = quotient(groups.rate, best.rate)
        students = terms.fewest(part * aim - of * own, of * terms.reference_n)
    else:
        value = quotient(best.rate, groups.rate)
        students = terms.fewest(part * own - of * aim, part * terms.reference_n)
    return _index(value, students)


def _index(value: Floats, students: Floats) -> ImpactIndex:
    known = np.where(np.isnan(value), np.nan, students)
    return ImpactIndex(value=value, disproportionate=np.asarray(known > 0), needed=known)
