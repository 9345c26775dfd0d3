"""Systems of moves: whole numbers to add to hidden counts, so that all that is published still holds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from evenground.disclosure.hiding.linked import Floats, Ints, Linked


@dataclass(frozen=True)
class System:
    """Moves of `variables`: sums @ move = 0, gaps @ move <= slack, down <= move <= up."""

    variables: Ints
    sums: sparse.csr_array
    gaps: sparse.csr_array
    slack: Floats
    down: Floats
    up: Floats


def sums_between(problem: Linked, variables: Ints) -> sparse.csr_array:
    """The relations between the hidden variables: minus the total, plus the parts."""
    column = np.full(len(problem.value), -1)
    column[variables] = np.arange(len(variables))
    lines = [line for line in problem.lines if line[0] < problem.base]
    if not lines:
        return sparse.csr_array((0, len(variables)))
    lengths = np.array([len(line) for line in lines])
    columns = column[np.concatenate(lines)]
    rows = np.repeat(np.arange(len(lines)), lengths)
    signs = np.ones(len(columns))
    signs[np.cumsum(lengths) - lengths] = -1.0
    inside = columns >= 0
    matrix = sparse.csr_array(
        (signs[inside], (rows[inside], columns[inside])), shape=(len(lines), len(variables))
    )
    return matrix[np.diff(matrix.indptr) > 0]


def bounds_alone(problem: Linked) -> tuple[Floats, Floats]:
    """How low and high each count may go while all others stay: a numerator between the next level's and its
    n.
    """
    low, high = problem.floor[: problem.base].copy(), np.full(problem.base, np.inf)
    if not problem.bounded:
        return low, high
    first, second = problem.first[problem.base :], problem.second[problem.base :]
    both = second >= 0
    np.maximum.at(low, first[both], problem.value[second[both]])
    np.minimum.at(high, second[both], problem.value[first[both]])
    return low, high


def blocks(problem: Linked, variables: Ints, sums: sparse.csr_array, reach: float) -> list[System]:
    """One system a block of linked variables, everything else at its true value."""
    low, high = bounds_alone(problem)
    count, block_of = sparse.csgraph.connected_components(abs(sums.T) @ abs(sums), directed=False)
    columns = sums.tocsc()
    systems = []
    for members in np.split(
        np.argsort(block_of, kind="stable"), np.cumsum(np.bincount(block_of, minlength=count))[:-1]
    ):
        if len(members):
            chosen = variables[members]
            part = columns[:, members]
            part = part.tocsr()[np.unique(part.indices)]
            down = np.maximum(low[chosen] - problem.value[chosen], -reach)
            up = np.minimum(high[chosen] - problem.value[chosen], reach)
            systems.append(System(chosen, part, sparse.csr_array((0, len(chosen))), np.empty(0), down, up))
    return systems


def together(problem: Linked, variables: Ints, sums: sparse.csr_array, reach: float) -> System:
    """These variables at once, all others at their true values: no difference of two counts may fall below
    zero.
    """
    down = np.maximum(problem.floor[variables] - problem.value[variables], -reach)
    up = np.full(len(variables), reach)
    if not problem.bounded:
        return System(variables, sums, sparse.csr_array((0, len(variables))), np.empty(0), down, up)
    column = np.full(problem.base + 1, -1)
    column[variables] = np.arange(len(variables))
    first, second = problem.first[problem.base :], problem.second[problem.base :]
    gap = problem.value[problem.base :]
    upper, lower = column[first], column[second]
    only_upper, only_lower = (upper >= 0) & (lower < 0), (upper < 0) & (lower >= 0)
    np.maximum.at(down, upper[only_upper & (second >= 0)], -gap[only_upper & (second >= 0)])
    np.minimum.at(up, lower[only_lower], gap[only_lower])
    both = np.flatnonzero((upper >= 0) & (lower >= 0))
    rows = np.arange(len(both))
    entries = (
        np.r_[np.ones(len(both)), -np.ones(len(both))],
        (np.r_[rows, rows], np.r_[lower[both], upper[both]]),
    )
    gaps = sparse.csr_array(entries, shape=(len(both), len(variables)))
    return System(variables, sums, gaps, gap[both], down, up)


def around(problem: Linked, system: System, unproved: Ints, steps: int) -> System:
    """The part of a system within some steps of the unproved variables; everything further away stays at its
    true value.
    """
    differences = unproved[unproved >= problem.base]
    wanted = np.concatenate(
        [unproved[unproved < problem.base], problem.first[differences], problem.second[differences]]
    )
    near = np.isin(system.variables, wanted).astype(float)
    rows = abs(sparse.vstack([system.sums, system.gaps]))
    for _ in range(steps):
        near = (rows.T @ (rows @ near) > 0).astype(float)
    keep = np.flatnonzero(near)
    sums, gaps = system.sums[:, keep], system.gaps[:, keep]
    summed, held = np.diff(sums.indptr) > 0, np.diff(gaps.indptr) > 0
    return System(
        system.variables[keep],
        sums[summed],
        gaps[held],
        system.slack[held],
        system.down[keep],
        system.up[keep],
    )
