"""Proof that hidden counts cannot be worked back: other whole numbers that agree with everything published.

The hider knows the true counts, so a proof is a *move*: whole numbers to add to hidden counts so that every
relation still holds and no count leaves its bounds. A count that some move changes by the asked range is
safe, and stays safe when more is hidden. Moves are looked for in small blocks first (counts linked by
relations, all others at their true values), then among all counts at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from evenground.disclosure.linked import Bools, Floats, Ints, Linked

_REACH = 3  # how many times the asked range a move may go: far enough to pass on, small enough to be quick
_BLOCK_ROUNDS = 4
_JOINT_ROUNDS = 20
_FEW = 100
_WORTHWHILE = 0.1  # share of the unproved counts that two rounds must prove for a third to be tried
_TIMES = 6
_EXACT = 400  # systems up to this size are proved in whole numbers, larger ones in real numbers
_NEAR = 1e-6


@dataclass(frozen=True)
class System:
    """Moves of `variables`: sums @ move = 0, gaps @ move <= slack, down <= move <= up."""

    variables: Ints
    sums: sparse.csr_array
    gaps: sparse.csr_array
    slack: Floats
    down: Floats
    up: Floats


def pinned(problem: Linked, hidden: Bools, safe: Bools, smallest_range: int, steps: int) -> Ints:
    """Hidden variables for which no move was found; `safe` (per variable) takes in those for which one was.

    `steps`: how many relations away from an unproved count others may move along.
    """
    variables = np.flatnonzero(hidden[: problem.base])
    sums = sums_between(problem, variables)
    reach = float(_REACH * smallest_range)
    for system in _blocks(problem, variables, sums, reach):
        _explore(problem, system, hidden, safe, smallest_range, _BLOCK_ROUNDS)
    unproved = np.flatnonzero(hidden & ~safe)
    if len(unproved):
        joint = together(problem, variables, sums, reach)
        _explore(
            problem, _around(problem, joint, unproved, steps), hidden, safe, smallest_range, _JOINT_ROUNDS
        )
        unproved = np.flatnonzero(hidden & ~safe)
        for variable in unproved.tolist() if len(unproved) <= _FEW else ():
            if not safe[variable]:
                _single(
                    problem,
                    _around(problem, joint, np.array([variable]), steps),
                    hidden,
                    safe,
                    variable,
                    smallest_range,
                )
    return np.flatnonzero(hidden & ~safe)


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


def _blocks(problem: Linked, variables: Ints, sums: sparse.csr_array, reach: float) -> list[System]:
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


def _around(problem: Linked, system: System, unproved: Ints, steps: int) -> System:
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


def _explore(
    problem: Linked, system: System, hidden: Bools, safe: Bools, smallest_range: int, rounds: int
) -> None:
    """Marks the variables that some move of the system changes far enough, differences of two of them as
    well.
    """
    column = np.full(problem.base + 1, -1)
    column[system.variables] = np.arange(len(system.variables))
    first, second = column[problem.first[problem.base :]], column[problem.second[problem.base :]]
    touched = np.flatnonzero((first >= 0) | (second >= 0))
    touched = touched[hidden[problem.base + touched]]
    first, second, differences = first[touched], second[touched], problem.base + touched
    random = np.random.default_rng(len(system.variables))
    size, left = len(system.variables), 0
    for attempt in range(rounds):
        alone, apart = ~safe[system.variables], ~safe[differences]
        unproved = int(alone.sum() + apart.sum())
        if not unproved:
            return
        if attempt % 2 == 0:  # every second attempt goes the opposite way
            if attempt and (unproved == left or unproved > max(_FEW, (1 - _WORTHWHILE) * left)):
                return
            left = unproved
            direction = random.choice([1.0, -1.0], size + len(touched)) * random.uniform(
                0.5, 1.0, size + len(touched)
            )
        wish = np.append(np.where(alone, direction[:size], 0.0), 0.0)
        pull = np.where(apart, direction[size:], 0.0)
        np.add.at(wish, first, pull)
        np.add.at(wish, second, -pull)
        move = np.append(_move(system, wish[:size]), 0.0)
        direction = -direction
        mark(problem, system, hidden, safe, move, smallest_range)


def _single(
    problem: Linked, system: System, hidden: Bools, safe: Bools, variable: int, smallest_range: int
) -> None:
    """The smallest move (fewest students in all) that changes one count by the range; small moves seldom come
    in fractions.
    """
    column = np.full(problem.base + 1, -1)
    column[system.variables] = np.arange(len(system.variables))
    size = len(system.variables)
    asked = np.zeros(size + 1)
    asked[column[problem.first[variable] if variable >= problem.base else variable]] += 1.0
    asked[column[problem.second[variable]] if variable >= problem.base else -1] -= 1.0
    equal = sparse.vstack([system.sums, asked[None, :size]])
    for target in (float(smallest_range), -float(smallest_range)):
        found = linprog(
            np.ones(2 * size),
            A_ub=sparse.hstack([system.gaps, -system.gaps]) if system.gaps.shape[0] else None,
            b_ub=system.slack if system.gaps.shape[0] else None,
            A_eq=sparse.hstack([equal, -equal]),
            b_eq=np.r_[np.zeros(system.sums.shape[0]), target],
            bounds=np.c_[
                np.zeros(2 * size), np.r_[np.maximum(system.up, 0.0), np.maximum(-system.down, 0.0)]
            ],
            method="highs",
        )
        if found.status == 0:
            move = np.append(whole(system, found.x[:size] - found.x[size:]), 0.0)
            mark(problem, system, hidden, safe, move, smallest_range)
        if safe[variable]:
            return


def mark(
    problem: Linked, system: System, hidden: Bools, safe: Bools, move: Floats, smallest_range: int
) -> None:
    """Takes in what a move proves, of differences of two counts as well."""
    everywhere = np.zeros(problem.base + 1)
    everywhere[system.variables] = move[:-1]
    safe[system.variables[np.abs(move[:-1]) >= smallest_range]] = True
    apart = (
        np.abs(everywhere[problem.first[problem.base :]] - everywhere[problem.second[problem.base :]])
        >= smallest_range
    )
    safe[problem.base + np.flatnonzero(apart & hidden[problem.base :])] = True


def _move(system: System, wish: Floats) -> Floats:
    """The whole-numbered part of the best move in the wished direction."""
    found = linprog(
        -wish,
        A_ub=system.gaps if system.gaps.shape[0] else None,
        b_ub=system.slack if system.gaps.shape[0] else None,
        A_eq=system.sums if system.sums.shape[0] else None,
        b_eq=np.zeros(system.sums.shape[0]) if system.sums.shape[0] else None,
        bounds=np.c_[system.down, system.up],
        method="highs",
    )
    return whole(system, found.x) if found.status == 0 else np.zeros(len(wish))


def whole(system: System, found: Floats) -> Floats:
    """The part of a move that is in whole numbers and holds by itself; halves and thirds are multiplied where
    there is room.
    """
    for times in range(2, _TIMES + 1):
        multiple = found * times
        fits = np.all(multiple >= system.down - _NEAR) and np.all(multiple <= system.up + _NEAR)
        if np.abs(found - np.round(found)).max(initial=0.0) <= _NEAR or not fits:
            break
        if np.abs(multiple - np.round(multiple)).max() <= _NEAR and np.all(
            system.gaps @ multiple <= system.slack + _NEAR
        ):
            found = multiple
    if len(found) > _EXACT:
        return found
    move = np.round(found)
    broken = np.abs(found - move) > _NEAR
    if broken.any():
        move[_linked_to(system, found, broken)] = 0.0
    agrees = not np.any(system.sums @ move) and np.all(system.gaps @ move <= system.slack + _NEAR)
    within = np.all(move >= system.down - _NEAR) and np.all(move <= system.up + _NEAR)
    return move if agrees and within else np.zeros(len(found))


def _linked_to(system: System, move: Floats, broken: Bools) -> Ints:
    """Variables whose move hangs together with a fractional one; the rest is a move of its own."""
    moving = sparse.diags_array((np.abs(move) > _NEAR).astype(float))
    rows = abs(sparse.vstack([system.sums, system.gaps])) @ moving
    _, part = sparse.csgraph.connected_components(rows.T @ rows, directed=False)
    return np.flatnonzero(np.isin(part, part[broken]))
