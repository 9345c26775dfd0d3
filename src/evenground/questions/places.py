"""Where a gap comes from: between the schools that groups attend, or within them."""

from __future__ import annotations

import numpy as np

from evenground.definitions import Definitions
from evenground.measures import decompose
from evenground.model import ALL, VALUE
from evenground.questions.block import Block
from evenground.questions.rows import Against, Findings

_ROUNDING = 1e-6


def between_and_within(
    findings: Findings,
    block: Block,
    rows: np.ndarray,
    children: np.ndarray,
    reference: str,
    definitions: Definitions,
) -> None:
    """Adds `gap_between` and `gap_within` of the gaps in `rows` (one unit and period), over its `children`.

    Only published cells are used: children whose group or reference is hidden are put together as one
    remainder, which anybody can compute from what is published. Where the remainder holds too much of a
    group, nothing is said.
    """
    if not block.counts_people or reference.startswith("target:"):
        return
    chosen = block.reference(reference, definitions.parameter("minimum_reference_n"))
    through_others = reference in ("overall", "others")
    served = {
        row: ("others" if through_others else chosen.index[row])
        for row in rows
        if block.group[row] != ALL and block.state[row] == VALUE
    }
    lookup = {(block.unit[row], block.group[row]): row for row in children}
    units = sorted({block.unit[row] for row in children})
    split = [
        (row, part)
        for row, other in served.items()
        if (part := parts_of(block, row, other, lookup, units, definitions)) is not None
    ]
    if not split:
        return
    which = np.concatenate([np.full(len(part[0]), number) for number, (_, part) in enumerate(split)])
    found = decompose(which, *(np.concatenate([part[i] for _, part in split]) for i in range(4)))
    kept = np.array([row for row, _ in split])
    # A gap to everybody is the gap to the others, scaled by the others' share of everybody.
    scale = 1 - block.sums.n[kept] / block.whole.n[kept] if reference == "overall" else np.ones(len(kept))
    group: list[str | None] = [ALL if reference == "overall" else None] * len(kept)
    if not through_others:
        group = [str(block.group[served[row]]) for row in kept]
    against = Against(reference, group)
    findings.add(block, kept, "gap_between", found.between * scale, against)
    findings.add(block, kept, "gap_within", found.within * scale, against)


def parts_of(
    block: Block,
    row: int,
    other: int | str,
    lookup: dict[tuple[str, str], int],
    units: list[str],
    definitions: Definitions,
) -> tuple[np.ndarray, ...] | None:
    """n and total of the group and of its reference in each published child, and in the remainder.

    None where that says too little, and where the gap itself rests on rates without n.
    """
    n, total = block.sums.n, block.sums.total
    if other in (row, -1) or np.isnan(n[row]) or (other == "others" and np.isnan(block.whole.n[row])):
        return None
    table = []
    for unit in units:
        everybody, own = lookup.get((unit, ALL)), lookup.get((unit, block.group[row]))
        if (
            everybody is None
            or block.state[everybody] != VALUE
            or np.isnan(n[everybody])
            or (own is not None and np.isnan(n[own]))
        ):
            continue
        a = (n[own], total[own]) if own is not None else (0.0, 0.0)
        if other == "others":
            b = (n[everybody] - a[0], total[everybody] - a[1])
        else:
            named = lookup.get((unit, block.group[int(other)]))
            if named is not None and np.isnan(n[named]):
                continue
            b = (n[named], total[named]) if named is not None else (0.0, 0.0)
        table.append((*a, *b))
    if len(table) < 2:
        return None
    shown = np.array(table)
    b_all = (
        (block.whole.n[row] - n[row], block.whole.total[row] - total[row])
        if other == "others"
        else (n[int(other)], total[int(other)])
    )
    rest = np.array([n[row], total[row], *b_all]) - shown.sum(axis=0)
    largest = definitions.parameter("largest_remainder")
    if (
        (rest < -_ROUNDING * np.array([n[row], n[row], b_all[0], b_all[0]]) - _ROUNDING).any()
        or rest[0] > largest * n[row]
        or rest[2] > largest * b_all[0]
    ):
        return None
    if rest[0] + rest[2] > 0.5:
        shown = np.vstack([shown, np.maximum(rest, 0)])
    return tuple(shown.T)
