"""The table of 34 CFR 300.647: 14 categories by 7 groups a district, each ratio or why there is none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures import ratio
from evenground.measures.columns import equal_length, known_name, not_larger, not_negative
from evenground.measures.disproportionality.risks import COUNT, INDEPENDENT
from evenground.measures.disproportionality.rows import refuse_twice
from evenground.measures.estimate import Estimate, Floats, Texts, floats, quotient

# Why there is no ratio, in the order in which it is asked. "" where there is one.
NOT_REPORTED = "not_reported"
GROUP_CELL, GROUP_N = "group_below_minimum_cell", "group_below_minimum_n"
STATE_CELL, STATE_N = "state_others_below_minimum_cell", "state_others_below_minimum_n"
OTHERS_UNKNOWN = "others_not_reported"
NO_RISK = "others_without_the_outcome"
REASONS = (NOT_REPORTED, GROUP_CELL, GROUP_N, OTHERS_UNKNOWN, STATE_CELL, STATE_N, NO_RISK)
DISTRICT, STATE = "district", "state"


@dataclass(frozen=True)
class Table(Estimate):
    """Risk ratios, (years, districts, categories, groups), every combination there is a place for.

    comparison   "district": all others there; "state": the alternate risk ratio; "" where there is no ratio
    reason       why there is no ratio (REASONS), "" where there is one
    count, enrolled               of the group in its district; NaN where the files have no row
    other_count, other_enrolled   of those it was compared with; NaN where it was not
    """

    comparison: Texts
    reason: Texts
    count: Floats
    enrolled: Floats
    other_count: Floats
    other_enrolled: Floats
    years: Texts
    districts: Texts
    categories: Texts
    groups: Texts


@dataclass(frozen=True)
class _Axes:
    """The names along each axis and where each row lies in the table laid flat."""

    names: tuple[Texts, Texts, Texts, Texts]
    place: npt.NDArray[np.int64]

    def laid(self, column: Floats) -> Floats:
        shape = tuple(one.size for one in self.names)
        flat = np.full(int(np.prod(shape)), np.nan)
        flat[self.place] = column
        return flat.reshape(shape)


def table(
    count: npt.ArrayLike,
    enrolled: npt.ArrayLike,
    *,
    district: npt.ArrayLike,
    category: npt.ArrayLike,
    group: npt.ArrayLike,
    year: npt.ArrayLike | None = None,
    minimum_cell: float,
    minimum_n: float,
    events: bool = False,
    confidence: float = 0.95,
) -> Table:
    """Every ratio of every district at once. One row a year, district, category and group.

    `enrolled` is whom the category's risk is of: all enrolled children for identification, children with
    disabilities for placement and discipline. A group that is nobody in a district needs a row with 0 of 0: a
    row that is not there, or NaN, is not reported, and then "all others" is not known either.

    Each group is compared with all others in its district (risk ratio). Where those have fewer than
    `minimum_cell` with the outcome or are fewer than `minimum_n`, with all others in the state (alternate
    risk ratio), summed over the rows of that year and category, which must then be the whole state; what is
    not reported there is not part of the sum. No ratio where the group itself is below a minimum, or the
    others in the state are, or have no one with the outcome.

    Katz's interval beside each ratio; the law asks for none. `events`: removals are counted, of which a
    student may have several (the category of total removals); there is then no interval, since the removals
    of one student are not independent. Raises ValueError for a combination in two rows, students with the
    outcome that are more than the group, counts below 0. Source: 34 CFR 300.647(a)-(c), as amended 2016.
    """
    equal_length(count=count, enrolled=enrolled, district=district, category=category, group=group)
    had, people = not_negative(count=count, enrolled=enrolled)
    if not events:
        not_larger(had, people)
    axes = _axes(had.size, year, district, category, group)
    a, of = axes.laid(had), axes.laid(people)
    known = np.isfinite(a) & np.isfinite(of)
    a, of = np.where(known, a, np.nan), np.where(known, of, np.nan)

    # Districts are axis 1, groups the last: everybody else there, everybody else in the state.
    near, near_of = (column.sum(axis=3, keepdims=True) - column for column in (a, of))
    far, far_of = (
        everyone.sum(axis=3, keepdims=True) - everyone
        for everyone in (np.nansum(column, axis=1, keepdims=True) for column in (a, of))
    )
    far, far_of = np.broadcast_to(far, a.shape), np.broadcast_to(far_of, a.shape)
    alternate = (near < minimum_cell) | (near_of < minimum_n)
    b, of_b = np.where(alternate, far, near), np.where(alternate, far_of, near_of)

    reason = np.select(
        [
            ~known,
            a < minimum_cell,
            of < minimum_n,
            np.isnan(near) | np.isnan(near_of),
            alternate & (far < minimum_cell),
            alternate & (far_of < minimum_n),
            (b == 0) | (of == 0),
        ],
        REASONS,
        default="",
    )
    there = reason == ""
    b, of_b = np.where(there, b, np.nan), np.where(there, of_b, np.nan)
    found = ratio.katz(np.where(there, a, np.nan), of, b, of_b, confidence)
    nothing = np.full(a.shape, np.nan)
    return Table(
        low=nothing if events else found.low,
        high=nothing if events else found.high,
        value=quotient(np.where(there, a, np.nan) * of_b, of * b),
        comparison=np.where(there, np.where(alternate, STATE, DISTRICT), ""),
        reason=reason,
        count=a,
        enrolled=of,
        other_count=b,
        other_enrolled=of_b,
        years=axes.names[0],
        districts=axes.names[1],
        categories=axes.names[2],
        groups=axes.names[3],
        assumed=(
            *(() if events else (INDEPENDENT, COUNT)),
            "the rows of a year and category are the whole state",
        ),
    )


def _axes(
    rows: int,
    year: npt.ArrayLike | None,
    district: npt.ArrayLike,
    category: npt.ArrayLike,
    group: npt.ArrayLike,
) -> _Axes:
    names, place = [], np.zeros(rows, dtype=np.int64)
    for column in (np.full(rows, "") if year is None else year, district, category, group):
        found, at = np.unique(np.asarray(column).astype(str), return_inverse=True)
        names.append(found)
        place = place * found.size + at
    refuse_twice(place, "the same year, district, category and group twice")
    return _Axes((names[0], names[1], names[2], names[3]), place)


def reasons(found: Table) -> dict[str, int]:
    """How many ratios there are ("") and how many not, by reason; together all that there could be."""
    names, times = np.unique(found.reason, return_counts=True)
    return {str(name): int(number) for name, number in zip(names, times, strict=True)}


def ratio_of(found: Table, district: str, category: str, group: str, year: str = "") -> Estimate:
    """One ratio by its names; ValueError with the names that are there when it has no place."""
    place = (
        known_name(year, found.years, "year"),
        known_name(district, found.districts, "district"),
        known_name(category, found.categories, "category"),
        known_name(group, found.groups, "group"),
    )
    parts = (floats(column[place]) for column in (found.low, found.high, found.value))
    return Estimate(*parts, assumed=found.assumed)
