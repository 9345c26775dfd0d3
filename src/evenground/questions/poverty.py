"""How far conclusions about students in poverty depend on how poverty is measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from evenground.measures import Estimate, kish, newcombe, student, welch

Floats = npt.NDArray[np.float64]

QUARTER = 0.25
FEWEST = 3
"""Schools on a side from which on their spread tells something about chance."""


@dataclass(frozen=True)
class Side:
    """One group's sums of an indicator; numbers of a single group."""

    n: float
    total: float
    total_sq: float
    weight_sq: float


@dataclass(frozen=True)
class Gap:
    """A gap by one measure. `basis` students: those in poverty minus all others; schools: schools with most
    students in poverty minus those with fewest. `low` and `high` are NaN where no interval is known."""

    indicator: str
    basis: str
    measure: str
    value: float
    low: float
    high: float
    n_poor: float
    n_other: float

    @property
    def side(self) -> int:
        """1 clearly above, -1 clearly below, 0 neither."""
        return int(self.low > 0) - int(self.high < 0)


@dataclass(frozen=True)
class Conclusion:
    """Gaps of one indicator over all measures.

    `verdict`: `no_margin` (chance is not known under any measure), `holds` (clear of chance on the same side
    under every measure), `nowhere_clear`, `same_direction` (clear under some; all point the same way),
    `depends` (they point different ways and at least one is clear).
    """

    indicator: str
    basis: str
    smallest: float
    largest: float
    verdict: str
    measures: int


def gap_of_students(
    indicator: str, measure: str, poor: Side, other: Side, *, rate: bool, confidence: float
) -> Gap:
    """Poor minus other, with Newcombe's interval for rates and Welch's for means (Kish's n for clusters)."""
    if rate:
        estimate = newcombe(poor.total, poor.n, other.total, other.n, confidence)
    else:
        sides = [
            student(side.n, side.total, side.total_sq, _effective(side), confidence) for side in (poor, other)
        ]
        estimate = welch(sides[0], sides[1], confidence)
    return _gap(indicator, "students", measure, estimate, poor.n, other.n)


def gap_of_schools(
    indicator: str, measure: str, share: Floats, n: Floats, value: Floats, confidence: float
) -> Gap | None:
    """The quarter of students in the schools with the highest `share` minus the quarter in the lowest.

    `share`, `n`, `value`: one number a school; schools without one of them are left out. Schools are the
    independent units: the interval is Welch's over schools, weighted by their students. None with fewer than
    four schools.
    """
    known = ~(np.isnan(share) | np.isnan(n) | np.isnan(value)) & (n > 0)
    share, n, value = share[known], n[known], value[known]
    if len(share) < 4:
        return None
    order = np.lexsort((-n, share))
    middle = (np.cumsum(n[order]) - n[order] / 2) / n.sum()
    low, high = order[middle <= QUARTER], order[middle > 1 - QUARTER]
    if not len(low) or not len(high):
        return None
    sides = [
        student(
            n[part].sum(),
            (n[part] * value[part]).sum(),
            (n[part] * value[part] ** 2).sum(),
            kish(n[part].sum(), (n[part] ** 2).sum()),
            confidence,
        )
        for part in (high, low)
    ]
    gap = _gap(
        indicator,
        "schools",
        measure,
        welch(sides[0], sides[1], confidence),
        float(n[high].sum()),
        float(n[low].sum()),
    )
    few = min(len(high), len(low)) < FEWEST
    return replace(gap, low=float("nan"), high=float("nan")) if few else gap


def conclusions(gaps: Sequence[Gap]) -> list[Conclusion]:
    """For each indicator and basis with two measures or more, how far apart the answers are."""
    found: dict[tuple[str, str], list[Gap]] = {}
    for gap in gaps:
        if not np.isnan(gap.value):
            found.setdefault((gap.indicator, gap.basis), []).append(gap)
    return [
        Conclusion(
            indicator,
            basis,
            min(gap.value for gap in one),
            max(gap.value for gap in one),
            _verdict(one),
            len(one),
        )
        for (indicator, basis), one in found.items()
        if len(one) > 1
    ]


def _verdict(gaps: Sequence[Gap]) -> str:
    if all(np.isnan(gap.low) for gap in gaps):
        return "no_margin"
    sides = {gap.side for gap in gaps}
    if sides == {0}:
        return "nowhere_clear"
    if len({np.sign(gap.value) for gap in gaps}) > 1:
        return "depends"
    return "same_direction" if 0 in sides else "holds"


def community_eligible(certified: Floats, eligible: Floats, multiplier: float, everybody: float) -> Floats:
    """A school's share in poverty: min(1, multiplier * certified) where everybody is eligible for meals.

    `certified`, `eligible`: shares of a school's students. Elsewhere the share of eligible students stands.
    """
    return np.where(eligible >= everybody, np.minimum(1.0, multiplier * certified), eligible)


def _effective(side: Side) -> Floats | None:
    return None if np.isnan(side.weight_sq) else kish(side.n, side.weight_sq)


def _gap(indicator: str, basis: str, measure: str, estimate: Estimate, poor: float, other: float) -> Gap:
    value, low, high = (float(np.asarray(part)) for part in (estimate.value, estimate.low, estimate.high))
    return Gap(indicator, basis, measure, value, low, high, poor, other)
