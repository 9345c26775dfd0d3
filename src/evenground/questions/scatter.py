"""How sure numbers of events are, of which nobody knows whose they were: by how far places scatter.

One student can have several events, so that counts of events say nothing of how far chance might move them.
Places do: where few suspend many times and many hardly ever, the number of the whole rests on few.
"""

from __future__ import annotations

import numpy as np

from evenground.definitions import Definitions
from evenground.measures import Estimate, Reference
from evenground.measures.clustered import Linear, linear
from evenground.measures.sums import kish
from evenground.model import ALL
from evenground.questions.block import Block

EVENTS = "events"


def by_places(
    gap: Estimate,
    block: Block,
    chosen: Reference,
    rows: np.ndarray,
    places: np.ndarray,
    definitions: Definitions,
) -> Estimate:
    """The differences `gap` of all cells; those of events at `rows` without an interval get one from the
    cells `places` just below.

    Events scatter by factors: the interval is that of the ratio to those outside the group, on the log scale,
    times their number. So a difference is clear where its ratio is.
    """
    if block.indicator.unit != EVENTS:
        return gap
    low, high, others = np.array(gap.low), np.array(gap.high), chosen.apart.rate
    unsure = np.isnan(low[rows]) & ~np.isnan(gap.value[rows]) & (block.group[rows] != ALL)
    itself = chosen.is_target[rows] | (chosen.index[rows] == rows)
    for row in rows[unsure & ~itself].tolist():
        factor = factor_of(block, row, int(chosen.index[row]), places, definitions)
        own, share = block.sums.rate[row], chosen.apart_share[row]
        low[row], high[row] = (own / factor - others[row]) * share, (own * factor - others[row]) * share
    return Estimate(low=low, high=high, value=gap.value, assumed=gap.assumed)


def factor_of(block: Block, row: int, reference: int, places: np.ndarray, definitions: Definitions) -> float:
    """By which factor the ratio of the group of `row` to that of the row `reference` (-1: to everybody else)
    can lie higher or lower, from the places of its year where both are public; NaN where these are too few,
    or hold too few of its students.

    A place with most of the students counts for few: of C places with n_c students as many count as
    (sum n)^2 / sum n^2, whole places (Kish 1965).
    """
    here = places[block.period[places] == block.period[row]]
    own = here[block.group[here] == block.group[row]]
    base = block.whole.take(own).minus(block.sums.take(own))
    if reference >= 0:
        base = block.sums.take(_at_same(block, own, here[block.group[here] == block.group[reference]]))
    people = np.column_stack([block.sums.n[own], base.n])
    total = np.column_stack([block.sums.total[own], base.total])
    known = np.isfinite(people).all(axis=1) & np.isfinite(total).all(axis=1)
    people, total = people[known], total[known]
    told = people[:, 0].sum() >= definitions.parameter("least_scattered") * block.sums.n[row]
    if not told or len(people) < definitions.parameter("fewest_places") or not people.sum(axis=0).all():
        return float("nan")
    found, count = linear(people, total), kish(people.sum(axis=0), (people**2).sum(axis=0))
    sides = Linear(found.value, found.influence, count.astype(np.int64))
    ratio = sides.take(0).over(sides.take(1), definitions.parameter("confidence"))
    return float(ratio.high[0] / ratio.value[0])


def _at_same(block: Block, rows: np.ndarray, others: np.ndarray) -> np.ndarray:
    """For each of `rows` the one of `others` at the same unit, or -1."""
    there = {block.unit[other]: other for other in others}
    return np.array([there.get(block.unit[row], -1) for row in rows], dtype=int)
