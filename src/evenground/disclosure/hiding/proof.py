"""Proof that hidden counts cannot be worked back: other whole numbers that agree with everything published.

The hider knows the true counts, so a proof is a *move*: whole numbers to add to hidden counts so that every
relation still holds and no count leaves its bounds. A count that some move changes by the asked range is
safe, and stays safe when more is hidden. Moves are looked for in small blocks first (counts linked by
relations, all others at their true values), then among all counts at once.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import numpy as np

from evenground.definitions.schema import Policy
from evenground.disclosure.hiding.linked import Bools, Floats, Ints, Linked
from evenground.disclosure.hiding.moves import furthest, smallest
from evenground.disclosure.hiding.surroundings import Surroundings
from evenground.disclosure.hiding.system import System, around, blocks, sums_between, together
from evenground.model import LEVELS

_REACH = 3  # how many times the asked range a move may go: far enough to pass on, small enough to be quick
_BLOCK_ROUNDS = 4
_JOINT_ROUNDS = 20
_FEW = 100
_WORTHWHILE = 0.1  # share of the unproved counts that two rounds must prove for a third to be tried
_NEAR = 1e-6
_RINGS, _MOVES = 2, 3  # how far around a count to look for moves against insiders, and for how many
_ABOVE = -1  # the school of a count above the schools


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
    for system in blocks(problem, variables, sums, reach):
        _explore(proofs, system, hidden, _BLOCK_ROUNDS)
    unproved = np.flatnonzero(hidden & ~proofs.safe)
    if len(unproved):
        joint = together(problem, variables, sums, reach)
        _explore(proofs, around(problem, joint, unproved, steps), hidden, _JOINT_ROUNDS)
        unproved = np.flatnonzero(hidden & ~proofs.safe)
        for variable in unproved.tolist() if len(unproved) <= _FEW else ():
            if not proofs.safe[variable]:
                _single(proofs, around(problem, joint, np.array([variable]), steps), hidden, variable)
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
        proofs.take(system, hidden, furthest(system, wish[:size]))


def _single(proofs: Proofs, system: System, hidden: Bools, variable: int) -> bool:
    """The smallest move that changes one count by the range, up or down. False where there is none."""
    problem, found_one = proofs.problem, False
    column = np.full(problem.base + 1, -1)
    column[system.variables] = np.arange(len(system.variables))
    size = len(system.variables)
    asked = np.zeros(size + 1)
    asked[column[problem.first[variable] if variable >= problem.base else variable]] += 1.0
    asked[column[problem.second[variable]] if variable >= problem.base else -1] -= 1.0
    for target in (float(proofs.smallest_range), -float(proofs.smallest_range)):
        move = smallest(system, asked[:size], target)
        if move is not None:
            proofs.take(system, hidden, move)
            found_one = True
        if proofs.safe[variable]:
            break
    return found_one
