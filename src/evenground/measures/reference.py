"""References: with whom, or with what, each student group is compared.

Every function takes the groups as `Sums` (one row a group) and answers one reference a row. A `block` is an
integer that rows share when they may be compared: one unit, one period, one family of groups.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from evenground.measures.estimate import Bools, Floats, Ints, floats, quotient
from evenground.measures.sums import Sums

Direction = Literal["higher", "lower"]


@dataclass(frozen=True)
class Reference:
    """What each row is compared with; all arrays have the shape of the rows.

    rate         the reference's rate or mean
    n, total     its students and the sum of their outcomes; infinite for a target, which has no students
    index        the row that serves as reference, -1 where it is no row (overall, others, target, none found)
    holds_group  the group's own students are among the reference's (overall; the group itself)
    apart        sums of the reference's students who are not in the group: what an interval rests on, since
                 only they are independent of the group
    """

    rate: Floats
    n: Floats
    total: Floats
    index: Ints
    holds_group: Bools
    apart: Sums

    @property
    def apart_share(self) -> Floats:
        """The part of the reference's students who are not in the group: 1 unless the reference holds it."""
        return np.asarray(np.where(self.holds_group, quotient(self.apart.n, self.n), 1.0))

    @property
    def is_target(self) -> Bools:
        """True where the reference is a number that somebody set."""
        return np.isinf(self.n)


def overall(groups: Sums, whole: Sums) -> Reference:
    """Everybody, the group included. `whole` has for each row everybody in its unit and period."""
    return _without_row(whole, groups, holds=True)


def others(groups: Sums, whole: Sums) -> Reference:
    """Everybody but the group."""
    return _without_row(whole.minus(groups), groups, holds=False)


def highest(groups: Sums, block: npt.ArrayLike, *, minimum: float, direction: Direction) -> Reference:
    """The group with the best rate among those of its block with at least `minimum` (effective) students.

    Best follows the indicator: the highest rate, or the lowest where lower is better. Of equal rates the
    first row counts. NaN, index -1, where no group is large enough.
    """
    rates = groups.rate
    eligible = np.flatnonzero((groups.n_effective >= minimum) & np.isfinite(rates))
    worst_first = rates if direction_sign(direction) < 0 else -rates
    ids = np.asarray(block)
    order = eligible[np.lexsort((eligible, worst_first[eligible], ids[eligible]))]
    return _of_row(groups, _first_of_block(ids, order))


def named(groups: Sums, block: npt.ArrayLike, is_named: npt.ArrayLike) -> Reference:
    """The group of the block that `is_named` marks; NaN, index -1, where a block does not have it."""
    ids = np.asarray(block)
    rows = np.flatnonzero(np.asarray(is_named, dtype=bool))
    return _of_row(groups, _first_of_block(ids, rows[np.argsort(ids[rows], kind="stable")]))


def target(groups: Sums, rate: npt.ArrayLike) -> Reference:
    """A number that people set; it has no students and no uncertainty."""
    aim = np.array(np.broadcast_to(floats(rate), groups.n.shape))
    endless = np.full(aim.shape, np.inf)
    return Reference(
        rate=aim,
        n=endless,
        total=endless,
        index=np.full(aim.shape, -1),
        holds_group=np.zeros(aim.shape, dtype=bool),
        apart=Sums(endless, endless, endless, endless),
    )


def choose(
    name: str,
    groups: Sums,
    *,
    whole: Sums,
    block: npt.ArrayLike,
    keys: npt.ArrayLike,
    minimum: float,
    direction: Direction,
) -> Reference:
    """The reference that `name` asks for: overall, others, highest, group:NAME or target:NUMBER.

    `keys` are the group keys of the rows; NAME is compared with them whole. Raises ValueError for any other
    name, and for a target that is no number.
    """
    kind, _, detail = name.partition(":")
    match kind:
        case "overall" if not detail:
            return overall(groups, whole)
        case "others" if not detail:
            return others(groups, whole)
        case "highest" if not detail:
            return highest(groups, block, minimum=minimum, direction=direction)
        case "group" if detail:
            return named(groups, block, np.asarray(keys) == detail)
        case "target" if detail:
            return target(groups, float(detail))
    raise ValueError(f"reference {name!r}; write overall, others, highest, group:NAME or target:NUMBER")


def direction_sign(direction: Direction) -> int:
    """+1 where a higher value is better for students, -1 where a lower one is."""
    if direction not in ("higher", "lower"):
        raise ValueError(f"direction {direction!r}; write 'higher' or 'lower'")
    return 1 if direction == "higher" else -1


def _without_row(reference: Sums, groups: Sums, *, holds: bool) -> Reference:
    shape = groups.n.shape
    return Reference(
        rate=reference.rate,
        n=reference.n,
        total=reference.total,
        index=np.full(shape, -1),
        holds_group=np.full(shape, holds),
        apart=reference.minus(groups) if holds else reference,
    )


def _of_row(groups: Sums, index: Ints) -> Reference:
    chosen = groups.take(index)
    itself = index == np.arange(index.size)
    return Reference(chosen.rate, chosen.n, chosen.total, index, itself, chosen.emptied(itself))


def _first_of_block(ids: npt.NDArray[np.generic], order: Ints) -> Ints:
    """For each row the first row of `order` (sorted by block) that lies in the same block, or -1."""
    if order.size == 0:
        return np.full(ids.shape, -1)
    blocks, first = np.unique(ids[order], return_index=True)
    place = np.minimum(np.searchsorted(blocks, ids), blocks.size - 1)
    return np.asarray(np.where(blocks[place] == ids, order[first[place]], -1))
