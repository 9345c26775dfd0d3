"""Proof that hidden counts cannot be worked back: other whole numbers that agree with everything published.

The hider knows the true counts, so a proof is a *move*: whole numbers to add to hidden counts so that every
relation still holds and no count leaves its bounds. A count that some move changes by the asked range is
safe, and stays safe when more is hidden. Moves are looked for in small blocks first (counts linked by
relations, all others at their true values), then among all counts at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from evenground.definitions.schema import Policy
from evenground.disclosure.hiding.linked import Bools, Floats, Ints, Linked
from evenground.model import LEVELS

_REACH = 3  # how many times the asked range a move may go: far enough to pass on, small enough to be quick
_BLOCK_ROUNDS = 4
_JOINT_ROUNDS = 20
_FEW = 100
_WORTHWHILE = 0.1  # share of the unproved counts that two rounds must prove for a third to be tried
_TIMES = 6
_EXACT = 400  # systems up to this size are proved in whole numbers, larger ones in real numbers
_NEAR = 1e-6
_STEPS = (2, 3, 4)  # relations that a first look around a count goes along ...
_WIDER = 2  # ... and steps by which it is widened before everything is looked at
_RINGS, _MOVES = 2, 3  # how far around a count to look for moves against insiders, and for how many
_ABOVE = -1  # the school of a count above the schools


@dataclass(frozen=True)
class System:
    """Moves of `variables`: sums @ move = 0, gaps @ move <= slack, down <= move <= up."""

    variables: Ints
    sums: sparse.csr_array
    gaps: sparse.csr_array
    slack: Floats
    down: Floats
    up: Floats


class Proofs:
    """What has been proved of a problem: `safe`, per variable.

    Against people who know all of one school a count needs several moves, so that whichever school that is,
    one of the moves leaves it alone. A count of their own school they know anyway.
    """

    def __init__(self, problem: Linked, policy: Policy):
        self.problem, self.smallest_range = problem, policy.smallest_range
        self.safe = np.zeros(len(problem.value), dtype=bool)
        self.against_insiders = policy.attacker == "own_school"
        self._school = _schools(problem)
        self._always: dict[int, frozenset[int]] = {}  # schools that all moves of a count so far have changed

    def take(self, system: System, hidden: Bools, move: Floats) -> None:
        """Takes in what a move proves, of differences of two counts as well."""
        problem, everywhere = self.problem, np.zeros(self.problem.base + 1)
        everywhere[system.variables] = move
        first, second = problem.first[problem.base :], problem.second[problem.base :]
        apart = np.abs(everywhere[first] - everywhere[second])
        apart[~hidden[problem.base :]] = 0.0
        proved = np.concatenate([np.abs(everywhere[:-1]), apart]) >= self.smallest_range - _NEAR
        if not self.against_insiders:
            self.safe[proved] = True
            return
        changed = frozenset(self._school[np.abs(everywhere[:-1]) > _NEAR].tolist()) - {_ABOVE}
        for variable in np.flatnonzero(proved & ~self.safe).tolist():
            own = {int(self._school[problem.first[variable] if variable >= problem.base else variable])}
            always = self._always.get(variable, changed) & (changed - own)
            self._always[variable] = always
            self.safe[variable] = not always

    def barred(self, variable: int, others: Ints) -> Bools:
        """Which other counts a further move of a count has to leave alone."""
        return np.isin(self._school[others], list(self._always.get(variable, ())))


class Surroundings:
    """Which counts stand in a relation with which, and which are the two sides of a difference."""

    def __init__(self, problem: Linked):
        self._problem = problem
        self._sums = sums_between(problem, np.arange(problem.base)).tocsc()
        self._lines = [line.tolist() for line in problem.lines if line[0] < problem.base]
        self._lines_of: list[list[int]] = [[] for _ in range(problem.base)]
        for index, line in enumerate(self._lines):
            for variable in line:
                self._lines_of[variable].append(index)
        self._beside: list[list[int]] = [[] for _ in range(problem.base)]
        first, second = problem.first[problem.base :], problem.second[problem.base :]
        for one, other in zip(first.tolist(), second.tolist(), strict=True):
            if other >= 0:
                self._beside[one].append(other)
                self._beside[other].append(one)

    def rings(self, variable: int) -> Iterator[Ints]:
        """Ever wider surroundings of a count: along its relations, then beside them as well, then all."""
        base = self._problem.base
        sides = (
            {variable} if variable < base else {self._problem.first[variable], self._problem.second[variable]}
        )
        start = {int(side) for side in sides if side >= 0}
        for steps in _STEPS:
            near = self._along(start, steps)
            yield np.array(sorted(near))
        for _ in range(_WIDER):
            near = self._along(near | self._next_to(near), 1)
            yield np.array(sorted(near | self._next_to(near)))
        yield np.arange(base)

    def _along(self, near: set[int], steps: int) -> set[int]:
        done: set[int] = set()
        for _ in range(steps):
            lines = {line for variable in near for line in self._lines_of[variable]} - done
            done |= lines
            near = near.union(*(self._lines[line] for line in lines))
        return near

    def _next_to(self, near: set[int]) -> set[int]:
        return {other for variable in near for other in self._beside[variable]}

    def system(self, members: Ints, reach: float) -> System:
        """Moves of some counts, public ones as well; everything else stays at its true value."""
        sums = self._sums[:, members].tocsr()
        return together(self._problem, members, sums[np.diff(sums.indptr) > 0], reach)


def _schools(problem: Linked) -> Ints:
    """The number of each count's school; of one above the schools the school that all its students are at."""
    _, place, _ = np.unravel_index(problem.counts.place[problem.counts.rows], problem.counts.n.shape)
    units = {unit: number for number, unit in enumerate(sorted({one[:2] for one in problem.counts.places}))}
    number = np.array(
        [units[one[:2]] if one[0] == LEVELS[-1] else _ABOVE for one in problem.counts.places], dtype=np.int64
    )
    school = np.full(problem.base, _ABOVE)
    school[problem.n_of] = number[place]
    rated = problem.numerator_of >= 0
    school[problem.numerator_of[rated]] = number[place[rated]]
    for _ in LEVELS:
        for total, *parts in (line.tolist() for line in problem.lines if line[0] < problem.base):
            if len(parts) == 1 and school[total] == _ABOVE:
                school[total] = school[parts[0]]
    return school


def pinned(proofs: Proofs, near: Surroundings, hidden: Bools, steps: int) -> Ints:
    """Hidden variables for which no move was found; `proofs` takes in those for which one was.

    `steps`: how many relations away from an unproved count others may move along.
    """
    if proofs.against_insiders:
        for variable in np.flatnonzero(hidden & ~proofs.safe).tolist():
            _alone(proofs, near, hidden, variable)
        return np.flatnonzero(hidden & ~proofs.safe)
    problem = proofs.problem
    variables = np.flatnonzero(hidden[: problem.base])
    sums = sums_between(problem, variables)
    reach = float(_REACH * proofs.smallest_range)
    for system in _blocks(problem, variables, sums, reach):
        _explore(proofs, system, hidden, _BLOCK_ROUNDS)
    unproved = np.flatnonzero(hidden & ~proofs.safe)
    if len(unproved):
        joint = together(problem, variables, sums, reach)
        _explore(proofs, _around(problem, joint, unproved, steps), hidden, _JOINT_ROUNDS)
        unproved = np.flatnonzero(hidden & ~proofs.safe)
        for variable in unproved.tolist() if len(unproved) <= _FEW else ():
            if not proofs.safe[variable]:
                _single(proofs, _around(problem, joint, np.array([variable]), steps), hidden, variable)
    return np.flatnonzero(hidden & ~proofs.safe)


def _alone(proofs: Proofs, near: Surroundings, hidden: Bools, variable: int) -> None:
    """Small moves of one count, each leaving alone a school that those before have changed."""
    for members in islice(near.rings(variable), _RINGS):
        mine = members[hidden[members]]
        for _ in range(_MOVES):
            system = near.system(mine, float(_REACH * proofs.smallest_range))
            stays = proofs.barred(variable, mine)
            down, up = np.where(stays, 0.0, system.down), np.where(stays, 0.0, system.up)
            if not _single(proofs, replace(system, down=down, up=up), hidden, variable):
                break
            if proofs.safe[variable]:
                return


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


def _explore(proofs: Proofs, system: System, hidden: Bools, rounds: int) -> None:
    """Marks the variables that some move of the system changes far enough, differences of two of them as
    well.
    """
    problem, safe = proofs.problem, proofs.safe
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
        direction = -direction
        proofs.take(system, hidden, _move(system, wish[:size]))


def _single(proofs: Proofs, system: System, hidden: Bools, variable: int) -> bool:
    """The smallest move (fewest students in all) that changes one count by the range; small moves seldom come
    in fractions. False where there is none.
    """
    problem, found_one = proofs.problem, False
    column = np.full(problem.base + 1, -1)
    column[system.variables] = np.arange(len(system.variables))
    size = len(system.variables)
    asked = np.zeros(size + 1)
    asked[column[problem.first[variable] if variable >= problem.base else variable]] += 1.0
    asked[column[problem.second[variable]] if variable >= problem.base else -1] -= 1.0
    equal = sparse.vstack([system.sums, asked[None, :size]])
    for target in (float(proofs.smallest_range), -float(proofs.smallest_range)):
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
            proofs.take(system, hidden, whole(system, found.x[:size] - found.x[size:]))
            found_one = True
        if proofs.safe[variable]:
            break
    return found_one


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
